"""Cut drivable ways into runs, the stretches of road between two graph nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.osm.extract import Extract
from routing.units import great_circle_m

_BEARING_REACH_M = 10.0
"""A turn's angle is taken this far from its node, beyond the bends that only draw the corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Hold r runs; run i's geometry is path_node[first[i]:last[i] + 1], as its way is drawn."""

    way: NDArray[np.int64]
    """Row of the way in the extract, r."""
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    path_node: NDArray[np.int32]
    """Nodes of all drivable ways, end to end, as indices of the extract."""
    length_mm: NDArray[np.int64]
    start_bearing_deg: NDArray[np.float64]
    """Direction in which the run leaves its first node, clockwise from north, r."""
    end_bearing_deg: NDArray[np.float64]
    """Direction in which it leaves its last node when driven backward, r."""


def cut_runs(extract: Extract, drivable: NDArray[np.bool_], special: NDArray[np.bool_]) -> Runs:
    """Cut the drivable ways at junctions, at their own ends and at special nodes.

    `drivable` has one entry for each way, `special` one for each node of the extract.
    """
    count = np.diff(extract.way_first)
    path_way = np.repeat(np.arange(count.size), count)
    inside = drivable[path_way]
    path_way, path_node = path_way[inside], extract.way_node[inside]
    same_way = path_way[1:] == path_way[:-1]
    is_first = np.concatenate([[True], ~same_way])
    is_last = np.concatenate([~same_way, [True]])
    uses = np.bincount(path_node, minlength=extract.node_id.size)
    cut = (uses > 1)[path_node] | special[path_node] | is_first | is_last
    first, last = np.flatnonzero(cut & ~is_last), np.flatnonzero(cut & ~is_first)
    loops = path_node[first] == path_node[last]
    cut[(first[loops] + last[loops]) // 2] = True  # so that no arc leads into itself
    first, last = np.flatnonzero(cut & ~is_last), np.flatnonzero(cut & ~is_first)
    lat, lon = extract.node_lat_deg[path_node], extract.node_lon_deg[path_node]
    step_m = np.where(same_way, great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:]), 0.0)
    along_m = np.concatenate([[0.0], np.cumsum(step_m)])
    ahead = np.searchsorted(along_m, along_m[first] + _BEARING_REACH_M, side="left")
    behind = np.searchsorted(along_m, along_m[last] - _BEARING_REACH_M, side="right") - 1
    return Runs(
        way=path_way[first],
        first=first,
        last=last,
        path_node=path_node,
        length_mm=np.rint((along_m[last] - along_m[first]) * 1000).astype(np.int64),
        start_bearing_deg=_bearing_deg(lat, lon, first, np.minimum(ahead, last)),
        end_bearing_deg=_bearing_deg(lat, lon, last, np.maximum(behind, first)),
    )


def _bearing_deg(
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    here: NDArray[np.int64],
    there: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return bearings between near points, on the plane that touches the earth there."""
    east = (lon_deg[there] - lon_deg[here]) * np.cos(np.radians(lat_deg[here]))
    return np.asarray(np.degrees(np.arctan2(east, lat_deg[there] - lat_deg[here])))
