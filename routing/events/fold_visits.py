"""What drivers report of visits, as it changes the day.

The driver's report wins over what was planned. A report that comes after a later one of the same visit completes the
record (when it arrived, when it began) and changes nothing else; see the table in `contradictions`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from routing.events.day import CANCELLED, FAILED, PLANNED, SERVED, UNASSIGNED, StopState, VehicleState, VisitReport
from routing.events.draft import Draft, Known
from routing.events.news import VehicleArrived, VisitDelayed
from routing.events.types import VisitFailed, VisitServed, VisitStarted

VisitNews = VehicleArrived | VisitStarted | VisitDelayed | VisitServed | VisitFailed
KINDS: Final = ("arrived", "started", "served", "failed")
"""Kinds of report in the order in which they follow each other at one stop; a visit ends in one of the last two."""


def arrived(event: VehicleArrived, day: Draft) -> None:
    """Note that a vehicle is at a stop; whoever it is, he is taken for the one who serves it."""
    stop, vehicle_id = day.stops[event.stop_id], who(day, event)
    if is_past(stop, event) or stop.started_s is not None:
        if stop.vehicle_id == vehicle_id and stop.arrived_s is None:
            day.put_stop(replace(stop, arrived_s=event.effective_at_s))
    elif stop.is_open:
        again = stop.arrived_s is not None and stop.vehicle_id == vehicle_id
        first_s = min(stop.arrived_s, event.effective_at_s) if again and stop.arrived_s else event.effective_at_s
        day.put_stop(replace(stop, vehicle_id=vehicle_id, arrived_s=first_s))
    _reported(day, event, vehicle_id, "arrived")


def started(event: VisitStarted, day: Draft) -> None:
    """Note that a service began; a stop that was closed is open again, for the driver is there."""
    stop, vehicle_id = day.stops[event.stop_id], who(day, event)
    if is_past(stop, event):
        if stop.vehicle_id == vehicle_id and stop.started_s is None:
            day.put_stop(replace(stop, started_s=event.effective_at_s))
    else:
        day.put_stop(_under_way(stop, vehicle_id, event.effective_at_s))
    _reported(day, event, vehicle_id, "started")


def delayed(event: VisitDelayed, day: Draft) -> None:
    """Note when a service is expected to end; one whose start was not told is taken to have begun by then."""
    stop, vehicle_id = day.stops[event.stop_id], who(day, event)
    if is_past(stop, event):
        return
    if stop.started_s is None or not stop.is_open:
        day.put_stop(replace(_under_way(stop, vehicle_id, event.effective_at_s), expected_end_s=event.until_s))
        _reported(day, event, vehicle_id, "started")
        return
    day.put_stop(replace(stop, expected_end_s=event.until_s))
    vehicle = day.vehicles[vehicle_id]
    if vehicle.last_report is not None and vehicle.last_report.stop_id == event.stop_id:
        day.put_vehicle(replace(vehicle, reported_since_plan=True))


def served(event: VisitServed, day: Draft) -> None:
    """Note that a stop was served; after a transfer its goods are on board the vehicle that came for them."""
    stop, vehicle_id = day.stops[event.stop_id], who(day, event)
    load = stop.stop.load if event.delivered_load is None else event.delivered_load
    done = replace(_of(stop, vehicle_id), state=SERVED, ended_s=event.effective_at_s, delivered_load=load)
    if done.started_s is not None and done.started_s > event.effective_at_s:
        done = replace(done, started_s=event.effective_at_s)
    day.put_stop(replace(done, reason="", detail="", expected_end_s=None, not_before_s=None))
    if stop.transfer is not None:
        carried = [day.stops[stop_id] for stop_id in stop.transfer.stop_ids if stop_id in day.stops]
        for state in carried:
            if state.is_open:
                day.put_stop(replace(state, on_board=vehicle_id))
    _reported(day, event, vehicle_id, "served")


def failed(event: VisitFailed, day: Draft) -> None:
    """Note a visit in vain; the stop is asked for again today where the options allow another attempt.

    A cancelled stop stays cancelled. The goods stay on board.
    """
    stop, vehicle_id, at_s = day.stops[event.stop_id], who(day, event), event.effective_at_s
    goods = vehicle_id if stop.stop.has_goods else None
    tried = replace(
        _of(stop, vehicle_id),
        state=FAILED,
        ended_s=at_s,
        failed_s=at_s,
        attempts=stop.attempts + 1,
        reason="",
        detail=event.reason,
        on_board=stop.on_board or goods,
        expected_end_s=None,
        promise=None,
    )
    options = day.started.replan
    if stop.cancelled_s is not None:
        tried = replace(tried, state=CANCELLED)
    elif stop.transfer is None and tried.attempts - tried.stop.attempts < options.attempts_per_day:
        tried = replace(
            tried,
            state=UNASSIGNED,
            vehicle_id=None,
            arrived_s=None,
            started_s=None,
            ended_s=None,
            reason="FAILED_ONCE",
            detail=event.reason or "a visit failed today",
            not_before_s=at_s + options.retry_after_s,
        )
    day.put_stop(tried)
    _reported(day, event, vehicle_id, "failed")


def who(day: Known, event: VisitNews) -> str:
    """Return whose report it is: that of the vehicle it names, or of the planned one."""
    vehicle_id = event.vehicle_id or day.stops[event.stop_id].vehicle_id
    assert vehicle_id is not None  # `contradictions` has refused the event otherwise
    return vehicle_id


def is_past(stop: StopState, event: VisitNews) -> bool:
    """Tell whether a report is of a visit whose end was told already, as served or as failed."""
    ended_s = stop.ended_s if stop.state in (SERVED, FAILED) else stop.failed_s
    return ended_s is not None and event.effective_at_s <= ended_s


def works(vehicle: VehicleState, since_s: int) -> VehicleState:
    """Return a vehicle that works at an instant: it is in service again, whatever was said before."""
    out = vehicle.out if vehicle.out and vehicle.out.effective_at_s > since_s else None
    return replace(vehicle, out=out)


def _under_way(stop: StopState, vehicle_id: str, start_s: int) -> StopState:
    state = stop.state if stop.is_open else PLANNED
    return replace(_of(stop, vehicle_id), state=state, started_s=start_s, ended_s=None)


def _of(stop: StopState, vehicle_id: str) -> StopState:
    """Return a stop as a vehicle's, without what another one reported there."""
    if stop.vehicle_id == vehicle_id:
        return stop
    return replace(stop, vehicle_id=vehicle_id, arrived_s=None, started_s=None, expected_end_s=None)


def _reported(day: Draft, event: VisitNews, vehicle_id: str, kind: str) -> None:
    vehicle, at_s = works(day.vehicles[vehicle_id], event.effective_at_s), event.effective_at_s
    last = vehicle.last_report
    if last is not None:
        same_stop = last.stop_id == event.stop_id
        if last.at_s > at_s or (last.at_s == at_s and same_stop and KINDS.index(last.kind) > KINDS.index(kind)):
            day.put_vehicle(vehicle)
            return
    place = day.stops[event.stop_id].stop.location
    report = VisitReport(stop_id=event.stop_id, kind=kind, at_s=at_s, location=place)
    day.put_vehicle(replace(vehicle, last_report=report, reported_since_plan=True))
