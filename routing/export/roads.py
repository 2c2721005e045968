"""The roads around, as a light background for pictures: one line per piece of road, thinned and cropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork

GRID_PER_DEG = 100_000
"""Pictures draw on a grid of a hundred-thousandth of a degree, 1.1 m at most."""
_THINNING_DEG = 1.5e-5
_MAJOR = ("motorway", "trunk", "primary")
_MIDDLE = ("secondary", "tertiary")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTier:
    """Hold the roads of one importance; each line is k x 2 grid integers, longitude first."""

    name: str
    lines: tuple[NDArray[np.int64], ...]


def road_tiers(
    network: RoadNetwork, west_deg: float, south_deg: float, east_deg: float, north_deg: float
) -> tuple[RoadTier, ...]:
    """Return the roads that touch a box as `minor`, `middle` and `major` lines, each road once."""
    first = network.shape_first
    ends = np.sort(np.stack([network.arc_tail, network.arc_head], axis=1), axis=1).astype(np.int64)
    pieces = np.column_stack([network.arc_way_id, ends, np.diff(first)])
    _, once = np.unique(pieces, axis=0, return_index=True)
    arc_of_point = np.repeat(np.arange(network.arc_count), np.diff(first))
    points = np.column_stack([network.shape_lon_deg, network.shape_lat_deg])
    lines = np.asarray(shapely.linestrings(points, indices=arc_of_point))[once]
    near = shapely.intersects(lines, shapely.box(west_deg, south_deg, east_deg, north_deg))
    thinned = shapely.simplify(lines[near], _THINNING_DEG)
    tiers = np.array([_tier(name) for name in ROAD_CLASSES])[network.arc_class[once][near]]
    return tuple(
        RoadTier(name=name, lines=_grid_lines(thinned[tiers == tier]))
        for tier, name in enumerate(("minor", "middle", "major"))
    )


def _tier(road_class: str) -> int:
    name = road_class.removesuffix("_link")
    return 2 if name in _MAJOR else 1 if name in _MIDDLE else 0


def _grid_lines(lines: NDArray[np.object_]) -> tuple[NDArray[np.int64], ...]:
    points, line_of_point = shapely.get_coordinates(lines, return_index=True)
    grid = np.rint(points * GRID_PER_DEG).astype(np.int64)
    return tuple(np.split(grid, np.flatnonzero(np.diff(line_of_point)) + 1)) if grid.size else ()
