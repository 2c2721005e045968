"""The fold: one event after the other, in the order of the log, makes the day.

The order of the log decides, not `known_at_s`: what comes late counts from when it came, so that every plan can be
computed again from the events before it. Among reports of one vehicle the latest `effective_at_s` counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import singledispatch

from routing.errors import InputError, Issue
from routing.events.contradictions import contradictions
from routing.events.day import (
    CANCELLED,
    FAILED,
    PLANNED,
    SERVED,
    UNASSIGNED,
    Day,
    Report,
    StopState,
    VehicleState,
    VisitReport,
)
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


def replay(events: Iterable[Event]) -> Day:
    """Return the day that a log amounts to; InputError where the log does not begin with the day."""
    day: Day | None = None
    for event in events:
        day = start(event) if day is None else apply(day, event)
    if day is None:
        raise InputError([_no_start("the log is empty")])
    return day


def start(event: Event) -> Day:
    """Return the day that its first event begins."""
    if not isinstance(event, DayStarted):
        raise InputError([_no_start(f"the first event is {event.TYPE}")])
    return Day(
        started=event,
        now_s=event.known_at_s,
        stops={stop.id: StopState(stop=stop) for stop in event.stops},
        vehicles={vehicle.id: VehicleState(vehicle=vehicle) for vehicle in event.vehicles},
        seen={event.id: event},
    )


def apply(day: Day, event: Event) -> Day:
    """Return the day after one more event; an event that it knows already changes nothing.

    InputError with every contradiction between the event and the day, which then stays as it was.
    """
    if day.seen.get(event.id) == event:
        return day
    faults = contradictions(day, event)
    if faults:
        raise InputError(faults)
    after = _happen(event, day)
    published = isinstance(event, PlanPublished)
    return replace(
        after,
        now_s=max(day.now_s, event.known_at_s),
        seen={**day.seen, event.id: event},
        since_plan=() if published else (*day.since_plan, event),
    )


@singledispatch
def _happen(event: Event, day: Day) -> Day:
    raise TypeError(f"no rule for {event.TYPE}")


@_happen.register
def _(event: VehicleLocated, day: Day) -> Day:
    vehicle = day.vehicles[event.vehicle_id]
    if vehicle.located_s is not None and event.effective_at_s < vehicle.located_s:
        return day
    return _with_vehicle(day, replace(vehicle, location=event.location, located_s=event.effective_at_s))


@_happen.register
def _(event: VisitStarted, day: Day) -> Day:
    stop = day.stops[event.stop_id]
    state = stop.state if stop.is_open else PLANNED
    stop = replace(stop, state=state, vehicle_id=_who(day, event), started_s=event.effective_at_s, ended_s=None)
    return _reported(_with_stop(day, stop), event, "started")


@_happen.register
def _(event: VisitServed, day: Day) -> Day:
    stop = day.stops[event.stop_id]
    load = stop.stop.load if event.delivered_load is None else event.delivered_load
    stop = replace(
        stop,
        state=SERVED,
        vehicle_id=_who(day, event),
        ended_s=event.effective_at_s,
        delivered_load=load,
        reason="",
        detail="",
    )
    return _reported(_with_stop(day, stop), event, "served")


@_happen.register
def _(event: VisitFailed, day: Day) -> Day:
    stop = replace(
        day.stops[event.stop_id],
        state=FAILED,
        vehicle_id=_who(day, event),
        ended_s=event.effective_at_s,
        reason="",
        detail=event.reason,
    )
    return _reported(_with_stop(day, stop), event, "failed")


@_happen.register(TrafficReported)
@_happen.register(RoadClosed)
@_happen.register(RoadReopened)
@_happen.register(WeatherReported)
def _(event: Report, day: Day) -> Day:
    # A withdrawal may overtake what it takes back.
    return day if event.id in day.withdrawn else replace(day, reports=(*day.reports, event))


@_happen.register
def _(event: ConditionWithdrawn, day: Day) -> Day:
    kept = tuple(report for report in day.reports if report.id != event.event_id)
    return replace(day, reports=kept, withdrawn=day.withdrawn | {event.event_id})


@_happen.register
def _(event: WindowChanged, day: Day) -> Day:
    stop = day.stops[event.stop_id]
    return _with_stop(day, replace(stop, stop=replace(stop.stop, windows=event.windows)))


@_happen.register
def _(event: CustomerUnavailable, day: Day) -> Day:
    stop = day.stops[event.stop_id]
    # The last word counts: a customer who gives another time takes the one before back.
    return _with_stop(day, replace(stop, unavailable=((event.effective_at_s, event.until_s),)))


@_happen.register
def _(event: StopAdded, day: Day) -> Day:
    detail = "it came after the last plan; the next re-plan finds a place for it"
    return _with_stop(day, StopState(stop=event.stop, reason="NOT_PLANNED", detail=detail))


@_happen.register
def _(event: StopCancelled, day: Day) -> Day:
    stop = day.stops[event.stop_id]
    return _with_stop(day, replace(stop, state=CANCELLED, ended_s=event.effective_at_s, reason="", detail=""))


@_happen.register
def _(event: VehicleOutOfService, day: Day) -> Day:
    return _with_vehicle(day, replace(day.vehicles[event.vehicle_id], out=event))


@_happen.register
def _(event: PlanPublished, day: Day) -> Day:
    route_of = {visit.stop_id: route.vehicle_id for route in event.routes for visit in (*route.assumed, *route.visits)}
    left_out = {stop_id: (reason, detail) for stop_id, reason, detail in event.unassigned}
    on_board = dict(event.on_board)
    stops = {
        stop_id: _planned(stop, route_of.get(stop_id), left_out.get(stop_id), on_board.get(stop_id))
        for stop_id, stop in day.stops.items()
    }
    vehicles = {vehicle_id: replace(vehicle, reported_since_plan=False) for vehicle_id, vehicle in day.vehicles.items()}
    return replace(day, stops=stops, vehicles=vehicles, plan=event)


def _planned(
    stop: StopState, vehicle_id: str | None, left_out: tuple[str, str] | None, on_board: str | None
) -> StopState:
    if not stop.is_open:
        return stop
    if vehicle_id is not None:
        return replace(stop, state=PLANNED, vehicle_id=vehicle_id, reason="", detail="", on_board=on_board)
    reason, detail = left_out or (stop.reason, stop.detail)
    return replace(stop, state=UNASSIGNED, vehicle_id=None, reason=reason, detail=detail, on_board=on_board)


def _who(day: Day, event: VisitStarted | VisitServed | VisitFailed) -> str:
    vehicle_id = event.vehicle_id or day.stops[event.stop_id].vehicle_id
    assert vehicle_id is not None  # `contradictions` has refused the event otherwise
    return vehicle_id


def _reported(day: Day, event: VisitStarted | VisitServed | VisitFailed, kind: str) -> Day:
    vehicle = day.vehicles[_who(day, event)]
    report = VisitReport(stop_id=event.stop_id, kind=kind, at_s=event.effective_at_s)
    # Who works is in service again, whatever was said before.
    out = vehicle.out if vehicle.out and vehicle.out.effective_at_s > event.effective_at_s else None
    if vehicle.last_report is not None and vehicle.last_report.at_s > report.at_s:
        return _with_vehicle(day, replace(vehicle, out=out))
    return _with_vehicle(day, replace(vehicle, last_report=report, reported_since_plan=True, out=out))


def _with_stop(day: Day, stop: StopState) -> Day:
    stops: Mapping[str, StopState] = {**day.stops, stop.stop.id: stop}
    return replace(day, stops=stops)


def _with_vehicle(day: Day, vehicle: VehicleState) -> Day:
    vehicles: Mapping[str, VehicleState] = {**day.vehicles, vehicle.vehicle.id: vehicle}
    return replace(day, vehicles=vehicles)


def _no_start(cause: str) -> Issue:
    return Issue(
        code="DAY_NOT_STARTED",
        where="log",
        cause=cause,
        action="Begin the day with `routing day new`.",
    )
