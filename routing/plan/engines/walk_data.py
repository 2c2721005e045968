"""Turn an instance with rules into what the walked kernel searches in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import NO_ROAD_S, Instance
from routing.plan.engines.route_data import near_stops, stops_around
from routing.plan.engines.route_state import NOWHERE, UNITS_PER_CENT
from routing.plan.engines.rules import BOUNDLESS, FAR_S, Rules

Ints = NDArray[np.int64]

NEAR, AROUND = 40, 120
HOP_S, METRES, DRIVE_S = range(3)
"""Facts of a leg: drive and setup together, metres, and the drive alone."""
(
    FIRST_WINDOW,
    END_WINDOW,
    LATE_FROM_S,
    LATE_MOST_S,
    PER_LATE_S,
    DUE_S,
    PARTNER,
    PICKS,
    ON_BOARD,
    RELEASE_S,
    GOODS,
    REQUEST,
    FOLLOW_COST,
    FOLLOW_NODE,
    FOLLOW_VEHICLE,
    FIRST_FEE,
    END_FEE,
    DELIVERS,
    COLLECTS,
    NEXT_MEMBER,
    NEXT_OF_REQUEST,
    LOADS,
) = range(22)
"""Facts of a stop: its windows from the first to before the end; from when on it is late, by how much at most, and
what a second of that costs; when its service is over at last; the other stop of its shipment and whether it is the
pickup; whether its goods are on board from the start; release; kind of goods; request; follow fee, after which node
and on which vehicle it is spared; start fees; whether it hands over goods from a depot, whether it collects any, the
stop that must come right after it and the next one of its request, -1 for none; from `LOADS` on its loads."""
(
    PROFILE,
    FIRST_S,
    LAST_S,
    END_S,
    HOME_S,
    PER_OVER_S,
    FIXED,
    OUT,
    PER_DUTY_S,
    PER_METRE,
    MOST_DURATION_S,
    MOST_METRES,
    MOST_DRIVE_S,
    MOST_STOPS,
    LIFO,
    PICKUPS_LAST,
    START_DEPOT,
    MOST_RELOADS,
    BREAKS,
    UNTIL_REST_S,
    REST_S,
    SPLIT_FIRST_S,
    SPLIT_SECOND_S,
    SINCE_S,
    SPLIT_TAKEN,
    ALIKE,
    COMMITTED,
    CLOSED,
    FIRST_BREAK,
    ROOMS,
) = range(30)
"""Facts of a vehicle: its profile; first and last instant of leaving; when its shift ends and until when it may come
home; price of overtime; of leaving; whether it drives home even without stops; prices; limits of a route; LIFO;
collecting last; depot of its first trip; most reloads; its breaks; driving rules with what is behind it; the first
vehicle that is the same in all that an insertion depends on; its committed visits; 1 where these alone break a rule, so
that nothing is added to them; the row of its first break; from `ROOMS` on its room, and then whether it may reload at
each depot."""
DELIVERY, PICKUP, CARRIED, LOAD_FACTS = range(4)
"""Amounts of a load, in `WalkData.stops` from `LOADS` + `LOAD_FACTS` x load on."""
CAPACITY, INITIAL = range(2)
"""Room for a load and what is on board at first, in `WalkData.fleet` from `ROOMS` + 2 x load on."""
OPENS_S, CLOSES_S, PAUSE_S = range(3)
"""Facts of a window, which has no pause, and of a break."""
FROM_S, FEE = range(2)
"""Facts of a start fee: it holds from this instant to the next fee's."""
STAY_S, TOLL = range(2)
"""Facts of a stop and a vehicle: seconds of service, and what it costs, `NOWHERE` where it may not."""
DEPOT_STAY_S, FIRST_OPENING, END_OPENING, STOCK = range(4)
"""Facts of a depot: how long a reload takes, its windows from the first to before the end; from `STOCK` on its
stock."""
FIRST_STOP, SIZE, LEFT_OUT = range(3)
"""Facts of a request: its first stop, how many it has, and what it costs to leave it out."""
DIMENSIONS, BOARDED, STOCKED, KINDS, NEEDED, FEES, PER_SQUARE, RESTED, NEAR_STOPS, RELOADS = range(10)
"""Facts of the problem, in `WalkData.facts`: how many loads there are; whether any goods on board from the start,
stocks, incompatible and required kinds, start fees are; the price of a squared second of duty in 18ths of a unit;
whether any breaks or rests are there; how many near stops are listed; and where in the facts of a vehicle its reloads
begin."""


