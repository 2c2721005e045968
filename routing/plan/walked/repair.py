"""Take out of orders what keeps them from holding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from routing.plan.price import Orders, may_serve
from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.stock import drawn, plan_breaches
from routing.plan.rules.trips import without_empty_trips
from routing.plan.schedule import Clock
from routing.plan.walked.judge import breaches, holds
from routing.problem.model import Stop, Vehicle

TRIED = 24
"""So many requests at most are tried before one is taken out of an order."""


def known(
    clock: Clock,
    initial: Sequence[tuple[str, Sequence[str]]],
    committed: Mapping[str, Sequence[str]],
    stops: Sequence[Stop],
) -> Orders:
    """Return given orders without what is unknown, doubled, not whole, or not allowed; reloads stay in their places."""
    given, book = dict(initial), Book(clock.problem)
    free = {stop.id for stop in stops}.difference(*committed.values())
    orders: Orders = {}
    for vehicle in clock.problem.vehicles:
        asked, order = given.get(vehicle.id, ()), list(committed[vehicle.id])
        for stop_id in asked:
            if stop_id in vehicle.reload_depots:
                order.append(stop_id)
            request = book.request_of.get(stop_id)
            if request is None or stop_id in order or not free.issuperset(request.stop_ids):
                continue
            allowed = all(may_serve(vehicle, book.stops[each]) for each in request.stop_ids)
            if allowed and set(asked).issuperset(request.stop_ids):
                order += [stop_id] if request.is_pair else request.stop_ids
        orders[vehicle.id] = _whole(book, order)
        free.difference_update(order)
    return orders


def _whole(book: Book, order: Sequence[str]) -> tuple[str, ...]:
    """Return an order without requests of which a stop is missing, and without reloads that serve nothing."""
    here = set(order)
    whole = [each for each in order if each not in book.stops or here.issuperset(book.request_of[each].stop_ids)]
    return without_empty_trips(book, whole)


def held_whole(clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]) -> Orders:
    """Return orders without the requests and reloads that must go for every rule to hold.

    From a route that breaks a rule goes what leaves the least harm behind, and of equals what is cheapest to leave out;
    again until the route holds. Then goes what depots have no stock for. Committed visits hold alone and stay.
    """
    book, found = Book(clock.problem), dict[str, tuple[str, ...]]()
    for vehicle in clock.problem.vehicles:
        fixed = tuple(committed[vehicle.id])
        found[vehicle.id] = _held(clock, book, vehicle, tuple(orders.get(vehicle.id, ())), fixed)
    while (short := next(plan_breaches(book, found), None)) is not None:
        way = _within_stock(book, found, committed, short)
        if way is None:
            break
        vehicle, rest = way
        found[vehicle.id] = _held(clock, book, vehicle, rest, tuple(committed[vehicle.id]))
    return found


def _held(
    clock: Clock, book: Book, vehicle: Vehicle, order: tuple[str, ...], fixed: tuple[str, ...]
) -> tuple[str, ...]:
    order = (*fixed, *_whole(book, order)[len(fixed) :])
    while len(order) > len(fixed) and not holds(clock, book, vehicle, order):
        order = min(
            _shorter(clock, book, vehicle, order, fixed),
            key=lambda rest: _harm(clock, book, vehicle, order, rest),
        )
    return order


def _shorter(
    clock: Clock, book: Book, vehicle: Vehicle, order: tuple[str, ...], fixed: tuple[str, ...]
) -> Iterable[tuple[str, ...]]:
    """Return the order without each of its reloads, and without each of the requests that may have to go.

    Of many requests these are the ones that break a rule where they stand, and the cheapest before the last breach.
    """
    rests = [order[:at] + order[at + 1 :] for at, each in enumerate(order) if each not in book.stops]
    broken = {breach.stop_id for breach in breaches(clock, book, vehicle, order)}
    last = len(order) if None in broken else max((order.index(each) for each in broken if each in order), default=0)
    placed = [each for each in order if each in book.stops and each not in fixed]
    early = [each for each in order[: last + 1] if each in placed]
    free = dict.fromkeys(book.request_of[each] for each in early or placed)
    ranked = sorted(free, key=lambda request: (broken.isdisjoint(request.stop_ids), request.unserved_cents))
    for request in ranked[:TRIED]:
        rests.append(tuple(each for each in order if each not in request.stop_ids))
    return [(*fixed, *without_empty_trips(book, rest[len(fixed) :])) for rest in rests]


def _harm(
    clock: Clock, book: Book, vehicle: Vehicle, order: Sequence[str], rest: Sequence[str]
) -> tuple[int, int, tuple[str, ...]]:
    """Return how far an order is from holding, and what it costs to leave out what it lacks."""
    gone = {book.request_of[each] for each in set(order) - set(rest) if each in book.stops}
    weight = sum(breach.weight for breach in breaches(clock, book, vehicle, rest))
    return weight, sum(request.unserved_cents for request in gone), tuple(rest)


def _within_stock(
    book: Book, orders: Mapping[str, tuple[str, ...]], committed: Mapping[str, Sequence[str]], short: Breach
) -> tuple[Vehicle, tuple[str, ...]] | None:
    """Return a vehicle and its order without the request that is cheapest of all that take what a depot lacks.

    None where only committed visits take it.
    """
    ways = []
    for vehicle in book.problem.vehicles:
        order, fixed = orders[vehicle.id], committed[vehicle.id]
        before = drawn(book, vehicle, order)
        for request in dict.fromkeys(book.request_of[each] for each in order[len(fixed) :] if each in book.stops):
            rest = tuple(each for each in order if each not in request.stop_ids)
            after = drawn(book, vehicle, rest)
            spared = sum(amount - after[key] for key, amount in before.items() if " ".join(key) == short.of)
            if spared > 0:
                ways.append((request.unserved_cents / min(spared, short.excess), vehicle.id, vehicle, rest))
    if not ways:
        return None
    _, _, vehicle, rest = min(ways, key=lambda way: way[:2])
    return vehicle, rest


def committed_requests(clock: Clock) -> Orders:
    """Return the committed visits that each vehicle can make, whole requests, each tested with those before it.

    Vehicles are asked in the order of the fleet, so that the first ones have what stock there is.
    """
    book, usable, kept = Book(clock.problem), clock.problem.travel.usable, Orders()
    for vehicle in clock.problem.vehicles:
        reached = tuple(each for each in vehicle.committed if usable[book.stops[each].place])
        kept[vehicle.id] = reached
        if _may_stand(clock, book, vehicle, kept):
            continue
        kept[vehicle.id] = ()
        for stop_id in reached:
            before, request = kept[vehicle.id], book.request_of[stop_id]
            kept[vehicle.id] = tuple(each for each in reached if each in before or each in request.stop_ids)
            if not _may_stand(clock, book, vehicle, kept):
                kept[vehicle.id] = before
    return kept


def _may_stand(clock: Clock, book: Book, vehicle: Vehicle, orders: Orders) -> bool:
    """Tell whether the order of a vehicle holds, with the stock that orders take together."""
    return holds(clock, book, vehicle, orders[vehicle.id]) and next(plan_breaches(book, orders), None) is None
