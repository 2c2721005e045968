"""The line that a vehicle drives, leg by leg, and when it is where on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from routing.export.schema import LegDocument, RestDocument, RouteDocument
from routing.units import great_circle_m

Points = tuple[tuple[float, float], ...]
"""(lat_deg, lon_deg), at least two."""


def leg_lines(route: RouteDocument) -> tuple[Points, ...]:
    """Return each leg's points; a leg without geometry is a straight line between its two places."""
    places = [
        (route.start.lat_deg, route.start.lon_deg),
        *((visit.lat_deg, visit.lon_deg) for visit in route.visits),
        (route.end.lat_deg, route.end.lon_deg),
    ]
    return tuple(
        leg.geometry if len(leg.geometry) >= 2 else (leg.geometry * 2 or ends)
        for leg, ends in zip(route.legs, pairwise(places), strict=True)
    )


def route_line(route: RouteDocument) -> Points:
    """Return the points of the whole route, a point that repeats at a stop once; at least two."""
    points = [point for line in leg_lines(route) for point in line]
    kept = [points[0], *(here for before, here in pairwise(points) if here != before)]
    return tuple(kept if len(kept) > 1 else kept * 2)


def moments_along(leg: LegDocument, rests: Sequence[RestDocument], shares: Sequence[float]) -> tuple[datetime, ...]:
    """Return when a vehicle is where a share of a leg lies behind it; it stands still for the rests on the way."""
    depart = datetime.fromisoformat(leg.depart)
    spans = [(datetime.fromisoformat(rest.start), datetime.fromisoformat(rest.end)) for rest in rests]
    moments = []
    for share in shares:
        moment = depart + timedelta(seconds=round(share * leg.duration_s))
        for start, end in spans:
            if start < moment:
                moment += end - start
        moments.append(moment)
    return tuple(moments)


def shares_along(points: Points) -> tuple[float, ...]:
    """Return for each point the share of the line's length, 0 to 1, that lies before it."""
    lat_deg, lon_deg = np.array(points).T
    steps_m = great_circle_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
    along_m = np.concatenate([[0.0], np.cumsum(steps_m)])
    if along_m[-1] == 0:
        return tuple(np.linspace(0.0, 1.0, len(points)).tolist())
    return tuple((along_m / along_m[-1]).tolist())
