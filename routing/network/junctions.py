"""The other roads of a junction, for places that stand right on it.

Who stands where roads meet is on all of them, not on the one that happens to be found first: on a one-way road that
leads away, say, it would have to drive round the block to leave by another. OSRM offers all roads on which a place is
equally near too (`PhantomCandidatesToLocations` in its `hint.hpp` and `geospatial_query.hpp`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.network.roads import RoadIndex, Roads
from routing.network.spread import spread
from routing.network.touches import ON_LINE_M, Places, Touches


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """Hold pairs of touched road and another one that ends at the same node, and at which end that is."""

    row: NDArray[np.int64]
    other: NDArray[np.int64]
    other_at_end: NDArray[np.bool_]


def at_junctions(network: RoadNetwork, index: RoadIndex, places: Places, touches: Touches) -> Touches:
    """Return the touches, one for each place, and behind each those of the roads that lead on from the same junction.

    A place is on a junction where it touches a road within a metre of its end. It must ask for no heading and no side;
    roads that a barrier on the node keeps apart do not count.
    """
    roads = index.roads
    begin_m, end_m = _from_ends_m(roads, touches)
    asks = ~np.isnan(places.heading_deg) | (places.side != 0)
    rows = np.flatnonzero(touches.fits & ~asks[touches.place] & (np.minimum(begin_m, end_m) <= ON_LINE_M))
    if not rows.size:
        return touches
    found = _meetings(network, index, touches.road[rows], end_m[rows] < begin_m[rows])
    row = rows[found.row]
    counted = _joined(network, index, touches.road[row], found.other)
    row, other, at_end = row[counted], found.other[counted], found.other_at_end[counted]
    both = np.ones(row.size, dtype=np.bool_)
    more = Touches(
        place=touches.place[row],
        road=other,
        point=np.where(at_end, roads.first[other + 1] - 2, roads.first[other]),
        share=at_end.astype(np.float64),
        distance_m=touches.distance_m[row],
        beyond=touches.beyond[row],
        along=both,
        against=both,
    )
    joined = touches.joined(more)
    return joined.take(np.argsort(joined.place, kind="stable"))


def _from_ends_m(roads: Roads, touches: Touches) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far along its road each touch is from the road's begin and from its end."""
    here_m, next_m = roads.along_m[touches.point], roads.along_m[touches.point + 1]
    begin_m = here_m + touches.share * (next_m - here_m)
    return begin_m, roads.along_m[roads.first[touches.road + 1] - 1] - begin_m


def _meetings(network: RoadNetwork, index: RoadIndex, road: NDArray[np.int64], at_end: NDArray[np.bool_]) -> _Meeting:
    """Return the other roads that end at the node where each of some roads begins or ends."""
    ends, arc, count = index.ends, index.roads.arc_first[road], index.roads.arc_first.size
    node = network.shape_node_id[np.where(at_end, network.shape_first[arc + 1] - 1, network.shape_first[arc])]
    row, place = spread(*(np.searchsorted(ends.node, node, side=side) for side in ("left", "right")))
    found = ends.end[place]
    other = found % count
    apart = other != road[row]
    return _Meeting(row=row[apart], other=other[apart], other_at_end=(found >= count)[apart])


def _joined(
    network: RoadNetwork, index: RoadIndex, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which pairs of roads have a turn from one into the other, either way round."""
    roads, road_of_arc = index.roads, index.ends.road_of_arc
    found = np.zeros(one.size, dtype=np.bool_)
    for source, target in ((one, other), (other, one)):
        first, last = network.turn_first[roads.arc_first[source]], network.turn_first[roads.arc_end[source]]
        pair, turn = spread(first, last)
        found[pair[road_of_arc[network.turn_to[turn]] == target[pair]]] = True
    return found
