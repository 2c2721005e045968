"""Judge a plan, deriving everything again; shares no code with what made it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from routing.plan.model import REASONS, Plan, Route, Visit
from routing.problem.model import Problem, Stop, Vehicle

VIOLATIONS = {
    "STOP_UNKNOWN": "The plan names a stop that the problem does not have.",
    "STOP_LOST": "A stop is neither served nor unassigned.",
    "STOP_TWICE": "A stop stands in the plan more than once.",
    "VEHICLE_UNKNOWN": "A route belongs to no vehicle of the fleet.",
    "VEHICLE_TWICE": "A vehicle has more than one route.",
    "ROUTE_ORDER": "The routes do not stand in the order of the fleet.",
    "ROUTE_EMPTY": "A route has no visits although its vehicle need not leave.",
    "ROUTE_MISSING": "A vehicle that is out has no route to its end place.",
    "COMMITTED": "A vehicle does not make its committed visits first and in order.",
    "NOT_ALLOWED": "A stop is served by a vehicle that may not serve it.",
    "CAPACITY": "A vehicle carries more than it can.",
    "LOAD": "The load after a visit is not what remains on board.",
    "LEG_COUNT": "A route has not one leg more than visits.",
    "LEG_PLACE": "A leg does not join the place before it with the place after it.",
    "LEG_DEPARTURE": "A leg does not leave when the visit before it ends, or the first not when the route starts.",
    "LEG_UNREACHABLE": "No road allows a leg.",
    "LEG_DURATION": "A leg takes another time than the roads say.",
    "LEG_DISTANCE": "A leg has another length than the roads say.",
    "ARRIVAL": "A visit's arrival is not the end of the leg before it.",
    "WAITING": "A visit's waiting is not the time between its arrival and its start.",
    "WINDOW": "Service starts outside the windows although it need not.",
    "LATE": "Service starts after the last window, which the stop does not allow.",
    "LATENESS": "A visit's lateness is not the time from the last window's end to its start.",
    "SERVICE": "A visit does not take as long as the stop's service and the walk to the door and back.",
    "SHIFT_START": "A route starts before its vehicle's shift, or not at its start although that is fixed.",
    "SHIFT_END": "A route with visits ends after its vehicle's shift, which the vehicle does not allow.",
    "OVERTIME": "A route's overtime is not the time from the shift's end to its own.",
    "ROUTE_END": "A route does not end when its last leg arrives.",
    "REASON": "A stop is unassigned for a reason that is not in the table, or without words.",
    "COST": "A part of the cost is not what the routes and the unassigned stops amount to.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """State one broken rule: a code of `VIOLATIONS`, where, and what is wrong with figures."""

    code: str
    where: str
    cause: str

    def __str__(self) -> str:
        return f"{self.code}  {self.where}: {self.cause}"


def verify(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every violation of a plan, empty where it holds."""
    stops = {stop.id: stop for stop in problem.stops}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    found = [*_stops_once(problem, plan), *_vehicles_once(problem, plan), *_out(problem, plan)]
    for vehicle in problem.vehicles:
        found += _committed(problem, plan, vehicle, stops)
    for route in plan.routes:
        held = vehicles.get(route.vehicle_id)
        if held is None or any(visit.stop_id not in stops for visit in route.visits):
            continue
        served = [stops[visit.stop_id] for visit in route.visits]
        found += _empty(route, held)
        found += _allowed(route, held, served)
        found += _load(route, held, served)
        found += _legs(problem, route, held, served)
        for number, (visit, stop) in enumerate(zip(route.visits, served, strict=True)):
            found += _arrival(route, number, visit)
            found += _window(visit, stop)
            found += _service(problem, visit, stop)
        found += _shift(route, held)
        found += _end(route)
    found += _reasons(plan)
    found += _cost(problem, plan, stops, vehicles)
    return tuple(found)


def _stops_once(problem: Problem, plan: Plan) -> Iterator[Violation]:
    named = Counter(visit.stop_id for route in plan.routes for visit in route.visits)
    named.update(unassigned.stop_id for unassigned in plan.unassigned)
    known = {stop.id for stop in problem.stops}
    for stop in problem.stops:
        if named[stop.id] == 0:
            yield Violation(code="STOP_LOST", where=f"stop {stop.id}", cause="is neither served nor unassigned")
    for stop_id, count in named.items():
        if stop_id not in known:
            yield Violation(code="STOP_UNKNOWN", where=f"stop {stop_id}", cause="is no stop of the problem")
        elif count > 1:
            yield Violation(code="STOP_TWICE", where=f"stop {stop_id}", cause=f"stands {count} times in the plan")


