"""Estimate what a request in a walked route adds to the cost, and note the cheapest places; compiled."""

from __future__ import annotations

import numpy as np

from routing.plan.engines.compiled import kernel
from routing.plan.engines.route_state import NOWHERE
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    DEPOT_STAY_S,
    DUE_S,
    END_S,
    FIRST_WINDOW,
    FIXED,
    HOP_S,
    LATE_FROM_S,
    LATE_MOST_S,
    METRES,
    NEXT_MEMBER,
    NEXT_OF_REQUEST,
    OPENS_S,
    OUT,
    PER_DUTY_S,
    PER_METRE,
    PER_OVER_S,
    PROFILE,
    RESTED,
    STAY_S,
    TOLL,
    WalkData,
)
from routing.plan.engines.walk_rests import through
from routing.plan.engines.walk_routes import bounds_at, depot_bounds
from routing.plan.engines.walk_state import (
    AT,
    CEILING,
    ENTRY,
    KEY,
    LAST_READY_S,
    LENGTH,
    METRES_ON,
    NOTED,
    PLAIN_END_S,
    PLAIN_LATE_S,
    PLAIN_S,
    REACHED_S,
    RELOAD_AFTER,
    RELOAD_BEFORE,
    SECOND,
    SUMS,
    TAIL_EARLY_S,
    TAIL_S,
    VEHICLE,
    Ints,
    Number,
    Scratch,
    WalkState,
)

MOST_NOTED = 8
"""Places that are kept at once."""


@kernel
def too_dear(data: WalkData, state: WalkState, own: Scratch, stop: Number, vehicle: Number, at: Number) -> bool:
    """Tell by few figures that a single stop after a halt is too late, or costs more than all places in demand.

    What is not told here `estimate` tells: most places are refused before it.
    """
    here, there, facts = state.halt[vehicle, at], state.halt[vehicle, at + 1], data.fleet[vehicle]
    to, stay_s = data.travel[facts[PROFILE], here[ENTRY], stop], data.service[stop, vehicle, STAY_S]
    on, wanted = data.travel[facts[PROFILE], stop, there[ENTRY]], data.stops[stop]
    ready_s = here[REACHED_S] + to[HOP_S]
    done_s = max(ready_s, data.spans[wanted[FIRST_WINDOW], OPENS_S]) + stay_s
    if ready_s > wanted[LATE_FROM_S] + wanted[LATE_MOST_S] or done_s > wanted[DUE_S]:
        return True
    if done_s + on[HOP_S] > there[LAST_READY_S]:
        return True
    metres, length = np.int64(to[METRES]) + on[METRES], state.sums[vehicle, LENGTH]
    duty_s, over_s = here[PLAIN_S] + to[HOP_S] + stay_s + on[HOP_S] + there[TAIL_S], 0
    if length > 0 or facts[OUT] > 0:
        last = state.halt[vehicle, length + 1]
        metres, duty_s = metres - here[METRES_ON], duty_s - last[PLAIN_S]
        over_s = max(0, int(last[PLAIN_END_S] - facts[END_S]))
    cost = metres * facts[PER_METRE] + duty_s * facts[PER_DUTY_S] - over_s * facts[PER_OVER_S]
    cost += data.service[stop, vehicle, TOLL] + (0 if length > 0 else facts[FIXED])
    return bool(cost >= own.rows[SUMS, CEILING])


