"""Where each vehicle is at an instant, by its reports and, between them, by its plan.

Where no report came, the plan's own times are assumed to have happened, shifted by what the vehicle's last report
showed: who was ten minutes late at one stop is assumed ten minutes late at the next, less what waiting makes up for.
A report always beats an assumption, also for a visit that was assumed to be made before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.events.day import Day, VehicleState
from routing.events.published import PublishedRoute
from routing.network.location import Location
from routing.plan.model import Visit
from routing.replan.along import Line, along_line, distance_m, with_heading
from routing.replan.deviation import positions
from routing.replan.outage import outage
from routing.replan.trail import AWAY_M, STILL_S, Trail, begun_visit, expected, follow, leaves_s

Lines = Mapping[str, Sequence[Line]]
"""The lines of the current plan's legs by vehicle id, as its document holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Say where a vehicle is and what it can do next."""

    vehicle_id: str
    activity: str
    """`at_start`, `driving`, `waiting`, `serving`, `stopped`, `paused`, `stranded` or `returned`."""
    location: Location
    """Where it goes on from; with a heading where its plan says how it is driving."""
    free_s: int
    """When it goes on from there; before now where that is where it was last seen."""
    left: bool
    """True where it has left its start: its goods are on board."""
    serving: str | None = None
    last_place: Location
    """Where it was for certain before: it stands for `location` where no road is near that, from `last_s` on."""
    last_s: int
    """For a vehicle that is back: since when."""
    committed: str | None = None
    """The stop that it is driving to or waiting at."""
    assumed: tuple[Visit, ...] = ()
    """Visits without a report of their end that are taken as made, or as going on."""
    order: tuple[str, ...] = ()
    """Stops that remain, in the order of the plan."""


def progress_of(day: Day, vehicle_id: str, now_s: int, lines: Lines) -> Progress:
    """Return where a vehicle is at an instant and what remains for it."""
    state, route = day.vehicles[vehicle_id], _route(day, vehicle_id)
    out, is_news = outage(day, state, route)
    if out is None:
        return _resting(state, _moving(day, state, route, now_s, lines), now_s)
    if is_news:
        # The plan does not know of it yet: it went on as planned until it stopped.
        before = _moving(day, state, route, min(now_s, out.effective_at_s), lines)
    else:
        before = _moving(day, state, route, now_s, lines)
        if out.until_s is not None and out.until_s <= now_s and out is state.out:
            return _resting(state, before, now_s)
        if route is not None:
            before = replace(before, location=route.start, last_place=route.start)
    location = out.location or before.location
    stands = replace(before, location=location, committed=None, serving=None)
    if out.until_s is None:
        return replace(stands, activity="stranded", free_s=max(out.effective_at_s, now_s))
    free_s = max(out.until_s, now_s)
    if not before.left:
        free_s = max(free_s, before.free_s)
    return _resting(state, replace(stands, activity="paused" if free_s > now_s else "stopped", free_s=free_s), now_s)


def _resting(state: VehicleState, progress: Progress, now_s: int) -> Progress:
    """Let a vehicle whose driver takes a break go on after it."""
    if state.break_s is None or not state.break_s[0] <= now_s < state.break_s[1]:
        return progress
    activity = "paused" if progress.activity in ("driving", "stopped") else progress.activity
    return replace(progress, activity=activity, free_s=max(progress.free_s, state.break_s[1]))


