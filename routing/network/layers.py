"""Keep what can be used: the roads on which everything reaches everything, and copies of those for journeys' ends.

Through roads are the largest strongly connected part of the lanes that are open to all. What is restricted
(access=destination and the like), and public roads that can only be reached across it, becomes exit and entry
copies (see `RoadNetwork`), each kept where it reaches the through roads, or is reached from them, and serves somebody.
The copies of lanes that restrictions over a way as via need (`via_ways`) are vertices like the lanes themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH, ACCESS_VIA
from routing.network.turns import Turns
from routing.network.via_ways import Copied

_LAYER_TURNS = (
    (ACCESS_THROUGH, ACCESS_THROUGH),
    (ACCESS_THROUGH, ACCESS_ENTRY),
    (ACCESS_ENTRY, ACCESS_ENTRY),
    (ACCESS_EXIT, ACCESS_EXIT),
    (ACCESS_EXIT, ACCESS_THROUGH),
)
_Bools = NDArray[np.bool_]
RING_SHARE = 0.75
"""Where less than this share of the lanes stays connected without U-turns, the map is taken for a ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Hold a arcs as copies of lanes, and the turns between them, by source and then target."""

    lane: NDArray[np.int64]
    access: NDArray[np.uint8]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    turn: NDArray[np.int64]
    """Row of each turn in the `Turns` that it copies."""


def find_layers(copied: Copied, lane_open: _Bools, lane_restricted: _Bools) -> Layers:
    """Find the arcs of a network; there are none where nothing is strongly connected.

    A turn that is for dead ends only is kept where no other allowed turn leads on within the arc's layer. Dead
    ends are judged after what leads nowhere is gone, so that a road whose continuation leaves the map stays usable.
    """
    turns, allowed = copied.turns, copied.allowed
    core, dead_ends_only = _core(turns, allowed, (lane_open & ~lane_restricted)[copied.lane])
    ends = lane_open[copied.lane] & ~core
    masks = {ACCESS_THROUGH: core, ACCESS_EXIT: ends, ACCESS_ENTRY: ends}
    number = {}
    total = 0
    for layer, mask in masks.items():
        number[layer] = np.where(mask, np.cumsum(mask) - 1 + total, -1)
        total += int(mask.sum())
    vertex = np.concatenate([np.flatnonzero(mask) for mask in masks.values()])
    lane = copied.lane[vertex]
    access = np.repeat(np.array(list(masks), dtype=np.uint8), [int(mask.sum()) for mask in masks.values()])
    copies = [_copied_turns(turns, allowed, number[one], number[other]) for one, other in _LAYER_TURNS]
    source, target, turn = (np.concatenate(column) for column in zip(*copies, strict=True))
    is_public = (np.bincount(copied.lane[core], minlength=lane_open.size) > 0)[lane]
    across = (access[source] == ACCESS_ENTRY) & ~is_public[source] & is_public[target]
    source, target, turn = source[~across], target[~across], turn[~across]
    at_dead_end_only = turns.at_dead_end_only[turn] & dead_ends_only
    leads_on = ~at_dead_end_only & ~((access[source] == ACCESS_THROUGH) & (access[target] == ACCESS_ENTRY))
    alive = np.ones(total, dtype=np.bool_)
    while True:
        usable = _without_needless_u_turns(source, target, at_dead_end_only, leads_on, alive)
        reached = _reached(source[usable], target[usable], alive, access)
        kept = _useful(source[usable], target[usable], reached, access, lane >> 1)
        if (kept == alive).all():
            break
        alive = kept
    access[(access == ACCESS_THROUGH) & (vertex >= lane_open.size)] = ACCESS_VIA
    order = np.lexsort((access, lane))
    order = order[alive[order]]
    renumbered = np.full(total, -1, dtype=np.int64)
    renumbered[order] = np.arange(order.size)
    source, target, turn = renumbered[source[usable]], renumbered[target[usable]], turn[usable]
    by_source = np.lexsort((target, source))
    return Layers(
        lane=lane[order],
        access=access[order],
        source=source[by_source],
        target=target[by_source],
        turn=turn[by_source],
    )


def _core(turns: Turns, allowed: _Bools, lane_through: _Bools) -> tuple[_Bools, bool]:
    """Return the largest strongly connected part of the through lanes, and whether it needs U-turns at dead ends only.

    On a map that is little more than a ring, no dead end joins its two directions: there one may turn round anywhere.
    """
    source, target, u_turn = turns.source[allowed], turns.target[allowed], turns.at_dead_end_only[allowed]
    everywhere = lane_through[source] & lane_through[target]
    alive = _largest_strong_part(source[everywhere], target[everywhere], lane_through)
    turning = alive
    while True:
        usable = _without_needless_u_turns(source, target, u_turn, ~u_turn, alive)
        kept = _largest_strong_part(source[usable], target[usable], alive)
        if (kept == alive).all():
            break
        alive = kept
    if alive.sum() < RING_SHARE * turning.sum():
        return turning, False
    return alive, True


def _without_needless_u_turns(
    source: NDArray[np.int64], target: NDArray[np.int64], u_turn: _Bools, leads_on: _Bools, alive: _Bools
) -> _Bools:
    """Return the turns between living arcs, U-turns only where none that leads on goes out of their source."""
    living = alive[source] & alive[target]
    onward = np.bincount(source[living & leads_on], minlength=alive.size) > 0
    return np.asarray(living & (~u_turn | ~onward[source]))


def _largest_strong_part(source: NDArray[np.int64], target: NDArray[np.int64], alive: _Bools) -> _Bools:
    graph = csr_array((np.ones(source.size, dtype=np.int8), (source, target)), shape=(alive.size, alive.size))
    _, label = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(label[alive], minlength=1)
    largest = int(sizes.argmax())
    return np.asarray(alive & (label == largest) & (sizes[largest] > 1))


def _copied_turns(
    turns: Turns, allowed: _Bools, source_number: NDArray[np.int64], target_number: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the allowed turns from one layer to another, in the layers' numbers, and their rows."""
    row = np.flatnonzero(allowed & (source_number[turns.source] >= 0) & (target_number[turns.target] >= 0))
    return source_number[turns.source[row]], target_number[turns.target[row]], row


