"""Make the plan of orders that hold."""

from __future__ import annotations

from collections.abc import Mapping

from routing.plan.cost import plan_cost
from routing.plan.explain import explain
from routing.plan.model import Plan
from routing.plan.price import Insertion, Orders
from routing.plan.schedule import Clock, schedule
from routing.units import format_duration


def finished(clock: Clock, orders: Orders, left: Mapping[str, Insertion | None]) -> Plan:
    """Return the plan with the reason of each stop that is left out, and what a reader must know."""
    routes = schedule(clock.problem, orders, clock)
    planned = {visit.stop_id for route in routes for visit in route.visits}
    missing = [stop.id for stop in clock.problem.stops if stop.id not in planned]
    notes = []
    late = [visit.lateness_s for route in routes for visit in route.visits if visit.lateness_s]
    if late:
        notes.append(f"{len(late)} stops are served late, {format_duration(sum(late))} in all.")
    over = [route for route in routes if route.overtime_s]
    notes += [f"{route.vehicle_id} is back {format_duration(route.overtime_s)} after its shift." for route in over]
    return Plan(
        routes=routes,
        unassigned=explain(clock, {stop_id: left.get(stop_id) for stop_id in missing}, orders),
        cost=plan_cost(clock.problem, routes, missing),
        notes=tuple(notes),
    )
