"""Split what routes and a plan cost by what it is spent on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields

from routing.plan.cost import HOUR_S, duty_cents_per_h, lateness_cents_per_h, overtime_amount, paid_s, plan_cost
from routing.plan.model import Route
from routing.problem.model import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSplit:
    """Hold what is spent on each thing, in cents; the parts sum up to the total cost exactly.

    Duty is rounded once, as in `Cost`, and shared out to driving, waiting, service and rests: each gets its whole
    cents, and those that are left go to the largest fractions, of equal ones to the one that stands here first. So is
    what lateness and overtime cost together.
    """

    driving_cents: int
    """Duty on the road."""
    waiting_cents: int
    """For windows, for breaks to begin, and on duty before the route begins."""
    service_cents: int
    """At stops and depots: setup, service, walks and reloads."""
    rest_cents: int
    distance_cents: int
    vehicle_cents: int
    lateness_cents: int
    overtime_cents: int
    preference_cents: int
    unserved_cents: int
    balance_cents: int

    @property
    def total_cents(self) -> int:
        """Return the sum of the parts."""
        total: int = sum(getattr(self, part.name) for part in fields(self))
        return total


def split_cost(problem: Problem, routes: Iterable[Route], unassigned_ids: Collection[str] = ()) -> CostSplit:
    """Return what routes and stops that are left out cost, part by part; of a single route what that one costs alone.

    Since each sum is rounded once, those of all routes may differ by some cents from that of the plan.
    """
    routes = tuple(routes)
    cost = plan_cost(problem, routes, unassigned_ids)
    vehicles, prices = {vehicle.id: vehicle for vehicle in problem.vehicles}, problem.objective
    stops = {stop.id: stop for stop in problem.stops}
    driving = waiting = service = rest = late = over = 0
    for route in routes:
        vehicle = vehicles[route.vehicle_id]
        per_h = duty_cents_per_h(prices, vehicle)
        drive_s = sum(leg.duration_s for leg in route.legs)
        serve_s = sum(visit.setup_s + visit.depart_s - visit.start_s for visit in route.visits)
        rest_s = sum(each.end_s - each.start_s for each in route.rests)
        driving, service, rest = driving + drive_s * per_h, service + serve_s * per_h, rest + rest_s * per_h
        waiting += (paid_s(vehicle, route) - drive_s - serve_s - rest_s) * per_h
        late += sum(each.lateness_s * lateness_cents_per_h(prices, stops[each.stop_id]) for each in route.served)
        over += overtime_amount(prices, vehicle, route)
    duty_cents = _shared(cost.duty_cents, (driving, waiting, service, rest))
    late_cents = _shared(cost.lateness_cents, (late, over))
    return CostSplit(
        driving_cents=duty_cents[0],
        waiting_cents=duty_cents[1],
        service_cents=duty_cents[2],
        rest_cents=duty_cents[3],
        distance_cents=cost.distance_cents,
        vehicle_cents=cost.vehicle_cents,
        lateness_cents=late_cents[0],
        overtime_cents=late_cents[1],
        preference_cents=cost.preference_cents,
        unserved_cents=cost.unserved_cents,
        balance_cents=cost.balance_cents,
    )


def _shared(cents: int, amounts: Sequence[int]) -> list[int]:
    """Return the cents of a sum shared out to amounts in 3600ths of a cent that it is the rounded sum of."""
    shares = [amount // HOUR_S for amount in amounts]
    by_fraction = sorted(range(len(amounts)), key=lambda part: -(amounts[part] % HOUR_S))
    for part in by_fraction[: cents - sum(shares)]:
        shares[part] += 1
    return shares
