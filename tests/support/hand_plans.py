"""Plans that are timed by hand on the line of `small_problems`, for the tests of the judge."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from small_problems import POSITIONS_KM

from routing.plan.model import Cost, Leg, Plan, Rest, Route, Unassigned, Visit
from routing.plan.verify import Violation, verify
from routing.problem.model import Amounts, Problem

FREE = Cost(duty_cents=0, distance_cents=0, vehicle_cents=0, lateness_cents=0, unserved_cents=0)


@dataclass(frozen=True, kw_only=True)
class By:
    """Say what the hand that times a route must be told, by the number of the visit or leg, counted from 0."""

    start_s: int = 0
    setup_s: Mapping[int, int] = field(default_factory=dict)
    wait_s: Mapping[int, int] = field(default_factory=dict)
    stay_s: Mapping[int, int] = field(default_factory=dict)
    """Instead of the stop's service or the depot's reload."""
    pause_s: Mapping[int, int] = field(default_factory=dict)
    late_s: Mapping[int, int] = field(default_factory=dict)
    load_after: Sequence[int] = ()
    """All 0 where it is empty."""
    loads_after: Sequence[Amounts] = ()
    rests: tuple[Rest, ...] = ()
    overtime_s: int = 0


def hand_route(problem: Problem, vehicle_id: str, order: str, by: By | None = None) -> Route:
    """Return the route that visits stops and depots, whose ids stand in a text with blanks between them."""
    by = by or By()
    vehicle = next(each for each in problem.vehicles if each.id == vehicle_id)
    stops, depots = {stop.id: stop for stop in problem.stops}, {depot.id: depot for depot in problem.depots}
    halts = [stops.get(name) or depots[name] for name in order.split()]
    places = [halt.place for halt in halts]
    places.insert(0, places[0] if vehicle.open_start else vehicle.start_place)
    places.append(places[-1] if vehicle.open_end else vehicle.end_place)
    now_s, visits, legs = by.start_s, [], []
    for number, (origin, place) in enumerate(itertools.pairwise(places)):
        km = abs(POSITIONS_KM[origin] - POSITIONS_KM[place])
        pause_s = by.pause_s.get(number, 0)
        legs.append(
            Leg(
                from_place=origin,
                to_place=place,
                depart_s=now_s,
                duration_s=100 * km,
                distance_m=1_000 * km,
                pause_s=pause_s,
            )
        )
        now_s += 100 * km + pause_s
        if number == len(halts):
            break
        halt, setup_s, wait_s = halts[number], by.setup_s.get(number, 0), by.wait_s.get(number, 0)
        start_s, reload = now_s + setup_s + wait_s, halt.id in depots
        stay_s = by.stay_s.get(number, depots[halt.id].reload_s if reload else stops[halt.id].service_s)
        visits.append(
            Visit(
                stop_id=halt.id,
                arrive_s=now_s,
                start_s=start_s,
                depart_s=start_s + stay_s,
                waiting_s=wait_s,
                lateness_s=by.late_s.get(number, 0),
                load_after=by.load_after[number] if by.load_after else 0,
                loads_after=by.loads_after[number] if by.loads_after else (),
                setup_s=setup_s,
                reload=reload,
            )
        )
        now_s = start_s + stay_s
    return Route(
        vehicle_id=vehicle_id,
        start_s=by.start_s,
        end_s=now_s,
        visits=tuple(visits),
        legs=tuple(legs),
        overtime_s=by.overtime_s,
        rests=by.rests,
    )


def hand_plan(problem: Problem, *routes: Route, cost: Cost = FREE) -> Plan:
    """Return a plan of routes; the stops of no route are left out."""
    served = {visit.stop_id for route in routes for visit in route.visits}
    left_out = [stop.id for stop in problem.stops if stop.id not in served]
    return Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=name, reason="COST", detail="dear") for name in left_out),
        cost=cost,
    )


def violations(problem: Problem, *routes: Route) -> list[Violation]:
    """Return what the judge finds besides the cost, which such plans do not tell."""
    return [found for found in verify(problem, hand_plan(problem, *routes)) if found.code != "COST"]


def codes(problem: Problem, *routes: Route) -> list[str]:
    """Return the codes of these violations, each as often as it is found."""
    found = violations(problem, *routes)
    assert all(violation.where and violation.cause for violation in found)
    return [violation.code for violation in found]
