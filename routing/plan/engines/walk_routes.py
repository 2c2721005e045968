"""Sum up walked routes, so that most places of a request are refused or estimated without a walk; compiled.

The figures of time leave breaks and rests aside where they look ahead: what they refuse is refused for certain, and
what they promise is asked of `walk` before it is believed.
"""

from __future__ import annotations

import numpy as np

from routing.plan.engines.compiled import kernel
from routing.plan.engines.route_state import LONG_AGO_S, NOWHERE
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk import walk
from routing.plan.engines.walk_data import (
    BOARDED,
    CARRIED,
    CLOSES_S,
    DELIVERY,
    DEPOT_STAY_S,
    DIMENSIONS,
    DUE_S,
    END_OPENING,
    END_WINDOW,
    FIRST_OPENING,
    FIRST_S,
    FIRST_WINDOW,
    HOME_S,
    HOP_S,
    INITIAL,
    LAST_S,
    LATE_FROM_S,
    LATE_MOST_S,
    LOAD_FACTS,
    LOADS,
    METRES,
    ON_BOARD,
    OPENS_S,
    PICKUP,
    PROFILE,
    ROOMS,
    STAY_S,
    WalkData,
)
from routing.plan.engines.walk_rests import through
from routing.plan.engines.walk_state import (
    ABOARD,
    BEGINS_S,
    COST,
    ENDS_S,
    ENTRY,
    HALT_STAY_S,
    HOP_ON_S,
    LAST_READY_S,
    LENGTH,
    METRES_ON,
    ON_FROM,
    PLACE,
    PLAIN_END_S,
    PLAIN_LATE_S,
    PLAIN_S,
    REACHED,
    REACHED_S,
    RELEASES,
    ROOM,
    ROUTE,
    TAIL_EARLY_S,
    TAIL_S,
    TRIP,
    UP_TO,
    USE,
    USED,
    Ints,
    Number,
    Scratch,
    WalkState,
)


@kernel
def sum_up(data: WalkData, state: WalkState, own: Scratch, vehicle: Number) -> bool:
    """Walk the order of a vehicle and set its cost and figures; False, with nothing set, where it breaks a rule."""
    order, length = state.order[vehicle], state.sums[vehicle, LENGTH]
    cost = walk(data, state, own, order, length, vehicle)
    if cost >= NOWHERE:
        return False
    set_figures(data, state, own, vehicle, cost)
    return True


@kernel
def set_figures(data: WalkData, state: WalkState, own: Scratch, vehicle: Number, cost: Number) -> None:
    """Set the cost and the figures of an order that was the last to be walked."""
    order, length = state.order[vehicle], state.sums[vehicle, LENGTH]
    state.sums[vehicle, COST] = cost
    count, shift = data.stops.shape[0], 2 * data.fleet.shape[0]
    for depot in range(data.depots.shape[0]):
        for load in range(data.facts[DIMENSIONS]):
            state.sums[vehicle, USED + depot * data.facts[DIMENSIONS] + load] = own.rows[USE + depot, load]
    halt, trip = state.halt[vehicle], 0
    halt[0, ENTRY], halt[0, TRIP] = count + vehicle, 0
    halt[length + 1, ENTRY] = count + data.fleet.shape[0] + vehicle
    for index in range(length):
        entry = order[index]
        if entry < count:
            state.where[entry, ROUTE], state.where[entry, PLACE] = vehicle, index
        else:
            entry, trip = entry + shift, trip + 1
        halt[index + 1, ENTRY], halt[index + 1, TRIP] = entry, trip
    halt[length + 1, TRIP] = trip
    for index in range(length + 1):
        leg = data.travel[data.fleet[vehicle, PROFILE], halt[index, ENTRY], halt[index + 1, ENTRY]]
        halt[index, HOP_ON_S], halt[index, METRES_ON] = leg[HOP_S], leg[METRES]
        halt[index, REACHED_S] = own.rows[REACHED, index]
    _look_on(data, state, own, vehicle)
    _look_back(data, state, vehicle)
    _weigh(data, state, vehicle)


