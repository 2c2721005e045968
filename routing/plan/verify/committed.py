"""Committed visits: they come first and in order, unless no drive allows one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from routing.plan.model import Leg, Plan, Route, Visit
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Asked, Driven
from routing.plan.verify.route_rules import BOUNDS
from routing.plan.verify.trips import lacking, loaded_stops
from routing.problem.model import Stop, Vehicle
from routing.travel.matrix import LegTime


def committed(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Compare the first visits with the committed ones; one may be left out only where no drive allows it.

    Whether one does is judged by leaving at once: the walk takes no breaks, so where one is due it tells nothing. Nor
    does it where metres are limited and change through the day: the departure is chosen by the time that it saves.
    """
    for vehicle in asked.problem.vehicles:
        if vehicle.committed:
            yield from _committed(asked, plan, vehicle)


def _committed(asked: Asked, plan: Plan, vehicle: Vehicle) -> Iterator[Violation]:
    visited = [visit.stop_id for route in plan.routes if route.vehicle_id == vehicle.id for visit in route.visits]
    left_out = {unassigned.stop_id for unassigned in plan.unassigned}
    where, kept = f"vehicle {vehicle.id}", []
    for stop_id in vehicle.committed:
        if stop_id not in asked.stops:
            continue
        if stop_id not in left_out:
            kept.append(stop_id)
            continue
        whole = _request(asked, stop_id)
        if _in_stock(asked, plan, vehicle, whole) and _possible(
            asked, vehicle, [name for name in vehicle.committed if name in kept or name in whole]
        ):
            cause = f"leaves out {stop_id}, to which it is committed and which it can serve"
            yield Violation(code="COMMITTED", where=where, cause=cause)
    if visited[: len(kept)] != kept:
        cause = f"starts with {visited[: len(kept)]} but is committed to {kept}"
        yield Violation(code="COMMITTED", where=where, cause=cause)


def _request(asked: Asked, stop_id: str) -> set[str]:
    """Return the stops that are served with one or not at all."""
    stop, shipment = asked.stops[stop_id], asked.shipments.get(stop_id)
    if shipment is not None:
        return {shipment.pickup_stop_id, shipment.delivery_stop_id}
    if stop.together:
        return {other.id for other in asked.problem.stops if other.together == stop.together}
    return {stop_id}


def _in_stock(asked: Asked, plan: Plan, vehicle: Vehicle, stop_ids: Iterable[str]) -> bool:
    """Tell whether the depot of a vehicle's first trip has enough for stops besides what the plan takes there."""
    depot = asked.depots.get(vehicle.start_depot or "")
    if depot is None or depot.stock is None:
        return True
    more = [asked.stops[stop_id] for stop_id in stop_ids if asked.stops[stop_id].on_board is None]
    return not any(lacking(depot, [*loaded_stops(asked, plan).get(depot.id, []), *more]))


def _possible(asked: Asked, vehicle: Vehicle, stop_ids: Sequence[str]) -> bool:
    """Tell whether a vehicle that leaves at once can serve stops in order and be back as the rules want."""
    stops = [asked.stops[stop_id] for stop_id in stop_ids]
    changing = asked.travel(vehicle).matrix.slice_start_s.size > 1 and vehicle.distance_limit_m is not None
    if changing or not all(asked.problem.travel.usable[stop.place] for stop in stops):
        return False
    driven = _at_once(asked, vehicle, stops)
    return driven is not None and not any(any(rule(driven)) for rule in BOUNDS)


def _at_once(asked: Asked, vehicle: Vehicle, stops: Sequence[Stop]) -> Driven | None:
    """Return the route of a vehicle that leaves as soon as it may and rests nowhere; None where a road is missing."""
    places = [stop.place for stop in stops]
    first = places[0] if vehicle.open_start else vehicle.start_place
    last = places[-1] if vehicle.open_end else vehicle.end_place
    releases_s = [] if vehicle.start_fixed else [stop.release_s for stop in stops if stop.release_s is not None]
    start_s = now_s = max([vehicle.shift.start_s, *releases_s])
    before = None if vehicle.open_start else first
    visits: list[Visit] = []
    legs: list[Leg] = []
    for number, (origin, place) in enumerate(itertools.pairwise([first, *places, last])):
        stands = (number == 0 and vehicle.open_start) or (number == len(stops) and vehicle.open_end)
        road = LegTime(0, 0) if stands else asked.travel(vehicle).leg(origin, place, now_s)
        if road is None:
            return None
        legs.append(
            Leg(
                from_place=origin,
                to_place=place,
                depart_s=now_s,
                duration_s=road.duration_s,
                distance_m=road.distance_m,
            )
        )
        now_s += road.duration_s
        if number < len(stops):
            visits.append(_visit(asked, vehicle, stops[number], now_s, spared=place == before))
            before, now_s = place, visits[-1].depart_s
    over_s = max(0, now_s - vehicle.shift.end_s)
    route = Route(
        vehicle_id=vehicle.id,
        start_s=start_s,
        end_s=now_s,
        visits=tuple(visits),
        legs=tuple(legs),
        overtime_s=over_s,
    )
    return Driven(asked=asked, vehicle=vehicle, route=route, halts=tuple(zip(visits, stops, strict=True)))


def _visit(asked: Asked, vehicle: Vehicle, stop: Stop, arrive_s: int, *, spared: bool) -> Visit:
    """Return the visit that begins as soon as it may; what is on board after it is not told."""
    setup_s = 0 if spared else stop.setup_s
    ready_s = arrive_s + setup_s
    start_s = next((max(ready_s, window.start_s) for window in stop.windows if window.end_s >= ready_s), ready_s)
    return Visit(
        stop_id=stop.id,
        arrive_s=arrive_s,
        start_s=start_s,
        depart_s=start_s + asked.service_s(stop, vehicle) + asked.walk_s(stop),
        waiting_s=start_s - ready_s,
        lateness_s=max(0, start_s - stop.windows[-1].end_s) if stop.windows else 0,
        load_after=0,
        setup_s=setup_s,
    )
