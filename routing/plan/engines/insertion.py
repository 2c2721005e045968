"""Find the cheapest place of a stop in the routes; compiled. Nearly all the time of a search is spent here."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.route_state import (
    AFTER,
    ALIKE,
    BEFORE,
    CAPACITY,
    CLOCK_COST,
    CLOCKED,
    CLOSES,
    DRIVE_S,
    DURATION_S,
    END_OPTION,
    END_S,
    FEES,
    FIRST_OPTION,
    FIRST_S,
    FIXED,
    FREE,
    LAST_BEGIN_S,
    LAST_S,
    LATE_S,
    LENGTH,
    LOAD,
    LOADED,
    METRES,
    NOWHERE,
    OPENS,
    OPENS_S,
    OUT,
    PAID_HOME_S,
    PER_DUTY_S,
    PER_METRE,
    PER_OVER_S,
    ROUTE,
    SERVICE_S,
    STAY_S,
    TAIL_EARLY_S,
    TAIL_S,
    TIMED,
    UNSERVED,
    Data,
    Ints,
    State,
    Whole,
    fees_along,
    insert,
    start_fee,
)  # fmt: skip

OVERLOOKED_IN = 100
"""Of so many places one is overlooked, on average."""


@njit("int64(uint64[::1], int64)", cache=True)
def draw(seed: NDArray[np.uint64], below: Whole) -> int:
    """Return a number from 0 to below it (xorshift64, Marsaglia 2003), for bounds under 2^31."""
    word = seed[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    seed[0] = word
    return int(np.int64(((word >> np.uint64(33)) * np.uint64(below)) >> np.uint64(31)))


@njit(cache=True)
def recreate(
    data: Data,
    state: State,
    seed: NDArray[np.uint64],
    stops: Ints,
    size: Whole,
    thorough: Whole,
    touched: NDArray[np.bool_],
) -> None:
    """Insert stops one by one where that is cheapest; one stays out where all places cost more than that.

    A stop is tried beside its near stops and in an empty route; the first `thorough` ones, where that finds nothing,
    at every place.
    """
    empty = np.empty(data.fleet.shape[0], np.int64)
    empties = _empty_vehicles(data, state, empty)
    countdown = np.full(1, draw(seed, 2 * OVERLOOKED_IN))
    for rank in range(size):
        stop = stops[rank]
        cost, before, option = _near_place(data, state, seed, stop, countdown)
        for index in range(empties):
            vehicle = empty[index]
            if data.tolls[stop, vehicle] < NOWHERE and data.stops[stop, LOAD] <= data.fleet[vehicle, CAPACITY]:
                start = data.stops.shape[0] + vehicle
                found, chosen = _place_cost(data, state, stop, start, cost)
                if found < cost:
                    cost, before, option = found, start, chosen
        if before < 0 and rank < thorough:
            cost, before, option = _any_place(data, state, stop)
        if before >= 0:
            vehicle = state.node[before, ROUTE]
            touched[vehicle] = True
            insert(data, state, before, stop, option)
            if state.sums[vehicle, LENGTH] == 1:
                empties = _empty_vehicles(data, state, empty)


@kernel
def _empty_vehicles(data: Data, state: State, empty: Ints) -> Whole:
    """List the vehicles without stops, of those that are alike only the first; return how many."""
    size = 0
    for vehicle in range(data.fleet.shape[0]):
        if state.sums[vehicle, LENGTH] == 0:
            twin = False
            for index in range(size):
                twin |= data.fleet[empty[index], ALIKE] == data.fleet[vehicle, ALIKE]
            if not twin:
                empty[size] = vehicle
                size += 1
    return size


@kernel
def _near_place(
    data: Data, state: State, seed: NDArray[np.uint64], stop: Whole, countdown: Ints
) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest place beside a near stop; -1 as node where there is none."""
    node, sums, fleet, options, prices = state.node, state.sums, data.fleet, data.options, data.prices
    stops, fees = data.stops, data.fees
    facts, travel_to, travel_on, near = data.stops[stop], data.travel_to[stop], data.travel[stop], data.near[stop]
    tolls, free, load, first = data.tolls[stop], facts[FREE] > 0, facts[LOAD], facts[FIRST_OPTION]
    opens_s, closes_s, stay_s = options[first, OPENS], options[first, CLOSES], facts[STAY_S]
    simple, price = facts[END_OPTION] == first + 1 and prices[CLOCKED] == 0, prices[PER_METRE]
    best: Whole = facts[UNSERVED]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    skip = countdown[0]
    for rank in range(near.size):
        beside = np.int64(near[rank])
        vehicle = np.int64(node[beside, ROUTE])
        if vehicle < 0 or sums[vehicle, LOADED] + load > fleet[vehicle, CAPACITY]:
            continue
        toll: Whole = np.int64(0) if free else tolls[vehicle]
        if toll == NOWHERE:
            continue
        skip -= 1
        if skip < 0:
            skip = draw(seed, 2 * OVERLOOKED_IN)
            continue
        for side in range(2):
            before = np.int64(node[beside, BEFORE]) if side == 0 else beside
            after = beside if side == 0 else np.int64(node[beside, AFTER])
            cost = (np.int64(travel_to[before, 1]) + travel_on[after, 1] - node[before, METRES]) * price + toll
            if simple:
                if cost < best:
                    begin_s = max(np.int64(node[before, END_S]) + travel_to[before, 0], opens_s)
                    leave_s = begin_s + stay_s + travel_on[after, 0]
                    if begin_s <= closes_s and leave_s <= node[after, LAST_BEGIN_S]:
                        best, place, option = cost, before, first
            else:
                # Time may be saved by what costs metres: only the whole price tells.
                cost -= sums[vehicle, CLOCK_COST]
                to_s, on_s = travel_to[before, 0], travel_on[after, 0]
                found, chosen = _cheapest_option(
                    node, before, after, to_s, on_s, stop, facts, stops, options, fees, prices, fleet, sums, cost, best
                )
                if found < best:
                    best, place, option = found, before, chosen
    countdown[0] = skip
    return best, place, option


