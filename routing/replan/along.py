"""Where on a line a vehicle is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.network.location import Location
from routing.units import bearing_deg, great_circle_m

Line = Sequence[tuple[float, float]]
"""Points as (lat_deg, lon_deg)."""
ON_LINE_M = 50.0
"""Further than this from a line, a place says nothing of the direction on it."""
SAME_ROAD_M = 10.0
"""Two pieces of a line whose distances from a place differ by less may be the same road, driven twice."""


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


def with_heading(place: Location, line: Line, share: float) -> Location:
    """Return a place near a line with the heading in which the line runs there, unless it says its own.

    Where a line passes a place twice, that time counts which is nearer to a share (0 to 1) of its length.
    """
    if place.heading_deg is not None or len(line) < 2:
        return place
    points = np.asarray(line, dtype=np.float64)
    # Metres on a plane around the place: only what is within some hundred metres counts.
    x_m = great_circle_m(place.lat_deg, place.lon_deg, place.lat_deg, points[:, 1])
    y_m = great_circle_m(place.lat_deg, place.lon_deg, points[:, 0], place.lon_deg)
    at_m = np.stack([x_m * np.sign(points[:, 1] - place.lon_deg), y_m * np.sign(points[:, 0] - place.lat_deg)], axis=1)
    step_m = np.diff(at_m, axis=0)
    length_m = np.hypot(step_m[:, 0], step_m[:, 1])
    along = np.clip(-(at_m[:-1] * step_m).sum(axis=1) / np.maximum(length_m, 1e-9) ** 2, 0.0, 1.0)
    nearest_m = np.hypot(*(at_m[:-1] + along[:, None] * step_m).T)
    nearest_m[length_m <= 0] = np.inf
    if not np.isfinite(nearest_m).any() or nearest_m.min() > ON_LINE_M:
        return place
    reached = (np.cumsum(length_m) - length_m * (1 - along)) / length_m.sum()
    near = np.flatnonzero(nearest_m <= nearest_m.min() + SAME_ROAD_M)
    piece = int(near[np.argmin(np.abs(reached[near] - share))])
    return replace(place, heading_deg=bearing_deg(*(float(value) for value in points[piece : piece + 2].ravel())))


def distance_m(a: Location, b: Location) -> float:
    """Return the straight distance between two locations in metres."""
    return float(great_circle_m(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg))
