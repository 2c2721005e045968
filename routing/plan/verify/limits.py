"""Limits: how long, how far and how much a vehicle goes at most."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven


def limits(driven: Driven) -> Iterator[Violation]:
    """Find routes beyond their vehicle's limits; one who only drives home has none."""
    vehicle, route = driven.vehicle, driven.route
    if driven.straight_home:
        return
    for code, limit, unit, true in (
        ("DURATION_LIMIT", vehicle.duration_limit_s, "s", route.end_s - route.start_s),
        ("DISTANCE_LIMIT", vehicle.distance_limit_m, "m", sum(leg.distance_m for leg in route.legs)),
        ("DRIVING_LIMIT", vehicle.driving_limit_s, "s of driving", sum(leg.duration_s for leg in route.legs)),
        ("STOPS_LIMIT", vehicle.stops_limit, "stops", sum(stop is not None for _, stop in driven.halts)),
    ):
        if limit is not None and true > limit:
            yield Violation(code=code, where=driven.where, cause=f"has {true} {unit}, {limit} are allowed")
