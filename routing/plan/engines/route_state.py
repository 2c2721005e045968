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

from routing.plan.engines.compiled import kernel

Ints = NDArray[np.int64]

Whole = int | np.int64
"""A whole number: compiled code makes no difference."""

UNITS_PER_CENT = 3_600_000
"""Makes whole numbers of a price per hour over seconds and of a price per kilometre over metres."""
LONG_AGO_S = -1_000_000_000
NOWHERE = 1 << 62
"""A cost above all others."""

(ROUTE, BEFORE, AFTER, METRES, DRIVE_S, SERVICE_S, OPENS_S, CLOSES_S, END_S, LAST_BEGIN_S, OPTION, _SPARE) = range(12)
"""Figures of a node, in `State.node`: its vehicle (-1: none), the nodes before and after it, metres and seconds to the
node after it, its service and the bounds of its begin, the earliest end and the latest begin of it, its option."""
DURATION_S, LATE_S, TAIL_S, TAIL_EARLY_S = range(12, 16)
"""Where duty is paid: shortest duration and latest begin of the stretch up to a node, duration and earliest begin of
the stretch on from it."""
FIGURES, BOUNDS_ONLY = 16, 11
"""How many there are, 64 bytes in all, which is a line of the cache; and those that are used without the latter."""


STAY_S, LOAD, UNSERVED, FIRST_OPTION, END_OPTION, FREE, FIRST_FEE, END_FEE, LATE_FROM_S = range(9)
"""Facts of a stop, in `Data.stops`: its service, load and cost of leaving it out, its options from the first to before
the end, 1 where every vehicle may serve it without a toll, its start fees, and from when on a start is late."""
OPENS, CLOSES = range(2)
"""Facts of an option: a window, the last one open far beyond its end where lateness is paid."""
FROM_S, FEE = range(2)
"""Facts of a start fee: it holds from this instant to the next fee's."""
PER_METRE, PER_DUTY_S, PER_OVER_S, CLOCKED, PER_LATE_S, TIMED = range(6)
"""Prices: per metre, per second of duty and of overtime, 1 where the clock of a route is needed for its cost, per
second of lateness, and 1 where it costs something when stops start."""
ALIKE, CAPACITY, FIRST_S, LAST_S, HOME_S, PAID_HOME_S, FIXED, OUT, ENDS_ALIKE = range(9)
"""Facts of a vehicle: the first one that is the same in all that an insertion depends on; its room; its first and last
instant of leaving, its last of coming home, and the one after which that is paid as overtime; its cost of leaving; 1
where it drives home even without stops; and the first one that ends at the same place until the same instant."""
LENGTH, LOADED, LEGS_COST, CLOCK_COST, COST, FEES = range(6)
"""Sums of a route: its stops and their load; of its cost what comes from metres and tolls, what from duration and
overtime, all of it, and what of it comes from when its stops start."""


class Data(NamedTuple):
    """Hold what does not change: nodes are n stops, v starts, v ends; a stop's options are its windows.

    Few arrays with many columns: compiled calls count references to each array that they are given.
    """

    travel: NDArray[np.int32]
    """Seconds and metres from node to node, N x N x 2; follow fees are turned into metres, which may be finer ones."""
    travel_to: NDArray[np.int32]
    """The same to node from node: what is asked of one stop lies together either way."""
    stops: Ints
    """Facts of the stops, n x 9."""
    options: Ints
    """Facts of their options, o x 2."""
    fees: Ints
    """Facts of their start fees, f x 2."""
    fleet: Ints
    """Facts of the vehicles, v x 9."""
    tolls: Ints
    """What it costs that a vehicle serves a stop, `NOWHERE` where it may not, n x v."""
    near: NDArray[np.int32]
    """Stops beside which a stop is tried, n x k."""
    around: NDArray[np.int32]
    """Stops by distance, where strings are removed, n x m."""
    prices: Ints
    """See `PER_METRE`, 6."""


