"""Quickest paths between many locations at once, on a customised hierarchy."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Snapped
from routing.network.road_network import RoadNetwork
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Customized, part_ms

SOURCES_AT_ONCE = 64
"""One downward sweep relaxes this many sources in each step, which the compiler vectorises."""


def packed_table(
    network: RoadNetwork, customized: Customized, packed_arc: NDArray[np.int64], snapped: Snapped
) -> NDArray[np.int64]:
    """Return the packed time and length of the quickest path between all n x n locations.

    From a location the vehicle drives on to the end of its arc and through any turn there; it arrives from the tail of
    an arc, or straight ahead along the arc on which it stands. NOT_REACHED where there is no path.
    """
    hierarchy = network.hierarchy
    rank = hierarchy.rank
    count = len(snapped)
    rest = partial_packed(network, packed_arc, snapped.leave_arc, ARC_UNITS - snapped.leave_position)
    into = partial_packed(network, packed_arc, snapped.arrive_arc, snapped.arrive_position)
    start_of, start_rank, start_weight = _starts(network, packed_arc, snapped, rest)
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
    _straight_ahead(
        packed_arc, network.arc_length_mm, snapped.leave_first, snapped.leave_arc, snapped.leave_position,
        snapped.arrive_first, snapped.arrive_arc, snapped.arrive_position, table,
    )  # fmt: skip
    np.fill_diagonal(table, np.where(snapped.usable, 0, NOT_REACHED))
    return table


def partial_packed(
    network: RoadNetwork, packed_arc: NDArray[np.int64], arc: NDArray[np.int32], units: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the packed weight of a part of each arc: time to the nearest millisecond, length rounded down."""
    whole = packed_arc[arc]
    part = (part_ms(units, whole >> LENGTH_BITS) << LENGTH_BITS) | part_mm(network.arc_length_mm[arc], units)
    return np.where(whole < NOT_REACHED, part, np.where(units > 0, NOT_REACHED, 0))


def part_mm(length_mm: NDArray[np.int64], units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the length in mm of `units` of each arc, rounded down."""
    return np.asarray((length_mm * (units >> 10)) >> 20)


def _starts(
    network: RoadNetwork, packed_arc: NDArray[np.int64], snapped: Snapped, rest: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return, per turn that a location's vehicle may take first: location, rank of the arc turned into, weight."""
    first, last = network.turn_first[snapped.leave_arc], network.turn_first[snapped.leave_arc + 1]
    per_leave = last - first
    turn = np.repeat(first - np.concatenate(([0], np.cumsum(per_leave)[:-1])), per_leave) + np.arange(per_leave.sum())
    leave = np.repeat(np.arange(snapped.leave_arc.size), per_leave)
    location = np.repeat(np.arange(len(snapped)), np.diff(snapped.leave_first))[leave]
    entered = network.turn_to[turn]
    weight = rest[leave] + (network.turn_ms[turn].astype(np.int64) << LENGTH_BITS) + packed_arc[entered]
    possible = (rest[leave] < NOT_REACHED) & (packed_arc[entered] < NOT_REACHED)
    return location[possible], network.hierarchy.rank[entered][possible], weight[possible]


@njit(cache=True)
def _fill(  # type: ignore[no-untyped-def]
    first,
    head,
    up,
    down,
    start_first,
    start_rank,
    start_weight,
    swept,
    arrive_first,
    arrive_row,
    arrive_rest,
    table,
):
    count = table.shape[0]
    row_of = np.full(first.size - 1, -1, np.int64)
    for row in range(swept.size):
        row_of[swept[row]] = row
    label = np.full(first.size - 1, NOT_REACHED)
    marked = np.zeros(first.size - 1, np.bool_)
    climbed = np.empty(first.size - 1, np.int64)
    swept_label = np.empty((swept.size, SOURCES_AT_ONCE), np.int64)
    for begin in range(0, count, SOURCES_AT_ONCE):
        end = min(begin + SOURCES_AT_ONCE, count)
        swept_label[:] = NOT_REACHED
        for source in range(begin, end):
            starts = slice(start_first[source], start_first[source + 1])
            size = _climb(first, head, start_rank[starts], marked, climbed)
            for k in range(starts.start, starts.stop):
                label[start_rank[k]] = min(label[start_rank[k]], start_weight[k])
            for rank in climbed[:size]:
                reached = label[rank]
                if row_of[rank] >= 0:
                    swept_label[row_of[rank], source - begin] = reached
                for slot in range(first[rank], first[rank + 1]):
                    if reached + up[slot] < label[head[slot]]:
                        label[head[slot]] = reached + up[slot]
            label[climbed[:size]] = NOT_REACHED
        _sweep(first, head, down, swept, row_of, swept_label)
        for target in range(count):
            for k in range(arrive_first[target], arrive_first[target + 1]):
                if arrive_rest[k] < NOT_REACHED:
                    for source in range(begin, end):
                        reached = swept_label[arrive_row[k], source - begin]
                        if reached < NOT_REACHED and reached + arrive_rest[k] < table[source, target]:
                            table[source, target] = reached + arrive_rest[k]


def ancestors(first: NDArray[np.int64], head: NDArray[np.int32], ranks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the ranks on the elimination-tree paths from the given ones to the root, increasing."""
    climbed = np.empty(first.size - 1, np.int64)
    size = _climb(first, head, ranks, np.zeros(first.size - 1, np.bool_), climbed)
    return climbed[:size].copy()


@njit(cache=True)
def _climb(first, head, ranks, marked, climbed):  # type: ignore[no-untyped-def]
    """Write the ancestors of a few ranks to `climbed`, increasing, and return how many; leaves `marked` clean."""
    size = 0
    for rank in ranks:
        at = np.int64(rank)
        while not marked[at]:
            marked[at] = True
            climbed[size] = at
            size += 1
            if first[at] == first[at + 1]:
                break
            at = np.int64(head[first[at]])
    for k in range(size):
        marked[climbed[k]] = False
    climbed[:size].sort()
    return size


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


@njit(cache=True)
def _straight_ahead(  # type: ignore[no-untyped-def]
    packed_arc,
    length_mm,
    leave_first,
    leave_arc,
    leave_position,
    arrive_first,
    arrive_arc,
    arrive_position,
    table,
):
    """Lower the pairs that stand on one arc, the second ahead of the first."""
    order = np.argsort(arrive_arc, kind="mergesort")
    sorted_arc = arrive_arc[order]
    location = np.empty(arrive_arc.size, np.int64)
    for target in range(table.shape[0]):
        location[arrive_first[target] : arrive_first[target + 1]] = target
    for source in range(table.shape[0]):
        for leave in range(leave_first[source], leave_first[source + 1]):
            arc = leave_arc[leave]
            if packed_arc[arc] >= NOT_REACHED:
                continue
            for k in range(np.searchsorted(sorted_arc, arc), sorted_arc.size):
                if sorted_arc[k] != arc:
                    break
                units = arrive_position[order[k]] - leave_position[leave]
                if units >= 0:
                    time_ms = part_ms(units, packed_arc[arc] >> LENGTH_BITS)
                    direct = (time_ms << LENGTH_BITS) | ((length_mm[arc] * (units >> 10)) >> 20)
                    if direct < table[source, location[order[k]]]:
                        table[source, location[order[k]]] = direct
