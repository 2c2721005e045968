"""Say which constraints a problem asks of an engine, and refuse what the chosen one cannot carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routing.errors import Issue
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.problem.model import Problem


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
        if stop.load:
            yield Constraint.LOAD, where
        if stop.windows:
            yield Constraint.WINDOW, where
        if len(stop.windows) > 1:
            yield Constraint.SEVERAL_WINDOWS, where
        if stop.lateness_allowed:
            yield Constraint.LATENESS, where
        if stop.allowed_vehicles is not None:
            yield Constraint.ALLOWED_VEHICLES, where
        if stop.start_fees:
            yield Constraint.START_FEES, where
        if stop.vehicle_fees:
            yield Constraint.VEHICLE_FEES, where
        if stop.follow_fee is not None:
            yield Constraint.FOLLOW_FEES, where
        yield Constraint.UNSERVED, where
    for vehicle in problem.vehicles:
        where = f"vehicle {vehicle.id}"
        yield (Constraint.START_FIXED if vehicle.start_fixed else Constraint.SHIFT), where
        if vehicle.overtime_allowed:
            yield Constraint.OVERTIME, where
        if vehicle.committed:
            yield Constraint.COMMITTED, where
        if len(places) > 1 or vehicle.start_place != vehicle.end_place:
            yield Constraint.DEPOTS, where
    if problem.travel.matrix.slice_start_s.size > 1:
        yield Constraint.TIMES_OF_DAY, "travel.matrix"
