"""Which arcs a report means, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.network.roads import lane_numbers
from routing.network.spread import spread
from routing.travel.conditions import AlongLine, BetweenNodes, InPolygon, NearestTo, Where
from routing.units import EARTH_RADIUS_M, great_circle_m

LINE_WITHIN_M = 25.0
"""A road is on a reported line where it runs within this distance of it,"""
LINE_WITHIN_DEG = 45.0
"""in a direction that differs by less than this,"""
LINE_SHARE = 0.5
"""over at least this share of the road or of the line."""
PIECE_M = 20.0
"""Roads are compared with lines piece by piece, none longer than this."""
LEAST_SHARE = 1e-9
"""Of an arc, where its two nodes stand on one spot."""
NEARLY_ALL = 0.9
"""A line that misses less than the rest of a road means all of it: reported lines are drawn by other maps."""
_DEG_M = float(np.radians(1.0)) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Hold the m arcs that a place means, increasing; empty where the map has none."""

    arc: NDArray[np.int64]
    share: NDArray[np.float64]
    """Part of each arc's length that is meant, above 0 and up to 1; m."""


def arcs_of(network: RoadNetwork, where: Where) -> NDArray[np.int64]:
    """Return the indices of the arcs that a place names, increasing; for many places make one `Places`."""
    return Places(network).touched(where).arc


