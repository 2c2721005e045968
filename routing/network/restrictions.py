"""Apply turn restrictions (https://wiki.openstreetmap.org/wiki/Relation:restriction) to turns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.profile import Profile
from routing.network.runs import Runs
from routing.network.turns import Turns, lane_nodes
from routing.osm.extract import Extract
from routing.osm.restriction import Restriction, restriction_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Banned:
    """Hold which turns are forbidden, and how many restrictions did so or could not."""

    turn: NDArray[np.bool_]
    applied: int
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """Find turns by the OSM ids at which they happen."""

    turns: Turns
    source_way: NDArray[np.int64]
    target_way: NDArray[np.int64]
    via: NDArray[np.int64]
    """OSM id of the node of each turn, in increasing order."""
    order: NDArray[np.int64]
    """Its turn."""
    way_ends: frozenset[tuple[int, int]]

    def at(self, node_id: int) -> NDArray[np.int64]:
        first, last = np.searchsorted(self.via, [node_id, node_id + 1])
        return self.order[first:last]


def ban_turns(extract: Extract, runs: Runs, turns: Turns, profile: Profile) -> Banned:
    """Forbid what the restrictions with a node as via forbid to this profile; count the others by kind."""
    index = _index(extract, runs, turns)
    banned = np.zeros(turns.source.size, dtype=np.bool_)
    applied, ignored = 0, Counter[str]()
    for restriction in extract.restrictions:
        if restriction.conditional is not None:
            ignored["bound to times or vehicles (conditional)"] += 1
        kind = restriction_kind(restriction, profile.vehicle_keys)
        if kind is None:
            continue
        cause = _apply(restriction, kind, index, banned)
        if cause is None:
            applied += 1
        else:
            ignored[cause] += 1
    lines = tuple(
        f"{count} turn restriction{'' if count == 1 else 's'} {cause}" for cause, count in sorted(ignored.items())
    )
    return Banned(turn=banned, applied=applied, ignored=lines)


def _apply(restriction: Restriction, kind: str, index: _Index, banned: NDArray[np.bool_]) -> str | None:
    """Mark the turns that one restriction forbids; return why it cannot be applied, None where it was."""
    if restriction.via_way_ids:
        return "with a way as via"
    if not (restriction.from_way_ids and restriction.to_way_ids and len(restriction.via_node_ids) == 1):
        return "without from, via or to"
    if not kind.startswith(("no_", "only_")):
        return f"of the unknown kind {kind!r}"
    via = restriction.via_node_ids[0]
    if any((way, via) not in index.way_ends for way in (*restriction.from_way_ids, *restriction.to_way_ids)):
        return "whose ways do not end at their via node, or may not be driven"
    here = index.at(via)
    from_here = here[np.isin(index.source_way[here], restriction.from_way_ids)]
    to_there = np.isin(index.target_way[from_here], restriction.to_way_ids)
    if kind == "no_u_turn" and restriction.from_way_ids == restriction.to_way_ids:
        to_there &= index.turns.is_u_turn[from_here]
    if not to_there.any():
        return "of turns that may not be driven anyway"
    banned[from_here[to_there if kind.startswith("no_") else ~to_there]] = True
    return None


def _index(extract: Extract, runs: Runs, turns: Turns) -> _Index:
    _, head = lane_nodes(runs)
    via = extract.node_id[head[turns.source]]
    order = np.argsort(via, kind="stable")
    way_id = extract.way_id[runs.way]
    ends = np.concatenate([extract.way_node[extract.way_first[:-1]], extract.way_node[extract.way_first[1:] - 1]])
    end_ids = extract.node_id[ends].tolist()
    return _Index(
        turns=turns,
        source_way=way_id[turns.source >> 1],
        target_way=way_id[turns.target >> 1],
        via=via[order],
        order=order,
        way_ends=frozenset(zip([*extract.way_id.tolist()] * 2, end_ids, strict=True)),
    )
