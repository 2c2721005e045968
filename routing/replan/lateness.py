"""Where the lateness of a stop comes from: its vehicle's day, timed again without what has happened.

The vehicle makes the same visits in the same order, from its start to the late stop, in four worlds: as it is, without
the weather, without weather and reports of traffic, and without these and services that took longer than asked. What
each step takes off the lateness is that part of it, in this order of attribution; what is left is due to all else:
when the vehicle left, windows that changed, what the plan put before the stop. The parts sum to the lateness.

What really happened is kept, and corrected by what the roads tell of the difference: a drive that took 5 minutes longer
than the roads say under the reports in force takes 5 minutes longer than they say in any world.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routing.events.asked import DayStop
from routing.events.day import Day
from routing.network.location import Location
from routing.plan.model import Plan, Route
from routing.plan.schedule import start_of_service
from routing.problem.model import Problem, Stop, Travel
from routing.replan.remaining import Remaining, TravelMaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """Make travel as it is, without the weather, and without weather and reports of traffic."""

    real: TravelMaker
    dry: TravelMaker
    free: TravelMaker


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessSplit:
    """Split the lateness of a stop; a part is negative where a condition made the way quicker."""

    stop_id: str
    lateness_s: int
    weather_s: int
    traffic_s: int
    service_s: int
    """Of services before it that took longer than asked."""
    earlier_s: int
    """Of all that came before and is none of these: decisions, orders, changed windows, late departures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Hold a visit as it was made or is planned."""

    stop: DayStop
    arrive_s: int | None
    """None: not reported."""
    start_s: int
    depart_s: int


def split_lateness(day: Day, rest: Remaining, plan: Plan, worlds: Worlds) -> tuple[LatenessSplit, ...]:
    """Return the split of every late stop of a plan, by route."""
    late = [route for route in plan.routes if any(visit.lateness_s for visit in route.visits)]
    if not late:
        return ()
    days = {route.vehicle_id: tuple(_made(day, rest, route)) for route in late}
    starts = {vehicle_id: day.vehicles[vehicle_id].vehicle.start for vehicle_id in days}
    places = tuple(dict.fromkeys([*starts.values(), *(each.stop.location for made in days.values() for each in made)]))
    span_s = min(made[0].start_s for made in days.values()), max(made[-1].depart_s for made in days.values())
    travels = [maker(places, span_s) for maker in (worlds.real, worlds.dry, worlds.free)]
    found = []
    for route in late:
        again = _Again(day, rest.problem, places, route.vehicle_id, days[route.vehicle_id])
        cases = [again.starts_s(travels[0], travel) for travel in travels]
        cases.append(again.starts_s(travels[0], travels[-1], as_asked=True))
        first = len(days[route.vehicle_id]) - len(route.visits)
        for number, visit in enumerate(route.visits, start=first):
            if visit.lateness_s:
                end_s = visit.start_s - visit.lateness_s
                real_s, dry_s, free_s, asked_s = (max(0, case[number] - end_s) for case in cases)
                found.append(
                    LatenessSplit(
                        stop_id=visit.stop_id,
                        lateness_s=visit.lateness_s,
                        weather_s=real_s - dry_s,
                        traffic_s=dry_s - free_s,
                        service_s=free_s - asked_s,
                        earlier_s=visit.lateness_s - (real_s - asked_s),
                    )
                )
    return tuple(found)


def _made(day: Day, rest: Remaining, route: Route) -> Iterator[_Made]:
    """Yield the visits of a vehicle's day: reported, taken as made, and planned."""
    reported = [
        state
        for state in day.stops.values()
        if state.vehicle_id == route.vehicle_id and state.ended_s is not None and not state.is_open
    ]
    kind = day.type_of(route.vehicle_id)
    for state in sorted(reported, key=lambda state: (state.ended_s or 0, state.stop.id)):
        assert state.ended_s is not None
        start_s = state.started_s if state.started_s is not None else state.ended_s - state.stop.stay_s(kind)
        arrive_s = state.arrived_s if state.arrived_s is not None and state.arrived_s <= start_s else None
        yield _Made(stop=state.stop, arrive_s=arrive_s, start_s=start_s, depart_s=state.ended_s)
    asked = {stop.id: stop for stop in rest.problem.stops}
    for visit in (*rest.progress[route.vehicle_id].assumed, *route.visits):
        if visit.stop_id in day.stops:
            stop = day.stops[visit.stop_id].stop
        else:  # a transfer that is new with this plan
            new = asked[visit.stop_id]
            stop = DayStop(id=new.id, location=rest.problem.places[new.place], service_s=new.service_s)
        yield _Made(stop=stop, arrive_s=visit.arrive_s, start_s=visit.start_s, depart_s=visit.depart_s)


class _Again:
    """Time the day of one vehicle again."""

    def __init__(
        self, day: Day, problem: Problem, places: Sequence[Location], vehicle_id: str, made: Sequence[_Made]
    ) -> None:
        self._problem, self._made, self._type = problem, made, day.type_of(vehicle_id)
        self._index = {place: number for number, place in enumerate(places)}
        self._windows = {stop.id: stop.windows for stop in problem.stops}
        state = day.vehicles[vehicle_id]
        self._start = state.vehicle.start, state.departed_s

    def starts_s(self, real: Travel, travel: Travel, *, as_asked: bool = False) -> list[int]:
        """Return when service starts at each visit by other roads than the real ones, and with services as asked."""
        place, was_s = self._start
        now_s, starts = was_s, []
        for made in self._made:
            here = made.stop.location
            stop = self._stop(made.stop, self._index[here])
            arrived_s = made.start_s if made.arrive_s is None else made.arrive_s
            arrive_s = arrived_s
            if was_s is not None and now_s is not None:
                pair = self._index[place], self._index[here]
                told_s, other_s = real.duration_s(*pair, was_s), travel.duration_s(*pair, now_s)
                if made.arrive_s is None and told_s is not None:
                    # It may have waited: by the roads it was there before the window opened.
                    arrived_s = _before_opening(stop, was_s + told_s, made.start_s)
                drive_s = arrived_s - was_s
                if told_s is not None and other_s is not None:
                    drive_s += other_s - told_s
                arrive_s = now_s + max(0, drive_s)
            # Who began earlier or later than windows and arrival tell does so in any world.
            odd_s = made.start_s - start_of_service(stop, arrived_s)[0]
            start_s = start_of_service(stop, arrive_s)[0] + odd_s
            stay_s = made.depart_s - made.start_s
            if as_asked:
                stay_s = min(stay_s, made.stop.stay_s(self._type) + self._walk_s(real, stop))
            starts.append(start_s)
            place, was_s, now_s = here, made.depart_s, start_s + stay_s
        return starts

    def _stop(self, asked: DayStop, place: int) -> Stop:
        windows = self._windows.get(asked.id, asked.windows)
        return Stop(id=asked.id, place=place, windows=windows, service_s=asked.service_s)

    def _walk_s(self, travel: Travel, stop: Stop) -> int:
        walk = self._problem.access_walk
        return 0 if walk is None else walk.added_s(float(travel.snap_distance_m[stop.place]))


def _before_opening(stop: Stop, told_s: int, start_s: int) -> int:
    """Return when a vehicle arrived that began at an instant, by the roads where that explains it by waiting."""
    waited = told_s < start_s and start_of_service(stop, told_s)[0] > told_s
    return told_s if waited else start_s
