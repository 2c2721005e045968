"""The fold: one event after the other, in the order of the log, makes the day.

The order of the log decides, not `known_at_s`: what comes late counts from when it came, so that every plan can be
computed again from the events before it. Among reports of one vehicle the latest `effective_at_s` counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from routing.errors import InputError, Issue
from routing.events import fold_asked, fold_plans, fold_vehicles, fold_visits, fold_words
from routing.events.contradictions import contradictions
from routing.events.day import Day, Report, StopState, VehicleState
from routing.events.draft import Draft
from routing.events.news import (
    AvailabilityTold,
    BreakTaken,
    CustomerAvailable,
    StopChanged,
    VehicleAdded,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.published import PlanProposed, PlanPublished
from routing.events.seen import Seen
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
from routing.events.words import (
    DayClosed,
    PlanAccepted,
    PlanRejected,
    StopMoved,
    StopPinned,
    VehicleForbidden,
    WordWithdrawn,
)

NO_NEWS = (PlanPublished, PlanProposed, PlanAccepted, PlanRejected, DayClosed)
"""Events that a plan need not answer."""


def replay(events: Iterable[Event]) -> Day:
    """Return the day that a log amounts to; InputError where the log does not begin with the day."""
    news = iter(events)
    first = next(news, None)
    if first is None:
        raise InputError([_no_start("the log is empty")])
    draft = Draft.of(start(first))
    for event in news:
        _take(draft, event)
    return draft.day()


def start(event: Event) -> Day:
    """Return the day that its first event begins."""
    if not isinstance(event, DayStarted):
        raise InputError([_no_start(f"the first event is {event.TYPE}")])
    return Day(
        started=event,
        now_s=event.known_at_s,
        stops={stop.id: StopState(stop=stop, attempts=stop.attempts, on_board=stop.on_board) for stop in event.stops},
        vehicles={vehicle.id: VehicleState(vehicle=vehicle) for vehicle in event.vehicles},
        seen=Seen().and_(event),
    )


def apply(day: Day, event: Event) -> Day:
    """Return the day after one more event; an event that it knows already changes nothing.

    InputError with every contradiction between the event and the day, which then stays as it was.
    """
    draft = Draft.of(day)
    return draft.day() if _take(draft, event) else day


def _take(draft: Draft, event: Event) -> bool:
    """Put one more event into a draft and tell whether it is news; InputError before anything changes."""
    if draft.seen.get(event.id) == event:
        return False
    faults = contradictions(draft, event)
    if faults:
        raise InputError(faults)
    _happen(event, draft)
    draft.now_s = max(draft.now_s, event.known_at_s)
    draft.seen = draft.seen.and_(event)
    if not isinstance(event, NO_NEWS):
        draft.since_plan.append(event)
    return True


@singledispatch
def _happen(event: Event, day: Draft) -> None:
    raise TypeError(f"no rule for {event.TYPE}")


_happen.register(VehicleArrived, fold_visits.arrived)
_happen.register(VisitStarted, fold_visits.started)
_happen.register(VisitDelayed, fold_visits.delayed)
_happen.register(VisitServed, fold_visits.served)
_happen.register(VisitFailed, fold_visits.failed)

_happen.register(VehicleLocated, fold_vehicles.located)
_happen.register(VehicleDeparted, fold_vehicles.departed)
_happen.register(VehicleOutOfService, fold_vehicles.out_of_service)
_happen.register(VehicleBack, fold_vehicles.back)
_happen.register(VehicleDelayed, fold_vehicles.delayed)
_happen.register(VehicleAdded, fold_vehicles.added)
_happen.register(BreakTaken, fold_vehicles.break_taken)

_happen.register(WindowChanged, fold_asked.window_changed)
_happen.register(StopChanged, fold_asked.changed)
_happen.register(CustomerUnavailable, fold_asked.unavailable)
_happen.register(CustomerAvailable, fold_asked.available)
_happen.register(AvailabilityTold, fold_asked.availability_told)
_happen.register(StopAdded, fold_asked.added)
_happen.register(StopCancelled, fold_asked.cancelled)

_happen.register(StopPinned, fold_words.said)
_happen.register(StopMoved, fold_words.said)
_happen.register(VehicleForbidden, fold_words.said)
_happen.register(WordWithdrawn, fold_words.withdrawn)

_happen.register(PlanPublished, fold_plans.published)
_happen.register(PlanProposed, fold_plans.proposed)
_happen.register(PlanAccepted, fold_plans.accepted)
_happen.register(PlanRejected, fold_plans.rejected)
_happen.register(DayClosed, fold_plans.closed)


@_happen.register(TrafficReported)
@_happen.register(RoadClosed)
@_happen.register(RoadReopened)
@_happen.register(WeatherReported)
def _(event: Report, day: Draft) -> None:
    # A withdrawal may overtake what it takes back.
    if event.id not in day.withdrawn:
        day.reports = (*day.reports, event)


@_happen.register
def _(event: ConditionWithdrawn, day: Draft) -> None:
    day.reports = tuple(report for report in day.reports if report.id != event.event_id)
    day.withdrawn |= {event.event_id}


def _no_start(cause: str) -> Issue:
    return Issue(
        code="DAY_NOT_STARTED",
        where="log",
        cause=cause,
        action="Begin the day with `routing day new`.",
    )
