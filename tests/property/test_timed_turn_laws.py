"""Laws of turns forbidden at some times: they are waited out or driven round, and nobody gains by leaving late."""

from __future__ import annotations

import random
from dataclasses import replace

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from road_oracle import RoadOracle, assert_drives_as_oracle
from tiny_network import driver_of, network_of, on_arcs, random_network, tables_of

from routing.travel.customize import Weights
from routing.travel.metric import Metric
from routing.travel.speed_table import free_flow

FEW = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


def drawn(seed):
    """Return a network, a metric of some slices with timed turns, and places, all drawn from a seed."""
    rng = random.Random(seed)
    network = random_network(rng, side=rng.randint(3, 5))
    slices = rng.randint(1, 4)
    turns = sorted(rng.sample(range(network.turn_to.size), max(1, network.turn_to.size // 3)))
    draw = np.random.default_rng(seed)
    metric = Metric(
        slice_start_s=np.cumsum([0, *(rng.randint(20, 300) for _ in range(slices - 1))]),
        arc_ms=np.ceil(network.arc_free_ms * draw.uniform(1, 3, (slices, network.arc_count))).astype(np.int32),
        closed=draw.random((slices, network.arc_count)) < 0.1,
        timed_turn=np.array(turns, np.int32),
        turn_closed=draw.random((slices, len(turns))) < 0.6,
    )
    places = on_arcs([(rng.randrange(network.arc_count), rng.choice((0.25, 0.5, 1))) for _ in range(6)])
    return network, metric, places


@FEW
@given(seeds, st.integers(-50, 800))
def test_drives_wait_for_turns_as_an_independent_search_does(seed, depart_s):
    network, metric, places = drawn(seed)
    driver, oracle = driver_of(network, metric, places), RoadOracle(network, metric)
    assert_drives_as_oracle(driver, oracle, places, depart_s)


@FEW
@given(seeds, st.lists(st.integers(-50, 1000), min_size=2, max_size=8))
def test_leaving_later_never_arrives_earlier(seed, departures):
    network, metric, places = drawn(seed)
    driver = driver_of(network, metric, places)
    found = [driver.drive(0, 3, depart_s) for depart_s in sorted(departures)]
    arrivals = [each.depart_s + each.duration_s for each in found if each]
    assert arrivals == sorted(arrivals)


@FEW
@given(seeds)
def test_tables_make_no_turn_that_their_slice_forbids(seed):
    network, metric, places = drawn(seed)
    table = tables_of(network, metric, places, np.arange(metric.slice_count))
    for k in range(metric.slice_count):
        # A metric of that slice alone stands for all time, so nothing can be waited for.
        alone = replace(
            metric,
            slice_start_s=np.zeros(1, np.int64),
            arc_ms=metric.arc_ms[k : k + 1],
            closed=metric.closed[k : k + 1],
            turn_closed=metric.turn_closed[k : k + 1],
        )
        oracle = RoadOracle(network, alone)
        for i in range(6):
            for j in range(6):
                expected_s = oracle.duration_s(places, i, j, 0) if i != j else 0
                assert table.reachable[k, i, j] == (expected_s < float("inf"))
                assert not table.reachable[k, i, j] or -0.01 <= table.duration_s[k, i, j] - expected_s < 1.01


@FEW
@given(seeds)
def test_the_bound_for_all_slices_takes_what_any_slice_leaves_open(seed):
    network, metric, _ = drawn(seed)
    # No place has to wait where each arc and turn is as in its best slice.
    graph = nx.DiGraph()
    shut = dict(zip(metric.timed_turn.tolist(), metric.turn_closed.all(axis=0).tolist(), strict=True))
    least_ms = np.where(metric.closed, 10**9, metric.arc_ms).min(axis=0)
    for arc in range(network.arc_count):
        for turn in range(network.turn_first[arc], network.turn_first[arc + 1]):
            onto = int(network.turn_to[turn])
            if not shut.get(turn, False) and least_ms[onto] < 10**9:
                graph.add_edge(arc, onto, weight=int(network.turn_ms[turn]) + int(least_ms[onto]))
    every = range(metric.slice_count)
    assert set(Weights(network, metric).of(every).closed_turn.tolist()) == {turn for turn in shut if shut[turn]}
    driver, oracle = (
        driver_of(network, metric, on_arcs([(0, 1), (network.arc_count - 1, 1)])),
        nx.single_source_dijkstra,
    )
    lengths = oracle(graph, 0)[0] if 0 in graph else {}
    found = driver.drive(0, 1, 0)
    if found is not None:
        assert found.duration_s * 1000 >= lengths[network.arc_count - 1] - 1


def test_a_vehicle_waits_at_the_turn_until_it_opens_or_drives_round():
    # From a to b takes 10 s, the turn 2 s, on to c 10 s; the way round by d takes 10 s, 2 s, 60 s, 2 s and 30 s.
    nodes = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (100, 100)}
    roads = [("a", "b", 10), ("b", "c", 10), ("b", "d", 60), ("d", "c", 30)]
    network = network_of(nodes, roads, turn_ms=2000)
    turn = int(network.turn_first[0]) + network.turn_to[: network.turn_first[1]].tolist().index(1)
    metric = replace(
        free_flow(network),
        slice_start_s=np.array([0, 50]),
        arc_ms=np.tile(network.arc_free_ms, (2, 1)),
        closed=np.zeros((2, 4), bool),
        timed_turn=np.array([turn], np.int32),
        turn_closed=np.array([[True], [False]]),
    )
    places = on_arcs([(0, 0), (1, 1), (3, 1)])
    driver = driver_of(network, metric, places)
    waiting = driver.drive(0, 1, 0)
    # At the turn at 10 s; it opens at 50 s: 50 + 2 + 10.
    assert (waiting.duration_s, waiting.arcs.tolist()) == (62, [0, 1])
    assert driver.drive(0, 1, 40).duration_s == 22
    assert driver.drive(0, 1, 39).duration_s == 23
    tables = tables_of(network, metric, places, np.arange(2))
    assert tables.reachable[:, 0, 1].tolist() == [False, True]
    assert tables.duration_s[1, 0, 1] == 22
