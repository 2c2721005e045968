"""Faults of depots and of kinds of goods."""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.problem.model import Problem
from routing.problem.validate.checks import amounts, negative, place, repeated, windows


def depot_issues(problem: Problem) -> Iterator[Issue]:
    """Find every fault of depots; an id that a stop has too would stand for either in an order."""
    stop_ids = {stop.id for stop in problem.stops}
    yield from repeated("depot", (depot.id for depot in problem.depots))
    for depot in problem.depots:
        where = f"depot {depot.id}"
        if depot.id in stop_ids:
            cause, action = "a stop has the same id", "Give the depot or the stop another id."
            yield Issue(code="DEPOT_IS_STOP", where=where, cause=cause, action=action)
        yield from place(where, "place", depot.place, len(problem.places))
        yield from windows(where, depot.windows)
        yield from negative(where, [("reload_s", depot.reload_s)])
        yield from amounts(where, "stock", depot.stock or (), named=True)


def kind_issues(problem: Problem) -> Iterator[Issue]:
    """Find pairs of kinds of goods that contradict themselves or each other."""
    apart = {frozenset(pair) for pair in problem.incompatible_goods}
    for field, pairs in (
        ("incompatible_goods", problem.incompatible_goods),
        ("required_goods", problem.required_goods),
    ):
        for one, other in pairs:
            if not (one and other):
                cause, action = f"pairs {one!r} with {other!r}", "Name both kinds."
                yield Issue(code="GOODS_NAME", where=field, cause=cause, action=action)
    for one, other in problem.incompatible_goods:
        if one == other and one:
            cause = f"keeps {one} apart from itself"
            action = "Give the stops different kinds, or stops_limit where a vehicle serves one of them only."
            yield Issue(code="GOODS_CONTRADICT", where="incompatible_goods", cause=cause, action=action)
    for one, other in problem.required_goods:
        if one != other and frozenset((one, other)) in apart:
            cause = f"requires {other} with {one}, which are incompatible"
            action = "Take the pair out of required_goods or out of incompatible_goods."
            yield Issue(code="GOODS_CONTRADICT", where="required_goods", cause=cause, action=action)


def committed_kind_issues(problem: Problem) -> Iterator[Issue]:
    """Find committed visits whose goods require others that are not committed: they cannot stand alone."""
    kinds = {stop.id: stop.goods for stop in problem.stops}
    for vehicle in problem.vehicles:
        first = {kinds[stop_id]: stop_id for stop_id in reversed(vehicle.committed) if stop_id in kinds}
        for one, other in problem.required_goods:
            if one in first and other not in first:
                cause = f"is committed to {first[one]}, whose {one} requires {other}, and to no stop with {other}"
                action = f"Commit it to a stop with {other}, too, or take {first[one]} from the committed visits."
                yield Issue(code="COMMITTED_REQUIRES", where=f"vehicle {vehicle.id}", cause=cause, action=action)
