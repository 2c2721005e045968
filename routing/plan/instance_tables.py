"""Weigh the travel tables of a problem for the nodes that an engine searches with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import NO_ROAD_S
from routing.plan.model import Route
from routing.problem.model import Problem, Stop, Travel
from routing.travel.matrix import weighted_tables

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]
"""First and last instants."""

EARLY_S = 1_800
"""A leg may start this long before the window of its destination opens."""
AROUND_S = 1_800
"""A leg of a planned visit may start this much earlier or later than planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Name the nodes of an instance: n stops, then a start and an end of each vehicle, then depots if any."""

    stops: Sequence[Stop]
    places: NDArray[np.int64]
    """Of all nodes."""
    skipped: Mapping[str, int]
    """How many of its first visits are folded into the start of a vehicle, by its id."""
    depots: Mapping[str, int]
    """The node of each depot, by its id."""


def search_tables(
    problem: Problem, travel: Travel, nodes: Nodes, routes: Sequence[Route]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return durations and distances between all nodes, each weighted over the slices, N x N.

    The legs of the routes, which must be those of vehicles that drive by this travel, have their exact times.
    """
    matrix, places = travel.matrix, nodes.places
    rows = {stop.id: row for row, stop in enumerate(nodes.stops)}
    if matrix.slice_start_s.size > 1:
        leave_s, arrive_s = _departures(problem, nodes, routes, rows)
        seconds, metres, reachable = weighted_tables(matrix, places, leave_s, arrive_s)
    else:
        pairs, size = np.ix_(places, places), len(problem.places)
        seconds, metres = (table.reshape(size, size)[pairs] for table in (matrix.duration_s, matrix.distance_m))
        reachable = matrix.reachable.reshape(size, size)[pairs]
    seconds[~reachable] = NO_ROAD_S
    _set_planned(problem, nodes, routes, {**rows, **nodes.depots}, seconds, metres)
    return seconds, metres


def _departures(
    problem: Problem, nodes: Nodes, routes: Sequence[Route], rows: Mapping[str, int]
) -> tuple[Interval, Interval]:
    """Return between which instants legs leave from each node, and for each; NaN where unknown."""
    count, fleet, size = len(nodes.stops), len(problem.vehicles), nodes.places.size
    first_s = min(vehicle.shift.start_s for vehicle in problem.vehicles)
    last_s = max(vehicle.shift.end_s for vehicle in problem.vehicles)
    from_s, to_s = (np.full(size, float(instant_s)) for instant_s in (first_s, last_s))
    for column, stop in enumerate(nodes.stops):
        if stop.windows:
            from_s[column] = max(first_s, stop.windows[0].start_s - EARLY_S)
            to_s[column] = min(last_s, stop.windows[-1].end_s)
    for column, vehicle in enumerate(problem.vehicles, start=count + fleet):
        from_s[column], to_s[column] = vehicle.shift.start_s, vehicle.shift.end_s
    known_from_s, known_to_s = (np.full(size, np.nan) for _ in range(2))
    for route in routes:
        for visit in route.visits:
            # A late visit belongs at another time: its planned departure says nothing of a good plan.
            if visit.stop_id in rows and not visit.lateness_s:
                known_from_s[rows[visit.stop_id]] = visit.depart_s - AROUND_S
                known_to_s[rows[visit.stop_id]] = visit.depart_s + AROUND_S
    return (known_from_s, known_to_s), (from_s, to_s)


def _set_planned(
    problem: Problem,
    nodes: Nodes,
    routes: Sequence[Route],
    rows: Mapping[str, int],
    seconds: NDArray[np.int32],
    metres: NDArray[np.int32],
) -> None:
    """Write the exact times of planned legs into the tables."""
    number = {vehicle.id: index for index, vehicle in enumerate(problem.vehicles)}
    count, fleet = len(nodes.stops), len(problem.vehicles)
    for route in routes:
        index, skipped = number[route.vehicle_id], nodes.skipped.get(route.vehicle_id, 0)
        path = [count + index, *(rows[visit.stop_id] for visit in route.visits[skipped:]), count + fleet + index]
        late = [False, *(visit.lateness_s > 0 for visit in route.visits[skipped:])]
        for row, column, leg, from_late in zip(path, path[1:], route.legs[skipped:], late, strict=False):
            if not from_late:
                seconds[row, column], metres[row, column] = leg.duration_s, leg.distance_m
