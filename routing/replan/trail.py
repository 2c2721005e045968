"""Follow one vehicle through its plan and its reports: what is behind it, and from where it goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from routing.events.asked import DayStop
from routing.events.day import Day, StopState, VehicleState
from routing.events.news import VehicleDeparted
from routing.events.published import PublishedRoute
from routing.network.location import Location
from routing.plan.model import Visit
from routing.replan.along import distance_m
from routing.replan.deviation import driven_to, positions

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
    at_door: bool = False
    """True where it has reached the first stop ahead and waits for the window."""
    driven_to: str | None = None
    """Stop that its positions lead to instead of the planned one."""


def follow(day: Day, state: VehicleState, route: PublishedRoute, now_s: int) -> Trail:
    """Return how far a vehicle that has left has come by its plan, corrected by its last report."""
    trail = _since_report(day, state, route, now_s) if state.reported_since_plan else _since_plan(day, state, route)
    if not day.started.replan.assumes_visits:
        return _as_reported(day, state, _after_break(trail, state), now_s)
    if trail.at_door or (_is_open(day, trail.behind) and trail.behind[-1].depart_s > now_s):
        return trail
    trail = _after_break(trail, state)
    for visit in trail.ahead:
        stop = day.stops[visit.stop_id]
        arrive_s, start_s, end_s = expected(visit, trail, stop.stop, state.break_s)
        if trail.next_known and trail.at_s < now_s:
            elsewhere = _driven_elsewhere(day, state, trail, min(end_s, now_s))
            trail = replace(trail, driven_to=elsewhere)
        if not trail.next_known or trail.at_s >= now_s or not stop.is_open or arrive_s > now_s or trail.driven_to:
            break
        if _seen_elsewhere(state, stop.stop.location, arrive_s, min(end_s, now_s)):
            break
        if start_s > now_s:
            return replace(trail, location=stop.stop.location, at_s=arrive_s + visit.setup_s, at_door=True)
        made = replace(
            visit,
            arrive_s=arrive_s,
            start_s=start_s,
            depart_s=end_s,
            waiting_s=start_s - arrive_s - visit.setup_s,
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


def _as_reported(day: Day, state: VehicleState, trail: Trail, now_s: int) -> Trail:
    """Return a trail on which nothing happened that nobody reported: a visit goes on until its end is reported."""
    last = trail.behind[-1:] if _is_open(day, trail.behind) else ()
    begun = bool(last) and day.stops[last[0].stop_id].started_s is not None
    silent = tuple(
        visit for visit in (*trail.behind, *trail.skipped) if visit not in last and day.stops[visit.stop_id].is_open
    )
    trail = replace(trail, behind=last, skipped=silent, next_known=trail.next_known and not silent)
    if last and not begun:
        # It is there and may begin now, or the plan before took it to be.
        there = day.stops[last[0].stop_id].arrived_s is not None
        return replace(trail, behind=(), ahead=(*last, *trail.ahead), at_s=now_s, at_door=there, next_known=False)
    if last and last[0].depart_s <= now_s:
        # Nobody knows how much longer it takes; the next look is a minute ahead.
        last = (replace(last[0], depart_s=now_s + STILL_S),)
        late_s = trail.late_s + now_s + STILL_S - trail.at_s
        return replace(trail, behind=last, at_s=now_s + STILL_S, late_s=late_s)
    if trail.next_known and trail.ahead and trail.at_s < now_s and not trail.at_door:
        return replace(trail, driven_to=_driven_elsewhere(day, state, trail, now_s))
    return trail


def leaves_s(state: VehicleState, route: PublishedRoute) -> int:
    """Return when a vehicle left its start by its report, or leaves it by its plan and what holds it up."""
    if state.departed_s is not None:
        return state.departed_s
    at_s = max(route.start_s, state.delayed_until_s or 0)
    return state.break_s[1] if state.break_s and state.break_s[0] <= at_s < state.break_s[1] else at_s


def expected(visit: Visit, trail: Trail, stop: DayStop, break_s: tuple[int, int] | None = None) -> tuple[int, int, int]:
    """Return arrival, start and departure of the planned visit that comes next; waiting helps who is late.

    A break stops the drive, the waiting or the service that it begins in.
    """
    arrive_s = visit.arrive_s + trail.late_s
    if break_s is not None and trail.at_s <= break_s[0] < arrive_s:
        arrive_s += break_s[1] - break_s[0]
    ready_s = arrive_s + visit.setup_s
    start_s = max(ready_s, visit.start_s) if visit.waiting_s else opening_s(stop, ready_s)
    if break_s is not None and arrive_s <= break_s[0] < start_s:
        start_s = max(start_s, break_s[1])
    end_s = start_s + visit.depart_s - visit.start_s
    if break_s is not None and start_s <= break_s[0] < end_s:
        end_s = max(end_s, break_s[1])
    return arrive_s, start_s, end_s


def opening_s(stop: DayStop, arrive_s: int) -> int:
    """Return when a service may begin after an arrival."""
    return next((max(arrive_s, window.start_s) for window in stop.windows if arrive_s <= window.end_s), arrive_s)


def lateness_s(stop: DayStop, start_s: int) -> int:
    """Return how many seconds after its last window a service began; 0 where it had begun in time."""
    return max(0, start_s - stop.windows[-1].end_s) if stop.windows else 0


def _since_plan(day: Day, state: VehicleState, route: PublishedRoute) -> Trail:
    start_s = route.start_s if route.left else leaves_s(state, route)
    trail = Trail(
        behind=route.assumed,
        skipped=(),
        ahead=route.visits,
        location=route.start,
        at_s=start_s,
        late_s=start_s - route.start_s,
        next_known=True,
    )
    departed_s = state.departed_s
    news = (each for each in day.since_plan if isinstance(each, VehicleDeparted))
    is_news = any(each.vehicle_id == state.vehicle.id and each.effective_at_s == departed_s for each in news)
    if not route.left or departed_s is None or departed_s < route.start_s or not is_news:
        return trail
    # The plan had it under way when it still stood at its start.
    if distance_m(state.vehicle.start, route.start) > AWAY_M:
        if state.last_report is not None:
            return trail
        remain = (*route.assumed, *route.visits)
        return replace(trail, behind=(), ahead=remain, location=state.vehicle.start, at_s=departed_s, next_known=False)
    loaded = route.visits[:1] if route.visits and _is_reload(day, route.visits[0]) else ()
    planned_s = loaded[0].depart_s if loaded else route.start_s
    behind = (*route.assumed, *(replace(visit, depart_s=departed_s) for visit in loaded))
    ahead = route.visits[len(loaded) :]
    return replace(trail, behind=behind, ahead=ahead, at_s=departed_s, late_s=departed_s - planned_s)


def _is_reload(day: Day, visit: Visit) -> bool:
    transfer = day.stops[visit.stop_id].transfer
    return transfer is not None and transfer.from_vehicle is None


def _since_report(day: Day, state: VehicleState, route: PublishedRoute, now_s: int) -> Trail:
    report = state.last_report
    assert report is not None
    planned = (*route.assumed, *route.visits)
    ids = [visit.stop_id for visit in planned]
    index = ids.index(report.stop_id) if report.stop_id in ids else None
    before = planned if index is None else planned[:index]
    made = tuple(visit for visit in before if visit.depart_s <= report.at_s)
    skipped = tuple(visit for visit in before if visit.depart_s > report.at_s and day.stops[visit.stop_id].is_open)
    stop, at_s = day.stops[report.stop_id], report.at_s
    ahead = () if index is None else planned[index + 1 :]
    at_door = False
    if report.kind in ("arrived", "started") and stop.is_open:
        visit = begun_visit(stop, report.kind, at_s, None if index is None else planned[index], state.vehicle.type)
        if visit.start_s > now_s:
            ahead, at_door, at_s = (visit, *ahead), True, at_s + visit.setup_s
        else:
            made, at_s = (*made, visit), visit.depart_s
    return Trail(
        behind=made,
        skipped=skipped,
        ahead=ahead,
        location=report.location,
        at_s=at_s,
        late_s=0 if index is None else at_s - planned[index].depart_s,
        next_known=index is not None and not skipped,
        at_door=at_door,
    )


def begun_visit(stop: StopState, kind: str, at_s: int, planned: Visit | None, vehicle_type: str) -> Visit:
    """Return the visit that a report of an arrival or a start (`kind`) amounts to.

    It lasts as long as planned, or else as the stop's service; where it was said to take longer, until then. So does
    the setup between an arrival and the start.
    """
    setup_s = 0 if kind == "started" else stop.stop.setup_s if planned is None else planned.setup_s
    start_s = at_s if kind == "started" else opening_s(stop.stop, at_s + setup_s)
    stay_s = stop.stop.stay_s(vehicle_type) if planned is None else planned.depart_s - planned.start_s
    return Visit(
        stop_id=stop.stop.id,
        arrive_s=at_s,
        start_s=start_s,
        depart_s=max(start_s, stop.expected_end_s) if stop.expected_end_s is not None else start_s + stay_s,
        waiting_s=start_s - at_s - setup_s,
        lateness_s=lateness_s(stop.stop, start_s),
        load_after=0,
        setup_s=setup_s,
    )


def _after_break(trail: Trail, state: VehicleState) -> Trail:
    """Let a vehicle that would go on within a break stand until its end."""
    if state.break_s is None or not state.break_s[0] <= trail.at_s < state.break_s[1]:
        return trail
    until_s = state.break_s[1]
    return replace(trail, at_s=until_s, late_s=trail.late_s + until_s - trail.at_s)


def _is_open(day: Day, behind: tuple[Visit, ...]) -> bool:
    return bool(behind) and day.stops[behind[-1].stop_id].is_open


def _driven_elsewhere(day: Day, state: VehicleState, trail: Trail, until_s: int) -> str | None:
    """Return the stop that positions since the departure lead to instead of the next one."""
    if state.located_s is None or state.located_s <= trail.at_s:
        return None
    seen = positions(day, state.vehicle.id, trail.at_s, until_s)
    first, *others = [(visit.stop_id, day.stops[visit.stop_id]) for visit in trail.ahead]
    places = [(stop_id, stop.stop.location) for stop_id, stop in others if stop.is_open]
    return driven_to(trail.location, seen, first[1].stop.location, places)


def _seen_elsewhere(state: VehicleState, place: Location, from_s: int, to_s: int) -> bool:
    """Tell whether a position reported in a span of time contradicts that the vehicle was at a place."""
    if state.location is None or state.located_s is None or not from_s <= state.located_s <= to_s:
        return False
    return distance_m(state.location, place) > AWAY_M
