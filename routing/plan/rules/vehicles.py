"""Who may serve a stop: sets of vehicles, skills, territories, goods that another one has on board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def vehicle_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each reason for which a vehicle may not serve a stop of its order."""
    for stop_id in stop_ids:
        stop = book.stops.get(stop_id)
        if stop is not None:
            for code, cause in book.refusals(vehicle, stop):
                yield Breach(code=code, vehicle_id=vehicle.id, stop_id=stop_id, cause=cause)
