"""Ruin walked routes by strings and whole routes, recreate, accept by simulated annealing; compiled.

As in `ruin`, but what leaves and comes back are whole requests.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.insertion import draw
from routing.plan.engines.ruin import (
    BEST,
    CURRENT,
    ITERATION,
    LAST_GAIN,
    LONGEST_STRING,
    REMOVED_ON_AVERAGE,
    WHOLE_ROUTE_IN,
    loss_limit,
    share,
)
from routing.plan.engines.walk_absent import add_absent, call, fewer_absences, list_absent, put_first
from routing.plan.engines.walk_data import (
    CARRIED,
    CLOSED,
    CLOSES_S,
    COMMITTED,
    DELIVERY,
    END_WINDOW,
    FIRST_STOP,
    FIRST_WINDOW,
    LEFT_OUT,
    LOADS,
    NEAR_STOPS,
    NEXT_OF_REQUEST,
    OPENS_S,
    PICKUP,
    REQUEST,
    WalkData,
)
from routing.plan.engines.walk_insertion import recreate
from routing.plan.engines.walk_mending import put_right, take, take_all
from routing.plan.engines.walk_routes import copy_all_walked, copy_walked
from routing.plan.engines.walk_state import COST, LENGTH, PLACE, ROUTE, Number, Scratch, WalkState

ABSENT_TRIED_EVERYWHERE = 1
"""Of the requests that no route serves so many are tried at every place, where the near ones do not do."""
_ONE = 1 << 30


@kernel
def _cut_string(
    data: WalkData,
    state: WalkState,
    seed: NDArray[np.uint64],
    stop: Number,
    longest: float,
    removed: NDArray[np.int64],
    size: Number,
) -> Number:
    """Remove the requests of a string of visits that holds a stop, half of the times jumping over a run."""
    vehicle, count = np.int64(state.where[stop, ROUTE]), data.stops.shape[0]
    first_free = data.fleet[vehicle, COMMITTED]
    length, position = state.sums[vehicle, LENGTH] - first_free, np.int64(state.where[stop, PLACE]) - first_free
    if position < 0:
        return size
    gone = min(length, 1 + np.int64(share(seed) * min(longest, float(length))))
    kept = np.int64(0)
    if 1 < gone < length and draw(seed, 2) == 0:
        kept += 1
        while gone + kept < length and draw(seed, 2) == 1:
            kept += 1
    lowest, highest = max(0, position - gone - kept + 1), min(position, length - gone - kept)
    first = lowest + draw(seed, highest - lowest + 1)
    jump = first + 1 + draw(seed, gone - 1) if kept > 0 else length
    for index in range(first, first + gone + kept):
        entry = state.order[vehicle, first_free + index]
        if entry < count and not jump <= index < jump + kept:
            size = take(data, state, entry, removed, size)
    return size


@kernel
def _ruin(
    data: WalkData,
    state: WalkState,
    seed: NDArray[np.uint64],
    mean_length: float,
    centre: Number,
    touched: NDArray[np.bool_],
    removed: NDArray[np.int64],
) -> Number:
    """Remove strings, now and then a whole route, around a stop; return how many requests went."""
    size: Number = np.int64(0)
    longest = max(1.0, min(float(LONGEST_STRING), mean_length))
    strings = 1 + np.int64(share(seed) * (4 * REMOVED_ON_AVERAGE / (1 + longest) - 1))
    near = data.facts[NEAR_STOPS]
    for rank in range(-1, data.lists.shape[1] - near):
        stop = np.int64(centre if rank < 0 else data.lists[centre, near + rank])
        vehicle = np.int64(state.where[stop, ROUTE])
        if vehicle < 0 or touched[vehicle] or data.fleet[vehicle, CLOSED] > 0:
            continue
        touched[vehicle] = True
        if rank < 0 and draw(seed, WHOLE_ROUTE_IN) == 0:
            size = take_all(data, state, vehicle, removed, size)
        else:
            size = _cut_string(data, state, seed, stop, longest, removed, size)
        strings -= 1
        if strings == 0:
            break
    return size


@njit(cache=True)
def sort_requests(data: WalkData, seed: NDArray[np.uint64], removed: NDArray[np.int64], size: Number) -> None:
    """Sort removed requests in a way drawn by lot: random, load, far, close, window or price."""
    count = data.stops.shape[0]
    key = np.empty(size, np.int64)
    way = draw(seed, 14)
    for index in range(size):
        request = removed[index]
        first = stop = data.requests[request, FIRST_STOP]
        while data.stops[stop, NEXT_OF_REQUEST] >= 0:
            stop = data.stops[stop, NEXT_OF_REQUEST]
        opens, closes = data.stops[first, FIRST_WINDOW], data.stops[stop, END_WINDOW] - 1
        if way < 4:
            key[index] = draw(seed, _ONE)
        elif way < 6:
            loads = data.stops[first, LOADS:]
            key[index] = -(loads[DELIVERY] + loads[PICKUP] + loads[CARRIED])
        elif way < 8:
            key[index] = -data.travel[0, count, stop, 0]
        elif way < 9:
            key[index] = data.travel[0, count, stop, 0]
        elif way < 11:
            key[index] = data.spans[closes, CLOSES_S] - data.spans[opens, OPENS_S]
        elif way < 12:
            key[index] = data.spans[opens, OPENS_S]
        elif way < 13:
            key[index] = -data.spans[closes, CLOSES_S]
        else:
            key[index] = -data.requests[request, LEFT_OUT]
    for index in range(1, size):
        mine, request, at = key[index], removed[index], index
        while at > 0 and key[at - 1] > mine:
            key[at], removed[at] = key[at - 1], removed[at - 1]
            at -= 1
        key[at], removed[at] = mine, request


@njit(cache=True)
def iterate_walked(
    data: WalkData,
    now: WalkState,
    kept: WalkState,
    best: WalkState,
    own: Scratch,
    seed: NDArray[np.uint64],
    tally: NDArray[np.int64],
    absences: NDArray[np.int64],
    temperature: float,
    count: int,
) -> None:
    """Make `count` iterations at a temperature.

    With `absences`, one count a request, it is first to serve all requests, whatever leaving them out costs.
    """
    size, fleet = data.stops.shape[0], data.fleet.shape[0]
    moved, absent = np.empty(data.requests.shape[0], np.int64), np.empty(data.requests.shape[0], np.int64)
    touched, everywhere = np.zeros(fleet, np.bool_), np.zeros(data.requests.shape[0], np.bool_)
    for _ in range(count):
        touched[:] = False
        served = np.int64(0)
        for stop in range(size):
            served += now.where[stop, ROUTE] >= 0
        used = np.int64((now.sums[:, LENGTH] > 0).sum())
        out = list_absent(data, now, absent)
        called = call(data, seed, absent, out) if absences.size > 0 else np.int64(-1)
        centre = draw(seed, size) if called < 0 else called
        gone = _ruin(data, now, seed, float(served) / float(used + (used == 0)), centre, touched, moved)
        gone = put_right(data, now, own, touched, moved, gone)
        thorough = gone + ABSENT_TRIED_EVERYWHERE
        gone = add_absent(seed, absent, out, called, moved, gone)
        for rank in range(gone):
            everywhere[moved[rank]] = rank < thorough
        sort_requests(data, seed, moved, gone)
        if called >= 0:
            put_first(moved, data.stops[called, REQUEST])
        recreate(data, now, own, seed, moved, gone, everywhere, touched)
        if data.depots.shape[0] > 0:
            put_right(data, now, own, touched, moved, np.int64(0))
        tally[ITERATION] += 1
        gain = _gain(data, kept, now, touched, moved, gone)
        if absences.size > 0:
            accepted = fewer_absences(data, kept, now, seed, moved, gone, absences, gain, temperature)
        else:
            accepted = -gain < loss_limit(seed, temperature)
        if accepted:
            tally[CURRENT] -= gain
            _keep(data, now, kept, touched, moved, gone)
        else:
            _keep(data, kept, now, touched, moved, gone)
        if tally[CURRENT] < tally[BEST]:
            tally[BEST], tally[LAST_GAIN] = tally[CURRENT], tally[ITERATION]
            copy_all_walked(data, now, best)


@kernel
def _gain(
    data: WalkData,
    before: WalkState,
    after: WalkState,
    touched: NDArray[np.bool_],
    moved: NDArray[np.int64],
    size: Number,
) -> Number:
    """Return how much cost an iteration saved."""
    gain = np.int64(0)
    for vehicle in range(data.fleet.shape[0]):
        if touched[vehicle]:
            gain += before.sums[vehicle, COST] - after.sums[vehicle, COST]
    for rank in range(size):
        stop = data.requests[moved[rank], FIRST_STOP]
        gain += data.requests[moved[rank], LEFT_OUT] * (
            np.int64(before.where[stop, ROUTE] < 0) - np.int64(after.where[stop, ROUTE] < 0)
        )
    return gain


@kernel
def _keep(
    data: WalkData,
    source: WalkState,
    target: WalkState,
    touched: NDArray[np.bool_],
    moved: NDArray[np.int64],
    size: Number,
) -> None:
    """Copy what an iteration changed."""
    for rank in range(size):
        stop = data.requests[moved[rank], FIRST_STOP]
        while stop >= 0:
            target.where[stop, ROUTE] = -1
            stop = data.stops[stop, NEXT_OF_REQUEST]
    for vehicle in range(data.fleet.shape[0]):
        if touched[vehicle]:
            copy_walked(data, source, target, vehicle)


def walked_cost(data: WalkData, state: WalkState) -> int:
    """Return the cost of all routes and of the requests that none serves."""
    left_out = state.where[data.requests[:, FIRST_STOP], ROUTE] < 0
    return int(state.sums[:, COST].sum() + data.requests[left_out, LEFT_OUT].sum())
