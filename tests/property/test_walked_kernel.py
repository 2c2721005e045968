"""The walked kernel against the clock, the rules and the costs of plans, on random orders under random rules."""

from __future__ import annotations

from random import Random

from constraint_strategies import mixed_problems
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import SEARCHING
from walked_routes import WalkedRoutes

from routing.plan.cost import plan_cost
from routing.plan.requests import requests_of
from routing.plan.rules.book import Book
from routing.plan.rules.stock import plan_breaches
from routing.plan.schedule import Clock
from routing.plan.walked.judge import holds
from routing.problem.model import Problem, Vehicle

PARTS = 6
"""Parts of a route's cost, each rounded by half a cent at most."""


def _order(problem: Problem, vehicle: Vehicle, chance: Random) -> tuple[str, ...]:
    """Return some whole requests in any order that keeps pickups first and groups together, with reloads or not."""
    requests, order = requests_of(problem), list[str]()
    for request in chance.sample(requests, min(len(requests), chance.randint(1, 4))):
        at = chance.randint(0, len(order))
        order[at:at] = request.stop_ids[:1] if request.is_pair else request.stop_ids
        if request.is_pair:
            order.insert(chance.randint(at + 1, len(order)), request.stop_ids[1])
    for _ in range(chance.choice([0, 0, 1, 2]) if vehicle.reload_depots else 0):
        order.insert(chance.randint(0, len(order)), chance.choice(vehicle.reload_depots))
    return tuple(order)


@SEARCHING
@given(problem=mixed_problems(without=("times_of_day",)), seed=st.integers(0, 2**32 - 1))
def test_the_kernel_holds_and_prices_orders_as_the_clock_and_the_rules_do(problem: Problem, seed: int) -> None:
    clock, chance = Clock(problem), Random(seed)
    if clock.plain or not problem.stops:
        return
    routes, book = WalkedRoutes(clock), Book(problem)
    several = any(len(each.windows) > 1 for each in (*problem.stops, *problem.depots))
    for _ in range(6):
        vehicle = chance.choice(problem.vehicles)
        order = _order(problem, vehicle, chance)
        cents = routes.cents(vehicle.id, order)
        in_stock = next(iter(plan_breaches(book, {vehicle.id: order})), None) is None
        assert (cents is not None) == (in_stock and holds(clock, book, vehicle, order)), order
        if cents is not None:
            planned = plan_cost(problem, [clock.route(vehicle, order)], ()).total_cents
            # Of several windows the kernel takes those that the earliest departure meets; the clock may know better.
            assert planned <= cents + PARTS / 2
            assert several or planned >= cents - PARTS / 2