def _vehicles_once(problem: Problem, plan: Plan) -> Iterator[Violation]:
    fleet = [vehicle.id for vehicle in problem.vehicles]
    named = [route.vehicle_id for route in plan.routes]
    for vehicle_id, count in Counter(named).items():
        if vehicle_id not in fleet:
            yield Violation(code="VEHICLE_UNKNOWN", where=f"vehicle {vehicle_id}", cause="is not in the fleet")
        elif count > 1:
            yield Violation(code="VEHICLE_TWICE", where=f"vehicle {vehicle_id}", cause=f"has {count} routes")
    known = [fleet.index(vehicle_id) for vehicle_id in named if vehicle_id in fleet]
    if known != sorted(known):
        yield Violation(code="ROUTE_ORDER", where="routes", cause="are not in the order of the fleet")


def _out(problem: Problem, plan: Plan) -> Iterator[Violation]:
    planned = {route.vehicle_id for route in plan.routes}
    for vehicle in problem.vehicles:
        away = vehicle.used and vehicle.start_place != vehicle.end_place
        if away and vehicle.id not in planned:
            leg = problem.travel.leg(vehicle.start_place, vehicle.end_place, vehicle.shift.start_s)
            if leg is not None:
                yield Violation(
                    code="ROUTE_MISSING",
                    where=f"vehicle {vehicle.id}",
                    cause=f"is out, {leg.distance_m} m from its end place, and has no route",
                )


