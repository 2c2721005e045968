"""Insert requests into walked routes where that is cheapest; compiled. Nearly all the time of a search goes here."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.walk import walk
from routing.plan.engines.walk_candidates import look_beside_near, look_everywhere, near_vehicles
from routing.plan.engines.walk_data import (
    ALIKE,
    CLOSED,
    FIRST_STOP,
    LEFT_OUT,
    NEXT_OF_REQUEST,
    PARTNER,
    WalkData,
)
from routing.plan.engines.walk_routes import set_figures, sum_up
from routing.plan.engines.walk_state import (
    AT,
    CEILING,
    COST,
    KEY,
    LENGTH,
    LOOK,
    NOTED,
    RELOAD_AFTER,
    RELOAD_BEFORE,
    SECOND,
    SUMS,
    VEHICLE,
    Number,
    Scratch,
    WalkState,
)

MOST_FAILURES = 5
"""Places that are walked in vain before a request stays out, unless it is tried everywhere."""


@njit(cache=True)
def recreate(
    data: WalkData,
    state: WalkState,
    own: Scratch,
    seed: NDArray[np.uint64],
    requests: NDArray[np.int64],
    size: Number,
    everywhere: NDArray[np.bool_],
    touched: NDArray[np.bool_],
) -> None:
    """Insert requests one by one where that is cheapest; one stays out where all places cost more than that.

    A request is tried beside the near stops of its own and in an empty route; one that is marked is then tried at
    every place, where that finds nothing. Places are walked in order of their estimates, until one costs less than the
    next is thought to.
    """
    empty, near = np.empty(data.fleet.shape[0], np.int64), np.zeros(data.fleet.shape[0], np.bool_)
    empties = _empty_vehicles(data, state, empty)
    for rank in range(size):
        request, rows = requests[rank], own.rows
        best, chosen, thorough = data.requests[request, LEFT_OUT], np.int64(-1), everywhere[request]
        walked = np.int64(-1)
        for wide in range(2 if thorough else 1):
            rows[SUMS, CEILING], rows[SUMS, NOTED] = data.requests[request, LEFT_OUT], 0
            rows[SUMS, LOOK] += 1
            _look(data, state, own, seed, request, near, empty, empties, wide > 0)
            for place in range(rows[SUMS, NOTED]):
                if rows[KEY, place] >= best or (chosen < 0 and place >= MOST_FAILURES and not thorough):
                    break
                vehicle = rows[VEHICLE, place]
                length = build(data, state, own, request, place)
                if length + 2 <= state.order.shape[1]:
                    walked = np.int64(place)
                    added = walk(data, state, own, own.trial, length, vehicle) - state.sums[vehicle, COST]
                    if added < best:
                        best, chosen = added, walked
            if chosen >= 0:
                break
        if chosen >= 0:
            vehicle = rows[VEHICLE, chosen]
            touched[vehicle] = True
            length = build(data, state, own, request, chosen)
            for index in range(length):
                state.order[vehicle, index] = own.trial[index]
            state.sums[vehicle, LENGTH] = length
            if chosen == walked:
                set_figures(data, state, own, vehicle, state.sums[vehicle, COST] + best)
            else:
                sum_up(data, state, own, vehicle)
            empties = _empty_vehicles(data, state, empty)


@kernel
def _look(
    data: WalkData,
    state: WalkState,
    own: Scratch,
    seed: NDArray[np.uint64],
    request: Number,
    near: NDArray[np.bool_],
    empty: NDArray[np.int64],
    empties: Number,
    wide: bool,
) -> None:
    """Note the cheapest places of a request: near ones, or all, and empty routes."""
    pair = data.stops[data.requests[request, FIRST_STOP], PARTNER] >= 0
    if pair and not wide:
        near_vehicles(data, state, request, near)
    if not pair and not wide:
        look_beside_near(data, state, own, seed, request)
    else:
        for vehicle in range(data.fleet.shape[0]):
            if state.sums[vehicle, LENGTH] > 0 and (wide or near[vehicle]):
                look_everywhere(data, state, own, seed, request, vehicle)
    for index in range(empties):
        look_everywhere(data, state, own, seed, request, empty[index])


@kernel
def _empty_vehicles(data: WalkData, state: WalkState, empty: NDArray[np.int64]) -> Number:
    """List the vehicles without entries, of those that are alike only the first; return how many."""
    size = np.int64(0)
    for vehicle in range(data.fleet.shape[0]):
        if state.sums[vehicle, LENGTH] == 0 and data.fleet[vehicle, CLOSED] == 0:
            twin = False
            for index in range(size):
                twin |= data.fleet[empty[index], ALIKE] == data.fleet[vehicle, ALIKE]
            if not twin:
                empty[size] = vehicle
                size += 1
    return size


@kernel
def build(data: WalkData, state: WalkState, own: Scratch, request: Number, place: Number) -> Number:
    """Write the order of a vehicle with a request at a noted place; return its length."""
    vehicle, at, second = own.rows[VEHICLE, place], own.rows[AT, place], own.rows[SECOND, place]
    order, trial, count = state.order[vehicle], own.trial, data.stops.shape[0]
    for index in range(at):
        trial[index] = order[index]
    size, stop = at, data.requests[request, FIRST_STOP]
    if own.rows[RELOAD_BEFORE, place] >= 0:
        trial[size] = count + own.rows[RELOAD_BEFORE, place]
        size += 1
    trial[size] = stop
    size += 1
    if data.stops[stop, PARTNER] >= 0:
        for index in range(at, second):
            trial[size] = order[index]
            size += 1
    stop = data.stops[stop, NEXT_OF_REQUEST]
    while stop >= 0:
        trial[size] = stop
        size += 1
        stop = data.stops[stop, NEXT_OF_REQUEST]
    if own.rows[RELOAD_AFTER, place] >= 0:
        trial[size] = count + own.rows[RELOAD_AFTER, place]
        size += 1
    for index in range(second, state.sums[vehicle, LENGTH]):
        trial[size] = order[index]
        size += 1
    return size
