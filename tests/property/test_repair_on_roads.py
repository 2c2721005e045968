"""Plans that the tables foresee and the roads confirm, where speeds change and roads close through the day."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_network import random_network

from routing import repair, verify
from routing.network.location import Location
from routing.plan.schedule import Clock
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel


def drawn_problem(rng):
    """Return a day of a few stops on a small network whose roads slow down and close from slice to slice."""
    network = random_network(rng, side=rng.randint(3, 5))
    slices = rng.choice((1, 3, 5))
    draw = np.random.default_rng(rng.randrange(1 << 30))
    arc_ms = np.ceil(network.arc_free_ms * draw.uniform(1, 4, (slices, network.arc_count))).astype(np.int32)
    closed = draw.random(arc_ms.shape) < rng.choice((0, 0.05))
    metric = Metric(slice_start_s=np.arange(slices) * 120, arc_ms=arc_ms, closed=closed)
    nodes = rng.sample(range(network.node_lat_deg.size), 7)
    places = [Location(lat_deg=float(network.node_lat_deg[k]), lon_deg=float(network.node_lon_deg[k])) for k in nodes]
    stops = []
    for place in range(1, 7):
        opens_s = rng.randrange(0, 500)
        windows = (TimeWindow(start_s=opens_s, end_s=opens_s + rng.randrange(0, 300)),) if rng.random() < 0.7 else ()
        stops.append(Stop(id=f"S{place}", place=place, windows=windows, service_s=rng.randrange(0, 30), load=1))
    shift = TimeWindow(start_s=0, end_s=rng.randrange(300, 900))
    vehicles = [
        Vehicle(id=f"V{k}", profile="van", capacity=4, shift=shift, start_place=0, end_place=0) for k in range(2)
    ]
    travel = RoadTravel(network, metric, places)
    return Problem(stops=tuple(stops), vehicles=tuple(vehicles), places=tuple(places), travel=travel)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_a_repaired_plan_holds_on_the_roads(seed):
    rng = random.Random(seed)
    problem = drawn_problem(rng)
    stop_ids = [stop.id for stop in problem.stops]
    initial = [(vehicle.id, rng.sample(stop_ids, rng.randint(0, 6))) for vehicle in problem.vehicles]
    plan = repair(problem, initial)
    assert verify(problem, plan) == ()
    # A run that the tables have found is no tardier than the earliest one, nor longer.
    clock = Clock(problem)
    for vehicle in problem.vehicles:
        order = plan.orders().get(vehicle.id, ())
        earliest, best = clock.follow(vehicle, order, 0), clock.best_run(vehicle, order)
        if earliest is not None and best is not None:
            assert best.lateness_s + best.overtime_s <= earliest.lateness_s + earliest.overtime_s
            assert best.end_s - best.depart_s <= earliest.end_s - earliest.depart_s