class WalkData(NamedTuple):
    """Hold what does not change: nodes are n stops, v starts, v ends, r depots; a reload at depot k is entry n + k.

    Few arrays with many columns: each takes time to compile and to hand on.
    """

    travel: NDArray[np.int32]
    """Facts of the legs from node to node, p x N x N x 3."""
    service: Ints
    """n x v x 2."""
    stops: Ints
    fleet: Ints
    depots: Ints
    requests: Ints
    spans: Ints
    """Windows, breaks and start fees, x 3."""
    goods: NDArray[np.bool_]
    """Incompatible and required kinds, 2 x g x g."""
    lists: NDArray[np.int32]
    """Stops beside which a stop is tried, then those by distance, where strings are removed."""
    facts: Ints


def walk_data(instance: Instance, rules: Rules) -> WalkData:
    """Return the data of an instance of one stop and one vehicle at least."""
    count, fleet = rules.stay_s.shape
    travel, drive_s = _travel(rules, count), rules.duration_s.min(axis=0)
    tolls = np.where(instance.allowed, instance.toll_cents * UNITS_PER_CENT, NOWHERE)
    near = near_stops(instance, rules.stay_s.min(axis=1), drive_s, min(NEAR, count - 1))
    around = stops_around(drive_s, count, min(AROUND, count - 1))
    spans = _spans(instance, rules)
    stops = _stop_facts(instance, rules) | {FIRST_FEE: spans.fees[:-1], END_FEE: spans.fees[1:]}
    loads = np.stack([rules.delivery, rules.pickup, rules.carried], axis=-1).reshape(count, -1)
    rooms = np.stack([rules.capacity, rules.initial], axis=-1).reshape(fleet, -1)
    vehicles = _vehicle_facts(instance, rules, tolls, travel) | {FIRST_BREAK: spans.breaks}
    depots = {DEPOT_STAY_S: rules.reload_s, FIRST_OPENING: spans.openings[:-1], END_OPENING: spans.openings[1:]}
    first = rules.request_first
    return WalkData(
        travel=travel,
        service=np.ascontiguousarray(np.stack([rules.stay_s, tolls], axis=-1), np.int64),
        stops=_columns(stops, loads),
        fleet=_columns(vehicles, rooms, rules.reload_allowed),
        depots=_columns(depots, rules.stock),
        requests=np.column_stack(
            [rules.request_stops[first[:-1]], np.diff(first), rules.request_cents * UNITS_PER_CENT]
        ).astype(np.int64),
        spans=spans.rows,
        goods=np.stack([rules.incompatible, rules.required]).astype(np.bool_),
        lists=np.ascontiguousarray(np.concatenate([near, around], axis=1)),
        facts=_facts(instance, rules, near.shape[1]),
    )


class _Spans(NamedTuple):
    rows: Ints
    fees: Ints
    """Where the fees of each stop begin, n + 1."""
    openings: Ints
    """The same of the windows of each depot, r + 1."""
    breaks: Ints
    """And of the breaks of each vehicle, v."""


