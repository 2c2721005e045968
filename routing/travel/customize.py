"""Push the weights of one slice through the hierarchy.

A weight packs time and length into one integer, milliseconds above and millimetres below: sums of packed weights
are packed sums, and the smaller of two is the quicker, and of two equally quick the shorter, without carrying
lengths along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS
from routing.network.road_network import RoadNetwork
from routing.travel.metric import Metric

NOT_REACHED = np.int64(1 << 61)
"""Beyond every path: 2^29 ms are 149 hours; two of them still add up without overflow."""
LENGTH_BITS = 32
"""Room for 4,294 km of millimetres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customized:
    """Hold the packed weights of one slice: of the a arcs, and of the m hierarchy arcs, driven upward and downward."""

    arc: NDArray[np.int64]
    """NOT_REACHED where the arc is closed, a."""
    closed_turn: NDArray[np.int32]
    """Turns that may not be made, increasing."""
    up: NDArray[np.int64]
    down: NDArray[np.int64]


def parts_ms(units: NDArray[np.int64], whole_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the time of `units` of each arc (of ARC_UNITS) to the nearest millisecond."""
    return (units * whole_ms + ARC_UNITS // 2) // ARC_UNITS


part_ms: Any = njit(cache=True)(parts_ms)
"""The same formula for one arc, within the compiled searches."""


def pack(time_ms: NDArray[np.int32], length_mm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pack times and lengths elementwise."""
    return (time_ms.astype(np.int64) << LENGTH_BITS) | length_mm


def packed_arcs(network: RoadNetwork, arc_ms: NDArray[np.int32], closed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the packed weight of each arc in a slice, NOT_REACHED where it is closed, a."""
    return np.where(closed, NOT_REACHED, pack(arc_ms, network.arc_length_mm))


def customize(network: RoadNetwork, packed_arc: NDArray[np.int64], closed_turn: NDArray[np.int32]) -> Customized:
    """Return the weights of the hierarchy's arcs for the packed weights of the a road arcs and the turns left out."""
    hierarchy = network.hierarchy
    weight = np.minimum(packed_arc[network.turn_to] + (network.turn_ms.astype(np.int64) << LENGTH_BITS), NOT_REACHED)
    weight[closed_turn] = NOT_REACHED
    both = np.full(2 * hierarchy.up_head.size, NOT_REACHED)
    enters = hierarchy.turn_slot >= 0
    np.minimum.at(both, hierarchy.turn_slot[enters], weight[enters])
    up, down = both[: hierarchy.up_head.size].copy(), both[hierarchy.up_head.size :].copy()
    _relax_triangles(hierarchy.up_first, hierarchy.up_head, up, down)
    return Customized(arc=packed_arc, closed_turn=closed_turn, up=up, down=down)


class Weights:
    """Customise the slices of a metric when they are first asked for, and keep them.

    A slice may also be `None`: the least time that each arc takes in any slice, a bound for all of them; what is open
    in any slice is open in it.
    """

    def __init__(self, network: RoadNetwork, metric: Metric) -> None:
        self._network = network
        self._metric = metric
        self._made: dict[int | None, Customized] = {}

    def of(self, slice_index: int | None) -> Customized:
        """Return the weights of a slice."""
        if slice_index not in self._made:
            times, closed = self._metric.arc_ms, self._metric.closed
            turns, turn_closed = self._metric.timed_turn, self._metric.turn_closed
            if slice_index is None:
                least_ms = np.where(closed, np.iinfo(np.int32).max, times).min(axis=0)
                packed = packed_arcs(self._network, least_ms, np.asarray(closed.all(axis=0)))
                closed_turn = turns[turn_closed.all(axis=0)]
            else:
                packed = packed_arcs(self._network, times[slice_index], closed[slice_index])
                # Without timed turns the one row stands for every slice.
                closed_turn = turns[turn_closed[slice_index]] if turns.size else turns
            self._made[slice_index] = customize(self._network, packed, closed_turn)
        return self._made[slice_index]


@njit(cache=True)
def _relax_triangles(first, head, up, down):  # type: ignore[no-untyped-def]
    """Lower every shortcut over each lower triangle; the neighbours above a vertex are all joined, in order."""
    for vertex in range(first.size - 1):
        end = first[vertex + 1]
        for one in range(first[vertex], end):
            middle = head[one]
            into, out = down[one], up[one]
            slot = first[middle]
            for other in range(one + 1, end):
                while head[slot] != head[other]:
                    slot += 1
                if into + up[other] < up[slot]:
                    up[slot] = into + up[other]
                if down[other] + out < down[slot]:
                    down[slot] = down[other] + out
