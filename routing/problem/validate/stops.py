"""Faults of stops."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routing.errors import Issue
from routing.problem.fees import fee_issues
from routing.problem.model import Problem, Stop
from routing.problem.validate.checks import amounts, negative, place, repeated, unknown, windows

_FIGURES = (
    *("service_s", "load", "pickup_load", "setup_s", "walk_s"),
    *("lateness_cents_per_min", "lateness_limit_s", "unserved_cents"),
)


def stop_issues(problem: Problem) -> Iterator[Issue]:
    """Find every fault of single stops."""
    known = {vehicle.id for vehicle in problem.vehicles}
    stop_ids = {stop.id for stop in problem.stops}
    yield from repeated("stop", (stop.id for stop in problem.stops))
    for stop in problem.stops:
        where = f"stop {stop.id}"
        yield from windows(where, stop.windows)
        yield from place(where, "place", stop.place, len(problem.places))
        yield from _figures(where, stop)
        yield from _vehicles(where, stop, known)
        if stop.release_s is not None or stop.lateness_limit_s is not None or stop.skills_none_of:
            yield from _combined(where, stop)
        yield from fee_issues(stop, known, stop_ids)


def _figures(where: str, stop: Stop) -> Iterator[Issue]:
    whole = (stop.service_s, stop.load, stop.pickup_load, stop.setup_s, stop.walk_s)
    optional = (stop.lateness_cents_per_min or 0, stop.lateness_limit_s or 0, stop.unserved_cents or 0)
    if min(*whole, *optional) < 0:  # asked of every stop in every re-plan, so names are looked up only then
        yield from negative(where, ((name, getattr(stop, name)) for name in _FIGURES))
    if stop.loads:
        yield from amounts(where, "loads", stop.loads)
    if stop.pickup_loads:
        yield from amounts(where, "pickup_loads", stop.pickup_loads)
    if stop.service_by_type:
        yield from _types(where, stop)
    if not 0 <= stop.priority <= 100:
        yield Issue(
            code="PRIORITY",
            where=where,
            cause=f"priority is {stop.priority}",
            action="Give a number from 0 to 100; higher is served first.",
        )


def _types(where: str, stop: Stop) -> Iterator[Issue]:
    yield from negative(where, ((f"service_by_type.{name}", value) for name, value in stop.service_by_type))
    types = [name for name, _ in stop.service_by_type]
    for name in dict.fromkeys(types):
        if types.count(name) > 1:
            cause = f"service_by_type names the type {name} {types.count(name)} times"
            yield Issue(code="TYPE_TWICE", where=where, cause=cause, action="Give one service per type.")


def _vehicles(where: str, stop: Stop, known: Collection[str]) -> Iterator[Issue]:
    for vehicle_id in stop.allowed_vehicles or ():
        if vehicle_id not in known:
            yield Issue(
                code="VEHICLE_UNKNOWN",
                where=where,
                cause=f"allows {vehicle_id}, which is no vehicle of the problem",
                action="Name vehicles of the fleet, or leave the list out to allow any.",
            )
    if not stop.forbidden_vehicles and stop.on_board is None:
        return
    on_board = () if stop.on_board is None else (stop.on_board,)
    named = {"forbidden_vehicles": stop.forbidden_vehicles, "on_board": on_board}
    yield from unknown(where, "VEHICLE_UNKNOWN", "vehicle", named, known)


def _combined(where: str, stop: Stop) -> Iterator[Issue]:
    """Find fields that contradict each other, or that mean nothing without another one."""
    if stop.release_s is not None and stop.on_board is not None:
        cause = f"is released at an instant, but its goods are on board {stop.on_board} already"
        yield Issue(code="RELEASE_ON_BOARD", where=where, cause=cause, action="Take away release_s or on_board.")
    elif stop.release_s is not None and not (stop.load or any(units for _, units in stop.loads)):
        cause = "is released at an instant, but nothing is delivered to it from a depot"
        action = "Give it a load, or say by its windows when it may be served."
        yield Issue(code="RELEASE_WITHOUT_LOAD", where=where, cause=cause, action=action)
    if stop.lateness_limit_s is not None and not stop.lateness_allowed:
        cause = f"may be {stop.lateness_limit_s} s late at most, but no lateness is allowed"
        action = "Set lateness_allowed, or take lateness_limit_s away."
        yield Issue(code="LATENESS_NOT_ALLOWED", where=where, cause=cause, action=action)
    wanted = set(stop.skills_all) & set(stop.skills_none_of)
    if stop.skills_one_of and set(stop.skills_one_of) <= set(stop.skills_none_of):
        wanted |= set(stop.skills_one_of)
    if wanted:
        cause = f"asks for {', '.join(sorted(wanted))} and refuses the same"
        action = "Take the skill out of skills_none_of, or out of the others."
        yield Issue(code="SKILLS_CONTRADICT", where=where, cause=cause, action=action)
