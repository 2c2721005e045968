"""Laws of road times: shortest paths, first in first out, conditions that leave no trace."""

from __future__ import annotations

import random
from dataclasses import replace

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from road_oracle import RoadOracle, assert_drives_as_oracle
from tiny_network import driver_of, on_arcs, random_network, tables_of

from routing.network.road_network import CLOSED_OUTSIDE, CLOSED_WITHIN, SPEED_WITHIN, TURN_CLOSED_WITHIN
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Closure, OnWay, Reopening, Slowdown, Weather
from routing.travel.speed_table import free_flow, time_of_day
from routing.travel.where import Places

FEW = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


def drawn(seed):
    """Return a network, places on it and conditions, all drawn from a seed."""
    rng = random.Random(seed)
    network = random_network(rng, side=rng.randint(3, 6))
    places = on_arcs([(rng.randrange(network.arc_count), rng.choice((0, 1, rng.random()))) for _ in range(6)])
    conditions = []
    for number in range(rng.randint(0, 6)):
        where = OnWay(way_id=100 + rng.randrange(network.arc_count))
        begin, end = rng.choice((None, rng.randint(0, 600))), rng.choice((None, rng.randint(601, 900)))
        fade_s = None if begin is None and end is None else rng.choice((None, rng.randint(1, 400)))
        conditions.append(
            rng.choice(
                (
                    Closure(where=where, from_s=begin, until_s=end, id=str(number)),
                    Reopening(where=where, from_s=begin, until_s=end, id=str(number)),
                    Slowdown(
                        where=where,
                        speed_factor=rng.uniform(0.1, 1),
                        from_s=begin,
                        until_s=end,
                        fade_s=fade_s,
                        id=str(number),
                    ),
                    Slowdown(
                        where=where,
                        delay_s=rng.randint(1, 60),
                        from_s=begin,
                        until_s=end,
                        fade_s=fade_s,
                        id=str(number),
                    ),
                    Slowdown(
                        where=where,
                        speed_kph=rng.uniform(1, 60),
                        from_s=begin,
                        until_s=end,
                        fade_s=fade_s,
                        id=str(number),
                    ),
                    Weather(condition="snow", from_s=begin, until_s=end, fade_s=fade_s, id=str(number)),
                )
            )
        )
    return network, places, conditions


def same(one, other):
    """Tell whether two metrics hold the same numbers."""
    pairs = ((one.slice_start_s, other.slice_start_s), (one.arc_ms, other.arc_ms), (one.closed, other.closed))
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


