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
    told = set()
    for index, stop_id in enumerate(stop_ids):
        request = book.request_of[stop_id] if stop_id in book.joined else None
        if request is None or request.stop_ids in told:
            continue
        told.add(request.stop_ids)
        if request.is_pair:
            cause = _torn(book, stop_ids, *request.stop_ids)
            if cause is not None:
                yield Breach(code="SHIPMENT", vehicle_id=vehicle.id, stop_id=stop_id, cause=cause)
        elif tuple(stop_ids[index : index + len(request.stop_ids)]) != request.stop_ids:
            cause = f"{', '.join(request.stop_ids)} are not served one right after the other"
            yield Breach(code="TOGETHER", vehicle_id=vehicle.id, stop_id=stop_id, cause=cause)


def _torn(book: Book, stop_ids: Sequence[str], pickup_id: str, delivery_id: str) -> str | None:
    """Return what is wrong with a shipment of which one stop is on the route, None where nothing is."""
    for each in (pickup_id, delivery_id):
        if each not in stop_ids:
            return f"{each} belongs to the shipment and is not on this route"
    picked, delivered = stop_ids.index(pickup_id), stop_ids.index(delivery_id)
    if delivered < picked:
        return f"{delivery_id} comes before {pickup_id}, where its goods are picked up"
    if any(each not in book.stops for each in stop_ids[picked:delivered]):
        return f"a reload stands between {pickup_id} and {delivery_id}"
    return None
