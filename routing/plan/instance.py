"""Turn a problem into the tables that engines search with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing.plan.cost import fixed_cents
from routing.plan.engines.interface import NO_ROAD_S, Instance
from routing.plan.instance_rules import rules_of
from routing.plan.instance_tables import Nodes, search_tables
from routing.plan.model import Route
from routing.plan.schedule import Clock, drives_without_stops
from routing.plan.walked.repair import committed_requests
from routing.problem.fees import start_fee_steps, vehicle_fee_cents
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle


def committed_orders(clock: Clock) -> dict[str, tuple[str, ...]]:
    """Return the committed visits that each vehicle can make, each tested after those before it that it makes."""
    if not clock.plain:
        return committed_requests(clock)
    return {vehicle.id: _committed(clock, vehicle) for vehicle in clock.problem.vehicles}


def _committed(clock: Clock, vehicle: Vehicle) -> tuple[str, ...]:
    kept: tuple[str, ...] = ()
    for stop_id in vehicle.committed:
        wanted = (*kept, stop_id)
        stops = [clock.stops[name] for name in wanted]
        fits = sum(stop.load for stop in stops) <= vehicle.capacity
        run = clock.follow(vehicle, wanted, vehicle.shift.start_s, forbidden_limit_s=0)
        if fits and run is not None and clock.problem.travel.usable[stops[-1].place]:
            kept = wanted
    return kept


def build_instance(
    clock: Clock, stops: Sequence[Stop], committed: Mapping[str, Sequence[str]], routes: Sequence[Route]
) -> Instance:
    """Return the instance of the stops to search for; times are weighted by where in the day legs will happen.

    Where routes are given, the times of their legs are exact, and those of other legs from their stops are means
    around their departures. Where routes must be walked the stops include the committed ones, and nothing is folded.
    """
    problem, stops = clock.problem, [clock.stops[stop.id] for stop in stops]
    origin_s = min(vehicle.shift.start_s for vehicle in problem.vehicles)
    folds = committed if clock.plain else {vehicle.id: () for vehicle in problem.vehicles}
    folded = [_fold(clock, vehicle, folds[vehicle.id], origin_s) for vehicle in problem.vehicles]
    windows = [stop.windows or (TimeWindow(start_s=origin_s, end_s=origin_s + NO_ROAD_S // 4),) for stop in stops]
    flat = [window for several in windows for window in several]
    fees, follow = [start_fee_steps(stop) for stop in stops], _follow(stops, problem.vehicles, folds)
    rules = None if clock.plain else rules_of(problem, stops, committed, routes, origin_s)
    if rules is None:
        nodes = _nodes(problem, stops, [fold[0] for fold in folded], committed)
        duration_s, distance_m = search_tables(problem, problem.travel, nodes, routes)
    else:
        duration_s, distance_m = rules.duration_s[0], rules.distance_m[0]
    ends_s = np.array([vehicle.shift.end_s - origin_s for vehicle in problem.vehicles])
    return Instance(
        origin_s=origin_s,
        horizon_s=int(ends_s.max()) + 86_400,
        duration_s=duration_s,
        distance_m=distance_m,
        service_s=np.array([problem.stay_s(stop) for stop in stops], np.int64),
        load=np.array([stop.load for stop in stops], np.int64),
        unserved_cents=np.array([problem.unserved_cents(stop) for stop in stops], np.int64),
        window_first=np.concatenate(([0], np.cumsum([len(several) for several in windows], dtype=np.int64))),
        window_start_s=np.array([max(0, window.start_s - origin_s) for window in flat], np.int64),
        window_end_s=np.array([window.end_s - origin_s for window in flat], np.int64),
        late_allowed=np.array([stop.lateness_allowed for stop in stops], np.bool_),
        allowed=_allowed(stops, problem.vehicles),
        toll_cents=np.array(
            [[vehicle_fee_cents(stop, vehicle.id) for vehicle in problem.vehicles] for stop in stops], np.int64
        ).reshape(len(stops), len(problem.vehicles)),
        follow_cents=np.array([stop.follow_fee.cents if stop.follow_fee else 0 for stop in stops], np.int64),
        follow_node=follow[:, 0],
        follow_vehicle=follow[:, 1],
        fee_first=np.concatenate(([0], np.cumsum([len(steps) for steps in fees], dtype=np.int64))),
        fee_from_s=np.array([from_s - origin_s for steps in fees for from_s, _ in steps], np.int64),
        fee_cents=np.array([cents for steps in fees for _, cents in steps], np.int64),
        capacity=np.array([fold[1] for fold in folded], np.int64),
        start_first_s=np.array([fold[2] for fold in folded], np.int64),
        start_last_s=np.array([fold[3] for fold in folded], np.int64),
        end_s=np.maximum(ends_s, np.array([fold[2] for fold in folded])),
        over_allowed=np.array([vehicle.overtime_allowed for vehicle in problem.vehicles], np.bool_),
        fixed_cents=np.array([fold[4] for fold in folded], np.int64),
        out=np.array(
            [bool(committed[vehicle.id]) or drives_without_stops(vehicle) for vehicle in problem.vehicles], np.bool_
        ),
        duty_cents_per_h=problem.objective.duty_cents_per_h,
        distance_cents_per_km=problem.objective.distance_cents_per_km,
        lateness_cents_per_min=problem.objective.lateness_cents_per_min,
        rules=rules,
    )


def _fold(clock: Clock, vehicle: Vehicle, committed: Sequence[str], origin_s: int) -> tuple[int, int, int, int, int]:
    """Return start place, room, first and last instant of leaving, and the fixed cost that is not spent."""
    room = vehicle.capacity - sum(clock.stops[stop_id].load for stop_id in committed)
    place, first_s = vehicle.start_place, vehicle.shift.start_s
    run = clock.follow(vehicle, committed, vehicle.shift.start_s) if committed else None
    if run is not None:
        place, first_s = clock.stops[committed[-1]].place, run.times_s[-1][2]
    last_s = first_s if vehicle.start_fixed else max(first_s, vehicle.shift.end_s)
    spent = vehicle.used or bool(committed)
    cents = 0 if spent else fixed_cents(clock.problem.objective, vehicle)
    return place, room, first_s - origin_s, last_s - origin_s, cents


def _allowed(stops: Sequence[Stop], vehicles: Sequence[Vehicle]) -> NDArray[np.bool_]:
    """Return which vehicle may serve which stop, n x v."""
    allowed = np.ones((len(stops), len(vehicles)), np.bool_)
    for row, stop in enumerate(stops):
        if stop.allowed_vehicles is not None:
            allowed[row] = [vehicle.id in stop.allowed_vehicles for vehicle in vehicles]
    return allowed


def _follow(
    stops: Sequence[Stop], vehicles: Sequence[Vehicle], committed: Mapping[str, Sequence[str]]
) -> NDArray[np.int64]:
    """Return after which node and on which vehicle each stop is to come, n x 2; node -1 where that cannot be."""
    rows = {stop.id: row for row, stop in enumerate(stops)}
    found = np.full((len(stops), 2), -1, np.int64)
    for row, stop in enumerate(stops):
        if stop.follow_fee is not None:
            number = next(n for n, vehicle in enumerate(vehicles) if vehicle.id == stop.follow_fee.vehicle_id)
            # A vehicle starts where its last committed visit ends.
            last = next(reversed(committed[stop.follow_fee.vehicle_id]), None)
            wanted = stop.follow_fee.after_stop_id
            node = len(stops) + number if wanted == last else rows.get(wanted or "", -1)
            found[row] = node, number
    return found


def _nodes(
    problem: Problem, stops: Sequence[Stop], start_places: Sequence[int], committed: Mapping[str, Sequence[str]]
) -> Nodes:
    end_places = [vehicle.end_place for vehicle in problem.vehicles]
    return Nodes(
        stops=stops,
        places=np.array([stop.place for stop in stops] + list(start_places) + end_places),
        skipped={vehicle.id: len(committed[vehicle.id]) for vehicle in problem.vehicles},
        depots={},
    )
