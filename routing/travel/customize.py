"""Push the weights of one slice through the hierarchy.

A weight packs time and length into one integer, milliseconds above and centimetres below: sums of packed weights
are packed sums, and the smaller of two is the quicker, and of two equally quick the shorter, without carrying
lengths along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS
from routing.network.road_network import RoadNetwork
from routing.travel.metric import Metric

LENGTH_BITS = 31
"""Room for 21,474 km of centimetres: no drive between two places on earth is longer."""
NOT_REACHED = np.int64(1 << 61)
"""Beyond every path: 2^30 ms are 298 hours, 1,490 km on foot; two of them still add up without overflow."""
LOCAL_SHARE = 0.15
"""Where fewer ranks than this may have changed, the others are taken over; 1 % of arcs here and there touch more."""
NEAR_SHARE = 0.02
"""Weights that differ in fewer arcs than this bound a search nearly as well as its own, and need not be made."""
KEPT_BYTES = 1 << 29
"""Slices are kept for the next question until they take this much memory; then the one asked for longest ago goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customized:
    """Hold the packed weights of one slice: of the a arcs and of the m hierarchy arcs."""

    arc: NDArray[np.int64]
    """NOT_REACHED where the arc is closed, a."""
    closed_turn: NDArray[np.int32]
    """Turns that may not be made, increasing."""
    both: NDArray[np.int64]
    """Each hierarchy arc driven upward and downward, m x 2."""


