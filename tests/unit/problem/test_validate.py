from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_problems import line_problem, line_travel, van, window

from routing.problem.model import FollowFee, Objective, Problem, StartFee, Stop
from routing.problem.travel import MatrixTravel
from routing.problem.validate import validate

SOUND = line_problem([Stop(id="A", place=1, windows=(window(0, 10), window(20, 30)), load=1)])
MATRIX = line_travel().matrix


def _stop(**changes: object) -> Problem:
    return replace(SOUND, stops=(replace(SOUND.stops[0], **changes),))  # type: ignore[arg-type]


def _fees(*fees: tuple[int, int, int]) -> Problem:
    return _stop(start_fees=tuple(StartFee(from_s=a, until_s=b, cents=cents) for a, b, cents in fees))


def _follow(vehicle_id: str, after_stop_id: str | None) -> Problem:
    return _stop(follow_fee=FollowFee(vehicle_id=vehicle_id, after_stop_id=after_stop_id, cents=1))


def _van(**changes: object) -> Problem:
    return replace(SOUND, vehicles=(van(**changes),))


FAULTS = {
    "DUPLICATE_ID": replace(SOUND, stops=SOUND.stops * 2),
    "WINDOW_REVERSED": _stop(windows=(window(10, 0),)),
    "WINDOWS_OVERLAP": _stop(windows=(window(0, 10), window(10, 20))),
    "NEGATIVE": _stop(load=-1),
    "PRIORITY": _stop(priority=101),
    "PLACE_UNKNOWN": _stop(place=5),
    "VEHICLE_UNKNOWN": _stop(allowed_vehicles=("V7",)),
    "NO_VEHICLES": replace(SOUND, vehicles=()),
    "SHIFT_REVERSED": _van(shift=window(10, 0)),
    "STOP_UNKNOWN": _van(committed=("Z",)),
    "COMMITTED_TWICE": _van(committed=("A", "A")),
    "COMMITTED_NOT_ALLOWED": replace(_stop(allowed_vehicles=()), vehicles=(van(committed=("A",)),)),
    "FEE_REVERSED": _fees((10, 9, 1)),
    "FEES_OVERLAP": _fees((0, 10, 1), (10, 20, 1)),
    "FEE_TWICE": _stop(vehicle_fees=(("V0", 1), ("V0", 2))),
    "MATRIX_SHAPE": replace(
        SOUND, travel=MatrixTravel(matrix=replace(MATRIX, distance_m=np.zeros((1, 4, 5), np.int32)))
    ),
    "MATRIX_NEGATIVE": replace(SOUND, travel=MatrixTravel(matrix=replace(MATRIX, duration_s=MATRIX.duration_s - 1))),
    "SLICES": replace(SOUND, travel=MatrixTravel(matrix=replace(MATRIX, slice_start_s=np.array([0, 0])))),
}


def test_a_sound_problem_has_no_fault() -> None:
    assert validate(SOUND) == ()


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_found_under_its_code(code: str) -> None:
    issues = validate(FAULTS[code])
    assert code in {issue.code for issue in issues}
    assert all(issue.where and issue.cause and issue.action for issue in issues)


def test_all_faults_come_at_once() -> None:
    problem = replace(
        _stop(load=-1, service_s=-1, priority=-1, place=-1),
        vehicles=(van(capacity=-1, end_place=9),),
        objective=Objective(unserved_cents=-1),
    )
    assert sorted(issue.code for issue in validate(problem)) == [
        "NEGATIVE",
        "NEGATIVE",
        "NEGATIVE",
        "NEGATIVE",
        "PLACE_UNKNOWN",
        "PLACE_UNKNOWN",
        "PRIORITY",
    ]


def test_all_faults_of_fees_come_at_once() -> None:
    fees = {
        "start_fees": (StartFee(from_s=20, until_s=30, cents=-1), StartFee(from_s=0, until_s=20, cents=1)),
        "vehicle_fees": (("V7", -1),),
        "follow_fee": FollowFee(vehicle_id="V8", after_stop_id="A", cents=-1),
    }
    codes = [issue.code for issue in validate(_stop(**fees))]
    assert sorted(codes) == ["FEES_OVERLAP", *["NEGATIVE"] * 3, "STOP_UNKNOWN", *["VEHICLE_UNKNOWN"] * 2]
    assert [issue.code for issue in validate(_follow("V0", "Z"))] == ["STOP_UNKNOWN"]
    assert validate(_follow("V0", None)) == validate(_fees((0, 10, 1), (11, 20, 0))) == ()
