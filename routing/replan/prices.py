"""What each change of plan costs: the fees of the remaining problem, so that search, cost and check see one sum.

- Another vehicle than the current plan's pays `vehicle_fees`, on top of what the stop asks for it; the current one
  pays no more than that.
- Another stop right before a stop, or another vehicle, pays its `follow_fee`. The order it refers to is the current
  one without what is done, cancelled or lost. A stop that a driver who is out goes to next is dearer to move.
- A start outside the promised interval, in hours when the customer is likely away, or so near the window's end that
  delays make it late, pays `start_fees`.

The first three rise as the planned start nears (`nearness`). The current orders pay no fee for vehicle or order. What
the dispatcher has moved by hand pays `held_cents` for leaving its place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import erfc, exp, pi, sqrt

from routing.events.day import Day, StopState
from routing.events.options import ReplanOptions
from routing.problem.model import FollowFee, Objective, Problem, StartFee, Stop, TimeWindow, Vehicle
from routing.replan.wanted import may

Spans = Iterable[StartFee]

_AFTER_S = 86_400
"""A fee that has no end of its own ends so long after the last shift."""
_LATE_STEPS = ((2.0, 1.6), (1.25, 1.0), (0.75, 0.5), (0.25, 0.0))
"""Each step of expected lateness begins so many standard deviations before the window's end, and is told by the
lateness expected at the second number of them; the last one stays."""


def priced(day: Day, problem: Problem, orders: Mapping[str, Sequence[str]], now_s: int) -> Problem:
    """Return the remaining problem with a price on every change from the current orders (stop ids by vehicle)."""
    options = day.started.replan
    starts_s = planned_starts_s(day)
    horizon = TimeWindow(
        start_s=min((vehicle.shift.start_s for vehicle in problem.vehicles), default=now_s),
        end_s=max((vehicle.shift.end_s for vehicle in problem.vehicles), default=now_s) + _AFTER_S,
    )
    places = {
        stop_id: (vehicle, number)
        for vehicle in problem.vehicles
        for number, stop_id in enumerate(orders.get(vehicle.id, ()))
    }
    stops = []
    for stop in problem.stops:
        factor = nearness(starts_s.get(stop.id), now_s, options)
        state = day.stops.get(stop.id)
        if state is None:
            stops.append(stop)  # a transfer that is new with this plan
            continue
        fees = _start_fees(state, stop, (now_s, factor), problem, horizon, options)
        stop = replace(stop, start_fees=fees)
        if stop.id in places and day.plan is not None:
            vehicle, number = places[stop.id]
            order = orders[vehicle.id]
            held = number > 0 and state.moved_after == order[number - 1]
            hold_cents = held_cents(problem.objective) if held else 0
            stop = _staying(state, stop, problem.vehicles, vehicle, order, number, (factor, hold_cents), options)
        stops.append(stop)
    return replace(problem, stops=tuple(stops))


def planned_starts_s(day: Day) -> dict[str, int]:
    """Return the planned start of service of each visit of the current plan, by stop id."""
    routes = day.plan.routes if day.plan else ()
    return {visit.stop_id: visit.start_s for route in routes for visit in route.visits}


def nearness(start_s: int | None, now_s: int, options: ReplanOptions) -> float:
    """Return by what factor prices are raised for a stop that is planned to start at an instant (None: not planned)."""
    if start_s is None or options.near_s <= 0:
        return 1.0
    near_ratio = min(max(1 - (start_s - now_s) / options.near_s, 0.0), 1.0)
    return 1 + (options.near_factor - 1) * near_ratio


def held_cents(objective: Objective) -> int:
    """Return what it costs to leave a place that the dispatcher chose: half of a stop that is not served.

    So the place is left before any stop is, and the other half is what serving the stop elsewhere may cost.
    """
    return objective.unserved_stop_cents(0) // 2


def expected_lateness_s(before_end_s: float, spread_s: float) -> float:
    """Return the mean lateness of a start planned so long before the window's end, in seconds.

    The delay is taken as normal around 0: sigma * (phi(z) - z * (1 - Phi(z))) with z = before_end_s / sigma, the loss
    function of inventory theory (Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, 2017).
    """
    z = before_end_s / spread_s
    return spread_s * (exp(-z * z / 2) / sqrt(2 * pi) - z * erfc(z / sqrt(2)) / 2)


def _staying(
    state: StopState,
    stop: Stop,
    fleet: Sequence[Vehicle],
    vehicle: Vehicle,
    order: Sequence[str],
    number: int,
    raised: tuple[float, int],
    options: ReplanOptions,
) -> Stop:
    """Return a stop that pays for another vehicle and for another stop before it; what is committed cannot move.

    `raised` are the factor of its nearness and what its place costs at least.
    """
    if number < len(vehicle.committed):
        return stop
    factor, least_cents = raised
    cents = _cents(options.vehicle_change_cents, factor)
    own = dict(state.stop.vehicle_fees)
    fees = (
        (other.id, own.get(other.id, 0) + (0 if other.id == vehicle.id else cents))
        for other in fleet
        if may(stop, other.id)
    )
    is_next = number == 0 and vehicle.used
    follow = FollowFee(
        vehicle_id=vehicle.id,
        after_stop_id=order[number - 1] if number else None,
        cents=max(least_cents, options.next_stop_cents if is_next else _cents(options.place_change_cents, factor)),
    )
    return replace(stop, vehicle_fees=tuple(fee for fee in fees if fee[1]), follow_fee=follow if follow.cents else None)


def _start_fees(
    state: StopState,
    stop: Stop,
    moment: tuple[int, float],
    problem: Problem,
    horizon: TimeWindow,
    options: ReplanOptions,
) -> tuple[StartFee, ...]:
    now_s, factor = moment
    spans: list[StartFee] = []
    if state.promise is not None:
        cents = _cents(options.promise_break_cents, factor)
        spans.append(StartFee(from_s=horizon.start_s, until_s=state.promise.start_s - 1, cents=cents))
        spans.append(StartFee(from_s=state.promise.end_s + 1, until_s=horizon.end_s, cents=cents))
    unserved_cents = problem.unserved_cents(stop)
    for step in state.stop.availability:
        cents = _cents(unserved_cents, 1 - step.at_home_ratio)
        spans.append(StartFee(from_s=step.from_s, until_s=step.until_s - 1, cents=cents))
    if stop.windows and options.delay_spread_s:
        price = problem.objective.lateness_cents_per_min
        own = stop.lateness_cents_per_min
        spans += _lateness(stop.windows[-1].end_s, now_s, price if own is None else own, horizon, options)
    return summed(spans)


def _lateness(
    end_s: int, now_s: int, cents_per_min: int, horizon: TimeWindow, options: ReplanOptions
) -> list[StartFee]:
    """Return what expected lateness costs before a window's end, in steps.

    After it the last step stays: with real lateness on top the sum then never falls with time.
    """
    spread_s = options.delay_spread_s * sqrt(max(0, end_s - now_s) / 3600)
    if spread_s < 1:
        return []
    begins_s = [end_s - round(sigmas * spread_s) for sigmas, _ in _LATE_STEPS]
    costs = [_cents(cents_per_min, expected_lateness_s(told * spread_s, spread_s) / 60) for _, told in _LATE_STEPS]
    ends_s = [*(begin_s - 1 for begin_s in begins_s[1:]), horizon.end_s]
    return [
        StartFee(from_s=from_s, until_s=until_s, cents=cents)
        for from_s, until_s, cents in zip(begins_s, ends_s, costs, strict=True)
    ]


def summed(spans: Spans) -> tuple[StartFee, ...]:
    """Return fees that may overlap as sorted ones that do not, each instant with the sum of what covers it."""
    spans = [span for span in spans if span.cents and span.from_s <= span.until_s]
    edges_s = sorted({span.from_s for span in spans} | {span.until_s + 1 for span in spans})
    cents = [0] * len(edges_s)
    for span in spans:
        for number in range(bisect_right(edges_s, span.from_s) - 1, bisect_right(edges_s, span.until_s)):
            cents[number] += span.cents
    found: list[StartFee] = []
    for from_s, next_s, fee in zip(edges_s, edges_s[1:], cents, strict=False):
        if found and found[-1].cents == fee and found[-1].until_s == from_s - 1:
            found[-1] = replace(found[-1], until_s=next_s - 1)
        elif fee:
            found.append(StartFee(from_s=from_s, until_s=next_s - 1, cents=fee))
    return tuple(found)


def _cents(cents: int, factor: float) -> int:
    """Return an amount times a factor, half a cent up."""
    return int(cents * factor + 0.5)
