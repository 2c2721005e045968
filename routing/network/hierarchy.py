"""Customizable contraction hierarchies: the part that depends on the topology alone.

Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies", 2016: vertices are contracted in a nested
dissection order that ignores weights; the shortcuts that this can ever need form a chordal graph. Any weights are
then pushed through it in a fraction of a second. The order comes from METIS, whose separators, unlike those of
inertial flow, need no coordinates and are found in a second or so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymetis
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """Hold the chordal graph over v vertices, numbered by rank (0 is contracted first), with m upward arcs."""

    rank: NDArray[np.int32]
    """Rank of each vertex, v."""
    up_first: NDArray[np.int64]
    """Upward arcs of rank r are up_first[r] to up_first[r + 1]; v + 1."""
    up_head: NDArray[np.int32]
    """Their heads, as ranks, increasing within each tail; the first is the parent in the elimination tree."""
    turn_slot: NDArray[np.int64]
    """Where each edge's weight enters: below m the upward arc driven up, from m on the same arc driven down."""

    def __post_init__(self) -> None:
        """Seal the arrays; the compiled searches then meet one type of array, built or loaded, and compile once."""
        for array in (self.rank, self.up_first, self.up_head, self.turn_slot):
            array.setflags(write=False)


def build_hierarchy(turn_first: NDArray[np.int64], turn_to: NDArray[np.int32]) -> Hierarchy:
    """Order and complete the graph whose vertex i has edges to turn_to[turn_first[i]:turn_first[i + 1]]."""
    count = int(turn_first.size) - 1
    tail = np.repeat(np.arange(count, dtype=np.int32), np.diff(turn_first))
    rank = _nested_dissection(count, tail, turn_to)
    low = np.minimum(rank[tail], rank[turn_to])
    high = np.maximum(rank[tail], rank[turn_to])
    proper = low != high
    pairs = np.sort(low[proper].astype(np.int64) * count + high[proper])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # np.unique hashes, which takes forty times as long
    first = np.searchsorted(pairs // count, np.arange(count + 1)).astype(np.int64)
    up_first, up_head, size = _complete(first, (pairs % count).astype(np.int32))
    up_head = up_head[:size].copy()
    slot = _slots(low, high, up_first, up_head)
    slot[(rank[tail] > rank[turn_to])] += up_head.size
    slot[~proper] = -1
    return Hierarchy(rank=rank, up_first=up_first, up_head=up_head, turn_slot=slot)


def _nested_dissection(count: int, tail: NDArray[np.int32], head: NDArray[np.int32]) -> NDArray[np.int32]:
    ones = np.ones(2 * tail.size, dtype=np.int8)
    both = coo_array((ones, (np.concatenate((tail, head)), np.concatenate((head, tail)))), shape=(count, count)).tocsr()
    both.setdiag(0)
    both.eliminate_zeros()
    if both.nnz == 0:
        return np.arange(count, dtype=np.int32)
    options = pymetis.Options(seed=0)
    adjacency = pymetis.CSRAdjacency(both.indptr, both.indices)
    _, rank = pymetis.nested_dissection(adjacency, options=options)
    return np.asarray(rank, dtype=np.int32)


@njit(cache=True)
def _complete(first, head):  # type: ignore[no-untyped-def]
    """Fill in the shortcuts: each vertex hands its higher neighbours on to the lowest of them."""
    count = first.size - 1
    up_first = np.zeros(count + 1, np.int64)
    up_head = np.empty(max(16, 4 * head.size), np.int32)
    first_child = np.full(count, -1, np.int32)
    next_child = np.full(count, -1, np.int32)
    seen = np.full(count, -1, np.int32)
    size = 0
    for vertex in range(count):
        begin = size
        need = begin + count - vertex
        if need > up_head.size:
            grown = np.empty(max(need, 2 * up_head.size), np.int32)
            for k in range(size):
                grown[k] = up_head[k]
            up_head = grown
        for k in range(first[vertex], first[vertex + 1]):
            seen[head[k]] = vertex
            up_head[size] = head[k]
            size += 1
        child = first_child[vertex]
        while child >= 0:
            for k in range(up_first[child] + 1, up_first[child + 1]):
                if seen[up_head[k]] != vertex:
                    seen[up_head[k]] = vertex
                    up_head[size] = up_head[k]
                    size += 1
            child = next_child[child]
        for k in range(begin + 1, size):
            # Insertion: the lists are short, and a library sort takes seconds to compile.
            neighbour, at = up_head[k], k
            while at > begin and up_head[at - 1] > neighbour:
                up_head[at] = up_head[at - 1]
                at -= 1
            up_head[at] = neighbour
        if size > begin:
            parent = up_head[begin]
            next_child[vertex] = first_child[parent]
            first_child[parent] = vertex
        up_first[vertex + 1] = size
    return up_first, up_head, size


@njit(cache=True)
def _slots(low, high, up_first, up_head):  # type: ignore[no-untyped-def]
    slot = np.empty(low.size, np.int64)
    for k in range(low.size):
        at, end = up_first[low[k]], up_first[low[k] + 1]
        while at < end and up_head[at] < high[k]:
            at += 1
        slot[k] = at
    return slot
