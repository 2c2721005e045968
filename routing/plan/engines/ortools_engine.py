"""OR-Tools routing: the reference engine; its words (node, index, dimension, cumul, disjunction) stay in its files.

Deterministic by a count: an iteration is `POLLS` polls of a search limit of our own, and everything in the search
that looks at the clock is off. Windows are hard and unserved stops pay a penalty; only a warm start may open the
windows of late stops, since soft bounds from the start mislead the first solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.plan.engines.interface import Found, Instance, Orders, Watch
from routing.plan.engines.ortools_model import PlainModel
from routing.plan.engines.ortools_rules import RuledModel
from routing.plan.engines.registry import CARRIES, Constraint, EngineName

POLLS = 200
CLOCK_BOUND_OPERATORS = ("use_path_lns", "use_full_path_lns", "use_tsp_lns", "use_inactive_lns")
BOOL_FALSE = 2
LONGEST_S = 604_800
"""Never reached; guided local search warns where no time limit is set."""


@dataclass(frozen=True, slots=True)
class OrToolsEngine:
    """Search by savings and guided local search."""

    name: str = EngineName.ORTOOLS
    carries: frozenset[Constraint] = CARRIES[EngineName.ORTOOLS]

    def prepare(self, *, walked: bool = False) -> None:
        """Do nothing: importing it was all."""

    def search(self, instance: Instance, start: Orders, seed: int, watch: Watch) -> Found:
        """Return the best orders found until the watch says stop."""
        if instance.load.size == 0 or instance.capacity.size == 0:
            return Found(orders=((),) * instance.capacity.size, iterations=0, last_gain=0, stopped_by="exhausted")
        model = PlainModel(instance, start, seed) if instance.rules is None else RuledModel(instance, start, seed)
        return solve(model, start, watch)


class Model(Protocol):
    """Hold an instance in OR-Tools' words."""

    @property
    def routing(self) -> Any:
        """Return the routing model, not closed yet."""
        ...

    @property
    def cost_scale(self) -> int:
        """Return what one cent is in units of the objective."""
        ...

    @property
    def first_strategy(self) -> int:
        """Return how the first solution is made."""
        ...

    def warm(self, start: Orders) -> Any:
        """Return the assignment of given orders as far as they hold, None where nothing does; closes the model."""
        ...

    def orders(self, next_index: Sequence[int]) -> Orders:
        """Return the orders of an assignment; those to keep where nothing is assigned."""
        ...

    def unserved(self, next_index: Sequence[int]) -> int:
        """Return how many stops an assignment leaves out."""
        ...


def solve(model: Model, start: Orders, watch: Watch) -> Found:
    """Run the search of a model; the watch is asked once per iteration."""
    count = _Count(watch, model)
    try:
        return _searched(model, start, watch, count)
    finally:
        count.let_go()


def _searched(model: Model, start: Orders, watch: Watch, count: _Count) -> Found:
    routing = model.routing
    watch.offer(lambda: model.orders(count.next_index))
    routing.AddAtSolutionCallback(count.solution_found)
    parameters = search_parameters(model.first_strategy)
    routing.CloseModelWithParameters(parameters)
    limit = routing.solver().CustomLimit(count.poll)
    routing.AddSearchMonitor(limit)
    warm = model.warm(start)
    if warm is None:
        assignment = routing.SolveWithParameters(parameters)
    else:
        assignment = routing.SolveFromAssignmentWithParameters(warm, parameters)
    del assignment  # the best orders were noted when they were accepted
    return Found(
        orders=model.orders(count.next_index),
        iterations=count.iterations,
        last_gain=count.last_gain,
        stopped_by=count.stopped_by or "exhausted",
    )


class _Count:
    """Count polls into iterations and pass the watch's word on to the search."""

    def __init__(self, watch: Watch, model: Model) -> None:
        self.watch, self.model = watch, model
        self.polls = self.iterations = self.last_gain = self.unserved = 0
        self.next_index: list[int] = []
        self.cost_cents: float | None = None
        self.stopped_by: str | None = None

    def let_go(self) -> None:
        """Forget the model and the watch, which knows the model too.

        OR-Tools holds its callbacks where Python cannot see it, so a callback that holds the model keeps it forever.
        """
        del self.model, self.watch

    def solution_found(self) -> None:
        """Note the cost of an accepted assignment where it is the best so far."""
        routing = self.model.routing
        cost_cents = routing.CostVar().Max() / self.model.cost_scale
        if self.cost_cents is None or cost_cents < self.cost_cents:
            self.cost_cents, self.last_gain = cost_cents, self.iterations
            self.next_index = [routing.NextVar(index).Value() for index in range(routing.Size())]
            self.unserved = self.model.unserved(self.next_index)

    def poll(self) -> bool:
        """Return True where the search must end."""
        if self.stopped_by is None:
            self.polls += 1
            if self.polls == POLLS:
                self.polls, self.iterations = 0, self.iterations + 1
                self.stopped_by = self.watch.stop(self.iterations, self.cost_cents, self.unserved)
        return self.stopped_by is not None


def search_parameters(first_strategy: int) -> Any:
    """Return what the search is told; nothing in it looks at the clock."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = first_strategy
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = LONGEST_S
    # Of 20 nodes and fewer that have no assignment CP-SAT would try to find one, deaf to our limit.
    parameters.fallback_to_cp_sat_size_threshold = 0
    for name in CLOCK_BOUND_OPERATORS:
        setattr(parameters.local_search_operators, name, BOOL_FALSE)
    return parameters
