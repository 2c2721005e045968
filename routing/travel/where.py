"""Which arcs a report means."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.network.roads import lane_numbers
from routing.travel.conditions import AlongLine, BetweenNodes, InPolygon, OnWay, Where
from routing.units import EARTH_RADIUS_M

LINE_WITHIN_M = 25.0
"""A road is on a reported line where it runs within this distance of it,"""
LINE_WITHIN_DEG = 45.0
"""in a direction that differs by less than this,"""
LINE_SHARE = 0.5
"""over at least this share of the road or of the line."""
PIECE_M = 20.0
"""Roads are compared with lines piece by piece, none longer than this."""


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
    """Return the arcs that pass the first node and later the second, or the arcs of one way that join them.

    The copies of a restricted road, and those for restrictions over a way as via, are meant with their road.
    """
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    is_head, is_tail = (np.zeros(arc_of_point.size, dtype=np.bool_) for _ in range(2))
    is_tail[network.shape_first[:-1]] = is_head[network.shape_first[1:] - 1] = True
    first = np.flatnonzero((network.shape_node_id == where.from_osm_id) & ~is_head)
    second = np.flatnonzero((network.shape_node_id == where.to_osm_id) & ~is_tail)
    begins, ends = np.meshgrid(first, second, indexing="ij")
    same = (arc_of_point[begins] == arc_of_point[ends]) & (begins < ends)
    if same.any():
        return np.unique(arc_of_point[begins[same]])
    lane = lane_numbers(network)
    begin, end = (np.unique(lane[arc_of_point[points]]) for points in (first, second))
    copied = np.unique(lane, return_index=True)[1]
    return np.flatnonzero(np.isin(lane, _chain(network, copied, begin, end)))


def _chain(
    network: RoadNetwork, lanes: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the lanes from one of the first to one of the second, following one way in one direction.

    `lanes` holds an arc of each lane. Lanes of a way stand in the way's order. On a ring only the shorter way round
    is meant.
    """
    way_id, forward = network.arc_way_id[lanes], network.arc_forward[lanes]
    tail, head, length_mm = network.arc_tail[lanes], network.arc_head[lanes], network.arc_length_mm[lanes]
    found: list[tuple[int, list[int]]] = []
    for begin in begins.tolist():
        mine = np.flatnonzero((way_id == way_id[begin]) & (forward == forward[begin]))
        ahead = np.roll(mine, -int(np.searchsorted(mine, begin)))[1:].tolist()
        path = [begin]
        for onto in (*ahead, begin) if forward[begin] else (*reversed(ahead), begin):
            if tail[onto] != head[path[-1]]:
                break
            path.append(onto)
            if onto in ends:
                found.append((int(length_mm[path].sum()), path))
                break
    shortest_mm = min((driven_mm for driven_mm, _ in found), default=0)
    return np.array(sorted({lane for driven_mm, path in found if driven_mm == shortest_mm for lane in path}), np.int64)


def _inside(network: RoadNetwork, where: InPolygon) -> NDArray[np.int64]:
    shell, *holes = ([(lon, lat) for lat, lon in ring] for ring in where.rings_deg)
    area = shapely.make_valid(shapely.Polygon(shell, holes))
    return np.flatnonzero(shapely.intersects(area, _arc_lines(network, 1.0)))


def _along(network: RoadNetwork, where: AlongLine) -> NDArray[np.int64]:
    squeeze = float(np.cos(np.radians(np.mean([lat for lat, _ in where.points_deg]))))
    to_m = np.radians(1.0) * EARTH_RADIUS_M
    line = shapely.LineString([(lon * squeeze * to_m, lat * to_m) for lat, lon in where.points_deg])
    arc, x_m, y_m = _pieces(network, squeeze * to_m, to_m)
    length_m = np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0])
    middle = shapely.points(x_m.mean(axis=1), y_m.mean(axis=1))
    at_m = shapely.line_locate_point(line, middle)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(at_m + 1.0, line.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at_m - 1.0, 0.0)))
    turn = np.arctan2(y_m[:, 1] - y_m[:, 0], x_m[:, 1] - x_m[:, 0])
    turn = turn - np.arctan2(ahead[:, 1] - behind[:, 1], ahead[:, 0] - behind[:, 0])
    on_line = (shapely.distance(line, middle) <= LINE_WITHIN_M) & (np.cos(turn) > np.cos(np.radians(LINE_WITHIN_DEG)))
    matched_m = np.bincount(arc, weights=length_m * on_line, minlength=network.arc_count)
    arc_m = network.arc_length_mm / 1000
    return np.flatnonzero((matched_m > 0) & (matched_m >= LINE_SHARE * np.minimum(arc_m, line.length)))


def _pieces(
    network: RoadNetwork, lon_m: float, lat_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return short straight pieces of road: their arcs, and x and y of both ends in metres, s x 2."""
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    begin = np.flatnonzero(arc_of_point[:-1] == arc_of_point[1:])
    ends = begin[:, np.newaxis] + np.array([0, 1])
    x_m, y_m = network.shape_lon_deg[ends] * lon_m, network.shape_lat_deg[ends] * lat_m
    count = np.ceil(np.hypot(np.diff(x_m), np.diff(y_m))[:, 0] / PIECE_M).clip(1).astype(np.int64)
    whole = np.repeat(np.arange(count.size), count)
    nth = np.arange(whole.size) - np.repeat(np.cumsum(count) - count, count)
    share = (nth[:, np.newaxis] + np.array([0, 1])) / count[whole, np.newaxis]
    x_m, y_m = (end[whole, :1] + share * (end[whole, 1:] - end[whole, :1]) for end in (x_m, y_m))
    return arc_of_point[begin][whole], x_m, y_m


def _arc_lines(network: RoadNetwork, squeeze: float) -> NDArray[np.object_]:
    points = np.stack((network.shape_lon_deg * squeeze, network.shape_lat_deg), axis=1)
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    return np.asarray(shapely.linestrings(points, indices=arc_of_point))
