"""Costs: each part is what the routes and the unassigned stops amount to, rounded once, half a cent up."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.model import Plan, Route
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Asked
from routing.problem.model import Stop, Vehicle


def cost(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Compare each part of the cost with what the plan amounts to."""
    prices = asked.problem.objective
    routes = [(route, asked.vehicles[route.vehicle_id]) for route in plan.routes if route.vehicle_id in asked.vehicles]
    duties_s = [
        route.end_s - (vehicle.shift.start_s if vehicle.start_fixed else route.start_s) for route, vehicle in routes
    ]
    left_out = [asked.stops[unassigned.stop_id] for unassigned in plan.unassigned if unassigned.stop_id in asked.stops]
    duty = distance = fixed = 0
    for (route, vehicle), duty_s in zip(routes, duties_s, strict=True):
        distance_m = sum(leg.distance_m for leg in route.legs)
        duty += duty_s * _own(vehicle.duty_cents_per_h, prices.duty_cents_per_h)
        distance += distance_m * _own(vehicle.distance_cents_per_km, prices.distance_cents_per_km)
        fixed += 0 if vehicle.used else _own(vehicle.vehicle_cents, prices.vehicle_cents)
    squares = sum(duty_s * duty_s for duty_s in duties_s) * prices.balance_cents_per_h2
    expected = {
        "duty_cents": _cents(duty, 3600),
        "distance_cents": _cents(distance, 1000),
        "vehicle_cents": fixed,
        "lateness_cents": _cents(sum(_late(asked, *pair) for pair in routes), 3600),
        "unserved_cents": sum(_unserved_cents(asked, stop) for stop in left_out),
        "preference_cents": sum(_preference_cents(asked, *pair) for pair in routes),
        "balance_cents": _cents(squares, 3600 * 3600),
    }
    for part, cents in expected.items():
        if getattr(plan.cost, part) != cents:
            cause = f"is {getattr(plan.cost, part)}, the plan amounts to {cents}"
            yield Violation(code="COST", where=f"cost.{part}", cause=cause)


def _own(price: int | None, general: int) -> int:
    return general if price is None else price


def _cents(amount: int, unit: int) -> int:
    return (amount + unit // 2) // unit


def _late(asked: Asked, route: Route, vehicle: Vehicle) -> int:
    """Return what lateness and overtime of a route cost, in 3600ths of a cent."""
    per_min = asked.problem.objective.lateness_cents_per_min
    total = route.overtime_s * _own(vehicle.overtime_cents_per_h, 60 * per_min)
    for visit in route.visits:
        if visit.lateness_s and visit.stop_id in asked.stops:
            total += visit.lateness_s * 60 * _own(asked.stops[visit.stop_id].lateness_cents_per_min, per_min)
    return total


def _unserved_cents(asked: Asked, stop: Stop) -> int:
    general = asked.problem.objective.unserved_cents * (10 + stop.priority) // 10
    return _own(stop.unserved_cents, general)


def _preference_cents(asked: Asked, route: Route, vehicle: Vehicle) -> int:
    """Add up what the stops that a route serves charge for when, by whom and after which other stop it is."""
    cents, came = 0, None
    other_driver_cents = asked.problem.objective.other_driver_cents
    away_cents = vehicle.territory_fee_cents if vehicle.territories is not None else None
    for visit in route.visits:
        stop = None if visit.reload else asked.stops.get(visit.stop_id)
        if stop is not None:
            cents += sum(fee.cents for fee in stop.start_fees if fee.from_s <= visit.start_s <= fee.until_s)
            cents += sum(fee_cents for vehicle_id, fee_cents in stop.vehicle_fees if vehicle_id == vehicle.id)
            wanted = stop.follow_fee
            if wanted is not None and (wanted.vehicle_id, wanted.after_stop_id) != (vehicle.id, came):
                cents += wanted.cents
            if stop.preferred_drivers and vehicle.driver not in stop.preferred_drivers:
                cents += other_driver_cents
            if away_cents is not None and stop.territory and stop.territory not in (vehicle.territories or ()):
                cents += away_cents
        came = visit.stop_id
    return cents