@kernel
def bounds_at(spans: Ints, wanted: Ints, stay_s: Number, ready_s: Number) -> tuple[Number, Number]:
    """Return when service at a stop begins at the earliest and by when it may; FAR_S where that is too late."""
    for window in range(wanted[FIRST_WINDOW], wanted[END_WINDOW]):
        if ready_s <= spans[window, CLOSES_S]:
            return spans[window, OPENS_S], min(spans[window, CLOSES_S], wanted[DUE_S] - stay_s)
    if ready_s - wanted[LATE_FROM_S] <= wanted[LATE_MOST_S]:
        latest_s = min(wanted[LATE_FROM_S] + wanted[LATE_MOST_S], wanted[DUE_S] - stay_s)
        return np.int64(0), max(ready_s, latest_s)
    return np.int64(FAR_S), np.int64(FAR_S)


@kernel
def depot_bounds(spans: Ints, depot: Ints, ready_s: Number, release_s: Number) -> tuple[Number, Number]:
    """Return when loading again begins at the earliest and by when it may; FAR_S where that is too late."""
    for row in range(depot[FIRST_OPENING], depot[END_OPENING]):
        if max(ready_s, release_s, spans[row, OPENS_S]) <= spans[row, CLOSES_S]:
            return max(release_s, spans[row, OPENS_S]), spans[row, CLOSES_S]
    return np.int64(FAR_S), np.int64(FAR_S)


@kernel
def _look_on(data: WalkData, state: WalkState, own: Scratch, vehicle: Number) -> None:
    """Carry the figures of a route without rests on from its start."""
    halt, length, count = state.halt[vehicle], state.sums[vehicle, LENGTH], data.stops.shape[0]
    end_s, duration_s, late_s = (
        max(data.fleet[vehicle, FIRST_S], own.rows[RELEASES, 0]),
        np.int64(0),
        data.fleet[vehicle, LAST_S],
    )
    halt[0, PLAIN_END_S], halt[0, PLAIN_S], halt[0, PLAIN_LATE_S] = end_s, duration_s, late_s
    for index in range(1, length + 1):
        hop_s = np.int64(halt[index - 1, HOP_ON_S])
        end_s, duration_s = end_s + hop_s, duration_s + hop_s
        node = np.int64(halt[index, ENTRY])
        if node < count:
            stay_s = data.service[node, vehicle, STAY_S]
            opens_s, closes_s = bounds_at(data.spans, data.stops[node], stay_s, end_s)
        else:
            depot, release_s = (
                data.depots[node - count - 2 * data.fleet.shape[0]],
                own.rows[RELEASES, halt[index, TRIP]],
            )
            stay_s = depot[DEPOT_STAY_S]
            opens_s, closes_s = depot_bounds(data.spans, depot, end_s, release_s)
        closes_s = max(closes_s, end_s)
        end_s, duration_s, late_s = through(end_s, duration_s, late_s, opens_s, closes_s, stay_s)
        halt[index, PLAIN_END_S], halt[index, PLAIN_S], halt[index, PLAIN_LATE_S] = end_s, duration_s, late_s
        halt[index, BEGINS_S], halt[index, ENDS_S], halt[index, HALT_STAY_S] = opens_s, closes_s, stay_s
    hop_s = np.int64(halt[length, HOP_ON_S])
    halt[length + 1, PLAIN_END_S], halt[length + 1, PLAIN_S] = end_s + hop_s, duration_s + hop_s
    halt[length + 1, PLAIN_LATE_S] = late_s


@kernel
def _look_back(data: WalkData, state: WalkState, vehicle: Number) -> None:
    """Carry the latest arrivals and the figures of the rest of a route back from its end."""
    halt, length, count = state.halt[vehicle], state.sums[vehicle, LENGTH], data.stops.shape[0]
    last_s, tail_s, early_s = data.fleet[vehicle, HOME_S], np.int64(0), np.int64(LONG_AGO_S)
    halt[length + 1, LAST_READY_S], halt[length + 1, TAIL_S], halt[length + 1, TAIL_EARLY_S] = last_s, tail_s, early_s
    for index in range(length, 0, -1):
        node, stay_s = np.int64(halt[index, ENTRY]), np.int64(halt[index, HALT_STAY_S])
        shift_s = stay_s + halt[index, HOP_ON_S]
        last_s -= shift_s
        if node < count:
            facts = data.stops[node]
            last_s = min(last_s, facts[DUE_S] - stay_s)
            if facts[LATE_MOST_S] > 0 and last_s > facts[LATE_FROM_S]:
                last_s = min(last_s, facts[LATE_FROM_S] + facts[LATE_MOST_S])
            else:
                for window in range(facts[END_WINDOW] - 1, facts[FIRST_WINDOW] - 1, -1):
                    if data.spans[window, OPENS_S] <= last_s or window == facts[FIRST_WINDOW]:
                        last_s = min(last_s, data.spans[window, CLOSES_S])
                        break
        else:
            depot = data.depots[node - count - 2 * data.fleet.shape[0]]
            for row in range(depot[END_OPENING] - 1, depot[FIRST_OPENING] - 1, -1):
                if data.spans[row, OPENS_S] <= last_s or row == depot[FIRST_OPENING]:
                    last_s = min(last_s, data.spans[row, CLOSES_S])
                    break
        opens_s, closes_s = np.int64(halt[index, BEGINS_S]), np.int64(halt[index, ENDS_S])
        wait_s = max(early_s - shift_s - closes_s, 0)
        tail_s += shift_s + wait_s
        early_s = max(early_s - shift_s, opens_s) - wait_s
        halt[index, LAST_READY_S], halt[index, TAIL_S], halt[index, TAIL_EARLY_S] = last_s, tail_s, early_s


