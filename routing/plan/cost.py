"""Say what a plan costs, in cents."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from routing.plan.model import Cost, Route
from routing.problem.fees import order_fee_cents, start_fee_cents
from routing.problem.model import Problem


def plan_cost(problem: Problem, routes: Iterable[Route], unassigned_ids: Collection[str]) -> Cost:
    """Return the cost in cents, each part rounded once, half a cent up.

    A vehicle that is already out pays no fixed cost; one that is on duty from the start of its shift is paid from
    then on; overtime is paid like lateness; a stop that is served charges its fees.
    """
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    prices = problem.objective
    duty_s = distance_m = late_s = leaving = 0
    stops = {stop.id: stop for stop in problem.stops if stop.start_fees or stop.vehicle_fees or stop.follow_fee}
    preference_cents = 0
    for route in routes:
        vehicle = vehicles[route.vehicle_id]
        duty_s += route.end_s - (vehicle.shift.start_s if vehicle.start_fixed else route.start_s)
        distance_m += sum(leg.distance_m for leg in route.legs)
        late_s += route.overtime_s + sum(visit.lateness_s for visit in route.visits)
        leaving += not vehicle.used
        before: str | None = None
        for visit in route.visits if stops else ():
            if visit.stop_id in stops:
                stop = stops[visit.stop_id]
                preference_cents += order_fee_cents(stop, vehicle.id, before) + start_fee_cents(stop, visit.start_s)
            before = visit.stop_id
    unserved = set(unassigned_ids)
    return Cost(
        duty_cents=_rounded(duty_s * prices.duty_cents_per_h, 3600),
        distance_cents=_rounded(distance_m * prices.distance_cents_per_km, 1000),
        vehicle_cents=leaving * prices.vehicle_cents,
        lateness_cents=_rounded(late_s * prices.lateness_cents_per_min, 60),
        unserved_cents=sum(problem.unserved_cents(stop) for stop in problem.stops if stop.id in unserved),
        preference_cents=preference_cents,
    )


def _rounded(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit)
