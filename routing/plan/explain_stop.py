"""Explain one stop of a plan: per vehicle why it does not fit, and the least that would have to give."""

from __future__ import annotations

from collections.abc import Sequence

from routing.errors import InputError, Issue
from routing.plan.bindings import bindings
from routing.plan.explanation import Binding, Explanation, Obstacle, Relaxation
from routing.plan.instance import committed_orders
from routing.plan.model import Plan
from routing.plan.relax import Bound, bound_words
from routing.plan.relaxations import priced, relaxations
from routing.plan.rules.trips import without_empty_trips
from routing.plan.schedule import Clock
from routing.plan.walked.trials import Trial, Trials
from routing.problem.model import Problem, Vehicle
from routing.units import format_cents, format_clock

PRICED = 12
"""Of all places of a vehicle that hold, so many with the least drives are priced."""


def explain_stop(problem: Problem, plan: Plan, stop_id: str) -> Explanation:
    """Return why a stop is left out and what would help, or what binds it where it is served.

    The other stops stay as the plan has them; what is served or left out with the stop goes with it. What is told was
    tried: every place of each vehicle, and each relaxation with its bound given way. InputError where the problem has
    no such stop, or the plan does not know it.
    """
    clock = Clock(problem)
    left_out = next((left for left in plan.unassigned if left.stop_id == stop_id), None)
    route = next((each for each in plan.routes if any(visit.stop_id == stop_id for visit in each.served)), None)
    if stop_id not in clock.stops or (left_out is None and route is None):
        cause = f"the plan and its problem know no stop {stop_id}"
        raise InputError([Issue(code="STOP_UNKNOWN", where="stop", cause=cause, action="Name a stop of the plan.")])
    trials = _trials(clock, plan, stop_id)
    request = trials.book.request_of[stop_id]
    usable = all(problem.travel.usable[trials.book.stops[each].place] for each in request.stop_ids)
    serving = None if route is None else route.vehicle_id
    now_cents = request.unserved_cents if route is None else _now_cents(trials, plan, route.vehicle_id)
    obstacles, every = [], list[Trial]()
    reason, ways, binding = None, tuple[Relaxation, ...](), tuple[Binding, ...]()
    for vehicle in problem.vehicles:
        tried = list(trials.of(vehicle, request)) if usable else []
        every += tried
        if vehicle.id != serving:
            obstacles.append(_obstacle(trials, vehicle, tried, now_cents))
    if route is None:
        assert left_out is not None
        ways = relaxations(problem, trials, request, every)
        dear = min((each for each in obstacles if each.code == "COST"), key=_added_cents, default=None)
        if dear is not None and dear.added_cents is not None:
            ways = (_penalty(problem, trials, dear, stop_id), *ways)
        reason, detail = left_out.reason, left_out.detail
    else:
        visit = next(visit for visit in route.served if visit.stop_id == stop_id)
        number, at = route.served.index(visit) + 1, format_clock(visit.start_s, problem.time_zone)
        detail = f"stop {number} of {len(route.served)}, service at {at}"
        binding = bindings(clock, route, visit)
    return Explanation(
        stop_id=stop_id,
        vehicle_id=serving,
        reason=reason,
        detail=detail,
        obstacles=tuple(obstacles),
        relaxations=ways,
        binding=binding,
    )


def _trials(clock: Clock, plan: Plan, stop_id: str) -> Trials:
    """Return trials in the orders of a plan without a stop's request."""
    trials = Trials(clock, {}, {})
    book = trials.book
    gone = book.request_of[stop_id].stop_ids
    orders = {
        key: without_empty_trips(book, [each for each in order if each not in gone])
        for key, order in plan.orders().items()
    }
    committed = {key: [each for each in ids if each not in gone] for key, ids in committed_orders(clock).items()}
    return Trials(clock, orders, committed)


def _now_cents(trials: Trials, plan: Plan, vehicle_id: str) -> int:
    """Return what a served request costs: what its route costs more than without it."""
    from_cents = trials.route_cents(vehicle_id, plan.orders()[vehicle_id])
    return from_cents - trials.route_cents(vehicle_id, trials.orders[vehicle_id])


def _obstacle(trials: Trials, vehicle: Vehicle, tried: Sequence[Trial], now_cents: int) -> Obstacle:
    """Return what keeps one vehicle from a request: what breaks least in its best place, or the price."""
    hold = [trial.place for trial in tried if not trial.breaches]
    if hold:
        cents, place = min(
            ((priced(trials.clock, trials.orders, place), place) for place in hold[:PRICED]), key=lambda way: way[0]
        )
        more, than = cents - now_cents, format_cents(abs(cents - now_cents))
        detail = f"{vehicle.id} could serve it, which costs {than} {'more' if more >= 0 else 'less'} than now"
        return Obstacle(
            vehicle_id=vehicle.id, code="COST", detail=detail, breaches=(), stop_ids=place.stop_ids, added_cents=cents
        )
    if not tried:
        return Obstacle(
            vehicle_id=vehicle.id,
            code="UNREACHABLE",
            detail="no usable road is near it",
            breaches=(),
            stop_ids=(),
            added_cents=None,
        )
    best = min(tried, key=lambda trial: trial.key)
    return Obstacle(
        vehicle_id=vehicle.id,
        code=best.breaches[0].code,
        detail=", ".join(dict.fromkeys(breach.cause for breach in best.breaches)),
        breaches=best.breaches,
        stop_ids=best.place.stop_ids,
        added_cents=None,
    )


def _added_cents(obstacle: Obstacle) -> int:
    return obstacle.added_cents or 0


def _penalty(problem: Problem, trials: Trials, dear: Obstacle, stop_id: str) -> Relaxation:
    """Return what leaving a request out would have to cost for it to be served."""
    request, amount = trials.book.request_of[stop_id], _added_cents(dear)
    of = ", ".join(request.stop_ids)
    return Relaxation(
        code="COST",
        of=of,
        amount=amount,
        name="",
        words=bound_words(problem, Bound("COST", of), amount, request),
        vehicle_id=dear.vehicle_id,
        stop_ids=dear.stop_ids,
        added_cents=amount,
    )
