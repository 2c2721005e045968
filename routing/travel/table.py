"""Quickest paths between many locations at once, on a customised hierarchy."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Snapped
from routing.network.road_network import RoadNetwork
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Customized, parts_ms

SOURCES_AT_ONCE = 64
"""One downward sweep relaxes this many sources in each step, which the compiler vectorises."""


def packed_table(
    network: RoadNetwork,
    customized: Customized,
    open_arc: NDArray[np.int64],
    snapped: Snapped,
) -> NDArray[np.int64]:
    """Return the packed time and length of the quickest path between all n x n locations.

    From a location the vehicle drives on to the end of its arc and through any turn there; it arrives from the tail of
    an arc, or straight ahead along the arc on which it stands. `open_arc` holds the weights as if nothing were closed:
    who stands on a closed arc may drive off it. NOT_REACHED where there is no path.
    """
    hierarchy, packed_arc = network.hierarchy, customized.arc
    rank = hierarchy.rank
    count = len(snapped)
    rest = partial_packed(network, open_arc, snapped.leave_arc, ARC_UNITS - snapped.leave_position)
    into = partial_packed(network, packed_arc, snapped.arrive_arc, snapped.arrive_position)
    start_of, start_rank, start_weight = _starts(network, customized, snapped, rest)
    start_first = np.searchsorted(start_of, np.arange(count + 1))
    swept = ancestors(hierarchy.up_first, hierarchy.up_head, rank[snapped.arrive_arc])
    arrive_row = np.searchsorted(swept, rank[snapped.arrive_arc])
    # A label at an arc's head includes the whole arc; the vehicle needs only the part up to the location.
    arrive_rest = np.where(into < NOT_REACHED, into - packed_arc[snapped.arrive_arc], NOT_REACHED)
    table = np.full((count, count), NOT_REACHED)
    _fill(
        hierarchy.up_first, hierarchy.up_head, customized.up, customized.down, start_first, start_rank, start_weight,
        swept, snapped.arrive_first, arrive_row, arrive_rest, table,
    )  # fmt: skip
    _straight_ahead(network, packed_arc, snapped, table)
    np.fill_diagonal(table, np.where(snapped.usable, 0, NOT_REACHED))
    return table


def partial_packed(
    network: RoadNetwork, packed_arc: NDArray[np.int64], arc: NDArray[np.int32], units: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the packed weight of a part of each arc: time to the nearest millisecond, length rounded down."""
    whole = packed_arc[arc]
    part = (parts_ms(units, whole >> LENGTH_BITS) << LENGTH_BITS) | part_mm(network.arc_length_mm[arc], units)
    return np.where(whole < NOT_REACHED, part, np.where(units > 0, NOT_REACHED, 0))


