"""Where, how often and for what a vehicle loads again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle

FORBIDDEN, COUNT, EMPTY = "depot", "limit", "empty"
"""What of reloads is broken (`Breach.of`): the depot is none of the vehicle's, there are too many, or one serves
nothing."""


def trip_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield what is wrong with the reloads of an order."""
    reloads = book.reloads(stop_ids)
    if not reloads:
        return
    for depot in reloads:
        if depot.id not in vehicle.reload_depots:
            cause = f"{vehicle.id} may not load at {depot.id}"
            yield Breach(code="RELOADS", vehicle_id=vehicle.id, stop_id=depot.id, cause=cause, of=FORBIDDEN)
    if vehicle.reloads_limit is not None and len(reloads) > vehicle.reloads_limit:
        over = len(reloads) - vehicle.reloads_limit
        cause = f"{vehicle.id} would load again {len(reloads)} times, {over} more than its {vehicle.reloads_limit}"
        yield Breach(code="RELOADS", vehicle_id=vehicle.id, stop_id=None, cause=cause, excess=over, of=COUNT)
    for depot, trip in zip(reloads, book.trips(stop_ids)[1:], strict=True):
        if not trip:
            cause = f"no stop comes after a reload at {depot.id}"
            yield Breach(code="RELOADS", vehicle_id=vehicle.id, stop_id=depot.id, cause=cause, of=EMPTY)


def without_empty_trips(book: Book, stop_ids: Sequence[str]) -> tuple[str, ...]:
    """Return an order without the reloads after which no stop comes."""
    kept: list[str] = []
    serves = False
    for stop_id in reversed(stop_ids):
        is_stop = stop_id in book.stops
        if is_stop or serves:
            kept.append(stop_id)
        serves = is_stop
    return tuple(reversed(kept))
