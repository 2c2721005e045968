"""Make proposed orders hold under true times, and add what still fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.plan.cost import plan_cost
from routing.plan.schedule import Clock, drives_without_stops, start_of_service
from routing.problem.model import Stop, Vehicle

Orders = dict[str, tuple[str, ...]]
PRICED_EXACTLY = 4
"""Of all places where a stop fits, this many with the least added driving are priced with their own departure."""
LAST, NEVER = 1e18, float("inf")
"""Above all cents of driving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """Name the cheapest place found for a stop: what it adds in cents, and the order of the vehicle with it."""

    added_cents: int
    vehicle_id: str
    stop_ids: tuple[str, ...]


def route_cents(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str]) -> int:
    """Return what a vehicle's route costs in cents, 0 where it need not leave."""
    if not stop_ids and not (drives_without_stops(vehicle) and clock.best_run(vehicle, ()) is not None):
        return 0
    return plan_cost(clock.problem, [clock.route(vehicle, stop_ids)], ()).total_cents


def hold_bounds(clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]) -> Orders:
    """Return the orders without the stops that must go for windows, shifts and roads to hold.

    From a route that breaks a bound the stop goes that leaves the least forbidden time behind, and of equals the one
    that is cheapest to leave out; again until the route holds. Committed visits hold alone and stay.
    """
    held: Orders = {}
    for vehicle in clock.problem.vehicles:
        order = tuple(orders.get(vehicle.id, ()))
        fixed = len(committed[vehicle.id])
        while len(order) > fixed and clock.follow(vehicle, order, vehicle.shift.start_s, forbidden_limit_s=0) is None:
            ways = [order[:index] + order[index + 1 :] for index in range(fixed, len(order))]
            order = min(zip(ways, order[fixed:], strict=True), key=lambda way: _harm(clock, vehicle, *way))[0]
        held[vehicle.id] = order
    return held


def _harm(clock: Clock, vehicle: Vehicle, rest: tuple[str, ...], left_out: str) -> tuple[float, float, int]:
    run = clock.follow(vehicle, rest, vehicle.shift.start_s)
    penalty = clock.problem.objective.unserved_stop_cents(clock.stops[left_out].priority)
    return (float("inf"), penalty, 0) if run is None else (run.forbidden_s, penalty, run.end_s)


def add_unassigned(
    clock: Clock, orders: Orders, committed: Mapping[str, Sequence[str]], stop_ids: Sequence[str]
) -> tuple[Orders, dict[str, Insertion | None]]:
    """Return the orders with stops added where that pays, and for each that stays out its cheapest place if any.

    Stops are tried in order of what it costs to leave them out; again as long as one was added.
    """
    orders = dict(orders)
    price = clock.problem.objective.unserved_stop_cents
    waiting = sorted(stop_ids, key=lambda stop_id: (-price(clock.stops[stop_id].priority), stop_id))
    while True:
        left: dict[str, Insertion | None] = {}
        for stop_id in waiting:
            found = cheapest_insertion(clock, orders, committed, clock.stops[stop_id])
            if found is not None and found.added_cents < price(clock.stops[stop_id].priority):
                orders[found.vehicle_id] = found.stop_ids
            else:
                left[stop_id] = found
        if len(left) == len(waiting):
            return orders, left
        waiting = list(left)


def cheapest_insertion(
    clock: Clock, orders: Orders, committed: Mapping[str, Sequence[str]], stop: Stop
) -> Insertion | None:
    """Return the cheapest place for a stop in orders that hold, None where it fits nowhere."""
    places: list[tuple[float, int, int]] = []
    tried: set[tuple[object, ...]] = set()
    for number, vehicle in enumerate(clock.problem.vehicles):
        order = orders.get(vehicle.id, ())
        load = stop.load + sum(clock.stops[stop_id].load for stop_id in order)
        if load > vehicle.capacity or not may_serve(vehicle, stop):
            continue
        if not order:
            alike = (vehicle.start_place, vehicle.end_place, vehicle.shift, vehicle.used, vehicle.start_fixed)
            if (*alike, vehicle.overtime_allowed) in tried:
                continue
            tried.add((*alike, vehicle.overtime_allowed))
        cents = _detour_cents(clock, vehicle, order, stop)
        places += [(cents[position], number, position) for position in range(len(committed[vehicle.id]), cents.size)]
    best: Insertion | None = None
    priced = 0
    for least_cents, number, position in sorted(places):
        if priced == PRICED_EXACTLY or least_cents == NEVER:
            break
        vehicle = clock.problem.vehicles[number]
        order = orders.get(vehicle.id, ())
        with_stop = (*order[:position], stop.id, *order[position:])
        if clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0) is None:
            continue
        priced += 1
        added_cents = route_cents(clock, vehicle, with_stop) - route_cents(clock, vehicle, order)
        if best is None or added_cents < best.added_cents:
            best = Insertion(added_cents=added_cents, vehicle_id=vehicle.id, stop_ids=with_stop)
    return best


def _detour_cents(clock: Clock, vehicle: Vehicle, order: Sequence[str], stop: Stop) -> NDArray[np.float64]:
    """Return about what driving a stop adds before each visit and before the end, by the tables of the search.

    NEVER where even drives that take no time would not hold. A pair that the table does not join comes last of all
    others: it may open later.
    """
    prices, matrix, size = clock.problem.objective, clock.problem.travel.matrix, len(clock.problem.places)
    before = clock.follow(vehicle, order, vehicle.shift.start_s)
    leave_s = [vehicle.shift.start_s] * (len(order) + 1)
    if before is not None:
        leave_s[1:] = [depart_s for _, _, depart_s in before.times_s]
    visits = [clock.stops[stop_id] for stop_id in order]
    places = np.array([vehicle.start_place, *(visit.place for visit in visits), vehicle.end_place])
    row = np.maximum(np.searchsorted(matrix.slice_start_s, leave_s, side="right") - 1, 0)
    legs = ((row, places[:-1], stop.place), (row, stop.place, places[1:]), (row, places[:-1], places[1:]))
    time_s, length_m = (
        there.astype(np.float64) + on - saved
        for there, on, saved in (
            [table.reshape(-1, size, size)[leg] for leg in legs] for table in (matrix.duration_s, matrix.distance_m)
        )
    )
    cents = time_s * prices.duty_cents_per_h / 3600 + length_m * prices.distance_cents_per_km / 1000
    cents += 0 if order or vehicle.used else prices.vehicle_cents
    reachable = matrix.reachable.reshape(-1, size, size)
    cents[~(reachable[legs[0]] & reachable[legs[1]])] = LAST
    for position, depart_s in enumerate(leave_s):
        start_s, late_s = start_of_service(stop, depart_s)
        on_s = start_s + clock.stay_s[stop.id]
        if position < len(visits):
            next_late = bool(start_of_service(visits[position], on_s)[1]) and not visits[position].lateness_allowed
        else:
            next_late = on_s > vehicle.shift.end_s and not vehicle.overtime_allowed
        if next_late or (late_s and not stop.lateness_allowed):
            cents[position] = NEVER
    return np.asarray(cents)


def may_serve(vehicle: Vehicle, stop: Stop) -> bool:
    """Tell whether a stop allows a vehicle."""
    return stop.allowed_vehicles is None or vehicle.id in stop.allowed_vehicles
