"""Engines say what they can carry, and a problem that needs more is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_problems import line_problem, line_travel, van, window

from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.engines.worker import make_engine
from routing.plan.needs import lacking, needs
from routing.problem.model import FollowFee, Problem, StartFee, Stop, Vehicle

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
}
PLAIN = {Constraint.UNSERVED: "stop A", Constraint.SHIFT: "vehicle V0"}


def _problem(stop: Stop, vehicle: Vehicle) -> Problem:
    return line_problem([stop], [vehicle])


@pytest.mark.parametrize("constraint", ALONE)
def test_a_problem_needs_what_it_asks_for_and_nothing_else(constraint: Constraint) -> None:
    told = needs(_problem(*ALONE[constraint]))
    assert constraint in told
    others = {Constraint.WINDOW} if constraint is Constraint.SEVERAL_WINDOWS else set()
    assert set(told) - {constraint} - others <= set(PLAIN)


def test_a_plain_problem_needs_little_and_changing_times_are_a_need() -> None:
    assert needs(_problem(Stop(id="A", place=1), van())) == PLAIN
    changing = line_problem([Stop(id="A", place=1)], [van()], line_travel(factors=(1, 2)))
    assert needs(changing) == PLAIN | {Constraint.TIMES_OF_DAY: "travel.matrix"}


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


def test_the_readme_says_what_each_engine_carries() -> None:
    lines = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").splitlines()
    first = lines.index("| | `ruin_recreate` | `ortools` |")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first + 2 :][: len(Constraint)]]
    expected = [
        [str(constraint), *("yes" if constraint in CARRIES[name] else "no" for name in EngineName)]
        for constraint in Constraint
    ]
    assert rows == expected
