"""Give orders of stops their times: the only clock arithmetic.

Travel times depend on the departure, and leaving later never arrives earlier. So leaving at the start of the shift
ends earliest and is least late; every question below is answered from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field

from routing.errors import UnreachableLegError
from routing.plan.model import Leg, Route, Visit
from routing.problem.lower import lowered
from routing.problem.model import Problem, Stop, Travel, Vehicle
from routing.problem.plain import is_plain
from routing.problem.travel import MatrixTravel

DEPARTURES_LOOKED_AT = 8
"""Later departures tried at equal distances, and again around the best of them."""
FINEST_STEP_S = 60
"""Departures nearer to each other than this are not told apart."""
CONFIRMED = 4
"""Departures followed by the roads at most near the one that the tables find."""
CONFIRMED_EARLY = 2
"""And so many near the latest one that still ends as early as the earliest."""
CONFIRMED_STEP_S = 10
"""By the roads a departure later by less than this is not worth the searches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Hold what happens when a vehicle leaves at an instant: per visit (arrival, start, departure)."""

    depart_s: int
    times_s: tuple[tuple[int, int, int], ...]
    drives_s: tuple[int, ...]
    sums_s: tuple[tuple[int, int], ...]
    """Lateness up to each visit, and the part of it that is forbidden."""
    end_s: int
    lateness_s: int
    """Sum over the visits."""
    forbidden_s: int
    """The part of lateness and overtime that stops and vehicle do not allow."""
    overtime_s: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Time the routes of one problem, each route once.

    It is built from a problem as it is asked, which stays in `asked`.
    """

    problem: Problem
    """The lowered one, see `lowered`."""
    other_travel: InitVar[Travel | None] = None
    """Told instead of the problem's own, if given."""
    asked: Problem = field(init=False)
    plain: bool = field(init=False)
    """False where routes must be walked: see `is_plain`."""
    travel: Travel = field(init=False)
    stops: dict[str, Stop] = field(init=False)
    stay_s: dict[str, int] = field(init=False)
    """By stop id, from the start of its service to the departure."""
    routes: dict[tuple[str, tuple[str, ...]], Route] = field(init=False)
    tables: Clock | None = field(init=False, default=None)
    """See `by_tables`."""

    def __post_init__(self, other_travel: Travel | None) -> None:
        object.__setattr__(self, "asked", self.problem)
        object.__setattr__(self, "problem", lowered(self.problem))
        object.__setattr__(self, "plain", is_plain(self.problem))
        object.__setattr__(self, "travel", other_travel or self.problem.travel)
        object.__setattr__(self, "stops", {stop.id: stop for stop in self.problem.stops})
        object.__setattr__(self, "stay_s", {stop.id: self.problem.stay_s(stop) for stop in self.problem.stops})
        object.__setattr__(self, "routes", {})

    def by_tables(self) -> Clock:
        """Return the clock that takes the tables of the search for the truth: this one where they are.

        It never asks the roads, whose drives across a change of speeds take a search each.
        """
        if self.tables is None:
            exact = isinstance(self.travel, MatrixTravel) or self.travel.matrix.slice_start_s.size == 1
            other = self if exact else Clock(self.asked, MatrixTravel(matrix=self.travel.matrix))
            object.__setattr__(self, "tables", other)
        assert self.tables is not None
        return self.tables

    def follow(
        self,
        vehicle: Vehicle,
        stop_ids: Sequence[str],
        depart_s: int,
        *,
        forbidden_limit_s: int | None = None,
        like: Run | None = None,
        alike: int = 0,
    ) -> Run | None:
        """Return the run that leaves at an instant; None where a leg is missing or the limit is passed.

        The first `alike` visits are taken from a run that leaves at the same instant and makes them too.
        """
        place, now_s, lateness_s, forbidden_s = vehicle.start_place, depart_s, 0, 0
        times: list[tuple[int, int, int]] = []
        drives: list[int] = []
        sums: list[tuple[int, int]] = []
        if like is not None and alike:
            times, drives, sums = list(like.times_s[:alike]), list(like.drives_s[:alike]), list(like.sums_s[:alike])
            place, now_s, (lateness_s, forbidden_s) = self.stops[stop_ids[alike - 1]].place, times[-1][2], sums[-1]
            if forbidden_limit_s is not None and forbidden_s > forbidden_limit_s:
                return None
        for stop_id in stop_ids[alike:]:
            stop = self.stops[stop_id]
            drive_s = self.travel.duration_s(place, stop.place, now_s)
            if drive_s is None:
                return None
            arrive_s = now_s + drive_s
            start_s, late_s = start_of_service(stop, arrive_s)
            lateness_s += late_s
            forbidden_s += 0 if stop.lateness_allowed else late_s
            if forbidden_limit_s is not None and forbidden_s > forbidden_limit_s:
                return None
            place, now_s = stop.place, start_s + self.stay_s[stop_id]
            times.append((arrive_s, start_s, now_s))
            drives.append(drive_s)
            sums.append((lateness_s, forbidden_s))
        home_s = self.travel.duration_s(place, vehicle.end_place, now_s)
        if home_s is None:
            return None
        end_s = now_s + home_s
        overtime_s = max(0, end_s - vehicle.shift.end_s)
        forbidden_s += 0 if vehicle.overtime_allowed else overtime_s
        if forbidden_limit_s is not None and forbidden_s > forbidden_limit_s:
            return None
        return Run(
            depart_s=depart_s,
            times_s=tuple(times),
            drives_s=(*drives, home_s),
            sums_s=tuple(sums),
            end_s=end_s,
            lateness_s=lateness_s,
            forbidden_s=forbidden_s,
            overtime_s=overtime_s,
        )

    def best_run(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> Run | None:
        """Return the run with the departure that costs least duty and is no later anywhere than the earliest.

        The latest departure that still ends as early as the earliest one saves all the waiting that can be saved;
        where times or windows change through the day, a later one may save more. Where roads know more than the tables,
        these find the departure and the roads confirm it: some seconds of duty may be lost, but the run is no longer
        than the earliest. None where a leg is missing.
        """
        if vehicle.start_fixed or not stop_ids:
            return self.follow(vehicle, stop_ids, vehicle.shift.start_s)
        tables = self.by_tables()
        if tables is not self:
            hint = tables.best_run(vehicle, stop_ids)
            return self._confirmed(vehicle, stop_ids, vehicle.shift.start_s if hint is None else hint.depart_s)
        earliest = self.follow(vehicle, stop_ids, vehicle.shift.start_s)
        return None if earliest is None else self._best_departure(vehicle, stop_ids, earliest)

    def _confirmed(self, vehicle: Vehicle, stop_ids: Sequence[str], hint_s: int) -> Run | None:
        """Return the shortest of a few runs by the roads near a departure, no tardier than the earliest one.

        Each run tells the next departure, as if its drives took as long then: earlier by what it is late and an eighth,
        or later by its slack. The earliest run is followed only where these do not tell what it is like.
        """
        best, depart_s = None, hint_s
        for _ in range(CONFIRMED):
            run = self.follow(vehicle, stop_ids, depart_s)
            if run is None:
                break
            late_s, meets = self._against_earliest(stop_ids, run)
            if late_s:
                depart_s = max(vehicle.shift.start_s, run.depart_s - late_s - late_s // 8)
            else:
                if best is None or _shorter(run, best[0]):
                    best = run, meets
                depart_s = run.depart_s + self._slack_s(vehicle, stop_ids, run, run.end_s)
            if depart_s == run.depart_s or (best is not None and depart_s - best[0].depart_s < CONFIRMED_STEP_S):
                break
        if best is not None and best[1]:
            return best[0]
        earliest = self.follow(vehicle, stop_ids, vehicle.shift.start_s)
        return None if earliest is None else self._confirmed_early(vehicle, stop_ids, earliest, best and best[0])

    def _confirmed_early(self, vehicle: Vehicle, stop_ids: Sequence[str], earliest: Run, best: Run | None) -> Run:
        """Return the shortest of a run, the earliest one and a few that hardly end later than that."""
        if best is None or not _shorter(best, earliest):
            best = earliest
        depart_s = earliest.depart_s + self._slack_s(vehicle, stop_ids, earliest, earliest.end_s)
        for _ in range(CONFIRMED_EARLY):
            # It can hardly end earlier than the earliest run does.
            if earliest.end_s - depart_s > best.end_s - best.depart_s - CONFIRMED_STEP_S:
                break
            run = self.follow(vehicle, stop_ids, depart_s)
            if run is None:
                break
            if _tardy_s(run) <= _tardy_s(earliest) and _shorter(run, best):
                best = run
            depart_s -= run.end_s - earliest.end_s
            if depart_s == run.depart_s:
                break
        return best

    def _against_earliest(self, stop_ids: Sequence[str], run: Run) -> tuple[int, bool]:
        """Return by how much a run may be tardier than the earliest one, and whether it meets that one on its way.

        Who starts a service when its first window opens does so at no other instant for having left earlier; from there
        on the two are the same run, and this one is not longer.
        """
        late_s = 0
        for stop_id, (arrive_s, start_s, _) in zip(stop_ids, run.times_s, strict=True):
            stop = self.stops[stop_id]
            late_s = max(late_s, start_of_service(stop, arrive_s)[1])
            if stop.windows and start_s == stop.windows[0].start_s:
                return late_s, True
        return max(late_s, run.overtime_s), False

    def _best_departure(self, vehicle: Vehicle, stop_ids: Sequence[str], earliest: Run) -> Run:
        tardy_s = _tardy_s(earliest)
        latest = self._latest(vehicle, stop_ids, earliest, tardy_s, end_s=earliest.end_s)
        several = any(len(self.stops[stop_id].windows) > 1 for stop_id in stop_ids)
        if self.travel.matrix.slice_start_s.size == 1 and not several:
            return latest
        bound = self._latest(vehicle, stop_ids, latest, tardy_s, end_s=None)
        best = bound if _shorter(bound, latest) else latest
        step_s = (bound.depart_s - latest.depart_s) // DEPARTURES_LOOKED_AT
        while step_s >= FINEST_STEP_S:
            around_s = best.depart_s
            for offset in range(-DEPARTURES_LOOKED_AT, DEPARTURES_LOOKED_AT + 1):
                depart_s = around_s + offset * step_s
                if latest.depart_s < depart_s <= bound.depart_s:
                    run = self.follow(vehicle, stop_ids, depart_s)
                    if run is not None and _shorter(run, best) and _tardy_s(run) <= tardy_s:
                        best = run
            step_s //= DEPARTURES_LOOKED_AT
        return best

    def _latest(self, vehicle: Vehicle, stop_ids: Sequence[str], known: Run, tardy_s: int, *, end_s: int | None) -> Run:
        """Return the latest run that is no tardier and, where an end is given, ends no later.

        Whether a departure will do changes once from yes to no. The search leaps outwards from the slack that the
        known run would have if its drives took as long at any time, then halves what is left.
        """
        too_late_s = max(known.depart_s, vehicle.shift.end_s if end_s is None else end_s) + 1
        probe_s = known.depart_s + self._slack_s(vehicle, stop_ids, known, end_s)
        leap_s = 1
        while too_late_s - known.depart_s > 1:
            probe_s = min(max(probe_s, known.depart_s + 1), too_late_s - 1)
            run = self.follow(vehicle, stop_ids, probe_s)
            will_do = run is not None and _tardy_s(run) <= tardy_s
            if run is not None and will_do and (end_s is None or run.end_s <= end_s):
                known = run
                probe_s += leap_s
            else:
                too_late_s = probe_s
                probe_s -= leap_s
            leap_s *= 8
            if leap_s == 0 or leap_s > (too_late_s - known.depart_s) // 2:
                leap_s, probe_s = 0, (known.depart_s + too_late_s) // 2
        return known

    def _slack_s(self, vehicle: Vehicle, stop_ids: Sequence[str], run: Run, end_s: int | None) -> int:
        """Return by how much a run can leave later in the windows that it uses, drives taken as they are."""
        slack_s = max(0, vehicle.shift.end_s - run.end_s) if end_s is None else 0
        for stop_id, (arrive_s, start_s, _) in zip(reversed(stop_ids), reversed(run.times_s), strict=True):
            closes_s = [window.end_s for window in self.stops[stop_id].windows]
            left_s = next((end_s - start_s for end_s in closes_s if end_s >= start_s), 0) if closes_s else slack_s
            slack_s = start_s - arrive_s + min(slack_s, left_s)
        return slack_s

    def route(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> Route:
        """Return the timed route; UnreachableLegError where no road leads from one of its places to the next."""
        key = (vehicle.id, tuple(stop_ids))
        if key not in self.routes:
            self.routes[key] = self._timed(vehicle, stop_ids)
        return self.routes[key]

    def _timed(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> Route:
        run = self.best_run(vehicle, stop_ids)
        if run is None:
            raise self.unreachable(vehicle, stop_ids)
        load, visits, legs = sum(self.stops[stop_id].load for stop_id in stop_ids), [], []
        place, now_s = vehicle.start_place, run.depart_s
        for stop_id, (arrive_s, start_s, depart_s) in zip(stop_ids, run.times_s, strict=True):
            stop = self.stops[stop_id]
            load -= stop.load
            visits.append(
                Visit(
                    stop_id=stop_id,
                    arrive_s=arrive_s,
                    start_s=start_s,
                    depart_s=depart_s,
                    waiting_s=start_s - arrive_s,
                    lateness_s=start_of_service(stop, arrive_s)[1],
                    load_after=load,
                )
            )
            legs.append(self._leg(place, stop.place, now_s))
            place, now_s = stop.place, depart_s
        legs.append(self._leg(place, vehicle.end_place, now_s))
        return Route(
            vehicle_id=vehicle.id,
            start_s=run.depart_s,
            end_s=run.end_s,
            visits=tuple(visits),
            legs=tuple(legs),
            overtime_s=run.overtime_s,
        )

    def unreachable(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> UnreachableLegError:
        """Return the first leg of an order that no road allows, where there is one, as an error to be raised."""
        place, now_s = vehicle.start_place, vehicle.shift.start_s
        for stop_id in stop_ids:
            stop = self.stops[stop_id]
            drive_s = self.travel.duration_s(place, stop.place, now_s)
            if drive_s is None:
                return UnreachableLegError(vehicle.id, stop_id, now_s)
            place, now_s = stop.place, start_of_service(stop, now_s + drive_s)[0] + self.stay_s[stop_id]
        return UnreachableLegError(vehicle.id, None, now_s)

    def _leg(self, from_place: int, to_place: int, depart_s: int) -> Leg:
        found = self.travel.leg(from_place, to_place, depart_s)
        assert found is not None, "its duration was found before"
        return Leg(
            from_place=from_place,
            to_place=to_place,
            depart_s=depart_s,
            duration_s=found.duration_s,
            distance_m=found.distance_m,
        )


def start_of_service(stop: Stop, arrive_s: int) -> tuple[int, int]:
    """Return when service starts after an arrival, and how many seconds late that is."""
    for window in stop.windows:
        if arrive_s <= window.end_s:
            return max(arrive_s, window.start_s), 0
    return arrive_s, arrive_s - stop.windows[-1].end_s if stop.windows else 0


def drives_without_stops(vehicle: Vehicle) -> bool:
    """Tell whether a vehicle has a route even without stops: it is out and not at its end place."""
    return vehicle.used and vehicle.start_place != vehicle.end_place


def schedule(problem: Problem, orders: Mapping[str, Sequence[str]], clock: Clock | None = None) -> tuple[Route, ...]:
    """Return the routes of orders of stop ids by vehicle id, with times, in the order of the fleet.

    A vehicle that is out drives home even without stops, unless no road leads there. UnreachableLegError where
    no road leads from one place of an order to the next.
    """
    clock = clock or Clock(problem)
    routes = []
    for vehicle in problem.vehicles:
        stop_ids = tuple(orders.get(vehicle.id, ()))
        if stop_ids:
            routes.append(clock.route(vehicle, stop_ids))
        elif drives_without_stops(vehicle) and clock.best_run(vehicle, ()) is not None:
            routes.append(clock.route(vehicle, ()))
    return tuple(routes)


def _shorter(run: Run, best: Run) -> bool:
    return run.end_s - run.depart_s < best.end_s - best.depart_s


def _tardy_s(run: Run) -> int:
    return run.lateness_s + run.overtime_s
