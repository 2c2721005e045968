"""Hold routes as sequences and the room that walking them needs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.walk_data import BREAKS, DIMENSIONS, MOST_RELOADS, WalkData

Ints = NDArray[np.int64]

Number = Any
"""A whole number, be it Python's or an array's: compiled code makes no difference."""

(
    ENTRY,
    HOP_ON_S,
    METRES_ON,
    REACHED_S,
    LAST_READY_S,
    PLAIN_END_S,
    PLAIN_S,
    PLAIN_LATE_S,
    TAIL_S,
    TAIL_EARLY_S,
    HALT_STAY_S,
    BEGINS_S,
    ENDS_S,
    TRIP,
    ROOM,
) = range(15)
"""Figures of a halt: its node; seconds (with setup) and metres to the next one; the earliest instant at which it is
left, whatever is taken on the way; the latest at which one may be ready there; then, as if nobody rested, the earliest
end, the shortest duration and the latest begin of the route up to there, duration and earliest begin of the route on
from there; seconds there, the bounds of its begin, and the trip. From `ROOM` on its loads."""
UP_TO, ON_FROM, ABOARD = range(3)
"""Greatest amount of a load in the trip up to a halt, on from it, and after it; from `ROOM` + 3 x load on."""
ROUTE, PLACE = range(2)
"""Of a stop its vehicle, -1 for none, and its place in the order."""
LENGTH, COST, USED = range(3)
"""Of a vehicle its count of entries and its cost; from `USED` on what it takes of each load from each depot."""
END, DURATION, LATEST, SINCE, SPLIT, PAID, LATE = range(7)
"""Figures of a label: earliest end, duration and latest begin of the route so far, driven since the last break, whether
the first part of a split one was taken, what lateness and start fees cost, and the lateness."""
RELEASES, REACHED, STACK, MARK, KINDS_ABOARD, SUMS, SEEN, TRIED = (*range(7), 13)
"""Rows of a walk: the release of each trip; the earliest end of each halt; shipments by when they were loaded; by stop
in which trip it was loaded; kinds of goods on board; sums; by node for which look the place after it was seen last; and
the ends of the halts where a later departure than the earliest is tried."""
KEY, VEHICLE, AT, SECOND, RELOAD_BEFORE, RELOAD_AFTER = range(7, 13)
"""Rows of the places that were noted for a request: what it is thought to add to the cost; the vehicle; before which
entry it goes, and of a shipment before which one its delivery; the depot of a reload right before or after it or -1."""
BASE, TRIP_LOAD, NOW, PEAK, LEFT, USE = range(14, 20)
"""Rows by load: what is on board before a trip, what it delivers, what comes to that now and at most, and what it has
handed over of the first; from `USE` on what is taken from each depot."""
STAMP, BREAKS_BEFORE, ROUTE_METRES, ROUTE_DRIVE_S, ROUTE_FEES, NOTED, CEILING, LOOK = range(8)
"""Sums: the number of the last trip, the breaks that are over before the start, metres, drive, tolls and follow fees of
the last walk; how many places are noted, the key that a further one stays below, and the number of the look."""
SPARE = 8


class WalkState(NamedTuple):
    """Hold the routes; an entry below n is a stop, n + k a reload at depot k."""

    order: NDArray[np.int32]
    """v x most."""
    where: Ints
    """n x 2."""
    sums: Ints
    """v x (USED + r x d)."""
    halt: Ints
    """Figures of the start, each entry and the end, v x (most + 2) x (ROOM + 3d)."""


class Scratch(NamedTuple):
    """Hold what one walk needs and nobody keeps."""

    labels: Ints
    """By breaks taken, and two for trials, (b + 3) x 7."""
    trial: NDArray[np.int32]
    rows: Ints


def empty_walk_state(data: WalkData) -> WalkState:
    """Return the state without any stop served and without figures."""
    (count, fleet), depots, dims = data.service.shape[:2], len(data.depots), int(data.facts[DIMENSIONS])
    most = most_entries(data)
    where = np.zeros((count, 2), np.int64)
    where[:, ROUTE] = -1
    return WalkState(
        order=np.zeros((fleet, most), np.int32),
        where=where,
        sums=np.zeros((fleet, USED + depots * dims), np.int64),
        halt=np.zeros((fleet, most + 2, ROOM + 3 * dims), np.int64),
    )


def new_scratch(data: WalkData) -> Scratch:
    """Return room for one walk at a time."""
    most, depots = most_entries(data), len(data.depots)
    width = max(most, data.travel.shape[1], data.goods.shape[1], int(data.facts[DIMENSIONS])) + 4 * SPARE
    return Scratch(
        labels=np.zeros((int(data.fleet[:, BREAKS].max()) + 3, 7), np.int64),
        trial=np.zeros(most + SPARE, np.int32),
        rows=np.zeros((USE + depots, width), np.int64),
    )


def most_entries(data: WalkData) -> int:
    """Return how many entries an order may have: every stop, and a reload before each but one at most."""
    count, depots = len(data.stops), len(data.depots)
    reloading = data.fleet[:, data.fleet.shape[1] - depots :].any(axis=1)
    reloads = int(np.where(reloading, np.minimum(data.fleet[:, MOST_RELOADS], count), 0).max())
    return count + reloads + SPARE


def orders_of_walk(state: WalkState) -> tuple[tuple[int, ...], ...]:
    """Return the entries of each vehicle in order."""
    return tuple(
        tuple(int(entry) for entry in order[:length])
        for order, length in zip(state.order, state.sums[:, LENGTH], strict=True)
    )
