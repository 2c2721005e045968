"""Where on a line a vehicle is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.network.location import Location
from routing.units import bearing_deg, great_circle_m

Line = Sequence[tuple[float, float]]
"""Points as (lat_deg, lon_deg)."""


def along_line(line: Line, share: float) -> Location:
    """Return the point at a share (0 to 1) of a line's length, heading as the line runs there."""
    points = np.asarray(line, dtype=np.float64)
    lat_deg, lon_deg = points[:, 0], points[:, 1]
    step_m = great_circle_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
    along_m = np.concatenate(([0.0], np.cumsum(step_m)))
    if along_m[-1] <= 0:
        return Location(lat_deg=float(lat_deg[0]), lon_deg=float(lon_deg[0]))
    at_m = min(max(share, 0.0), 1.0) * along_m[-1]
    # Points may stand twice in a line: the piece must have a length to have a direction.
    piece = min(int(np.searchsorted(along_m, at_m, side="right")), int(np.flatnonzero(step_m)[-1]) + 1) - 1
    heading_deg = bearing_deg(*(float(value) for value in points[piece : piece + 2].ravel()))
    return Location(
        lat_deg=float(np.interp(at_m, along_m, lat_deg)),
        lon_deg=float(np.interp(at_m, along_m, lon_deg)),
        heading_deg=heading_deg,
    )


def distance_m(a: Location, b: Location) -> float:
    """Return the straight distance between two locations in metres."""
    return float(great_circle_m(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg))