class State(NamedTuple):
    """Hold the routes: figures of the nodes, and of each vehicle the sums of its route."""

    node: NDArray[np.int32]
    """N x FIGURES."""
    sums: Ints
    """v x 6."""


def empty_state(data: Data) -> State:
    """Return the state without any stop served."""
    count, fleet = len(data.stops), len(data.fleet)
    room = np.zeros((count + 2 * fleet + 1) * FIGURES, np.int32)
    aligned = -room.ctypes.data % 64 // 4  # each node then lies in one line of the cache
    node = room[aligned : aligned + (count + 2 * fleet) * FIGURES].reshape(-1, FIGURES)
    state = State(node, np.zeros((fleet, 6), np.int64))
    state.node[:count, ROUTE] = -1
    state.node[:count, OPTION] = data.stops[:, FIRST_OPTION]
    starts, ends = np.arange(count, count + fleet), np.arange(count + fleet, count + 2 * fleet)
    state.node[starts, AFTER], state.node[ends, BEFORE] = ends, starts
    for vehicle in range(fleet):
        refresh(data, state, vehicle)
    return state


def orders_of(data: Data, state: State) -> tuple[tuple[int, ...], ...]:
    """Return the stops of each vehicle in order."""
    count = len(data.stops)
    orders = []
    for vehicle in range(len(data.fleet)):
        order = []
        stop = int(state.node[count + vehicle, AFTER])
        while stop < count:
            order.append(stop)
            stop = int(state.node[stop, AFTER])
        orders.append(tuple(order))
    return tuple(orders)


@njit(cache=True, inline="always")
def bind(data: Data, state: State, stop: Whole) -> None:
    """Write the bounds of a stop's option and its service to its figures."""
    option = state.node[stop, OPTION]
    state.node[stop, OPENS_S], state.node[stop, CLOSES_S] = data.options[option, OPENS], data.options[option, CLOSES]
    state.node[stop, SERVICE_S] = data.stops[stop, STAY_S]


@kernel
def refresh(data: Data, state: State, vehicle: Whole) -> bool:
    """Sum up a route from its links alone; False (and only partly summed up) where it breaks a bound."""
    node, sums, fleet, count = state.node, state.sums, data.fleet, data.stops.shape[0]
    start, home = np.int64(count + vehicle), np.int64(count + fleet.shape[0] + vehicle)
    node[start, ROUTE] = node[home, ROUTE] = vehicle
    node[start, BEFORE] = node[home, AFTER] = count + 2 * fleet.shape[0]
    node[start, END_S], node[start, DURATION_S] = fleet[vehicle, FIRST_S], 0
    node[start, LATE_S] = fleet[vehicle, LAST_S]
    node[home, LAST_BEGIN_S], node[home, TAIL_S], node[home, TAIL_EARLY_S] = fleet[vehicle, HOME_S], 0, LONG_AGO_S
    length, loaded, cost = 0, np.int64(0), np.int64(0)
    at = start
    while at != home:
        onto = node[at, AFTER]
        node[at, DRIVE_S], node[at, METRES] = data.travel[at, onto, 0], data.travel[at, onto, 1]
        cost += node[at, METRES] * data.prices[PER_METRE]
        if onto != home:
            node[onto, ROUTE] = vehicle
            length += 1
            loaded += data.stops[onto, LOAD]
            cost += data.tolls[onto, vehicle]
            bind(data, state, onto)
        at = onto
    sums[vehicle, LENGTH], sums[vehicle, LOADED], sums[vehicle, LEGS_COST] = length, loaded, cost
    if not carry_on(data, state, vehicle, start, home):
        return False
    carry_back(data, state, home, start)
    charge(data, state, vehicle)
    return True