@kernel
def estimate(
    data: WalkData,
    state: WalkState,
    first: Number,
    size: Number,
    vehicle: Number,
    at: Number,
    reload_before: Number,
    reload_after: Number,
) -> Number:
    """Return what stops in a row after a halt are thought to add to the cost, `NOWHERE` where they cannot be there.

    A reload comes before or after them at the depots that are given, -1 for none.
    """
    halt, facts, length = state.halt[vehicle], data.fleet[vehicle], state.sums[vehicle, LENGTH]
    legs, before = data.travel[facts[PROFILE]], np.int64(halt[at, ENTRY])
    after = np.int64(halt[at + 1, ENTRY])
    if before < data.stops.shape[0] and data.stops[before, NEXT_MEMBER] >= 0:
        return NOWHERE
    reached_s, end_s = np.int64(halt[at, REACHED_S]), np.int64(halt[at, PLAIN_END_S])
    duration_s, late_s = np.int64(halt[at, PLAIN_S]), np.int64(halt[at, PLAIN_LATE_S])
    away = length > 0 or facts[OUT] > 0
    metres, tolls = np.int64(-halt[at, METRES_ON] if away else 0), np.int64(0)
    shift, stop = data.stops.shape[0] + 2 * data.fleet.shape[0], first
    for rank in range(-1, size + 1):
        depot = reload_before if rank < 0 else reload_after
        if (rank < 0 or rank == size) and depot < 0:
            continue
        following = stop
        if rank < 0 or rank == size:
            stop = shift + depot
        hop_s = np.int64(legs[before, stop, HOP_S])
        metres += legs[before, stop, METRES]
        if stop < shift:
            wanted, stay_s = data.stops[stop], data.service[stop, vehicle, STAY_S]
            tolls += data.service[stop, vehicle, TOLL]
            opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, reached_s + hop_s)
        else:
            wanted, stay_s = data.depots[depot], data.depots[depot, DEPOT_STAY_S]
            opens_s, closes_s = depot_bounds(data.spans, wanted, reached_s + hop_s, np.int64(0))
        reached_s = max(reached_s + hop_s, opens_s) + stay_s
        if opens_s >= FAR_S or (stop < shift and reached_s > wanted[DUE_S]):
            return NOWHERE
        if data.facts[RESTED] > 0:
            if stop < shift:
                opens_s, closes_s = bounds_at(data.spans, wanted, stay_s, end_s + hop_s)
            else:
                opens_s, closes_s = depot_bounds(data.spans, wanted, end_s + hop_s, np.int64(0))
        end_s, duration_s = end_s + hop_s, duration_s + hop_s
        end_s, duration_s, late_s = through(end_s, duration_s, late_s, opens_s, max(closes_s, end_s), stay_s)
        before = stop
        stop = data.stops[stop, NEXT_OF_REQUEST] if stop < shift else following
    hop_s = np.int64(legs[before, after, HOP_S])
    if reached_s + hop_s > halt[at + 1, LAST_READY_S]:
        return NOWHERE
    metres += legs[before, after, METRES]
    clock = clock_cost(facts, halt[at + 1], halt[length + 1], away, end_s + hop_s, duration_s + hop_s, late_s)
    return int(metres * facts[PER_METRE] + tolls + clock + (0 if length > 0 else facts[FIXED]))


@kernel
def clock_cost(
    facts: Ints, onto: Ints, last: Ints, away: Number, end_s: Number, duration_s: Number, late_s: Number
) -> Number:
    """Return what reaching a halt with a stretch before it adds to the cost of duty and overtime.

    What the route costs so far goes from that, by the figures of its end, where the vehicle leaves anyway.
    """
    tail_early_s = np.int64(onto[TAIL_EARLY_S])
    wait_s = max(tail_early_s - duration_s - late_s, 0)
    early_s = max(tail_early_s - duration_s, end_s - duration_s) - wait_s
    whole_s = duration_s + onto[TAIL_S] + wait_s
    cost = whole_s * facts[PER_DUTY_S] + max(0, early_s + whole_s - facts[END_S]) * facts[PER_OVER_S]
    if away:
        cost -= last[PLAIN_S] * facts[PER_DUTY_S]
        cost -= max(0, last[PLAIN_END_S] - facts[END_S]) * facts[PER_OVER_S]
    return int(cost)


@kernel
def note(own: Scratch, key: Number, vehicle: Number, at: Number, second: Number, before: Number, after: Number) -> None:
    """Keep a place among the cheapest that are known, if it is one of them."""
    rows = own.rows
    if key >= rows[SUMS, CEILING]:
        return
    rank = min(rows[SUMS, NOTED], MOST_NOTED - 1)
    while rank > 0 and rows[KEY, rank - 1] > key:
        for row in range(KEY, KEY + 6):
            rows[row, rank] = rows[row, rank - 1]
        rank -= 1
    rows[KEY, rank], rows[VEHICLE, rank], rows[AT, rank], rows[SECOND, rank] = key, vehicle, at, second
    rows[RELOAD_BEFORE, rank], rows[RELOAD_AFTER, rank] = before, after
    rows[SUMS, NOTED] = min(rows[SUMS, NOTED] + 1, MOST_NOTED)
    if rows[SUMS, NOTED] == MOST_NOTED:
        rows[SUMS, CEILING] = rows[KEY, MOST_NOTED - 1]
