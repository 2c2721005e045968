"""What the new facts do to the current plan: its orders with new times, and whether looking for others may pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.errors import UnreachableLegError
from routing.events.day import Day
from routing.events.news import AvailabilityTold, CustomerAvailable, StopChanged, VehicleAdded, VehicleBack
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    RoadReopened,
    StopCancelled,
    VehicleOutOfService,
    VisitFailed,
    WindowChanged,
)
from routing.events.words import StopMoved, StopPinned, VehicleForbidden, WordWithdrawn
from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Route, Unassigned
from routing.plan.schedule import Clock, schedule
from routing.plan.verify import Violation, verify
from routing.problem.lower import lowered
from routing.problem.plain import is_plain
from routing.replan.gain import best_move
from routing.replan.remaining import Remaining
from routing.units import format_cents, format_duration

STUCK = ("GOODS_STRANDED", "GOODS_NOT_ON_BOARD")
"""Reasons that a transfer may lift."""
_OPENING = (StopMoved, StopPinned, VehicleAdded, VehicleBack, VehicleForbidden, WordWithdrawn)
"""Events after which other orders are looked for in any case."""
_FREEING = (
    AvailabilityTold,
    ConditionWithdrawn,
    CustomerAvailable,
    CustomerUnavailable,
    RoadReopened,
    StopCancelled,
    StopChanged,
    VehicleOutOfService,
    VisitFailed,
    WindowChanged,
)
"""Events that may make room for a better plan although nothing became late."""
_LASTING = ("WINDOW", "CAPACITY", "SHIFT", "UNREACHABLE", "FLEET_FULL", "COST", "NOT_PLANNED")
"""Reasons of the last search, true until the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Hold the current orders under the new facts."""

    plan: Plan
    violations: tuple[Violation, ...]
    """Bounds that they break by now; empty where they still hold."""
    lost: int
    """Stops that they served and cannot serve any more, although others might."""
    causes: tuple[str, ...]
    """Why a search may pay, in words; empty where it does not."""


def assess(day: Day, rest: Remaining, options: ReplanOptions) -> Assessment:
    """Return the current orders with new times, and the causes to look for other orders."""
    plan = retime(day, rest)
    violations = verify(rest.problem, plan)
    if day.plan is None:
        return Assessment(plan=plan, violations=violations, lost=0, causes=())
    waiting = _waiting(day, plan, day.plan)
    was = {visit.stop_id for route in day.plan.routes for visit in route.visits}
    lost = sum(stop_id in was and day.stops[stop_id].failed_s is None for stop_id in waiting)
    causes = _causes(day, plan, day.plan, options)
    if lost:
        causes.append(f"{lost} stops have lost their vehicle")
    if len(waiting) > lost:
        causes.append(f"{len(waiting) - lost} stops wait for a place")
    known = {stop_id: reason for stop_id, reason, _ in day.plan.unassigned}
    stuck = sum(left.reason in STUCK and known.get(stop.id) != left.reason for stop, left in rest.left_out)
    if stuck:
        causes.append(f"the goods of {stuck} stops are where nobody can bring them from")
    if violations:
        causes.append(f"the old orders break {len(violations)} bounds")
    if not causes and any(isinstance(event, _FREEING) for event in day.since_plan):
        if not is_plain(lowered(rest.problem)):
            causes.append("there may be room for better orders, which only a search can tell")
            return Assessment(plan=plan, violations=violations, lost=lost, causes=tuple(causes))
        move = best_move(rest.problem, plan)
        if move is not None and move.gain_cents > options.gain_cents:
            cents = format_cents(move.gain_cents)
            causes.append(f"{move.stop_id} with {move.vehicle_id} in another place may gain {cents}")
    return Assessment(plan=plan, violations=violations, lost=lost, causes=tuple(causes))


def retime(day: Day, rest: Remaining) -> Plan:
    """Return the current orders with times under the new facts; what no road leads to is unassigned."""
    clock, orders, cut_off = Clock(rest.problem), dict(rest.orders), dict[str, str]()
    routes: tuple[Route, ...] | None = None
    while routes is None:
        try:
            routes = schedule(rest.problem, orders, clock)
        except UnreachableLegError as error:
            order = orders[error.vehicle_id]
            # Where there is no way home, the last stop is as good as any to begin with.
            dropped = error.stop_id or order[-1]
            orders[error.vehicle_id] = tuple(stop_id for stop_id in order if stop_id != dropped)
            cut_off[dropped] = f"no road leads {'there' if error.stop_id else 'on from there'} any more"
    planned = {visit.stop_id for route in routes for visit in route.visits}
    missing = [stop.id for stop in rest.problem.stops if stop.id not in planned]
    unassigned = tuple(
        Unassigned(stop_id=stop_id, reason="UNREACHABLE", detail=cut_off[stop_id])
        if stop_id in cut_off
        else _still_unassigned(day, stop_id)
        for stop_id in missing
    )
    return Plan(
        routes=routes,
        unassigned=unassigned,
        cost=plan_cost(rest.problem, routes, missing),
        notes=_notes(routes),
    )


def _still_unassigned(day: Day, stop_id: str) -> Unassigned:
    state = day.stops[stop_id]
    if state.reason in _LASTING and state.detail:
        return Unassigned(stop_id=stop_id, reason=state.reason, detail=state.detail)
    detail = "nobody serves it in the old orders; the next search finds a place for it"
    return Unassigned(stop_id=stop_id, reason="NOT_PLANNED", detail=detail)


def _notes(routes: Sequence[Route]) -> tuple[str, ...]:
    late = [visit.lateness_s for route in routes for visit in route.visits if visit.lateness_s]
    notes = [f"{len(late)} stops are served late, {format_duration(sum(late))} in all."] if late else []
    over = [route for route in routes if route.overtime_s]
    notes += [f"{route.vehicle_id} is back {format_duration(route.overtime_s)} after its shift." for route in over]
    return tuple(notes)


def _waiting(day: Day, plan: Plan, base: PlanPublished) -> list[str]:
    """Return the stops without a place that no search has left out, nor given one in a pending proposal."""
    left_out = {
        stop_id for stop_id, reason, _ in base.unassigned if day.proposal is not None or reason != "NOT_PLANNED"
    }
    return [left.stop_id for left in plan.unassigned if left.stop_id not in left_out]


def _causes(day: Day, plan: Plan, base: PlanPublished, options: ReplanOptions) -> list[str]:
    """Return what has become worse since the current plan was published, or what may have become possible."""
    was = {visit.stop_id: visit for route in base.routes for visit in route.visits}
    causes = []
    later = [
        visit.stop_id
        for route in plan.routes
        for visit in route.visits
        if visit.lateness_s >= options.publish_shift_s + (was[visit.stop_id].lateness_s if visit.stop_id in was else 0)
    ]
    if later:
        causes.append(f"{len(later)} stops became late or later")
    opening = sorted({event.TYPE for event in day.since_plan if isinstance(event, _OPENING)})
    if opening:
        causes.append(f"room may have come with {', '.join(opening)}")
    ends = {route.vehicle_id: route.end_s for route in base.routes}
    longer_s = sum(route.end_s - ends[route.vehicle_id] for route in plan.routes if route.vehicle_id in ends)
    if longer_s * day.started.objective.duty_cents_per_h > options.gain_cents * 3600:
        causes.append(f"the routes became {format_duration(longer_s)} longer")
    return causes


def with_left_out(rest: Remaining, plan: Plan) -> Plan:
    """Return a plan of the remaining problem with the stops that were left out of it."""
    extra_cents = sum(rest.problem.unserved_cents(stop) for stop, _ in rest.left_out)
    cost = replace(plan.cost, unserved_cents=plan.cost.unserved_cents + extra_cents)
    unassigned = (*plan.unassigned, *(reason for _, reason in rest.left_out))
    return replace(plan, unassigned=unassigned, cost=cost)
