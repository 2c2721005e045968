"""In which order goods can be reached on board: last in, first out, and deliveries before collections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book, collects, delivers
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def unloading_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each stop whose goods lie behind others, and each delivery after a collection where that may not be."""
    if vehicle.lifo:
        yield from _lifo(book, vehicle, stop_ids)
    if vehicle.pickups_last:
        yield from _pickups_last(book, vehicle, stop_ids)


def _lifo(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    for trip in book.trips(stop_ids):
        came_on = list[str]()
        """Ids of stops whose goods came on board in this trip and are still there, the last one last."""
        for stop in trip:
            shipment = book.shipments.get(stop.id)
            behind = None
            if shipment is not None and stop.id == shipment.delivery_stop_id:
                if shipment.pickup_stop_id in came_on:
                    behind = came_on[-1] if came_on[-1] != shipment.pickup_stop_id else None
                    came_on.remove(shipment.pickup_stop_id)
            elif came_on and delivers(stop):
                behind = came_on[-1]
            if behind is not None:
                cause = f"its goods lie behind those of {behind}, which came on board later and are still there"
                yield Breach(code="LIFO", vehicle_id=vehicle.id, stop_id=stop.id, cause=cause)
            if collects(stop) or (shipment is not None and stop.id == shipment.pickup_stop_id):
                came_on.append(stop.id)


def _pickups_last(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    for trip in book.trips(stop_ids):
        collected = None
        for stop in trip:
            if collected is not None and delivers(stop):
                cause = f"it is delivered after {collected} has been collected"
                yield Breach(code="PICKUPS_LAST", vehicle_id=vehicle.id, stop_id=stop.id, cause=cause)
            if collects(stop):
                collected = collected or stop.id
