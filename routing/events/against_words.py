"""What a dispatcher's word says against the day."""

from __future__ import annotations

from collections.abc import Iterator

from routing.events.against_visits import goods_on
from routing.events.day import Fault, Report, Word
from routing.events.draft import Known
from routing.events.fit import unfit
from routing.events.types import ConditionWithdrawn
from routing.events.words import StopMoved, StopPinned, VehicleForbidden, WordWithdrawn


def against_word(day: Known, event: Word) -> Iterator[Fault]:
    """Yield what speaks against a pin, a move or a ban."""
    if isinstance(event, VehicleForbidden):
        return
    stop = day.stops[event.stop_id]
    carrier = goods_on(stop)
    if carrier is not None and carrier != event.vehicle_id:
        out = day.vehicles[carrier].out
        # Who is to fetch the goods of a broken vehicle is the dispatcher's choice.
        if out is None or out.until_s is not None:
            cause = f"the goods of stop {event.stop_id} are on board {carrier}"
            yield "GOODS_ELSEWHERE", cause, f"Leave the stop with {carrier}."
    fault = unfit(day.vehicles[event.vehicle_id].vehicle, stop.stop)
    if fault is not None and carrier != event.vehicle_id:
        yield "VEHICLE_UNFIT", fault[1], f"Choose a vehicle that may serve stop {event.stop_id}."
    if stop.started_s is not None and stop.vehicle_id != event.vehicle_id:
        cause = f"{stop.vehicle_id} is serving stop {event.stop_id} already"
        yield "VISIT_UNDER_WAY", cause, "Name the stop that is meant."
    if isinstance(event, StopPinned) and event.position is not None and event.position < 0:
        yield "POSITION_NEGATIVE", f"the position is {event.position}", "Count from 0, the vehicle's next free visit."
    if isinstance(event, StopMoved) and event.after_stop_id is not None:
        yield from _against_place(day, event, event.after_stop_id)


def against_withdrawal(day: Known, event: ConditionWithdrawn | WordWithdrawn) -> Iterator[Fault]:
    """Yield what speaks against taking an event back."""
    meant = day.seen.get(event.event_id)
    if isinstance(event, ConditionWithdrawn):
        if meant is not None and not isinstance(meant, Report):
            cause = f"event {event.event_id} is {meant.TYPE}, not a condition"
            yield "NOT_A_CONDITION", cause, "Name an event of traffic, of a closure, of a reopening or of weather."
    elif meant is not None and not isinstance(meant, Word):
        cause = f"event {event.event_id} is {meant.TYPE}, not a word of the dispatcher"
        yield "NOT_A_WORD", cause, "Name a stop_pinned, a stop_moved or a vehicle_forbidden."


def _against_place(day: Known, event: StopMoved, after_id: str) -> Iterator[Fault]:
    after = day.stops[after_id]
    cause = ""
    if after_id == event.stop_id:
        cause = f"stop {after_id} cannot come after itself"
    elif not after.is_open:
        cause = f"stop {after_id} is {after.state} already"
    elif (after.pinned_vehicle or after.vehicle_id) != event.vehicle_id:
        whose = after.pinned_vehicle or after.vehicle_id
        cause = f"stop {after_id} is with {whose}" if whose else f"stop {after_id} is in no route"
    if cause:
        action = f"Name an open stop of {event.vehicle_id}, or none for its next free visit."
        yield "MOVE_AFTER", cause, action
