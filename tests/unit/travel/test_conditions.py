"""What traffic, closures and weather do to the times of arcs, worked out on paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tiny_network import METRES_PER_DEG, network_of

from routing.errors import InputError
from routing.travel.apply import apply_conditions, matches
from routing.travel.conditions import AlongLine, BetweenNodes, Closure, InPolygon, OnWay, Reopening, Slowdown, Weather
from routing.travel.metric import Metric
from routing.travel.speed_table import SpeedTable, free_flow, time_of_day
from routing.travel.weather import WeatherRow, WeatherTable
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


def test_what_fades_goes_back_to_the_usual_speed_in_four_steps(network):
    # half the speed up to 1000, then an eighth, three, five and seven eighths of the way back to all of it
    metric = apply_conditions(
        network,
        free_flow(network),
        [Slowdown(where=OnWay(way_id=100), speed_factor=0.5, from_s=100, until_s=1000, fade_s=800)],
    )
    assert metric.slice_start_s.tolist() == [0, 100, 1000, 1200, 1400, 1600, 1800]
    factors = [1, 0.5, 0.5625, 0.6875, 0.8125, 0.9375, 1]
    assert (metric.arc_ms[:, 0] / 60_000).tolist() == pytest.approx([1 / factor for factor in factors], rel=1e-4)


def test_a_report_without_an_end_fades_from_its_beginning(network):
    # 36 km/h are usual, 4 reported: 8, 16, 24 and 32 km/h as it fades by an eighth, three, five and seven eighths
    metric = apply_conditions(
        network, free_flow(network), [Slowdown(where=OnWay(way_id=100), speed_kph=4, from_s=100, fade_s=400)]
    )
    assert metric.slice_start_s.tolist() == [0, 100, 200, 300, 400, 500]
    assert metric.arc_ms[:, 0].tolist() == [60_000, 270_000, 135_000, 90_000, 67_500, 60_000]


def test_a_delay_fades_too(network):
    # 80 s more, then 70, 50, 30 and 10
    metric = apply_conditions(
        network, free_flow(network), [Slowdown(where=OnWay(way_id=100), delay_s=80, from_s=10, until_s=20, fade_s=40)]
    )
    assert metric.arc_ms[:, 0].tolist() == [60_000, 140_000, 130_000, 110_000, 90_000, 70_000, 60_000]


def closed_at(network, *words, base=None):
    metric = apply_conditions(network, base or free_flow(network), words)
    return [bool(metric.closed[metric.slice_at(instant), 0]) for instant in (50, 150, 250, 350)]


def test_the_last_word_on_a_road_counts(network):
    way = OnWay(way_id=100)
    shut = Closure(where=way, from_s=100, until_s=400)
    assert closed_at(network, shut, Reopening(where=way, from_s=200)) == [False, True, False, False]
    # open for a while only: the older word holds again
    assert closed_at(network, shut, Reopening(where=way, from_s=200, until_s=300)) == [False, True, False, True]
    # a closure announced for later still comes, also for a road that was said to be open before
    assert closed_at(network, Reopening(where=way, from_s=40), shut) == [False, True, True, True]
    # both at once: closed
    assert closed_at(network, Reopening(where=way, from_s=100), shut) == [False, True, True, True]


def test_a_report_opens_what_the_map_closes(network):
    shut = apply_conditions(network, free_flow(network), [Closure(where=OnWay(way_id=100))])
    assert closed_at(network, Reopening(where=OnWay(way_id=100), from_s=200), base=shut) == [True, True, False, False]


def test_weather_slows_motorways_less_than_streets():
    times = {}
    for road_class in ("motorway", "residential"):
        network = network_of(NODES, ROADS, road_class=road_class)
        times[road_class] = seconds(network, Weather(condition="snow_heavy"))[0]
    # 60 s / 0.87 and 60 s / 0.60
    assert times == {"motorway": pytest.approx(68.966), "residential": 100.0}


def test_a_table_of_one_s_own_says_what_weather_does(network):
    table = WeatherTable(
        rows=(
            WeatherRow(condition="sandstorm", factor=0.5),
            WeatherRow(condition="sandstorm", road_class="motorway", factor=0.25),
        )
    )
    metric = apply_conditions(network, free_flow(network), [Weather(condition="sandstorm")], weather=table)
    assert metric.arc_ms[0].tolist() == [120_000] * 6
    with pytest.raises(InputError) as caught:
        apply_conditions(network, free_flow(network), [Weather(condition="snow")], weather=table)
    assert [issue.code for issue in caught.value.issues] == ["WEATHER_UNKNOWN"]


def test_names_every_fault_of_a_weather_table(network):
    rows = (
        WeatherRow(condition="a", factor=0.0),
        WeatherRow(condition="a", road_class="moor", factor=0.5),
    )
    with pytest.raises(InputError) as caught:
        apply_conditions(network, free_flow(network), [], weather=WeatherTable(rows=rows))
    assert [issue.code for issue in caught.value.issues] == ["WEATHER_FACTOR", "WEATHER_CLASS"]


def test_turns_that_are_closed_at_times_stay_so_where_a_condition_cuts_the_slices(network):
    free = free_flow(network)
    timed = Metric(
        slice_start_s=np.array([0, 100]),
        arc_ms=np.repeat(free.arc_ms, 2, axis=0),
        closed=np.repeat(free.closed, 2, axis=0),
        timed_turn=np.array([1], np.int32),
        turn_closed=np.array([[False], [True]]),
    )
    metric = apply_conditions(network, timed, [Closure(where=OnWay(way_id=100), from_s=50, until_s=150)])
    assert (metric.slice_start_s.tolist(), metric.timed_turn.tolist()) == ([0, 50, 100, 150], [1])
    assert metric.turn_closed[:, 0].tolist() == [False, False, True, True]


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
        Slowdown(where=where, speed_factor=0.5, fade_s=60, id="whence"),
        Weather(condition="rain", from_s=0, fade_s=0, id="never"),
    ]
    with pytest.raises(InputError) as caught:
        apply_conditions(network, free_flow(network), faulty)
    assert [issue.where.split()[-1] for issue in caught.value.issues] == [
        "none",
        "two",
        "still",
        "plague",
        "empty",
        "whence",
        "never",
    ]


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
