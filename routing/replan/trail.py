"""Follow one vehicle through its plan and its reports: what is behind it, and from where it goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from routing.events.asked import DayStop
from routing.events.day import Day, StopState, VehicleState
from routing.events.published import PublishedRoute
from routing.network.location import Location
from routing.plan.model import Visit
from routing.replan.along import distance_m

AWAY_M = 300.0
"""Further than this from a place, a reported position says that the vehicle is not there."""

STILL_S = 60
"""A service that has taken longer than planned is taken to end so much later than now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Hold how far a vehicle has come."""

    behind: tuple[Visit, ...]
    """Visits without a report of their end that are taken as made; the last one may be going on."""
    skipped: tuple[Visit, ...]
    """Visits that were left out for a later one, and remain."""
    ahead: tuple[Visit, ...]
    location: Location
    """Where the last of it happened, at `at_s`."""
    at_s: int
    late_s: int
    """How much later than planned that was."""
    next_known: bool
    """True where it goes on along the plan's own leg."""
    at_door: bool
    """True where it has reached the first stop ahead and waits for the window."""


def follow(day: Day, state: VehicleState, route: PublishedRoute, now_s: int) -> Trail:
    """Return how far a vehicle that has left has come by its plan, corrected by its last report."""
    trail = _since_plan(route) if not state.reported_since_plan else _since_report(day, state, route)
    if not day.started.replan.assumes_visits:
        return _as_reported(day, trail, now_s)
    if _is_open(day, trail.behind) and trail.behind[-1].depart_s > now_s:
        return trail
    trail = replace(trail, at_door=False)
    for visit in trail.ahead:
        stop = day.stops[visit.stop_id]
        arrive_s, start_s, end_s = expected(visit, trail.late_s)
        if not trail.next_known or trail.at_s >= now_s or not stop.is_open or arrive_s > now_s:
            break
        if _seen_elsewhere(state, stop.stop.location, arrive_s, min(end_s, now_s)):
            break
        if start_s > now_s:
            return replace(trail, location=stop.stop.location, at_s=arrive_s, at_door=True)
        made = replace(
            visit,
            arrive_s=arrive_s,
            start_s=start_s,
            depart_s=end_s,
            waiting_s=start_s - arrive_s,
            lateness_s=lateness_s(stop.stop, start_s),
        )
        trail = replace(
            trail,
            behind=(*trail.behind, made),
            ahead=trail.ahead[1:],
            location=stop.stop.location,
            at_s=end_s,
            late_s=end_s - visit.depart_s,
        )
        if end_s > now_s:
            break
    return trail


def _as_reported(day: Day, trail: Trail, now_s: int) -> Trail:
    """Return a trail on which nothing happened that nobody reported: a visit goes on until its end is reported."""
    going_on = trail.behind[-1:] if _is_open(day, trail.behind) else ()
    going_on = tuple(visit for visit in going_on if day.stops[visit.stop_id].started_s is not None)
    silent = tuple(
        visit for visit in (*trail.behind, *trail.skipped) if visit not in going_on and day.stops[visit.stop_id].is_open
    )
    if going_on and going_on[0].depart_s <= now_s:
        # Nobody knows how much longer it takes; the next look is a minute ahead.
        going_on = (replace(going_on[0], depart_s=now_s + STILL_S),)
        trail = replace(trail, at_s=now_s + STILL_S, late_s=trail.late_s + now_s + STILL_S - trail.at_s)
    return replace(trail, behind=going_on, skipped=silent, next_known=trail.next_known and not silent)


def expected(visit: Visit, late_s: int) -> tuple[int, int, int]:
    """Return arrival, start and departure of a planned visit that is reached later than planned; waiting helps."""
    arrive_s = visit.arrive_s + late_s
    start_s = max(arrive_s, visit.start_s) if visit.waiting_s else arrive_s
    return arrive_s, start_s, start_s + visit.depart_s - visit.start_s


def lateness_s(stop: DayStop, start_s: int) -> int:
    """Return how many seconds after its last window a service began; 0 where it had begun in time."""
    return max(0, start_s - stop.windows[-1].end_s) if stop.windows else 0


def _since_plan(route: PublishedRoute) -> Trail:
    return Trail(
        behind=route.assumed,
        skipped=(),
        ahead=route.visits,
        location=route.start,
        at_s=route.start_s,
        late_s=0,
        next_known=True,
        at_door=False,
    )


def _since_report(day: Day, state: VehicleState, route: PublishedRoute) -> Trail:
    report = state.last_report
    assert report is not None
    planned = (*route.assumed, *route.visits)
    ids = [visit.stop_id for visit in planned]
    index = ids.index(report.stop_id) if report.stop_id in ids else None
    before = planned if index is None else planned[:index]
    made = tuple(visit for visit in before if visit.depart_s <= report.at_s)
    skipped = tuple(visit for visit in before if visit.depart_s > report.at_s and day.stops[visit.stop_id].is_open)
    stop, at_s = day.stops[report.stop_id], report.at_s
    if report.kind == "started" and stop.is_open:
        visit = started_visit(stop, at_s, None if index is None else planned[index])
        made, at_s = (*made, visit), visit.depart_s
    if report.kind == "arrived" and stop.is_open and index is not None:
        return Trail(
            behind=made,
            skipped=skipped,
            ahead=planned[index:],
            location=report.location,
            at_s=at_s,
            late_s=at_s - planned[index].arrive_s,
            next_known=not skipped,
            at_door=True,
        )
    return Trail(
        behind=made,
        skipped=skipped,
        ahead=() if index is None else planned[index + 1 :],
        location=report.location,
        at_s=at_s,
        late_s=0 if index is None else at_s - planned[index].depart_s,
        next_known=index is not None and not skipped,
        at_door=False,
    )


def started_visit(stop: StopState, start_s: int, planned: Visit | None) -> Visit:
    """Return the visit that a report of its start amounts to, as long as planned, or else as the stop's service."""
    stay_s = stop.stop.service_s if planned is None else planned.depart_s - planned.start_s
    return Visit(
        stop_id=stop.stop.id,
        arrive_s=start_s,
        start_s=start_s,
        depart_s=start_s + stay_s,
        waiting_s=0,
        lateness_s=lateness_s(stop.stop, start_s),
        load_after=0,
    )


def _is_open(day: Day, behind: tuple[Visit, ...]) -> bool:
    return bool(behind) and day.stops[behind[-1].stop_id].is_open


def _seen_elsewhere(state: VehicleState, place: Location, from_s: int, to_s: int) -> bool:
    """Tell whether a position reported in a span of time contradicts that the vehicle was at a place."""
    if state.location is None or state.located_s is None or not from_s <= state.located_s <= to_s:
        return False
    return distance_m(state.location, place) > AWAY_M
