"""Laws of problem.json and of the tables: what is written is read again, whatever a problem asks for."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from constraint_strategies import FEATURES, mixed_problem, mixed_problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import InputError
from routing.interface.problem_from_document import problem_from_document
from routing.interface.problem_tables import tables_of
from routing.interface.read_depots import read_depots
from routing.interface.read_fleet import read_fleet
from routing.interface.read_problem import parse_problem_document
from routing.interface.read_stops import read_stops, shipments_of
from routing.interface.write_problem import problem_bytes, problem_document
from routing.problem.model import Break, Depot, DrivingClocks, Problem, Stop, TimeWindow, Travel, Vehicle

FEW = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])
NO_TABLE = {"fees", "used", "goods", "driving_rules"}
"""What no table says, or not with all figures."""


def later(value: Any, by_s: int) -> Any:
    """The same with all instants of windows, releases and clocks so much later: tables know no 1 January 1970."""
    if isinstance(value, TimeWindow):
        return TimeWindow(start_s=value.start_s + by_s, end_s=value.end_s + by_s)
    if isinstance(value, tuple):
        return tuple(later(each, by_s) for each in value)
    if isinstance(value, (Stop, Vehicle, Depot, Break, DrivingClocks)):
        moved = {field.name: later(getattr(value, field.name), by_s) for field in fields(value)}
        for name in ("release_s", "due_s", "on_duty_since_s"):
            if moved.get(name) is not None:
                moved[name] += by_s
        return replace(value, **moved)
    return value


def same_tables(one: Travel, other: Travel) -> bool:
    ours, theirs = one.matrix, other.matrix
    known = ours.reachable.reshape(theirs.reachable.shape)
    tables = ((ours.duration_s, theirs.duration_s), (ours.distance_m, theirs.distance_m))
    return (
        np.array_equal(known, theirs.reachable)
        and all(np.array_equal(a.reshape(known.shape)[known], b[known]) for a, b in tables)
        and np.array_equal(ours.slice_start_s, theirs.slice_start_s)
    )


@FEW
@given(mixed_problems(), ZONES)
def test_a_problem_is_read_as_it_was_written(problem: Problem, zone: str) -> None:
    problem = replace(problem, time_zone=zone)
    content = problem_bytes(problem_document(problem))
    again = problem_from_document(parse_problem_document(content))
    for field in fields(Problem):
        if field.name not in ("travel", "profile_travel"):
            assert getattr(again, field.name) == getattr(problem, field.name)
    assert same_tables(problem.travel, again.travel)
    assert again.travel.snap_distance_m.tolist() == problem.travel.snap_distance_m.tolist()
    assert again.travel.usable.tolist() == problem.travel.usable.tolist()
    assert [name for name, _ in again.profile_travel] == [name for name, _ in problem.profile_travel]
    pairs = zip(problem.profile_travel, again.profile_travel, strict=True)
    assert all(same_tables(ours, theirs) for (_, ours), (_, theirs) in pairs)
    assert problem_bytes(problem_document(again)) == content


PLAIN: list[object] = [None, True, -1, 0, 1.5, 2**31, 2**60, 1e400, "", "A", "van", [], {}]
NESTED: list[object] = [["A"], [[]], {"A": 1}, {"": None}, [None], [1, 2]]
ODD = st.sampled_from(
    [*PLAIN, *NESTED, "2026-01-01T00:00:00+01:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)


def places_in(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the paths of all that a JSON document holds."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places_in(each, (*path, key)))]


@settings(FEW, max_examples=300)
@given(st.integers(0, 9), st.integers(0, 2**32), st.lists(ODD, min_size=1, max_size=3))
def test_a_spoilt_problem_is_read_or_refused_in_words(seed: int, number: int, odd: list[object]) -> None:
    content = json.loads(problem_bytes(problem_document(mixed_problem(sorted(FEATURES), 3, 2, seed))))
    for value in odd:
        paths = places_in(content)[1:]
        *above, key = paths[number % len(paths)]
        part: Any = content
        for step in above:
            part = part[step]
        part[key] = value
    try:
        document = parse_problem_document(json.dumps(content).encode())
    except InputError:
        return
    if document.matrices:
        problem_bytes(problem_document(problem_from_document(document)))


@FEW
@given(
    st.lists(st.sampled_from(sorted(set(FEATURES) - NO_TABLE)), unique=True, max_size=8), st.integers(0, 2**32), ZONES
)
def test_tables_are_read_as_they_were_written(tmp_path: Path, features: list[str], seed: int, zone: str) -> None:
    problem = mixed_problem(features, 6, 2, seed)
    moved = {name: later(getattr(problem, name), 5 * 86_400) for name in ("stops", "vehicles", "depots")}
    problem = replace(problem, time_zone=zone, **moved)
    try:
        files = tables_of(problem_document(problem, matrices=False)).files
    except InputError as error:
        # An empty list is nobody or nowhere, an empty type is that of no vehicle in particular: no cell says that.
        causes = {issue.cause.split()[0].removesuffix(":") for issue in error.issues}
        assert causes <= {"allowed_vehicles", "territories", "service_by_type"}
        return
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    day = {"day": date(1970, 1, 1), "time_zone": zone}
    stops = read_stops(tmp_path / "stops.csv", **day)
    vehicles = read_fleet(tmp_path / "fleet.csv", profiles=("van", "bike"), **day)
    depots = read_depots(tmp_path / "depots.csv", **day) if problem.depots else ()
    for row, stop in zip(stops, problem.stops, strict=True):
        some = {name: tuple(pair for pair in getattr(stop, name) if pair[1]) for name in ("loads", "pickup_loads")}
        assert replace(row.stop, place=stop.place) == replace(stop, **some)
        assert row.location == problem.places[stop.place]
    for row, vehicle in zip(vehicles, problem.vehicles, strict=True):
        assert replace(row.vehicle, start_place=vehicle.start_place, end_place=vehicle.end_place) == vehicle
        assert (row.start, row.end) == (problem.places[vehicle.start_place], problem.places[vehicle.end_place])
    for row, depot in zip(depots, problem.depots, strict=True):
        assert replace(row.depot, place=depot.place) == depot
    written = {
        each.id: replace(each, loads=tuple(pair for pair in each.loads if pair[1])) for each in problem.shipments
    }
    assert {each.id: each for each in shipments_of(stops, "")[0]} == written
