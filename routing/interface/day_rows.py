"""Turn rows of stops and vehicles, from files or events, into what a day asks for and offers."""

from __future__ import annotations

from routing.events.asked import DayStop, DayVehicle
from routing.interface.read_fleet import VehicleRow
from routing.interface.read_stops import StopRow


def day_stop(row: StopRow) -> DayStop:
    """Return the stop of a row."""
    return DayStop(
        id=row.stop_id,
        location=row.location,
        windows=row.windows,
        service_s=row.service_s,
        load=row.load,
        priority=row.priority,
        address=row.address,
        columns=row.columns,
        availability=row.availability,
        attempts=row.attempts,
    )


def day_vehicle(row: VehicleRow) -> DayVehicle:
    """Return the vehicle of a row."""
    return DayVehicle(
        id=row.vehicle_id,
        profile=row.profile,
        capacity=row.capacity,
        shift=row.shift,
        start=row.start,
        end=row.end,
    )