class Places:
    """Find the arcs of places on one network; what was found once is kept."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._found: dict[Where | NearestTo | None, Touched] = {}

    def touched(self, where: Where | NearestTo | None) -> Touched:
        """Return the arcs of a place, of None all of them.

        The copies of a restricted road, and those for restrictions over a way as via, are meant with their road. Ways
        and areas mean arcs as a whole.
        """
        if where not in self._found:
            self._found[where] = self._find(where)
        return self._found[where]

    def _find(self, where: Where | NearestTo | None) -> Touched:
        if isinstance(where, BetweenNodes):
            return self._between(where)
        if isinstance(where, AlongLine):
            return self._along(where)
        if isinstance(where, InPolygon):
            return _whole(self._inside(where))
        if isinstance(where, NearestTo):
            return _whole(self._nearest(where))
        if where is None:
            return _whole(np.arange(self._network.arc_count))
        way_id, order = self._ways
        arcs = order[slice(*np.searchsorted(way_id, (where.way_id, where.way_id + 1)))]
        if where.direction != "both":
            arcs = arcs[self._network.arc_forward[arcs] == (where.direction == "forward")]
        return _whole(arcs)

    @cached_property
    def _ways(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the arcs' way ids in order, and their arcs, those of one way increasing."""
        order = np.argsort(self._network.arc_way_id, kind="stable")
        return self._network.arc_way_id[order], order

    @cached_property
    def lane(self) -> NDArray[np.int64]:
        """Return each arc's number that only the copies of the same direction of the same road share, a."""
        return lane_numbers(self._network)

    @cached_property
    def _box(self) -> tuple[NDArray[np.float64], ...]:
        """Return the west, south, east and north end of each arc."""
        lon, lat, first = self._network.shape_lon_deg, self._network.shape_lat_deg, self._network.shape_first[:-1]
        return (
            np.minimum.reduceat(lon, first),
            np.minimum.reduceat(lat, first),
            np.maximum.reduceat(lon, first),
            np.maximum.reduceat(lat, first),
        )

    def _near(self, west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
        """Return which arcs' boxes meet a box in degrees."""
        arc_west, arc_south, arc_east, arc_north = self._box
        return (arc_west <= east) & (arc_east >= west) & (arc_south <= north) & (arc_north >= south)

    def _between(self, where: BetweenNodes) -> Touched:
        """Return what lies between the first node and later the second: on one arc, or on the arcs of one way."""
        network = self._network
        first, second = (np.flatnonzero(network.shape_node_id == node) for node in (where.from_osm_id, where.to_osm_id))
        # Nothing begins at the head of an arc, and nothing ends at its tail.
        first = first[first + 1 < network.shape_first[self._arc_at(first) + 1]]
        second = second[second > network.shape_first[self._arc_at(second)]]
        begins, ends = (points.ravel() for points in np.meshgrid(first, second, indexing="ij"))
        same = (self._arc_at(begins) == self._arc_at(ends)) & (begins < ends)
        if same.any():
            pairs = zip(begins[same].tolist(), ends[same].tolist(), strict=True)
            part = np.array([self._until(end) - self._until(begin) for begin, end in pairs])
            arc = self._arc_at(begins[same])
            order = np.lexsort((part, arc))
            arc, shortest = np.unique(arc[order], return_index=True)
            # Two nodes may stand on one spot: a delay there is still one.
            return Touched(arc=arc, share=np.maximum(part[order][shortest], LEAST_SHARE))
        lane, copied = self.lane, np.unique(self.lane, return_index=True)[1]
        after = {int(lane[self._arc_at(at)]): 1 - self._until(at) for at in first.tolist()}
        before = {int(lane[self._arc_at(at)]): self._until(at) for at in second.tolist()}
        share = _chain(network, copied, after, before)
        arc = np.flatnonzero(np.isin(lane, list(share)))
        return Touched(arc=arc, share=np.array([share[key] for key in lane[arc].tolist()], np.float64))

    def _arc_at(self, point: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """Return the arc that each point of the shapes belongs to."""
        return np.asarray(np.searchsorted(self._network.shape_first, point, side="right") - 1)

    def _until(self, point: int) -> float:
        """Return the share of its arc's length that lies before a point of the shapes."""
        network, arc = self._network, int(self._arc_at(point))
        points = slice(network.shape_first[arc], network.shape_first[arc + 1])
        lat, lon = network.shape_lat_deg[points], network.shape_lon_deg[points]
        step_m = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        total_m = float(step_m.sum())
        return float(step_m[: point - points.start].sum()) / total_m if total_m > 0 else 0.0

    def _inside(self, where: InPolygon) -> NDArray[np.int64]:
        network = self._network
        shell, *holes = ([(lon, lat) for lat, lon in ring] for ring in where.rings_deg)
        area = shapely.make_valid(shapely.Polygon(shell, holes))
        shapely.prepare(area)
        near = np.flatnonzero(self._near(*area.bounds))
        # Most arcs of an area begin in it; only the others are drawn and compared.
        begin = network.shape_first[near]
        inside = shapely.intersects_xy(area, network.shape_lon_deg[begin], network.shape_lat_deg[begin])
        arc, point = _points(network, near[~inside])
        lines = shapely.linestrings(
            np.stack((network.shape_lon_deg[point], network.shape_lat_deg[point]), axis=1), indices=arc
        )
        inside[~inside] = shapely.intersects(area, lines)
        return np.asarray(near[inside])

    def _nearest(self, where: NearestTo) -> NDArray[np.int64]:
        """Return the arcs whose boxes' middles lie nearest to the point; each arc belongs to one of the points."""
        west, south, east, north = self._box
        lat, lon = np.array(where.points_deg).T
        squeeze = np.cos(np.radians(lat.mean()))
        apart = [
            np.hypot((west + east) / 2 - x, ((south + north) / 2 - y) / squeeze) for y, x in zip(lat, lon, strict=True)
        ]
        return np.flatnonzero(np.argmin(apart, axis=0) == where.index)

    def _along(self, where: AlongLine) -> Touched:
        network = self._network
        lat, lon = np.array(where.points_deg).T
        lon_m = float(np.cos(np.radians(lat.mean()))) * _DEG_M
        line = shapely.linestrings(lon * lon_m, lat * _DEG_M)
        near = np.zeros(network.arc_count, dtype=np.bool_)
        wide, high = LINE_WITHIN_M / lon_m, LINE_WITHIN_M / _DEG_M
        for a, b in zip(range(lat.size - 1), range(1, lat.size), strict=True):
            (west, east), (south, north) = sorted((lon[a], lon[b])), sorted((lat[a], lat[b]))
            near |= self._near(west - wide, south - high, east + wide, north + high)
        candidate = np.flatnonzero(near)
        piece_of, x_m, y_m = _pieces(network, candidate, lon_m)
        length_m = np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0])
        middle = shapely.points(x_m.mean(axis=1), y_m.mean(axis=1))
        shapely.prepare(line)
        on_line = shapely.dwithin(line, middle, LINE_WITHIN_M)
        at_m = shapely.line_locate_point(line, middle[on_line])
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(at_m + 1.0, line.length)))
        behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at_m - 1.0, 0.0)))
        turn = np.arctan2(y_m[on_line, 1] - y_m[on_line, 0], x_m[on_line, 1] - x_m[on_line, 0])
        turn = turn - np.arctan2(ahead[:, 1] - behind[:, 1], ahead[:, 0] - behind[:, 0])
        on_line[on_line] = np.cos(turn) > np.cos(np.radians(LINE_WITHIN_DEG))
        matched_m = np.bincount(piece_of, weights=length_m * on_line, minlength=candidate.size)
        arc_m = np.bincount(piece_of, weights=length_m, minlength=candidate.size)
        meant = (matched_m > 0) & (matched_m >= LINE_SHARE * np.minimum(arc_m, line.length))
        share = matched_m[meant] / arc_m[meant]
        return Touched(arc=candidate[meant], share=np.where(share >= NEARLY_ALL, 1.0, share))


