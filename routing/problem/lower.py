"""Say in simpler terms what can be said in them: who may serve a stop, at what price, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routing.problem.model import Problem, Stop, TimeWindow, Vehicle


def refusals(problem: Problem, vehicle: Vehicle, stop: Stop) -> Iterator[tuple[str, str]]:
    """Yield why a vehicle may not serve a stop whatever its route: a code of `REASONS` and the cause in words."""
    if stop.allowed_vehicles is not None and vehicle.id not in stop.allowed_vehicles:
        yield "NO_VEHICLE", f"it allows {', '.join(stop.allowed_vehicles) or 'none'}"
    if vehicle.id in stop.forbidden_vehicles:
        yield "NO_VEHICLE", f"it forbids {vehicle.id}"
    if stop.on_board not in (None, vehicle.id):
        yield "OTHER_BOARD", f"its goods are on board {stop.on_board}"
    missing = [skill for skill in stop.skills_all if skill not in vehicle.skills]
    if missing:
        yield "SKILL", f"{vehicle.id} lacks {', '.join(missing)}"
    if stop.skills_one_of and not set(stop.skills_one_of) & set(vehicle.skills):
        yield "SKILL", f"{vehicle.id} has none of {', '.join(stop.skills_one_of)}"
    unwanted = [skill for skill in stop.skills_none_of if skill in vehicle.skills]
    if unwanted:
        yield "SKILL", f"{vehicle.id} has {', '.join(unwanted)}, which it does not take"
    if vehicle.territory_fee_cents is None and is_away(vehicle, stop):
        yield "TERRITORY", f"{vehicle.id} does not drive to {stop.territory}"


def is_away(vehicle: Vehicle, stop: Stop) -> bool:
    """Tell whether a stop lies outside the territories of a vehicle."""
    return bool(stop.territory) and vehicle.territories is not None and stop.territory not in vehicle.territories


def vehicle_cents(problem: Problem, vehicle: Vehicle, stop: Stop) -> int:
    """Return what it costs in cents that this vehicle and its driver serve a stop, and no other."""
    cents = dict(stop.vehicle_fees).get(vehicle.id, 0)
    if stop.preferred_drivers and vehicle.driver not in stop.preferred_drivers:
        cents += problem.objective.other_driver_cents
    if vehicle.territory_fee_cents is not None and is_away(vehicle, stop):
        cents += vehicle.territory_fee_cents
    return cents


def lowered(problem: Problem) -> Problem:
    """Return an equal problem without skills, sets of vehicles, preferences and territories, the same where none are.

    They become `allowed_vehicles` and `vehicle_fees`; what vehicles keep on board lessens their capacities, unless
    they reload; a time by which a service is over closes windows, unless vehicles take different times for it.
    """
    bound = any(_binds(vehicle) for vehicle in problem.vehicles)
    lowering = [bound or _needs_lowering(stop) for stop in problem.stops]
    vehicles = tuple(_lowered_vehicle(vehicle) for vehicle in problem.vehicles)
    if not any(lowering) and vehicles == problem.vehicles:
        return problem
    stops = tuple(
        _lowered_stop(problem, stop) if needed else stop for stop, needed in zip(problem.stops, lowering, strict=True)
    )
    return replace(problem, stops=stops, vehicles=vehicles, objective=replace(problem.objective, other_driver_cents=0))


def _needs_lowering(stop: Stop) -> bool:
    skills = stop.skills_all or stop.skills_one_of or stop.skills_none_of
    sets = stop.forbidden_vehicles or stop.preferred_drivers or stop.on_board
    return bool(skills or sets) or stop.due_s is not None


def _binds(vehicle: Vehicle) -> bool:
    return vehicle.territories is not None


def _lowered_vehicle(vehicle: Vehicle) -> Vehicle:
    if vehicle.reload_depots or vehicle.on_board_loads or not vehicle.on_board_load:
        return replace(vehicle, territories=None, territory_fee_cents=None) if _binds(vehicle) else vehicle
    room = vehicle.capacity - vehicle.on_board_load
    return replace(vehicle, capacity=room, on_board_load=0, territories=None, territory_fee_cents=None)


def _lowered_stop(problem: Problem, stop: Stop) -> Stop:
    allowed = tuple(vehicle.id for vehicle in problem.vehicles if not any(refusals(problem, vehicle, stop)))
    fees = ((vehicle.id, vehicle_cents(problem, vehicle, stop)) for vehicle in problem.vehicles)
    everybody = len(allowed) == len(problem.vehicles)
    return replace(
        _closed_when_due(problem, stop),
        allowed_vehicles=stop.allowed_vehicles if everybody else allowed,
        vehicle_fees=tuple(fee for fee in fees if fee[1]),
        skills_all=(),
        skills_one_of=(),
        skills_none_of=(),
        forbidden_vehicles=(),
        preferred_drivers=(),
        territory="",
    )


def _closed_when_due(problem: Problem, stop: Stop) -> Stop:
    # Where lateness is paid, or the fleet takes different times, only the clock can tell.
    if stop.due_s is None or stop.service_by_type or stop.lateness_allowed:
        return stop
    last_s = stop.due_s - problem.stay_s(stop)
    first_s = min([vehicle.shift.start_s for vehicle in problem.vehicles] + [last_s])
    windows = stop.windows or (TimeWindow(start_s=first_s, end_s=last_s),)
    kept = tuple(
        TimeWindow(start_s=window.start_s, end_s=min(window.end_s, last_s))
        for window in windows
        if window.start_s <= last_s
    )
    return replace(stop, windows=kept, due_s=None) if kept else stop
