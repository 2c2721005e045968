"""Say below which cost no plan of a problem can be.

The cheapest assignment of successors: every stop is left out at its price or has one visit before and one after it,
and so many vehicles leave as the loads need. What a plan pays for waiting that can be avoided, for lateness, and for
not driving in circles without a depot is left out, so the bound holds and is not sharp (Toth and Vigo, *Vehicle
Routing*, 2014, chapter 2, name it the assignment relaxation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.errors import InputError, Issue
from routing.plan.price import may_serve
from routing.plan.schedule import drives_without_stops
from routing.problem.lower import lowered
from routing.problem.model import Problem, Stop, Vehicle
from routing.problem.plain import is_plain

ROUNDED_PARTS = 3
"""So many parts of a plan's cost may each be half a cent below their exact amount."""
NEVER = np.inf

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Hold a cost in cents that no plan is below."""

    cents: int
    sure: bool
    """False where times change through the day: of each drive the cheapest slice is taken, and a drive over several
    slices might in theory be cheaper still."""


def lower_bound(problem: Problem) -> Bound:
    """Return a cost that no plan of a valid problem is below; for 1,000 stops it takes about a second.

    InputError where the problem asks for more than is plain (see `is_plain`): an open end, a reload or a price of one's
    own may make a plan cheaper than the assignment knows.
    """
    problem = lowered(problem)
    if not is_plain(problem):
        cause = (
            "it asks for more than loads, windows, shifts and fees on one road profile, and no bound is known for it"
        )
        action = "Leave --bound out."
        raise InputError([Issue(code="BOUND_UNKNOWN", where="problem", cause=cause, action=action)])
    fleet = problem.vehicles
    stops = [stop for stop in problem.stops if problem.travel.usable[stop.place]]
    rest_cents = sum(problem.unserved_cents(stop) for stop in problem.stops) - sum(
        problem.unserved_cents(stop) for stop in stops
    )
    sure = problem.travel.matrix.slice_start_s.size == 1
    if not stops or not fleet:
        return Bound(cents=rest_cents + sum(problem.unserved_cents(stop) for stop in stops), sure=sure)
    table = _successors(problem, stops)
    most = sorted((vehicle.capacity for vehicle in fleet), reverse=True)
    load = sum(stop.load for stop in stops)
    needed = next((count for count in range(len(most) + 1) if sum(most[:count]) >= load), None)
    if needed:
        # Either so many vehicles leave, or what the others cannot carry stays.
        left_cents = _least_left_out(problem, stops, load - sum(most[: needed - 1]))
        cents = min(_assigned(table, len(stops), needed), max(_assigned(table, len(stops), 0), left_cents))
    else:
        left_cents = 0.0 if needed == 0 else _least_left_out(problem, stops, load - sum(most))
        cents = max(_assigned(table, len(stops), 0), left_cents)
    return Bound(cents=rest_cents + max(0, int(np.ceil(cents - ROUNDED_PARTS / 2 - 1e-6))), sure=sure)


def _successors(problem: Problem, stops: Sequence[Stop]) -> Table:
    """Return cents of what may follow what: rows are stops and starts, columns stops and ends, itself: left out."""
    prices, fleet = problem.objective, problem.vehicles
    count, size = len(stops), len(stops) + len(fleet)
    places = np.array([stop.place for stop in stops] + [vehicle.start_place for vehicle in fleet])
    onto = np.array([stop.place for stop in stops] + [vehicle.end_place for vehicle in fleet])
    drive_s, drive_m = _least(problem, places, onto)
    stay_s = np.array([problem.stay_s(stop) for stop in stops] + [0] * len(fleet), np.float64)
    opens_s = np.array([stop.windows[0].start_s if stop.windows else -NEVER for stop in stops])
    closes_s = np.array(
        [stop.windows[-1].end_s if stop.windows and not stop.lateness_allowed else NEVER for stop in stops]
    )
    leaves_s = np.array([vehicle.shift.start_s for vehicle in fleet], np.float64)
    home_s = np.array([NEVER if vehicle.overtime_allowed else vehicle.shift.end_s for vehicle in fleet])
    joined = np.isfinite(drive_s)
    begins_s = _earliest(opens_s, leaves_s, stay_s[:count], drive_s)
    arrive_s = np.concatenate((begins_s, leaves_s))[:, None] + stay_s[:, None] + drive_s
    possible = joined & (arrive_s <= np.concatenate((closes_s, home_s)))
    drive_s, drive_m = np.where(joined, drive_s, 0.0), np.where(joined, drive_m, 0.0)
    load = np.array([stop.load for stop in stops])
    possible[:count, :count] &= load[:, None] + load[None] <= max(vehicle.capacity for vehicle in fleet)
    for row, vehicle in enumerate(fleet, start=count):
        possible[row, :count] &= [_may_begin(vehicle, stop) for stop in stops]
    wait_s = np.zeros((size, size))
    wait_s[:count, :count] = np.maximum(
        0.0, opens_s[None] - closes_s[:, None] - stay_s[:count, None] - drive_s[:count, :count]
    )
    duty_s = drive_s + stay_s[:, None] + wait_s
    cents = duty_s * prices.duty_cents_per_h / 3600 + drive_m * prices.distance_cents_per_km / 1000
    cents[count:, :count] += np.array([0 if vehicle.used else prices.vehicle_cents for vehicle in fleet])[:, None]
    cents[~possible] = NEVER
    np.fill_diagonal(cents[:count, :count], [problem.unserved_cents(stop) for stop in stops])
    # Whose end it is does not matter: the cheapest one stands for all, and a vehicle that stays pays what it must.
    cents[:count, count:] = cents[:count, count:].min(axis=1)[:, None]
    own = np.diagonal(cents[count:, count:])
    unused = [own[k] if drives_without_stops(vehicle) and own[k] < NEVER else 0.0 for k, vehicle in enumerate(fleet)]
    cents[count:, count:] = np.array(unused)[:, None]
    return cents


def _earliest(opens_s: Table, leaves_s: Table, stay_s: Table, drive_s: Table) -> Table:
    """Return before when no service can start, also by way of other stops: those may be a short cut in a table."""
    count = stay_s.size
    arrive_s = (leaves_s[:, None] + drive_s[count:, :count]).min(axis=0)
    while True:
        leave_s = np.maximum(opens_s, arrive_s) + stay_s
        sooner_s = np.minimum(arrive_s, (leave_s[:, None] + drive_s[:count, :count]).min(axis=0))
        if np.array_equal(sooner_s, arrive_s):
            return np.asarray(np.maximum(opens_s, arrive_s))
        arrive_s = sooner_s


def _least(problem: Problem, places: NDArray[np.int64], onto: NDArray[np.int64]) -> tuple[Table, Table]:
    """Return seconds and metres of the quickest and of the shortest slice, infinite where no slice joins a pair."""
    matrix, size = problem.travel.matrix, len(problem.places)
    pick = np.ix_(np.arange(matrix.slice_start_s.size), places, onto)
    reachable = matrix.reachable.reshape(-1, size, size)[pick]
    tables = (matrix.duration_s, matrix.distance_m)
    seconds, metres = (
        np.where(reachable, table.reshape(-1, size, size)[pick].astype(np.float64), NEVER).min(axis=0)
        for table in tables
    )
    return seconds, metres


def _may_begin(vehicle: Vehicle, stop: Stop) -> bool:
    return may_serve(vehicle, stop) and stop.load <= vehicle.capacity


def _assigned(table: Table, count: int, leaving: int) -> float:
    """Return the cents of the cheapest assignment in which so many vehicles leave at least."""
    table = table.copy()
    table[count:, count : count + leaving] = NEVER
    try:
        rows, columns = linear_sum_assignment(table)
    except ValueError:  # so many vehicles cannot leave: no plan is such
        return NEVER
    return float(table[rows, columns].sum())


def _least_left_out(problem: Problem, stops: Sequence[Stop], load: int) -> float:
    """Return the least cents of leaving out stops with so much load, the last one in part."""
    price = problem.unserved_cents
    cents = 0.0
    loads = [(price(stop), stop.load) for stop in stops if stop.load]
    for each_cents, each_load in sorted(loads, key=lambda stop: stop[0] / stop[1]):
        part = min(load, each_load)
        cents += each_cents * part / each_load
        load -= part
    return cents