def _reached(source: NDArray[np.int64], target: NDArray[np.int64], alive: _Bools, access: NDArray[np.uint8]) -> _Bools:
    """Return the living arcs that are through, or exits that reach those, or entries reached from those."""
    through = alive & (access == ACCESS_THROUGH)
    from_through = _flood(source, target, through)
    to_through = _flood(target, source, through)
    entries, exits = access == ACCESS_ENTRY, access == ACCESS_EXIT
    return np.asarray(through | (alive & ((entries & from_through) | (exits & to_through))))


def _useful(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    alive: _Bools,
    access: NDArray[np.uint8],
    run: NDArray[np.int64],
) -> _Bools:
    """Return the arcs that are of use to a run which can be both entered and left, as its own or on the way there."""
    through, exits, entries = (alive & (access == kind) for kind in (ACCESS_THROUGH, ACCESS_EXIT, ACCESS_ENTRY))
    runs = int(run.max(initial=0)) + 1
    can_leave = np.bincount(run[through | exits], minlength=runs) > 0
    can_enter = np.bincount(run[through | entries], minlength=runs) > 0
    serving = (can_leave & can_enter)[run]
    among_exits = exits[source] & exits[target]
    among_entries = entries[source] & entries[target]
    from_serving = _flood(source[among_exits], target[among_exits], exits & serving)
    to_serving = _flood(target[among_entries], source[among_entries], entries & serving)
    return np.asarray(through | from_serving | to_serving)


def _flood(source: NDArray[np.int64], target: NDArray[np.int64], start: _Bools) -> _Bools:
    """Return the vertices that can be reached from any of the starting ones."""
    seeds = np.flatnonzero(start)
    size = start.size + 1
    tails = np.concatenate([source, np.full(seeds.size, start.size)])
    heads = np.concatenate([target, seeds])
    graph = csr_array((np.ones(tails.size, dtype=np.int8), (tails, heads)), shape=(size, size))
    reached = np.zeros(size, dtype=np.bool_)
    reached[breadth_first_order(graph, start.size, directed=True, return_predecessors=False)] = True
    return reached[:-1]
