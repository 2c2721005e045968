"""Apply turn restrictions (https://wiki.openstreetmap.org/wiki/Relation:restriction) to turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.network.runs import Runs
from routing.network.turns import Turns, lane_nodes
from routing.network.via_ways import ViaPath
from routing.osm.extract import Extract
from routing.osm.restriction import Restriction, TurnRule, turn_rules
from routing.osm.vehicle import Vehicle

_NOT_DRIVEN = "of turns that may not be driven anyway"
_NOT_CONNECTED = "whose ways do not follow each other end to end, or may not be driven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Banned:
    """Hold which turns are forbidden, always, at times, and after which way, and how many restrictions did so."""

    turn: NDArray[np.bool_]
    """True where nobody may turn at any time, t."""
    timed: tuple[tuple[str, NDArray[np.int64]], ...]
    """Hours, and the rows of the turns that are forbidden then."""
    paths: tuple[ViaPath, ...]
    applied: int
    applied_via_way: int
    applied_timed: int
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
    extract: Extract
    runs: Runs

    def at(self, node_id: int) -> NDArray[np.int64]:
        first, last = np.searchsorted(self.via, [node_id, node_id + 1])
        return self.order[first:last]

    def pieces(self, way_id: int) -> Iterator[tuple[int, int, int]]:
        """Yield the rows of a way, of which there are several where it is cut, and the nodes at their ends."""
        extract = self.extract
        for row in range(*np.searchsorted(extract.way_id, [way_id, way_id + 1]).tolist()):
            ends = extract.way_node[[extract.way_first[row], extract.way_first[row + 1] - 1]]
            start, end = extract.node_id[ends].tolist()
            yield row, start, end

    def ends(self, way_ids: tuple[int, ...]) -> set[int]:
        """Return the nodes at which some of the ways end."""
        return {node for way_id in way_ids for _, *ends in self.pieces(way_id) for node in ends}

    def turn(self, source: int, target: int) -> NDArray[np.int64]:
        """Return the row of the turn between two lanes, or none."""
        first, last = np.searchsorted(self.turns.source, [source, source + 1])
        return np.asarray(np.arange(first, last)[self.turns.target[first:last] == target])

    def courses(self, way_id: int, node_id: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the lanes along a way that starts at a node, and the node at its other end."""
        for row, start, end in self.pieces(way_id):
            first, last = np.searchsorted(self.runs.way, [row, row + 1]).tolist()
            if first < last and start == node_id:
                yield tuple(range(2 * first, 2 * last, 2)), end
            if first < last and end == node_id:
                yield tuple(range(2 * last - 1, 2 * first, -2)), start


def ban_turns(extract: Extract, runs: Runs, turns: Turns, vehicle: Vehicle) -> Banned:
    """Forbid what the restrictions forbid to this vehicle; count those that cannot be applied by kind."""
    index = _index(extract, runs, turns)
    always = np.zeros(turns.source.size, dtype=np.bool_)
    timed: list[tuple[str, NDArray[np.int64]]] = []
    paths: list[ViaPath] = []
    applied, ignored = Counter[str](), Counter[str]()
    for restriction in extract.restrictions:
        rules, understood = turn_rules(restriction, vehicle)
        if not understood:
            ignored["under conditions that are not understood"] += 1
        causes = set()
        for rule in rules:
            found = _paths(restriction, rule, index) if restriction.via_way_ids else _at_node(restriction, rule, index)
            if isinstance(found, str):
                causes.add(found)
                continue
            if isinstance(found, tuple):
                paths += found
            elif rule.hours is None:
                always[found] = True
            else:
                timed.append((rule.hours, found))
            applied["via way"] += bool(restriction.via_way_ids)
            applied["timed"] += rule.hours is not None
            causes.add("")
        ignored.update(causes - {""})
        applied["all"] += "" in causes
    lines = tuple(
        f"{count} turn restriction{'' if count == 1 else 's'} {cause}" for cause, count in sorted(ignored.items())
    )
    return Banned(
        turn=always,
        timed=tuple(timed),
        paths=tuple(paths),
        applied=applied["all"],
        applied_via_way=applied["via way"],
        applied_timed=applied["timed"],
        ignored=lines,
    )


