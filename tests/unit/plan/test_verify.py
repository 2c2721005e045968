from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_problems import line_problem, line_travel, van, window

from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.schedule import schedule
from routing.plan.verify import VIOLATIONS, verify
from routing.problem.model import FollowFee, Problem, StartFee, Stop

STOPS = (
    Stop(id="A", place=1, windows=(window(1_000, 2_000),), service_s=50, load=1),
    Stop(id="B", place=2, service_s=60, load=2),
    Stop(id="C", place=4, load=1),
)
PROBLEM = line_problem(STOPS, [van(), van(id="V1")])


def _plan(problem: Problem, orders: dict[str, tuple[str, ...]]) -> Plan:
    routes = schedule(problem, orders)
    served = {name for order in orders.values() for name in order}
    left_out = [stop.id for stop in problem.stops if stop.id not in served]
    return Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=name, reason="COST", detail="dear") for name in left_out),
        cost=plan_cost(problem, routes, left_out),
    )


PLAN = _plan(PROBLEM, {"V0": ("A", "B"), "V1": ("C",)})


def _codes(problem: Problem, plan: Plan) -> set[str]:
    violations = verify(problem, plan)
    assert all(violation.where and violation.cause for violation in violations)
    return {violation.code for violation in violations}


def _route(**changes: Any) -> Plan:
    return replace(PLAN, routes=(replace(PLAN.routes[0], **changes), *PLAN.routes[1:]))


def _visit(**changes: Any) -> Plan:
    first, *others = PLAN.routes[0].visits
    return _route(visits=(replace(first, **changes), *others))


def _leg(**changes: Any) -> Plan:
    first, *others = PLAN.routes[0].legs
    return _route(legs=(replace(first, **changes), *others))


EMPTY = replace(PLAN.routes[0], visits=(), legs=PLAN.routes[0].legs[:1])
PROVOKED: dict[str, Plan] = {
    "STOP_UNKNOWN": _visit(stop_id="Z"),
    "STOP_LOST": replace(PLAN, routes=PLAN.routes[:1]),
    "STOP_TWICE": replace(PLAN, unassigned=(Unassigned(stop_id="A", reason="COST", detail="dear"),)),
    "VEHICLE_UNKNOWN": _route(vehicle_id="V7"),
    "VEHICLE_TWICE": _route(vehicle_id="V1"),
    "ROUTE_ORDER": replace(PLAN, routes=PLAN.routes[::-1]),
    "ROUTE_EMPTY": replace(PLAN, routes=(EMPTY, PLAN.routes[1])),
    "LOAD": _visit(load_after=1),
    "LEG_COUNT": _route(legs=PLAN.routes[0].legs[1:]),
    "LEG_PLACE": _leg(to_place=3),
    "LEG_DEPARTURE": _leg(depart_s=1),
    "LEG_DURATION": _leg(duration_s=99),
    "LEG_DISTANCE": _leg(distance_m=999),
    "ARRIVAL": _visit(arrive_s=999),
    "WAITING": _visit(waiting_s=1),
    "WINDOW": _visit(start_s=999),
    "LATE": _visit(start_s=2_001),
    "LATENESS": _visit(lateness_s=1),
    "SERVICE": _visit(depart_s=1_051),
    "SHIFT_START": _route(start_s=-1),
    "OVERTIME": _route(overtime_s=1),
    "ROUTE_END": _route(end_s=5),
    "REASON": replace(
        _plan(PROBLEM, {"V0": ("A", "B")}), unassigned=(Unassigned(stop_id="C", reason="NO", detail="?"),)
    ),
    "COST": replace(PLAN, cost=replace(PLAN.cost, duty_cents=PLAN.cost.duty_cents + 1)),
}

Change = Callable[[Problem], Problem]


def _first_van(**changes: Any) -> Change:
    return lambda problem: replace(problem, vehicles=(van(**changes), *problem.vehicles[1:]))


OTHER_RULES: dict[str, Change] = {
    "COMMITTED": _first_van(committed=("B",)),
    "NOT_ALLOWED": lambda problem: replace(problem, stops=(replace(STOPS[0], allowed_vehicles=("V1",)), *STOPS[1:])),
    "CAPACITY": _first_van(capacity=2),
    "LEG_UNREACHABLE": lambda problem: replace(problem, travel=line_travel(cut_off=(2,))),
    "SHIFT_END": _first_van(shift=window(0, 1_000)),
    "ROUTE_MISSING": lambda problem: replace(
        problem, vehicles=(*problem.vehicles, van(id="V2", used=True, start_place=3))
    ),
}


def test_a_true_plan_has_no_violation() -> None:
    assert verify(PROBLEM, PLAN) == ()


@pytest.mark.parametrize("code", PROVOKED)
def test_a_falsified_plan_breaks_the_rule(code: str) -> None:
    assert code in _codes(PROBLEM, PROVOKED[code])


@pytest.mark.parametrize("code", OTHER_RULES)
def test_a_plan_of_another_problem_breaks_the_rule(code: str) -> None:
    assert code in _codes(OTHER_RULES[code](PROBLEM), PLAN)


def test_every_code_of_the_table_is_provoked_here_or_beside() -> None:
    beside = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("test_verify_*.py")]
    words = {node.value for tree in beside for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {*PROVOKED, *OTHER_RULES} <= set(VIOLATIONS) <= {*PROVOKED, *OTHER_RULES, *words}


def test_lateness_and_overtime_are_no_violation_where_allowed() -> None:
    stop = Stop(id="D", place=4, windows=(window(0, 600),), lateness_allowed=True)
    problem = line_problem([stop], [van(shift=window(0, 1_300), overtime_allowed=True)])
    assert verify(problem, _plan(problem, {"V0": ("D",)})) == ()
    strict = line_problem([replace(stop, lateness_allowed=False)], [van(shift=window(0, 1_300))])
    assert _codes(strict, _plan(strict, {"V0": ("D",)})) == {"LATE", "SHIFT_END"}


def test_a_committed_stop_may_be_left_out_only_where_no_drive_allows_it() -> None:
    # D is 700 s away: its window ends at 600, so it cannot be held, and B then is the first visit
    late = Stop(id="D", place=4, windows=(window(0, 600),))
    problem = line_problem([late, STOPS[1]], [van(committed=("D", "B"))])
    assert verify(problem, _plan(problem, {"V0": ("B",)})) == ()
    assert _codes(problem, _plan(problem, {})) == {"COMMITTED"}


def test_the_fees_of_a_plan_are_added_up_again() -> None:
    # V0 serves A at 1,000 s; 5 for that, 20 since it is V0, 300 since it comes first and not after B
    fees = {
        "start_fees": (StartFee(from_s=1_000, until_s=1_000, cents=5),),
        "vehicle_fees": (("V1", 1), ("V0", 20)),
        "follow_fee": FollowFee(vehicle_id="V0", after_stop_id="B", cents=300),
    }
    problem = replace(PROBLEM, stops=(replace(STOPS[0], **fees), *STOPS[1:]))  # type: ignore[arg-type]
    violation = verify(problem, PLAN)[0]
    assert (violation.where, violation.cause) == ("cost.preference_cents", "is 0, the plan amounts to 325")
    assert verify(problem, replace(PLAN, cost=replace(PLAN.cost, preference_cents=325))) == ()
