"""Move a few stops that make routes late or dear to where they cost less.

A repaired plan holds, but may keep a stop where it has become hours late. Here the stops whose absence would spare most
lateness, overtime and start fees are taken out and put back where that is cheapest, all of it by the tables; what comes
of it is kept where it is cheaper by the true times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.plan.gaps import Gaps
from routing.plan.insert import quick_way, timed_cents
from routing.plan.price import Orders, route_cents
from routing.plan.schedule import Clock, Run

TRIED = 8
"""So many stops are moved at most, those first that spare most."""
LEAST_CENTS = 100
"""What spares less in lateness, overtime and start fees is left to a search."""


def relieved(clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]) -> Orders:
    """Return orders that hold with some stops moved, or the given ones where that does not pay.

    They stay as they are where routes must be walked: a search does it better than so many walks.
    """
    tables, vehicles = clock.by_tables(), {vehicle.id: vehicle for vehicle in clock.problem.vehicles}
    given: Orders = {vehicle_id: tuple(orders.get(vehicle_id, ())) for vehicle_id in vehicles}
    if not clock.plain:
        return given
    gaps = Gaps(tables, given, committed)
    moved = dict(given)
    for _, stop_id, vehicle_id in _dearest(tables, given, committed, gaps.runs):
        order, run = moved[vehicle_id], gaps.runs[vehicle_id]
        if stop_id not in order:
            continue
        rest = tuple(each for each in order if each != stop_id)
        vehicle = vehicles[vehicle_id]
        without = tables.follow(vehicle, rest, vehicle.shift.start_s, forbidden_limit_s=0)
        if without is None:
            continue  # by some tables the way over a stop is the quicker one
        limit_cents = route_cents(tables, vehicle, order) - route_cents(tables, vehicle, rest)
        moved[vehicle_id] = rest
        gaps.change(vehicle_id, rest, without)
        found = quick_way(tables, moved, gaps, tables.stops[stop_id], limit_cents)
        if found is None:
            moved[vehicle_id] = order
            gaps.change(vehicle_id, order, run)
        else:
            _, other_id, moved[other_id], run = found
            gaps.change(other_id, moved[other_id], run)
    changed = [vehicle for vehicle in vehicles.values() if moved[vehicle.id] != given[vehicle.id]]
    for vehicle in changed:
        if clock.follow(vehicle, moved[vehicle.id], vehicle.shift.start_s, forbidden_limit_s=0) is None:
            return given
    gain_cents = sum(
        route_cents(clock, vehicle, given[vehicle.id]) - route_cents(clock, vehicle, moved[vehicle.id])
        for vehicle in changed
    )
    return moved if gain_cents > 0 else given


def _dearest(
    tables: Clock, orders: Orders, committed: Mapping[str, Sequence[str]], runs: Mapping[str, Run | None]
) -> list[tuple[float, str, str]]:
    """Return what the absence of stops would spare in cents, with the stop's and the vehicle's id, the most first."""
    found = []
    for vehicle in tables.problem.vehicles:
        order, run = orders[vehicle.id], runs[vehicle.id]
        paid_cents = timed_cents(tables, order, run)
        if run is None or paid_cents < LEAST_CENTS:
            continue
        for index in range(len(committed[vehicle.id]), len(order)):
            rest = order[:index] + order[index + 1 :]
            without = tables.follow(vehicle, rest, vehicle.shift.start_s, like=run, alike=index)
            spared_cents = paid_cents - timed_cents(tables, rest, without)
            if without is not None and spared_cents >= LEAST_CENTS:
                found.append((spared_cents, order[index], vehicle.id))
    return sorted(found, key=lambda each: (-each[0], each[1]))[:TRIED]
