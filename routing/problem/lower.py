"""Say in simpler terms what can be said in them: who may serve a stop, at what price, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routing.problem.model import Problem, Stop, TimeWindow, Vehicle


def refusals(vehicle: Vehicle, stop: Stop) -> Iterator[tuple[str, str]]:
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
    they reload; a time by which a service is over closes windows, unless vehicles take different times for it; what
    is released before every shift is not bound.
    """
    vehicles = tuple(_lowered_vehicle(vehicle) for vehicle in problem.vehicles)
    bound = any(vehicle.territories is not None for vehicle in problem.vehicles)
    first_s = min((vehicle.shift.start_s for vehicle in problem.vehicles), default=0)
    known: dict[_Choice, tuple[tuple[str, ...] | None, tuple[tuple[str, int], ...]]] = {}
    stops, changed = [], vehicles != problem.vehicles
    for stop in problem.stops:
        if _chooses(stop) or (bound and stop.territory):
            choice = _choice(stop)
            if choice not in known:
                known[choice] = _chosen(problem, stop)
            stop, changed = _without_choice(stop, *known[choice]), True
        if stop.due_s is not None or (stop.release_s is not None and stop.release_s <= first_s):
            timed = _closed_when_due(problem, _released(stop, first_s), first_s)
            stop, changed = timed, changed or timed is not stop
        stops.append(stop)
    if not changed:
        return problem
    prices = replace(problem.objective, other_driver_cents=0)
    return replace(problem, stops=tuple(stops), vehicles=vehicles, objective=prices)


def _chooses(stop: Stop) -> bool:
    skills = stop.skills_all or stop.skills_one_of or stop.skills_none_of
    aboard = stop.on_board is not None and (
        stop.allowed_vehicles is None or not {stop.on_board}.issuperset(stop.allowed_vehicles)
    )
    return bool(skills or stop.forbidden_vehicles or stop.preferred_drivers) or aboard


_Choice = tuple[object, ...]


def _choice(stop: Stop) -> _Choice:
    """Return all of a stop that says which vehicles may serve it and at what price."""
    sets = stop.allowed_vehicles, stop.forbidden_vehicles, stop.preferred_drivers, stop.vehicle_fees
    return *sets, stop.on_board, stop.skills_all, stop.skills_one_of, stop.skills_none_of, stop.territory


def _chosen(problem: Problem, stop: Stop) -> tuple[tuple[str, ...] | None, tuple[tuple[str, int], ...]]:
    """Return the vehicles that may serve a stop, as it says where that is any, and the fees of each."""
    allowed = tuple(vehicle.id for vehicle in problem.vehicles if not any(refusals(vehicle, stop)))
    fees = ((vehicle.id, vehicle_cents(problem, vehicle, stop)) for vehicle in problem.vehicles)
    everybody = len(allowed) == len(problem.vehicles)
    return stop.allowed_vehicles if everybody else allowed, tuple(fee for fee in fees if fee[1])


def _without_choice(stop: Stop, allowed: tuple[str, ...] | None, fees: tuple[tuple[str, int], ...]) -> Stop:
    return replace(
        stop,
        allowed_vehicles=allowed,
        vehicle_fees=fees,
        skills_all=(),
        skills_one_of=(),
        skills_none_of=(),
        forbidden_vehicles=(),
        preferred_drivers=(),
        territory="",
    )


def _lowered_vehicle(vehicle: Vehicle) -> Vehicle:
    if vehicle.territories is not None:
        vehicle = replace(vehicle, territories=None, territory_fee_cents=None)
    if vehicle.reload_depots or vehicle.on_board_loads or not vehicle.on_board_load:
        return vehicle
    return replace(vehicle, capacity=vehicle.capacity - vehicle.on_board_load, on_board_load=0)


def _released(stop: Stop, first_s: int) -> Stop:
    return stop if stop.release_s is None or stop.release_s > first_s else replace(stop, release_s=None)


def _closed_when_due(problem: Problem, stop: Stop, first_s: int) -> Stop:
    # Where lateness is paid, or the fleet takes different times, only the clock can tell.
    if stop.due_s is None or stop.service_by_type or stop.lateness_allowed:
        return stop
    last_s = stop.due_s - problem.stay_s(stop)
    windows = stop.windows or (TimeWindow(start_s=min(first_s, last_s), end_s=last_s),)
    kept = tuple(
        TimeWindow(start_s=window.start_s, end_s=min(window.end_s, last_s))
        for window in windows
        if window.start_s <= last_s
    )
    return replace(stop, windows=kept, due_s=None) if kept else stop