@kernel
def _weigh(data: WalkData, state: WalkState, vehicle: Number) -> None:
    """Set the greatest loads of the trip up to each halt and on from it."""
    order, length, halt, count = (
        state.order[vehicle],
        state.sums[vehicle, LENGTH],
        state.halt[vehicle],
        data.stops.shape[0],
    )
    for load in range(data.facts[DIMENSIONS]):
        up_to, on_from, aboard_at = ROOM + 3 * load + UP_TO, ROOM + 3 * load + ON_FROM, ROOM + 3 * load + ABOARD
        base = data.fleet[vehicle, ROOMS + 2 * load + INITIAL]
        if data.facts[BOARDED] > 0:
            for index in range(length):
                if order[index] < count and data.stops[order[index], ON_BOARD] > 0:
                    base += data.stops[order[index], LOADS + LOAD_FACTS * load + DELIVERY]
        begin, first = 0, True
        while begin <= length:
            # The trip: from the start, or from the reload at `begin` - 1, to before the next reload.
            end, aboard, left = begin, base, np.int64(0)
            while end < length and order[end] < count:
                if data.stops[order[end], ON_BOARD] == 0:
                    aboard += data.stops[order[end], LOADS + LOAD_FACTS * load + DELIVERY]
                else:
                    left += data.stops[order[end], LOADS + LOAD_FACTS * load + DELIVERY]
                end += 1
            most = aboard
            halt[begin, up_to] = halt[begin, on_from] = halt[begin, aboard_at] = aboard
            for index in range(begin, end):
                loads = data.stops[order[index]]
                aboard += (
                    loads[LOADS + LOAD_FACTS * load + PICKUP]
                    + loads[LOADS + LOAD_FACTS * load + CARRIED]
                    - loads[LOADS + LOAD_FACTS * load + DELIVERY]
                )
                most = max(most, aboard)
                halt[index + 1, up_to] = most
                halt[index + 1, on_from] = halt[index + 1, aboard_at] = aboard
            for index in range(end - 1, begin - 1, -1):
                halt[index, on_from] = max(halt[index, on_from], halt[index + 1, on_from])
            base -= left
            if first:
                base -= data.fleet[vehicle, ROOMS + 2 * load + INITIAL]
            begin, first = end + 1, False


@kernel
def copy_walked(data: WalkData, source: WalkState, target: WalkState, vehicle: Number) -> None:
    """Copy one route; stops that only the target's has keep what the target knows of them."""
    length, count = source.sums[vehicle, LENGTH], data.stops.shape[0]
    for figure in range(source.sums.shape[1]):
        target.sums[vehicle, figure] = source.sums[vehicle, figure]
    for index in range(length):
        entry = source.order[vehicle, index]
        target.order[vehicle, index] = entry
        if entry < count:
            target.where[entry, ROUTE], target.where[entry, PLACE] = vehicle, index
    for index in range(length + 2):
        for figure in range(source.halt.shape[2]):
            target.halt[vehicle, index, figure] = source.halt[vehicle, index, figure]


@kernel
def copy_all_walked(data: WalkData, source: WalkState, target: WalkState) -> None:
    """Copy every route."""
    for stop in range(data.stops.shape[0]):
        target.where[stop, ROUTE] = source.where[stop, ROUTE]
    for vehicle in range(data.fleet.shape[0]):
        copy_walked(data, source, target, vehicle)
