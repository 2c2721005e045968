"""The clock of the compiled engine against schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import SEARCHING, problems

from routing.plan.cost import plan_cost
from routing.plan.engines.interface import Orders
from routing.plan.engines.ruin_recreate import RuinRecreateEngine
from routing.plan.instance import build_instance
from routing.plan.schedule import Clock, schedule
from routing.problem.model import Problem


class _Cents:
    """End a search after some iterations and keep its last word on cost."""

    cost_cents = 0.0

    def offer(self, incumbent: Callable[[], Orders]) -> None:
        pass

    def stop(self, iterations: int, cost_cents: float | None, unserved: int) -> str | None:
        assert cost_cents is not None
        self.cost_cents = cost_cents
        return "iterations" if iterations >= 60 else None

    def allowance(self, iterations: int, wanted: int) -> int:
        return min(wanted, 60 - iterations)

    def spent(self, iterations: int) -> int:
        return iterations * 100 // 60


def _priced(problem: Problem) -> tuple[float, int, dict[str, tuple[str, ...]]]:
    """Return what the engine says of its best plan in cents, what the plan costs, and its orders."""
    committed: dict[str, tuple[str, ...]] = {vehicle.id: () for vehicle in problem.vehicles}
    instance = build_instance(Clock(problem), problem.stops, committed, ())
    watch = _Cents()
    found = RuinRecreateEngine().search(instance, ((),) * len(problem.vehicles), 0, watch)
    orders = {
        vehicle.id: tuple(problem.stops[stop].id for stop in order)
        for vehicle, order in zip(problem.vehicles, found.orders, strict=True)
    }
    served = {name for order in orders.values() for name in order}
    left_out = [stop.id for stop in problem.stops if stop.id not in served]
    return watch.cost_cents, plan_cost(problem, schedule(problem, orders), left_out).total_cents, orders


def _unused(problem: Problem) -> Problem:
    return replace(problem, vehicles=tuple(replace(vehicle, used=False) for vehicle in problem.vehicles))


@SEARCHING
@given(problem=problems(simple=True))
def test_the_engine_prices_a_plan_as_schedule_does(problem: Problem) -> None:
    told_cents, cost_cents, _ = _priced(_unused(problem))
    several = any(len(stop.windows) > 1 for stop in problem.stops)
    # five parts, each rounded by half a cent at most; a window is chosen once
    assert cost_cents <= told_cents + 2.5
    assert several or not problem.stops or cost_cents >= told_cents - 2.5


@SEARCHING
@given(problem=problems(simple=True, fees=True), on_duty=st.booleans())
def test_the_engine_prices_fees_and_lateness_as_plan_cost_does(problem: Problem, on_duty: bool) -> None:
    # with one window each; several are chosen once
    stops = tuple(replace(stop, windows=stop.windows[:1]) for stop in problem.stops)
    if on_duty:
        vehicles = tuple(replace(vehicle, start_fixed=True) for vehicle in problem.vehicles)
        problem = replace(problem, vehicles=vehicles)
    problem = _unused(replace(problem, stops=stops))
    told_cents, cost_cents, orders = _priced(problem)
    # A pair that moves to another vehicle together pays its follow fee there, which the engine does not know.
    moved_cents = 0
    for vehicle_id, order in orders.items():
        for before, name in pairwise(order):
            fee = next(stop.follow_fee for stop in problem.stops if stop.id == name)
            if fee is not None and fee.after_stop_id == before and fee.vehicle_id != vehicle_id:
                moved_cents += fee.cents
    assert cost_cents <= told_cents + moved_cents + 2.5
    assert not on_duty or cost_cents >= told_cents + moved_cents - 2.5