def _whole(arc: NDArray[np.int64]) -> Touched:
    return Touched(arc=arc, share=np.ones(arc.size))


def _chain(
    network: RoadNetwork, lanes: NDArray[np.int64], after: dict[int, float], before: dict[int, float]
) -> dict[int, float]:
    """Return the lanes from one of the first to one of the last, following one way in one direction, and their shares.

    `lanes` holds an arc of each lane. `after` are the first lanes with the share that follows the node, `before` the
    last ones. Lanes of a way stand in the way's order. On a ring only the shorter way round is meant.
    """
    way_id, forward = network.arc_way_id[lanes], network.arc_forward[lanes]
    tail, head, length_mm = network.arc_tail[lanes], network.arc_head[lanes], network.arc_length_mm[lanes]
    found: list[tuple[int, list[int]]] = []
    for begin in sorted(after):
        mine = np.flatnonzero((way_id == way_id[begin]) & (forward == forward[begin]))
        ahead = np.roll(mine, -int(np.searchsorted(mine, begin)))[1:].tolist()
        path = [begin]
        for onto in (*ahead, begin) if forward[begin] else (*reversed(ahead), begin):
            if tail[onto] != head[path[-1]]:
                break
            path.append(onto)
            if onto in before:
                found.append((int(length_mm[path].sum()), path))
                break
    shortest_mm = min((driven_mm for driven_mm, _ in found), default=0)
    share: dict[int, float] = {}
    for path in (path for driven_mm, path in found if driven_mm == shortest_mm):
        for lane in path[1:-1]:
            share[lane] = 1.0
        for lane, part in ((path[0], after[path[0]]), (path[-1], before[path[-1]])):
            share[lane] = min(1.0, share.get(lane, 0.0) + part)
    return {lane: part for lane, part in share.items() if part > 0}


def _points(network: RoadNetwork, arcs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the points of the shapes of some arcs: the place of its arc among these, and its index."""
    return spread(network.shape_first[arcs], network.shape_first[arcs + 1])


def _pieces(
    network: RoadNetwork, arcs: NDArray[np.int64], lon_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return short straight pieces of some arcs: the place of the arc, and x and y of both ends in metres, s x 2."""
    arc_of_point, point = _points(network, arcs)
    begin = np.flatnonzero(arc_of_point[:-1] == arc_of_point[1:])
    ends = point[begin[:, np.newaxis] + np.array([0, 1])]
    x_m, y_m = network.shape_lon_deg[ends] * lon_m, network.shape_lat_deg[ends] * _DEG_M
    count = np.ceil(np.hypot(np.diff(x_m), np.diff(y_m))[:, 0] / PIECE_M).clip(1).astype(np.int64)
    whole, nth = spread(np.zeros_like(count), count)
    share = (nth[:, np.newaxis] + np.array([0, 1])) / count[whole, np.newaxis]
    x_m, y_m = (end[whole, :1] + share * (end[whole, 1:] - end[whole, :1]) for end in (x_m, y_m))
    return arc_of_point[begin][whole], x_m, y_m
