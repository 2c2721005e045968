"""Make proposed orders hold under true times, and add what still fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.plan.cost import plan_cost
from routing.plan.schedule import Clock, drives_without_stops
from routing.problem.model import Stop, Vehicle

Orders = dict[str, tuple[str, ...]]
PRICED_EXACTLY = 4
"""Of all places where a stop fits, this many with the least added driving are priced with their own departure."""


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
    fits: list[tuple[float, int, tuple[str, ...]]] = []
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
        fits += _fitting(clock, number, vehicle, order, len(committed[vehicle.id]), stop)
    best: Insertion | None = None
    for _, number, with_stop in sorted(fits)[:PRICED_EXACTLY]:
        vehicle = clock.problem.vehicles[number]
        before_cents = route_cents(clock, vehicle, orders.get(vehicle.id, ()))
        added_cents = route_cents(clock, vehicle, with_stop) - before_cents
        if best is None or added_cents < best.added_cents:
            best = Insertion(added_cents=added_cents, vehicle_id=vehicle.id, stop_ids=with_stop)
    return best


def _fitting(
    clock: Clock, number: int, vehicle: Vehicle, order: tuple[str, ...], fixed: int, stop: Stop
) -> list[tuple[float, int, tuple[str, ...]]]:
    """Return the orders with the stop at each position that holds, with the cents of driving they add."""
    prices = clock.problem.objective
    before = clock.follow(vehicle, order, vehicle.shift.start_s)
    found = []
    for position in range(fixed, len(order) + 1):
        with_stop = (*order[:position], stop.id, *order[position:])
        run = clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0)
        if run is not None:
            drive_s = sum(leg.duration_s for leg in run.legs)
            drive_m = sum(leg.distance_m for leg in run.legs)
            if before is not None:
                drive_s -= sum(leg.duration_s for leg in before.legs)
                drive_m -= sum(leg.distance_m for leg in before.legs)
            leaving = 0 if order or vehicle.used else prices.vehicle_cents
            cents = drive_s * prices.duty_cents_per_h / 3600 + drive_m * prices.distance_cents_per_km / 1000
            found.append((cents + leaving, number, with_stop))
    return found


def may_serve(vehicle: Vehicle, stop: Stop) -> bool:
    """Tell whether a stop allows a vehicle."""
    return stop.allowed_vehicles is None or vehicle.id in stop.allowed_vehicles
