"""Hold routes as flat arrays and price insertions in constant time; compiled.

A stretch of a route is summed up by its shortest duration and by the earliest and latest instant at which it may
begin with that duration (duration segments after Vidal, Crainic, Gendreau and Prins, 2013); two of them and the
drive between give the same three figures of the whole. Costs are integers, so a search is the same everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]

Whole = int | np.int64
"""A whole number: compiled code makes no difference."""

UNITS_PER_CENT = 3_600_000
"""Makes whole numbers of a price per hour over seconds and of a price per kilometre over metres."""
LONG_AGO_S = -1_000_000_000
NOWHERE = 1 << 62
"""A cost above all others."""


class Data(NamedTuple):
    """Hold what does not change: nodes are n stops, v starts, v ends; a stop's options are windows with a price."""

    time_s: Ints
    arc_cost: Ints
    service_s: Ints
    load: Ints
    unserved: Ints
    option_first: Ints
    option_start_s: Ints
    option_end_s: Ints
    option_cost: Ints
    allowed: NDArray[np.bool_]
    free: NDArray[np.bool_]
    """Stops that every vehicle may serve, n."""
    alike: Ints
    """The first vehicle that is the same in all that an insertion depends on, v."""
    capacity: Ints
    first_s: Ints
    last_s: Ints
    end_s: Ints
    paid_end_s: Ints
    """An end after this instant is paid as overtime, v."""
    fixed: Ints
    out: NDArray[np.bool_]
    prices: Ints
    """Per second of duty, per second of overtime."""
    near: Ints
    """Stops beside which a stop is tried, n x k."""
    around: Ints
    """Stops by distance, where strings are removed, n x m."""


class State(NamedTuple):
    """Hold the routes: per vehicle its order and sums, per stop where it stands and with which option."""

    order: Ints
    length: Ints
    loaded: Ints
    cost: Ints
    clock_cost: Ints
    """The part of the cost that comes from duration and overtime, v."""
    route_of: Ints
    position: Ints
    option: Ints
    stretch: Ints
    """Of each position: duration, earliest and latest begin of the stretch up to it, then from it on, v x n+2 x 6."""


def empty_state(data: Data) -> State:
    """Return the state without any stop served."""
    count, fleet = data.load.size, data.capacity.size
    state = State(
        order=np.full((fleet, count), -1, np.int64),
        length=np.zeros(fleet, np.int64),
        loaded=np.zeros(fleet, np.int64),
        cost=np.zeros(fleet, np.int64),
        clock_cost=np.zeros(fleet, np.int64),
        route_of=np.full(count, -1, np.int64),
        position=np.zeros(count, np.int64),
        option=data.option_first[:-1].copy(),
        stretch=np.zeros((fleet, count + 2, 6), np.int64),
    )
    for vehicle in range(fleet):
        refresh(data, state, vehicle)
    return state


@njit(cache=True)
def refresh(data: Data, state: State, vehicle: Whole) -> bool:
    """Sum up a route again; False (and only partly summed up) where it breaks a bound."""
    count, fleet = data.load.size, data.capacity.size
    length, order, stretch = state.length[vehicle], state.order[vehicle], state.stretch[vehicle]
    duration_s, early_s, late_s = np.int64(0), data.first_s[vehicle], data.last_s[vehicle]
    stretch[0, 0], stretch[0, 1], stretch[0, 2] = duration_s, early_s, late_s
    stretch[length + 1, 3], stretch[length + 1, 4], stretch[length + 1, 5] = 0, LONG_AGO_S, data.end_s[vehicle]
    loaded, cost, at = np.int64(0), np.int64(0), count + vehicle
    for index in range(length):
        stop = order[index]
        state.route_of[stop], state.position[stop] = vehicle, index
        option = state.option[stop]
        shift_s = duration_s + data.time_s[at, stop]
        opens_s, closes_s = data.option_start_s[option], data.option_end_s[option]
        if early_s + shift_s > closes_s:
            return False
        wait_s = max(opens_s - shift_s - late_s, 0)
        duration_s = shift_s + data.service_s[stop] + wait_s
        early_s = max(opens_s - shift_s, early_s) - wait_s
        late_s = min(closes_s - shift_s, late_s)
        stretch[index + 1, 0], stretch[index + 1, 1], stretch[index + 1, 2] = duration_s, early_s, late_s
        loaded += data.load[stop]
        cost += data.arc_cost[at, stop] + data.option_cost[option]
        at = stop
    state.loaded[vehicle] = loaded
    state.cost[vehicle] = state.clock_cost[vehicle] = 0
    home = count + fleet + vehicle
    if length > 0 or data.out[vehicle]:
        duration_s += data.time_s[at, home]
        if early_s + duration_s > data.end_s[vehicle]:
            return False
        over_s = max(0, early_s + duration_s - data.paid_end_s[vehicle])
        state.clock_cost[vehicle] = duration_s * data.prices[0] + over_s * data.prices[1]
        state.cost[vehicle] = cost + data.arc_cost[at, home] + state.clock_cost[vehicle] + data.fixed[vehicle]
    duration_s, early_s, late_s = np.int64(0), np.int64(LONG_AGO_S), data.end_s[vehicle]
    after = home
    for index in range(length - 1, -1, -1):
        stop = order[index]
        shift_s = data.service_s[stop] + data.time_s[stop, after]
        opens_s, closes_s = data.option_start_s[state.option[stop]], data.option_end_s[state.option[stop]]
        wait_s = max(early_s - shift_s - closes_s, 0)
        duration_s += shift_s + wait_s
        early_s = max(early_s - shift_s, opens_s) - wait_s
        late_s = min(late_s - shift_s, closes_s)
        stretch[index + 1, 3], stretch[index + 1, 4], stretch[index + 1, 5] = duration_s, early_s, late_s
        after = stop
    return True


