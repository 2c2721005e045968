"""Where each fix of a trace may have been on the roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS
from routing.network.road_network import ACCESS_EXIT, ACCESS_THROUGH, RoadNetwork
from routing.network.roads import Roads, mercator, road_index
from routing.network.spread import spread

MOST_ROADS = 12
"""So many of the nearest roads are looked at for a fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Hold the places on arcs where n fixes may have been; those of fix i are first[i] to first[i + 1]."""

    first: NDArray[np.int64]
    arc: NDArray[np.int32]
    position: NDArray[np.int64]
    """From 0 (tail) to ARC_UNITS (head)."""
    distance_m: NDArray[np.float64]
    may_start: NDArray[np.bool_]
    """False on copies of roads that are only entered from other roads."""


class CandidateFinder:
    """Find candidates on one network, with its roads drawn and indexed once."""

    def __init__(self, network: RoadNetwork) -> None:
        self._access = network.arc_access
        self._index = road_index(network)

    def find(self, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], radius_m: float) -> Candidates:
        """Return the nearest place on each of the nearest roads within a radius of each fix, in both directions."""
        roads, count = self._index.roads, lat_deg.size
        x, y = mercator(lat_deg, lon_deg)
        scale = np.cos(np.radians(lat_deg))
        points = np.asarray(shapely.points(x, y))
        fix, road = self._index.within(points, radius_m / scale)
        distance, share = _project(roads, road, x[fix], y[fix])
        order = np.lexsort((road, distance, fix))
        fix, road, distance, share = fix[order], road[order], distance[order], share[order]
        nearest = np.arange(fix.size) - np.searchsorted(fix, fix) < MOST_ROADS
        fix, road, distance, share = fix[nearest], road[nearest], distance[nearest], share[nearest]
        row, arc = spread(roads.arc_first[road], roads.arc_end[road])
        along = np.where(roads.against[arc], 1.0 - share[row], share[row])
        return Candidates(
            first=np.searchsorted(fix[row], np.arange(count + 1)).astype(np.int64),
            arc=arc.astype(np.int32),
            position=np.rint(along * ARC_UNITS).astype(np.int64),
            distance_m=(distance * scale[fix])[row],
            may_start=np.isin(self._access[arc], (ACCESS_THROUGH, ACCESS_EXIT)),
        )


def _project(
    roads: Roads, road: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each point's distance from a road on the plane, and the share of its length at which it is nearest."""
    pair, point = spread(roads.first[road], roads.first[road + 1] - 1)
    dx, dy = roads.x[point + 1] - roads.x[point], roads.y[point + 1] - roads.y[point]
    from_x, from_y = x[pair] - roads.x[point], y[pair] - roads.y[point]
    square = dx * dx + dy * dy
    share = np.clip((from_x * dx + from_y * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    distance = np.hypot(from_x - share * dx, from_y - share * dy)
    order = np.lexsort((distance, pair))
    best = order[np.searchsorted(pair, np.arange(road.size))]
    at_m = roads.along_m[point] + share * (roads.along_m[point + 1] - roads.along_m[point])
    total_m = roads.along_m[roads.first[road + 1] - 1]
    return distance[best], np.clip(at_m[best] / np.where(total_m > 0, total_m, 1.0), 0.0, 1.0)
