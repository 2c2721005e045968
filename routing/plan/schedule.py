"""Give orders of stops their times: the only clock arithmetic.

Travel times depend on the departure, and leaving later never arrives earlier. So leaving at the start of the shift
ends earliest and is least late; every question below is answered from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, InitVar, dataclass, field

from routing.errors import UnreachableLegError
from routing.plan.departure import best_departure, confirmed_run
from routing.plan.loads import Loads, loads_of
from routing.plan.model import Leg, Route, Visit
from routing.plan.run import Run
from routing.plan.timing import Timing
from routing.plan.walked_route import walked_route
from routing.problem.lower import lowered
from routing.problem.model import Problem, Stop, Travel, Vehicle
from routing.problem.plain import is_plain
from routing.problem.travel import MatrixTravel
from routing.problem.window import start_in

__all__ = ["Clock", "Run", "drives_without_stops", "schedule", "start_of_service"]


@dataclass(frozen=True, slots=True)
class Clock:
    """Time the routes of one problem, each route once.

    It is built from a problem as it is asked, which stays in `asked`.
    """

    problem: Problem
    """The lowered one, see `lowered`."""
    _: KW_ONLY
    tables_only: InitVar[bool] = False
    """True where the tables of the search are taken for the truth."""
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

    timing: Timing | None = field(init=False, default=None)
    """Follows routes where they must be walked, None where the problem is plain."""
    loads: Loads | None = field(init=False, default=None)
    """What is on board along them."""
    kept: dict[str, int] = field(init=False)
    """What is on board and handed over at no stop, by vehicle id; 0 where it is not named."""

    def __post_init__(self, tables_only: bool) -> None:
        asked = self.problem
        object.__setattr__(self, "asked", asked)
        object.__setattr__(self, "problem", lowered(asked))
        object.__setattr__(self, "plain", is_plain(self.problem))
        told = [_by_tables(travel) if tables_only else travel for travel in (asked.travel, *_own_travel(asked))]
        object.__setattr__(self, "travel", told[0])
        object.__setattr__(self, "stops", {stop.id: stop for stop in self.problem.stops})
        object.__setattr__(self, "stay_s", {stop.id: asked.stay_s(stop) for stop in self.problem.stops})
        object.__setattr__(self, "routes", {})
        object.__setattr__(self, "kept", {each.id: each.on_board_load for each in asked.vehicles if each.on_board_load})
        if not self.plain:
            by_profile = dict(zip(dict(asked.profile_travel), told[1:], strict=True))
            object.__setattr__(self, "timing", Timing(asked, told[0], by_profile))
            object.__setattr__(self, "loads", loads_of(asked))
        if tables_only:
            object.__setattr__(self, "tables", self)

    def travel_of(self, vehicle: Vehicle) -> Travel:
        """Return what tells the drives of a vehicle."""
        return self.travel if self.timing is None else self.timing.travel_of(vehicle)

    def by_tables(self) -> Clock:
        """Return the clock that takes the tables of the search for the truth: this one where they are.

        It never asks the roads, whose drives across a change of speeds take a search each.
        """
        if self.tables is None:
            exact = all(_by_tables(travel) is travel for travel in (self.travel, *_own_travel(self.asked)))
            object.__setattr__(self, "tables", self if exact else Clock(self.asked, tables_only=True))
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
        if self.timing is not None:
            return self.timing.follow(
                vehicle, stop_ids, depart_s, forbidden_limit_s=forbidden_limit_s, like=like, alike=alike
            )
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
            start_s, late_s = start_in(stop.windows, arrive_s)
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
            return confirmed_run(self, vehicle, stop_ids, vehicle.shift.start_s if hint is None else hint.depart_s)
        earliest = self.follow(vehicle, stop_ids, vehicle.shift.start_s)
        return None if earliest is None else best_departure(self, vehicle, stop_ids, earliest)

    def holds(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> bool:
        """Tell whether an order keeps every rule of time with its best departure."""
        if self.plain:
            return self.follow(vehicle, stop_ids, vehicle.shift.start_s, forbidden_limit_s=0) is not None
        run = self.best_run(vehicle, stop_ids)
        return run is not None and not run.forbidden_s

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
        if self.timing is not None and self.loads is not None:
            return walked_route(self.timing, self.loads, vehicle, stop_ids, run)
        load, visits, legs = sum(self.stops[stop_id].load for stop_id in stop_ids), [], []
        load += self.kept.get(vehicle.id, 0)
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
                    lateness_s=start_in(stop.windows, arrive_s)[1],
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
        if self.timing is not None:
            number, now_s = self.timing.cut_off(vehicle, stop_ids, now_s)
            return UnreachableLegError(vehicle.id, stop_ids[number] if number < len(stop_ids) else None, now_s)
        for stop_id in stop_ids:
            stop = self.stops[stop_id]
            drive_s = self.travel.duration_s(place, stop.place, now_s)
            if drive_s is None:
                return UnreachableLegError(vehicle.id, stop_id, now_s)
            place, now_s = stop.place, start_in(stop.windows, now_s + drive_s)[0] + self.stay_s[stop_id]
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
    return start_in(stop.windows, arrive_s)


def drives_without_stops(vehicle: Vehicle) -> bool:
    """Tell whether a vehicle has a route even without stops: it is out and must go to another place in the end."""
    return vehicle.used and vehicle.start_place != vehicle.end_place and not (vehicle.open_start or vehicle.open_end)


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


def _own_travel(problem: Problem) -> tuple[Travel, ...]:
    """Return the travel of each profile that has its own."""
    return tuple(travel for _, travel in problem.profile_travel)


def _by_tables(travel: Travel) -> Travel:
    """Return travel that takes the tables for the truth, the same where they are."""
    if isinstance(travel, MatrixTravel) or travel.matrix.slice_start_s.size == 1:
        return travel
    return MatrixTravel(matrix=travel.matrix)
