"""Add requests to orders where that costs least, and tell of those that stay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from routing.plan.price import Insertion, Orders, route_cents
from routing.plan.requests import Request
from routing.plan.rules.trips import without_empty_trips
from routing.plan.schedule import Clock
from routing.plan.walked.judge import holds
from routing.plan.walked.standing import PRICED_QUICKLY, Standing

BOLDNESS = 2
"""A request may first cost so many times what it costs to leave it out."""


def add_requests(
    clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]], stop_ids: Sequence[str]
) -> tuple[Orders, dict[str, Insertion | None]]:
    """Return the orders with requests added where that pays, and for each stop that stays out its cheapest place.

    Every place is tried; all again as long as one was added.
    """
    standing = Standing(clock, orders, committed)
    waiting = _hardest_first(standing, stop_ids)
    while True:
        left: dict[Request, Insertion | None] = {}
        for request in waiting:
            found = standing.cheapest(request)
            if found is not None and found.added_cents < request.unserved_cents:
                standing.change(found.vehicle_id, found.stop_ids)
            else:
                left[request] = found
        if len(left) == len(waiting):
            return standing.orders, {stop_id: found for request, found in left.items() for stop_id in request.stop_ids}
        waiting = list(left)


def add_requests_quickly(
    clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]], stop_ids: Sequence[str]
) -> Orders:
    """Return the orders with requests added where they fit best by the tables, as far as that seems to pay.

    One may cost more than leaving it out, for what does not pay alone may pay together with those that follow; where
    it does not in the end it is taken out again.
    """
    tables = clock.by_tables()
    standing, doubtful = Standing(tables, orders, committed), dict[Request, str]()
    for request in _hardest_first(standing, stop_ids):
        limit_cents = BOLDNESS * request.unserved_cents
        found = standing.cheapest(request, priced=PRICED_QUICKLY, below_cents=limit_cents)
        if found is None or found.added_cents >= limit_cents:
            continue
        if tables is not clock and not holds(clock, standing.book, standing.vehicles[found.vehicle_id], found.stop_ids):
            continue
        standing.change(found.vehicle_id, found.stop_ids)
        if found.added_cents >= request.unserved_cents:
            doubtful[request] = found.vehicle_id
    for request, vehicle_id in doubtful.items():
        vehicle, order = standing.vehicles[vehicle_id], standing.orders[vehicle_id]
        rest = without_empty_trips(standing.book, [each for each in order if each not in request.stop_ids])
        spared_cents = route_cents(tables, vehicle, order) - route_cents(tables, vehicle, rest)
        if spared_cents >= request.unserved_cents and holds(clock, standing.book, vehicle, rest):
            standing.change(vehicle_id, rest)
    return standing.orders


def cheapest_place(
    clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]], stop_id: str
) -> Insertion | None:
    """Return the cheapest place of a stop's request in orders that hold, None where it fits nowhere."""
    standing = Standing(clock, orders, committed)
    return standing.cheapest(standing.book.request_of[stop_id])


def _hardest_first(standing: Standing, stop_ids: Sequence[str]) -> list[Request]:
    """Return the requests of stops, the dearest to leave out first, of equals those far from every start."""
    problem, book = standing.clock.problem, standing.book
    matrix = problem.travel.matrix
    starts = np.unique([vehicle.start_place for vehicle in problem.vehicles])
    away_s = matrix.duration_s.reshape(-1, *matrix.duration_s.shape[-2:])[0][starts].min(axis=0)
    asked = set(stop_ids)
    requests = [request for request in book.requests if asked.issuperset(request.stop_ids)]

    def ease(request: Request) -> tuple[int, int, tuple[str, ...]]:
        far_s = max(int(away_s[book.stops[stop_id].place]) for stop_id in request.stop_ids)
        return -request.unserved_cents, -far_s, request.stop_ids

    return sorted(requests, key=ease)
