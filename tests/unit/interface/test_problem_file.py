"""problem.json: read and written without loss, every fault at once."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routing.errors import InputError
from routing.interface import problem_schema
from routing.interface.problem_from_document import problem_from_document
from routing.interface.problem_schema import ProblemDocument, schema_text
from routing.interface.read_problem import parse_problem_document
from routing.interface.write_problem import problem_bytes, problem_document, write_problem
from routing.problem.access_walk import AccessWalk
from routing.problem.driving_rules import DrivingClocks, DrivingRules
from routing.problem.model import Break, Depot, FollowFee, Objective, Problem, Shipment, StartFee, Stop, Vehicle

START, END = "2026-11-23T08:00:00+01:00", "2026-11-23T16:00:00+01:00"
EIGHT_S = 1_795_417_200
SMALL: dict[str, Any] = {
    "format": "routing-problem",
    "format_version": 1,
    "time_zone": "Europe/Berlin",
    "places": [{"id": "depot", "lat_deg": 49.5, "lon_deg": 11.3}, {"id": "A", "lat_deg": 49.6, "lon_deg": 11.3}],
    "vehicles": [{"id": "van-1", "shift": [START, END], "start_place": "depot", "capacity": 5}],
    "stops": [{"id": "A", "load": 2, "service_s": 300, "windows": [[START, "2026-11-23T09:00:00+01:00"]]}],
    "matrices": [{"durations_s": [[0, 600], [700, 0]], "distances_m": [[0, 5000], [6000, 0]]}],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**SMALL, **parts}


def content(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def read(value: dict[str, Any]) -> Problem:
    return problem_from_document(parse_problem_document(content(value)))


def faults(value: dict[str, Any] | bytes) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        parse_problem_document(value if isinstance(value, bytes) else content(value))
    return [(issue.code, issue.where.removeprefix("problem.json").removeprefix(": ")) for issue in caught.value.issues]


def test_a_small_problem_is_what_it_says() -> None:
    problem = read(SMALL)
    (stop,), (vehicle,) = problem.stops, problem.vehicles
    assert (stop.id, stop.place, stop.load, stop.service_s) == ("A", 1, 2, 300)
    assert [(window.start_s, window.end_s) for window in stop.windows] == [(EIGHT_S, EIGHT_S + 3600)]
    assert (vehicle.start_place, vehicle.end_place, vehicle.profile, vehicle.capacity) == (0, 0, "van", 5)
    assert vehicle.shift.end_s - vehicle.shift.start_s == 8 * 3600
    assert problem.travel.leg(0, 1, EIGHT_S) is not None
    assert problem.travel.matrix.duration_s.tolist() == [[0, 600], [700, 0]]
    assert (problem.objective, problem.access_walk, problem.time_zone) == (Objective(), AccessWalk(), "Europe/Berlin")


def test_what_has_its_default_is_not_written(tmp_path: Path) -> None:
    path = write_problem(read(SMALL), tmp_path / "problem.json")
    written = json.loads(path.read_bytes())
    assert written == SMALL
    assert len(path.read_text(encoding="utf-8").splitlines()) < 40


def test_holes_and_slices_of_matrices_come_back() -> None:
    later = {
        "start": "2026-11-23T12:00:00+01:00",
        "durations_s": [[0, None], [900, 0]],
        "distances_m": [[0, None], [6000, 0]],
    }
    first = {**SMALL["matrices"][0], "start": START}
    truck = {**SMALL["matrices"][0], "profile": "truck"}
    problem = read(changed(matrices=[first, later, truck]))
    matrix = problem.travel.matrix
    assert matrix.slice_start_s.tolist() == [EIGHT_S, EIGHT_S + 4 * 3600]
    assert (matrix.duration_s.shape, matrix.reachable[1].tolist()) == ((2, 2, 2), [[True, False], [True, True]])
    ((profile, travel),) = problem.profile_travel
    assert (profile, travel.matrix.duration_s.tolist()) == ("truck", [[0, 600], [700, 0]])
    again = problem_bytes(problem_document(problem))
    assert json.loads(again)["matrices"] == [first, later, truck]


def test_places_off_the_road_come_back() -> None:
    places = [SMALL["places"][0], {**SMALL["places"][1], "off_road_m": 80.5, "usable": False, "approach": "curb"}]
    problem = read(changed(places=places))
    assert problem.travel.snap_distance_m.tolist() == [0.0, 80.5]
    assert problem.travel.usable.tolist() == [True, False]
    assert problem.access_walk_s(problem.stops[0]) == 72  # 2 x 50 m (round(80.5) is 80) at 5,000 m an hour are 72 s
    assert json.loads(problem_bytes(problem_document(problem)))["places"][1] == places[1]


def test_a_file_without_matrices_wants_a_map() -> None:
    document = parse_problem_document(content({name: part for name, part in SMALL.items() if name != "matrices"}))
    with pytest.raises(InputError, match="TRAVEL_MISSING"):
        problem_from_document(document)
    travel = read(SMALL).travel
    assert problem_from_document(document, travel=travel).travel is travel


def test_every_fault_is_told_at_once_with_its_path() -> None:
    value = changed(
        places=[*SMALL["places"], SMALL["places"][0]],
        stops=[
            {"id": "A", "lode": 2, "windows": [["08:00", END]], "skills_all": "cold"},
            {
                "id": "B",
                "loads": {"cold": -1},
                "follow_fee": {"vehicle_id": "van-1", "cents": 1.5},
                "due": "2026-11-23",
            },
        ],
        vehicles=[{"id": "van-1", "start_place": "depo", "driving_rules": {"brake_s": 1}}],
        objektive={},
    )
    assert faults(value) == [
        ("PROBLEM_FIELD_MISSING", "vehicles[0].shift"),
        ("PROBLEM_FIELD_UNKNOWN", "vehicles[0].driving_rules.brake_s"),
        ("PROBLEM_FIELD", "stops[0].windows[0][0]"),
        ("PROBLEM_FIELD", "stops[0].skills_all"),
        ("PROBLEM_FIELD_UNKNOWN", "stops[0].lode"),
        ("PROBLEM_FIELD", "stops[1].due"),
        ("PROBLEM_FIELD", "stops[1].loads.cold"),
        ("PROBLEM_FIELD", "stops[1].follow_fee.cents"),
        ("PROBLEM_FIELD_UNKNOWN", "objektive"),
        ("DUPLICATE_ID", "places[2].id"),
        ("PROBLEM_PLACE", "vehicles[0].start_place"),
        ("PROBLEM_PLACE", "stops[1].place"),
        ("MATRIX_SHAPE", "matrices[0].durations_s"),
        ("MATRIX_SHAPE", "matrices[0].distances_m"),
    ]


@pytest.mark.parametrize(
    ("field", "words"),
    [("lode", "Did you mean 'load'?"), ("servise_s", "Did you mean 'service_s'?"), ("xyz", "Use one of: id, place,")],
)
def test_an_unknown_field_is_told_what_was_meant(field: str, words: str) -> None:
    with pytest.raises(InputError, match=r"there is no field") as caught:
        parse_problem_document(content(changed(stops=[{"id": "A", field: 1}])))
    assert caught.value.issues[0].action.startswith(words)


@pytest.mark.parametrize(
    ("matrices", "code"),
    [
        ([{"durations_s": [[0, None], [7, 0]], "distances_m": [[0, 5], [6, 0]]}], "MATRIX_HOLES"),
        ([SMALL["matrices"][0], SMALL["matrices"][0]], "SLICES"),
        ([{**SMALL["matrices"][0], "profile": "truck"}], "MATRIX_MISSING"),
        ([{**SMALL["matrices"][0], "durations_s": [[0, 2**31], [7, 0]]}], "PROBLEM_FIELD"),
    ],
)
def test_matrices_that_cannot_be_meant_are_refused(matrices: list[object], code: str) -> None:
    assert [found for found, _ in faults(changed(matrices=matrices))] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{", "PROBLEM_NOT_JSON"),
        (b"\xff", "PROBLEM_NOT_JSON"),
        (b"[]", "PROBLEM_FIELD"),
        (content(SMALL).replace(b'"load": 2', b'"load": 2, "load": 3'), "PROBLEM_FIELD_TWICE"),
        (content(SMALL).replace(b"49.6", b"NaN"), "PROBLEM_FIELD"),
        (content(SMALL).replace(b'"format_version": 1', b'"format_version": 2'), "PROBLEM_FIELD"),
        (content(SMALL).replace(b'"load": 2', b'"load": "2"'), "PROBLEM_FIELD"),
    ],
)
def test_what_is_no_problem_is_refused(text: bytes, code: str) -> None:
    assert [found for found, _ in faults(text)] == [code]


def test_a_problem_that_is_not_valid_is_not_written() -> None:
    problem = read(SMALL)
    spoilt = Stop(id="A", place=1, load=-1)
    with pytest.raises(InputError, match=r"stops\[0\]\.load"):
        problem_document(Problem(stops=(spoilt,), vehicles=(), places=problem.places, travel=problem.travel))


def test_the_schema_beside_the_code_is_that_of_the_code() -> None:
    # Written anew by `routing problem schema > routing/interface/problem.schema.json`.
    shipped = Path(problem_schema.__file__).with_name("problem.schema.json")
    assert shipped.read_text(encoding="utf-8") == schema_text()


RENAMED = {
    "release_s": "release",
    "due_s": "due",
    "on_duty_since_s": "on_duty_since",
    "from_s": "start",
    "until_s": "end",
    "travel": "matrices",
    "profile_travel": "matrices",
}


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (Problem, ProblemDocument),
        (Stop, problem_schema.StopPart),
        (Vehicle, problem_schema.VehiclePart),
        (Depot, problem_schema.DepotPart),
        (Shipment, problem_schema.ShipmentPart),
        (Objective, problem_schema.ObjectivePart),
        (AccessWalk, problem_schema.AccessWalkPart),
        (Break, problem_schema.BreakPart),
        (DrivingRules, problem_schema.DrivingRulesPart),
        (DrivingClocks, problem_schema.DrivingClocksPart),
        (StartFee, problem_schema.StartFeePart),
        (FollowFee, problem_schema.FollowFeePart),
    ],
)
def test_whatever_a_problem_can_say_has_a_field(kind: type, part: type[problem_schema.Part]) -> None:
    missing = {field.name for field in fields(kind) if RENAMED.get(field.name, field.name) not in part.model_fields}
    assert missing == set()


def test_numbers_survive_as_they_are() -> None:
    problem = read(SMALL)
    assert np.array_equal(problem.travel.matrix.distance_m, [[0, 5000], [6000, 0]])
    assert problem.places[1].lat_deg == 49.6
