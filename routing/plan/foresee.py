"""Say before a search what no plan can serve, all of it at once."""

from __future__ import annotations

from dataclasses import dataclass

from routing.plan.explain import explain
from routing.plan.model import Unassigned
from routing.plan.schedule import Clock
from routing.problem.model import Problem

TOGETHER = {"FLEET_FULL", "GOODS_REQUIRED"}
"""The reasons of stops that some vehicle could serve on a route of its own, or with others on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Hold what is known to stay unserved whatever is searched for."""

    stops: tuple[Unassigned, ...]
    """Stops that no vehicle can serve even alone, with the reason."""
    load: int
    """Of all other stops together,"""
    capacity: int
    """and of all vehicles, each of which makes one route. Both are 0 where a vehicle may load again on its way."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return it in words, a line each; none where every stop could be served."""
        told = [f"{left.stop_id} cannot be served: {left.reason}, {left.detail}" for left in self.stops]
        if self.load > self.capacity:
            over = self.load - self.capacity
            told.append(f"the stops' load of {self.load} is {over} more than the {self.capacity} of the whole fleet")
        return tuple(told)


def foresee(problem: Problem) -> Foreseen:
    """Return what no plan of a valid problem can serve."""
    clock = Clock(problem)
    committed = {stop_id for vehicle in problem.vehicles for stop_id in vehicle.committed}
    asked = {stop.id: None for stop in problem.stops if stop.id not in committed}
    reloads = any(vehicle.reload_depots for vehicle in problem.vehicles)
    never = tuple(left for left in explain(clock, asked) if left.reason not in TOGETHER)
    gone = {left.stop_id for left in never}
    return Foreseen(
        stops=never,
        load=0 if reloads else sum(stop.load for stop in problem.stops if stop.id not in gone),
        capacity=0 if reloads else sum(vehicle.capacity for vehicle in clock.problem.vehicles),
    )
