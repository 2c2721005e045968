"""Which arcs a report means, and that reports mean the same in whatever order and number they come."""

from __future__ import annotations

import itertools
from dataclasses import replace

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
from routing.travel.where import Places, arcs_of

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
    # a place 2 m up the road w-x from its corner; from e one waits there until 1000, then 2 m at 25 km/h take 0.288 s
    network = build(tmp_path, "w---x---e", {"wx": ROAD, "xe": ROAD})
    corner = network.node_id.tolist().index(ord("x"))
    x = Location(
        lat_deg=float(network.node_lat_deg[corner]),
        lon_deg=float(network.node_lon_deg[corner]) - 2 / METRES_PER_DEG,
    )
    e = Location(lat_deg=0.0, lon_deg=6 * STEP_DEG)
    way = OnWay(way_id=int(network.arc_way_id[arc_letters(network).index("wx")]))
    shut, metric = Closure(where=way, from_s=-10), free_flow(network)
    assert drive(network, apply_conditions(network, metric, [shut]), e, x, 0) is None
    until = apply_conditions(network, metric, [Closure(where=way, from_s=-10, until_s=1000)])
    waited = drive(network, until, e, x, 0)
    assert waited is not None
    assert waited.duration_s == 1001
    assert not np.asarray(travel_matrix(network, until, [e, x]).reachable[until.slice_at(0), 0, 1])


def test_a_delay_on_a_line_counts_once_whatever_way_its_roads_were_drawn(tmp_path):
    # w-x is drawn along the line and y-x against it: 30 s more on two roads of equal time are 15 s on each
    network = build(tmp_path, "w---x---y", {"wx": ROAD, "yx": ROAD})
    names = arc_letters(network)
    line = AlongLine(points_deg=((0.0, 0.0), (0.0, 8 * STEP_DEG)))
    free = free_flow(network)
    more_ms = apply_conditions(network, free, [Slowdown(where=line, delay_s=30)]).arc_ms[0] - free.arc_ms[0]
    assert {names[arc]: int(more_ms[arc]) for arc in np.flatnonzero(more_ms)} == {"wx": 15_000, "xy": 15_000}


@pytest.fixture
def partly(tmp_path):
    """Return a road from w to x with a point m at a quarter of it."""
    network = build(tmp_path, "wm--x", {"wmx": ROAD})
    return network, arc_letters(network).index("wmx"), arc_letters(network).index("xmw")


def test_nodes_within_an_arc_mean_the_part_between_them(partly):
    network, out, back = partly
    found = Places(network).touched(BetweenNodes(from_osm_id=ord("w"), to_osm_id=ord("m")))
    assert found.arc.tolist() == [out]
    assert found.share.tolist() == pytest.approx([0.25], rel=1e-4)
    found = Places(network).touched(BetweenNodes(from_osm_id=ord("x"), to_osm_id=ord("m")))
    assert (found.arc.tolist(), found.share.tolist()) == ([back], pytest.approx([0.75], rel=1e-4))


def test_nodes_within_two_arcs_of_a_way_mean_a_part_of_each(tmp_path):
    # from m, a quarter into a-b, to n, three quarters into b-c
    network = build(tmp_path, "am--b--nc\n    |\n    d", {"ambnc": ROAD, "bd": ROAD})
    names = arc_letters(network)
    found = Places(network).touched(BetweenNodes(from_osm_id=ord("m"), to_osm_id=ord("n")))
    assert [names[arc] for arc in found.arc] == ["amb", "bnc"]
    assert found.share.tolist() == pytest.approx([0.75, 0.75], rel=1e-4)


def test_a_report_on_a_part_of_an_arc_slows_that_part(partly):
    network, out, _ = partly
    free_ms, length_mm = int(network.arc_free_ms[out]), int(network.arc_length_mm[out])
    part = BetweenNodes(from_osm_id=ord("w"), to_osm_id=ord("m"))

    def time_ms(*conditions):
        return int(apply_conditions(network, free_flow(network), conditions).arc_ms[0, out])

    # half the speed on a quarter: a quarter of the time twice, three quarters once
    assert time_ms(Slowdown(where=part, speed_factor=0.5)) == pytest.approx(1.25 * free_ms, rel=1e-4)
    # 4 km/h on a quarter of the length, the rest as before
    expected_ms = length_mm / 4 * 3.6 / 4 + 0.75 * free_ms
    assert time_ms(Slowdown(where=part, speed_kph=4.0)) == pytest.approx(expected_ms, rel=1e-4)
    # the delay of a part is that of a whole: the vehicle passes it once
    assert time_ms(Slowdown(where=part, delay_s=30)) == free_ms + 30_000


def test_a_line_on_a_part_of_an_arc_means_that_part(straight):
    # of the 31 pieces of 19.35 m those whose middle lies at most 25 m beyond the 350 m of the line: 19
    line = AlongLine(points_deg=((0, 0), (0, 350 / METRES_PER_DEG)))
    found = Places(straight).touched(line)
    assert (found.arc.tolist(), found.share.tolist()) == ([0], pytest.approx([19 / 31], rel=1e-3))
    closed = apply_conditions(straight, free_flow(straight), [Closure(where=line)]).closed
    assert closed[0].tolist() == [True, False, False, False]


def test_a_delay_between_two_nodes_on_one_spot_is_met_once():
    network = network_of({"w": (0, 0), "x": (600, 0)}, [("w", "x", 60), ("x", "w", 60)])
    # a second node stands where the road begins
    lat, lon, node = (np.insert(each, 1, each[0]) for each in (
        network.shape_lat_deg, network.shape_lon_deg, network.shape_node_id
    ))  # fmt: skip
    node[1] = 9
    shapes = {"shape_lat_deg": lat, "shape_lon_deg": lon, "shape_node_id": node}
    network = replace(network, shape_first=np.array([0, 3, 5]), **shapes)
    delay = Slowdown(where=BetweenNodes(from_osm_id=1, to_osm_id=9), delay_s=30)
    assert apply_conditions(network, free_flow(network), [delay]).arc_ms.tolist() == [[90_000, 60_000]]
