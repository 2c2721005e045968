"""Which arcs a report means, and that reports mean the same in whatever order and number they come."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from ascii_map import STEP_DEG, arc_letters, build
from tiny_network import METRES_PER_DEG, network_of

from routing.network.location import Location
from routing.travel.apply import apply_conditions
from routing.travel.conditions import AlongLine, BetweenNodes, Closure, OnWay, Slowdown
from routing.travel.drive import drive
from routing.travel.matrix import travel_matrix
from routing.travel.speed_table import free_flow
from routing.travel.where import arcs_of

ROAD = {"highway": "residential"}
COMB = """
a-b-c-d-e
  | | |
  p q r
"""
TEETH = {"bp": ROAD, "cq": ROAD, "dr": ROAD}


def _between(network, first, second):
    names = arc_letters(network)
    where = BetweenNodes(from_osm_id=ord(first), to_osm_id=ord(second))
    return sorted(names[arc] for arc in arcs_of(network, where))


def test_junctions_of_a_long_way_mean_what_lies_between_them(tmp_path):
    network = build(tmp_path, COMB, {"abcde": ROAD, **TEETH})
    assert _between(network, "b", "d") == ["bc", "cd"]
    assert _between(network, "d", "b") == ["cb", "dc"]
    assert _between(network, "a", "e") == ["ab", "bc", "cd", "de"]


def test_a_way_that_passes_a_node_twice_is_followed_in_its_own_order(tmp_path):
    # the way runs up from s, once round the square and on from x to t
    square = """
z-y
| |
w-x-t
  |
  s
"""
    network = build(tmp_path, square, {"sxyzwxt": ROAD})
    assert _between(network, "s", "y") == ["sx", "xyz"]
    assert _between(network, "y", "t") == ["xt", "xyz", "zwx"]


def test_a_short_line_on_a_long_straight_road_names_it():
    network = network_of({"w": (0, 0), "x": (600, 0)}, [("w", "x", 60), ("x", "w", 60)])
    line = AlongLine(points_deg=((0, 20 / METRES_PER_DEG), (0, 120 / METRES_PER_DEG)))
    assert arcs_of(network, line).tolist() == [0]


@pytest.fixture
def straight():
    nodes = {"w": (0, 0), "x": (600, 0), "y": (1200, 0)}
    return network_of(nodes, [("w", "x", 60), ("x", "y", 30), ("y", "x", 30), ("x", "w", 60)])


def test_delays_on_one_stretch_add_up_in_any_order(straight):
    # 90 s on both arcs come 2 to 1: 60 and 30; 11 s more on the first alone: 60 + 60 + 11 and 30 + 30
    whole = AlongLine(points_deg=((0, 0), (0, 1200 / METRES_PER_DEG)))
    reports = [
        Slowdown(where=whole, delay_s=90),
        Slowdown(where=OnWay(way_id=100), delay_s=11),
        Slowdown(where=OnWay(way_id=101), speed_factor=0.9),
        Slowdown(where=OnWay(way_id=101), speed_factor=0.7),
        Slowdown(where=OnWay(way_id=101), speed_factor=0.3),
    ]
    assert apply_conditions(straight, free_flow(straight), reports[:2]).arc_ms[0, :2].tolist() == [131_000, 60_000]
    times = [
        apply_conditions(straight, free_flow(straight), order).arc_ms.tolist()
        for order in itertools.permutations(reports)
    ]
    assert all(time == times[0] for time in times)


def test_absurd_delays_stay_times(straight):
    reports = [Slowdown(where=OnWay(way_id=100), delay_s=10**9, id=str(n)) for n in range(20)]
    slowed = apply_conditions(straight, free_flow(straight), reports).arc_ms[0]
    assert slowed[0] > 3 * 86_400 * 1000  # three days, and no sum beyond 32 bits
    assert slowed[1:].tolist() == [30_000, 30_000, 60_000]


def test_a_report_from_the_first_instant_of_a_metric_does_not_hold_before_it(straight):
    metric = free_flow(straight)
    closed = apply_conditions(straight, metric, [Closure(where=OnWay(way_id=100), from_s=0)])
    assert closed.closed[closed.slice_at(-1), 0].tolist() is False
    assert closed.closed[closed.slice_at(0), 0].tolist() is True


def test_the_very_beginning_of_a_closed_road_is_closed_too(tmp_path):
    # a place at the corner x belongs to the road w-x, the first of the two; from e one waits for it until 1000
    network = build(tmp_path, "w---x---e", {"wx": ROAD, "xe": ROAD})
    corner = network.node_id.tolist().index(ord("x"))
    x = Location(lat_deg=float(network.node_lat_deg[corner]), lon_deg=float(network.node_lon_deg[corner]))
    e = Location(lat_deg=0.0, lon_deg=6 * STEP_DEG)
    way = OnWay(way_id=int(network.arc_way_id[arc_letters(network).index("wx")]))
    shut, metric = Closure(where=way, from_s=-10), free_flow(network)
    assert drive(network, apply_conditions(network, metric, [shut]), e, x, 0) is None
    until = apply_conditions(network, metric, [Closure(where=way, from_s=-10, until_s=1000)])
    waited = drive(network, until, e, x, 0)
    assert waited is not None
    assert waited.duration_s == 1000
    assert not np.asarray(travel_matrix(network, until, [e, x]).reachable[until.slice_at(0), 0, 1])
