"""What an event says against the day: refused where it cannot be true, followed with a warning where it can.

What happened on the road wins over what was planned: a stop served out of order, by another vehicle that could have
its goods, or after it was cancelled, is accepted. What no road could bring about is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.events.day import CANCELLED, FAILED, SERVED, Day, StopState
from routing.events.published import PlanPublished
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    DayStarted,
    Event,
    RoadClosed,
    RoadReopened,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
    WeatherReported,
    WindowChanged,
)
from routing.events.words import PlanAccepted, PlanRejected

_Visit = (VisitStarted, VisitServed, VisitFailed)
_Condition = (TrafficReported, RoadClosed, RoadReopened, WeatherReported)
_SEND_ONCE = "Send each event once, with an id of its own."


def contradictions(day: Day, event: Event) -> tuple[Issue, ...]:
    """Return every reason for which an event cannot enter the log."""
    found: list[Issue] = []

    def fault(code: str, cause: str, action: str) -> None:
        found.append(Issue(code=code, where=f"event {event.id} ({event.TYPE})", cause=cause, action=action))

    known = day.seen.get(event.id)
    if known is not None:
        if known != event:
            fault("EVENT_ID_REUSED", f"the id stands for another event ({known.TYPE}) already", _SEND_ONCE)
        return tuple(found)
    if isinstance(event, DayStarted):
        fault("DAY_STARTED_TWICE", "the day has begun already", "Make a new day with `routing day new`.")
    vehicle_id = getattr(event, "vehicle_id", None)
    if vehicle_id is not None and vehicle_id not in day.vehicles:
        names = ", ".join(day.vehicles)
        fault("VEHICLE_UNKNOWN", f"vehicle {vehicle_id!r} is not in the fleet", f"Name one of: {names}.")
    stop_id = getattr(event, "stop_id", None)
    if stop_id is not None and stop_id not in day.stops:
        action = "Name a stop of this day, or add it first (stop_added)."
        fault("STOP_UNKNOWN", f"there is no stop {stop_id!r} in this day", action)
    if found:
        return tuple(found)
    for code, cause, action in _against(day, event):
        fault(code, cause, action)
    return tuple(found)


def warnings(day: Day, event: Event) -> tuple[str, ...]:
    """Return what a dispatcher should know of an event that is followed all the same."""
    if event.id in day.seen:
        return (f"event {event.id} is known already and counts once",)
    said = list(_odd(day, event))
    if event.known_at_s < day.now_s:
        said.append(f"it came late: {day.now_s - event.known_at_s} s after what was known already")
    return tuple(f"event {event.id} ({event.TYPE}): {words}" for words in said)


def _against(day: Day, event: Event) -> Iterator[tuple[str, str, str]]:
    if isinstance(event, (*_Visit, VehicleLocated, VehicleOutOfService)):
        ahead_s = event.effective_at_s - event.known_at_s
        if ahead_s > 0:
            cause = f"it is to happen {ahead_s} s after it was known, but only what has happened can be reported"
            yield "EVENT_AHEAD", cause, "Send it when it happens, or correct effective_at."
    if isinstance(event, _Visit):
        yield from _against_visit(day, event)
    elif isinstance(event, (WindowChanged, CustomerUnavailable, StopCancelled)):
        stop = day.stops[event.stop_id]
        if not stop.is_open:
            cause = f"stop {event.stop_id} is {stop.state} already"
            yield "STOP_CLOSED", cause, "Nothing is left to change; add a new stop to go there again."
    elif isinstance(event, StopAdded) and event.stop.id in day.stops:
        cause = f"there is a stop {event.stop.id!r} in this day already"
        yield "DUPLICATE_ID", cause, "Give the new stop an id of its own."
    elif isinstance(event, ConditionWithdrawn):
        meant = day.seen.get(event.event_id)
        if meant is not None and not isinstance(meant, _Condition):
            cause = f"event {event.event_id} is {meant.TYPE}, not a condition"
            yield "NOT_A_CONDITION", cause, "Name an event of traffic, of a closure, of a reopening or of weather."
    elif isinstance(event, PlanAccepted | PlanRejected):
        if day.proposal is None or day.proposal.id != event.proposal_id:
            cause = f"no proposal {event.proposal_id} waits for a word"
            yield "PROPOSAL_UNKNOWN", cause, "Name the proposal that is pending; look at the day again."
    elif isinstance(event, PlanPublished):
        expected = 1 if day.plan is None else day.plan.version + 1
        if event.version != expected:
            cause = f"it is version {event.version} where {expected} is next"
            yield "PLAN_VERSION", cause, "Read the day again and plan from its last version."


def _against_visit(day: Day, event: VisitStarted | VisitServed | VisitFailed) -> Iterator[tuple[str, str, str]]:
    stop = day.stops[event.stop_id]
    vehicle_id = event.vehicle_id or stop.vehicle_id
    if vehicle_id is None:
        cause = f"stop {event.stop_id} is in no route, so it is not known who was there"
        yield "VEHICLE_MISSING", cause, "Give the vehicle_id."
    if stop.state == SERVED:
        cause = f"stop {event.stop_id} was served by {stop.vehicle_id} already"
        yield "STOP_SERVED", cause, "A stop is served once; name the stop that is meant."
    elif isinstance(event, VisitFailed) and stop.state == FAILED:
        yield "STOP_FAILED", f"stop {event.stop_id} has failed already", "Name the stop that is meant."
    elif isinstance(event, VisitStarted) and stop.is_open and stop.started_s is not None:
        cause = f"{stop.vehicle_id} has begun to serve stop {event.stop_id} already"
        yield "VISIT_STARTED_TWICE", cause, "Report it served or failed, or name the stop that is meant."
    carrier = _carrier(stop)
    if carrier is not None and carrier != vehicle_id and stop.state != SERVED:
        cause = f"the goods of stop {event.stop_id} are on board {carrier}, not {vehicle_id}"
        yield "GOODS_ELSEWHERE", cause, f"Name the vehicle that was there, or report it for {carrier}."
    if isinstance(event, VisitServed) and event.delivered_load is not None:
        asked = stop.stop.load
        if not 0 <= event.delivered_load <= asked:
            cause = f"{event.delivered_load} units are said to be delivered where {asked} were asked for"
            yield "DELIVERED_LOAD", cause, f"Give 0 to {asked} units."


def _carrier(stop: StopState) -> str | None:
    return stop.on_board if stop.stop.load > 0 else None


def _odd(day: Day, event: Event) -> Iterator[str]:
    if isinstance(event, _Visit):
        stop = day.stops[event.stop_id]
        vehicle_id = event.vehicle_id or stop.vehicle_id
        if stop.state in (CANCELLED, FAILED):
            yield f"stop {event.stop_id} was {stop.state}; the driver's report counts"
        elif stop.vehicle_id is None:
            yield f"stop {event.stop_id} was in no route; the driver's report counts"
        elif stop.vehicle_id != vehicle_id:
            yield f"stop {event.stop_id} was planned for {stop.vehicle_id}; the driver's report counts"
        under_way = [
            other.stop.id
            for other in day.stops.values()
            if other.is_open and other.started_s is not None and other.vehicle_id == vehicle_id
        ]
        if isinstance(event, VisitStarted) and under_way:
            yield f"{vehicle_id} has not reported how it ended at {', '.join(under_way)}"
        if vehicle_id is not None and day.vehicles[vehicle_id].out is not None:
            yield f"{vehicle_id} was out of service; it works again"
    elif isinstance(event, ConditionWithdrawn) and event.event_id not in day.seen:
        yield f"there is no event {event.event_id} yet; when it comes it will count for nothing"
    elif isinstance(event, StopCancelled) and day.stops[event.stop_id].started_s is not None:
        yield f"{day.stops[event.stop_id].vehicle_id} is at stop {event.stop_id} already"
