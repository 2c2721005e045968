"""The model of a plain problem in OR-Tools' words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.plan.engines.interface import Instance, Orders
from routing.plan.engines.warm_start import hold_in_instance

COST_SCALE = 3_600
"""One cent in units of the objective: makes an hourly price a whole one per second."""


class PlainModel:
    """Build the model of a plain problem; stops are shuffled by the seed, since OR-Tools has none."""

    def __init__(self, instance: Instance, start: Orders, seed: int) -> None:
        self.instance = instance
        self.first_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
        self.cost_scale = COST_SCALE
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
        times[undriven(instance)] = 0
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

    def warm(self, start: Orders) -> Any:
        """Return the assignment of what holds of given orders, None where that is nothing."""
        if not any(start):
            return None
        kept = [[self.stop_node[stop] for stop in order] for order in _held(self.instance, start, self.soft)]
        return self.routing.ReadAssignmentFromRoutes(kept, True)

    def orders(self, next_index: Sequence[int]) -> Orders:
        """Return the stops of each vehicle in an assignment, none of no assignment."""
        orders = []
        for vehicle in range(self.fleet):
            order, index = [], self.routing.Start(vehicle)
            while next_index and not self.routing.IsEnd(index := next_index[index]):
                order.append(self.node_stop[self.manager.IndexToNode(index)])
            orders.append(tuple(order))
        return tuple(orders)

    def unserved(self, next_index: Sequence[int]) -> int:
        """Return how many stops an assignment leaves out."""
        nodes = (self.manager.NodeToIndex(node) for node in range(self.count))
        return sum(next_index[index] == index for index in nodes)


def undriven(instance: Instance) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of the ways from start to end that vehicles without stops do not drive.

    OR-Tools times the way of an empty route as well: one that breaks a bound would leave no plan at all. A vehicle that
    is out does drive it, unless that breaks a bound; then the vehicle can serve nothing, and what it costs is the same
    in every plan.
    """
    rules, (count, fleet) = instance.rules, instance.allowed.shape
    starts, ends = np.arange(count, count + fleet), np.arange(count + fleet, count + 2 * fleet)
    late_s = np.where(instance.over_allowed, instance.horizon_s, instance.end_s)
    drive_s, holds = instance.duration_s[starts, ends], instance.out
    if rules is not None:
        drive_s, way_m = (table[rules.profile, starts, ends] for table in (rules.duration_s, rules.distance_m))
        late_s = np.minimum(late_s, instance.end_s + rules.over_limit_s)
        holds = holds & (drive_s <= np.minimum(rules.driving_limit_s, rules.duration_limit_s))
        holds = holds & (way_m <= rules.distance_limit_m)
    holds = holds & (instance.start_first_s + drive_s <= late_s)
    return starts[~holds], ends[~holds]


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
