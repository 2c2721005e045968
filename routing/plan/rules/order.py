"""All rules that one vehicle's order must keep, besides those of the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.capacity import capacity_breaches
from routing.plan.rules.goods import goods_breaches
from routing.plan.rules.limits import stops_breaches
from routing.plan.rules.trips import trip_breaches
from routing.plan.rules.unloading import unloading_breaches
from routing.plan.rules.vehicles import vehicle_breaches
from routing.plan.rules.whole import whole_breaches
from routing.problem.model import Vehicle


def order_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield what an order of stop ids, with depot ids between its trips, breaks; none: it keeps all these rules.

    Metres and instants are not among them.
    """
    yield from stops_breaches(book, vehicle, stop_ids)
    yield from vehicle_breaches(book, vehicle, stop_ids)
    yield from trip_breaches(book, vehicle, stop_ids)
    yield from whole_breaches(book, vehicle, stop_ids)
    yield from capacity_breaches(book, vehicle, stop_ids)
    yield from unloading_breaches(book, vehicle, stop_ids)
    yield from goods_breaches(book, vehicle, stop_ids)
