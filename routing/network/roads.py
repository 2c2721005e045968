"""The roads of a network, each drawn once, on a plane on which distances can be compared, and how to find them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH, ACCESS_VIA, RoadNetwork
from routing.network.spread import spread
from routing.units import EARTH_RADIUS_M, great_circle_m

_POLAR_LIMIT_DEG = 89.0
_NODE_CAPACITY = 4
"""Children of a node of the trees: the nearest road is found three times as fast as with the usual ten."""
_LEAST_REACH = 1e-3
"""GEOS wants more than nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Hold the r roads that can be left and arrived at; both directions and all copies of a run are one road.

    The plane is Mercator's: its scale is the same in all directions, so what is nearest on it is nearest on the
    ground, and angles are true.
    """

    line: NDArray[np.object_]
    """LineString of each road, r."""
    first: NDArray[np.int64]
    """Points of road i are x[first[i]:first[i + 1]]; r + 1."""
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    along_m: NDArray[np.float64]
    """Distance of each point from the begin of its road, on the ground."""
    arc_first: NDArray[np.int64]
    """Arcs of road i are arc_first[i] to arc_end[i]."""
    arc_end: NDArray[np.int64]
    serves: NDArray[np.bool_]
    """True where journeys can start and end driving along the road's line (column 0) or against it; r x 2."""
    against: NDArray[np.bool_]
    """True where an arc of the network runs against its road's line, a."""
    frontage: NDArray[np.uint8]
    """Values of `Frontage`, r."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadEnds:
    """Hold which of the r roads meet at which node, and which road each arc belongs to."""

    node: NDArray[np.int64]
    """OSM ids of the nodes at which roads begin and end, increasing, 2 r."""
    end: NDArray[np.int64]
    """The end that is there: i is where road i begins, r + i where it ends; 2 r."""
    road_of_arc: NDArray[np.int64]
    """-1 where an arc belongs to none that is drawn, a."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadIndex:
    """Find the drawn roads of a network around points of the plane."""

    roads: Roads
    ends: RoadEnds
    trees: tuple[tuple[NDArray[np.int64], shapely.STRtree], ...]
    """One for each frontage that the network has, streets first: the roads in it, by their place in the tree."""

    def nearest(self, points: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return pairs of point and road, by point: the nearest street, and of each other frontage what is nearer."""
        found = []
        reach = np.full(points.size, np.inf)
        for rows, tree in self.trees:
            furthest = max(float(reach.max(initial=0.0)), _LEAST_REACH)
            (point, road), distance = tree.query_nearest(
                points, max_distance=furthest if np.isfinite(furthest) else None, return_distance=True
            )
            nearer = distance <= reach[point]
            found.append((point[nearer], rows[road[nearer]]))
            if not np.isfinite(furthest):
                reach[point] = distance
        return _pairs(found)

    def within(
        self, points: NDArray[np.object_], reach: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return pairs of point and road, by point: all roads within reach."""
        found = [(rows, *tree.query(points, predicate="dwithin", distance=reach)) for rows, tree in self.trees]
        return _pairs([(point, rows[road]) for rows, point, road in found])


def _pairs(found: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    point, road = (np.concatenate([np.empty(0, np.int64), *column]) for column in zip(*found, strict=True))
    order = np.lexsort((road, point))
    return point[order], road[order]


def road_index(network: RoadNetwork) -> RoadIndex:
    """Return the index of a network's roads; it is made once and kept with the network."""
    kept = getattr(network, "road_index", None)
    if isinstance(kept, RoadIndex):
        return kept
    roads = draw_roads(network)
    kinds = [np.flatnonzero(roads.frontage == kind) for kind in np.unique(roads.frontage)]
    made = RoadIndex(
        roads=roads,
        ends=_road_ends(network, roads),
        trees=tuple((rows, shapely.STRtree(roads.line[rows], node_capacity=_NODE_CAPACITY)) for rows in kinds),
    )
    object.__setattr__(network, "road_index", made)
    return made


def _road_ends(network: RoadNetwork, roads: Roads) -> RoadEnds:
    shape = network.shape_first[roads.arc_first], network.shape_first[roads.arc_first + 1] - 1
    node = network.shape_node_id[np.concatenate(shape)]
    end = np.argsort(node, kind="stable")
    road, arc = spread(roads.arc_first, roads.arc_end)
    road_of_arc = np.full(network.arc_count, -1)
    road_of_arc[arc] = road
    return RoadEnds(node=node[end], end=end, road_of_arc=road_of_arc)


def mercator(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points on the spherical Mercator plane, in metres at the equator."""
    lat = np.radians(np.clip(lat_deg, -_POLAR_LIMIT_DEG, _POLAR_LIMIT_DEG))
    return EARTH_RADIUS_M * np.radians(lon_deg), EARTH_RADIUS_M * np.arcsinh(np.tan(lat))


def road_starts(network: RoadNetwork) -> NDArray[np.int64]:
    """Return the first arc of each road: both directions and all copies of a run follow each other in a network."""
    begin, end = network.shape_first[:-1], network.shape_first[1:] - 1
    forward = network.arc_forward
    origin = network.shape_node_id[np.where(forward, begin, end)]
    second = network.shape_node_id[np.where(forward, begin + 1, end - 1)]
    key = np.stack([network.arc_way_id, origin, second])
    return np.flatnonzero(np.concatenate([[True], (key[:, 1:] != key[:, :-1]).any(axis=0)]))


def lane_numbers(network: RoadNetwork) -> NDArray[np.int64]:
    """Return a number for each arc that only the copies of the same direction of the same road share."""
    begins = np.zeros(network.arc_count, dtype=np.bool_)
    begins[road_starts(network)] = True
    begins[1:] |= network.arc_forward[1:] != network.arc_forward[:-1]
    return np.cumsum(begins) - 1


def draw_roads(network: RoadNetwork) -> Roads:
    """Draw the roads of a network that can serve a stop."""
    starts = road_starts(network)
    stops = np.append(starts[1:], network.arc_count)
    forward = network.arc_forward
    against = forward != np.repeat(forward[starts], stops - starts)
    serves = _serves(network.arc_access, against, starts)
    used = _left_and_reached(network.arc_access, starts, np.ones(network.arc_count, dtype=np.bool_))
    starts, stops = starts[used], stops[used]
    road, point = spread(network.shape_first[starts], network.shape_first[starts + 1])
    first = np.searchsorted(road, np.arange(starts.size + 1))
    lat_deg, lon_deg = network.shape_lat_deg[point], network.shape_lon_deg[point]
    x, y = mercator(lat_deg, lon_deg)
    step_m = np.zeros(point.size)
    step_m[1:] = great_circle_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
    total_m = np.cumsum(step_m)
    return Roads(
        line=np.asarray(shapely.linestrings(np.column_stack([x, y]), indices=road)),
        first=first,
        x=x,
        y=y,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        along_m=total_m - total_m[first[:-1]][road],
        arc_first=starts,
        arc_end=stops,
        serves=serves[used],
        against=against,
        frontage=network.arc_frontage[starts],
    )


def _serves(access: NDArray[np.uint8], against: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each road whether its arcs along, and those against, its line can be left and arrived at."""
    columns = [_left_and_reached(access, starts, side) for side in (~against, against)]
    return np.stack(columns, axis=1)


def _left_and_reached(
    access: NDArray[np.uint8], starts: NDArray[np.int64], counted: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    left, reached = (
        np.logical_or.reduceat(counted & np.isin(access, kinds), starts)
        for kinds in ((ACCESS_THROUGH, ACCESS_EXIT), (ACCESS_THROUGH, ACCESS_ENTRY, ACCESS_VIA))
    )
    return np.asarray(left & reached)
