"""Find the cheapest place of a stop in the routes; compiled. Nearly all the time of a search is spent here."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.route_state import (
    AFTER,
    BEFORE,
    DURATION_S,
    END_S,
    LAST_BEGIN_S,
    LATE_S,
    METRES,
    ROUTE,
    TAIL_EARLY_S,
    TAIL_S,
    Data,
    Ints,
    State,
    Whole,
    insert,
)

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
    fleet = data.capacity.size
    empty = np.empty(fleet, np.int64)
    empties = _empty_vehicles(data, state, empty)
    countdown = np.full(1, draw(seed, 2 * OVERLOOKED_IN))
    for rank in range(size):
        stop = stops[rank]
        cost, before, option = _near_place(data, state, seed, stop, countdown)
        for index in range(empties):
            vehicle = empty[index]
            if data.allowed[stop, vehicle] and data.load[stop] <= data.capacity[vehicle]:
                start = data.load.size + vehicle
                found, chosen = place_cost(data, state, stop, start, cost)
                if found < cost:
                    cost, before, option = found, start, chosen
        if before < 0 and rank < thorough:
            cost, before, option = _any_place(data, state, stop)
        if before >= 0:
            vehicle = state.node[before, ROUTE]
            touched[vehicle] = True
            insert(data, state, before, stop, option)
            if state.length[vehicle] == 1:
                empties = _empty_vehicles(data, state, empty)


@njit(cache=True)
def _empty_vehicles(data: Data, state: State, empty: Ints) -> Whole:
    """List the vehicles without stops, of those that are alike only the first; return how many."""
    size = 0
    for vehicle in range(data.capacity.size):
        if state.length[vehicle] == 0:
            twin = False
            for index in range(size):
                twin |= data.alike[empty[index]] == data.alike[vehicle]
            if not twin:
                empty[size] = vehicle
                size += 1
    return size


@njit(cache=True)
def _near_place(
    data: Data, state: State, seed: NDArray[np.uint64], stop: Whole, countdown: Ints
) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest place beside a near stop; -1 as node where there is none."""
    node, price, tracked = state.node, data.prices[0], data.prices[3] > 0
    travel_to, travel_on = data.travel_to[stop], data.travel[stop]
    load, service_s = data.load[stop], data.service_s[stop]
    first, last = data.option_first[stop], data.option_first[stop + 1]
    single, opens_s, closes_s = last == first + 1, data.option_start_s[first], data.option_end_s[first]
    best: Whole = data.unserved[stop]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    skip = countdown[0]
    for rank in range(data.near.shape[1]):
        beside = np.int64(data.near[stop, rank])
        vehicle = node[beside, ROUTE]
        if vehicle < 0 or state.loaded[vehicle] + load > data.capacity[vehicle]:
            continue
        if not data.free[stop] and not data.allowed[stop, vehicle]:
            continue
        skip -= 1
        if skip < 0:
            skip = draw(seed, 2 * OVERLOOKED_IN)
            continue
        for side in range(2):
            if side == 0:
                before, after = np.int64(node[beside, BEFORE]), beside
            else:
                before, after = beside, np.int64(node[beside, AFTER])
            detour = (np.int64(travel_to[before, 1]) + travel_on[after, 1] - node[before, METRES]) * price
            if tracked or not single:
                # Time may be saved by what costs metres: only the whole price tells.
                cost, chosen = place_cost(data, state, stop, before, best)
                if cost < best:
                    best, place, option = cost, before, chosen
            elif detour + data.option_cost[first] < best:
                begin_s = max(node[before, END_S] + travel_to[before, 0], opens_s)
                if begin_s <= closes_s and begin_s + service_s + travel_on[after, 0] <= node[after, LAST_BEGIN_S]:
                    best, place, option = detour + data.option_cost[first], before, first
    countdown[0] = skip
    return best, place, option


@njit(cache=True)
def _any_place(data: Data, state: State, stop: Whole) -> tuple[Whole, Whole, Whole]:
    """Return cost, node before and option of the cheapest of all places; -1 as node where there is none."""
    count = data.load.size
    best: Whole = data.unserved[stop]
    place: Whole = np.int64(-1)
    option: Whole = np.int64(0)
    for vehicle in range(data.capacity.size):
        if not data.allowed[stop, vehicle] or state.loaded[vehicle] + data.load[stop] > data.capacity[vehicle]:
            continue
        before = np.int64(count + vehicle)
        while before < count + data.capacity.size:
            cost, chosen = place_cost(data, state, stop, before, best)
            if cost < best:
                best, place, option = cost, before, chosen
            before = state.node[before, AFTER]
    return best, place, option


@njit(cache=True)
def place_cost(data: Data, state: State, stop: Whole, before: Whole, limit: Whole) -> tuple[Whole, Whole]:
    """Return what a stop adds to the cost after a node, and its option; the limit where it is not below that."""
    node, travel_to, travel_on = state.node, data.travel_to[stop], data.travel[stop]
    vehicle, after = node[before, ROUTE], node[before, AFTER]
    detour = np.int64(travel_to[before, 1]) + travel_on[after, 1]
    if state.length[vehicle] > 0 or data.out[vehicle]:
        detour = (detour - node[before, METRES]) * data.prices[0]
    else:
        detour = detour * data.prices[0] + data.fixed[vehicle]
    if data.prices[3] == 0 and detour >= limit:
        return limit, np.int64(-1)
    drive_s, leave_s = np.int64(travel_to[before, 0]), data.service_s[stop] + travel_on[after, 0]
    shift_s = node[before, DURATION_S] + drive_s
    head_early_s, head_late_s = node[before, END_S] - node[before, DURATION_S], node[before, LATE_S]
    chosen: Whole = np.int64(-1)
    for option in range(data.option_first[stop], data.option_first[stop + 1]):
        opens_s, closes_s = data.option_start_s[option], data.option_end_s[option]
        begin_s = max(node[before, END_S] + drive_s, opens_s)
        if begin_s > closes_s:
            continue
        if begin_s + leave_s > node[after, LAST_BEGIN_S]:
            break
        cost = detour + data.option_cost[option]
        if data.prices[3] > 0:
            wait_s = max(opens_s - shift_s - head_late_s, 0)
            early_s = max(opens_s - shift_s, head_early_s) - wait_s
            late_s = min(closes_s - shift_s, head_late_s)
            duration_s = shift_s + leave_s + wait_s
            wait_s = max(node[after, TAIL_EARLY_S] - duration_s - late_s, 0)
            early_s = max(node[after, TAIL_EARLY_S] - duration_s, early_s) - wait_s
            duration_s += node[after, TAIL_S] + wait_s
            over_s = max(0, early_s + duration_s - data.paid_end_s[vehicle])
            cost += duration_s * data.prices[1] + over_s * data.prices[2] - state.clock_cost[vehicle]
        if cost < limit:
            limit, chosen = cost, option
    return limit, chosen
