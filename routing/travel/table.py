"""Quickest paths between many locations at once, on a customised hierarchy.

The highest vertex of a quickest path is an ancestor, in the elimination tree, of both its ends (Dibbelt, Strasser and
Wagner, 2016). So every location gets a label at each of its ancestors, a few hundred: how far up to it, or down from
it. A pair's answer is the least sum over the ancestors that both have, the buckets of Knopp et al. ("Computing
Many-to-Many Shortest Paths Using Highway Hierarchies", 2007). Locations that share an ancestor are neighbours where
they are sorted by rank: blocks of them climb together, a bucket is a row of whole blocks, and the sums are a product
of matrices with (min, +); the compiler vectorises all of it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.spread import spread
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Customized, pack, parts_mm, parts_ms

Ends = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]
"""Of each location some ranks and packed weights: those of i begin at the i-th of the first array (CSR)."""
BLOCK = 16
"""So many locations climb together, each arc relaxing all of them in a few vector steps."""
TILE = 16
"""The sums of a block of sources to so many blocks of targets stay in the processor's nearest cache."""


def packed_table(
    network: RoadNetwork, customized: Customized, arc_ms: NDArray[np.int32], snapped: Snapped
) -> NDArray[np.int64]:
    """Return the packed time and length of the quickest path between all n x n locations.

    From a location the vehicle drives on to the end of its arc and through any turn there; it arrives from the tail of
    an arc, or straight ahead along the arc on which it stands. `arc_ms` are the times of the arcs as if nothing were
    closed: who stands on a closed arc may drive off it. NOT_REACHED where there is no path.
    """
    hierarchy = network.hierarchy
    count = len(snapped)
    start, arrive = ends_of(network, customized, arc_ms, snapped)
    lowest = np.full(count, hierarchy.rank.size, np.int64)
    np.minimum.at(lowest, np.repeat(np.arange(count), np.diff(arrive[0])), arrive[1])
    order = np.argsort(lowest, kind="stable")
    table = np.full((count, count), NOT_REACHED)
    _fill(hierarchy.up_first, hierarchy.up_head, customized.both, *start, *arrive, order, table)
    source, target, packed = straight_ahead(network, customized.arc, snapped)
    np.minimum.at(table, (source, target), packed)
    np.fill_diagonal(table, np.where(snapped.usable, 0, NOT_REACHED))
    return table


def ends_of(
    network: RoadNetwork, customized: Customized, arc_ms: NDArray[np.int32], snapped: Snapped
) -> tuple[Ends, Ends]:
    """Return at which ranks, and with which weights, paths from each location begin and those to it end."""
    into = partial_packed(network, customized.arc, snapped.arrive_arc, snapped.arrive_position)
    usable = into < NOT_REACHED
    # A label at an arc's head includes the whole arc; the vehicle needs only the part up to the location.
    first = np.concatenate(([0], np.cumsum(usable)))[snapped.arrive_first]
    rank = network.hierarchy.rank[snapped.arrive_arc[usable]]
    weight = into[usable] - customized.arc[snapped.arrive_arc[usable]]
    return _starts(network, customized, arc_ms, snapped), (first, rank, weight)


