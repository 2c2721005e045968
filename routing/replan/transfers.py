"""Let goods change hands where that pays: a rescue after a breakdown, a reload at the depot, a second trip.

Goods that nobody can deliver as things stand (on board a broken vehicle, or at the depot when every vehicle has left)
are offered to the vehicles in service. A rescuer drives to where they are, takes them over and delivers them. That
visit is committed together with what comes before it, and the goods are bound to the rescuer; so nothing is delivered
before it is on board.

Candidates are compared by what `repair` makes of the routes concerned: each vehicle alone, at the first place in its
order and at the one of least detour; then the best one with others that share the goods, as long as that is cheaper.
A transfer is planned only where it costs less than leaving the goods. Once in a published plan it stands (see `goods`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.errors import SolveError
from routing.events.day import Day
from routing.events.fit import unfit
from routing.events.published import PlanPublished, Transfer
from routing.plan.model import Plan
from routing.plan.repair import repair
from routing.plan.rules.book import Book
from routing.plan.schedule import Clock
from routing.plan.walked.judge import holds
from routing.problem.model import FollowFee, Problem, Stop
from routing.replan.assess import STUCK
from routing.replan.prices import priced
from routing.replan.remaining import Remaining
from routing.replan.transfer_calls import Call, calls_for
from routing.replan.wanted import fees_in_service, permitted_by_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Hold what some calls amount to."""

    calls: tuple[Call, ...]
    plan: Plan
    """Of the vehicles that are called."""
    gain_cents: int
    """Against leaving the goods where they are."""


def with_transfers(day: Day, rest: Remaining) -> Remaining:
    """Return what remains with the transfers that pay, in its problem, in its orders and by name.

    What no transfer serves stays as it was, with its reason.
    """
    sources: dict[str | None, list[Stop]] = {}
    for stop in _stuck(rest):
        sources.setdefault(rest.on_board.get(stop.id), []).append(stop)
    count = _known_transfers(day)
    for source, goods in sources.items():
        calls = calls_for(day, rest, source, goods, count + 1)
        best = _best(day, rest, calls, tuple(goods))
        if best is not None:
            rest = _planned(day, rest, source, best, goods)
            count += len(best.calls)
    return rest


def _stuck(rest: Remaining) -> list[Stop]:
    """Return the stops whose goods nobody can bring, and those that wait at the depot for want of room or time."""
    stuck = [stop for stop, left in rest.left_out if left.reason in STUCK]
    waiting = [stop for stop in rest.problem.stops if (stop.load or stop.loads) and stop.id not in rest.on_board]
    bound = {stop_id for transfer in rest.transfers for stop_id in transfer.stop_ids}
    waiting = [stop for stop in waiting if stop.id not in bound]
    if waiting and any(each.left for each in rest.progress.values()) and not _all_held(rest, waiting):
        unassigned = {left.stop_id for left in repair(rest.problem, tuple(rest.orders.items())).unassigned}
        stuck += [stop for stop in waiting if stop.id in unassigned]
    return stuck


def _all_held(rest: Remaining, waiting: Sequence[Stop]) -> bool:
    """Tell whether the current orders bring all goods that wait at the depot, so that repair would drop none."""
    clock, ids = Clock(rest.problem).by_tables(), {stop.id for stop in waiting}
    book = Book(clock.problem)
    if not ids <= {stop_id for order in rest.orders.values() for stop_id in order}:
        return False
    return all(
        holds(clock, book, vehicle, rest.orders[vehicle.id])
        for vehicle in rest.problem.vehicles
        if ids.intersection(rest.orders[vehicle.id])
    )


def _known_transfers(day: Day) -> int:
    """Return how many transfers were ever published, so that the next one gets a number of its own."""
    plans = [event for event in day.seen.values() if isinstance(event, PlanPublished)]
    return len({transfer.id for plan in plans for transfer in plan.transfers})


def _best(day: Day, rest: Remaining, calls: Sequence[Call], goods: tuple[Stop, ...]) -> Trial | None:
    """Return the calls that gain most, None where none gains anything; of equals the first."""
    alone: dict[str, Trial] = {}
    without: dict[tuple[str, ...], Plan] = {}
    for call in calls:
        trial = _trial(day, rest, (call,), goods, without)
        if trial is not None and (call.vehicle_id not in alone or trial.gain_cents > alone[call.vehicle_id].gain_cents):
            alone[call.vehicle_id] = trial
    ranked = sorted(alone.values(), key=lambda trial: -trial.gain_cents)
    if not ranked:
        return None
    best, partners = ranked[0], ranked[1:]
    while True:
        called = {call.vehicle_id for call in best.calls}
        more = [
            _trial(day, rest, (*best.calls, *partner.calls), goods, without)
            for partner in partners
            if partner.calls[0].vehicle_id not in called
        ]
        better = max((trial for trial in more if trial), key=lambda trial: trial.gain_cents, default=None)
        if better is None or better.gain_cents <= best.gain_cents:
            return best if best.gain_cents > 0 else None
        best = better


