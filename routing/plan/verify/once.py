"""Stops and requests: each is served whole and once, or left out whole; each vehicle has its one route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from routing.plan.model import Plan
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Asked, Driven
from routing.problem.model import Vehicle


def stops_once(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find stops that are unknown, lost or doubled, and reloads at depots that are not there."""
    visits = [visit for route in plan.routes for visit in route.visits]
    named = Counter(visit.stop_id for visit in visits if not visit.reload)
    named.update(unassigned.stop_id for unassigned in plan.unassigned)
    for stop_id in asked.stops:
        if named[stop_id] == 0:
            yield Violation(code="STOP_LOST", where=f"stop {stop_id}", cause="is neither served nor unassigned")
    for stop_id, count in named.items():
        if stop_id not in asked.stops:
            yield Violation(code="STOP_UNKNOWN", where=f"stop {stop_id}", cause="is no stop of the problem")
        elif count > 1:
            yield Violation(code="STOP_TWICE", where=f"stop {stop_id}", cause=f"stands {count} times in the plan")
    for depot_id in dict.fromkeys(visit.stop_id for visit in visits if visit.reload):
        if depot_id not in asked.depots:
            yield Violation(code="RELOAD_DEPOT", where=f"depot {depot_id}", cause="is no depot of the problem")


def vehicles_once(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find routes of no vehicle, of one that has another, and out of the fleet's order."""
    fleet = list(asked.vehicles)
    named = [route.vehicle_id for route in plan.routes]
    for vehicle_id, count in Counter(named).items():
        if vehicle_id not in fleet:
            yield Violation(code="VEHICLE_UNKNOWN", where=f"vehicle {vehicle_id}", cause="is not in the fleet")
        elif count > 1:
            yield Violation(code="VEHICLE_TWICE", where=f"vehicle {vehicle_id}", cause=f"has {count} routes")
    known = [fleet.index(vehicle_id) for vehicle_id in named if vehicle_id in fleet]
    if known != sorted(known):
        yield Violation(code="ROUTE_ORDER", where="routes", cause="are not in the order of the fleet")


def must_drive_home(vehicle: Vehicle) -> bool:
    """Tell whether a vehicle leaves even without stops: it is out, and where it starts is not where it shall end."""
    away = vehicle.start_place != vehicle.end_place and not (vehicle.open_start or vehicle.open_end)
    return vehicle.used and away


def out(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find vehicles that are out and stay there although a road leads home."""
    planned = {route.vehicle_id for route in plan.routes}
    for vehicle in asked.problem.vehicles:
        if must_drive_home(vehicle) and vehicle.id not in planned:
            leg = asked.travel(vehicle).leg(vehicle.start_place, vehicle.end_place, vehicle.shift.start_s)
            if leg is not None:
                cause = f"is out, {leg.distance_m} m from its end place, and has no route"
                yield Violation(code="ROUTE_MISSING", where=f"vehicle {vehicle.id}", cause=cause)


def empty(driven: Driven) -> Iterator[Violation]:
    """Find a route that serves nothing and is not needed."""
    if not driven.route.visits and not must_drive_home(driven.vehicle):
        yield Violation(code="ROUTE_EMPTY", where=driven.where, cause="leaves without any visit")


def shipments_whole(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find shipments of which one stop is served without the other on the same trip after it."""
    if not asked.problem.shipments:
        return
    at = {}
    for number, route in enumerate(plan.routes):
        trip = 0
        for position, visit in enumerate(route.visits):
            trip += visit.reload
            if not visit.reload:
                at[visit.stop_id] = (number, trip, position)
    for shipment in asked.problem.shipments:
        pickup, delivery = at.get(shipment.pickup_stop_id), at.get(shipment.delivery_stop_id)
        names = f"{shipment.pickup_stop_id} and {shipment.delivery_stop_id}"
        where = f"shipment {shipment.id}"
        if (pickup is None) != (delivery is None):
            yield Violation(code="SHIPMENT_SPLIT", where=where, cause=f"only one of {names} is served")
        elif pickup is not None and delivery is not None and pickup[:2] != delivery[:2]:
            yield Violation(code="SHIPMENT_SPLIT", where=where, cause=f"{names} are not on one trip of one vehicle")
        elif pickup is not None and delivery is not None and pickup > delivery:
            yield Violation(code="SHIPMENT_ORDER", where=where, cause=f"{names} are served the wrong way round")


def together(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find groups of which not all are served one right after the other, nor all left out."""
    groups: dict[str, list[str]] = {}
    for stop in asked.problem.stops:
        if stop.together:
            groups.setdefault(stop.together, []).append(stop.id)
    for name, wanted in groups.items():
        for route in plan.routes:
            order = [visit.stop_id for visit in route.visits]
            if set(order).isdisjoint(wanted):
                continue
            first = order.index(next(stop_id for stop_id in order if stop_id in wanted))
            if order[first : first + len(wanted)] != wanted:
                cause = f"{', '.join(wanted)} do not follow each other on {route.vehicle_id}"
                yield Violation(code="TOGETHER", where=f"group {name}", cause=cause)