def partial_packed(
    network: RoadNetwork, packed_arc: NDArray[np.int64], arc: NDArray[np.int32], units: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the packed weight of a part of each arc: time to the nearest millisecond, length to the centimetre."""
    whole = packed_arc[arc]
    part = pack(parts_ms(units, whole >> LENGTH_BITS), parts_mm(network.arc_length_mm[arc], units))
    return np.where(whole < NOT_REACHED, part, np.where(units > 0, NOT_REACHED, 0))


def _starts(network: RoadNetwork, customized: Customized, arc_ms: NDArray[np.int32], snapped: Snapped) -> Ends:
    """Return, per turn that a location's vehicle may take first, rank of the arc turned into and weight (CSR)."""
    arc, units = snapped.leave_arc, ARC_UNITS - snapped.leave_position
    rest = pack(parts_ms(units, arc_ms[arc].astype(np.int64)), parts_mm(network.arc_length_mm[arc], units))
    leave, turn = spread(network.turn_first[arc], network.turn_first[arc + 1])
    location = np.repeat(np.arange(len(snapped)), np.diff(snapped.leave_first))[leave]
    onto = network.turn_to[turn]
    weight = rest[leave] + (network.turn_ms[turn].astype(np.int64) << LENGTH_BITS) + customized.arc[onto]
    possible = customized.arc[onto] < NOT_REACHED
    if customized.closed_turn.size:
        possible &= ~np.isin(turn, customized.closed_turn)
    first = np.searchsorted(location[possible], np.arange(len(snapped) + 1))
    return first, network.hierarchy.rank[onto[possible]], weight[possible]


@njit(cache=True)
def _fill(  # type: ignore[no-untyped-def]
    first, head, both, start_first, start_rank, start_weight, arrive_first, arrive_rank, arrive_weight, order, table,
):  # fmt: skip
    """Write the least sum of labels of each pair; blocks of locations are taken in `order`."""
    row_of = np.full(first.size - 1, -1, np.int64)
    found = np.empty(first.size - 1, np.int64)
    low, row_first, row = _rows(first, head, both, arrive_first, arrive_rank, arrive_weight, order, row_of, found)
    blocks = (order.size + BLOCK - 1) // BLOCK
    best = np.empty((BLOCK, TILE * BLOCK), np.int64)
    for block in range(blocks):
        size = gather(first, head, start_first, start_rank, order, block, row_of, found)
        label = climb(first, head, both, 0, start_first, start_rank, start_weight, order, block, row_of, found, size)
        for begin in range(0, blocks, TILE):
            end = min(begin + TILE, blocks)
            for source in range(BLOCK):
                for column in range(TILE * BLOCK):
                    best[source, column] = NOT_REACHED
            for k in range(size):
                at = row_first[found[k]] - low[found[k]]
                left, right = max(low[found[k]], begin), min(row_first[found[k] + 1] - at, end)
                for source in range(BLOCK):
                    if left < right and label[k, source] < NOT_REACHED:
                        _meet(label[k, source], row, at, left, right, best[source], begin)
            for source in range(min(BLOCK, order.size - block * BLOCK)):
                for target in range(begin * BLOCK, min(end * BLOCK, order.size)):
                    table[order[block * BLOCK + source], order[target]] = best[source, target - begin * BLOCK]


@njit(cache=True)
def _meet(reached, row, at, left, right, best, begin):  # type: ignore[no-untyped-def]
    """Lower the sums of a source, with its label at a rank, to some blocks of targets with theirs."""
    # Unsigned, so that no index is taken for one from the end: only then are the loops vectorised.
    one, other = np.uint64((at + left) * BLOCK), np.uint64((left - begin) * BLOCK)
    for column in range(np.uint64((right - left) * BLOCK)):
        best[other + column] = min(best[other + column], reached + row[one + column])


@njit(cache=True)
def _rows(first, head, both, item_first, item_rank, item_weight, order, row_of, found):  # type: ignore[no-untyped-def]
    """Return per rank the first block of locations below it, where its row begins, and the rows of labels in blocks."""
    blocks = (order.size + BLOCK - 1) // BLOCK
    low = np.full(first.size - 1, blocks, np.int64)
    row_first = np.zeros(first.size, np.int64)
    for block in range(blocks):
        for k in range(gather(first, head, item_first, item_rank, order, block, row_of, found)):
            low[found[k]] = min(low[found[k]], block)
            row_first[found[k] + 1] = block + 1 - low[found[k]]
    for rank in range(first.size - 1):
        row_first[rank + 1] += row_first[rank]
    row = np.full(row_first[first.size - 1] * BLOCK, NOT_REACHED)
    for block in range(blocks):
        size = gather(first, head, item_first, item_rank, order, block, row_of, found)
        label = climb(first, head, both, 1, item_first, item_rank, item_weight, order, block, row_of, found, size)
        for k in range(size):
            at = (row_first[found[k]] + block - low[found[k]]) * BLOCK
            for column in range(BLOCK):
                row[at + column] = label[k, column]
    return low, row_first, row


@njit(cache=True)
def gather(first, head, item_first, item_rank, order, block, row_of, found):  # type: ignore[no-untyped-def]
    """Write the ancestors of a block of locations into `found`, each before those below it; return how many they are.

    A path ends where it meets an earlier one, so later paths, each from its top, follow the earlier ones. `row_of`,
    all -1 before and after, marks them meanwhile.
    """
    size = 0
    for place in range(block * BLOCK, min((block + 1) * BLOCK, order.size)):
        for k in range(item_first[order[place]], item_first[order[place] + 1]):
            at, begin = np.int64(item_rank[k]), size
            while row_of[at] < 0:
                row_of[at] = 0
                found[size] = at
                size += 1
                if first[at] < first[at + 1]:
                    at = np.int64(head[first[at]])
            for step in range((size - begin) // 2):
                found[begin + step], found[size - 1 - step] = found[size - 1 - step], found[begin + step]
    for k in range(size):
        row_of[found[k]] = -1
    return size


@njit(cache=True)
def climb(  # type: ignore[no-untyped-def]
    first, head, both, side, item_first, item_rank, item_weight, order, block, row_of, found, size
):
    """Return the least packed weights of a block of locations at the ranks that `gather` found, size x BLOCK.

    Location i begins at the ranks item_rank[item_first[i]:item_first[i + 1]] with their weights, which may be below 0,
    and climbs by the weights of one side of `both`: 0 for paths up from it, 1 for paths down to it.
    """
    label = np.empty((size, BLOCK), np.int64)
    for row in range(size):
        row_of[found[row]] = row
        for column in range(BLOCK):
            label[row, column] = NOT_REACHED
    for place in range(block * BLOCK, min((block + 1) * BLOCK, order.size)):
        for k in range(item_first[order[place]], item_first[order[place] + 1]):
            row, column = row_of[item_rank[k]], place % BLOCK
            label[row, column] = min(label[row, column], item_weight[k])
    for row in range(size - 1, -1, -1):
        mine, rank = label[np.uint64(row)], found[row]
        row_of[rank] = -1
        for slot in range(first[rank], first[rank + 1]):
            # A closed arc after a label below 0 must not look open.
            if both[slot, side] < NOT_REACHED:
                relax(label[np.uint64(row_of[head[slot]])], mine, both[slot, side])
    return label


@njit(cache=True)
def relax(label, other, weight):  # type: ignore[no-untyped-def]
    """Lower the labels of a block of locations to another rank's with the weight between them."""
    # A function of its own, called with unsigned indices: only then does the compiler vectorise the loop.
    for column in range(label.size):
        label[column] = min(label[column], other[column] + weight)


def straight_ahead(
    network: RoadNetwork, packed_arc: NDArray[np.int64], snapped: Snapped
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of locations that stand on one arc, the second ahead of the first, with the weight between."""
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
    return source, target, partial_packed(network, packed_arc, arc[ahead], units[ahead])
