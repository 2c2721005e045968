"""The clock of the compiled engine against schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
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


@SEARCHING
@given(problem=problems(simple=True))
def test_the_engine_prices_a_plan_as_schedule_does(problem: Problem) -> None:
    vehicles = tuple(replace(vehicle, used=False) for vehicle in problem.vehicles)
    problem = replace(problem, vehicles=vehicles)
    committed: dict[str, tuple[str, ...]] = {vehicle.id: () for vehicle in vehicles}
    instance = build_instance(Clock(problem), problem.stops, committed, ())
    watch = _Cents()
    found = RuinRecreateEngine().search(instance, ((),) * len(vehicles), 0, watch)
    orders = {
        vehicle.id: tuple(problem.stops[stop].id for stop in order)
        for vehicle, order in zip(vehicles, found.orders, strict=True)
    }
    served = {name for order in orders.values() for name in order}
    left_out = [stop.id for stop in problem.stops if stop.id not in served]
    cost_cents = plan_cost(problem, schedule(problem, orders), left_out).total_cents
    in_steps = any(stop.lateness_allowed or len(stop.windows) > 1 for stop in problem.stops)
    # five parts, each rounded by half a cent at most; lateness is priced in steps and a window is chosen once
    assert cost_cents <= watch.cost_cents + 2.5
    assert in_steps or not problem.stops or cost_cents >= watch.cost_cents - 2.5
