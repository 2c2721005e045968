"""Ruin routes by strings of neighbouring stops and recreate them greedily; compiled.

Slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 2020): strings of adjacent
routes leave, and come back in one of several orders at their cheapest places, of which a few are overlooked.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.route_state import (
    Data,
    Ints,
    State,
    Whole,
    cheapest_place,
    copy_route,
    insert,
    refresh,
)

REMOVED_ON_AVERAGE = 12
LONGEST_STRING = 10
ABSENT_TRIED = 40
"""Of the stops that no route serves, at most this many are tried in one iteration."""
OVERLOOKED_PER_1000 = 10
WHOLE_ROUTE_PER_1000 = 15
"""How often a whole route is removed: what makes a vehicle superfluous."""
CURRENT, BEST, ITERATION, LAST_GAIN = 0, 1, 2, 3
"""Entries of the tally: cost now, best cost, iterations made, and the one that last gained."""


@njit("int64(uint64[::1], int64)", cache=True)
def draw(seed: NDArray[np.uint64], below: Whole) -> int:
    """Return a number from 0 to below it (xorshift64, Marsaglia 2003)."""
    word = seed[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    seed[0] = word
    return int(np.int64(word >> np.uint64(33)) % below)


@njit(cache=True)
def _drop(
    data: Data,
    state: State,
    vehicle: Whole,
    first: Whole,
    count: Whole,
    kept: Whole,
    removed: Ints,
    size: Whole,
) -> Whole:
    """Remove `count` visits from the first one on, jumping over one run of `kept`; return the removed count."""
    order, length = state.order[vehicle], state.length[vehicle]
    jump = first + count // 2 if kept > 0 else length
    write = first
    gone = 0
    for index in range(first, length):
        stop = order[index]
        if gone < count and not jump <= index < jump + kept:
            state.route_of[stop] = -1
            removed[size] = stop
            size += 1
            gone += 1
        else:
            order[write] = stop
            write += 1
    state.length[vehicle] = write
    if not refresh(data, state, vehicle):
        for index in range(write):
            state.route_of[order[index]] = -1
            removed[size] = order[index]
            size += 1
        state.length[vehicle] = 0
        refresh(data, state, vehicle)
    return size


@njit(cache=True)
def _ruin(data: Data, state: State, seed: NDArray[np.uint64], removed: Ints, touched: NDArray[np.bool_]) -> Whole:
    """Remove strings around a random stop; return how many stops went."""
    centre = draw(seed, data.load.size)
    size: Whole = np.int64(0)
    if draw(seed, 1000) < WHOLE_ROUTE_PER_1000 and state.route_of[centre] >= 0:
        vehicle = state.route_of[centre]
        touched[vehicle] = True
        return _drop(data, state, vehicle, np.int64(0), state.length[vehicle], np.int64(0), removed, np.int64(0))
    routes = 0
    for vehicle in range(data.capacity.size):
        routes += state.length[vehicle] > 0
    served = 0
    for vehicle in range(data.capacity.size):
        served += state.length[vehicle]
    longest = max(1, min(LONGEST_STRING, served // max(routes, 1)))
    strings = 1 + draw(seed, max(1, 4 * REMOVED_ON_AVERAGE // (1 + longest) - 1))
    for rank in range(-1, data.around.shape[1]):
        stop = centre if rank < 0 else data.around[centre, rank]
        vehicle = state.route_of[stop]
        if vehicle < 0 or touched[vehicle]:
            continue
        touched[vehicle] = True
        length = state.length[vehicle]
        count = 1 + draw(seed, min(longest, length))
        kept: Whole = np.int64(0)
        if count < length and count > 1 and draw(seed, 2) == 0:
            kept = 1
            while count + kept < length and draw(seed, 100) >= 50:
                kept += 1
        span = count + kept
        position = state.position[stop]
        lowest, highest = max(0, position - span + 1), min(position, length - span)
        first = lowest + draw(seed, highest - lowest + 1)
        size = _drop(data, state, vehicle, first, count, kept, removed, size)
        strings -= 1
        if strings == 0:
            break
    return size


@njit(cache=True)
def _sort(data: Data, seed: NDArray[np.uint64], removed: Ints, size: Whole) -> None:
    """Sort the removed stops in a way drawn by lot: random, load, far, close, window or priority."""
    count = data.load.size
    key = np.empty(size, np.int64)
    way = draw(seed, 14)
    for index in range(size):
        stop = removed[index]
        first, last = data.option_first[stop], data.option_first[stop + 1] - 1
        if way < 4:
            key[index] = draw(seed, 1 << 30)
        elif way < 6:
            key[index] = -data.load[stop]
        elif way < 8:
            key[index] = -data.time_s[count, stop]
        elif way < 9:
            key[index] = data.time_s[count, stop]
        elif way < 11:
            key[index] = data.option_end_s[last] - data.option_start_s[first]
        elif way < 12:
            key[index] = data.option_start_s[first]
        elif way < 13:
            key[index] = -data.option_end_s[last]
        else:
            key[index] = -data.unserved[stop]
    for index in range(1, size):
        mine, stop, at = key[index], removed[index], index
        while at > 0 and key[at - 1] > mine:
            key[at], removed[at] = key[at - 1], removed[at - 1]
            at -= 1
        key[at], removed[at] = mine, stop


@njit(cache=True)
def recreate(
    data: Data, state: State, seed: NDArray[np.uint64], stops: Ints, size: Whole, touched: NDArray[np.bool_]
) -> None:
    """Insert stops one by one where that is cheapest; one stays out where all places cost more than that."""
    count, fleet, tried = data.load.size, data.capacity.size, data.near.shape[1]
    empty_seen = np.zeros(fleet, np.bool_)
    places = np.empty(fleet + 2 * tried, np.int64)
    for rank in range(size):
        stop = stops[rank]
        found = 0
        empty_seen[:] = False
        for vehicle in range(fleet):
            if state.length[vehicle] == 0 and data.free[stop]:
                if empty_seen[data.alike[vehicle]]:
                    continue
                empty_seen[data.alike[vehicle]] = True
            fits = state.loaded[vehicle] + data.load[stop] <= data.capacity[vehicle]
            if fits and data.allowed[stop, vehicle] and draw(seed, 1000) >= OVERLOOKED_PER_1000:
                places[found] = vehicle * (count + 1)
                found += 1
        for near in range(tried):
            beside = data.near[stop, near]
            vehicle = state.route_of[beside]
            if vehicle < 0 or not data.allowed[stop, vehicle]:
                continue
            if state.loaded[vehicle] + data.load[stop] > data.capacity[vehicle]:
                continue
            for beyond in range(2):
                index = state.position[beside] + beyond
                if draw(seed, 1000) >= OVERLOOKED_PER_1000:
                    places[found] = vehicle * (count + 1) + index
                    found += 1
        cost, chosen, before, option = cheapest_place(data, state, stop, places, found)
        if cost < data.unserved[stop]:
            touched[chosen] = True
            insert(data, state, chosen, before, stop, option)


@njit(cache=True)
def total_cost(data: Data, state: State) -> int:
    """Return the cost of all routes and of the stops that none serves."""
    total: Whole = np.int64(0)
    for vehicle in range(data.capacity.size):
        total += state.cost[vehicle]
    for stop in range(data.load.size):
        if state.route_of[stop] < 0:
            total += data.unserved[stop]
    return int(total)


@njit(cache=True)
def iterate(
    data: Data,
    now: State,
    kept: State,
    best: State,
    seed: NDArray[np.uint64],
    tally: Ints,
    temperature: float,
    count: int,
) -> None:
    """Make `count` iterations of ruin, recreate and acceptance by simulated annealing at one temperature."""
    size = data.load.size
    removed = np.empty(size, np.int64)
    absent = np.empty(size, np.int64)
    touched = np.zeros(data.capacity.size, np.bool_)
    for _ in range(count):
        touched[:] = False
        out = 0
        for stop in range(size):
            if now.route_of[stop] < 0:
                absent[out] = stop
                out += 1
        gone = _ruin(data, now, seed, removed, touched)
        for rank in range(min(out, ABSENT_TRIED, size - gone)):
            other = rank + draw(seed, out - rank)
            absent[rank], absent[other] = absent[other], absent[rank]
            removed[gone] = absent[rank]
            gone += 1
        _sort(data, seed, removed, gone)
        recreate(data, now, seed, removed, gone, touched)
        tally[ITERATION] += 1
        cost = total_cost(data, now)
        luck = (draw(seed, 1 << 30) + 1) / (1 << 30)
        if cost < tally[CURRENT] - temperature * math.log(luck):
            tally[CURRENT] = cost
            for vehicle in range(data.capacity.size):
                if touched[vehicle]:
                    copy_route(now, kept, vehicle)
            if cost < tally[BEST]:
                tally[BEST], tally[LAST_GAIN] = cost, tally[ITERATION]
                copy_all(now, best)
        else:
            for vehicle in range(data.capacity.size):
                if touched[vehicle]:
                    copy_route(kept, now, vehicle)


@njit(cache=True)
def copy_all(source: State, target: State) -> None:
    """Copy every route."""
    target.route_of[:] = -1
    for vehicle in range(source.length.size):
        target.length[vehicle] = 0
    for vehicle in range(source.length.size):
        copy_route(source, target, vehicle)
