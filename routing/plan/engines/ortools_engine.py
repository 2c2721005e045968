"""OR-Tools routing: the reference engine; its words (node, index, dimension, cumul, disjunction) stay here.

Deterministic by a count: an iteration is `POLLS` polls of a search limit of our own, and everything in the search
that looks at the clock is off. Windows are hard and unserved stops pay a penalty; only a warm start may open the
windows of late stops, since soft bounds from the start mislead the first solution.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.plan.engines.interface import Found, Instance, Orders, Watch
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.engines.warm_start import hold_in_instance

POLLS = 200
COST_SCALE = 3_600
"""One cent in units of the objective: makes an hourly price a whole one per second."""
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
        model = _Model(instance, start, seed)
        return model.solve(start, watch)


class _Model:
    """Build and run one model; stops are shuffled by the seed, since OR-Tools has none."""

    def __init__(self, instance: Instance, start: Orders, seed: int) -> None:
        self.instance = instance
        self.count, self.fleet = instance.load.size, instance.capacity.size
        self.node_stop = list(range(self.count))
        random.Random(seed).shuffle(self.node_stop)
        self.stop_node = {stop: node for node, stop in enumerate(self.node_stop)}
        self.soft = _late_stops(instance, start)
        ends = self.count + self.fleet
        self.manager = pywrapcp.RoutingIndexManager(
            self.count + 2 * self.fleet,
            self.fleet,
            list(range(self.count, ends)),
            list(range(ends, ends + self.fleet)),
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_costs()
        self._add_time()
        self._add_load()
        self._add_stops()

    def _rows(self, table: Any) -> list[list[int]]:
        order = self.node_stop + list(range(self.count, self.count + 2 * self.fleet))
        rows: list[list[int]] = table[order][:, order].tolist()
        return rows

    def _add_costs(self) -> None:
        instance, routing = self.instance, self.routing
        price = instance.distance_m.astype("int64") * (instance.distance_cents_per_km * COST_SCALE) // 1000
        routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(self._rows(price)))
        for vehicle in range(self.fleet):
            if instance.follow_cents.any() or instance.toll_cents[:, vehicle].any():
                own = self._rows(price + self._fees(vehicle) * COST_SCALE)
                routing.SetArcCostEvaluatorOfVehicle(routing.RegisterTransitMatrix(own), vehicle)
            routing.SetFixedCostOfVehicle(int(instance.fixed_cents[vehicle]) * COST_SCALE, vehicle)
            if instance.out[vehicle]:
                routing.SetVehicleUsedWhenEmpty(True, vehicle)

    def _fees(self, vehicle: int) -> NDArray[np.int64]:
        """Return what a vehicle pays for driving from node to node besides the way, in cents, N x N."""
        instance, size = self.instance, self.count + 2 * self.fleet
        fees = np.zeros((size, size), np.int64)
        fees[:, : self.count] = instance.toll_cents[:, vehicle] + instance.follow_cents
        spared = np.flatnonzero((instance.follow_vehicle == vehicle) & (instance.follow_node >= 0))
        fees[instance.follow_node[spared], spared] -= instance.follow_cents[spared]
        return fees

    def _add_time(self) -> None:
        instance, routing = self.instance, self.routing
        times = instance.duration_s.copy()
        times[: self.count] += instance.service_s[:, None]
        horizon_s = instance.horizon_s
        routing.AddDimension(routing.RegisterTransitMatrix(self._rows(times)), horizon_s, horizon_s, False, "time")
        self.time = routing.GetDimensionOrDie("time")
        late_price = instance.lateness_cents_per_min * COST_SCALE // 60
        for vehicle in range(self.fleet):
            self.time.SetSpanCostCoefficientForVehicle(instance.duty_cents_per_h, vehicle)
            first = self.time.CumulVar(routing.Start(vehicle))
            last = self.time.CumulVar(routing.End(vehicle))
            first.SetRange(int(instance.start_first_s[vehicle]), int(instance.start_last_s[vehicle]))
            if instance.over_allowed[vehicle]:
                self.time.SetCumulVarSoftUpperBound(routing.End(vehicle), int(instance.end_s[vehicle]), late_price)
            else:
                last.SetMax(int(instance.end_s[vehicle]))
            routing.AddVariableMaximizedByFinalizer(first)
            routing.AddVariableMinimizedByFinalizer(last)

    def _add_load(self) -> None:
        loads = [int(self.instance.load[stop]) for stop in self.node_stop] + [0] * (2 * self.fleet)
        transit = self.routing.RegisterUnaryTransitVector(loads)
        self.routing.AddDimensionWithVehicleCapacity(transit, 0, self.instance.capacity.tolist(), True, "load")

    def _add_stops(self) -> None:
        instance, routing = self.instance, self.routing
        late_price = instance.lateness_cents_per_min * COST_SCALE // 60
        for node, stop in enumerate(self.node_stop):
            index = self.manager.NodeToIndex(node)
            routing.AddDisjunction([index], int(instance.unserved_cents[stop]) * COST_SCALE)
            windows = slice(instance.window_first[stop], instance.window_first[stop + 1])
            starts_s = instance.window_start_s[windows].tolist()
            ends_s = instance.window_end_s[windows].tolist()
            cumul = self.time.CumulVar(index)
            if ends_s[-1] < 0 or starts_s[0] > instance.horizon_s:
                routing.VehicleVar(index).SetValues([-1])
                continue
            cumul.SetMin(starts_s[0])
            for end_s, start_s in zip(ends_s, starts_s[1:], strict=False):
                cumul.RemoveInterval(end_s + 1, start_s - 1)
            if stop in self.soft:
                self.time.SetCumulVarSoftUpperBound(index, ends_s[-1], late_price)
            else:
                cumul.SetMax(ends_s[-1])
            if not instance.allowed[stop].all():
                vehicles = [vehicle for vehicle in range(self.fleet) if instance.allowed[stop, vehicle]]
                routing.VehicleVar(index).SetValues([-1, *vehicles])

    def solve(self, start: Orders, watch: Watch) -> Found:
        """Run the search; the watch is asked once per iteration."""
        routing = self.routing
        state = _Count(watch, self)
        watch.offer(lambda: self._orders(state.next_index))
        routing.AddAtSolutionCallback(state.solution_found)
        routing.CloseModelWithParameters(search_parameters())
        limit = routing.solver().CustomLimit(state.poll)
        routing.AddSearchMonitor(limit)
        warm = None
        if any(start):
            kept = [[self.stop_node[stop] for stop in order] for order in _held(self.instance, start, self.soft)]
            warm = routing.ReadAssignmentFromRoutes(kept, True)
        if warm is None:
            assignment = routing.SolveWithParameters(search_parameters())
        else:
            assignment = routing.SolveFromAssignmentWithParameters(warm, search_parameters())
        del assignment  # the best orders were noted when they were accepted
        return Found(
            orders=self._orders(state.next_index),
            iterations=state.iterations,
            last_gain=state.last_gain,
            stopped_by=state.stopped_by or "exhausted",
        )

    def _orders(self, next_index: Sequence[int]) -> Orders:
        orders = []
        for vehicle in range(self.fleet):
            order, index = [], self.routing.Start(vehicle)
            while next_index and not self.routing.IsEnd(index := next_index[index]):
                order.append(self.node_stop[self.manager.IndexToNode(index)])
            orders.append(tuple(order))
        return tuple(orders)

    def next_index(self) -> list[int]:
        """Return the index after each one in the current assignment; itself for a stop that is left out."""
        return [self.routing.NextVar(index).Value() for index in range(self.routing.Size())]

    def unserved(self, next_index: Sequence[int]) -> int:
        """Return how many stops an assignment leaves out."""
        nodes = (self.manager.NodeToIndex(node) for node in range(self.count))
        return sum(next_index[index] == index for index in nodes)


class _Count:
    """Count polls into iterations and pass the watch's word on to the search."""

    def __init__(self, watch: Watch, model: _Model) -> None:
        self.watch, self.model = watch, model
        self.polls = self.iterations = self.last_gain = self.unserved = 0
        self.next_index: list[int] = []
        self.cost_cents: float | None = None
        self.stopped_by: str | None = None

    def solution_found(self) -> None:
        """Note the cost of an accepted assignment where it is the best so far."""
        cost_cents = self.model.routing.CostVar().Max() / COST_SCALE
        if self.cost_cents is None or cost_cents < self.cost_cents:
            self.cost_cents, self.last_gain = cost_cents, self.iterations
            self.next_index = self.model.next_index()
            self.unserved = self.model.unserved(self.next_index)

    def poll(self) -> bool:
        """Return True where the search must end."""
        if self.stopped_by is None:
            self.polls += 1
            if self.polls == POLLS:
                self.polls, self.iterations = 0, self.iterations + 1
                self.stopped_by = self.watch.stop(self.iterations, self.cost_cents, self.unserved)
        return self.stopped_by is not None


def search_parameters() -> Any:
    """Return what the search is told; nothing in it looks at the clock."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = LONGEST_S
    # Of 20 nodes and fewer that have no assignment CP-SAT would try to find one, deaf to our limit.
    parameters.fallback_to_cp_sat_size_threshold = 0
    for name in CLOCK_BOUND_OPERATORS:
        setattr(parameters.local_search_operators, name, BOOL_FALSE)
    return parameters


def _late_stops(instance: Instance, start: Orders) -> set[int]:
    """Return the stops that allow lateness and are not served in time by a given start; none without one."""
    if not any(start):
        return set()
    in_time = {stop for order in _held(instance, start, set()) for stop in order}
    return {stop for stop in range(instance.load.size) if instance.late_allowed[stop] and stop not in in_time}


def _held(instance: Instance, start: Orders, soft: set[int]) -> Orders:
    closes_s = instance.window_end_s.copy()
    for stop in soft:
        closes_s[instance.window_first[stop + 1] - 1] = instance.horizon_s
    return hold_in_instance(instance, start, (instance.window_first, instance.window_start_s, closes_s))[0]
