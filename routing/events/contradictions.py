"""What an event says against the day: refused where it cannot be true, followed with a warning where it can.

What happened on the road wins over what was planned: a stop served out of order, by another vehicle that could have
its goods, or after it was cancelled, is accepted. What no road could bring about is refused. The order of the log
decides, save where a report is of an instant that another report has overtaken:

| what comes late or out of order | what it amounts to |
|---|---|
| served after cancelled | served: the driver's report counts |
| started, or a service delayed, after cancelled | planned again, by that driver, until he reports how it ended |
| arrived after cancelled | still cancelled; it tells where the vehicle is |
| failed after cancelled | still cancelled; one attempt more |
| arrived, started, delayed after served or failed, of an instant before that | it completes the record |
| the same, of an instant after it was served | refused (STOP_SERVED) |
| started after failed, of a later instant | planned again: a further attempt |
| served after failed | served |
| served or failed after served | refused (STOP_SERVED) |
| failed after failed | refused (STOP_FAILED); where a further attempt is open, only of that instant or before |
| served before it began | served, and begun at that instant too |
| a service delayed of which no start is known | begun at the instant of that report |
| arrived twice | the earlier instant, where it is the same vehicle; else the later report's vehicle |
| arrived, started or delayed while another vehicle serves it | refused (VISIT_UNDER_WAY, VISIT_STARTED_TWICE) |
| served or failed by another vehicle than came or is planned | by that other one, if it can have the goods |
| any report of a visit or a departure by a vehicle that is out of service | it works again |
| departed after the first visit | departed; the visits tell where it is |
| departed twice | refused (VEHICLE_LEFT), unless it loaded again in between |
| departed long ago, known only now | the goods of the stops planned for it now are on board |
| delayed at its start, after it departed or visited | refused (VEHICLE_LEFT); nothing where it is of before |
| back in service before it was known to be out, of a later instant | the earlier breakdown amounts to nothing |
| a position or a break of an instant before the last one's | nothing |
| unavailable or available, known before the last word about that | nothing |
| a condition or a word after it was taken back | nothing |
| a word against an earlier one of the same stop | the later word counts; the earlier one again if that is taken back |
| a proposal accepted after another one or other orders came, or its goods left elsewhere | refused (PROPOSAL_STALE) |
| anything after the day was closed | refused (DAY_CLOSED) |
| the same event again | nothing; another one under its id is refused (EVENT_ID_REUSED) |
"""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.events.against_asked import against_change, against_numbers
from routing.events.against_plans import against_answer, against_plan
from routing.events.against_visits import against_vehicle, against_visit
from routing.events.against_words import against_withdrawal, against_word
from routing.events.day import Fault, Word
from routing.events.draft import Known
from routing.events.fold_visits import VisitNews
from routing.events.news import (
    AvailabilityTold,
    BreakTaken,
    CustomerAvailable,
    StopChanged,
    VehicleAdded,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
)
from routing.events.published import PlanProposed, PlanPublished
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    DayStarted,
    Event,
    StopAdded,
    StopCancelled,
    VehicleLocated,
    VehicleOutOfService,
    WindowChanged,
)
from routing.events.words import PlanAccepted, PlanRejected, StopMoved, WordWithdrawn
from routing.problem.model import LOAD

_Happened = VisitNews | VehicleLocated | VehicleOutOfService | VehicleDeparted | VehicleBack | BreakTaken
_OfCustomer = (
    WindowChanged | StopChanged | CustomerUnavailable | CustomerAvailable | AvailabilityTold | StopCancelled | Word
)
"""What only a customer's stop can be told."""
_SEND_ONCE = "Send each event once, with an id of its own."


def contradictions(day: Known, event: Event) -> tuple[Issue, ...]:
    """Return every reason for which an event cannot enter the log."""
    known = day.seen.get(event.id)
    if known is not None:
        cause = f"the id stands for another event ({known.TYPE}) already"
        found = [] if known == event else [("EVENT_ID_REUSED", cause, _SEND_ONCE)]
    elif isinstance(event, DayStarted):
        found = [("DAY_STARTED_TWICE", "the day has begun already", "Make a new day with `routing day new`.")]
    elif day.closed:
        found = [("DAY_CLOSED", "the day is closed", "Send it to the next day, where it still matters.")]
    else:
        found = [*_unknown(day, event)] or [*_against(day, event)]
    where = f"event {event.id} ({event.TYPE})"
    return tuple(Issue(code=code, where=where, cause=cause, action=action) for code, cause, action in found)


