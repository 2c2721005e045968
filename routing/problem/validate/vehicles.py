"""Faults of vehicles and of what they are committed to."""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.problem.lower import refusals
from routing.problem.model import LOAD, Problem, Vehicle
from routing.problem.validate.checks import amounts, negative, place, repeated, unknown
from routing.problem.validate.drivers import driver_issues

_FIGURES = (
    *("capacity", "on_board_load", "territory_fee_cents", "reloads_limit"),
    *("duration_limit_s", "distance_limit_m", "driving_limit_s", "stops_limit", "overtime_limit_s"),
    *("vehicle_cents", "duty_cents_per_h", "distance_cents_per_km", "overtime_cents_per_h"),
)


def vehicle_issues(problem: Problem) -> Iterator[Issue]:
    """Find every fault of single vehicles and their drivers."""
    if not problem.vehicles:
        yield Issue(
            code="NO_VEHICLES",
            where="fleet",
            cause="there is no vehicle",
            action="Give at least one vehicle.",
        )
    yield from repeated("vehicle", (vehicle.id for vehicle in problem.vehicles))
    depots = {depot.id for depot in problem.depots}
    for vehicle in problem.vehicles:
        where = f"vehicle {vehicle.id}"
        if vehicle.shift.end_s < vehicle.shift.start_s:
            yield Issue(
                code="SHIFT_REVERSED",
                where=where,
                cause=f"the shift ends {vehicle.shift.start_s - vehicle.shift.end_s} s before it starts",
                action="Swap start and end; for one across midnight give the end on the next day.",
            )
        yield from negative(where, ((name, getattr(vehicle, name)) for name in _FIGURES))
        yield from place(where, "start_place", vehicle.start_place, len(problem.places))
        yield from place(where, "end_place", vehicle.end_place, len(problem.places))
        yield from _loads(where, vehicle)
        first = () if vehicle.start_depot is None else (vehicle.start_depot,)
        named = {"start_depot": first, "reload_depots": vehicle.reload_depots}
        yield from unknown(where, "DEPOT_UNKNOWN", "depot", named, depots)
        if len(set(vehicle.reload_depots)) < len(vehicle.reload_depots):
            cause = "reload_depots names a depot twice"
            yield Issue(code="DEPOT_TWICE", where=where, cause=cause, action="Name each depot once.")
        if vehicle.overtime_limit_s is not None and not vehicle.overtime_allowed:
            cause = f"may be out {vehicle.overtime_limit_s} s over its shift at most, but no overtime is allowed"
            action = "Set overtime_allowed, or take overtime_limit_s away."
            yield Issue(code="OVERTIME_NOT_ALLOWED", where=where, cause=cause, action=action)
        yield from driver_issues(where, vehicle)


def _loads(where: str, vehicle: Vehicle) -> Iterator[Issue]:
    yield from amounts(where, "capacities", vehicle.capacities)
    yield from amounts(where, "on_board_loads", vehicle.on_board_loads)
    room = {**dict(vehicle.capacities), LOAD: vehicle.capacity}
    for name, units in ((LOAD, vehicle.on_board_load), *vehicle.on_board_loads):
        if units > max(0, room.get(name, 0)):
            cause = f"has {units} of {name} on board, it can carry {room.get(name, 0)}"
            action = "Give it the capacity, or take away what it does not carry."
            yield Issue(code="ON_BOARD_TOO_MUCH", where=where, cause=cause, action=action)


def committed_issues(problem: Problem) -> Iterator[Issue]:
    """Find committed visits that are unknown, doubled, or not allowed to their vehicle."""
    stops = {stop.id: stop for stop in problem.stops}
    holder: dict[str, str] = {}
    for vehicle in problem.vehicles:
        for stop_id in vehicle.committed:
            where = f"vehicle {vehicle.id}"
            stop = stops.get(stop_id)
            if stop is None:
                yield Issue(
                    code="STOP_UNKNOWN",
                    where=where,
                    cause=f"is committed to {stop_id}, which is no stop of the problem",
                    action="Take it from the committed visits or add the stop.",
                )
            elif any(refusals(vehicle, stop)):
                why = "; ".join(cause for _, cause in refusals(vehicle, stop))
                yield Issue(
                    code="COMMITTED_NOT_ALLOWED",
                    where=where,
                    cause=f"is committed to {stop_id}, which it may not serve: {why}",
                    action="Allow the vehicle at the stop or take the stop from the committed visits.",
                )
            if stop_id in holder:
                yield Issue(
                    code="COMMITTED_TWICE",
                    where=where,
                    cause=f"is committed to {stop_id}, and so is {holder[stop_id]}",
                    action="Commit each stop once.",
                )
            holder[stop_id] = vehicle.id