@njit(cache=True, inline="always")
def carry_on(data: Data, state: State, vehicle: Whole, at: Whole, unchanged: Whole) -> bool:
    """Carry the figures of a node on to those after it, from `unchanged` on only while they differ.

    False where a bound breaks.
    """
    node, count = state.node, data.stops.shape[0]
    end_s, duration_s, late_s = node[at, END_S], node[at, DURATION_S], node[at, LATE_S]
    paid, may_end = data.prices[CLOCKED] > 0, at == unchanged
    stop = node[at, AFTER]
    while stop < count:
        may_end |= stop == unchanged
        opens_s, closes_s = np.int64(node[stop, OPENS_S]), np.int64(node[stop, CLOSES_S])
        drive_s = node[at, DRIVE_S]
        arrive_s = end_s + drive_s
        if arrive_s > closes_s:
            return False
        if paid:
            early_s, shift_s = end_s - duration_s, duration_s + drive_s
            wait_s = max(opens_s - shift_s - late_s, 0)
            duration_s = shift_s + node[stop, SERVICE_S] + wait_s
            early_s = max(opens_s - shift_s, early_s) - wait_s
            late_s = min(closes_s - shift_s, late_s)
            end_s = early_s + duration_s
            same = node[stop, DURATION_S] == duration_s and node[stop, LATE_S] == late_s
            node[stop, DURATION_S], node[stop, LATE_S] = duration_s, late_s
        else:
            end_s = max(arrive_s, opens_s) + node[stop, SERVICE_S]
            same = True
        if may_end and same and node[stop, END_S] == end_s:
            return True
        node[stop, END_S] = end_s
        at = stop
        stop = node[stop, AFTER]
    if state.sums[vehicle, LENGTH] > 0 or data.fleet[vehicle, OUT] > 0:
        drive_s = node[at, DRIVE_S]
        node[stop, END_S], node[stop, DURATION_S] = end_s + drive_s, duration_s + drive_s
        return bool(end_s + drive_s <= data.fleet[vehicle, HOME_S])
    return True


@njit(cache=True, inline="always")
def carry_back(data: Data, state: State, after: Whole, unchanged: Whole) -> None:
    """Carry the figures of a node back to those before it, from `unchanged` on only while they differ."""
    node, count = state.node, data.stops.shape[0]
    last_s, tail_s, early_s = node[after, LAST_BEGIN_S], node[after, TAIL_S], node[after, TAIL_EARLY_S]
    paid, may_end = data.prices[CLOCKED] > 0, after == unchanged
    stop = node[after, BEFORE]
    while stop < count:
        may_end |= stop == unchanged
        opens_s, closes_s = np.int64(node[stop, OPENS_S]), np.int64(node[stop, CLOSES_S])
        shift_s = np.int64(node[stop, SERVICE_S]) + node[stop, DRIVE_S]
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
        stop = node[stop, BEFORE]


@kernel
def start_fee(stops: Ints, fees: Ints, prices: Ints, stop: Whole, start_s: Whole) -> Whole:
    """Return what it costs that a stop starts at an instant: its fee and the lateness."""
    cost = max(0, start_s - stops[stop, LATE_FROM_S]) * prices[PER_LATE_S]
    for row in range(stops[stop, END_FEE] - 1, stops[stop, FIRST_FEE] - 1, -1):
        if fees[row, FROM_S] <= start_s:
            cost += fees[row, FEE]
            break
    return int(cost)


@kernel
def fees_along(
    stops: Ints, fees: Ints, prices: Ints, node: NDArray[np.int32], stop: Whole, arrive_s: Whole, until: Whole
) -> tuple[Whole, Whole]:
    """Return what it costs when stops start, from one on up to before another node, and when that is reached."""
    cost, at, now_s = np.int64(0), np.int64(stop), np.int64(arrive_s)
    while at != until:
        now_s = max(now_s, np.int64(node[at, OPENS_S]))
        cost += start_fee(stops, fees, prices, at, now_s)
        now_s += np.int64(node[at, SERVICE_S]) + node[at, DRIVE_S]
        at = np.int64(node[at, AFTER])
    return cost, now_s


