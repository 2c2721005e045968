"""Turn an instance into what the compiled kernels search in.

A follow fee is part of every drive to its stop but the one from the given stop, also on another vehicle, where it would
be due all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import NO_ROAD_S, Instance
from routing.plan.engines.route_state import (
    ALIKE,
    CAPACITY,
    CLOCKED,
    END_FEE,
    END_OPTION,
    ENDS_ALIKE,
    FIRST_FEE,
    FIRST_OPTION,
    FIRST_S,
    FIXED,
    FREE,
    HOME_S,
    LAST_S,
    LATE_FROM_S,
    LOAD,
    NOWHERE,
    OUT,
    PAID_HOME_S,
    PER_DUTY_S,
    PER_LATE_S,
    PER_METRE,
    PER_OVER_S,
    STAY_S,
    TIMED,
    UNITS_PER_CENT,
    UNSERVED,
    Data,
    Ints,
)

NEAR, AROUND = 40, 120
LATEST_S = 57_600
"""No service is later than this."""
WAITING_SHARE = 5
"""Of waiting one part in so many makes a stop as far as a drive."""
MOST = (1 << 31) - 1
"""The greatest number of the tables."""
ROWS_AT_A_TIME = 64
"""Of the tables of all pairs, whose keys would take gigabytes."""


def route_data(instance: Instance) -> Data:
    """Return the data of an instance of one stop and one vehicle at least."""
    count = instance.load.size
    first, options = _options(instance)
    duty = instance.duty_cents_per_h * (UNITS_PER_CENT // 3600)
    late = instance.lateness_cents_per_min * (UNITS_PER_CENT // 60)
    over = late if instance.over_allowed.any() else 0
    timed = instance.fee_cents.size > 0 or (late > 0 and instance.late_allowed.any())
    metres, per_metre = _metres_with_fees(instance)
    travel = np.stack([instance.duration_s, metres], axis=-1, dtype=np.int32)
    fees_cents, always_cents = _least_fees_taken_out(instance)
    tolls = np.where(instance.allowed, (instance.toll_cents + always_cents[:, None]) * UNITS_PER_CENT, NOWHERE)
    stops = {
        STAY_S: instance.service_s,
        LOAD: instance.load,
        UNSERVED: instance.unserved_cents * UNITS_PER_CENT,
        FIRST_OPTION: first[:-1],
        END_OPTION: first[1:],
        FREE: (tolls == 0).all(axis=1),
        FIRST_FEE: instance.fee_first[:-1],
        END_FEE: instance.fee_first[1:],
        LATE_FROM_S: instance.window_end_s[instance.window_first[1:] - 1],
    }
    fleet = {
        ALIKE: _alike(instance, tolls, travel),
        CAPACITY: instance.capacity,
        FIRST_S: instance.start_first_s,
        LAST_S: instance.start_last_s,
        HOME_S: np.where(instance.over_allowed, NO_ROAD_S // 2, instance.end_s),
        PAID_HOME_S: instance.end_s,
        FIXED: instance.fixed_cents * UNITS_PER_CENT,
        OUT: instance.out,
        ENDS_ALIKE: _ends_alike(instance),
    }
    prices = {
        PER_METRE: per_metre,
        PER_DUTY_S: duty,
        PER_OVER_S: over,
        CLOCKED: duty + over > 0 or timed,
        PER_LATE_S: late,
        TIMED: timed,
    }
    return Data(
        travel=travel,
        travel_to=np.ascontiguousarray(travel.transpose(1, 0, 2)),
        stops=_columns(stops),
        options=options,
        fees=np.column_stack([instance.fee_from_s, fees_cents * UNITS_PER_CENT]),
        fleet=_columns(fleet),
        tolls=tolls,
        prices=_columns({price: np.array([figure]) for price, figure in prices.items()})[0],
        near=near_stops(instance, instance.service_s, instance.duration_s, min(NEAR, count - 1)),
        around=stops_around(instance.duration_s, count, min(AROUND, count - 1)),
    )


def _least_fees_taken_out(instance: Instance) -> tuple[Ints, Ints]:
    """Return the start fees without what each stop charges whenever it starts, and that, in cents.

    So the fees of a route tell how much could be spared at most, and places that cost more need no closer look.
    """
    cents, always = instance.fee_cents.copy(), np.zeros(instance.load.size, np.int64)
    for stop in np.flatnonzero(np.diff(instance.fee_first)):
        rows = slice(instance.fee_first[stop], instance.fee_first[stop + 1])
        from_s, opens_s = instance.fee_from_s[rows], instance.window_start_s[instance.window_first[stop]]
        begun = int(np.searchsorted(from_s, opens_s, side="right"))
        always[stop] = 0 if begun == 0 else cents[rows][begun - 1 :].min()
        cents[rows] -= always[stop]
    return cents, always


def _options(instance: Instance) -> tuple[Ints, Ints]:
    """Return where each stop's options begin, and them: its windows, the last one open long where it may be late."""
    closes_s = instance.window_end_s.copy()
    closes_s[instance.window_first[1:] - 1] += np.where(instance.late_allowed, LATEST_S, 0)
    return instance.window_first, np.column_stack([instance.window_start_s, closes_s])


