"""Find everything that is wrong with a problem at once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator

from routing.errors import Issue
from routing.problem.access_walk import AccessWalk
from routing.problem.fees import fee_issues
from routing.problem.model import Objective, Problem, Stop, TimeWindow


def validate(problem: Problem) -> tuple[Issue, ...]:
    """Return every fault of a problem, empty where it is sound."""
    return (
        *_travel(problem),
        *_stops(problem),
        *_vehicles(problem),
        *_committed(problem),
        *_objective(problem.objective),
        *_access_walk(problem.access_walk),
    )


def _travel(problem: Problem) -> Iterator[Issue]:
    matrix, count = problem.travel.matrix, len(problem.places)
    slices = matrix.slice_start_s.size
    shapes = {"duration_s": matrix.duration_s, "distance_m": matrix.distance_m, "reachable": matrix.reachable}
    for name, table in shapes.items():
        if table.shape not in ([(count, count), (1, count, count)] if slices == 1 else [(slices, count, count)]):
            yield Issue(
                code="MATRIX_SHAPE",
                where=f"travel.matrix.{name}",
                cause=f"has the shape {table.shape} for {count} places and {slices} slices",
                action="Give one row and one column per place, and one such table per slice.",
            )
        elif name != "reachable" and table.size and int(table.min()) < 0:
            yield Issue(
                code="MATRIX_NEGATIVE",
                where=f"travel.matrix.{name}",
                cause=f"holds {int(table.min())}",
                action="Use the mask `reachable` for a missing pair, never a negative number.",
            )
    if slices < 1 or (matrix.slice_start_s[1:] <= matrix.slice_start_s[:-1]).any():
        yield Issue(
            code="SLICES",
            where="travel.matrix.slice_start_s",
            cause="the instants at which slices begin do not increase, or there are none",
            action="Give each slice's first instant, in order.",
        )
    for name, size in (
        ("usable", problem.travel.usable.size),
        ("snap_distance_m", problem.travel.snap_distance_m.size),
    ):
        if size != count:
            yield Issue(
                code="MATRIX_SHAPE",
                where=f"travel.{name}",
                cause=f"has {size} entries for {count} places",
                action="Give one entry per place.",
            )


def _stops(problem: Problem) -> Iterator[Issue]:
    known = {vehicle.id for vehicle in problem.vehicles}
    stop_ids = {stop.id for stop in problem.stops}
    yield from _repeated("stop", (stop.id for stop in problem.stops))
    for stop in problem.stops:
        where = f"stop {stop.id}"
        yield from _windows(where, stop.windows)
        yield from _place(where, "place", stop.place, len(problem.places))
        yield from _stop_numbers(where, stop)
        for vehicle_id in stop.allowed_vehicles or ():
            if vehicle_id not in known:
                yield _unknown_vehicle(where, vehicle_id)
        yield from fee_issues(stop, known, stop_ids)


def _stop_numbers(where: str, stop: Stop) -> Iterator[Issue]:
    for name, value in (("service_s", stop.service_s), ("load", stop.load)):
        if value < 0:
            yield Issue(code="NEGATIVE", where=where, cause=f"{name} is {value}", action="Give zero or more.")
    if not 0 <= stop.priority <= 100:
        yield Issue(
            code="PRIORITY",
            where=where,
            cause=f"priority is {stop.priority}",
            action="Give a number from 0 to 100; higher is served first.",
        )


def _windows(where: str, windows: tuple[TimeWindow, ...]) -> Iterator[Issue]:
    for window in windows:
        if window.end_s < window.start_s:
            yield Issue(
                code="WINDOW_REVERSED",
                where=where,
                cause=f"a window ends {window.start_s - window.end_s} s before it starts",
                action="Swap start and end; for one across midnight give the end on the next day.",
            )
    for former, latter in itertools.pairwise(windows):
        if latter.start_s <= former.end_s:
            yield Issue(
                code="WINDOWS_OVERLAP",
                where=where,
                cause="two windows overlap or are not in order of time",
                action="Sort the windows and join those that touch.",
            )


def _vehicles(problem: Problem) -> Iterator[Issue]:
    if not problem.vehicles:
        yield Issue(
            code="NO_VEHICLES",
            where="fleet",
            cause="there is no vehicle",
            action="Give at least one vehicle.",
        )
    yield from _repeated("vehicle", (vehicle.id for vehicle in problem.vehicles))
    for vehicle in problem.vehicles:
        where = f"vehicle {vehicle.id}"
        if vehicle.shift.end_s < vehicle.shift.start_s:
            yield Issue(
                code="SHIFT_REVERSED",
                where=where,
                cause=f"the shift ends {vehicle.shift.start_s - vehicle.shift.end_s} s before it starts",
                action="Swap start and end; for one across midnight give the end on the next day.",
            )
        if vehicle.capacity < 0:
            yield Issue(
                code="NEGATIVE",
                where=where,
                cause=f"capacity is {vehicle.capacity}",
                action="Give zero or more.",
            )
        yield from _place(where, "start_place", vehicle.start_place, len(problem.places))
        yield from _place(where, "end_place", vehicle.end_place, len(problem.places))


def _committed(problem: Problem) -> Iterator[Issue]:
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
            elif stop.allowed_vehicles is not None and vehicle.id not in stop.allowed_vehicles:
                yield Issue(
                    code="COMMITTED_NOT_ALLOWED",
                    where=where,
                    cause=f"is committed to {stop_id}, which it may not serve",
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


def _objective(objective: Objective) -> Iterator[Issue]:
    for name in Objective.__dataclass_fields__:
        value = getattr(objective, name)
        if value < 0:
            yield Issue(
                code="NEGATIVE",
                where=f"objective.{name}",
                cause=f"is {value}",
                action="Give zero or more cents.",
            )


def _access_walk(walk: AccessWalk | None) -> Iterator[Issue]:
    if walk is not None and walk.speed_m_per_h <= 0:
        cause, action = f"is {walk.speed_m_per_h}", "Give more than zero, or no access walk at all."
        yield Issue(code="WALKING_SPEED", where="access_walk.speed_m_per_h", cause=cause, action=action)
    if walk is not None and walk.free_m < 0:
        yield Issue(
            code="NEGATIVE", where="access_walk.free_m", cause=f"is {walk.free_m}", action="Give zero or more metres."
        )


def _repeated(kind: str, ids: Iterable[str]) -> Iterator[Issue]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Issue(
                code="DUPLICATE_ID",
                where=f"{kind} {name}",
                cause=f"the id stands {count} times",
                action="Give each its own id.",
            )


def _place(where: str, field: str, place: int, count: int) -> Iterator[Issue]:
    if not 0 <= place < count:
        yield Issue(
            code="PLACE_UNKNOWN",
            where=where,
            cause=f"{field} is {place}, but there are {count} places",
            action="Point to an entry of the problem's places, counted from 0.",
        )


def _unknown_vehicle(where: str, vehicle_id: str) -> Issue:
    return Issue(
        code="VEHICLE_UNKNOWN",
        where=where,
        cause=f"allows {vehicle_id}, which is no vehicle of the problem",
        action="Name vehicles of the fleet, or leave the list out to allow any.",
    )
