"""How many stops and metres a route may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def stops_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield by how many stops an order is too long."""
    if vehicle.stops_limit is None:
        return
    over = sum(stop_id in book.stops for stop_id in stop_ids) - vehicle.stops_limit
    if over > 0:
        cause = f"{vehicle.id} would serve {over} more than its {vehicle.stops_limit} stops"
        yield Breach(code="STOPS_LIMIT", vehicle_id=vehicle.id, stop_id=None, cause=cause, excess=over)


def distance_breaches(vehicle: Vehicle, distance_m: int) -> Iterator[Breach]:
    """Yield by how many metres a route is too long."""
    limit_m = vehicle.distance_limit_m
    if limit_m is not None and distance_m > limit_m:
        over_m = distance_m - limit_m
        cause = f"{vehicle.id} would drive {distance_m:,} m, {over_m:,} more than its {limit_m:,}"
        yield Breach(code="DISTANCE_LIMIT", vehicle_id=vehicle.id, stop_id=None, cause=cause, excess=over_m)
