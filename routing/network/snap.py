"""Find where locations touch the roads: the exact projection onto the nearest road, never onto its next corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Location, Snapped
from routing.network.road_network import ACCESS_ENTRY, ACCESS_VIA, RoadNetwork
from routing.network.roads import Roads, draw_roads, mercator
from routing.units import great_circle_m

_SQUARE_ANGLE_SLACK = 1e-9
"""A road square to a heading counts as driven that way, whatever the rounding."""
_TIE_DIGITS = 6
"""Roads whose distances differ by less than a micrometre are equally near; the first one is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touches:
    """Hold projections of places on pieces of road between two points of its line."""

    place: NDArray[np.int64]
    road: NDArray[np.int64]
    point: NDArray[np.int64]
    """The piece's first point in `Roads`."""
    share: NDArray[np.float64]
    """How far along the piece, 0 to 1."""
    distance: NDArray[np.float64]
    """On the plane."""
    along: NDArray[np.bool_]
    """True where driving along the road's line is wanted, and possible."""
    against: NDArray[np.bool_]

    @property
    def fits(self) -> NDArray[np.bool_]:
        return self.along | self.against

    def take(self, rows: NDArray[np.int64]) -> _Touches:
        return _Touches(
            place=self.place[rows],
            road=self.road[rows],
            point=self.point[rows],
            share=self.share[rows],
            distance=self.distance[rows],
            along=self.along[rows],
            against=self.against[rows],
        )


def snap(network: RoadNetwork, locations: Sequence[Location], *, radius_m: float = 300.0) -> Snapped:
    """Find for each location the nearest point of a road that can be left and arrived at, within a radius in metres.

    Both directions of the road and all its copies are offered. A `heading_deg` keeps the arcs that are driven within
    90 degrees of it; the nearest road counts that has such arcs both to leave and to arrive on. Where there is no
    such road within the radius the location is not usable, and its distance is that to the nearest road at all.
    """
    roads = draw_roads(network)
    lat_deg = np.array([place.lat_deg for place in locations], dtype=np.float64)
    lon_deg = np.array([place.lon_deg for place in locations], dtype=np.float64)
    heading_deg = np.array([place.heading_deg for place in locations], dtype=np.float64)
    x, y = mercator(lat_deg, lon_deg)
    reach = radius_m / np.cos(np.radians(lat_deg))
    place, road = _near(roads, x, y, ~np.isnan(heading_deg), reach)
    touches = _best(_touch(roads, place, road, x, y, heading_deg, reach))
    ahead = touches.point + 1
    on_lat_deg, on_lon_deg = (
        values[touches.point] + touches.share * (values[ahead] - values[touches.point])
        for values in (roads.lat_deg, roads.lon_deg)
    )
    distance_m = great_circle_m(lat_deg, lon_deg, on_lat_deg, on_lon_deg)
    usable = touches.fits & (distance_m <= radius_m)
    position = _position(roads, touches)
    leave_first, leave_arc, leave_position = _offer(network, roads, touches, position, usable, to_leave=True)
    arrive_first, arrive_arc, arrive_position = _offer(network, roads, touches, position, usable, to_leave=False)
    offers = (leave_first, leave_arc, leave_position, arrive_first, arrive_arc, arrive_position)
    for array in (*offers, on_lat_deg, on_lon_deg, distance_m, usable):
        array.setflags(write=False)
    return Snapped(
        leave_first=leave_first,
        leave_arc=leave_arc,
        leave_position=leave_position,
        arrive_first=arrive_first,
        arrive_arc=arrive_arc,
        arrive_position=arrive_position,
        lat_deg=on_lat_deg,
        lon_deg=on_lon_deg,
        distance_m=distance_m,
        usable=usable,
    )


