"""Say whether an order keeps the rules that no clock is needed for: loads, shipments, LIFO, goods; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    BOARDED,
    CAPACITY,
    CARRIED,
    COLLECTS,
    DELIVERS,
    DELIVERY,
    DIMENSIONS,
    GOODS,
    INITIAL,
    KINDS,
    LIFO,
    LOAD_FACTS,
    LOADS,
    MOST_RELOADS,
    MOST_STOPS,
    NEEDED,
    NEXT_MEMBER,
    ON_BOARD,
    PARTNER,
    PICKS,
    PICKUP,
    PICKUPS_LAST,
    RELEASE_S,
    RELOADS,
    ROOMS,
    START_DEPOT,
    STOCK,
    STOCKED,
    WalkData,
)
from routing.plan.engines.walk_state import (
    BASE,
    KINDS_ABOARD,
    LEFT,
    MARK,
    NOW,
    PEAK,
    RELEASES,
    STACK,
    STAMP,
    SUMS,
    TRIP_LOAD,
    USE,
    USED,
    Number,
    Scratch,
    WalkState,
)


@kernel
def holds(
    data: WalkData, state: WalkState, own: Scratch, route: NDArray[np.int32], length: Number, vehicle: Number
) -> bool:
    """Tell whether an order keeps all rules but those of time and road, and note releases, stock and stops.

    In a trip all deliveries are on board at its start; a stop hands over first and collects then.
    """
    count, facts = data.stops.shape[0], data.fleet[vehicle]
    trip, reloads, served = np.int64(0), np.int64(0), np.int64(0)
    _board(data, own, route, length, vehicle)
    depot, release_s = facts[START_DEPOT], np.int64(-FAR_S)
    open_shipments, stacked, collected = np.int64(0), np.int64(0), False
    own.rows[SUMS, STAMP] += 1
    for index in range(length):
        entry = np.int64(route[index])
        if entry >= count:
            reloads += 1
            doubled = index > 0 and route[index - 1] >= count
            if doubled or reloads > facts[MOST_RELOADS] or facts[data.facts[RELOADS] + entry - count] == 0:
                return False
            if open_shipments > 0 or not _trip_fits(data, own, vehicle, depot):
                return False
            own.rows[RELEASES, trip] = release_s
            trip, depot, release_s = trip + 1, entry - count, np.int64(-FAR_S)
            stacked, collected = np.int64(0), False
            _unload(data, own, vehicle, reloads)
            continue
        stop, served = data.stops[entry], served + 1
        if stop[NEXT_MEMBER] >= 0 and (index + 1 == length or route[index + 1] != stop[NEXT_MEMBER]):
            return False
        if stop[PARTNER] >= 0:
            if stop[PICKS] > 0:
                own.rows[MARK, entry] = own.rows[SUMS, STAMP]
                own.rows[STACK, stacked] = entry
                stacked += 1
                open_shipments += 1
            else:
                if own.rows[MARK, stop[PARTNER]] != own.rows[SUMS, STAMP]:
                    return False
                if facts[LIFO] > 0 and own.rows[STACK, stacked - 1] != stop[PARTNER]:
                    return False
                stacked -= 1
                open_shipments -= 1
        elif stop[DELIVERS] > 0:
            if (collected and facts[PICKUPS_LAST] + facts[LIFO] > 0) or (facts[LIFO] > 0 and stacked > 0):
                return False
            if stop[ON_BOARD] == 0:
                release_s = max(release_s, stop[RELEASE_S])
        if stop[COLLECTS] > 0:
            collected = True
            own.rows[STACK, stacked] = -1
            stacked += 1
        _handle(data, own, entry, stop[ON_BOARD])
    if open_shipments > 0 or (length > 0 and route[length - 1] >= count) or served > facts[MOST_STOPS]:
        return False
    own.rows[RELEASES, trip] = release_s
    if not _trip_fits(data, own, vehicle, depot):
        return False
    if data.facts[STOCKED] > 0 and not _stock_lasts(data, state, own, vehicle):
        return False
    if data.facts[KINDS] > 0 and not _goods_agree(data, own, route, length):
        return False
    return data.facts[NEEDED] == 0 or _goods_complete(data, own, route, length)


@kernel
def _board(data: WalkData, own: Scratch, route: NDArray[np.int32], length: Number, vehicle: Number) -> None:
    """Set the loads at the start of a route, and what is taken from depots to none."""
    count, dims = data.stops.shape[0], data.facts[DIMENSIONS]
    for load in range(dims):
        own.rows[BASE, load] = data.fleet[vehicle, ROOMS + 2 * load + INITIAL]
        own.rows[TRIP_LOAD, load] = own.rows[NOW, load] = own.rows[PEAK, load] = own.rows[LEFT, load] = 0
        for depot in range(data.depots.shape[0]):
            own.rows[USE + depot, load] = 0
    if data.facts[BOARDED] > 0:
        for index in range(length):
            if route[index] < count and data.stops[route[index], ON_BOARD] > 0:
                for load in range(dims):
                    own.rows[BASE, load] += data.stops[route[index], LOADS + LOAD_FACTS * load + DELIVERY]


@kernel
def _unload(data: WalkData, own: Scratch, vehicle: Number, reloads: Number) -> None:
    """Begin a further trip: what was collected stays at the depot, and at the first one what nobody is to get."""
    own.rows[SUMS, STAMP] += 1
    for load in range(data.facts[DIMENSIONS]):
        own.rows[BASE, load] -= own.rows[LEFT, load]
        if reloads == 1:
            own.rows[BASE, load] -= data.fleet[vehicle, ROOMS + 2 * load + INITIAL]
        own.rows[TRIP_LOAD, load] = own.rows[NOW, load] = own.rows[PEAK, load] = own.rows[LEFT, load] = 0


@kernel
def _handle(data: WalkData, own: Scratch, entry: Number, boarded: Number) -> None:
    """Hand over and take on what a stop asks for."""
    for load in range(data.facts[DIMENSIONS]):
        handed = data.stops[entry, LOADS + LOAD_FACTS * load + DELIVERY]
        # What was on board from the start of the route goes from the base; the trip sees it leave all the same.
        if boarded > 0:
            own.rows[LEFT, load] += handed
        else:
            own.rows[TRIP_LOAD, load] += handed
        now = (
            own.rows[NOW, load]
            - handed
            + data.stops[entry, LOADS + LOAD_FACTS * load + PICKUP]
            + data.stops[entry, LOADS + LOAD_FACTS * load + CARRIED]
        )
        own.rows[NOW, load] = now
        own.rows[PEAK, load] = max(own.rows[PEAK, load], now)


@kernel
def _trip_fits(data: WalkData, own: Scratch, vehicle: Number, depot: Number) -> bool:
    """Tell whether a trip that ends now never had too much on board, and note what it took from its depot."""
    for load in range(data.facts[DIMENSIONS]):
        loaded = own.rows[TRIP_LOAD, load]
        if own.rows[BASE, load] + loaded + own.rows[PEAK, load] > data.fleet[vehicle, ROOMS + 2 * load + CAPACITY]:
            return False
        if depot >= 0:
            own.rows[USE + depot, load] += loaded
    return True


@kernel
def _stock_lasts(data: WalkData, state: WalkState, own: Scratch, vehicle: Number) -> bool:
    """Tell whether the depots hold what this route and all others take."""
    for depot in range(data.depots.shape[0]):
        for load in range(data.facts[DIMENSIONS]):
            used = own.rows[USE + depot, load]
            if used > 0:
                for other in range(data.fleet.shape[0]):
                    if other != vehicle:
                        used += state.sums[other, USED + depot * data.facts[DIMENSIONS] + load]
                if used > data.depots[depot, STOCK + load]:
                    return False
    return True


@kernel
def _goods_complete(data: WalkData, own: Scratch, route: NDArray[np.int32], length: Number) -> bool:
    """Tell whether each kind of goods finds those that it requires on the route."""
    count, kinds = data.stops.shape[0], data.goods.shape[1]
    for kind in range(kinds):
        own.rows[KINDS_ABOARD, kind] = 0
    for index in range(length):
        if route[index] < count and data.stops[route[index], GOODS] >= 0:
            own.rows[KINDS_ABOARD, data.stops[route[index], GOODS]] = 1
    for kind in range(kinds):
        for other in range(kinds):
            if own.rows[KINDS_ABOARD, kind] > 0 and data.goods[1, kind, other] and own.rows[KINDS_ABOARD, other] == 0:
                return False
    return True


@kernel
def _goods_agree(data: WalkData, own: Scratch, route: NDArray[np.int32], length: Number) -> bool:
    """Tell whether kinds that exclude each other are never on board together."""
    count, kinds = data.stops.shape[0], data.goods.shape[1]
    for kind in range(kinds):
        own.rows[KINDS_ABOARD, kind] = 0
    for index in range(length):
        if route[index] < count and data.stops[route[index], ON_BOARD] > 0 and not _take_on(data, own, route[index]):
            return False
    begin = np.int64(0)
    while begin <= length:
        end = begin
        while end < length and route[end] < count:
            if _from_depot(data, route[end]) and not _take_on(data, own, route[end]):
                return False
            end += 1
        for index in range(begin, end):
            kind = data.stops[route[index], GOODS]
            partner = data.stops[route[index], PARTNER]
            if partner >= 0:
                if data.stops[route[index], PICKS] > 0:
                    if not _take_on(data, own, route[index]):
                        return False
                elif data.stops[partner, GOODS] >= 0:
                    own.rows[KINDS_ABOARD, data.stops[partner, GOODS]] -= 1
                continue
            if kind < 0:
                continue
            if _from_depot(data, route[index]) or data.stops[route[index], ON_BOARD] > 0:
                own.rows[KINDS_ABOARD, kind] -= 1
            if data.stops[route[index], COLLECTS] > 0 and not _take_on(data, own, route[index]):
                return False
        for index in range(begin, end):
            if data.stops[route[index], COLLECTS] > 0 and data.stops[route[index], GOODS] >= 0:
                own.rows[KINDS_ABOARD, data.stops[route[index], GOODS]] -= 1
        begin = end + 1
    return True


@kernel
def _from_depot(data: WalkData, stop: Number) -> bool:
    """Tell whether a stop's goods are loaded before the trip: they are neither carried nor only collected."""
    facts = data.stops[stop]
    single = facts[GOODS] >= 0 and facts[PARTNER] < 0 and facts[ON_BOARD] == 0
    return bool(single and (facts[DELIVERS] > 0 or facts[COLLECTS] == 0))


@kernel
def _take_on(data: WalkData, own: Scratch, stop: Number) -> bool:
    """Count the goods of a stop as on board; tell whether nothing there excludes them."""
    kind = data.stops[stop, GOODS]
    if kind < 0:
        return True
    for other in range(data.goods.shape[1]):
        if own.rows[KINDS_ABOARD, other] > 0 and data.goods[0, kind, other]:
            return False
    own.rows[KINDS_ABOARD, kind] += 1
    return True