def _spans(instance: Instance, rules: Rules) -> _Spans:
    """Return the windows of the stops first, so that their rows are the instance's, then all other spans."""
    windows = np.column_stack([instance.window_start_s, instance.window_end_s, np.zeros_like(instance.window_end_s)])
    fees = np.column_stack(
        [instance.fee_from_s, instance.fee_cents * UNITS_PER_CENT, np.zeros_like(instance.fee_cents)]
    )
    (depots, several), (fleet, breaks) = rules.depot_open_s.shape, rules.break_open_s.shape
    openings = np.stack([rules.depot_open_s, rules.depot_close_s, np.zeros_like(rules.depot_open_s)], axis=-1)
    pauses = np.stack([rules.break_open_s, rules.break_close_s, rules.break_s], axis=-1)
    rows = [windows, fees, openings.reshape(depots * several, 3), pauses.reshape(fleet * breaks, 3)]
    first = np.cumsum([len(each) for each in rows])
    return _Spans(
        rows=np.ascontiguousarray(np.concatenate(rows), np.int64),
        fees=instance.fee_first + first[0],
        openings=first[1] + several * np.arange(depots + 1),
        breaks=first[2] + breaks * np.arange(fleet),
    )


def _travel(rules: Rules, count: int) -> NDArray[np.int32]:
    """Return the facts of all legs; setup is part of the way to a stop, save from the same place."""
    travel = np.stack([rules.duration_s, rules.distance_m, rules.duration_s], axis=-1).astype(np.int32)
    apart = (rules.place[:, None] != rules.place[None, :count]) | (rules.place[:, None] < 0)
    setup_s = np.where(apart, rules.setup_s[None, :], 0)
    roads = rules.duration_s[:, :, :count] < NO_ROAD_S
    travel[:, :, :count, HOP_S] += np.where(roads, setup_s[None], 0).astype(np.int32)
    return np.ascontiguousarray(travel)


def _stop_facts(instance: Instance, rules: Rules) -> dict[int, Any]:
    count = len(rules.due_s)
    request = np.zeros(count, np.int64)
    sizes = np.diff(rules.request_first)
    request[rules.request_stops] = np.repeat(np.arange(sizes.size), sizes)
    following, adjoining = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    for begin, size in zip(rules.request_first, sizes, strict=False):
        block = rules.request_stops[begin : begin + size]
        following[block[:-1]] = block[1:]
        if rules.partner[block[0]] < 0:
            adjoining[block[:-1]] = block[1:]
    return {
        FIRST_WINDOW: instance.window_first[:-1],
        END_WINDOW: instance.window_first[1:],
        LATE_FROM_S: instance.window_end_s[instance.window_first[1:] - 1],
        LATE_MOST_S: np.where(instance.late_allowed, np.minimum(rules.late_limit_s, FAR_S), 0),
        PER_LATE_S: rules.late_units_per_s,
        DUE_S: np.minimum(rules.due_s, FAR_S),
        PARTNER: rules.partner,
        PICKS: rules.is_pickup,
        ON_BOARD: rules.on_board,
        RELEASE_S: np.maximum(rules.release_s, -FAR_S),
        GOODS: rules.goods,
        REQUEST: request,
        FOLLOW_COST: instance.follow_cents * UNITS_PER_CENT,
        FOLLOW_NODE: instance.follow_node,
        FOLLOW_VEHICLE: instance.follow_vehicle,
        DELIVERS: (rules.delivery > 0).any(axis=1),
        COLLECTS: (rules.pickup > 0).any(axis=1),
        NEXT_MEMBER: adjoining,
        NEXT_OF_REQUEST: following,
    }


