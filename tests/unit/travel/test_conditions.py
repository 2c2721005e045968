"""What traffic, closures and weather do to the times of arcs, worked out on paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tiny_network import METRES_PER_DEG, network_of

from routing.errors import InputError
from routing.travel.apply import apply_conditions, matches
from routing.travel.conditions import AlongLine, BetweenNodes, Closure, InPolygon, OnWay, Slowdown, Weather
from routing.travel.speed_table import SpeedTable, free_flow, time_of_day
from routing.travel.where import arcs_of

# w ── x ── y along the equator, both directions, and a side street north from x; 600 m in 60 s each is 36 km/h
NODES = {"w": (0, 0), "x": (600, 0), "y": (1200, 0), "n": (600, 600)}
ROADS = [("w", "x", 60), ("x", "w", 60), ("x", "y", 60), ("y", "x", 60), ("x", "n", 60), ("n", "x", 60)]


@pytest.fixture
def network():
    return network_of(NODES, ROADS)


def at(x_m, y_m):
    return (y_m / METRES_PER_DEG, x_m / METRES_PER_DEG)


def seconds(network, *conditions, k=0):
    return (apply_conditions(network, free_flow(network), conditions).arc_ms[k] / 1000).tolist()


def test_factors_multiply_and_leave_other_arcs_alone(network):
    # 60 s at 0.5 of the speed, then at 0.7 for snow: 60 / 0.35 = 171.43 s, rounded up to the millisecond
    times = seconds(network, Slowdown(where=OnWay(way_id=100), speed_factor=0.5), Weather(condition="snow"))
    assert times[0] == pytest.approx(171.429)
    assert times[1] == pytest.approx(85.715)


def test_a_reported_speed_replaces_the_factors_and_the_lowest_wins(network):
    # 600 m at 12 km/h are 180 s; a report of 90 km/h on a road of 36 km/h changes nothing
    slow, slower = (Slowdown(where=OnWay(way_id=100), speed_kph=kph) for kph in (18.0, 12.0))
    assert seconds(network, slow, slower, Weather(condition="snow"))[0] == 180
    assert seconds(network, Slowdown(where=OnWay(way_id=100), speed_kph=90.0))[0] == 60


def test_a_delay_is_spread_over_each_direction_of_the_stretch(network):
    # the line w→x→y takes 120 s; 30 s more are 75 s on each of its two arcs
    line = AlongLine(points_deg=(at(0, 0), at(1200, 0)))
    assert seconds(network, Slowdown(where=line, delay_s=30)) == [75, 60, 75, 60, 60, 60]


def test_traffic_never_falls_below_walking_speed(network):
    # 600 m at 3 km/h are 720 s
    assert seconds(network, Slowdown(where=OnWay(way_id=100), speed_factor=0.001))[0] == 720


def test_slices_are_cut_where_a_condition_begins_and_ends(network):
    metric = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=100), from_s=100, until_s=300)])
    assert metric.slice_start_s.tolist() == [0, 100, 300]
    assert metric.closed[:, 0].tolist() == [False, True, False]


def test_a_condition_older_than_the_metric_does_not_reach_back_for_ever(network):
    metric = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=100), from_s=-50)])
    assert [bool(metric.closed[metric.slice_at(s), 0]) for s in (-51, -50, 0, 999)] == [False, True, True, True]


def test_places_name_their_arcs(network):
    both = arcs_of(network, OnWay(way_id=102)).tolist()
    assert both == [2]
    assert arcs_of(network, OnWay(way_id=102, direction="backward")).tolist() == []
    # nodes are numbered in the order of NODES from 1: w=1, x=2, y=3
    assert arcs_of(network, BetweenNodes(from_osm_id=2, to_osm_id=3)).tolist() == [2]
    assert arcs_of(network, BetweenNodes(from_osm_id=3, to_osm_id=2)).tolist() == [3]
    square = InPolygon(rings_deg=((at(590, 300), at(610, 300), at(610, 400), at(590, 400), at(590, 300)),))
    assert arcs_of(network, square).tolist() == [4, 5]


def test_a_line_takes_the_arcs_in_its_direction_only(network):
    assert arcs_of(network, AlongLine(points_deg=(at(1200, 10), at(0, 10)))).tolist() == [1, 3]
    assert arcs_of(network, AlongLine(points_deg=(at(0, 60), at(1200, 60)))).tolist() == []


def test_says_how_many_arcs_a_condition_touches(network):
    found = matches(network, [Closure(where=OnWay(way_id=100), id="a"), Closure(where=OnWay(way_id=7), id="b")])
    assert [(each.condition_id, each.arcs) for each in found] == [("a", 1), ("b", 0)]


def test_names_every_fault_of_the_conditions_at_once(network):
    where = OnWay(way_id=100)
    faulty = [
        Slowdown(where=where, id="none"),
        Slowdown(where=where, speed_factor=0.5, delay_s=3, id="two"),
        Slowdown(where=where, speed_factor=0.0, id="still"),
        Weather(condition="frogs", id="plague"),
        Closure(where=where, from_s=10, until_s=10, id="empty"),
    ]
    with pytest.raises(InputError) as caught:
        apply_conditions(network, free_flow(network), faulty)
    assert [issue.where.split()[-1] for issue in caught.value.issues] == ["none", "two", "still", "plague", "empty"]


def test_the_day_follows_the_clocks_of_the_zone(network):
    table = SpeedTable(slice_start_s=(0, 8 * 3600), factors=(("residential", (1.0, 0.5)),))
    metric = time_of_day(network, table, date=date(2026, 3, 29), time_zone="Europe/Berlin", days=2)
    # Midnight is 23:00 UTC on the 28th, 1774738800 s. Clocks go forward at 02:00, so 08:00 comes after 7 hours,
    # and the next midnight after 23.
    midnight = 1774738800
    assert (metric.slice_start_s - midnight).tolist() == [0, 7 * 3600, 23 * 3600, 31 * 3600]
    assert metric.arc_ms[:, 0].tolist() == [60_000, 120_000, 60_000, 120_000]


def test_the_default_table_slows_the_morning_and_frees_the_night(network):
    metric = time_of_day(network)
    night, morning = metric.slice_at(3 * 3600), metric.slice_at(8 * 3600)
    # residential roads keep 0.88 of their speed from 07:00 on: 60 / 0.88 = 68.182 s
    assert metric.arc_ms[[night, morning], 0].tolist() == [60_000, 68_182]
    assert np.all(np.diff(metric.slice_start_s) > 0)


def test_refuses_a_table_that_does_not_cover_the_day(network):
    with pytest.raises(InputError) as caught:
        time_of_day(network, SpeedTable(slice_start_s=(60,), factors=(("road", (1.0,)), ("residential", (0.0,)))))
    assert [issue.code for issue in caught.value.issues] == ["SPEED_SLICES", "SPEED_FACTORS", "SPEED_FACTORS"]
