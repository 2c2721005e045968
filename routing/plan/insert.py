"""Add stops to orders where that costs least.

Where routes must be walked (`Clock.plain` is False) `walked` does it; what stands here is for plain problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from routing.plan.gaps import LAST, Gaps
from routing.plan.price import Insertion, Orders, route_cents
from routing.plan.schedule import Clock, Run
from routing.plan.walked.insert import add_requests, add_requests_quickly, cheapest_place
from routing.problem.fees import order_fee_cents, start_fee_cents
from routing.problem.model import Stop, Vehicle

BOLDNESS = 2
"""A stop may first cost so many times what it costs to leave it out."""
LOOKED_AT = 12
"""Of so many places the lateness, overtime and start fees are told by the tables before any is priced."""
PRICED_EXACTLY = 4
"""Of all places where a stop fits, this many with the least added cost by the tables are priced to the cent."""


def add_unassigned(
    clock: Clock, orders: Orders, committed: Mapping[str, Sequence[str]], stop_ids: Sequence[str]
) -> tuple[Orders, dict[str, Insertion | None]]:
    """Return the orders with stops added where that pays, and for each that stays out its cheapest place if any.

    The hardest stops are tried first; all again as long as one was added.
    """
    if not clock.plain:
        return add_requests(clock, orders, committed, stop_ids)
    orders = dict(orders)
    price = clock.problem.unserved_cents
    waiting = _hardest_first(clock, stop_ids)
    gaps = Gaps(clock, orders, committed) if waiting else None
    while True:
        left: dict[str, Insertion | None] = {}
        for stop_id in waiting:
            found = cheapest_insertion(clock, orders, committed, clock.stops[stop_id], gaps)
            if gaps is not None and found is not None and found.added_cents < price(clock.stops[stop_id]):
                orders[found.vehicle_id] = found.stop_ids
                gaps.change(found.vehicle_id, found.stop_ids)
            else:
                left[stop_id] = found
        if len(left) == len(waiting):
            return orders, left
        waiting = list(left)


def add_quickly(
    clock: Clock, orders: Orders, committed: Mapping[str, Sequence[str]], stop_ids: Sequence[str]
) -> Orders:
    """Return the orders with stops added where they fit best by the tables, as far as that seems to pay.

    The hardest stops are tried first. One may cost more than leaving it out, for what does not pay alone may pay
    together with those that follow; where it does not in the end it is taken out again.
    """
    if not clock.plain:
        return add_requests_quickly(clock, orders, committed, stop_ids)
    orders = dict(orders)
    gaps = Gaps(clock, orders, committed)
    vehicles = {vehicle.id: vehicle for vehicle in clock.problem.vehicles}
    doubtful: dict[str, str] = {}
    for stop_id in _hardest_first(clock, stop_ids):
        stop = clock.stops[stop_id]
        price = clock.problem.unserved_cents(stop)
        found = quick_way(clock, orders, gaps, stop, BOLDNESS * price)
        if found is not None:
            cents, vehicle_id, orders[vehicle_id], run = found
            gaps.change(vehicle_id, orders[vehicle_id], run)
            if cents >= price:
                doubtful[stop_id] = vehicle_id
    for stop_id, vehicle_id in doubtful.items():
        stop, vehicle = clock.stops[stop_id], vehicles[vehicle_id]
        rest = tuple(each for each in orders[vehicle_id] if each != stop_id)
        if clock.follow(vehicle, rest, vehicle.shift.start_s, forbidden_limit_s=0) is None:
            continue  # by some tables the way over a stop is the quicker one
        orders[vehicle_id] = rest
        gaps.change(vehicle_id, rest)
        found = quick_way(clock, orders, gaps, stop, clock.problem.unserved_cents(stop))
        if found is not None:
            _, vehicle_id, orders[vehicle_id], run = found
            gaps.change(vehicle_id, orders[vehicle_id], run)
    return orders


def quick_way(
    clock: Clock, orders: Mapping[str, Sequence[str]], gaps: Gaps, stop: Stop, limit_cents: float
) -> tuple[float, str, tuple[str, ...], Run] | None:
    """Return what a stop adds at least, the vehicle, its order with the stop and the run of that, all below a limit."""
    best: tuple[float, str, tuple[str, ...], Run] | None = None
    for least_cents, vehicle, with_stop in _ways(clock, orders, gaps, stop):
        if least_cents >= limit_cents:
            break
        run = clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0)
        if run is not None:
            cents = least_cents + timed_cents(clock, with_stop, run, but=stop.id)
            cents -= timed_cents(clock, orders.get(vehicle.id, ()), gaps.runs[vehicle.id])
            if cents < limit_cents:
                limit_cents, best = cents, (cents, vehicle.id, with_stop, run)
    return best


def timed_cents(clock: Clock, stop_ids: Sequence[str], run: Run | None, but: str | None = None) -> float:
    """Return what it costs in a run when stops start and when it ends, without the start fee of one stop."""
    if run is None:
        return 0.0
    cents = (run.lateness_s + run.overtime_s) * clock.problem.objective.lateness_cents_per_min / 60
    for stop_id, (_, start_s, _) in zip(stop_ids, run.times_s, strict=True):
        if stop_id != but and clock.stops[stop_id].start_fees:
            cents += start_fee_cents(clock.stops[stop_id], start_s)
    return cents


def _hardest_first(clock: Clock, stop_ids: Sequence[str]) -> list[str]:
    """Return stops in order of what it costs to leave them out, and of equals those far from every start first.

    What is added last finds routes near it in most cases; farthest first made plans from nothing a quarter cheaper
    than the order of windows.
    """
    matrix = clock.travel.matrix
    starts = np.unique([vehicle.start_place for vehicle in clock.problem.vehicles])
    table = matrix.duration_s.reshape(-1, *matrix.duration_s.shape[-2:])[0]
    away_s = table[starts].min(axis=0)

    def ease(stop_id: str) -> tuple[int, int, str]:
        stop = clock.stops[stop_id]
        return -clock.problem.unserved_cents(stop), -int(away_s[stop.place]), stop_id

    return sorted(stop_ids, key=ease)


def cheapest_insertion(
    clock: Clock,
    orders: Mapping[str, Sequence[str]],
    committed: Mapping[str, Sequence[str]],
    stop: Stop,
    gaps: Gaps | None = None,
) -> Insertion | None:
    """Return the cheapest place for a stop in orders that hold, None where it fits nowhere.

    `gaps` are those of the orders, where they are known. Where routes must be walked it is the place of the stop's
    whole request.
    """
    if not clock.plain:
        return cheapest_place(clock, orders, committed, stop.id)
    best: Insertion | None = None
    gaps = gaps or Gaps(clock, orders, committed)
    # By the roads each price takes searches.
    wanted, priced = PRICED_EXACTLY if clock.by_tables() is clock else 1, 0
    for least_cents, vehicle, with_stop in _likely(clock, orders, gaps, stop):
        if priced == wanted or (priced and least_cents >= LAST):
            break
        if clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0) is None:
            continue
        priced += 1
        added_cents = route_cents(clock, vehicle, with_stop) - route_cents(clock, vehicle, orders.get(vehicle.id, ()))
        if best is None or added_cents < best.added_cents:
            best = Insertion(added_cents=added_cents, vehicle_id=vehicle.id, stop_ids=with_stop)
    return best


def _likely(
    clock: Clock, orders: Mapping[str, Sequence[str]], gaps: Gaps, stop: Stop
) -> Iterator[tuple[float, Vehicle, tuple[str, ...]]]:
    """Yield the ways of a stop, cheapest first, the first ones in order of what they do to others by the tables."""
    tables, ways = clock.by_tables(), _ways(clock, orders, gaps, stop)
    first: list[tuple[float, Vehicle, tuple[str, ...]]] = []
    for least_cents, vehicle, with_stop in islice(ways, LOOKED_AT):
        run = tables.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0)
        before = gaps.runs[vehicle.id]
        cents = timed_cents(tables, with_stop, run, but=stop.id)
        cents -= timed_cents(tables, orders.get(vehicle.id, ()), before)
        first.append((least_cents + cents if run is not None else max(least_cents, LAST), vehicle, with_stop))
    yield from sorted(first, key=lambda way: way[0])
    yield from ways


def _ways(
    clock: Clock, orders: Mapping[str, Sequence[str]], gaps: Gaps, stop: Stop
) -> Iterator[tuple[float, Vehicle, tuple[str, ...]]]:
    """Yield about what each order with the stop adds in cents, vehicle and order; of alike empty vehicles the first."""
    tried = set()
    for least_cents, number, position in gaps.ranked(stop):
        vehicle = clock.problem.vehicles[number]
        order = orders.get(vehicle.id, ())
        if not order:
            alike = (
                vehicle.start_place,
                vehicle.end_place,
                vehicle.shift,
                vehicle.used,
                vehicle.start_fixed,
                vehicle.overtime_allowed,
                order_fee_cents(stop, vehicle.id, None),
            )
            if alike in tried:
                continue
            tried.add(alike)
        yield least_cents, vehicle, (*order[:position], stop.id, *order[position:])