def _unknown(day: Known, event: Event) -> Iterator[Fault]:
    vehicle_id = getattr(event, "vehicle_id", None)
    if vehicle_id is not None and vehicle_id not in day.vehicles:
        names = ", ".join(day.vehicles)
        yield "VEHICLE_UNKNOWN", f"vehicle {vehicle_id!r} is not in the fleet", f"Name one of: {names}."
    named = [getattr(event, "stop_id", None)]
    if isinstance(event, StopMoved):
        named.append(event.after_stop_id)
    for stop_id in named:
        if stop_id is not None and stop_id not in day.stops:
            action = "Name a stop of this day, or add it first (stop_added)."
            yield "STOP_UNKNOWN", f"there is no stop {stop_id!r} in this day", action
        elif stop_id is not None and day.stops[stop_id].transfer is not None and isinstance(event, _OfCustomer):
            cause = f"{stop_id} is a transfer of the plan, not a customer's stop"
            yield "NOT_A_STOP", cause, "Name a customer's stop."


def _against(day: Known, event: Event) -> Iterator[Fault]:
    if isinstance(event, _Happened) and event.effective_at_s > event.known_at_s:
        ahead_s = event.effective_at_s - event.known_at_s
        cause = f"it is to happen {ahead_s} s after it was known, but only what has happened can be reported"
        yield "EVENT_AHEAD", cause, "Send it when it happens, or correct effective_at."
    if isinstance(event, VisitNews):
        yield from against_visit(day, event)
    elif isinstance(event, VehicleDeparted | VehicleDelayed):
        yield from against_vehicle(day, event)
    elif isinstance(event, _OfCustomer) and not day.stops[event.stop_id].is_open:
        cause = f"stop {event.stop_id} is {day.stops[event.stop_id].state} already"
        yield "STOP_CLOSED", cause, "Nothing is left to change; add a new stop to go there again."
    elif isinstance(event, Word):
        yield from against_word(day, event)
    elif isinstance(event, StopChanged):
        yield from against_change(day.stops[event.stop_id], event)
    elif isinstance(event, StopAdded | VehicleAdded):
        yield from _against_addition(day, event)
    elif isinstance(event, ConditionWithdrawn | WordWithdrawn):
        yield from against_withdrawal(day, event)
    elif isinstance(event, PlanAccepted | PlanRejected):
        yield from against_answer(day, event)
    elif isinstance(event, PlanPublished | PlanProposed):
        yield from against_plan(day, event if isinstance(event, PlanPublished) else event.plan)
    yield from against_numbers(event)


def _against_addition(day: Known, event: StopAdded | VehicleAdded) -> Iterator[Fault]:
    if isinstance(event, StopAdded):
        if event.stop.id in day.stops:
            cause = f"there is a stop {event.stop.id!r} in this day already"
            yield "DUPLICATE_ID", cause, "Give the new stop an id of its own."
        carrier = event.stop.on_board
        if carrier is not None and carrier not in day.vehicles:
            cause = f"its goods are on board {carrier!r}, which is not in the fleet"
            yield "VEHICLE_UNKNOWN", cause, f"Name one of: {', '.join(day.vehicles)}."
        return
    if event.vehicle.id in day.vehicles:
        cause = f"there is a vehicle {event.vehicle.id!r} in this day already"
        yield "DUPLICATE_ID", cause, "Give the new vehicle an id of its own, or report that one back (vehicle_back)."
    profiles = {state.vehicle.profile for state in day.vehicles.values()}
    if event.vehicle.profile not in profiles:
        cause = f"the day's roads are those of {', '.join(sorted(profiles))}, not of {event.vehicle.profile}"
        yield "PROFILE_MIXED", cause, "Add a vehicle of the fleet's profile."
    room = {**dict(event.vehicle.capacities), LOAD: event.vehicle.capacity}
    for name, amount in ((LOAD, event.vehicle.on_board_load), *event.vehicle.on_board_loads):
        if amount > room.get(name, 0):
            cause = f"it has {amount} of {name} on board and can carry {room.get(name, 0)}"
            yield "NUMBER_RANGE", cause, "Give it the capacity, or take away what it does not carry."
