"""What a driver's report says against the day."""

from __future__ import annotations

from collections.abc import Iterator

from routing.events.day import FAILED, SERVED, Fault, StopState
from routing.events.draft import Known
from routing.events.fold_vehicles import is_moot
from routing.events.fold_visits import VisitNews, is_past
from routing.events.news import VehicleArrived, VehicleDelayed, VehicleDeparted, VisitDelayed
from routing.events.types import VisitFailed, VisitServed, VisitStarted

_NAME_STOP = "Name the stop that is meant."


def against_visit(day: Known, event: VisitNews) -> Iterator[Fault]:
    """Yield what speaks against a report of a visit."""
    stop = day.stops[event.stop_id]
    vehicle_id = event.vehicle_id or stop.vehicle_id
    if vehicle_id is None:
        cause = f"stop {event.stop_id} is in no route, so it is not known who was there"
        yield "VEHICLE_MISSING", cause, "Give the vehicle_id."
    if isinstance(event, VisitServed | VisitFailed):
        yield from _against_end(stop, event)
    elif not is_past(stop, event):
        yield from _against_presence(stop, event, vehicle_id)
    carrier = goods_on(stop)
    if carrier is not None and carrier != vehicle_id and stop.state != SERVED:
        cause = f"the goods of stop {event.stop_id} are on board {carrier}, not {vehicle_id}"
        yield "GOODS_ELSEWHERE", cause, f"Name the vehicle that was there, or report it for {carrier}."


def against_vehicle(day: Known, event: VehicleDeparted | VehicleDelayed) -> Iterator[Fault]:
    """Yield what speaks against a departure or a late one."""
    vehicle = day.vehicles[event.vehicle_id]
    if isinstance(event, VehicleDeparted):
        left_s = vehicle.departed_s
        if left_s is not None and not _loaded_since(day, event.vehicle_id, left_s):
            cause = f"{event.vehicle_id} has departed already"
            yield (
                "VEHICLE_LEFT",
                cause,
                "A vehicle departs once for each time it is loaded; name the one that is meant.",
            )
    elif (vehicle.departed_s is not None or vehicle.last_report is not None) and not is_moot(vehicle, event):
        cause = f"{event.vehicle_id} has left its start already"
        yield "VEHICLE_LEFT", cause, "Report a long service (visit_delayed), a break or that it is out of service."


def goods_on(stop: StopState) -> str | None:
    """Return the vehicle that carries a stop's goods, None where it has none or they are on none."""
    return stop.on_board if stop.stop.has_goods else None


def _against_end(stop: StopState, event: VisitServed | VisitFailed) -> Iterator[Fault]:
    if stop.state == SERVED:
        cause = f"stop {event.stop_id} was served by {stop.vehicle_id} already"
        yield "STOP_SERVED", cause, "A stop is served once; name the stop that is meant."
    elif isinstance(event, VisitFailed) and (stop.state == FAILED or is_past(stop, event)):
        yield "STOP_FAILED", f"stop {event.stop_id} has failed already", _NAME_STOP
    if isinstance(event, VisitServed) and event.delivered_load is not None:
        asked = stop.stop.load
        if not 0 <= event.delivered_load <= asked:
            cause = f"{event.delivered_load} units are said to be delivered where {asked} were asked for"
            yield "DELIVERED_LOAD", cause, f"Give 0 to {asked} units."


def _against_presence(
    stop: StopState, event: VehicleArrived | VisitStarted | VisitDelayed, vehicle_id: str | None
) -> Iterator[Fault]:
    """Yield what speaks against a vehicle being at a stop whose visit has not ended by then."""
    if stop.state == SERVED:
        cause = f"stop {event.stop_id} was served by {stop.vehicle_id} already"
        yield "STOP_SERVED", cause, "A stop is served once; name the stop that is meant."
    if not stop.is_open or stop.started_s is None:
        return
    began = f"{stop.vehicle_id} has begun to serve stop {event.stop_id} already"
    if isinstance(event, VisitStarted):
        yield "VISIT_STARTED_TWICE", began, "Report it served or failed, or name the stop that is meant."
    elif vehicle_id != stop.vehicle_id or (isinstance(event, VehicleArrived) and event.effective_at_s > stop.started_s):
        yield "VISIT_UNDER_WAY", began, _NAME_STOP


def _loaded_since(day: Known, vehicle_id: str, since_s: int) -> bool:
    reloads = (
        stop
        for stop in day.stops.values()
        if stop.transfer is not None and stop.transfer.from_vehicle is None and stop.vehicle_id == vehicle_id
    )
    return any(stop.state == SERVED and stop.ended_s is not None and stop.ended_s >= since_s for stop in reloads)
