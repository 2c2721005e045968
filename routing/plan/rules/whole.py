"""What belongs together: both stops of a shipment, all stops of a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def whole_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each shipment that is torn apart or reversed, and each group whose stops do not follow each other."""
    if book.joined.isdisjoint(stop_ids):
        return
    at = {stop_id: index for index, stop_id in enumerate(stop_ids)}
    trip_of, trip = list[int](), 0
    for stop_id in stop_ids:
        trip += stop_id not in book.stops
        trip_of.append(trip)
    told = set()
    for index, stop_id in enumerate(stop_ids):
        request = book.request_of.get(stop_id)
        if request is None or len(request.stop_ids) == 1 or request.stop_ids in told:
            continue
        told.add(request.stop_ids)
        places = [at.get(each) for each in request.stop_ids]
        missing = [each for each, place in zip(request.stop_ids, places, strict=True) if place is None]
        if request.is_pair:
            pickup, delivery = request.stop_ids
            cause = None
            if missing:
                cause = f"{missing[0]} belongs to the shipment and is not on this route"
            elif at[delivery] < at[pickup]:
                cause = f"{delivery} comes before {pickup}, where its goods are picked up"
            elif trip_of[at[delivery]] != trip_of[at[pickup]]:
                cause = f"a reload stands between {pickup} and {delivery}"
            if cause is not None:
                yield Breach(code="SHIPMENT", vehicle_id=vehicle.id, stop_id=stop_id, cause=cause)
        elif tuple(stop_ids[index : index + len(places)]) != request.stop_ids:
            cause = f"{', '.join(request.stop_ids)} are not served one right after the other"
            yield Breach(code="TOGETHER", vehicle_id=vehicle.id, stop_id=stop_id, cause=cause)
