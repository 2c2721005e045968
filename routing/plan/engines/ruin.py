"""Ruin routes by strings of neighbouring stops, recreate them greedily, accept by simulated annealing; compiled.

Slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 2020): strings of adjacent
routes leave, and come back in one of several orders at their cheapest places, of which a few are overlooked.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.insertion import draw, recreate
from routing.plan.engines.route_state import (
    AFTER,
    BEFORE,
    CLOSES,
    COST,
    DRIVE_S,
    END_OPTION,
    FIRST_OPTION,
    LEGS_COST,
    LENGTH,
    LOAD,
    LOADED,
    METRES,
    OPENS,
    PER_METRE,
    ROUTE,
    UNSERVED,
    Data,
    Ints,
    State,
    Whole,
    carry_back,
    carry_on,
    charge,
    copy_all,
    copy_route,
    refresh,
)
from routing.plan.engines.tails import swap_tails

REMOVED_ON_AVERAGE = 10
LONGEST_STRING = 10
WHOLE_ROUTE_IN = 20
"""In one of so many ruins the first route is emptied, which may save a vehicle."""
ABSENT_TRIED = 40
"""Of the stops that no route serves, at most this many are tried in one iteration,"""
ABSENT_TRIED_EVERYWHERE = 2
"""and of these so many at every place, where the near ones do not do."""
CURRENT, BEST, ITERATION, LAST_GAIN = 0, 1, 2, 3
"""Entries of the tally: cost now, best cost, iterations made, and the one that last gained."""
_ONE = 1 << 30


@njit(cache=True, inline="always")
def share(seed: NDArray[np.uint64]) -> float:
    """Return a number from 0 to below 1."""
    return draw(seed, _ONE) / _ONE


@njit(cache=True, inline="always")
def loss_limit(seed: NDArray[np.uint64], temperature: float) -> float:
    """Return the loss below which a change is accepted: drawn so that greater ones are exponentially rarer."""
    return -temperature * math.log(share(seed) + 1 / _ONE)


@kernel
def clear_route(data: Data, state: State, vehicle: Whole, removed: Ints, size: Whole) -> Whole:
    """Remove all visits of a route; return the removed count."""
    count = data.stops.shape[0]
    start, home = count + vehicle, count + data.fleet.shape[0] + vehicle
    stop = state.node[start, AFTER]
    while stop < count:
        state.node[stop, ROUTE] = -1
        removed[size] = stop
        size += 1
        stop = state.node[stop, AFTER]
    state.node[start, AFTER], state.node[home, BEFORE] = home, start
    refresh(data, state, vehicle)
    return size


@kernel
def _cut_string(
    data: Data, state: State, seed: NDArray[np.uint64], stop: Whole, longest: float, removed: Ints, size: Whole
) -> Whole:
    """Remove a string of visits that holds a stop, half of the times jumping over a run; return the removed count."""
    node, sums, count = state.node, state.sums, data.stops.shape[0]
    vehicle = node[stop, ROUTE]
    length = sums[vehicle, LENGTH]
    gone = min(length, 1 + np.int64(share(seed) * min(longest, float(length))))
    kept = np.int64(0)
    if 1 < gone < length and draw(seed, 2) == 0:
        kept += 1
        while gone + kept < length and draw(seed, 2) == 1:
            kept += 1
    position, at = np.int64(0), node[stop, BEFORE]
    while at < count:
        position, at = position + 1, node[at, BEFORE]
    lowest, highest = max(0, position - gone - kept + 1), min(position, length - gone - kept)
    first = lowest + draw(seed, highest - lowest + 1)
    jump = first + 1 + draw(seed, gone - 1) if kept > 0 else length
    at = stop
    for _ in range(position - first):
        at = node[at, BEFORE]
    begin = node[at, BEFORE]
    linked, metres = begin, -node[begin, METRES]
    for index in range(first, first + gone + kept):
        metres -= node[at, METRES]
        onto = node[at, AFTER]
        if jump <= index < jump + kept:
            metres += _link(data, state, linked, at)
            linked = at
        else:
            node[at, ROUTE] = -1
            sums[vehicle, LOADED] -= data.stops[at, LOAD]
            sums[vehicle, LEGS_COST] -= data.tolls[at, vehicle]
            removed[size] = at
            size += 1
        at = onto
    metres += _link(data, state, linked, at)
    sums[vehicle, LENGTH] -= gone
    sums[vehicle, LEGS_COST] += metres * data.prices[PER_METRE]
    if not carry_on(data, state, vehicle, begin, at):
        # Only where a detour over a stop is quicker than the drive past it can a shorter route be late.
        return clear_route(data, state, vehicle, removed, size)
    carry_back(data, state, at, begin)
    charge(data, state, vehicle)
    return size


@njit(cache=True, inline="always")
def _link(data: Data, state: State, before: Whole, after: Whole) -> Whole:
    """Join two nodes of a route and return the metres between them."""
    state.node[before, AFTER], state.node[after, BEFORE] = after, before
    state.node[before, DRIVE_S] = data.travel[before, after, 0]
    state.node[before, METRES] = data.travel[before, after, 1]
    return int(state.node[before, METRES])


@kernel
def _ruin(
    data: Data, state: State, seed: NDArray[np.uint64], mean_length: float, touched: NDArray[np.bool_], removed: Ints
) -> Whole:
    """Remove strings, now and then a whole route, around a random stop; return how many stops went."""
    centre = draw(seed, data.stops.shape[0])
    size: Whole = np.int64(0)
    longest = max(1.0, min(float(LONGEST_STRING), mean_length))
    strings = 1 + np.int64(share(seed) * (4 * REMOVED_ON_AVERAGE / (1 + longest) - 1))
    for rank in range(-1, data.around.shape[1]):
        stop = np.int64(centre if rank < 0 else data.around[centre, rank])
        vehicle = state.node[stop, ROUTE]
        if vehicle < 0 or touched[vehicle]:
            continue
        touched[vehicle] = True
        if rank < 0 and draw(seed, WHOLE_ROUTE_IN) == 0:
            size = clear_route(data, state, vehicle, removed, size)
        else:
            size = _cut_string(data, state, seed, stop, longest, removed, size)
        strings -= 1
        if strings == 0:
            break
    return size


@njit(cache=True)
def _sort(data: Data, seed: NDArray[np.uint64], removed: Ints, size: Whole) -> None:
    """Sort the removed stops in a way drawn by lot: random, load, far, close, window or priority."""
    count = data.stops.shape[0]
    key = np.empty(size, np.int64)
    way = draw(seed, 14)
    for index in range(size):
        stop = removed[index]
        first, last = data.stops[stop, FIRST_OPTION], data.stops[stop, END_OPTION] - 1
        if way < 4:
            key[index] = draw(seed, _ONE)
        elif way < 6:
            key[index] = -data.stops[stop, LOAD]
        elif way < 8:
            key[index] = -data.travel[count, stop, 0]
        elif way < 9:
            key[index] = data.travel[count, stop, 0]
        elif way < 11:
            key[index] = data.options[last, CLOSES] - data.options[first, OPENS]
        elif way < 12:
            key[index] = data.options[first, OPENS]
        elif way < 13:
            key[index] = -data.options[last, CLOSES]
        else:
            key[index] = -data.stops[stop, UNSERVED]
    for index in range(1, size):
        mine, stop, at = key[index], removed[index], index
        while at > 0 and key[at - 1] > mine:
            key[at], removed[at] = key[at - 1], removed[at - 1]
            at -= 1
        key[at], removed[at] = mine, stop


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
    """Make `count` iterations at a temperature."""
    size, fleet = data.stops.shape[0], data.fleet.shape[0]
    moved, absent = np.empty(size, np.int64), np.empty(size, np.int64)
    touched = np.zeros(fleet, np.bool_)
    for _ in range(count):
        touched[:] = False
        served: Whole = np.int64(0)
        used: Whole = np.int64(0)
        for vehicle in range(fleet):
            served += now.sums[vehicle, LENGTH]
            used += now.sums[vehicle, LENGTH] > 0
        gone = _ruin(data, now, seed, float(served) / float(used + (used == 0)), touched, moved)
        thorough = gone + ABSENT_TRIED_EVERYWHERE
        gone = _call_absent(data, kept, seed, size - served, absent, moved, gone)
        _sort(data, seed, moved, gone)
        recreate(data, now, seed, moved, gone, thorough, touched)
        tally[ITERATION] += 1
        gain = _gain(data, kept, now, touched, moved, gone)
        if -gain < loss_limit(seed, temperature):
            tally[CURRENT] -= gain
            _keep(data, now, kept, touched, moved, gone)
        else:
            _keep(data, kept, now, touched, moved, gone)
        gain = swap_tails(data, now, kept, seed, loss_limit(seed, temperature))
        tally[CURRENT] -= gain
        if tally[CURRENT] < tally[BEST]:
            tally[BEST], tally[LAST_GAIN] = tally[CURRENT], tally[ITERATION]
            copy_all(data, now, best)


@kernel
def _call_absent(
    data: Data, kept: State, seed: NDArray[np.uint64], count: Whole, absent: Ints, moved: Ints, size: Whole
) -> Whole:
    """Add some of the stops that no route served to those that are moved; return how many there are then."""
    if count == 0:
        return size
    out = 0
    for stop in range(data.stops.shape[0]):
        if kept.node[stop, ROUTE] < 0:
            absent[out] = stop
            out += 1
    for rank in range(min(out, ABSENT_TRIED)):
        other = rank + draw(seed, out - rank)
        absent[rank], absent[other] = absent[other], absent[rank]
        moved[size] = absent[rank]
        size += 1
    return size


@kernel
def _gain(data: Data, before: State, after: State, touched: NDArray[np.bool_], moved: Ints, size: Whole) -> Whole:
    """Return how much cost an iteration saved."""
    gain = np.int64(0)
    for vehicle in range(data.fleet.shape[0]):
        if touched[vehicle]:
            gain += before.sums[vehicle, COST] - after.sums[vehicle, COST]
    for rank in range(size):
        stop = moved[rank]
        gain += data.stops[stop, UNSERVED] * ((before.node[stop, ROUTE] < 0) - np.int64(after.node[stop, ROUTE] < 0))
    return gain


@kernel
def _keep(data: Data, source: State, target: State, touched: NDArray[np.bool_], moved: Ints, size: Whole) -> None:
    """Copy what an iteration changed."""
    for rank in range(size):
        target.node[moved[rank], ROUTE] = -1
    for vehicle in range(data.fleet.shape[0]):
        if touched[vehicle]:
            copy_route(data, source, target, vehicle)


def total_cost(data: Data, state: State) -> int:
    """Return the cost of all routes and of the stops that none serves."""
    return int(state.sums[:, COST].sum() + data.stops[state.node[: len(data.stops), ROUTE] < 0, UNSERVED].sum())
