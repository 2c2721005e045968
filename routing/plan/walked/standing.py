"""Hold orders that stand, and find the place of a request in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from routing.plan.price import Insertion, Orders, route_cents
from routing.plan.requests import Request
from routing.plan.rules.book import Book
from routing.plan.rules.stock import drawn, stock_breaches
from routing.plan.schedule import Clock
from routing.plan.walked.judge import holds
from routing.plan.walked.places import Drives, Place, places
from routing.plan.walked.prefixes import Prefixes
from routing.problem.model import Stop, Vehicle

PRICED = 12
"""Of all places that hold, so many with the least drives are priced to the cent,"""
PRICED_QUICKLY = 4
"""so many where it must be quick,"""
PRICED_BY_ROADS = 2
"""and so many where each price takes searches of roads."""


class Standing:
    """Hold the orders of all vehicles of a clock's problem."""

    def __init__(self, clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]):
        self.clock, self.book = clock, Book(clock.problem)
        self.vehicles = {vehicle.id: vehicle for vehicle in clock.problem.vehicles}
        self.orders: Orders = {key: tuple(orders.get(key, ())) for key in self.vehicles}
        self.committed = {key: tuple(committed.get(key, ())) for key in self.vehicles}
        self._drives = Drives.of(clock.problem)
        self._prefixes = Prefixes(clock, self.orders)
        self._limited = any(depot.stock is not None for depot in clock.problem.depots)
        self._nowhere: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()
        """Vehicle, order and request for which there is no place, whatever the stock."""

    def change(self, vehicle_id: str, order: Sequence[str]) -> None:
        """Take another order for the standing one of a vehicle."""
        self.orders[vehicle_id] = tuple(order)
        self._prefixes.forget(vehicle_id)

    def cheapest(self, request: Request, *, priced: int = PRICED, below_cents: float | None = None) -> Insertion | None:
        """Return the cheapest place of a request, None where it fits nowhere.

        Of the places that hold so many with the least drives are priced. With a limit only places whose drives and
        service cost less are looked at.
        """
        offers = self.offers(request)
        if below_cents is not None:
            offers = [place for place in offers if place.about_cents < below_cents]
        if self.clock.by_tables() is not self.clock:
            priced = min(priced, PRICED_BY_ROADS)
        best: Insertion | None = None
        for place in islice(self._holding(offers, request, every=below_cents is None), priced):
            key = place.vehicle.id
            cents = route_cents(self.clock, place.vehicle, place.stop_ids)
            cents -= route_cents(self.clock, place.vehicle, self.orders[key])
            if best is None or cents < best.added_cents:
                best = Insertion(added_cents=cents, vehicle_id=key, stop_ids=place.stop_ids)
        return best

    def offers(self, request: Request) -> list[Place]:
        """Return every place of a request that may hold, those with the least drives first."""
        found: list[Place] = []
        alike = set()
        for key, vehicle in self.vehicles.items():
            order = self.orders[key]
            if (key, order, request.stop_ids) in self._nowhere or not self._may_take(vehicle, request):
                continue
            if not order:
                twin = _twin(self.book, vehicle, request)
                if twin in alike:
                    continue
                alike.add(twin)
            fixed = len(self.committed[key])
            found += places(self.book, self._drives, vehicle, order, fixed, request)
        return sorted(found, key=lambda place: place.about_cents)

    def _may_take(self, vehicle: Vehicle, request: Request) -> bool:
        """Tell whether the stops of a request allow a vehicle, whatever its order."""
        stops = [self.book.stops[stop_id] for stop_id in request.stop_ids]
        return all(stop.allowed_vehicles is None or vehicle.id in stop.allowed_vehicles for stop in stops)

    def _holding(self, offers: Sequence[Place], request: Request, *, every: bool) -> Iterator[Place]:
        """Yield the places that hold; `every` says that these are all there are."""
        held, short = set(), set()
        for place in offers:
            key, vehicle = place.vehicle.id, place.vehicle
            if not self._in_time(place, request):
                continue
            like, alike = self._prefixes.like(place)
            if not holds(self.clock, self.book, vehicle, place.stop_ids, like, alike if like is not None else 0):
                continue
            if self._limited and self._is_short(place):
                short.add(key)
                continue
            held.add(key)
            yield place
        for key in {place.vehicle.id for place in offers} - held - short if every else ():
            self._nowhere.add((key, self.orders[key], request.stop_ids))

    def _in_time(self, place: Place, request: Request) -> bool:
        """Tell whether the first stop that is new can be reached in time, and what stands before a delivery."""
        vehicle, at = place.vehicle, place.alike
        order = self.orders[vehicle.id]
        added = place.stop_ids[at : place.stop_ids.index(request.stop_ids[0], at) + 1]
        stop = self.book.stops[added[-1]]
        if not stop.windows or stop.lateness_allowed or (at == 0 and vehicle.open_start):
            return True
        if vehicle.breaks or vehicle.driving_rules is not None:
            return True  # with the stop the rests before it may come later
        run = self._prefixes.run(vehicle)
        if at and run is None:
            return True
        reloads = len(place.stop_ids) > len(order) + len(request.stop_ids)
        if reloads and run is not None and any(each is not None for each in run.releases_s):
            return True  # goods that are released late may come to another trip, so that what is before leaves earlier
        leave_s = run.times_s[at - 1][2] if run is not None and at else vehicle.shift.start_s
        here = _place_of(self.book, order[at - 1]) if at else vehicle.start_place
        travel = self.clock.travel_of(vehicle)
        for each in added:
            there = _place_of(self.book, each)
            drive_s = travel.duration_s(here, there, leave_s)
            if drive_s is None:
                return False
            here, leave_s = there, leave_s + drive_s
            leave_s += self.book.depots[each].reload_s if each in self.book.depots else 0
        if leave_s > stop.windows[-1].end_s:
            return False
        picked, halts = self._prefixes.like(place)
        return not place.later or picked is None or not picked.sums_s[halts - 1][1]

    def _is_short(self, place: Place) -> bool:
        """Tell whether the depots' stock does not reach with an order in place of the standing one."""
        taken: Counter[tuple[str, str]] = Counter()
        for key, vehicle in self.vehicles.items():
            order = place.stop_ids if key == place.vehicle.id else self.orders[key]
            taken.update(drawn(self.book, vehicle, order))
        return next(stock_breaches(self.book, taken), None) is not None


def _place_of(book: Book, stop_id: str) -> int:
    halt: Stop | None = book.stops.get(stop_id)
    return book.depots[stop_id].place if halt is None else halt.place


def _twin(book: Book, vehicle: Vehicle, request: Request) -> tuple[object, ...]:
    """Return what makes an empty vehicle different from another one for a request."""
    fees = tuple(dict(book.stops[each].vehicle_fees).get(vehicle.id, 0) for each in request.stop_ids)
    follows = any(book.stops[each].follow_fee is not None for each in request.stop_ids)
    bound = any(book.stops[each].on_board is not None for each in request.stop_ids)
    return (replace(vehicle, id="", driver="", committed=()), fees, vehicle.id if follows or bound else "")
