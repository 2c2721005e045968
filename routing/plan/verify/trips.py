"""Trips, reloads and stock: where a vehicle loads again, when, and how much there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.model import Plan, Visit
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Asked, Driven, amount, delivered, driven_routes
from routing.problem.model import LOAD, Depot, Stop


def reloads(driven: Driven) -> Iterator[Violation]:
    """Find reloads where the vehicle may not reload, more than it may, and for nothing."""
    vehicle, trips = driven.vehicle, driven.trips[1:]
    for trip in trips:
        if trip.reload is not None and trip.reload.stop_id not in vehicle.reload_depots:
            cause = f"reloads at {trip.reload.stop_id}, it may at {', '.join(vehicle.reload_depots) or 'none'}"
            yield Violation(code="RELOAD_DEPOT", where=driven.where, cause=cause)
        if trip.reload is not None and not trip.served:
            cause = f"reloads at {trip.reload.stop_id} and serves no stop then"
            yield Violation(code="RELOAD_EMPTY", where=driven.where, cause=cause)
    if vehicle.reloads_limit is not None and len(trips) > vehicle.reloads_limit:
        cause = f"reloads {len(trips)} times, {vehicle.reloads_limit} are allowed"
        yield Violation(code="RELOADS_LIMIT", where=driven.where, cause=cause)


def reload_times(driven: Driven) -> Iterator[Violation]:
    """Find reloads outside the depot's windows, of another duration, or later than they could be."""
    for trip in driven.trips[1:]:
        visit = trip.reload
        if visit is None:
            continue
        depot, where = driven.depot(visit), f"{driven.where}, reload at {visit.stop_id}"
        if depot.windows and not any(w.start_s <= visit.start_s <= w.end_s for w in depot.windows):
            yield Violation(code="RELOAD_LATE", where=where, cause="starts outside the windows of the depot")
        if visit.lateness_s:
            cause = f"says {visit.lateness_s} s late, no reload is"
            yield Violation(code="LATENESS", where=where, cause=cause)
        if visit.depart_s - visit.start_s != depot.reload_s:
            cause = f"takes {visit.depart_s - visit.start_s} s, not {depot.reload_s} s"
            yield Violation(code="RELOAD_DURATION", where=where, cause=cause)
        ready_s = max([visit.arrive_s + visit.setup_s, *_releases_s(trip.served)])
        opens_s = next((w.start_s for w in depot.windows if w.end_s >= ready_s), ready_s)
        if visit.start_s > max(ready_s, opens_s):
            cause = f"starts {visit.start_s - max(ready_s, opens_s)} s later than it could"
            yield Violation(code="IDLE", where=where, cause=cause)


def releases(driven: Driven) -> Iterator[Violation]:
    """Find trips that leave, or are loaded, before all goods that they deliver are released."""
    for trip in driven.trips:
        loads_s = driven.route.start_s if trip.reload is None else trip.reload.start_s
        early_s = max(_releases_s(trip.served), default=loads_s) - loads_s
        if early_s > 0:
            cause = f"is loaded {early_s} s before its goods are released"
            where = driven.where if trip.reload is None else f"{driven.where}, reload at {trip.reload.stop_id}"
            yield Violation(code="RELEASE", where=where, cause=cause)


def _releases_s(served: tuple[tuple[Visit, Stop], ...]) -> list[int]:
    return [stop.release_s for _, stop in served if stop.release_s is not None and stop.on_board is None]


def stock(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find depots of which more is loaded than they have."""
    if all(depot.stock is None for depot in asked.problem.depots):
        return
    loaded = loaded_stops(asked, plan)
    for depot in asked.problem.depots:
        for name, units, there in lacking(depot, loaded.get(depot.id, [])):
            cause = f"gives {units} of {name}, it has {there}"
            yield Violation(code="STOCK", where=f"depot {depot.id}", cause=cause)


def loaded_stops(asked: Asked, plan: Plan) -> dict[str, list[Stop]]:
    """Return the stops whose goods are loaded at each depot, before the first trip or at a reload."""
    loaded: dict[str, list[Stop]] = {}
    for driven in driven_routes(asked, plan):
        for trip in driven.trips:
            depot_id = driven.vehicle.start_depot if trip.reload is None else trip.reload.stop_id
            if depot_id is not None:
                loaded.setdefault(depot_id, []).extend(stop for _, stop in trip.served if stop.on_board is None)
    return loaded


def lacking(depot: Depot, stops: Sequence[Stop]) -> Iterator[tuple[str, int, int]]:
    """Yield each load of which a depot has less than stops are given: its name, what they are given, what it has."""
    if depot.stock is None:
        return
    for name in dict.fromkeys([LOAD, *(name for stop in stops for name, _ in stop.loads)]):
        units, there = sum(delivered(stop, name) for stop in stops), amount(depot.stock, name)
        if units > there:
            yield name, units, there
