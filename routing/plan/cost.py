"""Say what a plan costs, in cents, of problems as they are asked and as they are lowered alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from routing.plan.model import Cost, Route
from routing.problem.fees import follow_fee_cents, start_fee_cents
from routing.problem.lower import vehicle_cents
from routing.problem.model import Objective, Problem, Stop, Vehicle

HOUR_S = 3_600


def plan_cost(problem: Problem, routes: Iterable[Route], unassigned_ids: Collection[str]) -> Cost:
    """Return the cost in cents, each part rounded once, half a cent up.

    A vehicle that is already out pays no fixed cost; one that is on duty from the start of its shift is paid from
    then on; overtime is paid like lateness where the vehicle has no price of its own; a stop that is served charges its
    fees, for an order of visits in which a reload counts.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    prices = problem.objective
    duty = distance = late = balance = leaving_cents = preference_cents = 0
    # Without a call for each stop: routes are priced by the thousand.
    stops = {
        stop.id: stop
        for stop in problem.stops
        if stop.start_fees
        or stop.vehicle_fees
        or stop.follow_fee
        or stop.preferred_drivers
        or stop.territory
        or stop.lateness_cents_per_min is not None
    }
    for route in routes:
        vehicle = vehicles[route.vehicle_id]
        duty_s = paid_s(vehicle, route)
        duty += duty_s * duty_cents_per_h(prices, vehicle)
        balance += duty_s * duty_s
        per_km = vehicle.distance_cents_per_km
        metres = sum(leg.distance_m for leg in route.legs)
        distance += metres * (prices.distance_cents_per_km if per_km is None else per_km)
        if not vehicle.used:
            leaving_cents += fixed_cents(prices, vehicle)
        late += overtime_amount(prices, vehicle, route)
        before: str | None = None
        for visit in route.visits:
            stop = stops.get(visit.stop_id)
            if visit.lateness_s:
                late += visit.lateness_s * lateness_cents_per_h(prices, stop)
            if stop is not None:
                preference_cents += vehicle_cents(problem, vehicle, stop) + start_fee_cents(stop, visit.start_s)
                preference_cents += follow_fee_cents(stop, vehicle.id, before)
            before = visit.stop_id
    unserved = set(unassigned_ids)
    return Cost(
        duty_cents=rounded(duty, HOUR_S),
        distance_cents=rounded(distance, 1000),
        vehicle_cents=leaving_cents,
        lateness_cents=rounded(late, HOUR_S),
        unserved_cents=sum(problem.unserved_cents(stop) for stop in problem.stops if stop.id in unserved),
        preference_cents=preference_cents,
        balance_cents=rounded(balance * prices.balance_cents_per_h2, HOUR_S * HOUR_S),
    )


def paid_s(vehicle: Vehicle, route: Route) -> int:
    """Return the seconds of duty that a route is paid for."""
    return route.end_s - (vehicle.shift.start_s if vehicle.start_fixed else route.start_s)


def fixed_cents(prices: Objective, vehicle: Vehicle) -> int:
    """Return what it costs that a vehicle leaves."""
    own = vehicle.vehicle_cents
    return prices.vehicle_cents if own is None else own


def duty_cents_per_h(prices: Objective, vehicle: Vehicle) -> int:
    """Return what an hour of a vehicle's duty costs."""
    own = vehicle.duty_cents_per_h
    return prices.duty_cents_per_h if own is None else own


def overtime_amount(prices: Objective, vehicle: Vehicle, route: Route) -> int:
    """Return what the overtime of a route costs, in 3600ths of a cent."""
    own = vehicle.overtime_cents_per_h
    return route.overtime_s * (60 * prices.lateness_cents_per_min if own is None else own)


def lateness_cents_per_h(prices: Objective, stop: Stop | None) -> int:
    """Return what an hour of lateness costs at a stop, None for one without a price of its own."""
    own = None if stop is None else stop.lateness_cents_per_min
    return 60 * (prices.lateness_cents_per_min if own is None else own)


def rounded(amount: int, unit: int) -> int:
    """Return an amount in whole units, half a unit up."""
    return (2 * amount + unit) // (2 * unit)
