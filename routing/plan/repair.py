"""Make any orders hold under true times, and add what still fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.errors import InputError, SolveError
from routing.plan.finish import finished
from routing.plan.insert import add_quickly, add_unassigned
from routing.plan.instance import committed_orders
from routing.plan.model import Plan
from routing.plan.price import Orders, may_serve
from routing.plan.relieve import relieved
from routing.plan.requests import requests_of
from routing.plan.schedule import Clock, Run
from routing.plan.verify import verify
from routing.plan.walked.repair import held_whole, known
from routing.problem.model import Problem, Stop, Vehicle
from routing.problem.validate import validate

LIKELY = 4
"""Where only the roads see that a route does not hold, so many stops are tried by them before one is taken out."""


def repair(problem: Problem, initial: Sequence[tuple[str, Sequence[str]]] = ()) -> Plan:
    """Return a verified plan near the given orders (vehicle id and stop ids), which need not hold, at once.

    Orders may be infeasible or partial, and may name stops and vehicles that are unknown or stand there twice. Stops
    that break a bound are taken out; these and the missing ones are added where they fit best, as long as that pays.
    Nothing is searched for beyond that. InputError with every fault of the problem.
    """
    issues = validate(problem)
    if issues:
        raise InputError(issues)
    clock = Clock(problem)
    committed = committed_orders(clock)
    stops = searched_stops(clock.problem)
    orders = repaired(clock, known_orders(clock, initial, committed, stops), committed, stops)
    orders = relieved(clock, orders, committed)
    return checked(problem, finished(clock, *add_unassigned(clock, orders, committed, missing_ids(stops, orders))))


def checked(problem: Problem, plan: Plan) -> Plan:
    """Return a plan that holds; SolveError with its violations where it does not."""
    violations = verify(problem, plan)
    if violations:
        raise SolveError("the plan breaks rules:\n" + "\n".join(str(violation) for violation in violations))
    return plan


def searched_stops(problem: Problem) -> tuple[Stop, ...]:
    """Return the stops of a lowered problem that are to be placed: on a road, not committed, allowed to some vehicle.

    All stops of their requests are such.
    """
    committed = {stop_id for vehicle in problem.vehicles for stop_id in vehicle.committed}
    fleet = {vehicle.id for vehicle in problem.vehicles}
    usable = problem.travel.usable
    stops = tuple(
        stop
        for stop in problem.stops
        if stop.id not in committed
        and usable[stop.place]
        and (bool(fleet) if stop.allowed_vehicles is None else not fleet.isdisjoint(stop.allowed_vehicles))
    )
    here = {stop.id for stop in stops}
    torn = {
        stop_id
        for request in requests_of(problem)
        for stop_id in request.stop_ids
        if not here.issuperset(request.stop_ids)
    }
    return tuple(stop for stop in stops if stop.id not in torn)


def known_orders(
    clock: Clock,
    initial: Sequence[tuple[str, Sequence[str]]],
    committed: Mapping[str, Sequence[str]],
    stops: Sequence[Stop],
) -> Orders:
    """Return given orders without what is unknown, doubled, not allowed or too much to carry."""
    if not clock.plain:
        return known(clock, initial, committed, stops)
    given = dict(initial)
    free = {stop.id for stop in stops}
    orders: Orders = {}
    for vehicle in clock.problem.vehicles:
        order = list(committed[vehicle.id])
        room = vehicle.capacity - sum(clock.stops[stop_id].load for stop_id in order)
        for stop_id in given.get(vehicle.id, ()):
            if stop_id in free and may_serve(vehicle, clock.stops[stop_id]) and clock.stops[stop_id].load <= room:
                free.remove(stop_id)
                room -= clock.stops[stop_id].load
                order.append(stop_id)
        orders[vehicle.id] = tuple(order)
    return orders


def missing_ids(stops: Sequence[Stop], orders: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids of the stops that stand in no order."""
    planned = {stop_id for order in orders.values() for stop_id in order}
    return [stop.id for stop in stops if stop.id not in planned]


def repaired(
    clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]], stops: Sequence[Stop]
) -> Orders:
    """Return orders that hold under true times, with the stops added that they lack, as far as that seems to pay.

    The tables decide first: what they tell of a drive across a change of speeds is not exact, but takes no search.
    """
    tables = clock.by_tables()
    held = hold_bounds(tables, orders, committed)
    held = add_quickly(tables, held, committed, missing_ids(stops, held))
    if tables is clock:
        return held
    exact = hold_bounds(clock, held, committed)
    planned = {stop_id for order in held.values() for stop_id in order}.intersection(clock.stops)
    dropped = sorted(planned.difference(*exact.values()))
    return add_quickly(clock, exact, committed, dropped)


