"""What is reported of vehicles, as it changes the day; of two reports of a kind the one of the later instant counts."""

from __future__ import annotations

from dataclasses import replace

from routing.events.day import PLANNED, VehicleState
from routing.events.draft import Draft
from routing.events.fold_visits import works
from routing.events.news import BreakTaken, VehicleAdded, VehicleBack, VehicleDelayed, VehicleDeparted
from routing.events.types import VehicleLocated, VehicleOutOfService


def located(event: VehicleLocated, day: Draft) -> None:
    """Note where a vehicle is."""
    vehicle = day.vehicles[event.vehicle_id]
    if vehicle.located_s is not None and event.effective_at_s < vehicle.located_s:
        return
    day.put_vehicle(replace(vehicle, location=event.location, located_s=event.effective_at_s))


def departed(event: VehicleDeparted, day: Draft) -> None:
    """Note that a vehicle left its start: the goods of the stops that are planned for it now are on board."""
    vehicle = works(day.vehicles[event.vehicle_id], event.effective_at_s)
    left = replace(vehicle, departed_s=event.effective_at_s, delayed_until_s=None)
    day.put_vehicle(left)
    for stop in tuple(day.stops.values()):
        mine = stop.state == PLANNED and stop.vehicle_id == event.vehicle_id
        if mine and stop.stop.has_goods and stop.on_board is None:
            day.put_stop(replace(stop, on_board=event.vehicle_id))


def out_of_service(event: VehicleOutOfService, day: Draft) -> None:
    """Note that a vehicle cannot go on, unless it was reported back from a later instant on."""
    vehicle = day.vehicles[event.vehicle_id]
    if vehicle.back_s is not None and event.effective_at_s < vehicle.back_s:
        return
    day.put_vehicle(replace(vehicle, out=event))


def back(event: VehicleBack, day: Draft) -> None:
    """Note that a vehicle works again, unless it broke down after that."""
    vehicle, at_s = day.vehicles[event.vehicle_id], event.effective_at_s
    back_s = at_s if vehicle.back_s is None else max(at_s, vehicle.back_s)
    day.put_vehicle(replace(works(vehicle, at_s), back_s=back_s))


def delayed(event: VehicleDelayed, day: Draft) -> None:
    """Note when a vehicle can leave; the last word counts."""
    vehicle = day.vehicles[event.vehicle_id]
    if not is_moot(vehicle, event):
        day.put_vehicle(replace(vehicle, delayed_until_s=event.until_s))


def is_moot(vehicle: VehicleState, event: VehicleDelayed) -> bool:
    """Tell whether a vehicle was reported to have left since the instant of a report that it could not."""
    last = vehicle.last_report
    left = (vehicle.departed_s, last.at_s if last is not None else None)
    return any(left_s is not None and left_s >= event.effective_at_s for left_s in left)


def added(event: VehicleAdded, day: Draft) -> None:
    """Offer one more vehicle."""
    day.put_vehicle(VehicleState(vehicle=event.vehicle, added=True))


def break_taken(event: BreakTaken, day: Draft) -> None:
    """Note a break."""
    vehicle = day.vehicles[event.vehicle_id]
    if vehicle.break_s is not None and event.effective_at_s < vehicle.break_s[0]:
        return
    day.put_vehicle(replace(vehicle, break_s=(event.effective_at_s, event.until_s)))
