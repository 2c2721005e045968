"""The model of a problem whose routes must be walked in OR-Tools' words.

Nothing is folded into vehicles: committed visits are the first ones by force. A reload is a node that may be left out
for nothing, several of them for each depot. The cumul of a stop in the dimension of time is the start of its service.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.plan.engines.interface import Instance, Orders
from routing.plan.engines.ortools_breaks import add_breaks
from routing.plan.engines.ortools_loads import add_loads
from routing.plan.engines.ortools_model import COST_SCALE, undriven
from routing.plan.engines.ortools_order import add_order_rules
from routing.plan.engines.ruled_start import late_stops
from routing.plan.engines.rules import BOUNDLESS, FAR_S, Rules

BALANCE_SCALE = 3_600
"""The objective is finer by so much where squares of seconds are priced by squares of hours."""
TRIPS = 8
"""A vehicle is offered so many reloads at a depot at most."""


class RuledModel:
    """Build the model; stops are shuffled by the seed, since OR-Tools has none."""

    def __init__(self, instance: Instance, start: Orders, seed: int) -> None:
        assert instance.rules is not None
        self.instance, self.rules = instance, instance.rules
        self.finer = BALANCE_SCALE if self.rules.balance_cents_per_h2 else 1
        self.first_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        self.cost_scale = COST_SCALE * self.finer
        self.count, self.fleet = instance.load.size, instance.capacity.size
        self.node_stop = list(range(self.count))
        random.Random(seed).shuffle(self.node_stop)
        self.soft = late_stops(instance, start)
        self.reloads = _reloads(self.rules)
        ends, first_reload = self.count + self.fleet, self.count + 2 * self.fleet
        self.rows = np.array(
            [*self.node_stop, *range(self.count, first_reload), *(first_reload + depot for depot in self.reloads)]
        )
        """What stands in the tables of the rules for each node."""
        self.manager = pywrapcp.RoutingIndexManager(
            self.rows.size, self.fleet, list(range(self.count, ends)), list(range(ends, first_reload))
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.index = {stop: self.manager.NodeToIndex(node) for node, stop in enumerate(self.node_stop)}
        self.reload_index = [
            self.manager.NodeToIndex(node) for node in range(first_reload, first_reload + len(self.reloads))
        ]
        self._add_costs()
        self._add_time()
        self._add_limits()
        self._add_stops()
        self._add_reloads()
        self._add_committed()
        add_loads(self)
        add_order_rules(self)
        add_breaks(self)

    def matrix(self, table: NDArray[Any]) -> int:
        """Return the evaluator of a table over the nodes of the rules."""
        driven = table.copy()
        driven[undriven(self.instance)] = 0
        number: int = self.routing.RegisterTransitMatrix(driven[self.rows][:, self.rows].tolist())
        return number

    def vector(self, of_stops: Sequence[int] | NDArray[Any], of_reloads: int = 0) -> int:
        """Return the evaluator of what each stop, or each reload, adds to a sum along a route."""
        values = [int(of_stops[stop]) for stop in self.node_stop] + [0] * (2 * self.fleet)
        number: int = self.routing.RegisterUnaryTransitVector(values + [of_reloads] * len(self.reloads))
        return number

    def _add_costs(self) -> None:
        instance, rules, routing = self.instance, self.rules, self.routing
        known: dict[tuple[int, int, bytes], int] = {}
        for vehicle in range(self.fleet):
            profile, cents_per_km = int(rules.profile[vehicle]), int(rules.distance_cents_per_km[vehicle])
            fees = self._fees(vehicle)
            key = profile, cents_per_km, fees.tobytes() if fees.any() else b""
            if key not in known:
                price = rules.distance_m[profile].astype("int64") * (cents_per_km * self.cost_scale) // 1000
                price[:, self.count + 2 * self.fleet :] += 1  # a reload that gains nothing is none
                known[key] = self.matrix(price + fees * self.cost_scale)
            routing.SetArcCostEvaluatorOfVehicle(known[key], vehicle)
            routing.SetFixedCostOfVehicle(int(instance.fixed_cents[vehicle]) * self.cost_scale, vehicle)
            if instance.out[vehicle]:
                routing.SetVehicleUsedWhenEmpty(True, vehicle)

    def _fees(self, vehicle: int) -> NDArray[np.int64]:
        """Return what a vehicle pays for driving from node to node of the rules besides the way, in cents."""
        instance, size = self.instance, self.rules.place.size
        fees = np.zeros((size, size), np.int64)
        fees[:, : self.count] = instance.toll_cents[:, vehicle] + instance.follow_cents
        spared = np.flatnonzero((instance.follow_vehicle == vehicle) & (instance.follow_node >= 0))
        fees[instance.follow_node[spared], spared] -= instance.follow_cents[spared]
        return fees

    def _add_time(self) -> None:
        instance, rules, routing = self.instance, self.rules, self.routing
        known: dict[tuple[int, bytes], int] = {}
        evaluators = []
        for vehicle in range(self.fleet):
            key = int(rules.profile[vehicle]), rules.stay_s[:, vehicle].tobytes()
            if key not in known:
                known[key] = self.matrix(self._times_s(vehicle))
            evaluators.append(known[key])
        routing.AddDimensionWithVehicleTransits(evaluators, instance.horizon_s, instance.horizon_s, False, "time")
        self.time = routing.GetDimensionOrDie("time")
        for vehicle in range(self.fleet):
            self.time.SetSpanCostCoefficientForVehicle(int(rules.duty_cents_per_h[vehicle]) * self.finer, vehicle)
            if rules.balance_cents_per_h2:
                price = pywrapcp.BoundCost(0, rules.balance_cents_per_h2)
                self.time.SetQuadraticCostSoftSpanUpperBoundForVehicle(price, vehicle)
            first, last = (self.time.CumulVar(end(vehicle)) for end in (routing.Start, routing.End))
            first.SetRange(int(instance.start_first_s[vehicle]), int(instance.start_last_s[vehicle]))
            end_s = int(instance.end_s[vehicle])
            if instance.over_allowed[vehicle]:
                price = int(rules.over_units_per_s[vehicle]) // 1000 * self.finer
                self.time.SetCumulVarSoftUpperBound(routing.End(vehicle), end_s, price)
                end_s = min(instance.horizon_s, end_s + int(rules.over_limit_s[vehicle]))
            last.SetMax(end_s)
            routing.AddVariableMaximizedByFinalizer(first)
            routing.AddVariableMinimizedByFinalizer(last)

    def _times_s(self, vehicle: int) -> NDArray[np.int64]:
        """Return from the start of one service to that of the next without waiting, over the nodes of the rules."""
        rules, count = self.rules, self.count
        times_s: NDArray[np.int64] = rules.duration_s[rules.profile[vehicle]].astype(np.int64)
        times_s[:count] += rules.stay_s[:, vehicle, None]
        times_s[count + 2 * self.fleet :] += rules.reload_s[:, None]
        times_s[:, :count] += np.where(rules.place[:, None] == rules.place[:count], 0, rules.setup_s)
        return times_s

    def _add_limits(self) -> None:
        rules, routing = self.rules, self.routing
        for vehicle in np.flatnonzero(rules.duration_limit_s < FAR_S):
            self.time.SetSpanUpperBoundForVehicle(int(rules.duration_limit_s[vehicle]), int(vehicle))
        for name, limits, tables in (
            ("distance", rules.distance_limit_m, rules.distance_m),
            ("driving", rules.driving_limit_s, rules.duration_s),
        ):
            if (limits < FAR_S).any():
                known = [self.matrix(table) for table in tables]
                evaluators = [known[profile] for profile in rules.profile]
                routing.AddDimensionWithVehicleTransitAndCapacity(evaluators, 0, limits.tolist(), True, name)
        if (rules.stops_limit < FAR_S).any():
            one_each = self.vector([1] * self.count)
            routing.AddDimensionWithVehicleCapacity(one_each, 0, rules.stops_limit.tolist(), True, "stops")

    def _add_stops(self) -> None:
        instance, rules, routing = self.instance, self.rules, self.routing
        committed = {stop for order in rules.committed for stop in order}
        for stop, index in self.index.items():
            if stop not in committed:
                routing.AddDisjunction([index], int(instance.unserved_cents[stop]) * self.cost_scale)
            windows = slice(instance.window_first[stop], instance.window_first[stop + 1])
            starts_s = instance.window_start_s[windows].tolist()
            ends_s = instance.window_end_s[windows].tolist()
            cumul, last_s = self.time.CumulVar(index), ends_s[-1]
            if stop in self.soft:
                price = int(rules.late_units_per_s[stop]) // 1000 * self.finer
                self.time.SetCumulVarSoftUpperBound(index, max(0, last_s), price)
                last_s = min(instance.horizon_s, last_s + int(rules.late_limit_s[stop]))
            vehicles = np.flatnonzero(instance.allowed[stop])
            stays_s = rules.stay_s[stop]
            last_s = min(last_s, int(rules.due_s[stop] - stays_s[vehicles].min(initial=FAR_S)))
            if last_s < 0 or starts_s[0] > min(last_s, instance.horizon_s):
                routing.VehicleVar(index).SetValues([-1])
                continue
            cumul.SetRange(starts_s[0], min(last_s, instance.horizon_s))
            for end_s, start_s in zip(ends_s, starts_s[1:], strict=False):
                cumul.RemoveInterval(end_s + 1, start_s - 1)
            if vehicles.size < self.fleet:
                routing.VehicleVar(index).SetValues([-1, *vehicles.tolist()])
            if rules.due_s[stop] < FAR_S and stays_s.min() < stays_s.max():
                stay_s = (routing.VehicleVar(index) + 1).Var().IndexOf([0, *stays_s.tolist()])
                self.solver.Add(cumul + stay_s <= int(rules.due_s[stop]))

    def _add_reloads(self) -> None:
        """Let a reload begin within a depot's windows, and let a stop come after it."""
        rules, routing = self.rules, self.routing
        for index, depot in zip(self.reload_index, self.reloads, strict=True):
            routing.AddDisjunction([index], 0)
            vehicles = np.flatnonzero(rules.reload_allowed[:, depot]).tolist()
            routing.VehicleVar(index).SetValues([-1, *vehicles])
            opens_s, closes_s = rules.depot_open_s[depot].tolist(), rules.depot_close_s[depot].tolist()
            ahead = [each for each in zip(opens_s, closes_s, strict=True) if each[0] < FAR_S]
            cumul, last_s = self.time.CumulVar(index), min(ahead[-1][1], self.instance.horizon_s)
            if last_s < max(0, ahead[0][0]):
                routing.VehicleVar(index).SetValues([-1])
                continue
            cumul.SetRange(max(0, ahead[0][0]), last_s)
            for (_, end_s), (start_s, _) in itertools.pairwise(ahead):
                cumul.RemoveInterval(end_s + 1, start_s - 1)
            ends = [routing.End(vehicle) for vehicle in range(self.fleet)]
            routing.NextVar(index).RemoveValues([*ends, *(other for other in self.reload_index if other != index)])
        if self.reloads:
            limits = np.minimum(self.rules.reloads_limit, len(self.reloads)).tolist()
            one_each = self.vector([0] * self.count, 1)
            routing.AddDimensionWithVehicleCapacity(one_each, 0, limits, True, "trip")

    def _add_committed(self) -> None:
        for vehicle, order in enumerate(self.rules.committed):
            index = self.routing.Start(vehicle)
            for stop in order:
                self.routing.NextVar(index).SetValues([self.index[stop]])
                index = self.index[stop]

    def warm(self, start: Orders) -> Any:
        """Return the assignment of the routes of given orders that hold, None where none does or is given.

        What is committed is in every assignment, so it alone is no plan to begin with: insertions make a better one.
        They do not see what several routes take from one stock, though, so there they are not used.
        """
        stocked = bool((self.rules.stock < BOUNDLESS).any())
        if not stocked and all(set(order) <= set(own) for order, own in zip(start, self.rules.committed, strict=True)):
            return None
        routes = self._indices(start)
        warm = self.routing.ReadAssignmentFromRoutes(routes, True)
        if warm is not None:
            return warm
        for vehicle, route in enumerate(routes):
            alone = [[self.index[stop] for stop in order] for order in self.rules.committed]
            alone[vehicle] = route
            if self.routing.ReadAssignmentFromRoutes(alone, True) is None:
                routes[vehicle] = [self.index[stop] for stop in self.rules.committed[vehicle]]
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def _indices(self, start: Orders) -> list[list[int]]:
        """Return given orders as indices; a route ends before a reload for which there is no node left."""
        free = [
            [index for index, depot in zip(self.reload_index, self.reloads, strict=True) if depot == number]
            for number in range(self.rules.reload_s.size)
        ]
        routes = []
        for order in start:
            route: list[int] = []
            for each in order:
                if each >= self.count and not free[each - self.count]:
                    break
                route.append(self.index[each] if each < self.count else free[each - self.count].pop())
            routes.append(route)
        return routes

    def orders(self, next_index: Sequence[int]) -> Orders:
        """Return the stops and reloads of each vehicle in an assignment; what is committed where there is none."""
        if not next_index:
            return self.rules.committed
        orders = []
        for vehicle in range(self.fleet):
            order, index = [], self.routing.Start(vehicle)
            while not self.routing.IsEnd(index := next_index[index]):
                row = int(self.rows[self.manager.IndexToNode(index)])
                order.append(row if row < self.count else row - 2 * self.fleet)
            orders.append(tuple(order))
        return tuple(orders)

    def unserved(self, next_index: Sequence[int]) -> int:
        """Return how many stops an assignment leaves out."""
        return sum(next_index[index] == index for index in self.index.values())


def _reloads(rules: Rules) -> list[int]:
    """Return the depot of each node for a reload: as many as vehicles may make there, and as stops may come after."""
    found = []
    for depot in range(rules.reload_s.size):
        limits = np.minimum(rules.reloads_limit[rules.reload_allowed[:, depot]], TRIPS)
        found += [depot] * min(int(limits.sum()), rules.setup_s.size)
    return found
