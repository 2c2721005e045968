"""Say why a request is left out where routes must be walked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from routing.plan.price import Insertion
from routing.plan.requests import Request
from routing.plan.rules.breach import Breach
from routing.plan.rules.stock import plan_breaches
from routing.plan.walked.trials import Trial, Trials
from routing.problem.model import Stop
from routing.units import format_cents

STAGES = (
    *("NO_VEHICLE", "OTHER_BOARD", "SKILL", "TERRITORY", "STOPS_LIMIT", "CAPACITY", "RELOADS", "STOCK", "SHIPMENT"),
    *("TOGETHER", "LIFO", "PICKUPS_LAST", "GOODS_APART", "UNREACHABLE", "DEPOT_WINDOW", "RELEASE", "WINDOW"),
    *("LATENESS_LIMIT", "DUE", "BREAK", "DRIVING_RULES", "DRIVING_LIMIT", "DISTANCE_LIMIT", "DURATION_LIMIT"),
    *("OVERTIME_LIMIT", "SHIFT", "GOODS_REQUIRED"),
)
"""How far a vehicle alone gets before it fails; the furthest one of the fleet is the reason."""


def walked_reason(
    trials: Trials, stop: Stop, insertion: Insertion | None, orders: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return the reason of a stop on a road and the words.

    `trials` are those of vehicles without stops, `orders` those of the plan, none where there is no plan.
    """
    clock = trials.clock
    request = trials.book.request_of[stop.id]
    if insertion is not None:
        what = "it" if len(request.stop_ids) == 1 else ", ".join(request.stop_ids)
        detail = (
            f"adding {what} to the route of {insertion.vehicle_id} costs {format_cents(insertion.added_cents)}, "
            f"leaving {what} out costs {format_cents(request.unserved_cents)}"
        )
        return "COST", detail
    away = [each for each in request.stop_ids if not clock.problem.travel.usable[trials.book.stops[each].place]]
    if away:
        return _other(request), f"no usable road is near {away[0]}, without which it is not served"
    there = {trials.book.goods.get(each) for order in orders.values() for each in order}
    alone = [_alone(trials.of(vehicle, request), there) for vehicle in clock.asked.vehicles]
    fit = sum(not broken for broken in alone)
    if fit:
        short = _short_of_stock(trials, request, orders)
        if short is not None:
            return "STOCK", short
        detail = f"{fit} of {len(alone)} vehicles could serve it on a route of its own, "
        return "FLEET_FULL", detail + "none can add it to its route in this plan"
    if not alone:
        return "NO_VEHICLE", "no vehicle is in service"
    # A rule that stops every vehicle says it best; else the one that stops the vehicle that gets furthest.
    common = set(alone[0]).intersection(*alone)
    first = [broken[min(broken, key=STAGES.index)] for broken in alone]
    # What is required may come later, so another rule that stops every vehicle says more.
    certain = common - {"GOODS_REQUIRED"} or common
    breach = max([broken[code] for broken in alone for code in certain] or first, key=_stage)
    if breach.stop_id in request.stop_ids and breach.stop_id != stop.id:
        return _other(request), f"{breach.stop_id} cannot be served: {breach.cause}"
    others = {} if common else {each.code: each.cause for each in first if each.code != breach.code}
    return breach.code, "; ".join((breach.cause, *others.values()))


def _other(request: Request) -> str:
    """Return the reason of a stop that is left out for another one of its request."""
    return "SHIPMENT" if request.is_pair else "TOGETHER"


def _stage(breach: Breach) -> int:
    return STAGES.index(breach.code)


def _alone(trials: Iterable[Trial], there: Collection[str | None]) -> dict[str, Breach]:
    """Return what each place of a vehicle without stops breaks, by code; none: one holds.

    Where no rule is broken in each of them these are the rules of the place that gets furthest. Goods that are required
    miss nothing where a route of the plan has them.
    """
    always, furthest = dict[str, Breach](), dict[str, Breach]()
    for number, trial in enumerate(trials):
        broken = {each.code: each for each in trial.breaches if not _is_there(each, there)}
        if not broken:
            return {}
        always = broken if number == 0 else {code: each for code, each in always.items() if code in broken}
        if not furthest or min(map(_stage, broken.values())) > min(map(_stage, furthest.values())):
            furthest = broken
    return always or furthest


def _is_there(breach: Breach, there: Collection[str | None]) -> bool:
    return breach.code == "GOODS_REQUIRED" and breach.of.rpartition(", ")[2] in there


def _short_of_stock(trials: Trials, request: Request, orders: Mapping[str, Sequence[str]]) -> str | None:
    """Return what depots lack wherever a vehicle that holds would load the request besides what a plan takes."""
    causes = []
    for vehicle in trials.clock.asked.vehicles:
        for trial in trials.of(vehicle, request):
            if trial.breaches:
                continue
            order = orders.get(vehicle.id, ())
            with_both = {**orders, vehicle.id: (*order, *trial.place.stop_ids)}
            short = next(plan_breaches(trials.book, with_both), None)
            if short is None:
                return None
            causes.append(short.cause)
    return causes[0] if causes else None
