"""Turn rows of stops and vehicles, from files or events, into what a day asks for and offers."""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.events.asked import DayStop, DayVehicle
from routing.interface.read_fleet import VehicleRow
from routing.interface.read_inputs import DayInputs
from routing.interface.read_stops import StopRow
from routing.plan.engines.registry import Constraint
from routing.replan.carried import not_of_day, refused


def faults_of_day(inputs: DayInputs) -> Iterator[Issue]:
    """Yield a fault for each thing that files ask for and a day cannot carry, and for vehicles that it lacks."""
    fleet = {row.vehicle.id for row in inputs.vehicles}
    for row in inputs.stops:
        where, stop = f"stop {row.stop.id}", row.stop
        yield from stop_faults(row, where)
        named = (*(stop.allowed_vehicles or ()), *stop.forbidden_vehicles, *(key for key, _ in stop.vehicle_fees))
        for vehicle_id in dict.fromkeys((*named, stop.on_board)):
            if vehicle_id is not None and vehicle_id not in fleet:
                cause, action = (
                    f"It names {vehicle_id}, which is no vehicle of the fleet.",
                    "Name vehicles of the fleet.",
                )
                yield Issue(code="VEHICLE_UNKNOWN", where=where, cause=cause, action=action)
    for vehicle in inputs.vehicles:
        yield from vehicle_faults(vehicle, f"vehicle {vehicle.vehicle.id}")
    yield from not_of_day("objective", inputs.objective)
    if inputs.depots:
        yield refused("depots", Constraint.RELOADS)
    if len({row.vehicle.profile for row in inputs.vehicles}) > 1:
        yield refused("profiles", Constraint.PROFILES)


def stop_faults(row: StopRow, where: str) -> Iterator[Issue]:
    """Yield a fault for each thing that a row asks for and a day cannot carry."""
    yield from not_of_day(where, row.stop)
    if row.shipment is not None:
        yield refused(f"{where}:shipment", Constraint.SHIPMENTS)


def vehicle_faults(row: VehicleRow, where: str) -> Iterator[Issue]:
    """Yield a fault for each thing that a row asks for and a day cannot carry."""
    yield from not_of_day(where, row.vehicle)


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
        skills_all=stop.skills_all,
        skills_one_of=stop.skills_one_of,
        skills_none_of=stop.skills_none_of,
        allowed_vehicles=stop.allowed_vehicles,
        forbidden_vehicles=stop.forbidden_vehicles,
        preferred_drivers=stop.preferred_drivers,
        territory=stop.territory,
        unserved_cents=stop.unserved_cents,
        walk_s=stop.walk_s,
        vehicle_fees=stop.vehicle_fees,
        loads=stop.loads,
        release_s=stop.release_s,
        due_s=stop.due_s,
        lateness_cents_per_min=stop.lateness_cents_per_min,
        lateness_limit_s=stop.lateness_limit_s,
        service_by_type=stop.service_by_type,
        setup_s=stop.setup_s,
        on_board=stop.on_board,
        lateness_allowed=stop.lateness_allowed,
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
        skills=vehicle.skills,
        driver=vehicle.driver,
        territories=vehicle.territories,
        territory_fee_cents=vehicle.territory_fee_cents,
        start_fixed=vehicle.start_fixed,
        overtime_allowed=vehicle.overtime_allowed,
        overtime_limit_s=vehicle.overtime_limit_s,
        type=vehicle.type,
        capacities=vehicle.capacities,
        on_board_load=vehicle.on_board_load,
        on_board_loads=vehicle.on_board_loads,
        stops_limit=vehicle.stops_limit,
        vehicle_cents=vehicle.vehicle_cents,
        duty_cents_per_h=vehicle.duty_cents_per_h,
        distance_cents_per_km=vehicle.distance_cents_per_km,
        overtime_cents_per_h=vehicle.overtime_cents_per_h,
    )
