"""What is said of a stop that is left out, held against trying every place with rules that share no code."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from constraint_strategies import FEATURES, mixed_problem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import UnreachableLegError
from routing.plan.cost import plan_cost
from routing.plan.explain_stop import explain_stop
from routing.plan.model import Plan, Unassigned
from routing.plan.relax import Bound, relaxed
from routing.plan.repair import repair
from routing.plan.requests import Request, requests_of
from routing.plan.schedule import Clock, schedule
from routing.plan.verify import verify
from routing.problem.model import Problem

ROUNDED_CENTS = 3
"""Parts of a cost are rounded once per plan here, and once per route there."""
TRYING = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def asked(draw: st.DrawFn) -> Problem:
    features = draw(st.lists(st.sampled_from(list(FEATURES)), unique=True, max_size=5))
    stops, vehicles = draw(st.integers(2, 6)), draw(st.integers(1, 2))
    return mixed_problem(features, stops, vehicles, draw(st.integers(0, 2**32 - 1)))


def planned(problem: Problem, orders: dict[str, tuple[str, ...]]) -> Plan | None:
    """Return the plan of orders with every other stop left out, None where a road is missing."""
    try:
        routes = schedule(problem, orders, Clock(problem))
    except UnreachableLegError:
        return None
    served = {stop_id for order in orders.values() for stop_id in order}
    left = [stop.id for stop in problem.stops if stop.id not in served]
    return Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=key, reason="FLEET_FULL", detail="tried") for key in left),
        cost=plan_cost(problem, routes, left),
    )


def holding(problem: Problem, orders: dict[str, tuple[str, ...]], request: Request) -> Iterator[int]:
    """Yield what each place costs more where the plan with a request in it holds."""
    for vehicle in problem.vehicles:
        order = orders.get(vehicle.id, ())
        before = planned(problem, {**orders, vehicle.id: order})
        for found in every_order(order, request, vehicle.reload_depots):
            plan = planned(problem, {**orders, vehicle.id: found})
            if plan is not None and before is not None and verify(problem, plan) == ():
                yield plan.cost.total_cents - before.cost.total_cents + request.unserved_cents


def every_order(order: tuple[str, ...], request: Request, depots: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    reloads = [(), *((depot,) for depot in depots)]
    for before, after in itertools.product(reloads, reloads):
        for first in range(len(order) + 1):
            for last in range(first, len(order) + 1) if request.is_pair else [first]:
                cut = 1 if request.is_pair else len(request.stop_ids)
                head, tail = (*before, *request.stop_ids[:cut]), (*request.stop_ids[cut:], *after)
                yield (*order[:first], *head, *order[first:last], *tail, *order[last:])


@TRYING
@given(asked(), st.randoms(use_true_random=False))
def test_any_orders_become_a_plan_that_holds(problem, chance):
    halts = [*(stop.id for stop in problem.stops), *(depot.id for depot in problem.depots), "nothing"]
    initial = [(vehicle.id, tuple(chance.choices(halts, k=chance.randint(0, 8)))) for vehicle in problem.vehicles]
    plan = repair(problem, initial)
    assert verify(problem, plan) == ()
    assert repair(problem, initial) == plan
    # what holds already is left where it is
    again = repair(problem, tuple(plan.orders().items())).orders()
    for key, order in plan.orders().items():
        assert tuple(stop_id for stop_id in again[key] if stop_id in order) == order


@TRYING
@given(asked())
def test_a_stop_that_is_left_out_fits_nowhere_or_costs_more(problem):
    plan = repair(problem)
    requests = {stop_id: request for request in requests_of(problem) for stop_id in request.stop_ids}
    for left in plan.unassigned:
        request = requests[left.stop_id]
        prices = list(holding(problem, plan.orders(), request))
        if left.reason == "COST":
            assert prices
            assert min(prices) >= request.unserved_cents - ROUNDED_CENTS
        else:
            assert not prices


@TRYING
@given(asked())
def test_what_is_said_to_help_does_and_less_does_not(problem):
    plan = repair(problem)
    requests = {stop_id: request for request in requests_of(problem) for stop_id in request.stop_ids}
    for left in plan.unassigned:
        request, told = requests[left.stop_id], explain_stop(problem, plan, left.stop_id)
        assert [each.vehicle_id for each in told.obstacles] == [vehicle.id for vehicle in problem.vehicles]
        now = list(holding(problem, plan.orders(), request))
        assert any(each.code == "COST" for each in told.obstacles) == bool(now)
        for each in told.relaxations:
            if each.code == "COST":
                assert any(abs(each.amount - cents) <= ROUNDED_CENTS for cents in now)
                continue
            bound = Bound(each.code, each.of, each.name)
            wider = relaxed(problem, bound, each.amount, request)
            orders = {**plan.orders(), each.vehicle_id: each.stop_ids}
            changed = planned(wider, orders)
            assert changed is not None
            assert verify(wider, changed) == ()
            if each.amount > 1 and not each.name.startswith(("opens", "between", "begins")) and each.code != "RELEASE":
                less = relaxed(problem, bound, each.amount - 1, request)
                assert all(
                    cents >= request.unserved_cents - ROUNDED_CENTS for cents in holding(less, plan.orders(), request)
                )
