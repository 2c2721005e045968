"""Turn a problem into the tables that engines search with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import NO_ROAD_S, Instance
from routing.plan.model import Route
from routing.plan.schedule import Clock, drives_without_stops
from routing.problem.fees import start_fee_steps, vehicle_fee_cents
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle
from routing.travel.matrix import weighted_tables

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]
"""First and last instants."""

EARLY_S = 1_800
"""A leg may start this long before the window of its destination opens."""
AROUND_S = 1_800
"""A leg of a planned visit may start this much earlier or later than planned."""


def committed_visits(clock: Clock, vehicle: Vehicle) -> tuple[str, ...]:
    """Return the committed visits that a vehicle can make, each tested after those before it that it makes."""
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
    around their departures.
    """
    problem = clock.problem
    origin_s = min(vehicle.shift.start_s for vehicle in problem.vehicles)
    folded = [_fold(clock, vehicle, committed[vehicle.id], origin_s) for vehicle in problem.vehicles]
    windows = [stop.windows or (TimeWindow(start_s=origin_s, end_s=origin_s + NO_ROAD_S // 4),) for stop in stops]
    flat = [window for several in windows for window in several]
    fees, follow = [start_fee_steps(stop) for stop in stops], _follow(stops, problem.vehicles, committed)
    duration_s, distance_m = _tables(problem, stops, [fold[0] for fold in folded], routes, committed)
    ends_s = np.array([vehicle.shift.end_s - origin_s for vehicle in problem.vehicles])
    return Instance(
        origin_s=origin_s,
        horizon_s=int(ends_s.max()) + 86_400,
        duration_s=duration_s,
        distance_m=distance_m,
        service_s=np.array([clock.stay_s[stop.id] for stop in stops], np.int64),
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
        fixed_cents=np.array([0 if fold[4] else problem.objective.vehicle_cents for fold in folded], np.int64),
        out=np.array(
            [bool(committed[vehicle.id]) or drives_without_stops(vehicle) for vehicle in problem.vehicles], np.bool_
        ),
        duty_cents_per_h=problem.objective.duty_cents_per_h,
        distance_cents_per_km=problem.objective.distance_cents_per_km,
        lateness_cents_per_min=problem.objective.lateness_cents_per_min,
    )


def _fold(clock: Clock, vehicle: Vehicle, committed: Sequence[str], origin_s: int) -> tuple[int, int, int, int, bool]:
    """Return start place, room, first and last instant of leaving, and whether the fixed cost is spent."""
    room = vehicle.capacity - sum(clock.stops[stop_id].load for stop_id in committed)
    place, first_s = vehicle.start_place, vehicle.shift.start_s
    run = clock.follow(vehicle, committed, vehicle.shift.start_s)
    if committed and run is not None:
        place, first_s = clock.stops[committed[-1]].place, run.times_s[-1][2]
    last_s = first_s if vehicle.start_fixed else max(first_s, vehicle.shift.end_s)
    return place, room, first_s - origin_s, last_s - origin_s, vehicle.used or bool(committed)


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


def _tables(
    problem: Problem,
    stops: Sequence[Stop],
    start_places: Sequence[int],
    routes: Sequence[Route],
    committed: Mapping[str, Sequence[str]],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return durations and distances between stops, starts and ends, each weighted over the slices."""
    matrix = problem.travel.matrix
    places = np.array(
        [stop.place for stop in stops] + list(start_places) + [vehicle.end_place for vehicle in problem.vehicles]
    )
    rows = {stop.id: row for row, stop in enumerate(stops)}
    if matrix.slice_start_s.size > 1:
        leave_s, arrive_s = _departures(problem, stops, routes, rows)
        seconds, metres, reachable = weighted_tables(matrix, places, leave_s, arrive_s)
    else:
        pairs, size = np.ix_(places, places), len(problem.places)
        seconds, metres, reachable = (
            table.reshape(size, size)[pairs] for table in (matrix.duration_s, matrix.distance_m, matrix.reachable)
        )
    seconds[~reachable] = NO_ROAD_S
    _set_planned(problem, routes, committed, rows, len(stops), seconds, metres)
    return seconds, metres


def _departures(
    problem: Problem, stops: Sequence[Stop], routes: Sequence[Route], rows: Mapping[str, int]
) -> tuple[Interval, Interval]:
    """Return between which instants legs leave from each stop, start or end, and for each; NaN where unknown."""
    count, fleet = len(stops), len(problem.vehicles)
    first_s = min(vehicle.shift.start_s for vehicle in problem.vehicles)
    last_s = max(vehicle.shift.end_s for vehicle in problem.vehicles)
    from_s, to_s = (np.full(count + 2 * fleet, float(instant_s)) for instant_s in (first_s, last_s))
    for column, stop in enumerate(stops):
        if stop.windows:
            from_s[column] = max(first_s, stop.windows[0].start_s - EARLY_S)
            to_s[column] = min(last_s, stop.windows[-1].end_s)
    for column, vehicle in enumerate(problem.vehicles, start=count + fleet):
        from_s[column], to_s[column] = vehicle.shift.start_s, vehicle.shift.end_s
    known_from_s, known_to_s = (np.full(count + 2 * fleet, np.nan) for _ in range(2))
    for route in routes:
        for visit in route.visits:
            # A late visit belongs at another time: its planned departure says nothing of a good plan.
            if visit.stop_id in rows and not visit.lateness_s:
                known_from_s[rows[visit.stop_id]] = visit.depart_s - AROUND_S
                known_to_s[rows[visit.stop_id]] = visit.depart_s + AROUND_S
    return (known_from_s, known_to_s), (from_s, to_s)


def _set_planned(
    problem: Problem,
    routes: Sequence[Route],
    committed: Mapping[str, Sequence[str]],
    rows: Mapping[str, int],
    count: int,
    seconds: NDArray[np.int32],
    metres: NDArray[np.int32],
) -> None:
    """Write the exact times of planned legs into the tables."""
    number = {vehicle.id: index for index, vehicle in enumerate(problem.vehicles)}
    for route in routes:
        index, skipped = number[route.vehicle_id], len(committed[route.vehicle_id])
        nodes = [count + index, *(rows[visit.stop_id] for visit in route.visits[skipped:])]
        nodes.append(count + len(problem.vehicles) + index)
        late = [False, *(visit.lateness_s > 0 for visit in route.visits[skipped:])]
        for row, column, leg, from_late in zip(nodes, nodes[1:], route.legs[skipped:], late, strict=False):
            if not from_late:
                seconds[row, column], metres[row, column] = leg.duration_s, leg.distance_m