def _at_node(restriction: Restriction, rule: TurnRule, index: _Index) -> NDArray[np.int64] | str:
    """Return the turns that a rule with a node as via forbids; the cause where it cannot be applied."""
    if not (restriction.from_way_ids and restriction.to_way_ids and len(restriction.via_node_ids) == 1):
        return "without from, via or to"
    via = restriction.via_node_ids[0]
    if any(via not in index.ends((way,)) for way in (*restriction.from_way_ids, *restriction.to_way_ids)):
        return "whose ways do not end at their via node, or may not be driven"
    here = index.at(via)
    from_here = here[np.isin(index.source_way[here], restriction.from_way_ids)]
    return _forbidden(restriction, rule.kind, index, from_here)


def _forbidden(
    restriction: Restriction, kind: str, index: _Index, from_here: NDArray[np.int64]
) -> NDArray[np.int64] | str:
    """Return which of the turns that leave the last way before `to` are forbidden."""
    if not kind.startswith(("no_", "only_")):
        return f"of the unknown kind {kind!r}"
    if kind.endswith("_on_red"):
        # No turning while the light is red: the turn itself is free
        # (https://wiki.openstreetmap.org/wiki/Relation:restriction, no_right_turn_on_red).
        return "that hold at a red light only"
    to_there = np.isin(index.target_way[from_here], restriction.to_way_ids)
    if kind == "no_u_turn" and restriction.from_way_ids == restriction.to_way_ids and not restriction.via_way_ids:
        to_there &= index.turns.is_u_turn[from_here]
    if not to_there.any():
        return _NOT_DRIVEN
    return from_here[to_there if kind.startswith("no_") else ~to_there]


def _paths(restriction: Restriction, rule: TurnRule, index: _Index) -> tuple[ViaPath, ...] | str:
    """Return the paths after which a rule with ways as via forbids turns; the cause where it cannot be applied.

    `only_` binds who has driven the whole path: whether it also forbids to leave the path earlier is not said in the
    wiki, and not taken so by OSRM (`extractor/restriction_graph`).
    """
    if not (restriction.from_way_ids and restriction.to_way_ids):
        return "without from, via or to"
    starts, goals = index.ends(restriction.from_way_ids), index.ends(restriction.to_way_ids)
    cause, paths = _NOT_CONNECTED, []
    for start, lanes, end in (
        course for node in sorted(starts) for course in _courses(index, node, restriction.via_way_ids)
    ):
        if end not in goals:
            continue
        cause = _NOT_DRIVEN
        if not all(index.turn(*pair).size for pair in pairwise(lanes)):
            continue
        entries = index.at(start)
        entries = entries[
            np.isin(index.source_way[entries], restriction.from_way_ids) & (index.turns.target[entries] == lanes[0])
        ]
        leaving = index.at(end)
        found = _forbidden(restriction, rule.kind, index, leaving[index.turns.source[leaving] == lanes[-1]])
        if isinstance(found, str):
            cause = found
            continue
        paths += [
            ViaPath(lanes=(source, *lanes), banned=found, hours=rule.hours)
            for source in index.turns.source[entries].tolist()
        ]
    return tuple(paths) or cause


def _courses(index: _Index, node: int, way_ids: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """Yield (node, lanes, other end) of every course from a node over all of the ways, in any order."""
    for way in way_ids:
        others = tuple(other for other in way_ids if other != way)
        for lanes, end in index.courses(way, node):
            if not others:
                yield node, lanes, end
            for _, further, last in _courses(index, end, others):
                yield node, (*lanes, *further), last


def _index(extract: Extract, runs: Runs, turns: Turns) -> _Index:
    _, head = lane_nodes(runs)
    via = extract.node_id[head[turns.source]]
    order = np.argsort(via, kind="stable")
    way_id = extract.way_id[runs.way]
    return _Index(
        turns=turns,
        source_way=way_id[turns.source >> 1],
        target_way=way_id[turns.target >> 1],
        via=via[order],
        order=order,
        extract=extract,
        runs=runs,
    )
