"""Which windows can still take a new stop today: by whom, at what cost, and what that does to the others.

The other stops keep vehicle and order; the new one goes where it costs least. What that leaves is no more than the
least that a re-plan would find, so an offer can be kept; a window without an offer may still be made possible by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from routing.plan.cost import plan_cost
from routing.plan.gaps import Gaps
from routing.plan.insert import cheapest_insertion
from routing.plan.instance import committed_orders
from routing.plan.model import Plan, Route
from routing.plan.schedule import Clock, drives_without_stops
from routing.problem.model import Problem, Stop, TimeWindow
from routing.replan.draws import Uncertainty
from routing.replan.remaining import Remaining
from routing.replan.risk import chances

HOUR_S = 3600
QUOTE_DRAWS = 300
"""Of the simulation that weighs the risk for others; its error is about 0.03."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Offer a window for a new stop."""

    window: TimeWindow
    vehicle_id: str
    start_s: int
    """Planned start of its service."""
    added_cents: int
    """What the day costs more with it: duty, distance, vehicle, lateness."""
    disturbance_cents: int
    """Fees of other stops on top, for promises that it breaks and followers that it moves."""
    later_s: int
    """By how much other stops start later, all together."""
    becomes_late: tuple[str, ...]
    """Other stops that are in time without it."""
    on_time_probability: float
    """Of the new stop."""
    expected_late_stops: float
    """By how much more of the other stops are to be expected late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Answer for each window asked for, in their order."""

    stop_id: str
    offers: tuple[Offer | None, ...]
    """None: nobody can take it then and leave the orders of the others as they are."""
    refusal: str
    """Why it cannot be served in any window; empty where windows decide."""


def quote(
    rest: Remaining,
    plan: Plan,
    stop: Stop,
    windows: Sequence[TimeWindow],
    *,
    seed: int = 0,
    uncertainty: Uncertainty | None = None,
) -> Quote:
    """Return what a stop of the remaining problem would cost in each of some windows, instead of its own.

    `plan` is of the same problem, its times under the facts of now; whether it serves the stop makes no difference, as
    long as no vehicle is committed to it.
    """
    refusal = next((reason.detail for left, reason in rest.left_out if left.id == stop.id), "")
    if not refusal and not rest.problem.travel.usable[stop.place]:
        refusal = "no usable road is near it"
    if refusal:
        return Quote(stop_id=stop.id, offers=(None,) * len(windows), refusal=refusal)
    # One stop for each window: all are looked at with one clock and one simulation.
    asked = [
        replace(stop, id=f"{stop.id}#{number}", windows=(window,), lateness_allowed=False)
        for number, window in enumerate(windows)
    ]
    # Where the stop has a place, whatever comes after it will come after another one.
    others = tuple(
        replace(each, follow_fee=None)
        if each.follow_fee is not None and each.follow_fee.after_stop_id == stop.id
        else each
        for each in rest.problem.stops
        if each.id != stop.id
    )
    problem = replace(rest.problem, stops=(*others, *asked))
    clock = Clock(problem)
    orders = {key: tuple(each for each in order if each != stop.id) for key, order in plan.orders().items()}
    committed = committed_orders(clock)
    gaps = Gaps(clock, orders, committed) if clock.plain else None
    found = [cheapest_insertion(clock, orders, committed, each, gaps) for each in asked]
    without = {
        each.vehicle_id: _route(clock, each.vehicle_id, orders.get(each.vehicle_id, ())) for each in found if each
    }
    with_stop = [_route(clock, each.vehicle_id, each.stop_ids) if each else None for each in found]
    simulated = (*without.values(), *(route for route in with_stop if route is not None))
    risk = chances(
        replace(rest, problem=problem),
        Plan(routes=simulated, unassigned=(), cost=plan_cost(problem, (), ())),
        draws=QUOTE_DRAWS,
        seed=seed,
        uncertainty=uncertainty,
    )
    chance = iter(risk.on_time_probability.tolist())
    on_time = [{visit.stop_id: next(chance) for visit in route.visits} for route in simulated]
    before = dict(zip(without, on_time, strict=False))
    after = iter(on_time[len(without) :])
    offers = tuple(
        None if route is None else _offer(problem, each, without[route.vehicle_id], route, before, next(after))
        for each, route in zip(asked, with_stop, strict=True)
    )
    return Quote(stop_id=stop.id, offers=offers, refusal="")


def hours(rest: Remaining) -> tuple[TimeWindow, ...]:
    """Return the full hours from now to the end of the last shift, as windows."""
    last_s = max((vehicle.shift.end_s for vehicle in rest.problem.vehicles), default=rest.now_s)
    now = datetime.fromtimestamp(rest.now_s, ZoneInfo(rest.problem.time_zone))
    first_s = rest.now_s - now.minute * 60 - now.second
    return tuple(
        TimeWindow(start_s=max(start_s, rest.now_s), end_s=min(start_s + HOUR_S, last_s))
        for start_s in range(first_s, last_s, HOUR_S)
    )


def _route(clock: Clock, vehicle_id: str, stop_ids: Sequence[str]) -> Route:
    """Return a timed route, also of a vehicle that stays at home."""
    vehicle = next(each for each in clock.problem.vehicles if each.id == vehicle_id)
    if stop_ids or drives_without_stops(vehicle):
        return clock.route(vehicle, stop_ids)
    begin_s = vehicle.shift.start_s
    return Route(vehicle_id=vehicle_id, start_s=begin_s, end_s=begin_s, visits=(), legs=())


def _offer(
    problem: Problem,
    asked: Stop,
    old: Route,
    new: Route,
    before: Mapping[str, Mapping[str, float]],
    after: Mapping[str, float],
) -> Offer:
    was, chance = {visit.stop_id: visit for visit in old.visits}, before[new.vehicle_id]
    others = [visit for visit in new.visits if visit.stop_id != asked.id]
    costs = [plan_cost(problem, [route] if route.visits or route.legs else [], ()) for route in (old, new)]
    spent = [cost.total_cents - cost.preference_cents for cost in costs]
    return Offer(
        window=asked.windows[0],
        vehicle_id=new.vehicle_id,
        start_s=next(visit.start_s for visit in new.visits if visit.stop_id == asked.id),
        added_cents=spent[1] - spent[0],
        disturbance_cents=costs[1].preference_cents - costs[0].preference_cents,
        later_s=sum(max(0, visit.start_s - was[visit.stop_id].start_s) for visit in others),
        becomes_late=tuple(visit.stop_id for visit in others if visit.lateness_s and not was[visit.stop_id].lateness_s),
        on_time_probability=after[asked.id],
        expected_late_stops=sum(chance[visit.stop_id] - after[visit.stop_id] for visit in others),
    )
