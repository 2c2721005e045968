"""Why a stop is late or unassigned: what keeps each vehicle from serving it in time, and the least that would help.

The other stops stay where the plan has them, with the lateness that they may have; for this one each place of each
route is tried with the clock of the plan. So what is told can be checked: give way so far, and the stop is served in
time in that place; give way by one second or unit less, and there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.plan.model import Plan
from routing.plan.price import may_serve, route_cents
from routing.plan.schedule import Clock
from routing.problem.model import Problem, Stop, Vehicle
from routing.replan.remaining import Remaining
from routing.replan.ways import Bound, Way, Ways
from routing.units import format_cents, format_clock, format_duration

MOST_STOPS = 20
"""Of more late and unassigned stops than these the first are explained, unless the caller names others."""
MOST_BOUNDS = 3
"""Where more bounds than these would have to give at once, nothing is said to help."""
OBSTACLES = {
    "CAPACITY": "Its load is more than the vehicle has room for.",
    "ON_BOARD": "Its goods are on board another vehicle.",
    "GOODS_AT_DEPOT": "Its goods are at the depot and the vehicle has left.",
    "FORBIDDEN": "The stop or the dispatcher allows other vehicles only.",
    "OUT_OF_SERVICE": "The vehicle cannot go on.",
    "WINDOW": "The vehicle cannot be there before its last window ends.",
    "OTHERS": "Another stop of the vehicle would be late.",
    "SHIFT": "The vehicle would be back after its shift.",
    "UNREACHABLE": "No road leads there, or on from there.",
    "CUSTOMER_UNAVAILABLE": "Nobody can receive it any more today.",
    "COST": "The vehicle could serve it in time, but other stops would pay for that.",
}
"""What keeps a vehicle from serving a stop in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Say what keeps one vehicle from serving a stop in time, and what would have to give.

    The reason is a code of `OBSTACLES`, or of `REASONS` where another rule of its route is in the way.
    """

    vehicle_id: str
    reason: str
    detail: str
    way: Way | None
    """The place where least would have to give; None where the vehicle cannot do it whatever gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Explain one late or unassigned stop."""

    stop_id: str
    lateness_s: int | None
    """In the plan; None: unassigned."""
    obstacles: tuple[Obstacle, ...]
    """One per vehicle of the day, in the order of the fleet."""
    relaxation: Way | None
    """The least that would have to give, of all vehicles; None where nothing would help, or nothing has to give."""
    words: str


def why(rest: Remaining, plan: Plan, stop_ids: Sequence[str] | None = None) -> tuple[Why, ...]:
    """Return the explanation of each late or unassigned stop of a plan, or of some stops only.

    The late ones come first, by route; no more than `MOST_STOPS` where none are named. Vehicles are compared by the
    tables of the search; what the best of them would need is told by the clock of the plan.
    """
    late = {visit.stop_id: visit.lateness_s for route in plan.routes for visit in route.visits if visit.lateness_s}
    asked = [*late, *(left.stop_id for left in plan.unassigned)]
    wanted = asked[:MOST_STOPS] if stop_ids is None else [key for key in asked if key in stop_ids]
    left_out = {stop.id: (stop, reason.reason) for stop, reason in rest.left_out}
    whole = replace(rest.problem, stops=(*rest.problem.stops, *(stop for stop, _ in left_out.values())))
    stops, orders = {stop.id: stop for stop in whole.stops}, plan.orders()
    base = Ways(whole, orders)
    found = []
    for stop_id in wanted:
        ways = base
        if stop_id in late:
            without = {key: tuple(each for each in order if each != stop_id) for key, order in orders.items()}
            ways = Ways(whole, without)
        stop = stops[stop_id]
        if stop_id in left_out and stop.allowed_vehicles != ():
            stop = replace(stop, allowed_vehicles=_carriers(rest, stop))
        unavailable = stop_id in left_out and left_out[stop_id][1] == "CUSTOMER_UNAVAILABLE"
        now_cents = _now_cents(ways.clock, orders, stop, late=stop_id in late)
        obstacles = tuple(_obstacles(rest, ways, stop, now_cents, unavailable=unavailable))
        found.append(_why(whole, stop, late.get(stop_id), obstacles))
    return tuple(found)


def bound_words(problem: Problem, bound: Bound) -> str:
    """Return what would have to give, rounded up to minutes."""
    zone = problem.time_zone
    if bound.kind == "capacity":
        return f"{bound.excess} units more room on {bound.of}"
    if bound.kind == "vehicle":
        return f"{bound.of} allowed to serve it"
    if bound.kind == "rule":
        return f"{bound.code} of {bound.of} giving way by {bound.excess} ({bound.words})"
    until = format_clock(-(-bound.limit // 60) * 60, zone)
    if bound.kind == "shift":
        was = next(format_clock(each.shift.end_s, zone) for each in problem.vehicles if each.id == bound.of)
        return f"shift of {bound.of} until {until} instead of {was}"
    was = next(format_clock(each.windows[-1].end_s, zone) for each in problem.stops if each.id == bound.of)
    return f"window of {bound.of} until {until} instead of {was}"


def _carriers(rest: Remaining, stop: Stop) -> tuple[str, ...]:
    """Return who could bring a stop that was left out of the problem: its carrier, or who has yet to load."""
    carrier = rest.on_board.get(stop.id)
    if carrier is not None:
        return (carrier,)
    return tuple(key for key, each in rest.progress.items() if not (stop.load or stop.loads) or not each.left)


def _now_cents(clock: Clock, orders: Mapping[str, Sequence[str]], stop: Stop, *, late: bool) -> int:
    """Return what a stop costs as the plan has it: its part of its late route, or the price of leaving it out."""
    if not late:
        return clock.problem.unserved_cents(stop)
    vehicle = next(each for each in clock.problem.vehicles if stop.id in orders.get(each.id, ()))
    order = orders[vehicle.id]
    without = tuple(key for key in order if key != stop.id)
    return route_cents(clock, vehicle, order) - route_cents(clock, vehicle, without)


def _obstacles(rest: Remaining, ways: Ways, stop: Stop, now_cents: int, *, unavailable: bool) -> Iterator[Obstacle]:
    vehicles = {vehicle.id: vehicle for vehicle in rest.problem.vehicles}
    barred = {key: _barred(rest, vehicles.get(key), key, stop, unavailable=unavailable) for key in rest.progress}
    open_to = [vehicles[key] for key, reason in barred.items() if reason is None]
    found = {vehicle.id: ways.least(stop, vehicle) for vehicle in open_to}
    best = min((way for way in found.values() if way), key=lambda way: way.key, default=None)
    if best is not None:
        found[best.vehicle_id] = ways.confirmed(stop, vehicles[best.vehicle_id])
    for vehicle_id, because in barred.items():
        way = found.get(vehicle_id)
        reason, detail = because or _reason(rest, ways, stop, now_cents, vehicle_id, way)
        yield Obstacle(vehicle_id=vehicle_id, reason=reason, detail=detail, way=way)


def _barred(
    rest: Remaining, vehicle: Vehicle | None, vehicle_id: str, stop: Stop, *, unavailable: bool
) -> tuple[str, str] | None:
    """Return what keeps a vehicle from a stop wherever it goes, None where that depends on bounds."""
    if unavailable:
        return "CUSTOMER_UNAVAILABLE", "nobody can receive it any more today"
    if vehicle is None:
        return "OUT_OF_SERVICE", f"{vehicle_id} is out of service"
    if not rest.problem.travel.usable[stop.place]:
        return "UNREACHABLE", "no usable road is near it"
    carrier = rest.on_board.get(stop.id)
    if carrier is not None and carrier != vehicle_id:
        return "ON_BOARD", f"its goods are on board {carrier}"
    if (
        carrier is None
        and (stop.load or stop.loads)
        and rest.progress[vehicle_id].left
        and not may_serve(vehicle, stop)
    ):
        return "GOODS_AT_DEPOT", f"its goods are at the depot, and {vehicle_id} has left"
    return None


def _reason(
    rest: Remaining, ways: Ways, stop: Stop, now_cents: int, vehicle_id: str, way: Way | None
) -> tuple[str, str]:
    """Return the code of the first bound in the way, and all of them in words."""
    if way is None:
        return "UNREACHABLE", f"no road leads {vehicle_id} there, or on from there"
    if not way.bounds:
        more, at = _added_cents(ways, stop, way) - now_cents, format_clock(way.start_s, rest.problem.time_zone)
        return (
            "COST",
            f"{vehicle_id} could be there in time at {at}, which costs {format_cents(more)} more than this plan",
        )
    words, reasons = [], []
    for bound in way.bounds:
        if bound.kind == "rule":
            reason, said = bound.code, bound.words
        elif bound.kind == "vehicle":
            reason, said = "FORBIDDEN", f"it may not go with {vehicle_id}"
        elif bound.kind == "window":
            reason = "WINDOW" if bound.of == stop.id else "OTHERS"
            said = f"{format_duration(bound.excess)} late" + ("" if bound.of == stop.id else f" at {bound.of}")
        elif bound.kind == "capacity":
            reason, said = "CAPACITY", f"{bound.excess} units too many for {vehicle_id}"
        else:
            reason, said = "SHIFT", f"{vehicle_id} back {format_duration(bound.excess)} after its shift"
        words.append(said)
        reasons.append(reason)
    return reasons[0], ", ".join(words)


def _added_cents(ways: Ways, stop: Stop, way: Way) -> int:
    """Return what the vehicle's route costs more with the stop in that place than without it."""
    clock = ways.clock
    vehicle = next(each for each in clock.problem.vehicles if each.id == way.vehicle_id)
    with_stop = ways.with_stop(stop.id, way)
    without = tuple(key for key in with_stop if key != stop.id)
    return route_cents(clock, vehicle, with_stop) - route_cents(clock, vehicle, without)


def _why(problem: Problem, stop: Stop, lateness_s: int | None, obstacles: tuple[Obstacle, ...]) -> Why:
    ways = [each.way for each in obstacles if each.way is not None and len(each.way.bounds) <= MOST_BOUNDS]
    least = min(ways, key=lambda way: way.key, default=None)
    state = "unassigned" if lateness_s is None else f"{format_duration(lateness_s)} late"
    if least is None:
        words = (
            f"{stop.id} is {state}; nothing small would help: {'; '.join(dict.fromkeys(o.detail for o in obstacles))}"
        )
    elif not least.bounds:
        detail = next(each.detail for each in obstacles if each.way is least)
        words = f"{stop.id} is {state}, for its price: {detail}"
    else:
        needed = " and ".join(bound_words(problem, bound) for bound in least.bounds)
        words = f"{stop.id} is {state}; in time with {least.vehicle_id} by: {needed}"
    relaxation = least if least is not None and least.bounds else None
    return Why(stop_id=stop.id, lateness_s=lateness_s, obstacles=obstacles, relaxation=relaxation, words=words + ".")
