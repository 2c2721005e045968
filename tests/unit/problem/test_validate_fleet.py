"""Every fault of what a fleet may ask for is found under its code, and only that one where a case has one fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_problems import line_problem, line_travel, van, window

from routing.problem.model import (
    Break,
    Depot,
    DrivingClocks,
    DrivingRules,
    Problem,
    Shipment,
    Stop,
    Vehicle,
)
from routing.problem.travel import MatrixTravel
from routing.problem.validate import validate

DEPOT = Depot(id="D", place=0, windows=(window(0, 10),), reload_s=5, stock=(("cold", 1), ("load", 9)))
SHIPMENT = Shipment(id="X", pickup_stop_id="P", delivery_stop_id="Q", load=1, loads=(("cold", 1),))
STOPS = (
    Stop(id="A", place=1, load=1, loads=(("cold", 1), ("dry", 2)), release_s=5, together="g", goods="food"),
    Stop(id="B", place=2, pickup_load=1, pickup_loads=(("dry", 1),), together="g", on_board="V0"),
    Stop(id="P", place=3, goods="paint"),
    Stop(id="Q", place=4),
)
BREAKS = (
    Break(id="one", window=window(0, 100), duration_s=50),
    Break(id="two", window=window(150, 200), duration_s=50),
)


def _van(**changes: Any) -> Vehicle:
    fields: dict[str, Any] = {
        "capacities": (("cold", 4), ("dry", 4)),
        "on_board_load": 2,
        "on_board_loads": (("dry", 4),),
        "start_depot": "D",
        "reload_depots": ("D",),
        "breaks": BREAKS,
        "driving_rules": DrivingRules(),
        "driving_clocks": DrivingClocks(split_taken=True),
    }
    return van(**{**fields, **changes})


SOUND = replace(
    line_problem(STOPS, [_van(), _van(id="V1")]),
    depots=(DEPOT,),
    shipments=(SHIPMENT,),
    incompatible_goods=(("food", "paint"),),
    required_goods=(("food", "food"), ("paint", "cloth")),
    profile_travel=(("bike", line_travel()),),
)


def _stop(number: int, **changes: Any) -> Problem:
    stops = list(SOUND.stops)
    stops[number] = replace(stops[number], **changes)
    return replace(SOUND, stops=tuple(stops))


def _vehicle(**changes: Any) -> Problem:
    return replace(SOUND, vehicles=(_van(**changes), SOUND.vehicles[1]))


def _rules(**changes: Any) -> Problem:
    return _vehicle(driving_rules=DrivingRules(**changes))


def _clocks(**changes: Any) -> Problem:
    return _vehicle(driving_clocks=DrivingClocks(**changes))


def _depot(**changes: Any) -> Problem:
    return replace(SOUND, depots=(replace(DEPOT, **changes),))


def _shipment(**changes: Any) -> Problem:
    return replace(SOUND, shipments=(replace(SHIPMENT, **changes),))


SMALL = MatrixTravel(matrix=replace(line_travel().matrix, distance_m=line_travel().matrix.distance_m[:, 1:]))

FAULTS: list[tuple[str, str, Problem]] = [
    ("NEGATIVE", "stop A", _stop(0, setup_s=-1)),
    ("NEGATIVE", "stop A", _stop(0, walk_s=-1)),
    ("NEGATIVE", "stop A", _stop(0, unserved_cents=-1)),
    ("NEGATIVE", "stop A", _stop(0, lateness_cents_per_min=-1)),
    ("NEGATIVE", "stop A", _stop(0, service_by_type=(("bike", -1),))),
    ("NEGATIVE", "stop A", _stop(0, loads=(("cold", -1),))),
    ("NEGATIVE", "stop B", _stop(1, pickup_load=-1)),
    ("NEGATIVE", "vehicle V0", _vehicle(territory_fee_cents=-1)),
    ("NEGATIVE", "vehicle V0", _vehicle(reloads_limit=-1)),
    ("NEGATIVE", "vehicle V0", _vehicle(duty_cents_per_h=-1)),
    ("NEGATIVE", "vehicle V0", _clocks(driving_today_s=-1)),
    ("NEGATIVE", "depot D", _depot(reload_s=-1)),
    ("NEGATIVE", "depot D", _depot(stock=(("cold", -1),))),
    ("NEGATIVE", "shipment X", _shipment(load=-1)),
    ("AMOUNTS_ORDER", "stop A", _stop(0, loads=(("dry", 1), ("cold", 1)))),
    ("AMOUNTS_ORDER", "stop A", _stop(0, pickup_loads=(("dry", 1), ("dry", 1)))),
    ("AMOUNTS_ORDER", "vehicle V0", _vehicle(capacities=(("dry", 9), ("cold", 1)))),
    ("AMOUNTS_ORDER", "depot D", _depot(stock=(("load", 9), ("cold", 1)))),
    ("LOAD_NAME", "stop A", _stop(0, loads=(("load", 1),))),
    ("LOAD_NAME", "shipment X", _shipment(loads=(("", 1),))),
    ("TYPE_TWICE", "stop A", _stop(0, service_by_type=(("bike", 1), ("bike", 2)))),
    ("VEHICLE_UNKNOWN", "stop A", _stop(0, forbidden_vehicles=("V9",))),
    ("VEHICLE_UNKNOWN", "stop B", _stop(1, on_board="V9")),
    ("RELEASE_ON_BOARD", "stop A", _stop(0, on_board="V0")),
    ("RELEASE_WITHOUT_LOAD", "stop B", _stop(1, on_board=None, release_s=1)),
    ("LATENESS_NOT_ALLOWED", "stop A", _stop(0, lateness_limit_s=60)),
    ("SKILLS_CONTRADICT", "stop A", _stop(0, skills_all=("lift",), skills_none_of=("lift",))),
    ("SKILLS_CONTRADICT", "stop A", _stop(0, skills_one_of=("lift",), skills_none_of=("lift", "dog"))),
    ("DEPOT_UNKNOWN", "vehicle V0", _vehicle(start_depot="E")),
    ("DEPOT_UNKNOWN", "vehicle V0", _vehicle(reload_depots=("D", "E"))),
    ("DEPOT_TWICE", "vehicle V0", _vehicle(reload_depots=("D", "D"))),
    ("ON_BOARD_TOO_MUCH", "vehicle V0", _vehicle(on_board_load=11)),
    ("ON_BOARD_TOO_MUCH", "vehicle V0", _vehicle(on_board_loads=(("wet", 1),))),
    ("OVERTIME_NOT_ALLOWED", "vehicle V0", _vehicle(overtime_limit_s=60)),
    ("DUPLICATE_ID", "vehicle V0, break one", _vehicle(breaks=(BREAKS[0], replace(BREAKS[1], id="one")))),
    ("NOT_POSITIVE", "vehicle V0, break one", _vehicle(breaks=(replace(BREAKS[0], duration_s=0),))),
    ("WINDOW_REVERSED", "vehicle V0, break one", _vehicle(breaks=(replace(BREAKS[0], window=window(9, 0)),))),
    ("BREAKS_ORDER", "vehicle V0, break one", _vehicle(breaks=BREAKS[::-1])),
    (
        "BREAKS_ORDER",
        "vehicle V0, break two",
        _vehicle(breaks=(BREAKS[0], replace(BREAKS[1], window=window(149, 200)))),
    ),
    ("NOT_POSITIVE", "vehicle V0", _rules(driving_until_break_s=0)),
    ("NOT_POSITIVE", "vehicle V0", _rules(span_limit_s=-1)),
    ("NOT_POSITIVE", "vehicle V0", _rules(split_s=(0, 1_800))),
    ("SPLIT_TOO_LONG", "vehicle V0", _rules(break_s=1_800)),
    ("SPLIT_NOT_ALLOWED", "vehicle V0", _rules(split_s=None)),
    ("DUTY_AFTER_SHIFT", "vehicle V0", _clocks(on_duty_since_s=1)),
    ("DUPLICATE_ID", "depot D", replace(SOUND, depots=(DEPOT, DEPOT))),
    ("DEPOT_IS_STOP", "depot A", replace(SOUND, depots=(DEPOT, replace(DEPOT, id="A")))),
    ("PLACE_UNKNOWN", "depot D", _depot(place=5)),
    ("WINDOWS_OVERLAP", "depot D", _depot(windows=(window(0, 10), window(5, 20)))),
    ("DUPLICATE_ID", "shipment X", replace(SOUND, shipments=(SHIPMENT, replace(SHIPMENT, pickup_stop_id="R")))),
    ("STOP_UNKNOWN", "shipment X", _shipment(delivery_stop_id="Z")),
    ("SHIPMENT_SAME_STOP", "shipment X", _shipment(delivery_stop_id="P")),
    ("SHIPMENT_STOP_TWICE", "stop P", replace(SOUND, shipments=(SHIPMENT, replace(SHIPMENT, id="Y")))),
    ("SHIPMENT_STOP_LOADED", "stop P", _stop(2, load=1)),
    ("SHIPMENT_STOP_LOADED", "stop Q", _stop(3, pickup_loads=(("dry", 1),))),
    ("SHIPMENT_STOP_LOADED", "stop Q", _stop(3, on_board="V0")),
    ("SHIPMENT_TOGETHER", "stop P", _stop(2, together="g")),
    ("SHIPMENT_GOODS", "stop Q", _stop(3, goods="food")),
    ("COMMITTED_HALF", "shipment X", _vehicle(committed=("P",))),
    ("COMMITTED_HALF", "group g", _vehicle(committed=("B",))),
    ("COMMITTED_ORDER", "shipment X", _vehicle(committed=("Q", "P"))),
    ("COMMITTED_ORDER", "group g", _vehicle(committed=("A", "P", "B", "Q"))),
    (
        "COMMITTED_NOT_ALLOWED",
        "vehicle V0",
        replace(_stop(3, skills_all=("lift",)), vehicles=(_van(committed=("P", "Q")),)),
    ),
    ("COMMITTED_REQUIRES", "vehicle V0", _vehicle(committed=("P", "Q"))),
    ("GOODS_NAME", "incompatible_goods", replace(SOUND, incompatible_goods=(("food", ""),))),
    ("GOODS_CONTRADICT", "incompatible_goods", replace(SOUND, incompatible_goods=(("food", "food"),))),
    ("GOODS_CONTRADICT", "required_goods", replace(SOUND, required_goods=(("paint", "food"),))),
    ("MATRIX_SHAPE", "profile_travel.bike.matrix.distance_m", replace(SOUND, profile_travel=(("bike", SMALL),))),
    ("DUPLICATE_ID", "profile_travel bike", replace(SOUND, profile_travel=(("bike", line_travel()),) * 2)),
]


def test_what_may_be_combined_has_no_fault() -> None:
    assert validate(SOUND) == ()
    whole = _vehicle(committed=("A", "B", "P", "Q"))
    assert validate(replace(whole, required_goods=(("paint", "food"),), incompatible_goods=())) == ()


@pytest.mark.parametrize(("code", "where", "problem"), FAULTS, ids=lambda part: part if isinstance(part, str) else "")
def test_each_fault_is_found_where_it_is(code: str, where: str, problem: Problem) -> None:
    found = {(issue.code, issue.where) for issue in validate(problem)}
    assert (code, where) in found
    assert all(issue.cause and issue.action for issue in validate(problem))


def test_all_faults_come_at_once() -> None:
    problem = replace(
        _vehicle(start_depot="E", overtime_limit_s=-1, breaks=BREAKS[::-1]),
        depots=(replace(DEPOT, place=9),),
        shipments=(replace(SHIPMENT, load=-1, delivery_stop_id="Z"),),
        required_goods=(("food", "paint"),),
    )
    assert sorted(issue.code for issue in validate(problem)) == [
        "BREAKS_ORDER",
        "DEPOT_UNKNOWN",
        "GOODS_CONTRADICT",
        "NEGATIVE",
        "NEGATIVE",
        "OVERTIME_NOT_ALLOWED",
        "PLACE_UNKNOWN",
        "STOP_UNKNOWN",
    ]
