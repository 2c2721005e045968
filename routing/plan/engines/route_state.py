"""Hold routes as linked stops and keep the figures that price an insertion in constant time; compiled.

A stretch of a route is summed up by its shortest duration and by the earliest and latest instant at which it may
begin with that duration (duration segments after Vidal, Crainic, Gendreau and Prins, 2013); two of them and the
drive between give the same three figures of the whole. Where neither duty nor overtime costs anything only the bounds
are kept. After a change the figures are carried on from it as far as they differ. Costs are integers, so a search is
the same everywhere.
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

ROUTE, BEFORE, AFTER, END_S, LAST_BEGIN_S, METRES, OPTION, _UNUSED, DURATION_S, LATE_S, TAIL_S, TAIL_EARLY_S = range(12)
"""Figures of a node, in `State.node`: its vehicle (-1: none), the nodes before and after it, the earliest end of
service, the latest begin of service, the metres to the node after it, its option; then where duty is paid: shortest
duration and latest begin of the stretch up to it, duration and earliest begin of the stretch from it on."""
BOUNDS_ONLY = 7
"""How many of them are used where neither duty nor overtime costs anything."""


class Data(NamedTuple):
    """Hold what does not change: nodes are n stops, v starts, v ends; a stop's options are windows with a price."""

    travel: NDArray[np.int32]
    """Seconds and metres from node to node, N x N x 2."""
    travel_to: NDArray[np.int32]
    """The same to node from node: what is asked of one stop lies together either way."""
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
    """Per metre, per second of duty, per second of overtime, and 1 where one of the latter two is not 0."""
    near: NDArray[np.int32]
    """Stops beside which a stop is tried, n x k."""
    around: NDArray[np.int32]
    """Stops by distance, where strings are removed, n x m."""


class State(NamedTuple):
    """Hold the routes: figures of the nodes, and of each vehicle its stops, load and cost."""

    node: NDArray[np.int32]
    """N x 12."""
    length: Ints
    loaded: Ints
    legs_cost: Ints
    """The part of the cost that comes from metres and options, v."""
    clock_cost: Ints
    """The part of the cost that comes from duration and overtime, v."""
    cost: Ints


def empty_state(data: Data) -> State:
    """Return the state without any stop served."""
    count, fleet = data.load.size, data.capacity.size
    state = State(np.zeros((count + 2 * fleet, 12), np.int32), *(np.zeros(fleet, np.int64) for _ in range(5)))
    state.node[:count, ROUTE] = -1
    state.node[:count, OPTION] = data.option_first[:-1]
    starts, ends = np.arange(count, count + fleet), np.arange(count + fleet, count + 2 * fleet)
    state.node[starts, AFTER], state.node[ends, BEFORE] = ends, starts
    for vehicle in range(fleet):
        refresh(data, state, vehicle)
    return state


def orders_of(data: Data, state: State) -> tuple[tuple[int, ...], ...]:
    """Return the stops of each vehicle in order."""
    count = data.load.size
    orders = []
    for vehicle in range(data.capacity.size):
        order = []
        stop = int(state.node[count + vehicle, AFTER])
        while stop < count:
            order.append(stop)
            stop = int(state.node[stop, AFTER])
        orders.append(tuple(order))
    return tuple(orders)


@njit(cache=True)
def refresh(data: Data, state: State, vehicle: Whole) -> bool:
    """Sum up a route from its links alone; False (and only partly summed up) where it breaks a bound."""
    node, count, fleet = state.node, data.load.size, data.capacity.size
    start, home = np.int64(count + vehicle), np.int64(count + fleet + vehicle)
    node[start, ROUTE] = node[home, ROUTE] = vehicle
    node[start, BEFORE] = node[home, AFTER] = count + 2 * fleet
    node[start, END_S], node[start, DURATION_S] = data.first_s[vehicle], 0
    node[start, LATE_S] = data.last_s[vehicle]
    node[home, LAST_BEGIN_S], node[home, TAIL_S], node[home, TAIL_EARLY_S] = data.end_s[vehicle], 0, LONG_AGO_S
    length, loaded, cost = 0, np.int64(0), np.int64(0)
    at = start
    while at != home:
        onto = node[at, AFTER]
        node[at, METRES] = data.travel[at, onto, 1]
        cost += node[at, METRES] * data.prices[0]
        if onto != home:
            node[onto, ROUTE] = vehicle
            length += 1
            loaded += data.load[onto]
            cost += data.option_cost[node[onto, OPTION]]
        at = onto
    state.length[vehicle], state.loaded[vehicle], state.legs_cost[vehicle] = length, loaded, cost
    if not carry_on(data, state, vehicle, start, home):
        return False
    carry_back(data, state, home, start)
    charge(data, state, vehicle)
    return True


