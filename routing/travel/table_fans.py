"""Quickest paths between a few locations and all others: the rows and columns that a table lacks.

A day's places are the same from one question to the next, but for the vehicles' positions. A table of all of them lets
every location climb the hierarchy; here only the few do, and one sweep down, over the ranks from which the others can
be told, reaches those: the restricted sweep of Delling, Goldberg and Werneck ("Faster Batched Shortest Paths in Road
Networks", 2011) on a customised hierarchy. The numbers are those of the whole table.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import Snapped
from routing.network.road_network import RoadNetwork
from routing.network.spread import spread
from routing.travel.customize import NOT_REACHED, Customized
from routing.travel.table import ends_of, relax, straight_ahead

LANES = 8
"""Whole vectors of the processor: so many locations are swept in nearly the time of one."""
MOST = 32
"""More at once leave its cache."""


class Fans:
    """Make the rows and columns of a few of n locations, slice by slice."""

    def __init__(self, network: RoadNetwork, snapped: Snapped, few: NDArray[np.int64]) -> None:
        self._network, self._snapped, self._few = network, snapped, few
        hierarchy = network.hierarchy
        leave, turns = network.turn_first[snapped.leave_arc], network.turn_first[snapped.leave_arc + 1]
        ends = np.unique(np.concatenate((snapped.arrive_arc, network.turn_to[spread(leave, turns)[1]])))
        topology = hierarchy.up_first, hierarchy.up_head
        self._ranks, self._place = _ancestors(*topology, hierarchy.rank[ends])

    def packed(self, customized: Customized, arc_ms: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the packed time and length from each of f locations to all n, and to each of them from all; f x n.

        What `packed_table` says of these pairs, to the last bit.
        """
        network, snapped, few = self._network, self._snapped, self._few
        hierarchy = network.hierarchy
        start, arrive = ends_of(network, customized, arc_ms, snapped)
        away, towards = (np.full((few.size, len(snapped)), NOT_REACHED) for _ in range(2))
        for side, near, far, fan in ((0, start, arrive, away), (1, arrive, start, towards)):
            for begin in range(0, few.size, MOST):
                _fan(
                    hierarchy.up_first, hierarchy.up_head, customized.both, side, self._ranks, self._place,
                    *near, *far, few[begin : begin + MOST], fan[begin : begin + MOST],
                )  # fmt: skip
        row = np.full(len(snapped), -1)
        row[few] = np.arange(few.size)
        source, target, packed = straight_ahead(network, customized.arc, snapped)
        for one, other, fan in ((source, target, away), (target, source, towards)):
            ours = row[one] >= 0
            np.minimum.at(fan, (row[one[ours]], other[ours]), packed[ours])
            fan[np.arange(few.size), few] = np.where(snapped.usable[few], 0, NOT_REACHED)
        return away, towards


@njit(cache=True)
def _ancestors(first, head, ends):  # type: ignore[no-untyped-def]
    """Return the ranks of some vertices and all above them, increasing, and where each rank stands there or -1."""
    place = np.full(first.size - 1, -1, np.int32)
    for end in ends:
        at = np.int64(end)
        while place[at] < 0:
            place[at] = 0
            if first[at] < first[at + 1]:
                at = np.int64(head[first[at]])
    ranks = np.flatnonzero(place == 0)
    place[ranks] = np.arange(ranks.size)
    return ranks, place


@njit(cache=True)
def _fan(  # type: ignore[no-untyped-def]
    first, head, both, side, ranks, place, near_first, near_rank, near_weight, far_first, far_rank, far_weight, few,
    fan,
):  # fmt: skip
    """Write the least sums between `few` locations and all; with side 0 they are left, with side 1 reached."""
    reached = np.full((ranks.size, (few.size + LANES - 1) // LANES * LANES), NOT_REACHED)
    climbed = np.zeros(ranks.size, np.bool_)
    for column in range(few.size):
        for k in range(near_first[few[column]], near_first[few[column] + 1]):
            at = place[near_rank[k]]
            climbed[at] = True
            reached[at, column] = min(reached[at, column], near_weight[k])
    # Up from the few, each rank after those below it; then down to all that stand above the others.
    for k in range(ranks.size):
        if climbed[k]:
            for slot in range(first[ranks[k]], first[ranks[k] + 1]):
                above = place[head[slot]]
                climbed[above] = True
                # A closed arc after a label below 0 must not look open.
                if both[slot, side] < NOT_REACHED:
                    relax(reached[np.uint64(above)], reached[np.uint64(k)], both[slot, side])
    for k in range(ranks.size - 1, -1, -1):
        for slot in range(first[ranks[k]], first[ranks[k] + 1]):
            if both[slot, 1 - side] < NOT_REACHED:
                relax(reached[np.uint64(k)], reached[np.uint64(place[head[slot]])], both[slot, 1 - side])
    for far in range(far_first.size - 1):
        for k in range(far_first[far], far_first[far + 1]):
            at = place[far_rank[k]]
            for column in range(few.size):
                if reached[at, column] < NOT_REACHED:
                    fan[column, far] = min(fan[column, far], reached[at, column] + far_weight[k])
