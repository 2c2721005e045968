"""Try every place of a request and tell which rules each of them breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from routing.plan.price import route_cents
from routing.plan.requests import Request
from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.stock import drawn, stock_breaches
from routing.plan.schedule import Clock
from routing.plan.walked.judge import breaches
from routing.plan.walked.places import Drives, Place, places
from routing.plan.walked.prefixes import Prefixes
from routing.problem.model import Vehicle

MOST_PLACES = 2_000
"""Of more places of one vehicle these with the least drives are tried."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold a place of a request and what it breaks."""

    place: Place
    breaches: tuple[Breach, ...]

    @property
    def weight(self) -> int:
        """Return how far it is from holding, in about seconds."""
        return sum(breach.weight for breach in self.breaches)

    @property
    def key(self) -> tuple[int, int, float]:
        """Return how much would have to give: fewer rules first, then the smaller sum; of equals the shorter way."""
        return len({(breach.code, breach.stop_id, breach.of) for breach in self.breaches}), self.weight, self.about

    @property
    def about(self) -> float:
        """Return about what it adds in cents."""
        return self.place.about_cents


class Trials:
    """Try places in orders of a problem as it is asked, plain or not; the orders lack the requests that are tried."""

    def __init__(self, clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]):
        self.clock, self.book = clock, Book(clock.asked)
        self.orders = {vehicle.id: tuple(orders.get(vehicle.id, ())) for vehicle in clock.asked.vehicles}
        self._committed = committed
        self._drives: Drives | None = None
        self._prefixes = Prefixes(clock, self.orders)
        self._limited = any(depot.stock is not None for depot in clock.asked.depots)

    def of(self, vehicle: Vehicle, request: Request) -> Iterator[Trial]:
        """Yield every place of a request in a vehicle's order with what it breaks, the shortest ways first."""
        self._drives = self._drives or Drives.of(self.clock.asked)
        order, fixed = self.orders[vehicle.id], len(self._committed.get(vehicle.id, ()))
        every = places(self.book, self._drives, vehicle, order, fixed, request)
        found = sorted(every, key=lambda place: place.about_cents)
        for place in found[:MOST_PLACES]:
            yield self.at(place)

    def at(self, place: Place) -> Trial:
        """Return what a place breaks."""
        vehicle = place.vehicle
        like, alike = self._prefixes.like(place)
        broken = breaches(self.clock, self.book, vehicle, place.stop_ids, like, alike if like is not None else 0)
        return Trial(place, (*broken, *self._short(place)))

    def route_cents(self, vehicle_id: str, stop_ids: Sequence[str]) -> int:
        """Return what an order of a vehicle costs in cents."""
        return route_cents(self.clock, self.book.vehicles[vehicle_id], stop_ids)

    def _short(self, place: Place) -> Iterator[Breach]:
        """Yield what depots lack with an order in place of the standing one."""
        if self._limited:
            taken: Counter[tuple[str, str]] = Counter()
            for vehicle in self.clock.asked.vehicles:
                order = place.stop_ids if vehicle.id == place.vehicle.id else self.orders[vehicle.id]
                taken.update(drawn(self.book, vehicle, order))
            yield from stock_breaches(self.book, taken, place.vehicle.id)
