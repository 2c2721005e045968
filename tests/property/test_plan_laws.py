"""Laws of the plan room on small random problems."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import DAY_S, SEARCHING, problems

from routing.errors import UnreachableLegError
from routing.network.location import Location
from routing.plan.cost import plan_cost
from routing.plan.engines.worker import prepare
from routing.plan.options import SolveOptions
from routing.plan.schedule import schedule
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle
from routing.problem.travel import MatrixTravel
from routing.problem.validate import validate
from routing.travel.matrix import TravelMatrix


@SEARCHING
@given(problem=problems() | problems(fees=True), engine=st.sampled_from(["ruin_recreate", "ortools"]))
def test_a_solved_plan_has_no_violation_and_loses_no_stop(problem: Problem, engine: str) -> None:
    if engine == "ortools":
        problem = replace(problem, stops=tuple(replace(stop, start_fees=()) for stop in problem.stops))
    assert validate(problem) == ()
    plan = solve(problem, SolveOptions(iterations=20 if engine == "ortools" else 300, engine=engine))
    assert verify(problem, plan) == ()
    served = [visit.stop_id for route in plan.routes for visit in route.visits]
    left_out = [unassigned.stop_id for unassigned in plan.unassigned]
    assert sorted(served + left_out) == sorted(stop.id for stop in problem.stops)


@settings(SEARCHING, max_examples=15)
@given(problem=problems(), seed=st.integers(0, 3))
def test_the_same_iterations_and_seed_give_the_same_plan(problem: Problem, seed: int) -> None:
    options = SolveOptions(iterations=400, seed=seed)
    assert solve(problem, options) == solve(problem, options)


@settings(SEARCHING, max_examples=15)
@given(problem=problems() | problems(fees=True))
def test_starting_from_a_plan_never_ends_dearer(problem: Problem) -> None:
    first = solve(problem, SolveOptions(iterations=30))
    again = solve(problem, SolveOptions(iterations=30, seed=1, initial=tuple(first.orders().items())))
    assert again.cost.total_cents <= first.cost.total_cents


@settings(SEARCHING, max_examples=25)
@given(problem=problems(most_stops=4, simple=True))
def test_a_small_plan_is_the_cheapest_of_all_plans(problem: Problem) -> None:
    # lateness is searched in steps, so it is left to the tests of schedule
    stops = tuple(replace(stop, lateness_allowed=False) for stop in problem.stops)
    problem = replace(problem, stops=stops)
    plan = solve(problem, SolveOptions(iterations=2_000))
    assert plan.cost.total_cents <= _cheapest_cents(problem) + 2  # a cent of rounding per part


def _cheapest_cents(problem: Problem) -> int:
    """Try every assignment of stops to vehicles or none, and every order."""
    best: list[dict[tuple[str, ...], int]] = []
    ids = [stop.id for stop in problem.stops]
    for vehicle in problem.vehicles:
        price: dict[tuple[str, ...], int] = {}
        for count in range(len(ids) + 1):
            for order in itertools.permutations(ids, count):
                cents = _route_cents(problem, vehicle, order)
                chosen = tuple(sorted(order))
                if cents is not None and cents < price.get(chosen, 10**12):
                    price[chosen] = cents
        best.append(price)
    cheapest = 10**12
    for owners in itertools.product(range(len(problem.vehicles) + 1), repeat=len(ids)):
        total = 0
        for number, price in enumerate(best):
            chosen = tuple(sorted(name for name, owner in zip(ids, owners, strict=True) if owner == number))
            total += price.get(chosen, 10**12)
        for stop, owner in zip(problem.stops, owners, strict=True):
            total += problem.objective.unserved_stop_cents(stop.priority) if owner == len(best) else 0
        cheapest = min(cheapest, total)
    return cheapest


def _route_cents(problem: Problem, vehicle: Vehicle, order: tuple[str, ...]) -> int | None:
    stops = {stop.id: stop for stop in problem.stops}
    for name in order:
        allowed = stops[name].allowed_vehicles
        if allowed is not None and vehicle.id not in allowed:
            return None
    if sum(stops[name].load for name in order) > vehicle.capacity:
        return None
    try:
        routes = schedule(problem, {vehicle.id: order})
    except UnreachableLegError:
        return None
    mine = [route for route in routes if route.vehicle_id == vehicle.id]
    late = any(visit.lateness_s for route in mine for visit in route.visits)
    over = any(route.overtime_s for route in mine) and not vehicle.overtime_allowed
    if order and (late or over):
        return None
    return plan_cost(problem, mine, ()).total_cents


@settings(SEARCHING, max_examples=50)
@given(problem=problems(), order=st.permutations(range(7)), depart_s=st.integers(0, DAY_S))
def test_leaving_later_never_arrives_earlier(problem: Problem, order: list[int], depart_s: int) -> None:
    origin, destination = (number % len(problem.places) for number in order[:2])
    arrivals = []
    for later_s in (0, 1, 60, 777, 3_600):
        leg = problem.travel.leg(origin, destination, depart_s + later_s)
        if leg is not None:
            arrivals.append(depart_s + later_s + leg.duration_s)
    assert arrivals == sorted(arrivals)


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
@pytest.mark.parametrize("slices", [1, 3])
def test_a_run_that_a_clock_ended_is_repeated_exactly_by_its_counts(engine: str, slices: int) -> None:
    size = 31
    rng = np.random.default_rng(7)
    places = rng.integers(0, 6000, (size, 2))
    distance_m = np.abs(places[:, None] - places[None]).sum(axis=2).astype(np.int32)
    factors = np.array([8, 12, 9])[:slices, None, None]
    matrix = TravelMatrix(
        duration_s=(distance_m[None] * factors // 80).astype(np.int32),
        distance_m=np.repeat(distance_m[None], slices, axis=0),
        reachable=np.ones((slices, size, size), np.bool_),
        slice_start_s=np.array([0, 4_000, 9_000])[:slices],
    )
    problem = Problem(
        stops=tuple(
            Stop(id=f"S{place}", place=place, windows=(TimeWindow(start_s=a, end_s=a + 6_000),), service_s=100)
            for place, a in enumerate(rng.integers(0, 12_000, size - 1).tolist(), start=1)
        ),
        vehicles=tuple(
            Vehicle(
                id=f"V{number}",
                profile="van",
                capacity=20,
                shift=TimeWindow(start_s=0, end_s=DAY_S),
                start_place=0,
                end_place=0,
            )
            for number in range(3)
        ),
        places=tuple(Location(lat_deg=0.0, lon_deg=0.0) for _ in range(size)),
        travel=MatrixTravel(matrix=matrix),
    )
    prepare(engine, wait=True)
    timed = solve(problem, SolveOptions(time_limit_s=0.4, engine=engine))
    assert {run.stopped_by for run in timed.runs} == {"time_limit"}
    again = solve(problem, SolveOptions(replay=timed.runs, engine=engine))
    assert replace(again, runs=()) == replace(timed, runs=())