@njit(cache=True)
def carry_on(data: Data, state: State, vehicle: Whole, at: Whole, unchanged: Whole) -> bool:
    """Carry the figures of a node on to those after it, from `unchanged` on only while they differ.

    False where a bound breaks.
    """
    node, travel, count = state.node, data.travel, data.load.size
    end_s, duration_s, late_s = node[at, END_S], node[at, DURATION_S], node[at, LATE_S]
    paid, may_end = data.prices[3] > 0, at == unchanged
    stop = node[at, AFTER]
    while stop < count:
        may_end |= stop == unchanged
        option = node[stop, OPTION]
        opens_s, closes_s = data.option_start_s[option], data.option_end_s[option]
        arrive_s = end_s + travel[at, stop, 0]
        if arrive_s > closes_s:
            return False
        if paid:
            early_s, shift_s = end_s - duration_s, duration_s + travel[at, stop, 0]
            wait_s = max(opens_s - shift_s - late_s, 0)
            duration_s = shift_s + data.service_s[stop] + wait_s
            early_s = max(opens_s - shift_s, early_s) - wait_s
            late_s = min(closes_s - shift_s, late_s)
            end_s = early_s + duration_s
            same = node[stop, DURATION_S] == duration_s and node[stop, LATE_S] == late_s
            node[stop, DURATION_S], node[stop, LATE_S] = duration_s, late_s
        else:
            end_s = max(arrive_s, opens_s) + data.service_s[stop]
            same = True
        if may_end and same and node[stop, END_S] == end_s:
            return True
        node[stop, END_S] = end_s
        at = stop
        stop = node[stop, AFTER]
    if state.length[vehicle] > 0 or data.out[vehicle]:
        drive_s = travel[at, stop, 0]
        node[stop, END_S], node[stop, DURATION_S] = end_s + drive_s, duration_s + drive_s
        return bool(end_s + drive_s <= data.end_s[vehicle])
    return True


@njit(cache=True)
def carry_back(data: Data, state: State, after: Whole, unchanged: Whole) -> None:
    """Carry the figures of a node back to those before it, from `unchanged` on only while they differ."""
    node, travel, count = state.node, data.travel, data.load.size
    last_s, tail_s, early_s = node[after, LAST_BEGIN_S], node[after, TAIL_S], node[after, TAIL_EARLY_S]
    paid, may_end = data.prices[3] > 0, after == unchanged
    stop = node[after, BEFORE]
    while stop < count:
        may_end |= stop == unchanged
        option = node[stop, OPTION]
        opens_s, closes_s = data.option_start_s[option], data.option_end_s[option]
        shift_s = data.service_s[stop] + travel[stop, after, 0]
        last_s = min(last_s - shift_s, closes_s)
        same = node[stop, LAST_BEGIN_S] == last_s
        if paid:
            wait_s = max(early_s - shift_s - closes_s, 0)
            tail_s += shift_s + wait_s
            early_s = max(early_s - shift_s, opens_s) - wait_s
            same &= node[stop, TAIL_S] == tail_s and node[stop, TAIL_EARLY_S] == early_s
            node[stop, TAIL_S], node[stop, TAIL_EARLY_S] = tail_s, early_s
        if may_end and same:
            return
        node[stop, LAST_BEGIN_S] = last_s
        after = stop
        stop = node[stop, BEFORE]


@njit(cache=True)
def charge(data: Data, state: State, vehicle: Whole) -> None:
    """Set the cost of a route whose figures hold."""
    state.clock_cost[vehicle] = state.cost[vehicle] = 0
    if state.length[vehicle] > 0 or data.out[vehicle]:
        home = data.load.size + data.capacity.size + vehicle
        if data.prices[3] > 0:
            over_s = max(0, state.node[home, END_S] - data.paid_end_s[vehicle])
            state.clock_cost[vehicle] = state.node[home, DURATION_S] * data.prices[1] + over_s * data.prices[2]
        state.cost[vehicle] = state.legs_cost[vehicle] + state.clock_cost[vehicle] + data.fixed[vehicle]


@njit(cache=True)
def insert(data: Data, state: State, before: Whole, stop: Whole, option: Whole) -> None:
    """Put a stop after a node of a route, where its option holds."""
    node, travel = state.node, data.travel
    vehicle, after = node[before, ROUTE], node[before, AFTER]
    metres = travel[before, stop, 1] + travel[stop, after, 1] - node[before, METRES]
    state.legs_cost[vehicle] += metres * data.prices[0] + data.option_cost[option]
    node[before, AFTER] = node[after, BEFORE] = stop
    node[stop, BEFORE], node[stop, AFTER] = before, after
    node[before, METRES], node[stop, METRES] = travel[before, stop, 1], travel[stop, after, 1]
    node[stop, ROUTE], node[stop, OPTION] = vehicle, option
    state.length[vehicle] += 1
    state.loaded[vehicle] += data.load[stop]
    carry_on(data, state, vehicle, before, after)
    carry_back(data, state, after, before)
    charge(data, state, vehicle)


@njit(cache=True)
def copy_route(data: Data, source: State, target: State, vehicle: Whole) -> None:
    """Copy one route; stops that only the target's has keep what the target knows of them."""
    figures = 12 if data.prices[3] > 0 else BOUNDS_ONLY
    at = data.load.size + vehicle
    home = at + data.capacity.size
    while True:
        for figure in range(figures):
            target.node[at, figure] = source.node[at, figure]
        if at == home:
            break
        at = source.node[at, AFTER]
    target.length[vehicle], target.loaded[vehicle] = source.length[vehicle], source.loaded[vehicle]
    target.legs_cost[vehicle], target.clock_cost[vehicle] = source.legs_cost[vehicle], source.clock_cost[vehicle]
    target.cost[vehicle] = source.cost[vehicle]


@njit(cache=True)
def copy_all(data: Data, source: State, target: State) -> None:
    """Copy every route."""
    for stop in range(data.load.size):
        target.node[stop, ROUTE] = source.node[stop, ROUTE]
    for vehicle in range(data.capacity.size):
        if source.length[vehicle] > 0 or target.length[vehicle] > 0:
            copy_route(data, source, target, vehicle)