def _trial(
    day: Day,
    rest: Remaining,
    calls: tuple[Call, ...],
    goods: tuple[Stop, ...],
    without: dict[tuple[str, ...], Plan],
) -> Trial | None:
    """Return what repair makes of the routes of the vehicles that are called; None where nothing holds.

    `without` keeps what it makes of them when nobody is called.
    """
    ids = tuple(call.vehicle_id for call in calls)
    offered = tuple(_offered(day, rest, stop, ids) for stop in goods)
    offered = tuple(stop for stop in offered if stop.allowed_vehicles)
    if not offered:
        return None
    part = _part(rest.problem, {key: rest.orders[key] for key in ids})
    if ids not in without:
        without[ids] = repair(part, tuple((key, rest.orders[key]) for key in ids))
    left_cents = sum(rest.problem.unserved_cents(stop) for stop in offered)
    problem, orders = _called(part, rest.orders, calls, offered)
    try:
        plan = repair(problem, tuple((key, orders[key]) for key in ids))
    except SolveError:
        return None
    made = {visit.stop_id for route in plan.routes for visit in route.visits}
    if not all(call.visit.id in made for call in calls):
        return None
    gain_cents = without[ids].cost.total_cents + left_cents - plan.cost.total_cents
    return Trial(calls=calls, plan=plan, gain_cents=gain_cents)


def _offered(day: Day, rest: Remaining, stop: Stop, ids: Sequence[str]) -> Stop:
    """Return a stop that some vehicles may serve, as far as the dispatcher's word lets them."""
    state = day.stops[stop.id]
    bound_to_lost = state.pinned_vehicle is not None and rest.progress[state.pinned_vehicle].activity == "stranded"
    fit = tuple(key for key in ids if unfit(day.vehicles[key].vehicle, state.stop) is None)
    allowed = permitted_by_hand(state, fit, carried=bound_to_lost)
    fees = fees_in_service(state.stop.vehicle_fees, rest.progress)
    return replace(
        stop, allowed_vehicles=allowed, lateness_allowed=True, vehicle_fees=fees, follow_fee=None, release_s=None
    )


def _part(problem: Problem, orders: Mapping[str, tuple[str, ...]]) -> Problem:
    """Return the part of a problem that some vehicles have to do; a follow fee that is due in any case is left out."""
    mine = {stop_id for order in orders.values() for stop_id in order}

    def may_follow(fee: FollowFee | None) -> bool:
        return fee is not None and fee.vehicle_id in orders and fee.after_stop_id in {None, *mine}

    stops = tuple(
        replace(
            stop,
            vehicle_fees=tuple(fee for fee in stop.vehicle_fees if fee[0] in orders),
            follow_fee=stop.follow_fee if may_follow(stop.follow_fee) else None,
            allowed_vehicles=None
            if stop.allowed_vehicles is None
            else tuple(key for key in stop.allowed_vehicles if key in orders),
        )
        for stop in problem.stops
        if stop.id in mine
    )
    return replace(
        problem, stops=stops, vehicles=tuple(vehicle for vehicle in problem.vehicles if vehicle.id in orders)
    )


def _called(
    problem: Problem, orders: Mapping[str, tuple[str, ...]], calls: Sequence[Call], goods: Sequence[Stop]
) -> tuple[Problem, dict[str, tuple[str, ...]]]:
    """Return a problem and orders with the calls committed and the goods asked for."""
    found = dict(orders)
    first: dict[str, tuple[str, ...]] = {}
    for call in calls:
        order = found[call.vehicle_id]
        if call.joined is None:
            found[call.vehicle_id] = (*order[: call.after], call.visit.id, *order[call.after :])
            first[call.vehicle_id] = found[call.vehicle_id][: call.after + 1]
    bound = {stop_id: key for key, stop_ids in first.items() for stop_id in stop_ids}
    stops = tuple(
        replace(stop, allowed_vehicles=(bound[stop.id],), lateness_allowed=True, due_s=None, lateness_limit_s=None)
        if stop.id in bound
        else stop
        for stop in (*problem.stops, *(call.visit for call in calls if call.joined is None))
    )
    vehicles = tuple(
        replace(vehicle, committed=first.get(vehicle.id, vehicle.committed)) for vehicle in problem.vehicles
    )
    asked = {stop.id for stop in goods}
    kept = tuple(stop for stop in stops if stop.id not in asked)
    return replace(problem, stops=(*kept, *goods), vehicles=vehicles), found


def _planned(day: Day, rest: Remaining, source: str | None, best: Trial, goods: Sequence[Stop]) -> Remaining:
    """Return what remains once the goods are called for."""
    taken = {visit.stop_id: route.vehicle_id for route in best.plan.routes for visit in route.visits}
    calls = tuple(call for call in best.calls if any(taken.get(stop.id) == call.vehicle_id for stop in goods))
    moved = {stop.id for stop in goods if stop.id in taken}
    served = tuple(
        replace(stop, allowed_vehicles=(taken[stop.id],), lateness_allowed=True) for stop in goods if stop.id in taken
    )
    others = {key: tuple(each for each in order if each not in moved) for key, order in rest.orders.items()}
    problem, orders = _called(rest.problem, others, calls, served)
    transfers = {transfer.id: transfer for transfer in rest.transfers}
    for call in calls:
        mine = tuple(stop.id for stop in served if taken[stop.id] == call.vehicle_id)
        before = call.joined.stop_ids if call.joined is not None else ()
        transfers[call.visit.id] = Transfer(
            id=call.visit.id,
            to_vehicle=call.vehicle_id,
            from_vehicle=source,
            location=call.location,
            stop_ids=(*before, *mine),
        )
    made = best.plan.orders()
    return replace(
        rest,
        problem=priced(day, problem, orders, rest.now_s),
        orders={key: made[key] if key in {call.vehicle_id for call in calls} else orders[key] for key in orders},
        left_out=tuple(each for each in rest.left_out if each[0].id not in taken),
        transfers=tuple(transfers.values()),
    )
