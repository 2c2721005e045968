"""Try every order of a few stops, to know what an engine should find."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from routing.plan.cost import plan_cost
from routing.plan.engines.interface import Orders, Watch
from routing.plan.engines.ortools_engine import OrToolsEngine
from routing.plan.instance import build_instance, committed_orders
from routing.plan.model import Plan, Unassigned
from routing.plan.rules.book import Book
from routing.plan.schedule import Clock, schedule
from routing.plan.walked.judge import holds
from routing.problem.model import Problem, Vehicle


class CountedWatch:
    """End a search after so many iterations."""

    def __init__(self, iterations: int) -> None:
        self.iterations = iterations

    def offer(self, incumbent: object) -> None:
        """Want to see nothing."""

    def stop(self, iterations: int, cost_cents: float | None, unserved: int) -> str | None:
        return "iterations" if iterations >= self.iterations else None

    def allowance(self, iterations: int, wanted: int) -> int:
        return min(wanted, self.iterations - iterations)

    def spent(self, iterations: int) -> int:
        return iterations * 100 // self.iterations


def by_ortools(
    problem: Problem, iterations: int = 40, start: Orders = (), watch: Watch | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the orders that OR-Tools finds in so many iterations, or until the watch ends it, as ids."""
    clock = Clock(problem)
    committed = committed_orders(clock)
    instance = build_instance(clock, clock.problem.stops, committed, ())
    start = start or ((),) * len(problem.vehicles)
    found = OrToolsEngine().search(instance, start, 1, watch or CountedWatch(iterations))
    names = [stop.id for stop in problem.stops] + [depot.id for depot in problem.depots]
    return {
        vehicle.id: (*(committed[vehicle.id] if clock.plain else ()), *(names[index] for index in order))
        for vehicle, order in zip(problem.vehicles, found.orders, strict=True)
    }


def plan_of(problem: Problem, orders: dict[str, tuple[str, ...]]) -> Plan:
    """Return the timed plan of orders; what it leaves out has the reason COST, which nobody has checked."""
    clock = Clock(problem)
    routes = schedule(problem, orders, clock)
    served = {visit.stop_id for route in routes for visit in route.visits}
    left = [stop.id for stop in problem.stops if stop.id not in served]
    return Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=stop_id, reason="COST", detail="") for stop_id in left),
        cost=plan_cost(clock.problem, routes, left),
    )


def cheapest_cents(problem: Problem) -> int:
    """Return what the cheapest plan costs in cents; stock is not looked at."""
    return cheapest(problem)[0]


def cheapest(problem: Problem) -> tuple[int, list[tuple[str, ...]]]:
    """Return the cheapest plan that is a sum of routes: its cost in cents and its orders; stock is not looked at."""
    clock, ids = Clock(problem), [stop.id for stop in problem.stops]
    book = Book(clock.problem)
    best: dict[frozenset[str], tuple[int, list[tuple[str, ...]]]] = {frozenset(): (0, [])}
    for vehicle in clock.problem.vehicles:
        own: dict[frozenset[str], tuple[int, tuple[str, ...]]] = {}
        for order in _orders(vehicle, ids):
            if order[: len(vehicle.committed)] != vehicle.committed or not holds(clock, book, vehicle, order):
                continue
            cents = plan_cost(clock.problem, schedule(problem, {vehicle.id: order}, clock), ()).total_cents
            served = frozenset(order) & frozenset(ids)
            own[served] = min((cents, order), own.get(served, (cents, order)))
        merged: dict[frozenset[str], tuple[int, list[tuple[str, ...]]]] = {}
        for (before, (paid, orders)), (served, (cents, order)) in itertools.product(best.items(), own.items()):
            if not before & served:
                both, more = before | served, (paid + cents, [*orders, order])
                merged[both] = min(more, merged.get(both, more))
        best = merged
    return min(
        (cents + plan_cost(clock.problem, (), [each for each in ids if each not in served]).total_cents, orders)
        for served, (cents, orders) in best.items()
    )


def _orders(vehicle: Vehicle, ids: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield every order of some of the stops, with at most two reloads."""
    for size in range(len(ids) + 1):
        for order in itertools.permutations(ids, size):
            yield order
            for depot_id in vehicle.reload_depots:
                for cut in range(size):
                    yield (*order[:cut], depot_id, *order[cut:])
                    for later in range(cut + 1, size):
                        yield (*order[:cut], depot_id, *order[cut:later], depot_id, *order[later:])
