"""The examples of examples/constraints: what each engine plans is what was worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from worked_examples import WORKED
from worked_plans import told_cost, told_left_out, told_route

from routing.interface.read_problem import read_problem
from routing.plan.engines.registry import CARRIES, EngineName
from routing.plan.needs import needs
from routing.plan.options import SolveOptions
from routing.plan.solve import solve
from routing.plan.verify import verify

EXAMPLES = Path(__file__).parents[3] / "examples" / "constraints"
ITERATIONS = 200


@pytest.mark.parametrize("name", sorted(WORKED))
@pytest.mark.parametrize("engine", list(EngineName))
def test_the_plan_is_the_one_worked_out_by_hand(name: str, engine: EngineName) -> None:
    problem, worked = read_problem(EXAMPLES / f"{name}.json"), WORKED[name]
    if not needs(problem).keys() <= CARRIES[engine]:
        pytest.skip(f"{engine} does not carry it")
    plan = solve(problem, SolveOptions(time_limit_s=None, iterations=ITERATIONS, engine=engine))
    assert tuple(map(told_route, plan.routes)) == worked.routes
    assert (told_cost(plan), told_left_out(plan)) == (worked.cost, worked.left_out)
    assert plan.cost.total_cents == sum(worked.cost)
    assert verify(problem, plan) == ()