def part_mm(length_mm: NDArray[np.int64], units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the length in mm of `units` of each arc, rounded down."""
    return np.asarray((length_mm * (units >> 10)) >> 20)


def _starts(
    network: RoadNetwork, customized: Customized, snapped: Snapped, rest: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return, per turn that a location's vehicle may take first: location, rank of the arc turned into, weight."""
    first, last = network.turn_first[snapped.leave_arc], network.turn_first[snapped.leave_arc + 1]
    leave, turn = spread(first, last)
    location = np.repeat(np.arange(len(snapped)), np.diff(snapped.leave_first))[leave]
    entered = network.turn_to[turn]
    weight = rest[leave] + (network.turn_ms[turn].astype(np.int64) << LENGTH_BITS) + customized.arc[entered]
    possible = (rest[leave] < NOT_REACHED) & (customized.arc[entered] < NOT_REACHED)
    if customized.closed_turn.size:
        possible &= ~np.isin(turn, customized.closed_turn)
    return location[possible], network.hierarchy.rank[entered][possible], weight[possible]


@njit(cache=True)
def _fill(  # type: ignore[no-untyped-def]
    first, head, up, down, start_first, start_rank, start_weight, swept, arrive_first, arrive_row, arrive_rest, table,
):  # fmt: skip
    count = table.shape[0]
    row_of = np.full(first.size - 1, -1, np.int64)
    for row in range(swept.size):
        row_of[swept[row]] = row
    label = np.full(first.size - 1, NOT_REACHED)
    climber = np.empty(start_rank.size, np.int64)
    swept_label = np.empty((swept.size, SOURCES_AT_ONCE), np.int64)
    for begin in range(0, count, SOURCES_AT_ONCE):
        end = min(begin + SOURCES_AT_ONCE, count)
        for row in range(swept.size):
            for column in range(SOURCES_AT_ONCE):
                swept_label[row, column] = NOT_REACHED
        for source in range(begin, end):
            for k in range(start_first[source], start_first[source + 1]):
                climber[k] = start_rank[k]
                label[climber[k]] = min(label[climber[k]], start_weight[k])
            rank = _lowest(climber, start_first[source], start_first[source + 1])
            while rank >= 0:
                reached = label[rank]
                label[rank] = NOT_REACHED
                if row_of[rank] >= 0:
                    swept_label[row_of[rank], source - begin] = reached
                for slot in range(first[rank], first[rank + 1]):
                    if reached + up[slot] < label[head[slot]]:
                        label[head[slot]] = reached + up[slot]
                parent = -1 if first[rank] == first[rank + 1] else np.int64(head[first[rank]])
                for k in range(start_first[source], start_first[source + 1]):
                    if climber[k] == rank:
                        climber[k] = parent
                rank = _lowest(climber, start_first[source], start_first[source + 1])
        _sweep(first, head, down, swept, row_of, swept_label)
        for target in range(count):
            for k in range(arrive_first[target], arrive_first[target + 1]):
                if arrive_rest[k] < NOT_REACHED:
                    for source in range(begin, end):
                        reached = swept_label[arrive_row[k], source - begin]
                        if reached < NOT_REACHED and reached + arrive_rest[k] < table[source, target]:
                            table[source, target] = reached + arrive_rest[k]


@njit(cache=True)
def _lowest(climber, begin, end):  # type: ignore[no-untyped-def]
    """Return the lowest rank at which one of the climbers stands, -1 where all are past the root."""
    lowest = np.int64(-1)
    for k in range(begin, end):
        if climber[k] >= 0 and (lowest < 0 or climber[k] < lowest):
            lowest = climber[k]
    return lowest


def ancestors(first: NDArray[np.int64], head: NDArray[np.int32], ranks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the ranks on the elimination-tree paths from the given ones to the root, increasing."""
    marked = np.zeros(first.size - 1, np.bool_)
    _climb(first, head, ranks, marked)
    return np.flatnonzero(marked)


@njit(cache=True)
def _climb(first, head, ranks, marked):  # type: ignore[no-untyped-def]
    """Mark the ancestors of some ranks."""
    for k in range(ranks.size):
        at = np.int64(ranks[k])
        while not marked[at]:
            marked[at] = True
            if first[at] < first[at + 1]:
                at = np.int64(head[first[at]])


@njit(cache=True)
def _sweep(first, head, down, swept, row_of, label):  # type: ignore[no-untyped-def]
    """Hand the labels down: from the highest rank to the lowest, each arc for all sources at once."""
    for row in range(swept.size - 1, -1, -1):
        mine = label[row]
        for slot in range(first[swept[row]], first[swept[row] + 1]):
            above = label[row_of[head[slot]]]
            weight = down[slot]
            for source in range(SOURCES_AT_ONCE):
                reached = above[source] + weight
                mine[source] = reached if reached < mine[source] else mine[source]


def _straight_ahead(
    network: RoadNetwork, packed_arc: NDArray[np.int64], snapped: Snapped, table: NDArray[np.int64]
) -> None:
    """Lower the pairs that stand on one arc, the second ahead of the first."""
    order = np.argsort(snapped.arrive_arc, kind="stable")
    sorted_arc = snapped.arrive_arc[order]
    first = np.searchsorted(sorted_arc, snapped.leave_arc, side="left")
    leave, found = spread(first, np.searchsorted(sorted_arc, snapped.leave_arc, side="right"))
    arrive = order[found]
    arc = snapped.leave_arc[leave]
    units = snapped.arrive_position[arrive] - snapped.leave_position[leave]
    ahead = units >= 0
    source = np.repeat(np.arange(len(snapped)), np.diff(snapped.leave_first))[leave[ahead]]
    target = np.repeat(np.arange(len(snapped)), np.diff(snapped.arrive_first))[arrive[ahead]]
    np.minimum.at(table, (source, target), partial_packed(network, packed_arc, arc[ahead], units[ahead]))


def spread(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every index from first[i] to last[i], i after i, and beside it i itself."""
    size = last - first
    begin = np.cumsum(size) - size
    return np.repeat(np.arange(first.size), size), np.repeat(first - begin, size) + np.arange(size.sum())