@njit(cache=True)
def cheapest_place(
    data: Data, state: State, stop: Whole, places: Ints, size: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return what a stop adds to the cost at the cheapest of some places, vehicle, index and option; or NOWHERE.

    `places` holds vehicle * (n + 1) + index. Written as one loop, since it takes nearly all the time of a search.
    """
    count, fleet = data.load.size, data.capacity.size
    order, stretch, lengths, clock_cost = state.order, state.stretch, state.length, state.clock_cost
    time_s, arc_cost, service_s = data.time_s, data.arc_cost, data.service_s[stop]
    opens, closes, option_cost = data.option_start_s, data.option_end_s, data.option_cost
    out, fixed, paid_end_s = data.out, data.fixed, data.paid_end_s
    duty, late = data.prices[0], data.prices[1]
    first_option, last_option = data.option_first[stop], data.option_first[stop + 1]
    best: Whole = np.int64(NOWHERE)
    best_place: Whole = np.int64(-1)
    best_option: Whole = np.int64(0)
    for rank in range(size):
        vehicle, index = places[rank] // (count + 1), places[rank] % (count + 1)
        length = lengths[vehicle]
        before = order[vehicle, index - 1] if index > 0 else count + vehicle
        after = order[vehicle, index] if index < length else count + fleet + vehicle
        detour = arc_cost[before, stop] + arc_cost[stop, after]
        detour += -arc_cost[before, after] if length > 0 or out[vehicle] else fixed[vehicle]
        if detour >= best:
            continue
        detour -= clock_cost[vehicle]
        shift_s = stretch[vehicle, index, 0] + time_s[before, stop]
        leave_s = service_s + time_s[stop, after]
        head_early_s, head_late_s = stretch[vehicle, index, 1], stretch[vehicle, index, 2]
        tail_early_s, tail_late_s = stretch[vehicle, index + 1, 4], stretch[vehicle, index + 1, 5]
        for option in range(first_option, last_option):
            if head_early_s + shift_s > closes[option]:
                continue
            wait_s = max(opens[option] - shift_s - head_late_s, 0)
            early_s = max(opens[option] - shift_s, head_early_s) - wait_s
            late_s = min(closes[option] - shift_s, head_late_s)
            duration_s = shift_s + leave_s + wait_s
            if early_s + duration_s > tail_late_s:
                break
            wait_s = max(tail_early_s - duration_s - late_s, 0)
            early_s = max(tail_early_s - duration_s, early_s) - wait_s
            duration_s += stretch[vehicle, index + 1, 3] + wait_s
            over_s = max(0, early_s + duration_s - paid_end_s[vehicle])
            cost = detour + duration_s * duty + over_s * late + option_cost[option]
            if cost < best:
                best, best_place, best_option = cost, places[rank], option
    return best, best_place // (count + 1), best_place % (count + 1), best_option


@njit(cache=True)
def insert(data: Data, state: State, vehicle: Whole, index: Whole, stop: Whole, option: Whole) -> None:
    """Put a stop before the index-th visit of a route."""
    order = state.order[vehicle]
    for later in range(state.length[vehicle], index, -1):
        order[later] = order[later - 1]
    order[index] = stop
    state.option[stop] = option
    state.length[vehicle] += 1
    refresh(data, state, vehicle)


@njit(cache=True)
def copy_route(source: State, target: State, vehicle: Whole) -> None:
    """Copy one route; the stops that only the target's has are left without a route there."""
    for index in range(target.length[vehicle]):
        stop = target.order[vehicle, index]
        if target.route_of[stop] == vehicle:
            target.route_of[stop] = -1
    length = source.length[vehicle]
    for index in range(length):
        stop = source.order[vehicle, index]
        target.order[vehicle, index] = stop
        target.option[stop] = source.option[stop]
        target.route_of[stop], target.position[stop] = vehicle, index
    for index in range(length + 2):
        for figure in range(6):
            target.stretch[vehicle, index, figure] = source.stretch[vehicle, index, figure]
    target.length[vehicle], target.loaded[vehicle] = length, source.loaded[vehicle]
    target.cost[vehicle], target.clock_cost[vehicle] = source.cost[vehicle], source.clock_cost[vehicle]
