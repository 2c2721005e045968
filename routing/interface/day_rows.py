"""Turn rows of stops and vehicles, from files or events, into what a day asks for and offers."""

from __future__ import annotations

from routing.events.asked import DayStop, DayVehicle
from routing.interface.read_fleet import VehicleRow
from routing.interface.read_stops import StopRow


def day_stop(row: StopRow) -> DayStop:
    """Return the stop of a row."""
    stop = row.stop
    return DayStop(
        id=stop.id,
        location=row.location,
        windows=stop.windows,
        service_s=stop.service_s,
        load=stop.load,
        priority=stop.priority,
        address=stop.address,
        columns=stop.columns,
        availability=row.availability,
        attempts=row.attempts,
    )


def day_vehicle(row: VehicleRow) -> DayVehicle:
    """Return the vehicle of a row."""
    vehicle = row.vehicle
    return DayVehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        capacity=vehicle.capacity,
        shift=vehicle.shift,
        start=row.start,
        end=row.end,
    )
