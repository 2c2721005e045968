"""Swap the tails of two routes (2-opt*, Potvin and Rousseau 1995); compiled.

Long tails are what strings of a few stops cannot move: without this, long routes stay entangled. A try looks at the
near stops of one stop only, and ruin and recreate at both sides of those of every stop that it moves.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.insertion import draw
from routing.plan.engines.route_state import (
    AFTER,
    BEFORE,
    CAPACITY,
    COST,
    DRIVE_S,
    END_S,
    ENDS_ALIKE,
    FIXED,
    FREE,
    LAST_BEGIN_S,
    LOAD,
    LOADED,
    METRES,
    NOWHERE,
    PER_DUTY_S,
    PER_METRE,
    ROUTE,
    Data,
    State,
    Whole,
    copy_route,
    refresh,
)


@kernel
def swap_tails(data: Data, now: State, kept: State, seed: NDArray[np.uint64], limit: float) -> Whole:
    """Drive from a random stop on to a near one of another route, and the other way round; return the gain.

    The first near stop for which that loses less than the limit and keeps every bound is taken; where the true cost
    loses more, `now` becomes again what `kept` holds of the two routes. Both states hold the gain's change.
    """
    node, fleet, count = now.node, data.fleet, data.stops.shape[0]
    stop = np.int64(draw(seed, count))
    mine, onto = np.int64(node[stop, ROUTE]), np.int64(node[stop, AFTER])
    if mine < 0:
        return 0
    for other in data.near[stop]:
        his, before = np.int64(node[other, ROUTE]), np.int64(node[other, BEFORE])
        if his < 0 or his == mine or fleet[his, ENDS_ALIKE] != fleet[mine, ENDS_ALIKE]:
            continue
        if node[stop, END_S] + data.travel[stop, other, 0] > node[other, LAST_BEGIN_S]:
            continue
        first = onto if onto < count else count + fleet.shape[0] + his
        lost = _legs_cost(data, stop, other) + _legs_cost(data, before, first) - _cost_on(data, now, stop)
        lost -= _cost_on(data, now, before)
        if onto >= count and before >= count:
            lost -= fleet[his, FIXED]
        if lost >= limit or node[before, END_S] + data.travel[before, first, 0] > node[first, LAST_BEGIN_S]:
            continue
        toll = _tolls_added(data, now, mine, his, stop, np.int64(other))
        if toll < NOWHERE and lost + toll < limit:
            held = _cross(data, now, mine, his, stop, np.int64(other))
            gain = np.int64(kept.sums[mine, COST] + kept.sums[his, COST] - now.sums[mine, COST] - now.sums[his, COST])
            if held and -gain < limit:
                copy_route(data, now, kept, mine)
                copy_route(data, now, kept, his)
                return gain
            copy_route(data, kept, now, mine)
            copy_route(data, kept, now, his)
            return 0
    return 0


@njit(cache=True, inline="always")
def _legs_cost(data: Data, before: Whole, after: Whole) -> Whole:
    """Return what a leg costs in metres and time."""
    metres, seconds = np.int64(data.travel[before, after, 1]), np.int64(data.travel[before, after, 0])
    return int(metres * data.prices[PER_METRE] + seconds * data.prices[PER_DUTY_S])


@njit(cache=True, inline="always")
def _cost_on(data: Data, state: State, at: Whole) -> Whole:
    """Return the same of the leg on from a node."""
    return int(state.node[at, METRES] * data.prices[PER_METRE] + state.node[at, DRIVE_S] * data.prices[PER_DUTY_S])


@kernel
def _tolls_added(data: Data, state: State, mine: Whole, his: Whole, stop: Whole, other: Whole) -> Whole:
    """Return what vehicles pay more for each other's tails, mine from after `stop`, his from `other` on.

    `NOWHERE` where one may not carry the other's.
    """
    node, stops, count, fleet = state.node, data.stops, data.stops.shape[0], data.fleet
    mine_on, his_on, added = np.int64(0), np.int64(0), np.int64(0)
    at: Whole = np.int64(node[stop, AFTER])
    while at < count:
        mine_on += stops[at, LOAD]
        if stops[at, FREE] == 0:
            if data.tolls[at, his] == NOWHERE:
                return NOWHERE
            added += data.tolls[at, his] - data.tolls[at, mine]
        at = np.int64(node[at, AFTER])
    at = other
    while at < count:
        his_on += stops[at, LOAD]
        if stops[at, FREE] == 0:
            if data.tolls[at, mine] == NOWHERE:
                return NOWHERE
            added += data.tolls[at, mine] - data.tolls[at, his]
        at = np.int64(node[at, AFTER])
    more = his_on - mine_on
    fits = state.sums[mine, LOADED] + more <= fleet[mine, CAPACITY]
    return added if fits and state.sums[his, LOADED] - more <= fleet[his, CAPACITY] else NOWHERE


@kernel
def _cross(data: Data, state: State, mine: Whole, his: Whole, stop: Whole, other: Whole) -> bool:
    """Link `stop` to `other`, and the node before that to the one after this; tell whether both routes hold."""
    node, count = state.node, data.stops.shape[0]
    home, his_home = count + data.fleet.shape[0] + mine, count + data.fleet.shape[0] + his
    onto, before = np.int64(node[stop, AFTER]), np.int64(node[other, BEFORE])
    last, his_last = np.int64(node[home, BEFORE]), np.int64(node[his_home, BEFORE])
    node[stop, AFTER], node[other, BEFORE] = other, stop
    node[his_last, AFTER], node[home, BEFORE] = home, his_last
    if onto < count:
        node[before, AFTER], node[onto, BEFORE] = onto, before
        node[last, AFTER], node[his_home, BEFORE] = his_home, last
    else:
        node[before, AFTER], node[his_home, BEFORE] = his_home, before
    return bool(refresh(data, state, mine)) & bool(refresh(data, state, his))
