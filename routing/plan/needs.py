"""Say which constraints a problem asks of an engine, and refuse what the chosen one cannot carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routing.errors import Issue
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.problem.model import Problem, Stop, Vehicle


def needs(problem: Problem) -> dict[Constraint, str]:
    """Return the constraints that a problem asks for, each with the first place that asks for it."""
    found: dict[Constraint, str] = {}
    for constraint, where in _asked(problem):
        found.setdefault(constraint, where)
    return found


def not_carried(problem: Problem, engine: str) -> tuple[Issue, ...]:
    """Return a fault for every constraint of a problem that an engine cannot carry, or for an engine not known."""
    if engine not in CARRIES:
        action = f"Name one of {', '.join(CARRIES)}."
        return (Issue(code="ENGINE_UNKNOWN", where="engine", cause=f"there is no engine {engine!r}", action=action),)
    return lacking(needs(problem), engine, CARRIES[EngineName(engine)])


def lacking(needed: dict[Constraint, str], engine: str, carries: Collection[Constraint]) -> tuple[Issue, ...]:
    """Return a fault for every needed constraint that is not carried, and name the engines that do carry it."""
    issues = []
    for constraint, where in needed.items():
        if constraint not in carries:
            others = [str(name) for name, able in CARRIES.items() if constraint in able and name != engine]
            ways = [*([f"Choose {' or '.join(others)}"] if others else []), "take it out of the problem"]
            issues.append(
                Issue(
                    code="ENGINE_CANNOT",
                    where=where,
                    cause=f"asks for {constraint}, which the engine {engine} cannot carry",
                    action=f"{', or '.join(ways).capitalize()}.",
                )
            )
    return tuple(issues)


def _asked(problem: Problem) -> Iterator[tuple[Constraint, str]]:
    places = {(vehicle.start_place, vehicle.end_place) for vehicle in problem.vehicles}
    for stop in problem.stops:
        where = f"stop {stop.id}"
        for constraint, asked in _asked_by_stop(stop):
            if asked:
                yield constraint, where
    for vehicle in problem.vehicles:
        where = f"vehicle {vehicle.id}"
        yield (Constraint.START_FIXED if vehicle.start_fixed else Constraint.SHIFT), where
        if len(places) > 1 or vehicle.start_place != vehicle.end_place:
            yield Constraint.DEPOTS, where
        if problem.travel_of(vehicle) is not problem.travel:
            yield Constraint.PROFILES, where
        for constraint, asked in _asked_by_vehicle(vehicle):
            if asked:
                yield constraint, where
    yield from _asked_by_all(problem)


def _asked_by_stop(stop: Stop) -> Iterator[tuple[Constraint, bool]]:
    yield Constraint.LOAD, stop.load > 0
    yield Constraint.LOADS, bool(stop.loads or stop.pickup_loads)
    yield Constraint.PICKUPS, bool(stop.pickup_load or stop.pickup_loads)
    yield Constraint.ON_BOARD, stop.on_board is not None
    yield Constraint.RELEASE, stop.release_s is not None
    yield Constraint.WINDOW, bool(stop.windows)
    yield Constraint.SEVERAL_WINDOWS, len(stop.windows) > 1
    yield Constraint.DUE, stop.due_s is not None
    yield Constraint.LATENESS, stop.lateness_allowed
    yield Constraint.OWN_LATENESS, (stop.lateness_cents_per_min, stop.lateness_limit_s) != (None, None)
    yield Constraint.UNSERVED, True
    yield Constraint.OWN_PENALTY, stop.unserved_cents is not None
    yield Constraint.ALLOWED_VEHICLES, stop.allowed_vehicles is not None
    yield Constraint.FORBIDDEN_VEHICLES, bool(stop.forbidden_vehicles)
    yield Constraint.SKILLS, bool(stop.skills_all or stop.skills_one_of or stop.skills_none_of)
    yield Constraint.AFFINITY, bool(stop.preferred_drivers)
    yield Constraint.SERVICE_BY_TYPE, bool(stop.service_by_type)
    yield Constraint.SETUP, stop.setup_s > 0
    yield Constraint.WALK, stop.walk_s > 0
    yield Constraint.TOGETHER, bool(stop.together)
    yield Constraint.START_FEES, bool(stop.start_fees)
    yield Constraint.VEHICLE_FEES, bool(stop.vehicle_fees)
    yield Constraint.FOLLOW_FEES, stop.follow_fee is not None


def _asked_by_vehicle(vehicle: Vehicle) -> Iterator[tuple[Constraint, bool]]:
    prices = vehicle.vehicle_cents, vehicle.duty_cents_per_h, vehicle.distance_cents_per_km
    yield Constraint.ON_BOARD, bool(vehicle.on_board_load or vehicle.on_board_loads)
    yield Constraint.LOADS, bool(vehicle.on_board_loads)
    yield Constraint.OVERTIME, vehicle.overtime_allowed
    yield Constraint.COMMITTED, bool(vehicle.committed)
    yield Constraint.TERRITORIES, vehicle.territories is not None
    yield Constraint.TERRITORY_FEES, vehicle.territories is not None and vehicle.territory_fee_cents is not None
    yield Constraint.OPEN_START, vehicle.open_start
    yield Constraint.OPEN_END, vehicle.open_end
    yield Constraint.RELOADS, bool(vehicle.reload_depots)
    yield Constraint.BREAKS, bool(vehicle.breaks)
    yield Constraint.DRIVING_RULES, vehicle.driving_rules is not None
    yield Constraint.DURATION_LIMIT, vehicle.duration_limit_s is not None
    yield Constraint.DISTANCE_LIMIT, vehicle.distance_limit_m is not None
    yield Constraint.DRIVING_LIMIT, vehicle.driving_limit_s is not None
    yield Constraint.STOPS_LIMIT, vehicle.stops_limit is not None
    yield Constraint.OWN_PRICES, (*prices, vehicle.overtime_cents_per_h, vehicle.overtime_limit_s) != (None,) * 5
    yield Constraint.LIFO, vehicle.lifo
    yield Constraint.PICKUPS_LAST, vehicle.pickups_last


def _asked_by_all(problem: Problem) -> Iterator[tuple[Constraint, str]]:
    for shipment in problem.shipments:
        yield Constraint.SHIPMENTS, f"shipment {shipment.id}"
        if shipment.load:
            yield Constraint.LOAD, f"shipment {shipment.id}"
        if shipment.loads:
            yield Constraint.LOADS, f"shipment {shipment.id}"
    for depot in problem.depots:
        if depot.stock is not None:
            yield Constraint.STOCK, f"depot {depot.id}"
    if problem.incompatible_goods:
        yield Constraint.GOODS_APART, "incompatible_goods"
    if problem.required_goods:
        yield Constraint.GOODS_REQUIRED, "required_goods"
    if problem.objective.balance_cents_per_h2:
        yield Constraint.BALANCE, "objective.balance_cents_per_h2"
    travels = [problem.travel, *(travel for _, travel in problem.profile_travel)]
    if any(travel.matrix.slice_start_s.size > 1 for travel in travels):
        yield Constraint.TIMES_OF_DAY, "travel.matrix"
