"""Look for the cheapest places of a request in walked routes, without walking any; compiled.

A place is refused or estimated by the figures of its route; the cheapest ones are noted in order, to be walked then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.insertion import OVERLOOKED_IN, draw
from routing.plan.engines.route_state import NOWHERE
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    CAPACITY,
    CLOSED,
    COMMITTED,
    DELIVERY,
    DIMENSIONS,
    FIRST_STOP,
    LOAD_FACTS,
    LOADS,
    MOST_RELOADS,
    NEAR_STOPS,
    NEXT_OF_REQUEST,
    ON_BOARD,
    PARTNER,
    PICKUP,
    RELEASE_S,
    RELOADS,
    ROOMS,
    SIZE,
    TOLL,
    WalkData,
)
from routing.plan.engines.walk_estimate import estimate, note, too_dear
from routing.plan.engines.walk_pairs import carries, look_for_deliveries
from routing.plan.engines.walk_state import (
    CEILING,
    ENTRY,
    LENGTH,
    LOOK,
    ON_FROM,
    PLACE,
    ROOM,
    ROUTE,
    SEEN,
    SUMS,
    UP_TO,
    Number,
    Scratch,
    WalkState,
)

ALL_ROUTES_BELOW = 400
"""With fewer stops a shipment is tried in every route, else in those of stops that are near one of its two."""


@kernel
def near_vehicles(data: WalkData, state: WalkState, request: Number, near: NDArray[np.bool_]) -> None:
    """Mark the vehicles with stops in whose routes a request is tried."""
    few, stop = data.stops.shape[0] < ALL_ROUTES_BELOW, data.requests[request, FIRST_STOP]
    for vehicle in range(near.size):
        near[vehicle] = few and state.sums[vehicle, LENGTH] > 0
    if not few:
        while stop >= 0:
            for rank in range(data.facts[NEAR_STOPS]):
                vehicle = state.where[data.lists[stop, rank], ROUTE]
                if vehicle >= 0:
                    near[vehicle] = True
            stop = data.stops[stop, NEXT_OF_REQUEST]


@kernel
def may_serve(data: WalkData, request: Number, vehicle: Number) -> bool:
    """Tell whether a vehicle may serve all stops of a request."""
    stop = data.requests[request, FIRST_STOP]
    while stop >= 0:
        if data.service[stop, vehicle, TOLL] == NOWHERE:
            return False
        stop = data.stops[stop, NEXT_OF_REQUEST]
    return bool(data.fleet[vehicle, CLOSED] == 0)


@kernel
def look_beside_near(data: WalkData, state: WalkState, own: Scratch, seed: NDArray[np.uint64], request: Number) -> None:
    """Note the places of a single stop or a group beside the near stops of its first and last, each once."""
    stop, size, nodes = (
        data.requests[request, FIRST_STOP],
        data.requests[request, SIZE],
        data.stops.shape[0] + data.fleet.shape[0],
    )
    for side in range(1, -1, -1):
        # After what is near its first stop, then before what is near its last one.
        while side == 0 and data.stops[stop, NEXT_OF_REQUEST] >= 0:
            stop = data.stops[stop, NEXT_OF_REQUEST]
        for rank in range(data.facts[NEAR_STOPS]):
            beside = data.lists[stop, rank]
            vehicle = state.where[beside, ROUTE]
            if vehicle < 0:
                continue
            at = state.where[beside, PLACE] + side
            before = state.halt[vehicle, at, ENTRY]
            seen = before < nodes and own.rows[SEEN, before] == own.rows[SUMS, LOOK]
            if seen or at < data.fleet[vehicle, COMMITTED] or draw(seed, OVERLOOKED_IN) == 0:
                continue
            own.rows[SEEN, before] = own.rows[SUMS, LOOK]
            worth = size > 1 or not too_dear(data, state, own, stop, vehicle, at)
            if worth and may_serve(data, request, vehicle):
                _look_at(data, state, own, request, vehicle, at)


@kernel
def look_everywhere(
    data: WalkData, state: WalkState, own: Scratch, seed: NDArray[np.uint64], request: Number, vehicle: Number
) -> None:
    """Note the places of a request in a route."""
    if not may_serve(data, request, vehicle):
        return
    pickup, length = data.requests[request, FIRST_STOP], state.sums[vehicle, LENGTH]
    pair, size = data.stops[pickup, PARTNER] >= 0, data.requests[request, SIZE]
    for at in range(data.fleet[vehicle, COMMITTED], length + 1):
        if not pair and (size > 1 or not too_dear(data, state, own, pickup, vehicle, at)):
            _look_at(data, state, own, request, vehicle, at)
        elif pair and draw(seed, OVERLOOKED_IN) > 0:
            # Without its delivery it costs no more.
            if not too_dear(data, state, own, pickup, vehicle, at) and carries(data, state, pickup, vehicle, at):
                least = estimate(data, state, pickup, 1, vehicle, at, np.int64(-1), np.int64(-1))
                if least < own.rows[SUMS, CEILING]:
                    look_for_deliveries(data, state, own, request, vehicle, at)
            if at == length:
                _look_with_reloads(data, state, own, request, vehicle, at)


@kernel
def _look_at(data: WalkData, state: WalkState, own: Scratch, request: Number, vehicle: Number, at: Number) -> None:
    """Note a place of stops that follow each other; with a reload where they do not fit else."""
    first, size, no = data.requests[request, FIRST_STOP], data.requests[request, SIZE], np.int64(-1)
    key = estimate(data, state, first, size, vehicle, at, no, no)
    if key >= own.rows[SUMS, CEILING]:
        return
    if _fits(data, state, first, vehicle, at):
        note(own, key, vehicle, at, at, no, no)
        if at < state.sums[vehicle, LENGTH] and data.stops[first, RELEASE_S] == -FAR_S:
            return
    _look_with_reloads(data, state, own, request, vehicle, at)


@kernel
def _look_with_reloads(
    data: WalkData, state: WalkState, own: Scratch, request: Number, vehicle: Number, at: Number
) -> None:
    """Note a place of a request with a reload before it, after it, and around it."""
    if data.fleet[vehicle, MOST_RELOADS] == 0:
        return
    first, size, no = data.requests[request, FIRST_STOP], data.requests[request, SIZE], np.int64(-1)
    for depot in range(data.depots.shape[0]):
        if data.fleet[vehicle, data.facts[RELOADS] + depot] > 0:
            for way in range(1, 4 if at < state.sums[vehicle, LENGTH] else 2):
                before, after = depot if way != 2 else no, depot if way != 1 else no
                key = estimate(data, state, first, size, vehicle, at, before, after)
                note(own, key, vehicle, at, at, before, after)


@kernel
def _fits(data: WalkData, state: WalkState, first: Number, vehicle: Number, at: Number) -> bool:
    """Tell whether a trip has room for stops after its halt `at`."""
    for load in range(data.facts[DIMENSIONS]):
        brought, taken = np.int64(0), np.int64(0)
        stop = first
        while stop >= 0:
            brought += data.stops[stop, LOADS + LOAD_FACTS * load + DELIVERY] if data.stops[stop, ON_BOARD] == 0 else 0
            taken += data.stops[stop, LOADS + LOAD_FACTS * load + PICKUP]
            stop = data.stops[stop, NEXT_OF_REQUEST]
        capacity = data.fleet[vehicle, ROOMS + 2 * load + CAPACITY]
        if brought > 0 and state.halt[vehicle, at, ROOM + 3 * load + UP_TO] + brought > capacity:
            return False
        if taken > 0 and state.halt[vehicle, at, ROOM + 3 * load + ON_FROM] + taken > capacity:
            return False
    return True