def _moving(day: Day, state: VehicleState, route: PublishedRoute | None, now_s: int, lines: Lines) -> Progress:
    """Return the progress of a vehicle that nothing keeps from driving."""
    vehicle, report = state.vehicle, state.last_report
    free_s = max(vehicle.shift.start_s, now_s, state.delayed_until_s or 0)
    at_start = Progress(
        vehicle_id=vehicle.id,
        activity="at_start",
        location=vehicle.start,
        free_s=free_s,
        left=False,
        last_place=vehicle.start,
        last_s=free_s,
        order=_open_ids(day, route.visits if route else (), ()),
    )
    if route is not None and (route.left or state.reported_since_plan):
        return _on_route(day, state, route, now_s, lines)
    if report is not None:
        return _without_plan(day, state, at_start, now_s)
    if state.departed_s is not None and state.departed_s <= now_s:
        if route is not None:
            return _on_route(day, state, route, now_s, lines)
        return replace(at_start, activity="stopped", free_s=now_s, last_s=state.departed_s, left=True)
    due = route is not None and leaves_s(state, route) <= now_s
    if state.location is not None and state.located_s is not None and state.located_s <= now_s:
        away = distance_m(state.location, vehicle.start) > AWAY_M
        if away and not due:
            # It left before its time.
            first = at_start.order[0] if at_start.order else None
            seen = replace(at_start, location=state.location, free_s=state.located_s)
            return replace(seen, activity="driving", left=True, committed=first)
        if not away and due and route is not None and state.located_s >= leaves_s(state, route):
            unseen = replace(state, location=None, located_s=None)
            planned = _on_route(day, unseen, route, state.located_s, lines)
            if distance_m(planned.location, state.location) > AWAY_M:
                # Loaded and late: it still stood at its start when it should have been elsewhere.
                return replace(at_start, activity="stopped", free_s=now_s, left=True)
    return _on_route(day, state, route, now_s, lines) if due and route is not None else at_start


def _without_plan(day: Day, state: VehicleState, at_start: Progress, now_s: int) -> Progress:
    """Return the progress of a vehicle that works although the plan has no route for it."""
    report = state.last_report
    assert report is not None
    stop = day.stops[report.stop_id]
    here = replace(at_start, activity="stopped", location=report.location, free_s=max(report.at_s, now_s), left=True)
    if report.kind not in ("arrived", "started") or not stop.is_open:
        return here
    visit = begun_visit(stop, report.kind, report.at_s, None, state.vehicle.type)
    only_reports = not day.started.replan.assumes_visits
    silent = only_reports and report.kind == "arrived"
    if silent or visit.start_s > now_s:
        order = _first((*here.order, visit.stop_id), visit.stop_id)
        free_s = report.at_s + visit.setup_s if visit.start_s > now_s else now_s
        return replace(here, activity="waiting", free_s=free_s, committed=visit.stop_id, order=order)
    if only_reports and visit.depart_s <= now_s:
        visit = replace(visit, depart_s=now_s + STILL_S)
    here = replace(here, assumed=(visit,))
    if visit.depart_s > now_s:
        here = replace(here, activity="serving", serving=visit.stop_id, free_s=visit.depart_s)
    return here


def _on_route(day: Day, state: VehicleState, route: PublishedRoute, now_s: int, lines: Lines) -> Progress:
    trail = follow(day, state, route, now_s)
    behind = tuple(visit for visit in trail.behind if day.stops[visit.stop_id].is_open)
    here = Progress(
        vehicle_id=route.vehicle_id,
        activity="stopped",
        location=trail.location,
        free_s=max(trail.at_s, now_s),
        left=True,
        last_place=trail.location,
        last_s=trail.at_s,
        assumed=behind,
        order=_open_ids(day, (*trail.skipped, *trail.ahead), behind),
    )
    if behind and behind[-1].depart_s > now_s:
        return replace(here, activity="serving", serving=behind[-1].stop_id, free_s=behind[-1].depart_s)
    if trail.at_door:
        next_id = trail.ahead[0].stop_id
        order = _first(here.order, next_id)
        return replace(here, activity="waiting", free_s=trail.at_s, committed=next_id, order=order)
    if not here.order and trail.location == state.vehicle.end:
        return replace(here, activity="returned")
    if not trail.next_known or trail.at_s >= now_s:
        # A plan of this very moment has it on the road: to the stop that it was told then.
        told = (
            trail.ahead[0].stop_id if trail.next_known and trail.ahead and _begins_on_road(day, route, trail) else None
        )
        return replace(here, activity="driving", committed=told) if told in here.order else here
    if trail.driven_to is not None and state.location is not None and state.located_s is not None:
        order = _first(here.order, trail.driven_to)
        seen = replace(here, location=_bearing(day, state, trail, now_s), free_s=state.located_s, order=order)
        return replace(seen, activity="driving", committed=trail.driven_to)
    if trail.ahead:
        stop = day.stops[trail.ahead[0].stop_id]
        target, committed = stop.stop.location, stop.stop.id if stop.is_open else None
        arrive_s = expected(trail.ahead[0], trail, stop.stop, state.break_s)[0]
    else:
        target, committed = state.vehicle.end, None
        last_s = route.visits[-1].depart_s if route.visits else route.start_s
        arrive_s = trail.at_s + route.end_s - last_s
        if arrive_s <= now_s:
            return replace(here, activity="returned", location=target, free_s=now_s, last_place=target, last_s=arrive_s)
    location, free_s = _on_the_way(state, route, trail, target, (arrive_s, now_s), lines)
    return replace(here, activity="driving", location=location, free_s=free_s, committed=committed)


