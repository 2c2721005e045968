"""Engines say what they can carry, and a problem that needs more is refused in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_problems import line_problem, line_travel, van, window

from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.engines.worker import make_engine
from routing.plan.needs import lacking, needs
from routing.problem.driving_rules import DrivingRules
from routing.problem.model import (
    Break,
    Depot,
    FollowFee,
    Objective,
    Problem,
    Shipment,
    StartFee,
    Stop,
    Vehicle,
)

ALONE: dict[Constraint, tuple[Stop, Vehicle]] = {
    Constraint.LOAD: (Stop(id="A", place=1, load=1), van()),
    Constraint.WINDOW: (Stop(id="A", place=1, windows=(window(0, 9),)), van()),
    Constraint.SEVERAL_WINDOWS: (Stop(id="A", place=1, windows=(window(0, 9), window(20, 30))), van()),
    Constraint.LATENESS: (Stop(id="A", place=1, lateness_allowed=True), van()),
    Constraint.ALLOWED_VEHICLES: (Stop(id="A", place=1, allowed_vehicles=("V0",)), van()),
    Constraint.START_FEES: (Stop(id="A", place=1, start_fees=(StartFee(from_s=0, until_s=9, cents=1),)), van()),
    Constraint.VEHICLE_FEES: (Stop(id="A", place=1, vehicle_fees=(("V0", 1),)), van()),
    Constraint.FOLLOW_FEES: (
        Stop(id="A", place=1, follow_fee=FollowFee(vehicle_id="V0", after_stop_id=None, cents=1)),
        van(),
    ),
    Constraint.START_FIXED: (Stop(id="A", place=1), van(start_fixed=True)),
    Constraint.OVERTIME: (Stop(id="A", place=1), van(overtime_allowed=True)),
    Constraint.COMMITTED: (Stop(id="A", place=1), van(committed=("A",))),
    Constraint.DEPOTS: (Stop(id="A", place=1), van(end_place=2)),
    Constraint.LOADS: (Stop(id="A", place=1, loads=(("kg", 1),)), van()),
    Constraint.PICKUPS: (Stop(id="A", place=1, pickup_load=1), van()),
    Constraint.ON_BOARD: (Stop(id="A", place=1, on_board="V0"), van()),
    Constraint.RELEASE: (Stop(id="A", place=1, release_s=0), van()),
    Constraint.DUE: (Stop(id="A", place=1, due_s=9), van()),
    Constraint.OWN_LATENESS: (Stop(id="A", place=1, lateness_limit_s=0), van()),
    Constraint.OWN_PENALTY: (Stop(id="A", place=1, unserved_cents=0), van()),
    Constraint.SKILLS: (Stop(id="A", place=1, skills_none_of=("saw",)), van()),
    Constraint.FORBIDDEN_VEHICLES: (Stop(id="A", place=1, forbidden_vehicles=("V0",)), van()),
    Constraint.AFFINITY: (Stop(id="A", place=1, preferred_drivers=("Ana",)), van()),
    Constraint.TERRITORIES: (Stop(id="A", place=1), van(territories=())),
    Constraint.TERRITORY_FEES: (Stop(id="A", place=1), van(territories=(), territory_fee_cents=0)),
    Constraint.SERVICE_BY_TYPE: (Stop(id="A", place=1, service_by_type=(("bike", 9),)), van()),
    Constraint.SETUP: (Stop(id="A", place=1, setup_s=1), van()),
    Constraint.WALK: (Stop(id="A", place=1, walk_s=1), van()),
    Constraint.TOGETHER: (Stop(id="A", place=1, together="T"), van()),
    Constraint.OPEN_START: (Stop(id="A", place=1), van(open_start=True)),
    Constraint.OPEN_END: (Stop(id="A", place=1), van(open_end=True)),
    Constraint.BREAKS: (
        Stop(id="A", place=1),
        van(breaks=(Break(id="lunch", window=window(0, 9), duration_s=1),)),
    ),
    Constraint.DRIVING_RULES: (Stop(id="A", place=1), van(driving_rules=DrivingRules())),
    Constraint.DURATION_LIMIT: (Stop(id="A", place=1), van(duration_limit_s=0)),
    Constraint.DISTANCE_LIMIT: (Stop(id="A", place=1), van(distance_limit_m=0)),
    Constraint.DRIVING_LIMIT: (Stop(id="A", place=1), van(driving_limit_s=0)),
    Constraint.STOPS_LIMIT: (Stop(id="A", place=1), van(stops_limit=0)),
    Constraint.OWN_PRICES: (Stop(id="A", place=1), van(overtime_limit_s=0)),
    Constraint.LIFO: (Stop(id="A", place=1), van(lifo=True)),
    Constraint.PICKUPS_LAST: (Stop(id="A", place=1), van(pickups_last=True)),
    Constraint.RELOADS: (Stop(id="A", place=1), van(reload_depots=("hub",))),
}
TOLD_BESIDES = {
    Constraint.SEVERAL_WINDOWS: {Constraint.WINDOW},
    Constraint.TERRITORY_FEES: {Constraint.TERRITORIES},
}
"""What cannot be asked for without something else."""
BY_THE_PROBLEM: dict[Constraint, tuple[dict[str, Any], str]] = {
    Constraint.SHIPMENTS: (
        {"shipments": (Shipment(id="S", pickup_stop_id="A", delivery_stop_id="A"),)},
        "shipment S",
    ),
    Constraint.STOCK: ({"depots": (Depot(id="hub", place=0, stock=()),)}, "depot hub"),
    Constraint.GOODS_APART: ({"incompatible_goods": (("a", "b"),)}, "incompatible_goods"),
    Constraint.GOODS_REQUIRED: ({"required_goods": (("a", "b"),)}, "required_goods"),
    Constraint.BALANCE: ({"objective": Objective(balance_cents_per_h2=1)}, "objective.balance_cents_per_h2"),
    Constraint.PROFILES: ({"profile_travel": (("van", line_travel()),)}, "vehicle V0"),
    Constraint.TIMES_OF_DAY: ({"travel": line_travel(factors=(1, 2))}, "travel.matrix"),
}
PLAIN = {Constraint.UNSERVED: "stop A", Constraint.SHIFT: "vehicle V0"}


def _problem(stop: Stop, vehicle: Vehicle) -> Problem:
    return line_problem([stop], [vehicle])


@pytest.mark.parametrize("constraint", ALONE)
def test_a_problem_needs_what_it_asks_for_and_nothing_else(constraint: Constraint) -> None:
    told = needs(_problem(*ALONE[constraint]))
    assert constraint in told
    assert set(told) - {constraint} - TOLD_BESIDES.get(constraint, set()) <= set(PLAIN)


@pytest.mark.parametrize("constraint", BY_THE_PROBLEM)
def test_what_is_asked_of_the_whole_says_where(constraint: Constraint) -> None:
    changes, where = BY_THE_PROBLEM[constraint]
    problem = replace(_problem(Stop(id="A", place=1), van()), **changes)
    assert needs(problem) == PLAIN | {constraint: where}


def test_a_plain_problem_needs_little() -> None:
    assert needs(_problem(Stop(id="A", place=1), van())) == PLAIN


def test_every_constraint_is_asked_for_by_something() -> None:
    assert set(Constraint) == {*ALONE, *BY_THE_PROBLEM, *PLAIN}


def test_loads_of_shipments_and_of_vehicles_are_loads_too() -> None:
    shipment = Shipment(id="S", pickup_stop_id="A", delivery_stop_id="B", load=1, loads=(("kg", 1),))
    told = needs(replace(_problem(Stop(id="A", place=1), van()), shipments=(shipment,)))
    assert {told[each] for each in (Constraint.LOAD, Constraint.LOADS, Constraint.SHIPMENTS)} == {"shipment S"}
    kept = needs(_problem(Stop(id="A", place=1), van(on_board_loads=(("kg", 1),))))
    assert (kept[Constraint.LOADS], kept[Constraint.ON_BOARD]) == ("vehicle V0", "vehicle V0")


def test_what_an_engine_cannot_carry_is_refused_all_at_once_with_a_way_out() -> None:
    stop = Stop(id="A", place=1, load=1, lateness_allowed=True)
    issues = lacking(needs(_problem(stop, van(overtime_allowed=True))), "small", {Constraint.LOAD, *PLAIN})
    assert [(issue.code, issue.where, issue.cause) for issue in issues] == [
        ("ENGINE_CANNOT", "stop A", "asks for lateness that is paid, which the engine small cannot carry"),
        ("ENGINE_CANNOT", "vehicle V0", "asks for overtime that is paid, which the engine small cannot carry"),
    ]
    assert issues[0].action == "Choose ruin_recreate or ortools, or take it out of the problem."


@pytest.mark.parametrize("name", list(EngineName))
def test_an_engine_says_of_itself_what_the_registry_says(name: EngineName) -> None:
    engine = make_engine(name)
    assert (engine.name, engine.carries) == (name, CARRIES[name])
