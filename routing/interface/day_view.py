"""What a dispatcher wants to see of a day, as plain values: for the terminal's tables and for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from routing.events.day import STATES, Day
from routing.events.published import PlanPublished, PublishedRoute
from routing.events.types import Event, RoadClosed, RoadReopened, TrafficReported, WeatherReported
from routing.interface.day_document import transfer_words
from routing.plan.model import Visit
from routing.replan.progress import Lines, Progress, progress_of
from routing.travel.conditions import AlongLine, BetweenNodes, Condition, OnWay, Where, fading_s
from routing.units import format_clock, format_duration, format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleView:
    """Hold one vehicle's line."""

    vehicle_id: str
    activity: str
    """In words."""
    next_stop: str | None
    next_address: str
    next_arrival: str | None
    stops_left: int
    late: int
    lateness_s: int
    back: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """Hold one published plan's line."""

    version: int
    published: str
    reason: str
    searched: bool
    adopted: bool
    on_time: int
    late: int
    lateness_s: int
    unassigned: int
    drive_s: int
    moved: int
    """Stops that went to another vehicle or another place in the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """Hold the day."""

    date: str
    time_zone: str
    now: str
    version: int | None
    stops: dict[str, int]
    """Count by state."""
    vehicles: tuple[VehicleView, ...]
    unassigned: tuple[dict[str, str], ...]
    conditions: tuple[dict[str, str], ...]
    plans: tuple[PlanView, ...]
    proposal: str | None
    """Id of the plan that waits for the dispatcher's word."""
    replan: dict[str, int | float | bool | None]
    """What changes of plan cost, and what is frozen."""
    closed: bool
    waiting_for_plan: tuple[str, ...]
    """Ids of events that no plan has taken up, because they change nothing or a re-plan is still to come."""

    def as_values(self) -> dict[str, object]:
        """Return the day as JSON values."""
        return asdict(self)


def day_view(day: Day, events: Iterable[Event], lines: Lines, now_s: int) -> DayView:
    """Return the day at an instant; `events` is the whole log, for the story of its plans."""
    zone, counts = day.started.time_zone, Counter(stop.state for stop in day.asked_stops())
    routes = {route.vehicle_id: route for route in (day.plan.routes if day.plan else ())}
    return DayView(
        date=day.started.date,
        time_zone=zone,
        now=format_instant(now_s, zone),
        version=day.plan.version if day.plan else None,
        stops={state: counts[state] for state in STATES},
        vehicles=tuple(
            _vehicle(day, progress_of(day, vehicle_id, now_s, lines), routes.get(vehicle_id))
            for vehicle_id in day.vehicles
        ),
        unassigned=tuple(
            {
                "stop_id": stop.stop.id,
                "address": stop.stop.address,
                "reason": stop.reason or "NOT_PLANNED",
                "detail": stop.detail,
            }
            for stop in day.in_state("unassigned")
        ),
        conditions=tuple(
            {
                "event_id": report.id,
                "type": report.TYPE,
                "what": _condition_words(report),
                "from": format_instant(report.effective_at_s, zone),
                "until": "" if ends_s is None else format_instant(ends_s, zone),
            }
            for report, ends_s in zip(day.reports, map(_ends_s, day.conditions()), strict=True)
            if ends_s is None or ends_s > now_s
        ),
        plans=tuple(_plan(event, zone) for event in events if isinstance(event, PlanPublished)),
        proposal=None if day.proposal is None else day.proposal.id,
        replan=asdict(day.started.replan),
        closed=day.closed,
        waiting_for_plan=tuple(event.id for event in day.since_plan),
    )


def _vehicle(day: Day, progress: Progress, route: PublishedRoute | None) -> VehicleView:
    zone = day.started.time_zone
    planned: dict[str, Visit] = {visit.stop_id: visit for visit in (route.visits if route else ())}
    ahead = [planned[stop_id] for stop_id in progress.order if stop_id in planned]
    following = ahead[0] if ahead else None
    late = [visit.lateness_s for visit in ahead if visit.lateness_s]
    transfer = day.stops[following.stop_id].transfer if following else None
    return VehicleView(
        vehicle_id=progress.vehicle_id,
        activity=_activity(progress, route, zone),
        next_stop=following.stop_id if following else None,
        next_address=transfer_words(transfer)
        if transfer
        else day.stops[following.stop_id].stop.address
        if following
        else "",
        next_arrival=format_instant(following.arrive_s, zone) if following else None,
        stops_left=len(progress.order),
        late=len(late),
        lateness_s=sum(late),
        back=format_instant(route.end_s, zone) if route and progress.activity != "stranded" else None,
    )


def _activity(progress: Progress, route: PublishedRoute | None, zone: str) -> str:
    until = format_clock(progress.free_s, zone)
    match progress.activity:
        case "at_start":
            leaves = route is not None and bool(progress.order)
            return f"at its start, leaves {format_clock(route.start_s, zone)}" if leaves and route else "not used"
        case "driving":
            return f"driving to {progress.committed}" if progress.committed else "driving"
        case "waiting":
            return f"waiting at {progress.committed}"
        case "serving":
            return f"at {progress.serving} until {until}"
        case "paused":
            return f"out of service until {until}"
        case "stranded":
            return "out of service"
        case "returned":
            return "back"
    return "stopped"


def _plan(event: PlanPublished, zone: str) -> PlanView:
    return PlanView(
        version=event.version,
        published=format_instant(event.known_at_s, zone),
        reason=event.reason,
        searched=event.searched,
        adopted=event.adopted,
        on_time=event.after.on_time,
        late=event.after.late,
        lateness_s=event.after.lateness_s,
        unassigned=event.after.unassigned,
        drive_s=event.after.drive_s,
        moved=sum(change.kind in ("vehicle", "order") for change in event.changes),
    )


def _ends_s(condition: Condition) -> int | None:
    """Return the instant from which nothing is left of a condition, its fading included; None: not known."""
    fading = fading_s(condition)
    return condition.until_s if fading is None else fading[1]


def _condition_words(report: object) -> str:
    if isinstance(report, WeatherReported):
        return f"{report.condition.replace('_', ' ')} {'in an area' if report.area else 'everywhere'}"
    if isinstance(report, RoadReopened):
        return f"open again: {where_words(report.where)}"
    if isinstance(report, RoadClosed):
        return f"closed: {where_words(report.where)}"
    assert isinstance(report, TrafficReported)  # the last kind
    if report.delay_s is not None:
        how = f"{format_duration(report.delay_s)} delay"
    elif report.speed_kph is not None:
        how = f"{report.speed_kph:g} km/h"
    else:
        how = f"{report.speed_factor or 1:.0%} of the usual speed"
    return f"{how}: {where_words(report.where)}"


def where_words(where: Where) -> str:
    """Return a place in words."""
    match where:
        case OnWay():
            return f"way {where.way_id}" + ("" if where.direction == "both" else f" {where.direction}")
        case BetweenNodes():
            return f"node {where.from_osm_id} to {where.to_osm_id}"
        case AlongLine():
            return f"a line of {len(where.points_deg)} points"
    return "an area"
