"""Hand drives to GeoPandas as a frame (extra `geo`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from routing.network.frames import frame
from routing.network.road_network import RoadNetwork
from routing.travel.drive import Drive, line

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def drives_frame(network: RoadNetwork, drives: Sequence[Drive | None]) -> GeoDataFrame:
    """Return one row for each drive: depart_s, arrive_s (Unix epoch), duration_s, distance_m and its line.

    The index is the drive's place in the sequence; a drive that was not found (None) has no row.

    Raises
    ------
    UnavailableError
        Where GeoPandas is not installed.
    """
    found = [(place, drive) for place, drive in enumerate(drives) if drive is not None]
    lines = np.empty(len(found), dtype=object)
    lines[:] = [shapely.LineString([(lon, lat) for lat, lon in line(network, drive)]) for _, drive in found]
    columns = {
        "depart_s": np.array([drive.depart_s for _, drive in found], np.int64),
        "arrive_s": np.array([drive.depart_s + drive.duration_s for _, drive in found], np.int64),
        "duration_s": np.array([drive.duration_s for _, drive in found], np.int64),
        "distance_m": np.array([drive.distance_m for _, drive in found], np.int64),
    }
    return frame(columns, lines, index_name="drive", index=[place for place, _ in found])