def parts_ms(units: NDArray[np.int64], whole_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the time of `units` of each arc (of ARC_UNITS) to the nearest millisecond."""
    return (units * whole_ms + ARC_UNITS // 2) // ARC_UNITS


def parts_mm(length_mm: NDArray[np.int64], units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the length of `units` of each arc (of ARC_UNITS), rounded down."""
    return (length_mm * (units >> 10)) >> 20


part_ms: Any = njit(cache=True)(parts_ms)
part_mm: Any = njit(cache=True)(parts_mm)
"""The same formulas for one arc, within the compiled searches."""


def pack(time_ms: NDArray[np.int64] | NDArray[np.int32], length_mm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pack times and lengths elementwise."""
    return (time_ms.astype(np.int64) << LENGTH_BITS) | ((length_mm + 5) // 10)


def customize(
    network: RoadNetwork,
    arc_ms: NDArray[np.int32],
    closed: NDArray[np.bool_],
    closed_turn: NDArray[np.int32],
    *,
    near: Sequence[Customized] = (),
) -> Customized:
    """Return the weights of a slice: the times of the a arcs, which of them are closed, and the turns left out.

    Where one of the slices `near` differs only locally, what cannot have changed is taken from it (Dibbelt et al.,
    section 8.3): the result is the same to the last bit.
    """
    hierarchy = network.hierarchy
    arc = np.where(closed, NOT_REACHED, pack(arc_ms, network.arc_length_mm))
    turn = np.minimum(arc[network.turn_to] + (network.turn_ms.astype(np.int64) << LENGTH_BITS), NOT_REACHED)
    turn[closed_turn] = NOT_REACHED
    if near:
        like = min(near, key=lambda each: int(np.count_nonzero(each.arc != arc)))
        changed = (like.arc != arc)[network.turn_to]
        changed[np.setxor1d(like.closed_turn, closed_turn)] = True
        dirty = _dirty(network, changed)
        if np.count_nonzero(dirty) < LOCAL_SHARE * dirty.size:
            both = like.both.copy()
            _forget(hierarchy.up_first, dirty, both)
            _enter(hierarchy.turn_slot, turn, both)
            _relax_dirty(hierarchy.up_first, hierarchy.up_head, both, dirty)
            return Customized(arc=arc, closed_turn=closed_turn, both=both)
    both = np.full((hierarchy.up_head.size, 2), NOT_REACHED)
    _enter(hierarchy.turn_slot, turn, both)
    _relax_all(hierarchy.up_first, hierarchy.up_head, both)
    return Customized(arc=arc, closed_turn=closed_turn, both=both)


def _dirty(network: RoadNetwork, changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ranks whose arcs changed turns may alter: those where they enter, and all above them."""
    hierarchy = network.hierarchy
    slot = hierarchy.turn_slot[changed]
    slot = slot[slot >= 0] % hierarchy.up_head.size
    dirty = np.zeros(hierarchy.rank.size, np.bool_)
    dirty[np.searchsorted(hierarchy.up_first, slot, side="right") - 1] = True
    _mark_above(hierarchy.up_first, hierarchy.up_head, dirty)
    return dirty


class Weights:
    """Customise the slices of a metric when they are first asked for, and keep them.

    A range of slices stands for the least time that each arc takes in any of them, a bound for all; what is open in
    any of them is open in it. Slices with the same numbers are made once, also where they are those of `base`, the
    weights of another metric on the same network.
    """

    def __init__(
        self, network: RoadNetwork, metric: Metric, *, base: Weights | None = None, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self._network = network
        self._metric = metric
        self._kept_bytes = kept_bytes
        self._names: dict[int | range, bytes] = {}
        # One store for all metrics of a day: whichever makes a slice first, the others find it.
        self._made: dict[bytes, Customized] = base._made if base is not None and base._network is network else {}

    def of(self, slice_index: int | range) -> Customized:
        """Return the weights of a slice or of a range of them."""
        name = self.name(slice_index)
        found = self._made.pop(name, None)
        if found is None:
            found = customize(self._network, *self._slice(slice_index), near=tuple(self._made.values()))
        # What was asked for last stands last.
        self._made[name] = found
        size = found.both.nbytes + found.arc.nbytes
        while len(self._made) * size > self._kept_bytes:
            del self._made[next(iter(self._made))]
        return found

    def near(self, slice_index: int | range) -> Customized:
        """Return weights that are nowhere above those of a slice or range, and hardly anywhere below.

        Which ones, depends on what was asked for before: they serve as bounds.
        """
        if self.name(slice_index) not in self._made:
            arc_ms, closed, closed_turn = self._slice(slice_index)
            arc = np.where(closed, NOT_REACHED, pack(arc_ms, self._network.arc_length_mm))
            for each in reversed(self._made.values()):
                if (
                    np.count_nonzero(each.arc != arc) <= NEAR_SHARE * arc.size
                    and (each.arc <= arc).all()
                    and np.isin(each.closed_turn, closed_turn).all()
                ):
                    return each
        return self.of(slice_index)

    def name(self, slice_index: int | range) -> bytes:
        """Return what two slices share exactly where all their numbers are equal."""
        if slice_index not in self._names:
            digest = blake2b(digest_size=16)
            for part in self._slice(slice_index):
                digest.update(np.ascontiguousarray(part).data)
            self._names[slice_index] = digest.digest()
        return self._names[slice_index]

    def _slice(self, slice_index: int | range) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int32]]:
        """Return times and closures of the a arcs in a slice, and the turns that are closed in it."""
        times, closed = self._metric.arc_ms, self._metric.closed
        turns, turn_closed = self._metric.timed_turn, self._metric.turn_closed
        if isinstance(slice_index, range):
            rows = slice(slice_index.start, slice_index.stop)
            least_ms = np.where(closed[rows], np.iinfo(np.int32).max, times[rows]).min(axis=0)
            shut = turn_closed[rows].all(axis=0) if turns.size else slice(0, 0)
            return least_ms, np.asarray(closed[rows].all(axis=0)), turns[shut]
        # Without timed turns the one row stands for every slice.
        return times[slice_index], closed[slice_index], turns[turn_closed[slice_index]] if turns.size else turns


@njit(cache=True)
def _enter(turn_slot, turn, both):  # type: ignore[no-untyped-def]
    """Write the least weight of the turns that become a hierarchy arc."""
    for k in range(turn_slot.size):
        slot, side = turn_slot[k], 0
        if slot >= both.shape[0]:
            slot, side = slot - both.shape[0], 1
        if slot >= 0 and turn[k] < both[slot, side]:
            both[slot, side] = turn[k]


@njit(cache=True)
def _mark_above(first, head, dirty):  # type: ignore[no-untyped-def]
    """Mark all that lies above what is marked, by way of parents in the elimination tree."""
    for rank in range(dirty.size):
        if dirty[rank] and first[rank] < first[rank + 1]:
            dirty[head[first[rank]]] = True


@njit(cache=True)
def _forget(first, dirty, both):  # type: ignore[no-untyped-def]
    """Clear the arcs of the ranks that are dirty."""
    for rank in range(dirty.size):
        if dirty[rank]:
            for slot in range(first[rank], first[rank + 1]):
                both[slot, 0] = both[slot, 1] = NOT_REACHED


@njit(cache=True, inline="always")
def _lower(head, both, slot_of, arc, rest, begin, alike):  # type: ignore[no-untyped-def]
    """Lower a vertex's arcs over the triangles with one arc from below and the `rest` behind that.

    Where the two lists are `alike` the slots count on from `begin`, else `slot_of` tells them.
    """
    into, out = both[arc, 1], both[arc, 0]
    for k in range(rest):
        slot = begin + k if alike else slot_of[head[arc + 1 + k]]
        both[slot, 0] = min(both[slot, 0], into + both[arc + 1 + k, 0])
        both[slot, 1] = min(both[slot, 1], out + both[arc + 1 + k, 1])


@njit(cache=True)
def _relax_all(first, head, both):  # type: ignore[no-untyped-def]
    """Lower the arcs of each vertex over its lower triangles, from the lowest vertex to the highest.

    What `_relax_dirty` does where every vertex is dirty, in half its time. A vertex below stands in a list
    at the next of its neighbours above it whose turn it is; all those that it is yet to meet are neighbours of that one
    too, so that both lists of arcs are of one length exactly where they are equal.
    """
    count = first.size - 1
    waiting = np.full(count, -1, np.int64)
    # Per vertex: its arc to the neighbour at which it stands, the end of its arcs, who else stands there.
    stands = np.empty((count, 3), np.int64)
    slot_of = np.empty(count, np.int64)
    for vertex in range(count):
        begin, end = first[vertex], first[vertex + 1]
        below = waiting[vertex]
        if below >= 0:
            for slot in range(begin, end):
                slot_of[head[slot]] = slot
        while below >= 0:
            arc, last, following = stands[below, 0], stands[below, 1], stands[below, 2]
            rest = last - arc - 1
            _lower(head, both, slot_of, arc, rest, begin, rest == end - begin)
            if rest > 0:
                stands[below, 0] = arc + 1
                stands[below, 2] = waiting[head[arc + 1]]
                waiting[head[arc + 1]] = below
            below = following
        if begin < end:
            stands[vertex, 0], stands[vertex, 1], stands[vertex, 2] = begin, end, waiting[head[begin]]
            waiting[head[begin]] = vertex


@njit(cache=True)
def _relax_dirty(first, head, both, dirty):  # type: ignore[no-untyped-def]
    """Lower the arcs of each dirty vertex over its lower triangles, from the lowest vertex to the highest.

    A vertex below stands in a list at the next of its dirty neighbours above it.
    """
    count = first.size - 1
    waiting = np.full(count, -1, np.int64)
    # Per vertex: its arc to the neighbour at which it stands, and who else stands there.
    stands = np.empty((count, 2), np.int64)
    slot_of = np.empty(count, np.int64)
    for vertex in range(count):
        begin, end = first[vertex], first[vertex + 1]
        below = waiting[vertex]
        if below >= 0:
            for slot in range(begin, end):
                slot_of[head[slot]] = slot
        while below >= 0:
            arc, following = stands[below, 0], stands[below, 1]
            last = first[below + 1]
            rest = last - arc - 1
            _lower(head, both, slot_of, arc, rest, begin, rest == end - begin)
            _stand(arc + 1, last, below, head, dirty, waiting, stands)
            below = following
        _stand(begin, end, vertex, head, dirty, waiting, stands)


@njit(cache=True)
def _stand(arc, last, below, head, dirty, waiting, stands):  # type: ignore[no-untyped-def]
    """Let a vertex wait at its next dirty neighbour; at its last one it has no triangle."""
    while arc + 1 < last and not dirty[head[arc]]:
        arc += 1
    if arc + 1 < last:
        stands[below, 0], stands[below, 1] = arc, waiting[head[arc]]
        waiting[head[arc]] = below