def _begins_on_road(day: Day, route: PublishedRoute, trail: Trail) -> bool:
    """Tell whether nothing has happened on a route that begins between two places where a vehicle stops."""
    vehicle = day.vehicles[route.vehicle_id].vehicle
    if not route.left or (trail.location, trail.ahead) != (route.start, route.visits):
        return False
    return route.start not in (vehicle.start, vehicle.end) and not any(
        state.stop.location == route.start for state in day.stops.values()
    )


def _on_the_way(
    state: VehicleState,
    route: PublishedRoute,
    trail: Trail,
    target: Location,
    times_s: tuple[int, int],
    lines: Lines,
) -> tuple[Location, int]:
    """Return where a driving vehicle was seen since it departed, and when; else the share of its leg till now."""
    arrive_s, now_s = times_s
    number = len(route.visits) - len(trail.ahead)
    drawn = lines.get(route.vehicle_id, ())
    line: Line = drawn[number] if 0 <= number < len(drawn) else ()
    share = _share(trail.at_s, arrive_s, now_s, state.break_s)
    if state.location is not None and state.located_s is not None and trail.at_s < state.located_s <= now_s:
        return with_heading(state.location, line, share), state.located_s
    if len(line) > 1:
        return along_line(line, share), now_s
    # Nothing tells which road it took, so its heading means nothing either.
    straight = tuple((place.lat_deg, place.lon_deg) for place in (trail.location, target))
    return replace(along_line(straight, share), heading_deg=None), now_s


def _share(from_s: int, until_s: int, now_s: int, break_s: tuple[int, int] | None) -> float:
    """Return what share of a drive lies behind at an instant, the break within it left out."""
    gone_s, whole_s = now_s - from_s, until_s - from_s
    if break_s is not None and from_s <= break_s[0] < until_s:
        gone_s -= max(0, min(now_s, break_s[1]) - break_s[0])
        whole_s -= break_s[1] - break_s[0]
    return gone_s / max(1, whole_s)


def _bearing(day: Day, state: VehicleState, trail: Trail, now_s: int) -> Location:
    """Return the last position of a driver who follows no plan, heading as he came there."""
    *_, (_, before), (_, last) = positions(day, state.vehicle.id, trail.at_s, now_s)
    return with_heading(last, ((before.lat_deg, before.lon_deg), (last.lat_deg, last.lon_deg)), 1.0)


def _first(order: Sequence[str], stop_id: str) -> tuple[str, ...]:
    return (stop_id, *(each for each in order if each != stop_id))


def _route(day: Day, vehicle_id: str) -> PublishedRoute | None:
    routes = day.plan.routes if day.plan else ()
    return next((route for route in routes if route.vehicle_id == vehicle_id), None)


def _open_ids(day: Day, visits: Sequence[Visit], behind: Sequence[Visit]) -> tuple[str, ...]:
    """Return the ids of the visits whose stops are open and not behind."""
    gone = {visit.stop_id for visit in behind}
    return tuple(visit.stop_id for visit in visits if day.stops[visit.stop_id].is_open and visit.stop_id not in gone)