def _near(
    roads: Roads,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    headed: NDArray[np.bool_],
    reach: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of place and road: the nearest of every place, and all within reach of those with a heading."""
    tree = shapely.STRtree(roads.line)
    points = np.asarray(shapely.points(x, y))
    nearest = tree.query_nearest(points, all_matches=True)
    rows = np.flatnonzero(headed)
    place, road = tree.query(points[rows], predicate="dwithin", distance=reach[rows])
    return np.concatenate([nearest[0], rows[place]]), np.concatenate([nearest[1], road])


def _touch(
    roads: Roads,
    place: NDArray[np.int64],
    road: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    heading_deg: NDArray[np.float64],
    reach: NDArray[np.float64],
) -> _Touches:
    """Project each place on every piece of the road beside it."""
    pieces = roads.first[road + 1] - roads.first[road] - 1
    point = np.arange(pieces.sum()) + np.repeat(roads.first[road] - np.cumsum(pieces) + pieces, pieces)
    place, road = np.repeat(place, pieces), np.repeat(road, pieces)
    dx, dy = roads.x[point + 1] - roads.x[point], roads.y[point + 1] - roads.y[point]
    from_x, from_y = x[place] - roads.x[point], y[place] - roads.y[point]
    square = dx * dx + dy * dy
    share = np.clip((from_x * dx + from_y * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    distance = np.hypot(from_x - share * dx, from_y - share * dy)
    free = np.isnan(heading_deg[place])
    near = distance <= reach[place]
    cosine = np.cos(np.radians(np.where(free, 0.0, heading_deg[place])) - np.arctan2(dx, dy))
    return _Touches(
        place=place,
        road=road,
        point=point,
        share=share,
        distance=distance,
        along=free | (near & (cosine >= -_SQUARE_ANGLE_SLACK) & roads.serves[road, 0]),
        against=free | (near & (cosine <= _SQUARE_ANGLE_SLACK) & roads.serves[road, 1]),
    )


def _best(touches: _Touches) -> _Touches:
    """Return of each place the nearest touch that fits, else the nearest, by place; of equally near ones the first."""
    distance = np.round(touches.distance, _TIE_DIGITS)
    order = np.lexsort((touches.point, distance, ~touches.fits, touches.place))
    _, first = np.unique(touches.place[order], return_index=True)
    return touches.take(order[first])


def _position(roads: Roads, touches: _Touches) -> NDArray[np.int64]:
    """Return where on its road's line each touch lies, from 0 to ARC_UNITS, by length."""
    here_m, next_m = roads.along_m[touches.point], roads.along_m[touches.point + 1]
    total_m = roads.along_m[roads.first[touches.road + 1] - 1]
    share = (here_m + touches.share * (next_m - here_m)) / np.where(total_m > 0, total_m, 1.0)
    return np.rint(np.clip(share, 0.0, 1.0) * ARC_UNITS).astype(np.int64)


def _offer(
    network: RoadNetwork,
    roads: Roads,
    touches: _Touches,
    position: NDArray[np.int64],
    usable: NDArray[np.bool_],
    *,
    to_leave: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return the arcs of each usable place and the positions on them, as CSR over places."""
    rows = np.flatnonzero(usable)
    road = touches.road[rows]
    count = roads.arc_end[road] - roads.arc_first[road]
    arc = np.arange(count.sum()) + np.repeat(roads.arc_first[road] - np.cumsum(count) + count, count)
    row = np.repeat(rows, count)
    against = roads.against[arc]
    offered = np.where(against, touches.against[row], touches.along[row])
    if to_leave:
        offered &= ~np.isin(network.arc_access[arc], (ACCESS_ENTRY, ACCESS_VIA))
    arc, row, against = arc[offered], row[offered], against[offered]
    first = np.searchsorted(row, np.arange(usable.size + 1)).astype(np.int64)
    on_arc = np.where(against, ARC_UNITS - position[row], position[row])
    if not to_leave:
        # Nobody arrives on an arc without entering it, so that a closed arc is closed for its very beginning too.
        on_arc = np.maximum(on_arc, 1)
    return first, arc.astype(np.int32), on_arc