@njit(cache=True, inline="always")
def charge(data: Data, state: State, vehicle: Whole) -> None:
    """Set the cost of a route whose figures hold."""
    sums, facts = state.sums, data.fleet
    sums[vehicle, CLOCK_COST] = sums[vehicle, COST] = sums[vehicle, FEES] = 0
    if sums[vehicle, LENGTH] > 0 or facts[vehicle, OUT] > 0:
        home = np.int64(data.stops.shape[0] + facts.shape[0] + vehicle)
        if data.prices[CLOCKED] > 0:
            duration_s, end_s = np.int64(state.node[home, DURATION_S]), np.int64(state.node[home, END_S])
            over_s = max(0, end_s - facts[vehicle, PAID_HOME_S])
            sums[vehicle, CLOCK_COST] = duration_s * data.prices[PER_DUTY_S] + over_s * data.prices[PER_OVER_S]
            if data.prices[TIMED] > 0:
                start = np.int64(data.stops.shape[0] + vehicle)
                first, out_s = state.node[start, AFTER], end_s - duration_s + state.node[start, DRIVE_S]
                sums[vehicle, FEES], _ = fees_along(data.stops, data.fees, data.prices, state.node, first, out_s, home)
        sums[vehicle, COST] = sums[vehicle, LEGS_COST] + sums[vehicle, CLOCK_COST] + facts[vehicle, FIXED]
        sums[vehicle, COST] += sums[vehicle, FEES]


@njit(cache=True, inline="always")
def insert(data: Data, state: State, before: Whole, stop: Whole, option: Whole) -> None:
    """Put a stop after a node of a route, where its option holds."""
    node, travel_to, travel_on = state.node, data.travel_to[stop], data.travel[stop]
    vehicle, after = node[before, ROUTE], node[before, AFTER]
    metres = np.int64(travel_to[before, 1]) + travel_on[after, 1] - node[before, METRES]
    state.sums[vehicle, LEGS_COST] += metres * data.prices[PER_METRE] + data.tolls[stop, vehicle]
    node[before, AFTER] = node[after, BEFORE] = stop
    node[stop, BEFORE], node[stop, AFTER] = before, after
    node[before, DRIVE_S], node[before, METRES] = travel_to[before, 0], travel_to[before, 1]
    node[stop, DRIVE_S], node[stop, METRES] = travel_on[after, 0], travel_on[after, 1]
    node[stop, ROUTE], node[stop, OPTION] = vehicle, option
    bind(data, state, stop)
    state.sums[vehicle, LENGTH] += 1
    state.sums[vehicle, LOADED] += data.stops[stop, LOAD]
    carry_on(data, state, vehicle, before, after)
    carry_back(data, state, after, before)
    charge(data, state, vehicle)


@njit(cache=True, inline="always")
def copy_route(data: Data, source: State, target: State, vehicle: Whole) -> None:
    """Copy one route; stops that only the target's has keep what the target knows of them."""
    figures = FIGURES if data.prices[CLOCKED] > 0 else BOUNDS_ONLY
    here, there = source.node, target.node
    at = np.int64(data.stops.shape[0] + vehicle)
    home = at + data.fleet.shape[0]
    while True:
        for figure in range(figures):
            there[at, figure] = here[at, figure]
        if at == home:
            break
        at = np.int64(here[at, AFTER])
    for figure in range(6):
        target.sums[vehicle, figure] = source.sums[vehicle, figure]


@kernel
def copy_all(data: Data, source: State, target: State) -> None:
    """Copy every route."""
    for stop in range(data.stops.shape[0]):
        target.node[stop, ROUTE] = source.node[stop, ROUTE]
    for vehicle in range(data.fleet.shape[0]):
        if source.sums[vehicle, LENGTH] > 0 or target.sums[vehicle, LENGTH] > 0:
            copy_route(data, source, target, vehicle)
