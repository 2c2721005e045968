"""Which arcs a report means."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.travel.conditions import AlongLine, BetweenNodes, InPolygon, OnWay, Where
from routing.units import EARTH_RADIUS_M

LINE_WITHIN_M = 25.0
"""A road is on a reported line where it runs within this distance of it,"""
LINE_WITHIN_DEG = 45.0
"""in a direction that differs by less than this,"""
LINE_SHARE = 0.5
"""over at least this share of the road or of the line."""


def arcs_of(network: RoadNetwork, where: Where) -> NDArray[np.int64]:
    """Return the indices of the arcs that a place names, increasing; empty where the map has none.

    An arc is meant as a whole: a report on a part of it counts for all of it, junction to junction.
    """
    if isinstance(where, OnWay):
        named = network.arc_way_id == where.way_id
        if where.direction != "both":
            named &= network.arc_forward == (where.direction == "forward")
        return np.flatnonzero(named)
    if isinstance(where, BetweenNodes):
        return _between(network, where)
    if isinstance(where, AlongLine):
        return _along(network, where)
    return _inside(network, where)


def _between(network: RoadNetwork, where: BetweenNodes) -> NDArray[np.int64]:
    """Return the arcs that pass the first node and later the second, or the arcs of one way that join them."""
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    first = np.flatnonzero(network.shape_node_id == where.from_osm_id)
    second = np.flatnonzero(network.shape_node_id == where.to_osm_id)
    begins, ends = np.meshgrid(first, second, indexing="ij")
    same = (arc_of_point[begins] == arc_of_point[ends]) & (begins < ends)
    if same.any():
        return np.unique(arc_of_point[begins[same]])
    return _chain(network, np.unique(arc_of_point[first]), np.unique(arc_of_point[second]))


def _chain(network: RoadNetwork, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the arcs from one of the first to one of the second, following one way in one direction."""
    found: set[int] = set()
    for begin in begins.tolist():
        way = network.arc_way_id == network.arc_way_id[begin]
        way &= network.arc_forward == network.arc_forward[begin]
        way &= network.arc_access == network.arc_access[begin]
        mine = np.flatnonzero(way)
        next_of = dict(zip(network.arc_tail[mine].tolist(), mine.tolist(), strict=True))
        path, at = [begin], begin
        while at not in ends and int(network.arc_head[at]) in next_of and len(path) <= mine.size:
            at = next_of[int(network.arc_head[at])]
            path.append(at)
        if at in ends and len(path) > 1:
            found.update(path)
    return np.array(sorted(found), dtype=np.int64)


def _inside(network: RoadNetwork, where: InPolygon) -> NDArray[np.int64]:
    shell, *holes = ([(lon, lat) for lat, lon in ring] for ring in where.rings_deg)
    area = shapely.make_valid(shapely.Polygon(shell, holes))
    return np.flatnonzero(shapely.intersects(area, _arc_lines(network, 1.0)))


def _along(network: RoadNetwork, where: AlongLine) -> NDArray[np.int64]:
    squeeze = float(np.cos(np.radians(np.mean([lat for lat, _ in where.points_deg]))))
    to_m = np.radians(1.0) * EARTH_RADIUS_M
    line = shapely.LineString([(lon * squeeze * to_m, lat * to_m) for lat, lon in where.points_deg])
    arc, x_m, y_m = _segments(network, squeeze * to_m, to_m)
    length_m = np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0])
    middle = shapely.points(x_m.mean(axis=1), y_m.mean(axis=1))
    at_m = shapely.line_locate_point(line, middle)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(at_m + 1.0, line.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at_m - 1.0, 0.0)))
    turn = np.arctan2(y_m[:, 1] - y_m[:, 0], x_m[:, 1] - x_m[:, 0])
    turn = turn - np.arctan2(ahead[:, 1] - behind[:, 1], ahead[:, 0] - behind[:, 0])
    on_line = (shapely.distance(line, middle) <= LINE_WITHIN_M) & (np.cos(turn) > np.cos(np.radians(LINE_WITHIN_DEG)))
    matched_m = np.bincount(arc, weights=length_m * on_line, minlength=network.arc_count)
    arc_m = np.bincount(arc, weights=length_m, minlength=network.arc_count)
    return np.flatnonzero((matched_m > 0) & (matched_m >= LINE_SHARE * np.minimum(arc_m, line.length)))


def _segments(
    network: RoadNetwork, lon_m: float, lat_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return each straight piece of road: its arc, and x and y of both ends in metres, s x 2."""
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    begin = np.flatnonzero(arc_of_point[:-1] == arc_of_point[1:])
    ends = begin[:, np.newaxis] + np.array([0, 1])
    return arc_of_point[begin], network.shape_lon_deg[ends] * lon_m, network.shape_lat_deg[ends] * lat_m


def _arc_lines(network: RoadNetwork, squeeze: float) -> NDArray[np.object_]:
    points = np.stack((network.shape_lon_deg * squeeze, network.shape_lat_deg), axis=1)
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    return np.asarray(shapely.linestrings(points, indices=arc_of_point))
