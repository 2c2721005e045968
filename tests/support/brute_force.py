"""Put what is left out into a finished plan in every way, and let the judge say what each way breaks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from constraint_strategies import requests

from routing.errors import UnreachableLegError
from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Route, Visit
from routing.plan.schedule import Clock, schedule
from routing.plan.verify import verify
from routing.plan.verify.allowed import allowed, other_board, skills, territories
from routing.plan.verify.facts import Asked, Driven
from routing.plan.verify.goods import apart, required
from routing.plan.verify.loads import capacity
from routing.plan.verify.trips import reloads
from routing.plan.verify.unloading import lifo, pickups_last
from routing.problem.model import Problem, Vehicle

UNTIMED = (allowed, other_board, skills, territories, capacity, lifo, pickups_last, apart, required, reloads)
"""The rules that need no times."""
BROKEN_BY: dict[str, frozenset[str]] = {
    "UNREACHABLE": frozenset({"LEG_UNREACHABLE"}),
    "WINDOW": frozenset({"LATE"}),
    "SHIFT": frozenset({"SHIFT_END"}),
    "NO_VEHICLE": frozenset({"NOT_ALLOWED"}),
    "SHIPMENT": frozenset({"SHIPMENT_SPLIT", "SHIPMENT_ORDER"}),
    "RELOADS": frozenset({"RELOADS_LIMIT", "RELOAD_DEPOT"}),
    "DEPOT_WINDOW": frozenset({"RELOAD_LATE"}),
    "BREAK": frozenset({"BREAK_MISSING", "BREAK_WINDOW"}),
    "DRIVING_RULES": frozenset({"DRIVING_BREAK", "DRIVING_DAY", "DRIVING_WEEK", "DRIVING_FORTNIGHT", "SPAN"}),
}
"""The violations of a plan where what a reason names is broken; a reason that is not here is its own violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Hold one way to take a request into a plan: the order, what it breaks, and what the plan costs then."""

    vehicle_id: str
    stop_ids: tuple[str, ...]
    broken: frozenset[str]
    cents: int


def ways_in(problem: Problem, plan: Plan, stop_id: str, *, reload_too: bool = True) -> Iterator[Way]:
    """Yield every way to take a stop's whole request into a plan, also with one more reload."""
    request = next(stop_ids for stop_ids in requests(problem) if stop_id in stop_ids)
    pair = any(stop_id in (each.pickup_stop_id, each.delivery_stop_id) for each in problem.shipments)
    orders, clock = plan.orders(), Clock(problem)
    for vehicle in problem.vehicles:
        for order in _orders(vehicle, orders.get(vehicle.id, ()), request, pair=pair, reload_too=reload_too):
            yield _judged(problem, plan, {**orders, vehicle.id: order}, vehicle, clock)


def _orders(
    vehicle: Vehicle, order: tuple[str, ...], request: Sequence[str], *, pair: bool, reload_too: bool
) -> Iterator[tuple[str, ...]]:
    for first in range(len(order) + 1):
        if pair:
            pickup, delivery = request
            inserted = [
                (*order[:first], pickup, *order[first:last], delivery, *order[last:])
                for last in range(first, len(order) + 1)
            ]
        else:
            inserted = [(*order[:first], *request, *order[first:])]
        for whole in inserted:
            yield whole
            for depot_id, at in itertools.product(vehicle.reload_depots if reload_too else (), range(len(whole))):
                yield (*whole[:at], depot_id, *whole[at:])


def _judged(problem: Problem, plan: Plan, orders: dict[str, tuple[str, ...]], vehicle: Vehicle, clock: Clock) -> Way:
    planned = {stop_id for order in orders.values() for stop_id in order}
    left_out = tuple(each for each in plan.unassigned if each.stop_id not in planned)
    usable = {stop.id: problem.travel.usable[stop.place] for stop in problem.stops}
    try:
        routes = schedule(problem, orders, clock)
    except UnreachableLegError:
        broken = _broken_untimed(problem, vehicle, orders[vehicle.id])
        return Way(vehicle_id=vehicle.id, stop_ids=orders[vehicle.id], broken=broken, cents=0)
    cost = plan_cost(problem, routes, [each.stop_id for each in left_out])
    violations = verify(problem, replace(plan, routes=routes, unassigned=left_out, cost=cost))
    broken = frozenset(violation.code for violation in violations)
    if not all(usable.get(stop_id, True) for stop_id in orders[vehicle.id]):
        broken |= BROKEN_BY["UNREACHABLE"]
    return Way(vehicle_id=vehicle.id, stop_ids=orders[vehicle.id], broken=broken, cents=cost.total_cents)


def _broken_untimed(problem: Problem, vehicle: Vehicle, stop_ids: Sequence[str]) -> frozenset[str]:
    """Return what an order breaks that cannot be driven: that, and all that needs no times."""
    asked = Asked(problem)
    visits = tuple(
        Visit(
            stop_id=stop_id,
            arrive_s=0,
            start_s=0,
            depart_s=0,
            waiting_s=0,
            lateness_s=0,
            load_after=0,
            reload=stop_id not in asked.stops,
        )
        for stop_id in stop_ids
    )
    route = Route(vehicle_id=vehicle.id, start_s=0, end_s=0, visits=visits, legs=())
    halts = tuple((visit, asked.stops.get(visit.stop_id)) for visit in visits)
    driven = Driven(asked=asked, vehicle=vehicle, route=route, halts=halts)
    return BROKEN_BY["UNREACHABLE"].union(violation.code for rule in UNTIMED for violation in rule(driven))


def named_by(problem: Problem, reasons: Mapping[str, str], stop_id: str) -> frozenset[str] | None:
    """Return the violations that the reason of a stop names; None where it names none of its own.

    A reason that points to the other stops of a shipment or group names what theirs do.
    """
    request = next(stop_ids for stop_ids in requests(problem) if stop_id in stop_ids)
    told = {reasons[other] for other in request} if reasons[stop_id] in ("SHIPMENT", "TOGETHER") else {reasons[stop_id]}
    if "FLEET_FULL" in told:
        return None
    return frozenset().union(*(BROKEN_BY.get(reason, {reason}) for reason in told))
