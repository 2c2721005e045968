"""Close walked routes up where requests have left them, and drop reloads that nothing needs; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.walk import walk
from routing.plan.engines.walk_data import COMMITTED, FIRST_STOP, NEXT_OF_REQUEST, REQUEST, WalkData
from routing.plan.engines.walk_routes import sum_up
from routing.plan.engines.walk_state import COST, LENGTH, ROUTE, Number, Scratch, WalkState


@kernel
def take(data: WalkData, state: WalkState, stop: Number, removed: NDArray[np.int64], size: Number) -> Number:
    """Mark the request of a stop as removed, unless it is; return the removed count."""
    request = data.stops[stop, REQUEST]
    member = data.requests[request, FIRST_STOP]
    if state.where[member, ROUTE] < 0:
        return size
    while member >= 0:
        state.where[member, ROUTE] = -1
        member = data.stops[member, NEXT_OF_REQUEST]
    removed[size] = request
    return size + 1


@kernel
def take_all(data: WalkData, state: WalkState, vehicle: Number, removed: NDArray[np.int64], size: Number) -> Number:
    """Mark the requests of a route as removed that are not committed; return the removed count."""
    for index in range(data.fleet[vehicle, COMMITTED], state.sums[vehicle, LENGTH]):
        if state.order[vehicle, index] < data.stops.shape[0]:
            size = take(data, state, np.int64(state.order[vehicle, index]), removed, size)
    return size


@kernel
def put_right(
    data: WalkData,
    state: WalkState,
    own: Scratch,
    touched: NDArray[np.bool_],
    removed: NDArray[np.int64],
    size: Number,
) -> Number:
    """Close up the touched routes and drop each reload without which they cost less; return the removed count.

    A route that cannot do without what has left it, since a detour is quicker or goods need others, is emptied.
    """
    count = data.stops.shape[0]
    for vehicle in range(data.fleet.shape[0]):
        if not touched[vehicle]:
            continue
        if _close_up(data, state, vehicle) and not sum_up(data, state, own, vehicle):
            size = take_all(data, state, vehicle, removed, size)
            _close_up(data, state, vehicle)
            sum_up(data, state, own, vehicle)
        index = data.fleet[vehicle, COMMITTED]
        while data.depots.shape[0] > 0 and index < state.sums[vehicle, LENGTH]:
            if state.order[vehicle, index] >= count:
                length = _without(state, own, vehicle, index)
                if walk(data, state, own, own.trial, length, vehicle) < state.sums[vehicle, COST]:
                    for other in range(length):
                        state.order[vehicle, other] = own.trial[other]
                    state.sums[vehicle, LENGTH] = length
                    sum_up(data, state, own, vehicle)
                    continue
            index += 1
    return size


@kernel
def _close_up(data: WalkData, state: WalkState, vehicle: Number) -> bool:
    """Move entries together where stops have left, and drop idle reloads; tell whether anything moved."""
    order, length, count, kept = state.order[vehicle], state.sums[vehicle, LENGTH], data.stops.shape[0], np.int64(0)
    first = data.fleet[vehicle, COMMITTED]
    for index in range(length):
        entry = order[index]
        if entry >= count:
            # The next reload takes the place of one that nothing is loaded for.
            if kept > first and order[kept - 1] >= count:
                kept -= 1
        elif state.where[entry, ROUTE] < 0:
            continue
        order[kept] = entry
        kept += 1
    while kept > first and order[kept - 1] >= count:
        kept -= 1
    state.sums[vehicle, LENGTH] = kept
    return bool(kept < length)


@kernel
def _without(state: WalkState, own: Scratch, vehicle: Number, index: Number) -> Number:
    """Write the order of a vehicle without one entry; return its length."""
    size = np.int64(0)
    for other in range(state.sums[vehicle, LENGTH]):
        if other != index:
            own.trial[size] = state.order[vehicle, other]
            size += 1
    return size
