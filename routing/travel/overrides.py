"""Speeds of single roads in place of the table's: by way, and by pairs of nodes as OSRM's speed files give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.travel.conditions import OnWay
from routing.travel.hours import ALWAYS, Period, Span
from routing.travel.timed_rules import Pieces, holding
from routing.travel.where import Places
from routing.units import great_circle_m


@dataclass(frozen=True, slots=True, kw_only=True)
class WaySpeed:
    """Give a way one of: a share of its free-flow speed, or a speed; 0 km/h closes it."""

    way: OnWay
    period: Period = ALWAYS
    factor: float | None = None
    speed_kph: float | None = None
    where: str = ""
    """Where it was read, for what is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSpeeds:
    """Give the roads between m pairs of neighbouring OSM nodes their speeds, in that direction; 0 km/h closes them.

    Of a pair that comes several times the last one counts.
    """

    from_osm_id: NDArray[np.int64]
    to_osm_id: NDArray[np.int64]
    speed_kph: NDArray[np.float64]
    period: Period = ALWAYS
    line: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Lines of the file that they were read from, or nothing."""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Hold speeds of single roads; what comes later counts, and pairs of nodes after ways."""

    ways: tuple[WaySpeed, ...] = ()
    nodes: tuple[NodeSpeeds, ...] = ()

    def pieces(self, span: Span) -> dict[Period, Pieces]:
        """Return when each of the periods holds."""
        periods = dict.fromkeys([*(each.period for each in self.ways), *(each.period for each in self.nodes)])
        return {period: period.within(span) for period in periods}


NO_OVERRIDES = Overrides()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Hold what pairs of nodes say of m arcs: the time of the part on which they move, and the share of the rest."""

    arc: NDArray[np.int64]
    covered_ms: NDArray[np.float64]
    rest_ratio: NDArray[np.float64]
    closed: NDArray[np.bool_]
    used: NDArray[np.bool_]
    """Whether the map has a road between each of the pairs."""


def override(
    network: RoadNetwork,
    overrides: Overrides,
    pieces: dict[Period, Pieces],
    starts: NDArray[np.int64],
    arc_ms: NDArray[np.int32],
    closed: NDArray[np.bool_],
) -> None:
    """Write the speeds of single roads into the rows of a metric, k x a, in place.

    They take the place of the table's and may be above the map's: who gives them has measured. A share of an arc that
    no pair of nodes covers, or that one closes, keeps its time. A later speed opens what an earlier line has closed,
    but not what the map closes.
    """
    places = Places(network)
    shut = np.zeros_like(closed)
    for each in overrides.ways:
        rows = np.flatnonzero(holding(pieces[each.period], starts))
        arcs = places.touched(each.way).arc
        block = np.ix_(rows, arcs)
        shut[block] = each.speed_kph == 0
        if each.speed_kph:
            arc_ms[block] = _at_least_one(network.arc_length_mm[arcs] * 3.6 / each.speed_kph)
        elif each.factor is not None:
            arc_ms[block] = _at_least_one(network.arc_free_ms[arcs] / each.factor)
    for pairs in overrides.nodes:
        rows, found = np.flatnonzero(holding(pieces[pairs.period], starts)), match_nodes(network, pairs)
        block = np.ix_(rows, found.arc)
        arc_ms[block] = _at_least_one(found.covered_ms + found.rest_ratio * arc_ms[block])
        shut[block] = found.closed | (shut[block] & (found.rest_ratio > 0))
    closed |= shut


def unmatched(network: RoadNetwork, overrides: Overrides) -> Iterator[str]:
    """Yield a line for each given way and for each file whose pairs the map does not have."""
    places = Places(network)
    lost = [each for each in overrides.ways if places.touched(each.way).arc.size == 0]
    if lost:
        named = ", ".join(f"way {each.way.way_id} ({each.where})" if each.where else str(each.way) for each in lost[:3])
        yield f"{len(lost)} of {len(overrides.ways)} speeds of ways name no road of the map: {named}" + _more(lost)
    for pairs in overrides.nodes:
        absent = np.flatnonzero(~match_nodes(network, pairs).used)
        if absent.size:
            named = ", ".join(
                f"{pairs.from_osm_id[i]} to {pairs.to_osm_id[i]}"
                + (f" (line {pairs.line[i]})" if pairs.line.size else "")
                for i in absent[:3].tolist()
            )
            yield (
                f"{pairs.where or 'node speeds'}: {absent.size} of {pairs.from_osm_id.size} pairs of nodes are no road "
                f"of the map: {named}" + _more(absent.tolist())
            )


def match_nodes(network: RoadNetwork, pairs: NodeSpeeds) -> Matched:
    """Return what pairs of nodes say of the arcs; all copies of a road are meant."""
    node, first = network.shape_node_id, network.shape_first
    begin = np.delete(np.arange(node.size - 1), first[1:-1] - 1)
    known, ends = np.unique(np.concatenate((pairs.from_osm_id, pairs.to_osm_id)), return_inverse=True)
    count = pairs.from_osm_id.size
    pair_key = ends[:count] * known.size + ends[count:]
    tail, head = np.searchsorted(known, node[begin]), np.searchsorted(known, node[begin + 1])
    tail, head = np.minimum(tail, known.size - 1), np.minimum(head, known.size - 1)
    named = (known[tail] == node[begin]) & (known[head] == node[begin + 1])
    begin, key = begin[named], (tail * known.size + head)[named]
    # The last of equal pairs counts: reversed, it is the first, which `unique` returns.
    distinct, last = np.unique(pair_key[::-1], return_index=True)
    speed_kph = pairs.speed_kph[::-1][last]
    at = np.minimum(np.searchsorted(distinct, key), distinct.size - 1)
    hit = distinct[at] == key
    begin, speed_kph = begin[hit], speed_kph[at[hit]]
    arc = np.searchsorted(first, begin, side="right") - 1
    lat, lon = network.shape_lat_deg, network.shape_lon_deg
    part_m = great_circle_m(lat[begin], lon[begin], lat[begin + 1], lon[begin + 1])
    arcs, of = np.unique(arc, return_inverse=True)
    moves = speed_kph > 0
    part_ms = np.divide(part_m * 3600, speed_kph, out=np.zeros(begin.size), where=moves)
    length_m = network.arc_length_mm[arcs] / 1000
    covered = np.bincount(of, part_m * moves, arcs.size) / np.maximum(length_m, 1e-3)
    return Matched(
        arc=arcs,
        covered_ms=np.bincount(of, part_ms, arcs.size).astype(np.float64),
        rest_ratio=np.clip(1 - covered, 0.0, 1.0) * (covered < _COVERED),
        closed=np.bincount(of, ~moves, arcs.size) > 0,
        used=_reached(pair_key, distinct, at[hit]),
    )


def _reached(pair_key: NDArray[np.int64], distinct: NDArray[np.int64], hit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs have one of the distinct keys that were hit."""
    found = np.zeros(distinct.size, dtype=np.bool_)
    found[hit] = True
    return found[np.searchsorted(distinct, pair_key)]


_COVERED = 0.999
"""Lengths are rounded to the millimetre: what lacks less than this lacks nothing."""


def _at_least_one(time_ms: NDArray[np.floating[Any]]) -> NDArray[np.int32]:
    return np.asarray(np.maximum(np.ceil(time_ms), 1).astype(np.int32))


def _more(items: list[WaySpeed] | list[int]) -> str:
    return f" and {len(items) - 3} more" if len(items) > 3 else ""
