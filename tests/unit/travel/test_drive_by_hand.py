"""Drives whose seconds are worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_network import driver_of, network_of, on_arcs, tables_of

from routing.travel.apply import apply_conditions
from routing.travel.conditions import Closure, OnWay, Slowdown
from routing.travel.matrix import waited_out
from routing.travel.metric import Metric
from routing.travel.speed_table import free_flow

#   a ──60 s── b ──40 s── c        each 600 m and 400 m long
#              └──90 s── d ──10 s── c
NODES = {"a": (0, 0), "b": (600, 0), "c": (1000, 0), "d": (600, 300)}
ROADS = [("a", "b", 60), ("b", "c", 40), ("b", "d", 90), ("d", "c", 10)]


@pytest.fixture
def network():
    return network_of(NODES, ROADS, turn_ms=2000)


def seconds(network, metric, start, end, depart_s=0):
    found = driver_of(network, metric, on_arcs([start, end])).drive(0, 1, depart_s)
    return None if found is None else found.duration_s


def test_counts_the_rest_of_the_first_arc_the_turn_and_the_part_of_the_last(network):
    # half of 60 s + 2 s turn + a quarter of 40 s = 42 s; 300 m + 100 m
    found = driver_of(network, free_flow(network), on_arcs([(0, 0.5), (1, 0.25)])).drive(0, 1, 0)
    assert (found.duration_s, found.distance_m, found.arcs.tolist()) == (42, 400, [0, 1])


def test_drives_straight_ahead_on_one_arc_but_not_back(network):
    assert seconds(network, free_flow(network), (0, 0.25), (0, 0.75)) == 30
    assert seconds(network, free_flow(network), (0, 0.75), (0, 0.25)) is None


def test_rounds_up_once_per_leg(network):
    # 0.1 of 60 s = 6 s; 1/7 of 60 s = 8.571… s → 9 s
    assert seconds(network, free_flow(network), (0, 0.5), (0, 0.6)) == 6
    assert seconds(network, free_flow(network), (0, 0.5), (0, 0.5 + 1 / 7)) == 9


def test_goes_on_at_the_new_speed_when_the_slice_changes_on_the_arc(network):
    free = free_flow(network)
    metric = Metric(
        slice_start_s=np.array([0, 100]),
        arc_ms=np.vstack((free.arc_ms, 3 * free.arc_ms)),
        closed=np.zeros((2, 4), bool),
    )
    # leaves at 80 s: 20 s at full speed cover a third of the arc, the other two thirds take 2/3 of 180 s = 120 s
    assert seconds(network, metric, (0, 0), (0, 1), 80) == 140


def test_waits_out_a_closure_that_ends_before_the_way_round_would_arrive(network):
    closed = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=101), from_s=0, until_s=90)])
    # at b after 60 s + 2 s turn; the road to c opens at 90 s: 90 + 40 = 130 s. The way round by d takes
    # 62 + 90 + 2 + 10 = 164 s.
    assert seconds(network, closed, (0, 0), (1, 1)) == 130


def test_takes_the_way_round_a_closure_that_lasts_longer(network):
    closed = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=101), from_s=0, until_s=900)])
    snapped = on_arcs([(0, 0), (3, 1)])
    found = driver_of(network, closed, snapped).drive(0, 1, 0)
    assert (found.duration_s, found.arcs.tolist()) == (164, [0, 2, 3])


def test_a_closure_without_end_leaves_no_drive(network):
    closed = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=101))])
    assert seconds(network, closed, (0, 0), (1, 1)) is None


def test_who_stands_on_a_road_when_it_closes_may_drive_off_it_but_not_along_it(network):
    closed = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=100), from_s=0, until_s=600)])
    # from the middle of a→b: 30 s to its end, 2 s of turn, 40 s to c; along a→b itself it waits until 600 s
    assert seconds(network, closed, (0, 0.5), (1, 1)) == 72
    assert seconds(network, closed, (0, 0.5), (0, 0.75)) == 615
    table = tables_of(network, closed, on_arcs([(0, 0.5), (1, 1)]), np.array([0]))
    assert table.duration_s[0, 0, 1] == 72


def test_sees_a_slowdown_only_while_it_holds(network):
    slow = Slowdown(where=OnWay(way_id=100), speed_factor=0.5, from_s=1000, until_s=2000)
    metric = apply_conditions(network, free_flow(network), [slow])
    assert [seconds(network, metric, (0, 0), (0, 1), at) for at in (0, 1000, 2000)] == [60, 120, 60]
    # leaves at 970: 30 s cover half, the other half takes 60 s
    assert seconds(network, metric, (0, 0), (0, 1), 970) == 90


def test_the_table_of_a_slice_holds_its_speeds_still(network):
    slow = Slowdown(where=OnWay(way_id=100), speed_factor=0.5, from_s=1000)
    metric = apply_conditions(network, free_flow(network), [slow])
    table = tables_of(network, metric, on_arcs([(0, 0), (1, 1)]), np.arange(2))
    # 60 + 2 + 40 = 102 s, then 120 + 2 + 40 = 162 s; never back, for there is no road; 600 m + 400 m
    assert table.duration_s[:, 0, 1].tolist() == [102, 162]
    assert table.distance_m[:, 0, 1].tolist() == [1000, 1000]
    assert table.reachable[:, 1, 0].tolist() == [False, False]
    assert table.duration_s[:, 0, 0].tolist() == [0, 0]


def test_a_forbidden_turn_is_not_driven():
    network = network_of(NODES, ROADS, forbidden={("a", "b", "c")})
    # 60 + 90 + 10 = 160 s by d, and the end of b→c itself cannot be reached at all
    assert seconds(network, free_flow(network), (0, 0), (3, 1)) == 160
    assert seconds(network, free_flow(network), (0, 0), (1, 1)) is None


def test_the_second_time_round_the_block_is_found():
    # a ring of three one-way arcs of 10 s each: from the middle of the first to a quarter of it is 5 + 10 + 10 + 2.5 s
    network = network_of({"a": (0, 0), "b": (100, 0), "c": (0, 100)}, [("a", "b", 10), ("b", "c", 10), ("c", "a", 10)])
    assert seconds(network, free_flow(network), (0, 0.5), (0, 0.25)) == 28
    table = tables_of(network, free_flow(network), on_arcs([(0, 0.5), (0, 0.25)]), np.arange(1))
    assert table.duration_s[0].tolist() == [[0, 28], [3, 0]]


def test_the_search_tables_wait_for_a_road_that_opens_again():
    # only a→b, closed from 100 to 400 s: in that slice the table says 300 s of waiting and 60 s of driving
    network = network_of({"a": (0, 0), "b": (600, 0)}, [("a", "b", 60)])
    closed = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=100), from_s=100, until_s=400)])
    table = waited_out(tables_of(network, closed, on_arcs([(0, 0), (0, 1)]), np.arange(3)), 0)
    assert table.duration_s[:, 0, 1].tolist() == [60, 360, 60]
    assert table.reachable[:, 0, 1].tolist() == [True, True, True]
    assert not table.reachable[:, 1, 0].any()
