"""Look for the delivery of a shipment after its pickup in a walked route; compiled."""

from __future__ import annotations

import numpy as np

from routing.plan.engines.compiled import kernel
from routing.plan.engines.route_state import NOWHERE
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    CAPACITY,
    CARRIED,
    DIMENSIONS,
    DUE_S,
    FIRST_STOP,
    FIXED,
    HOP_S,
    LIFO,
    LOAD_FACTS,
    LOADS,
    METRES,
    NEXT_MEMBER,
    OUT,
    PARTNER,
    PER_METRE,
    PICKS,
    PROFILE,
    RESTED,
    ROOMS,
    STAY_S,
    TOLL,
    WalkData,
)
from routing.plan.engines.walk_estimate import clock_cost, note
from routing.plan.engines.walk_rests import through
from routing.plan.engines.walk_routes import bounds_at
from routing.plan.engines.walk_state import (
    ABOARD,
    ENTRY,
    LAST_READY_S,
    LENGTH,
    METRES_ON,
    PLACE,
    PLAIN_END_S,
    PLAIN_LATE_S,
    PLAIN_S,
    REACHED_S,
    ROOM,
    Number,
    Scratch,
    WalkState,
)


@kernel
def look_for_deliveries(
    data: WalkData, state: WalkState, own: Scratch, request: Number, vehicle: Number, at: Number
) -> None:
    """Try the delivery of a shipment at every place of the trip after its pickup."""
    halt, facts, length, count = (
        state.halt[vehicle],
        data.fleet[vehicle],
        state.sums[vehicle, LENGTH],
        data.stops.shape[0],
    )
    legs, pickup = data.travel[facts[PROFILE]], data.requests[request, FIRST_STOP]
    delivery, before = data.stops[pickup, PARTNER], np.int64(halt[at, ENTRY])
    metres = np.int64(legs[before, pickup, METRES])
    tolls = (
        data.service[pickup, vehicle, TOLL]
        + data.service[delivery, vehicle, TOLL]
        + (0 if length > 0 else facts[FIXED])
    )
    hop_s = np.int64(legs[before, pickup, HOP_S])
    reached_s, end_s = np.int64(halt[at, REACHED_S]), np.int64(halt[at, PLAIN_END_S])
    duration_s, late_s = np.int64(halt[at, PLAIN_S]), np.int64(halt[at, PLAIN_LATE_S])
    node, second, above = pickup, at, np.int64(0)
    while True:
        # On to the node: the pickup first, then one entry of the route after the other.
        wanted, stay_s = data.stops[node], data.service[node, vehicle, STAY_S]
        opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, reached_s + hop_s)
        reached_s = max(reached_s + hop_s, opens_s) + stay_s
        if opens_s >= FAR_S or reached_s > wanted[DUE_S]:
            return
        if data.facts[RESTED] > 0:
            opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, end_s + hop_s)
        end_s, duration_s = end_s + hop_s, duration_s + hop_s
        end_s, duration_s, late_s = through(end_s, duration_s, late_s, opens_s, max(closes_s, end_s), stay_s)
        if above == 0 and wanted[NEXT_MEMBER] < 0:
            added = tolls + (metres - halt[second, METRES_ON]) * facts[PER_METRE]
            figures = (reached_s, end_s, duration_s, late_s)
            added = _delivered(data, state, vehicle, delivery, node, second, figures, added)
            note(own, added, vehicle, at, second, np.int64(-1), np.int64(-1))
        if second == length or halt[second + 1, ENTRY] >= count:
            return
        following = np.int64(halt[second + 1, ENTRY])
        hop_s = np.int64(legs[node, following, HOP_S])
        metres += legs[node, following, METRES] - halt[second, METRES_ON]
        second += 1
        if reached_s + hop_s > halt[second, LAST_READY_S] or not carries(data, state, pickup, vehicle, second):
            return
        if facts[LIFO] > 0:
            above += _stacks(data, state, vehicle, following, at)
            if above < 0:
                return
        node = following


@kernel
def carries(data: WalkData, state: WalkState, pickup: Number, vehicle: Number, at: Number) -> bool:
    """Tell whether there is room for what a pickup stop gives after a halt."""
    for load in range(data.facts[DIMENSIONS]):
        carried = data.stops[pickup, LOADS + LOAD_FACTS * load + CARRIED]
        if (
            carried > 0
            and state.halt[vehicle, at, ROOM + 3 * load + ABOARD] + carried
            > data.fleet[vehicle, ROOMS + 2 * load + CAPACITY]
        ):
            return False
    return True


@kernel
def _stacks(data: WalkData, state: WalkState, vehicle: Number, stop: Number, at: Number) -> Number:
    """Return by how many shipments a stop raises what lies upon one picked up after halt `at`; far below 0: it may not.

    What was on board before may not be unloaded while the latter is.
    """
    facts = data.stops[stop]
    if facts[PARTNER] < 0:
        return 0
    if facts[PICKS] > 0:
        return 1
    return -1 if state.where[facts[PARTNER], PLACE] >= at else -(1 << 20)


@kernel
def _delivered(
    data: WalkData,
    state: WalkState,
    vehicle: Number,
    delivery: Number,
    node: Number,
    second: Number,
    figures: tuple[Number, Number, Number, Number],
    added: Number,
) -> Number:
    """Return what a pair is thought to add with its delivery right after a node, `NOWHERE` where that cannot be."""
    halt, facts = state.halt[vehicle], data.fleet[vehicle]
    reached_s, end_s, duration_s, late_s = figures
    leg, onto = data.travel[facts[PROFILE], node, delivery], np.int64(halt[second + 1, ENTRY])
    on = data.travel[facts[PROFILE], delivery, onto]
    added += (np.int64(leg[METRES]) + on[METRES]) * facts[PER_METRE]
    hop_s, on_s = np.int64(leg[HOP_S]), np.int64(on[HOP_S])
    wanted, stay_s = data.stops[delivery], data.service[delivery, vehicle, STAY_S]
    opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, reached_s + hop_s)
    begin_s = max(reached_s + hop_s, opens_s)
    too_late = opens_s >= FAR_S or begin_s + stay_s > wanted[DUE_S]
    if too_late or begin_s + stay_s + on_s > halt[second + 1, LAST_READY_S]:
        return NOWHERE
    if data.facts[RESTED] > 0:
        opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, end_s + hop_s)
    end_s, duration_s = end_s + hop_s, duration_s + hop_s
    end_s, duration_s, late_s = through(end_s, duration_s, late_s, opens_s, max(closes_s, end_s), stay_s)
    length = state.sums[vehicle, LENGTH]
    away = length > 0 or facts[OUT] > 0
    return int(added) + clock_cost(
        facts, halt[second + 1], halt[length + 1], away, end_s + on_s, duration_s + on_s, late_s
    )
