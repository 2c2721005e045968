"""A plan in the words of the worked examples."""

from __future__ import annotations

from datetime import UTC, datetime

from routing.plan.model import Plan, Route


def clock(instant_s: int) -> str:
    """Return the time of day; seconds only where there are any."""
    time = datetime.fromtimestamp(instant_s, UTC).time()
    return time.isoformat("auto" if time.second else "minutes")


def told_route(route: Route) -> tuple[str, str, tuple[str, ...], str]:
    """Return vehicle, start, halts and rests in order, and end."""
    halts: list[str] = []
    for number in range(len(route.legs)):
        halts += [f"rest {clock(rest.start_s)} {clock(rest.end_s)}" for rest in route.rests if rest.leg == number]
        if number < len(route.visits):
            visit = route.visits[number]
            halts.append(
                f"{visit.stop_id} {clock(visit.arrive_s)} {clock(visit.start_s)} {clock(visit.depart_s)}",
            )
    return route.vehicle_id, clock(route.start_s), tuple(halts), clock(route.end_s)


def told_cost(plan: Plan) -> tuple[int, ...]:
    """Return duty, distance, vehicles, lateness, stops left out, preferences, balance."""
    cost = plan.cost
    paid = (cost.duty_cents, cost.distance_cents, cost.vehicle_cents, cost.lateness_cents)
    return (*paid, cost.unserved_cents, cost.preference_cents, cost.balance_cents)


def told_left_out(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return stops and reasons in the order of the alphabet."""
    return tuple(sorted((each.stop_id, each.reason) for each in plan.unassigned))