def _empty(route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    if not route.visits and not (vehicle.used and vehicle.start_place != vehicle.end_place):
        yield Violation(code="ROUTE_EMPTY", where=f"vehicle {vehicle.id}", cause="leaves without any visit")


def _committed(problem: Problem, plan: Plan, vehicle: Vehicle, stops: dict[str, Stop]) -> Iterator[Violation]:
    """Compare the first visits with the committed ones; one may be left out only where no drive allows it."""
    visited = [visit.stop_id for route in plan.routes if route.vehicle_id == vehicle.id for visit in route.visits]
    left_out = {unassigned.stop_id for unassigned in plan.unassigned}
    kept: list[Stop] = []
    for stop_id in vehicle.committed:
        if stop_id not in stops:
            continue
        if stop_id not in left_out:
            kept.append(stops[stop_id])
        elif _possible(problem, vehicle, [*kept, stops[stop_id]]):
            yield Violation(
                code="COMMITTED",
                where=f"vehicle {vehicle.id}",
                cause=f"leaves out {stop_id}, to which it is committed and which it can serve",
            )
    first = [stop.id for stop in kept]
    if visited[: len(first)] != first:
        yield Violation(
            code="COMMITTED",
            where=f"vehicle {vehicle.id}",
            cause=f"starts with {visited[: len(first)]} but is committed to {first}",
        )


def _possible(problem: Problem, vehicle: Vehicle, served: list[Stop]) -> bool:
    """Tell whether a vehicle that leaves at once can serve stops in order and be back as the rules want."""
    place, clock_s = vehicle.start_place, vehicle.shift.start_s
    for stop in served:
        leg = problem.travel.leg(place, stop.place, clock_s)
        if leg is None or not (problem.travel.usable[stop.place] and _may(vehicle, stop)):
            return False
        clock_s += leg.duration_s
        open_later = [max(window.start_s, clock_s) for window in stop.windows if window.end_s >= clock_s]
        if stop.windows and not open_later and not stop.lateness_allowed:
            return False
        clock_s = min(open_later, default=clock_s) + stop.service_s + _walk_s(problem, stop)
        place = stop.place
    home = problem.travel.leg(place, vehicle.end_place, clock_s)
    in_time = home is not None and clock_s + home.duration_s <= vehicle.shift.end_s
    loaded = sum(stop.load for stop in served) <= vehicle.capacity
    return home is not None and loaded and (in_time or vehicle.overtime_allowed)


def _may(vehicle: Vehicle, stop: Stop) -> bool:
    return stop.allowed_vehicles is None or vehicle.id in stop.allowed_vehicles


def _allowed(route: Route, vehicle: Vehicle, served: list[Stop]) -> Iterator[Violation]:
    for stop in served:
        if not _may(vehicle, stop):
            yield Violation(
                code="NOT_ALLOWED",
                where=f"stop {stop.id}",
                cause=f"is served by {route.vehicle_id}, allowed are {', '.join(stop.allowed_vehicles or ())}",
            )


def _load(route: Route, vehicle: Vehicle, served: list[Stop]) -> Iterator[Violation]:
    loaded = sum(stop.load for stop in served)
    if loaded > vehicle.capacity:
        yield Violation(
            code="CAPACITY",
            where=f"vehicle {vehicle.id}",
            cause=f"is loaded with {loaded}, it can carry {vehicle.capacity}",
        )
    for visit, stop in zip(route.visits, served, strict=True):
        loaded -= stop.load
        if visit.load_after != loaded:
            yield Violation(
                code="LOAD",
                where=f"stop {stop.id}",
                cause=f"leaves {loaded} on board, not {visit.load_after}",
            )


def _legs(problem: Problem, route: Route, vehicle: Vehicle, served: list[Stop]) -> Iterator[Violation]:
    where = f"vehicle {vehicle.id}"
    if len(route.legs) != len(served) + 1:
        yield Violation(code="LEG_COUNT", where=where, cause=f"has {len(route.legs)} legs for {len(served)} visits")
        return
    places = [vehicle.start_place, *(stop.place for stop in served), vehicle.end_place]
    departures_s = [route.start_s, *(visit.depart_s for visit in route.visits)]
    for number, leg in enumerate(route.legs):
        where = f"vehicle {vehicle.id}, leg {number}"
        if (leg.from_place, leg.to_place) != (places[number], places[number + 1]):
            yield Violation(
                code="LEG_PLACE",
                where=where,
                cause=f"joins {leg.from_place} and {leg.to_place}, not {places[number]} and {places[number + 1]}",
            )
        if leg.depart_s != departures_s[number]:
            yield Violation(
                code="LEG_DEPARTURE",
                where=where,
                cause=f"leaves {leg.depart_s - departures_s[number]} s after what is before it",
            )
        true = problem.travel.leg(places[number], places[number + 1], departures_s[number])
        if true is None:
            yield Violation(code="LEG_UNREACHABLE", where=where, cause="is a drive that no road allows")
            continue
        if leg.duration_s != true.duration_s:
            cause = f"takes {leg.duration_s} s, the roads say {true.duration_s}"
            yield Violation(code="LEG_DURATION", where=where, cause=cause)
        if leg.distance_m != true.distance_m:
            cause = f"is {leg.distance_m} m long, the roads say {true.distance_m}"
            yield Violation(code="LEG_DISTANCE", where=where, cause=cause)


def _arrival(route: Route, number: int, visit: Visit) -> Iterator[Violation]:
    where = f"stop {visit.stop_id}"
    if number < len(route.legs):
        arrive_s = route.legs[number].depart_s + route.legs[number].duration_s
        if visit.arrive_s != arrive_s:
            cause = f"is reached {visit.arrive_s - arrive_s} s after its leg ends"
            yield Violation(code="ARRIVAL", where=where, cause=cause)
    if visit.waiting_s != visit.start_s - visit.arrive_s or visit.waiting_s < 0:
        cause = f"waits {visit.waiting_s} s but starts {visit.start_s - visit.arrive_s} s after its arrival"
        yield Violation(code="WAITING", where=where, cause=cause)


def _window(visit: Visit, stop: Stop) -> Iterator[Violation]:
    where = f"stop {stop.id}"
    within = not stop.windows or any(w.start_s <= visit.start_s <= w.end_s for w in stop.windows)
    after_s = max(0, visit.start_s - stop.windows[-1].end_s) if stop.windows else 0
    if after_s and not stop.lateness_allowed:
        yield Violation(code="LATE", where=where, cause=f"starts {after_s} s after its last window")
    elif not within and not after_s:
        yield Violation(code="WINDOW", where=where, cause="starts between or before its windows")
    if visit.lateness_s != after_s:
        cause = f"says {visit.lateness_s} s late, it is {after_s} s"
        yield Violation(code="LATENESS", where=where, cause=cause)


def _walk_s(problem: Problem, stop: Stop) -> int:
    """Return the seconds of the walk to the door and back, beyond what the service takes for granted."""
    if problem.access_walk is None:
        return 0
    to_door_m = int(np.rint(problem.travel.snap_distance_m[stop.place]))
    there_and_back_m = 2 * (to_door_m - min(to_door_m, problem.access_walk.free_m))
    if there_and_back_m == 0:
        return 0  # so it is for nearly every stop, and fractions are slow
    return math.ceil(Fraction(there_and_back_m, problem.access_walk.speed_m_per_h) * 3600)


def _service(problem: Problem, visit: Visit, stop: Stop) -> Iterator[Violation]:
    walk_s = _walk_s(problem, stop)
    if visit.depart_s - visit.start_s != stop.service_s + walk_s:
        cause = f"takes {visit.depart_s - visit.start_s} s, its service {stop.service_s} s and the walk {walk_s} s"
        yield Violation(code="SERVICE", where=f"stop {stop.id}", cause=cause)


def _shift(route: Route, vehicle: Vehicle) -> Iterator[Violation]:
    where = f"vehicle {vehicle.id}"
    before_s = vehicle.shift.start_s - route.start_s
    if before_s > 0 or (vehicle.start_fixed and before_s):
        yield Violation(code="SHIFT_START", where=where, cause=f"leaves {before_s} s before its shift")
    after_s = max(0, route.end_s - vehicle.shift.end_s)
    straight_home = not route.visits and before_s == 0
    if after_s and not vehicle.overtime_allowed and not straight_home:
        yield Violation(code="SHIFT_END", where=where, cause=f"is back {after_s} s after its shift")
    if route.overtime_s != after_s:
        yield Violation(code="OVERTIME", where=where, cause=f"says {route.overtime_s} s over, it is {after_s} s")


def _end(route: Route) -> Iterator[Violation]:
    if route.legs and route.end_s != route.legs[-1].depart_s + route.legs[-1].duration_s:
        cause = f"ends {route.end_s - route.legs[-1].depart_s - route.legs[-1].duration_s} s after its last leg"
        yield Violation(code="ROUTE_END", where=f"vehicle {route.vehicle_id}", cause=cause)


def _reasons(plan: Plan) -> Iterator[Violation]:
    for unassigned in plan.unassigned:
        if unassigned.reason not in REASONS or not unassigned.detail:
            cause = f"is unassigned for {unassigned.reason!r}: {unassigned.detail!r}"
            yield Violation(code="REASON", where=f"stop {unassigned.stop_id}", cause=cause)


def _cost(problem: Problem, plan: Plan, stops: dict[str, Stop], vehicles: dict[str, Vehicle]) -> Iterator[Violation]:
    prices, routes = problem.objective, [route for route in plan.routes if route.vehicle_id in vehicles]
    begins_s = [
        vehicles[route.vehicle_id].shift.start_s if vehicles[route.vehicle_id].start_fixed else route.start_s
        for route in routes
    ]
    duty_s = sum(route.end_s for route in routes) - sum(begins_s)
    distance_m = sum(leg.distance_m for route in routes for leg in route.legs)
    late_s = sum(visit.lateness_s for route in routes for visit in route.visits)
    late_s += sum(route.overtime_s for route in routes)
    left_out = [stops[unassigned.stop_id] for unassigned in plan.unassigned if unassigned.stop_id in stops]
    expected = {
        "duty_cents": (duty_s * prices.duty_cents_per_h + 1800) // 3600,
        "distance_cents": (distance_m * prices.distance_cents_per_km + 500) // 1000,
        "vehicle_cents": prices.vehicle_cents * sum(not vehicles[route.vehicle_id].used for route in routes),
        "lateness_cents": (late_s * prices.lateness_cents_per_min + 30) // 60,
        "unserved_cents": sum(_unserved_cents(problem, stop) for stop in left_out),
        "preference_cents": sum(_fees_cents(route, stops) for route in routes),
    }
    for part, cents in expected.items():
        if getattr(plan.cost, part) != cents:
            cause = f"is {getattr(plan.cost, part)}, the plan amounts to {cents}"
            yield Violation(code="COST", where=f"cost.{part}", cause=cause)


def _unserved_cents(problem: Problem, stop: Stop) -> int:
    if stop.unserved_cents is not None:
        return stop.unserved_cents
    return problem.objective.unserved_cents * (10 + stop.priority) // 10


def _fees_cents(route: Route, stops: dict[str, Stop]) -> int:
    """Add up the fees of the stops that a route serves."""
    cents = 0
    for visit, before in zip(route.visits, (None, *route.visits), strict=False):
        stop = stops.get(visit.stop_id)
        if stop is not None:
            cents += sum(fee.cents for fee in stop.start_fees if visit.start_s in range(fee.from_s, fee.until_s + 1))
            cents += dict(stop.vehicle_fees).get(route.vehicle_id, 0)
            wanted, came = stop.follow_fee, None if before is None else before.stop_id
            if wanted is not None and (wanted.vehicle_id, wanted.after_stop_id) != (route.vehicle_id, came):
                cents += wanted.cents
    return cents
