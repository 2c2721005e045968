"""Offer every place of a request in a vehicle's order, with what it costs about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.plan.requests import Request
from routing.plan.rules.book import Book
from routing.problem.fees import order_fee_cents
from routing.problem.model import Problem, Vehicle

NO_ROAD_S = 1e7
"""Stands in the tables where no road leads, so that such a place comes last."""
Table = list[list[float]]


@dataclass(frozen=True, slots=True)
class Drives:
    """Hold cents of drives between places by vehicle: means over the slices, at the vehicle's prices."""

    tables: Mapping[str, Table]
    """By vehicle id; those that drive and cost alike share one."""

    @classmethod
    def of(cls, problem: Problem) -> Drives:
        """Return the drives of a problem."""
        alike: dict[tuple[str, int, int], Table] = {}
        tables = {}
        for vehicle in problem.vehicles:
            key = (vehicle.profile, *_prices(problem, vehicle))
            if key not in alike:
                alike[key] = _cents(problem, vehicle)
            tables[vehicle.id] = alike[key]
        return cls(tables)


def _prices(problem: Problem, vehicle: Vehicle) -> tuple[int, int]:
    """Return a vehicle's price of duty and of distance."""
    own, all_ = (vehicle.duty_cents_per_h, vehicle.distance_cents_per_km), problem.objective
    every = (all_.duty_cents_per_h, all_.distance_cents_per_km)
    duty, distance = (given if given is not None else price for given, price in zip(own, every, strict=True))
    return duty, distance


def _cents(problem: Problem, vehicle: Vehicle) -> Table:
    matrix, size = problem.travel_of(vehicle).matrix, len(problem.places)
    duty_cents, distance_cents = _prices(problem, vehicle)
    reachable = matrix.reachable.reshape(-1, size, size)
    seconds, metres = (
        np.where(reachable, table.reshape(-1, size, size), NO_ROAD_S).mean(axis=0)
        for table in (matrix.duration_s, matrix.distance_m)
    )
    cents: Table = (seconds * (duty_cents / 3_600) + metres * (distance_cents / 1_000)).tolist()
    return cents


@dataclass(frozen=True, slots=True)
class Place:
    """Hold an order with a request in it."""

    about_cents: float
    """What it adds in drives, service and fees, without waiting, lateness and overtime."""
    vehicle: Vehicle
    stop_ids: tuple[str, ...]
    alike: int
    """So many halts stand as before."""
    later: int = 0
    """Of a shipment: index of the delivery, 0 for others;"""
    added: int = 0
    """and so many halts before it are new."""


def places(
    book: Book, drives: Drives, vehicle: Vehicle, order: Sequence[str], fixed: int, request: Request
) -> Iterator[Place]:
    """Yield every place of a request after the first `fixed` halts: with no new reload, one before, after or both.

    Both stops of a shipment may have others between them. No place tears apart stops that belong together.
    """
    order, table = tuple(order), drives.tables[vehicle.id]
    start, end = (
        (None if vehicle.open_start else vehicle.start_place),
        (None if vehicle.open_end else vehicle.end_place),
    )
    along = [start, *book.halt_places(order), end]
    own_cents = _own_cents(book, vehicle, order, request)
    gaps = [gap for gap in range(fixed, len(order) + 1) if not _joined(book, order, gap)]
    for before, after in _reloads(vehicle):
        for first, last in _spans(book, order, gaps, request):
            if before and first > 0 and order[first - 1] not in book.stops:
                continue  # right after a reload another one serves nothing
            if after and (last == len(order) or order[last] not in book.stops):
                continue
            cut = 1 if request.is_pair else len(request.stop_ids)
            head, tail = (*before, *request.stop_ids[:cut]), (*request.stop_ids[cut:], *after)
            found = (*order[:first], *head, *order[first:last], *tail, *order[last:])
            if first == last:
                cents = _detour(table, along[first], book.halt_places((*head, *tail)), along[first + 1])
            else:
                cents = _detour(table, along[first], book.halt_places(head), along[first + 1])
                cents += _detour(table, along[last], book.halt_places(tail), along[last + 1])
            added = len(head) if request.is_pair else 0
            yield Place(cents + own_cents, vehicle, found, first, last + added if added else 0, added)


def _detour(table: Table, here: int | None, halts: Sequence[int], there: int | None) -> float:
    """Return what halts cost between two places more than the drive between these, at an end that is open nothing."""
    way = [*([] if here is None else [here]), *halts, *([] if there is None else [there])]
    cents = sum(table[a][b] for a, b in itertools.pairwise(way))
    return cents if here is None or there is None else cents - table[here][there]


def _reloads(vehicle: Vehicle) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the reloads that are tried before and after a request."""
    ways = [(), *((depot_id,) for depot_id in vehicle.reload_depots)]
    yield from itertools.product(ways, ways)


def _spans(book: Book, order: Sequence[str], gaps: Sequence[int], request: Request) -> Iterator[tuple[int, int]]:
    """Yield the gaps in which a request begins and ends."""
    if not request.is_pair:
        yield from zip(gaps, gaps, strict=True)
        return
    for index, first in enumerate(gaps):
        for last in gaps[index:]:
            if last > first and order[last - 1] not in book.stops:
                break  # both on one trip
            yield first, last


def _joined(book: Book, order: Sequence[str], gap: int) -> bool:
    """Tell whether a gap lies between two stops of a group that is served together."""
    if not 0 < gap < len(order):
        return False
    request = book.request_of.get(order[gap - 1])
    return request is not None and not request.is_pair and order[gap] in request.stop_ids


def _own_cents(book: Book, vehicle: Vehicle, order: Sequence[str], request: Request) -> float:
    """Return what a request adds wherever it stands: service, fees, and the vehicle where it would stay."""
    problem = book.problem
    cents = 0.0
    for stop_id in request.stop_ids:
        stop = book.stops[stop_id]
        cents += problem.stay_s(stop, vehicle.type) * _prices(problem, vehicle)[0] / 3_600
        cents += order_fee_cents(stop, vehicle.id, None)
    if not order and not vehicle.used:
        own = vehicle.vehicle_cents
        cents += problem.objective.vehicle_cents if own is None else own
    return cents