def _vehicle_facts(instance: Instance, rules: Rules, tolls: Ints, travel: NDArray[np.int32]) -> dict[int, Any]:
    over_s = np.where(instance.over_allowed, np.minimum(rules.over_limit_s, FAR_S // 2), 0)
    free = instance.start_first_s < instance.start_last_s
    facts: dict[int, Any] = {
        PROFILE: rules.profile,
        FIRST_S: instance.start_first_s,
        # Where overtime is paid one may leave after the shift, too.
        LAST_S: instance.start_last_s + np.where(free, over_s, 0),
        END_S: instance.end_s,
        HOME_S: np.minimum(instance.end_s + over_s, rules.span_end_s),
        PER_OVER_S: rules.over_units_per_s,
        FIXED: instance.fixed_cents * UNITS_PER_CENT,
        OUT: instance.out,
        PER_DUTY_S: rules.duty_cents_per_h * (UNITS_PER_CENT // 3600),
        PER_METRE: rules.distance_cents_per_km * (UNITS_PER_CENT // 1000),
        MOST_DURATION_S: np.minimum(rules.duration_limit_s, rules.span_limit_s),
        MOST_METRES: rules.distance_limit_m,
        MOST_DRIVE_S: rules.driving_limit_s,
        MOST_STOPS: rules.stops_limit,
        LIFO: rules.lifo,
        PICKUPS_LAST: rules.pickups_last,
        START_DEPOT: rules.start_depot,
        MOST_RELOADS: rules.reloads_limit,
        BREAKS: rules.break_count,
        UNTIL_REST_S: rules.driving_until_break_s,
        REST_S: rules.rest_s,
        SPLIT_FIRST_S: rules.split_first_s,
        SPLIT_SECOND_S: rules.split_second_s,
        SINCE_S: rules.since_break_s,
        SPLIT_TAKEN: rules.split_taken & (rules.split_first_s < FAR_S),
        COMMITTED: np.array([len(order) for order in rules.committed]),
        CLOSED: np.zeros(len(rules.committed), np.int64),
    }
    columns = np.column_stack([facts[fact] for fact in sorted(facts)]).astype(np.int64)
    return {**facts, ALIKE: _alike(instance, rules, columns, tolls, travel)}


def _alike(instance: Instance, rules: Rules, facts: Ints, tolls: Ints, travel: NDArray[np.int32]) -> Ints:
    """Return for each vehicle the first one that is the same in all that an insertion depends on."""
    count, fleet = tolls.shape
    seen: dict[tuple[object, ...], int] = {}
    same = []
    for vehicle in range(fleet):
        profile = int(rules.profile[vehicle])
        own = (
            rules.capacity[vehicle],
            rules.initial[vehicle],
            rules.reload_allowed[vehicle],
            rules.break_open_s[vehicle],
            rules.break_close_s[vehicle],
            rules.break_s[vehicle],
            rules.stay_s[:, vehicle],
            travel[profile, count + vehicle],
            travel[profile, :, count + fleet + vehicle],
            facts[vehicle],
            tolls[:, vehicle],
            # A stop that is to be the first one of this vehicle costs its fee on every other.
            instance.follow_node == count + vehicle,
        )
        key = (rules.committed[vehicle], *(np.ascontiguousarray(each).tobytes() for each in own))
        same.append(seen.setdefault(key, vehicle))
    return np.array(same, np.int64)


def _facts(instance: Instance, rules: Rules, near: int) -> Ints:
    dims = rules.delivery.shape[1]
    facts = {
        DIMENSIONS: dims,
        BOARDED: (rules.on_board & (rules.delivery > 0).any(axis=1)).any(),
        STOCKED: bool((rules.stock < BOUNDLESS).any()),
        KINDS: rules.incompatible.any(),
        NEEDED: rules.required.any(),
        FEES: instance.fee_cents.size > 0,
        # A squared second costs 3,600,000 / 3600^2 units for each cent per squared hour: 5 / 18.
        PER_SQUARE: 5 * rules.balance_cents_per_h2,
        RESTED: bool(rules.break_count.any() or (rules.driving_until_break_s < FAR_S).any()),
        NEAR_STOPS: near,
        RELOADS: ROOMS + 2 * dims,
    }
    return np.array([facts[fact] for fact in range(len(facts))], np.int64)


def _columns(facts: Mapping[int, Any], *further: Any) -> Ints:
    """Return facts as the columns of their numbers, and further ones after them."""
    return np.ascontiguousarray(np.column_stack([*(facts[column] for column in range(len(facts))), *further]), np.int64)