def _metres_with_fees(instance: Instance) -> tuple[Ints, int]:
    """Return the metres between all nodes, with follow fees in units of the same price, N x N, and that price.

    The unit is the greatest that makes whole numbers of a metre and of a cent, unless such numbers grow too great.
    """
    metres, fees = instance.distance_m.astype(np.int64), instance.follow_cents
    per_metre = instance.distance_cents_per_km * (UNITS_PER_CENT // 1000)
    if not fees.any():
        return metres, per_metre
    metres[instance.duration_s >= NO_ROAD_S] = 0
    unit = gcd(per_metre, UNITS_PER_CENT)
    if int(metres.max()) * (per_metre // unit) + int(fees.max()) * (UNITS_PER_CENT // unit) > MOST:
        unit = per_metre
    metres *= per_metre // unit
    for stop in np.flatnonzero(fees):
        fee = round(int(fees[stop]) * UNITS_PER_CENT / unit)
        spared = int(instance.follow_node[stop])
        kept = metres[spared, stop]
        metres[:, stop] += fee
        if spared >= 0:
            metres[spared, stop] = kept
    return metres, unit


def _columns(facts: Mapping[int, Any]) -> Ints:
    """Return facts as the columns of their numbers."""
    return np.column_stack([facts[column] for column in range(len(facts))]).astype(np.int64)


def near_stops(instance: Instance, service_s: Ints, duration_s: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Return the stops nearest in space and time: the drive, some of the waiting, and the lateness between two."""
    count = service_s.size
    opens_s = instance.window_start_s[instance.window_first[:-1]]
    closes_s = instance.window_end_s[instance.window_first[1:] - 1]

    def one_way(origin: slice, destination: slice) -> Ints:
        between_s = service_s[origin, None] + duration_s[origin, destination]
        waiting_s = np.maximum(0, opens_s[None, destination] - closes_s[origin, None] - between_s)
        late_s = np.maximum(0, opens_s[origin, None] + between_s - closes_s[None, destination])
        drive_s = duration_s[origin, destination].astype(np.int64)
        return np.asarray(WAITING_SHARE * (drive_s + late_s) + waiting_s)

    every = slice(0, count)
    return _by_rank(lambda rows: np.minimum(one_way(rows, every), one_way(every, rows).T), count, size)


def stops_around(duration_s: NDArray[np.int32], count: int, size: int) -> NDArray[np.int32]:
    """Return the stops with the shortest drives there and back."""
    return _by_rank(lambda rows: duration_s[rows, :count].astype(np.int64) + duration_s[:count, rows].T, count, size)


def _by_rank(keys_of: Callable[[slice], Ints], count: int, size: int) -> NDArray[np.int32]:
    """Return the column numbers of each row's smallest keys in order, itself left out; few rows at a time."""
    ranked = np.empty((count, size), np.int32)
    for begin in range(0, count, ROWS_AT_A_TIME):
        rows = slice(begin, min(begin + ROWS_AT_A_TIME, count))
        # With its column each key is unlike all others, so what is cut off is the same everywhere.
        keys = keys_of(rows) * count + np.arange(count)
        keys[np.arange(rows.stop - begin), np.arange(begin, rows.stop)] = -1
        least = np.partition(keys, min(size, count - 1), axis=1)[:, : size + 1]
        ranked[rows] = np.sort(least, axis=1)[:, 1:] % count
    return ranked


def _alike(instance: Instance, tolls: Ints, travel: NDArray[np.int32]) -> Ints:
    """Return for each vehicle the first one that is the same in all that an insertion depends on."""
    count, fleet = instance.load.size, instance.capacity.size
    seen: dict[tuple[object, ...], int] = {}
    same = []
    for vehicle in range(fleet):
        start, end = count + vehicle, count + fleet + vehicle
        figures = (
            instance.capacity[vehicle],
            instance.start_first_s[vehicle],
            instance.start_last_s[vehicle],
            instance.end_s[vehicle],
            instance.over_allowed[vehicle],
            instance.fixed_cents[vehicle],
            instance.out[vehicle],
        )
        rows = (travel[start, :count].tobytes(), travel[:count, end].tobytes(), tolls[:, vehicle].tobytes())
        same.append(seen.setdefault((*(int(figure) for figure in figures), *rows), vehicle))
    return np.array(same, np.int64)


def _ends_alike(instance: Instance) -> Ints:
    """Return for each vehicle the first one that ends at the same place until the same instant."""
    count, fleet = instance.load.size, instance.capacity.size
    seen: dict[tuple[object, ...], int] = {}
    ends = [
        (
            int(instance.end_s[vehicle]),
            bool(instance.over_allowed[vehicle]),
            instance.duration_s[:count, count + fleet + vehicle].tobytes(),
        )
        for vehicle in range(fleet)
    ]
    return np.array([seen.setdefault(end, vehicle) for vehicle, end in enumerate(ends)], np.int64)


def short_leg_cost(instance: Instance, near: NDArray[np.int32]) -> float:
    """Return the median cost of a leg between neighbours, the measure of all temperatures."""
    tables = instance.duration_s, instance.distance_m
    return median_leg_cost(*tables, near, instance.duty_cents_per_h, instance.distance_cents_per_km)


def median_leg_cost(
    duration_s: NDArray[np.int32],
    distance_m: NDArray[np.int32],
    near: NDArray[np.int32],
    duty_cents_per_h: int,
    distance_cents_per_km: int,
) -> float:
    """Return the same of tables and prices."""
    count = len(near)
    rows, columns = np.arange(count)[:, None], near[:, : max(1, min(20, count - 1))]
    cost = distance_m[rows, columns].astype(np.int64) * distance_cents_per_km * (UNITS_PER_CENT // 1000)
    cost += duration_s[rows, columns].astype(np.int64) * duty_cents_per_h * (UNITS_PER_CENT // 3600)
    return max(1.0, float(np.median(cost))) if cost.size else 1.0