@kernel
def _any_place(data: Data, state: State, stop: Whole) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest of all places; -1 as node where there is none."""
    count, fleet, load = data.stops.shape[0], data.fleet, data.stops[stop, LOAD]
    best: Whole = data.stops[stop, UNSERVED]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    for vehicle in range(fleet.shape[0]):
        if data.tolls[stop, vehicle] == NOWHERE or state.sums[vehicle, LOADED] + load > fleet[vehicle, CAPACITY]:
            continue
        before = np.int64(count + vehicle)
        while before < count + fleet.shape[0]:
            cost, chosen = _place_cost(data, state, stop, before, best)
            if cost < best:
                best, place, option = cost, before, chosen
            before = np.int64(state.node[before, AFTER])
    return best, place, option


@kernel
def _place_cost(data: Data, state: State, stop: Whole, before: Whole, limit: Whole) -> tuple[Whole, Whole]:
    """Return what a stop adds to the cost after a node, and its option; the limit where it is not below that."""
    node, fleet, price = state.node, data.fleet, data.prices[PER_METRE]
    vehicle, after = np.int64(node[before, ROUTE]), np.int64(node[before, AFTER])
    to_s, to_m = np.int64(data.travel[before, stop, 0]), np.int64(data.travel[before, stop, 1])
    on_s, on_m = np.int64(data.travel[stop, after, 0]), np.int64(data.travel[stop, after, 1])
    cost = (to_m + on_m) * price + data.tolls[stop, vehicle] - state.sums[vehicle, CLOCK_COST]
    if state.sums[vehicle, LENGTH] > 0 or fleet[vehicle, OUT] > 0:
        cost -= node[before, METRES] * price
    else:
        cost += fleet[vehicle, FIXED]
    found: tuple[Whole, Whole] = _cheapest_option(
        node,
        before,
        after,
        to_s,
        on_s,
        stop,
        data.stops[stop],
        data.stops,
        data.options,
        data.fees,
        data.prices,
        fleet,
        state.sums,
        cost,
        limit,
    )
    return found


@njit(cache=True, inline="always")
def _cheapest_option(  # type: ignore[no-untyped-def]
    node, before, after, to_s, on_s, stop, facts, stops, options, fees, prices, fleet, sums, cost, limit
):
    """Return the cost with the cheapest option of a stop between two nodes, and that; the limit where none is below.

    `cost` is what the place costs whatever the option, the duration and the instants of service.
    """
    vehicle = np.int64(node[before, ROUTE])
    paid_home_s = fleet[vehicle, PAID_HOME_S]
    chosen: Whole = np.int64(-1)
    begin_s = np.int64(node[before, END_S]) + to_s
    leave_s = facts[STAY_S] + on_s
    for option in range(facts[FIRST_OPTION], facts[END_OPTION]):
        opens_s, closes_s = options[option, OPENS], options[option, CLOSES]
        if begin_s <= closes_s:
            if max(begin_s, opens_s) + leave_s > node[after, LAST_BEGIN_S]:
                break
            whole = cost
            if prices[CLOCKED] > 0:
                shift_s = np.int64(node[before, DURATION_S]) + to_s
                wait_s = max(opens_s - shift_s - node[before, LATE_S], 0)
                early_s = max(opens_s - shift_s, np.int64(node[before, END_S]) - node[before, DURATION_S]) - wait_s
                late_s = min(closes_s - shift_s, node[before, LATE_S])
                duration_s = shift_s + leave_s + wait_s
                wait_s = max(node[after, TAIL_EARLY_S] - duration_s - late_s, 0)
                early_s = max(node[after, TAIL_EARLY_S] - duration_s, early_s) - wait_s
                duration_s += node[after, TAIL_S] + wait_s
                whole += duration_s * prices[PER_DUTY_S]
                whole += max(0, early_s + duration_s - paid_home_s) * prices[PER_OVER_S]
                if prices[TIMED] > 0:
                    if whole - sums[vehicle, FEES] >= limit:
                        continue  # even if all start fees of the route were spared
                    whole += _fees_added(
                        node,
                        stops,
                        fees,
                        prices,
                        fleet,
                        sums,
                        stop,
                        before,
                        after,
                        to_s,
                        on_s,
                        opens_s,
                        early_s,
                        limit - whole,
                    )
            if whole < limit:
                limit, chosen = whole, option
    return limit, chosen


@kernel
def _fees_added(
    node: NDArray[np.int32],
    stops: Ints,
    fees: Ints,
    prices: Ints,
    fleet: Ints,
    sums: Ints,
    stop: Whole,
    before: Whole,
    after: Whole,
    to_s: Whole,
    on_s: Whole,
    opens_s: Whole,
    depart_s: Whole,
    limit: Whole,
) -> Whole:
    """Return what a stop between two nodes adds to what it costs when stops start; the limit where it is not below.

    Where the departure is free all of the route may shift, else only what comes after the stop, until it waits.
    """
    count, vehicle = stops.shape[0], np.int64(node[before, ROUTE])
    added, spared = np.int64(0), np.int64(sums[vehicle, FEES])
    at, drive_s = np.int64(after), np.int64(node[before, DRIVE_S])
    fixed = fleet[vehicle, FIRST_S] == fleet[vehicle, LAST_S]
    if fixed:
        arrive_s = np.int64(node[before, END_S]) + to_s
    else:
        start = np.int64(count + vehicle)
        head, reached_s = fees_along(stops, fees, prices, node, node[start, AFTER], depart_s + node[start, DRIVE_S], at)
        added += head - spared
        arrive_s = np.int64(reached_s) + to_s - drive_s
    begin_s = max(arrive_s, opens_s)
    added += start_fee(stops, fees, prices, stop, begin_s)
    if fixed and added - spared >= limit:
        return limit
    arrive_s = begin_s + stops[stop, STAY_S] + on_s
    if not fixed:
        tail, _ = fees_along(stops, fees, prices, node, at, arrive_s, count + fleet.shape[0] + vehicle)
        return int(added + tail)
    while at < count:
        now_s, then_s = max(arrive_s, np.int64(node[at, OPENS_S])), np.int64(node[at, END_S]) - node[at, SERVICE_S]
        if now_s == then_s:
            break
        added += start_fee(stops, fees, prices, at, now_s) - start_fee(stops, fees, prices, at, then_s)
        arrive_s = now_s + node[at, SERVICE_S] + node[at, DRIVE_S]
        at = np.int64(node[at, AFTER])
    return int(added)