def hold_bounds(clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]) -> Orders:
    """Return the orders without the stops that must go for windows, shifts and roads to hold.

    From a route that breaks a bound the stop goes that leaves the least forbidden time behind, and of equals the one
    that is cheapest to leave out; again until the route holds. Committed visits hold alone and stay. Where only the
    roads see the breach a few stops are tried, those that should do by the tables. Where routes must be walked whole
    requests go, and reloads (`walked.repair`).
    """
    if not clock.plain:
        return held_whole(clock, orders, committed)
    held: Orders = {}
    for vehicle in clock.problem.vehicles:
        order = tuple(orders.get(vehicle.id, ()))
        fixed = len(committed[vehicle.id])
        while len(order) > fixed and not _holds(clock, vehicle, order):
            # The tables tell soonest which stop must go, where they see the harm at all.
            tables, tried = clock.by_tables(), list(range(fixed, len(order)))
            seeing = clock if _holds(tables, vehicle, order) else tables
            if seeing is not tables:
                tried = _likely(clock, vehicle, order, fixed)
            order = _with_least_harm(seeing, vehicle, order, fixed, tried)
        held[vehicle.id] = order
    return held


def _holds(clock: Clock, vehicle: Vehicle, order: Sequence[str]) -> bool:
    return clock.follow(vehicle, order, vehicle.shift.start_s, forbidden_limit_s=0) is not None


def _likely(clock: Clock, vehicle: Vehicle, order: tuple[str, ...], fixed: int) -> list[int]:
    """Return the places of a few stops up to the first breach on the roads, those that should do by the tables.

    The tables tell how much earlier the vehicle is at the breach without a stop: first go those with which it is early
    enough, of these the cheapest. Where no road leads on it is one of the two stops between which none does.
    """
    tables, begin_s, price = clock.by_tables(), vehicle.shift.start_s, clock.problem.unserved_cents
    run, foreseen = clock.follow(vehicle, order, begin_s), tables.follow(vehicle, order, begin_s)
    if run is None or foreseen is None:
        cut_off = clock.unreachable(vehicle, order).stop_id
        at = len(order) if cut_off is None else order.index(cut_off)
        return [index for index in (at - 1, at) if fixed <= index < len(order)]
    late_s = [forbidden_s for _, forbidden_s in run.sums_s] + [run.forbidden_s]
    breach = next(index for index, forbidden_s in enumerate(late_s) if forbidden_s)
    ranked = []
    for index in range(fixed, min(breach + 1, len(order))):
        rest = order[:index] + order[index + 1 :]
        without = tables.follow(vehicle, rest, begin_s, like=foreseen, alike=index)
        if without is not None:
            gain_s = _at_s(foreseen, breach) - _at_s(without, breach - 1) if index < breach else late_s[breach]
            missing_s = max(0, late_s[breach] - gain_s)
            ranked.append((missing_s, price(clock.stops[order[index]]), without.end_s, index))
    return [index for *_, index in sorted(ranked)[:LIKELY]]


def _at_s(run: Run, index: int) -> int:
    """Return when a run arrives at a visit, or at its end place after the last one."""
    return run.times_s[index][0] if index < len(run.times_s) else run.end_s


def _with_least_harm(
    clock: Clock, vehicle: Vehicle, order: tuple[str, ...], fixed: int, tried: Sequence[int]
) -> tuple[str, ...]:
    """Return an order without one of the stops tried, all of them after the committed ones."""
    best, least, limit_s = None, (float("inf"), 0, 0), None
    whole = clock.follow(vehicle, order, vehicle.shift.start_s)
    for index in tried:
        rest, begin_s = order[:index] + order[index + 1 :], vehicle.shift.start_s
        alike = 0 if whole is None else index
        run = clock.follow(vehicle, rest, begin_s, forbidden_limit_s=limit_s, like=whole, alike=alike)
        if run is not None:
            penalty = clock.problem.unserved_cents(clock.stops[order[index]])
            if (run.forbidden_s, penalty, run.end_s) < least:
                best, least, limit_s = rest, (run.forbidden_s, penalty, run.end_s), run.forbidden_s
    if best is None:
        # Several stops lie where no road leads: the first of them goes.
        cut_off = clock.unreachable(vehicle, order).stop_id
        at = order.index(cut_off) if cut_off in order[fixed:] else len(order) - 1
        best = order[:at] + order[at + 1 :]
    return best
