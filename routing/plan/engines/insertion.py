"""Find the cheapest place of a stop in the routes; compiled. Nearly all the time of a search is spent here."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.route_state import (
    AFTER,
    ALIKE,
    BEFORE,
    CAPACITY,
    CLOCK_COST,
    CLOSES,
    DURATION_S,
    END_OPTION,
    END_S,
    FEE,
    FIRST_OPTION,
    FIXED,
    FREE,
    LAST_BEGIN_S,
    LATE_S,
    LENGTH,
    LOAD,
    LOADED,
    METRES,
    OPENS,
    OUT,
    PAID_HOME_S,
    ROUTE,
    STAY_S,
    TAIL_EARLY_S,
    TAIL_S,
    UNSERVED,
    Data,
    Ints,
    State,
    Whole,
    insert,
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
            if data.allowed[stop, vehicle] and data.stops[stop, LOAD] <= data.fleet[vehicle, CAPACITY]:
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


@njit(cache=True)
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


@njit(cache=True)
def _near_place(
    data: Data, state: State, seed: NDArray[np.uint64], stop: Whole, countdown: Ints
) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest place beside a near stop; -1 as node where there is none."""
    node, sums, fleet, options, prices = state.node, state.sums, data.fleet, data.options, data.prices
    facts, travel_to, travel_on, near = data.stops[stop], data.travel_to[stop], data.travel[stop], data.near[stop]
    allowed, free, load, first = data.allowed[stop], facts[FREE] > 0, facts[LOAD], facts[FIRST_OPTION]
    opens_s, closes_s, fee, stay_s = options[first, OPENS], options[first, CLOSES], options[first, FEE], facts[STAY_S]
    simple, price = facts[END_OPTION] == first + 1 and prices[3] == 0, prices[0]
    best: Whole = facts[UNSERVED]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    skip = countdown[0]
    for rank in range(near.size):
        beside = np.int64(near[rank])
        vehicle = np.int64(node[beside, ROUTE])
        if vehicle < 0 or sums[vehicle, LOADED] + load > fleet[vehicle, CAPACITY] or not (free or allowed[vehicle]):
            continue
        skip -= 1
        if skip < 0:
            skip = draw(seed, 2 * OVERLOOKED_IN)
            continue
        for side in range(2):
            before = np.int64(node[beside, BEFORE]) if side == 0 else beside
            after = beside if side == 0 else np.int64(node[beside, AFTER])
            cost = (np.int64(travel_to[before, 1]) + travel_on[after, 1] - node[before, METRES]) * price
            if simple:
                if cost + fee < best:
                    begin_s = max(np.int64(node[before, END_S]) + travel_to[before, 0], opens_s)
                    leave_s = begin_s + stay_s + travel_on[after, 0]
                    if begin_s <= closes_s and leave_s <= node[after, LAST_BEGIN_S]:
                        best, place, option = cost + fee, before, first
            else:
                # Time may be saved by what costs metres: only the whole price tells.
                cost -= sums[vehicle, CLOCK_COST]
                to_s, on_s, paid_s = travel_to[before, 0], travel_on[after, 0], fleet[vehicle, PAID_HOME_S]
                found, chosen = _cheapest_option(
                    node, before, after, to_s, on_s, facts, options, prices, paid_s, cost, best
                )
                if found < best:
                    best, place, option = found, before, chosen
    countdown[0] = skip
    return best, place, option


@njit(cache=True)
def _any_place(data: Data, state: State, stop: Whole) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest of all places; -1 as node where there is none."""
    count, fleet, load = data.stops.shape[0], data.fleet, data.stops[stop, LOAD]
    best: Whole = data.stops[stop, UNSERVED]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    for vehicle in range(fleet.shape[0]):
        if not data.allowed[stop, vehicle] or state.sums[vehicle, LOADED] + load > fleet[vehicle, CAPACITY]:
            continue
        before = np.int64(count + vehicle)
        while before < count + fleet.shape[0]:
            cost, chosen = _place_cost(data, state, stop, before, best)
            if cost < best:
                best, place, option = cost, before, chosen
            before = np.int64(state.node[before, AFTER])
    return best, place, option


@njit(cache=True)
def _place_cost(data: Data, state: State, stop: Whole, before: Whole, limit: Whole) -> tuple[Whole, Whole]:
    """Return what a stop adds to the cost after a node, and its option; the limit where it is not below that."""
    node, fleet, prices = state.node, data.fleet, data.prices
    vehicle, after = node[before, ROUTE], node[before, AFTER]
    to_s, to_m = np.int64(data.travel[before, stop, 0]), np.int64(data.travel[before, stop, 1])
    on_s, on_m = np.int64(data.travel[stop, after, 0]), np.int64(data.travel[stop, after, 1])
    cost = (to_m + on_m) * prices[0] - state.sums[vehicle, CLOCK_COST]
    if state.sums[vehicle, LENGTH] > 0 or fleet[vehicle, OUT] > 0:
        cost -= node[before, METRES] * prices[0]
    else:
        cost += fleet[vehicle, FIXED]
    paid_s = fleet[vehicle, PAID_HOME_S]
    facts, options = data.stops[stop], data.options
    found: tuple[Whole, Whole] = _cheapest_option(
        node, before, after, to_s, on_s, facts, options, prices, paid_s, cost, limit
    )
    return found


@njit(cache=True, inline="always")
def _cheapest_option(  # type: ignore[no-untyped-def]
    node, before, after, to_s, on_s, facts, options, prices, paid_home_s, cost, limit
):
    """Return the cost with the cheapest option of a stop between two nodes, and that; the limit where none is below.

    `cost` is what the place costs whatever the option and the duration.
    """
    chosen: Whole = np.int64(-1)
    begin_s = np.int64(node[before, END_S]) + to_s
    leave_s = facts[STAY_S] + on_s
    for option in range(facts[FIRST_OPTION], facts[END_OPTION]):
        opens_s, closes_s = options[option, OPENS], options[option, CLOSES]
        if begin_s <= closes_s:
            if max(begin_s, opens_s) + leave_s > node[after, LAST_BEGIN_S]:
                break
            whole = cost + options[option, FEE]
            if prices[3] > 0:
                shift_s = np.int64(node[before, DURATION_S]) + to_s
                wait_s = max(opens_s - shift_s - node[before, LATE_S], 0)
                early_s = max(opens_s - shift_s, np.int64(node[before, END_S]) - node[before, DURATION_S]) - wait_s
                late_s = min(closes_s - shift_s, node[before, LATE_S])
                duration_s = shift_s + leave_s + wait_s
                wait_s = max(node[after, TAIL_EARLY_S] - duration_s - late_s, 0)
                early_s = max(node[after, TAIL_EARLY_S] - duration_s, early_s) - wait_s
                duration_s += node[after, TAIL_S] + wait_s
                whole += duration_s * prices[1] + max(0, early_s + duration_s - paid_home_s) * prices[2]
            if whole < limit:
                limit, chosen = whole, option
    return limit, chosen
