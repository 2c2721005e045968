"""Laws of the plan room on random mixes of everything that a fleet may ask for."""

from __future__ import annotations

from random import Random

from brute_force import named_by, ways_in
from constraint_strategies import mixed_problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.plan.model import Plan
from routing.plan.needs import not_carried
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import Problem
from routing.problem.validate import validate

MIXING = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _assert_holds(problem: Problem, plan: Plan) -> None:
    assert verify(problem, plan) == ()
    served = [visit.stop_id for route in plan.routes for visit in route.served]
    left_out = [unassigned.stop_id for unassigned in plan.unassigned]
    assert sorted(served + left_out) == sorted(stop.id for stop in problem.stops)


@MIXING
@given(problem=mixed_problems(), seed=st.integers(0, 3))
def test_a_solved_plan_keeps_every_rule_of_the_mix(problem: Problem, seed: int) -> None:
    assert validate(problem) == ()
    _assert_holds(problem, solve(problem, SolveOptions(iterations=100, seed=seed)))


@settings(MIXING, max_examples=15)
@given(problem=mixed_problems(most_features=4))
def test_ortools_keeps_every_rule_that_it_carries(problem: Problem) -> None:
    if not not_carried(problem, "ortools"):
        _assert_holds(problem, solve(problem, SolveOptions(iterations=10, engine="ortools")))


@MIXING
@given(problem=mixed_problems(), seed=st.integers(0, 2**16))
def test_any_orders_are_mended_to_a_plan_that_keeps_every_rule(problem: Problem, seed: int) -> None:
    chance, halts = Random(seed), [*(stop.id for stop in problem.stops), *(depot.id for depot in problem.depots), "?"]
    orders = []
    for vehicle in problem.vehicles:
        orders.append((vehicle.id, tuple(chance.choices(halts, k=chance.randrange(6)))))
    _assert_holds(problem, repair(problem, orders))


@settings(MIXING, max_examples=10)
@given(problem=mixed_problems(), seed=st.integers(0, 3))
def test_the_same_seed_and_iterations_give_the_same_plan_of_the_mix(problem: Problem, seed: int) -> None:
    options = SolveOptions(iterations=60, seed=seed)
    assert solve(problem, options) == solve(problem, options)


@settings(MIXING, max_examples=30)
@given(problem=mixed_problems(most_stops=6, most_features=6, without=("times_of_day",)))
def test_what_is_left_out_fits_nowhere_for_a_true_reason(problem: Problem) -> None:
    plan = solve(problem, SolveOptions(iterations=60))
    committed = {stop_id for vehicle in problem.vehicles for stop_id in vehicle.committed}
    reasons = {unassigned.stop_id: unassigned.reason for unassigned in plan.unassigned}
    for stop_id in reasons.keys() - committed:
        ways = list(ways_in(problem, plan, stop_id))
        free = [way.cents for way in ways if not way.broken]
        if reasons[stop_id] == "COST":
            # a cent for the rounding of each of three parts
            assert free
            assert min(free) >= plan.cost.total_cents - 3
            continue
        assert not free
        named = named_by(problem, reasons, stop_id)
        assert named is None or any(way.broken & named for way in ways)
