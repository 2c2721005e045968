"""Follow what is on board along an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routing.plan.rules.book import Book, delivered
from routing.problem.model import LOAD, Amounts, Stop, Vehicle


def loads_along(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> list[dict[str, int]]:
    """Return amounts by name on board after leaving the start and after each halt of an order.

    All that a trip delivers is on board when it begins, what it collects until it ends; goods that are on board
    already until their visit, whatever trip that is; what the vehicle keeps, until its first reload.
    """
    trips = book.trips(stop_ids)
    carried = [stop for trip in trips for stop in trip if stop.on_board is not None]
    now: dict[str, int] = {}
    _add(now, _named(vehicle.on_board_load, vehicle.on_board_loads))
    for stop in carried:
        _add(now, delivered(stop))
    _load(now, trips[0])
    along = [dict(now)]
    number = 0
    for stop_id in stop_ids:
        visited = book.stops.get(stop_id)
        if visited is None:
            number += 1
            gone = {each.id for trip in trips[:number] for each in trip}
            now = {}
            for stop in carried:
                if stop.id not in gone:
                    _add(now, delivered(stop))
            _load(now, trips[number])
        else:
            _visit(book, now, visited)
        along.append(dict(now))
    return along


def capacity_of(vehicle: Vehicle, name: str) -> int:
    """Return how much of a load a vehicle carries at most."""
    return vehicle.capacity if name == LOAD else dict(vehicle.capacities).get(name, 0)


def _named(load: int, loads: Amounts) -> Amounts:
    return ((LOAD, load), *loads) if load else loads


def _add(now: dict[str, int], amounts: Amounts, sign: int = 1) -> None:
    for name, amount in amounts:
        now[name] = now.get(name, 0) + sign * amount


def _load(now: dict[str, int], trip: Iterable[Stop]) -> None:
    for stop in trip:
        if stop.on_board is None:
            _add(now, delivered(stop))


def _visit(book: Book, now: dict[str, int], stop: Stop) -> None:
    _add(now, delivered(stop), -1)
    _add(now, _named(stop.pickup_load, stop.pickup_loads))
    shipment = book.shipments.get(stop.id)
    if shipment is not None:
        _add(now, _named(shipment.load, shipment.loads), 1 if stop.id == shipment.pickup_stop_id else -1)