@FEW
@given(seeds)
def test_tables_equal_networkx_dijkstra_on_the_same_arcs(seed):
    network, _, _ = drawn(seed)
    # From arc heads to arc heads, so that the label of an arc is the answer.
    some = random.Random(seed).sample(range(network.arc_count), min(8, network.arc_count))
    metric = free_flow(network)
    table = tables_of(network, metric, on_arcs([(arc, 1) for arc in some]), np.arange(1))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.arc_count))
    for arc in range(network.arc_count):
        for turn in range(network.turn_first[arc], network.turn_first[arc + 1]):
            onto = int(network.turn_to[turn])
            graph.add_edge(arc, onto, weight=int(network.turn_ms[turn]) + int(network.arc_free_ms[onto]))
    for i, source in enumerate(some):
        lengths = nx.single_source_dijkstra_path_length(graph, source)
        for j, target in enumerate(some):
            if target in lengths:
                assert table.duration_s[0, i, j] == -(-lengths[target] // 1000)
            assert table.reachable[0, i, j] == (target in lengths)


@FEW
@given(seeds, st.integers(0, 1000))
def test_drives_equal_an_independent_time_dependent_dijkstra(seed, depart_s):
    network, places, conditions = drawn(seed)
    metric = apply_conditions(network, free_flow(network), conditions)
    driver, oracle = driver_of(network, metric, places), RoadOracle(network, metric)
    assert_drives_as_oracle(driver, oracle, places, depart_s)


@FEW
@given(seeds, st.lists(st.integers(0, 1200), min_size=2, max_size=8))
def test_leaving_later_never_arrives_earlier(seed, departures):
    network, places, conditions = drawn(seed)
    driver = driver_of(network, apply_conditions(network, free_flow(network), conditions), places)
    found = [driver.drive(0, 3, depart_s) for depart_s in sorted(departures)]
    arrivals = [each.depart_s + each.duration_s for each in found if each]
    assert arrivals == sorted(arrivals)


@FEW
@given(seeds, st.lists(st.integers(-900, 4500), min_size=2, max_size=8))
def test_leaving_later_never_arrives_earlier_under_rules_at_hours_and_reports(seed, departures):
    network, places, conditions = drawn(seed)
    rng = random.Random(seed)
    hours = ("00:00-00:20", "00:10-00:30", "Mo-Fr 00:25-01:00", "00:40-23:00")
    effects = [rng.choice((CLOSED_WITHIN, CLOSED_OUTSIDE, SPEED_WITHIN, TURN_CLOSED_WITHIN)) for _ in range(5)]
    members = [
        rng.sample(range(network.turn_to.size if effect == TURN_CLOSED_WITHIN else network.arc_count), 4)
        for effect in effects
    ]
    ruled = replace(
        network,
        rule_hours=tuple(rng.choice(hours) for _ in effects),
        rule_effect=np.array(effects, np.uint8),
        rule_kph=np.array([rng.uniform(3, 50) for _ in effects]),
        rule_first=np.arange(0, 4 * len(effects) + 1, 4),
        rule_member=np.array(members, np.int32).ravel(),
    )
    metric = apply_conditions(ruled, time_of_day(ruled, days=1), conditions)
    driver = driver_of(ruled, metric, places)
    found = [driver.drive(0, 3, depart_s) for depart_s in sorted(departures)]
    arrivals = [each.depart_s + each.duration_s for each in found if each]
    assert arrivals == sorted(arrivals)


@FEW
@given(seeds)
def test_conditions_mean_the_same_in_any_order(seed):
    network, _, conditions = drawn(seed)
    base = time_of_day(network)
    shuffled = random.Random(seed).sample(conditions, len(conditions))
    assert same(apply_conditions(network, base, conditions), apply_conditions(network, base, shuffled))


@FEW
@given(seeds)
def test_taking_a_condition_back_restores_the_metric(seed):
    network, _, conditions = drawn(seed)
    base, places = time_of_day(network), Places(network)
    before = (base.arc_ms.tobytes(), base.closed.tobytes())
    kept = [apply_conditions(network, base, conditions[:count], places=places) for count in range(len(conditions) + 1)]
    for count, metric in reversed(list(enumerate(kept))):
        assert same(apply_conditions(network, base, conditions[:count], places=places), metric)
    assert same(kept[0], base)
    assert (base.arc_ms.tobytes(), base.closed.tobytes()) == before


@FEW
@given(seeds)
def test_what_no_condition_touches_keeps_its_times(seed):
    network, _, conditions = drawn(seed)
    base, places = time_of_day(network), Places(network)
    local = [each for each in conditions if not isinstance(each, Weather)]
    metric = apply_conditions(network, base, local, places=places)
    row = np.array([base.slice_at(start) for start in metric.slice_start_s.tolist()])
    changed = (metric.arc_ms != base.arc_ms[row]) | (metric.closed != base.closed[row])
    touched = {arc for each in local for arc in places.touched(each.where).arc.tolist()}
    assert set(np.flatnonzero(changed.any(axis=0)).tolist()) <= touched


@FEW
@given(seeds)
def test_a_drive_takes_as_long_as_the_table_where_nothing_changes_with_time(seed):
    network, places, _ = drawn(seed)
    metric = free_flow(network)
    table = tables_of(network, metric, places, np.arange(1))
    driver = driver_of(network, metric, places)
    for i in range(6):
        for j in range(6):
            found = driver.drive(i, j, 0)
            assert (found is not None) == table.reachable[0, i, j]
            if found is not None and i != j:
                assert found.duration_s == table.duration_s[0, i, j]
                assert abs(found.distance_m - table.distance_m[0, i, j]) <= 1


@FEW
@given(seeds, st.integers(-100, 1200))
def test_a_metric_without_its_past_says_the_same_from_then_on(seed, from_s):
    network, _, conditions = drawn(seed)
    base = time_of_day(network, days=1)
    whole = apply_conditions(network, base, conditions)
    rest = apply_conditions(network, base, conditions, from_s=from_s)
    first = whole.slice_at(from_s)
    assert rest.slice_count == whole.slice_count - first
    kept = replace(
        whole,
        slice_start_s=whole.slice_start_s[first:],
        arc_ms=whole.arc_ms[first:],
        closed=whole.closed[first:],
    )
    assert same(rest, kept)
