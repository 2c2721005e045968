"""What depots hold for all trips that are loaded there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from routing.plan.rules.book import Book, delivered
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def drawn(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Counter[tuple[str, str]]:
    """Return what an order takes from depots with a stock, by depot and load."""
    taken: Counter[tuple[str, str]] = Counter()
    sources = [vehicle.start_depot, *(depot.id for depot in book.reloads(stop_ids))]
    for source, trip in zip(sources, book.trips(stop_ids), strict=True):
        if source is not None and book.depots[source].stock is not None:
            for stop in trip:
                if stop.on_board is None:
                    taken.update({(source, name): amount for name, amount in delivered(stop)})
    return taken


def stock_breaches(book: Book, taken: Mapping[tuple[str, str], int], vehicle_id: str = "") -> Iterator[Breach]:
    """Yield each load of which more is taken from a depot than it holds."""
    for (depot_id, name), amount in sorted(taken.items()):
        holds = dict(book.depots[depot_id].stock or ()).get(name, 0)
        if amount > holds:
            over = amount - holds
            cause = f"all trips from {depot_id} would take {amount} of {name}, {over} more than its {holds}"
            yield Breach(
                code="STOCK", vehicle_id=vehicle_id, stop_id=depot_id, cause=cause, excess=over, of=f"{depot_id} {name}"
            )


def plan_breaches(book: Book, orders: Mapping[str, Sequence[str]]) -> Iterator[Breach]:
    """Yield what orders break together that none of them breaks alone."""
    taken: Counter[tuple[str, str]] = Counter()
    for vehicle in book.problem.vehicles:
        taken.update(drawn(book, vehicle, orders.get(vehicle.id, ())))
    yield from stock_breaches(book, taken)
