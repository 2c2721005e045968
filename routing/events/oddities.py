"""What a dispatcher should know of an event that is followed all the same."""

from __future__ import annotations

from collections.abc import Iterator

from routing.events.against_visits import goods_on
from routing.events.carry_over import undelivered
from routing.events.day import CANCELLED, FAILED, Day, Word
from routing.events.fold_asked import is_overtaken
from routing.events.fold_vehicles import is_moot
from routing.events.fold_visits import VisitNews, is_past
from routing.events.news import (
    BreakTaken,
    CustomerAvailable,
    StopChanged,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    Event,
    StopCancelled,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
)
from routing.events.words import DayClosed, StopMoved, VehicleForbidden, WordWithdrawn

_NOTHING = "it counts for nothing"


def warnings(day: Day, event: Event) -> tuple[str, ...]:
    """Return what is odd about an event that does not contradict the day, in words."""
    if event.id in day.seen:
        return (f"event {event.id} is known already and counts once",)
    said = list(_odd(day, event))
    if event.known_at_s < day.now_s:
        said.append(f"it came late: {day.now_s - event.known_at_s} s after what was known already")
    return tuple(f"event {event.id} ({event.TYPE}): {words}" for words in said)


def _odd(day: Day, event: Event) -> Iterator[str]:
    if isinstance(event, VisitNews):
        yield from _odd_visit(day, event)
    elif isinstance(event, VehicleDeparted | VehicleDelayed | VehicleBack | VehicleOutOfService | BreakTaken):
        yield from _odd_vehicle(day, event)
    elif isinstance(event, Word):
        yield from _odd_word(day, event)
    elif isinstance(event, ConditionWithdrawn | WordWithdrawn):
        if event.event_id in day.withdrawn:
            yield f"event {event.event_id} was taken back already"
        elif event.event_id not in day.seen:
            yield f"there is no event {event.event_id} yet; when it comes it will count for nothing"
    elif isinstance(event, StopCancelled) and day.stops[event.stop_id].started_s is not None:
        yield f"{day.stops[event.stop_id].vehicle_id} is at stop {event.stop_id} already"
    elif isinstance(event, CustomerUnavailable | CustomerAvailable):
        if is_overtaken(day.stops[event.stop_id], event):
            yield f"a later word about that is known; {_NOTHING}"
    elif isinstance(event, StopChanged):
        carrier = goods_on(day.stops[event.stop_id])
        if carrier is not None and event.load is not None:
            yield f"its goods are on board {carrier} already"
    elif isinstance(event, DayClosed):
        left = sum(stop.is_open for stop in day.asked_stops())
        if left:
            yield f"{left} {'stop goes' if left == 1 else 'stops go'} over to the next day unvisited"
        for stop_id, missing in undelivered(day):
            yield f"{missing} units of stop {stop_id} were not delivered and do not go over"


def _odd_visit(day: Day, event: VisitNews) -> Iterator[str]:
    stop = day.stops[event.stop_id]
    vehicle_id = event.vehicle_id or stop.vehicle_id
    if is_past(stop, event) and isinstance(event, VehicleArrived | VisitStarted | VisitDelayed):
        yield f"stop {event.stop_id} had been visited by then; it only completes the record"
    elif stop.state == CANCELLED and isinstance(event, VehicleArrived | VisitFailed):
        yield f"stop {event.stop_id} was cancelled; it stays so"
    elif stop.state in (CANCELLED, FAILED):
        yield f"stop {event.stop_id} was {stop.state}; the driver's report counts"
    elif stop.vehicle_id is None:
        yield f"stop {event.stop_id} was in no route; the driver's report counts"
    elif stop.vehicle_id != vehicle_id:
        yield f"stop {event.stop_id} was planned for {stop.vehicle_id}; the driver's report counts"
    if isinstance(event, VisitServed) and stop.started_s is not None and event.effective_at_s < stop.started_s:
        yield f"stop {event.stop_id} is said to be served before its service began; it counts as begun then"
    if isinstance(event, VisitDelayed) and stop.is_open and stop.started_s is None and not is_past(stop, event):
        yield f"no start of service at stop {event.stop_id} was reported; it counts as begun by then"
    if isinstance(event, VisitStarted):
        under_way = [
            other.stop.id
            for other in day.stops.values()
            if other.is_open and other.started_s is not None and other.vehicle_id == vehicle_id
        ]
        if under_way:
            yield f"{vehicle_id} has not reported how it ended at {', '.join(under_way)}"
    if vehicle_id is not None and day.vehicles[vehicle_id].out is not None:
        yield f"{vehicle_id} was out of service; it works again"


def _odd_vehicle(
    day: Day, event: VehicleDeparted | VehicleDelayed | VehicleBack | VehicleOutOfService | BreakTaken
) -> Iterator[str]:
    vehicle, name, at_s = day.vehicles[event.vehicle_id], event.vehicle_id, event.effective_at_s
    if isinstance(event, VehicleDeparted):
        if vehicle.last_report is not None and vehicle.last_report.at_s < at_s:
            yield f"{name} was at stop {vehicle.last_report.stop_id} before that; its visits tell where it is"
        if vehicle.out is not None:
            yield f"{name} was out of service; it works again"
    elif isinstance(event, VehicleDelayed):
        if is_moot(vehicle, event):
            yield f"{name} has left since; {_NOTHING}"
    elif isinstance(event, VehicleBack):
        if vehicle.out is None:
            yield f"{name} was not out of service"
        elif vehicle.out.effective_at_s > at_s:
            yield f"{name} was reported out of service after that; it stays so"
    elif isinstance(event, VehicleOutOfService):
        if vehicle.back_s is not None and at_s < vehicle.back_s:
            yield f"{name} was reported back since; {_NOTHING}"
    elif vehicle.break_s is not None and at_s < vehicle.break_s[0]:
        yield f"a later break of {name} is known; {_NOTHING}"


def _odd_word(day: Day, event: Word) -> Iterator[str]:
    stop = day.stops[event.stop_id]
    if event.id in day.withdrawn:
        yield f"it was taken back before it came; {_NOTHING}"
    elif isinstance(event, VehicleForbidden):
        if stop.pinned_vehicle == event.vehicle_id:
            yield f"stop {event.stop_id} was pinned to {event.vehicle_id}; the later word counts"
        if goods_on(stop) == event.vehicle_id:
            yield f"the goods of stop {event.stop_id} are on board {event.vehicle_id}"
    else:
        if event.vehicle_id in stop.forbidden:
            yield f"{event.vehicle_id} was forbidden at stop {event.stop_id}; the later word counts"
        if day.vehicles[event.vehicle_id].out is not None:
            yield f"{event.vehicle_id} is out of service"
        if isinstance(event, StopMoved) and _comes_after(day, event.after_stop_id, event.stop_id):
            yield f"stop {event.after_stop_id} was to come after stop {event.stop_id}; the later word counts"


def _comes_after(day: Day, stop_id: str | None, first_id: str) -> bool:
    while stop_id is not None and stop_id in day.stops and stop_id != first_id:
        stop_id = day.stops[stop_id].moved_after
    return stop_id == first_id
