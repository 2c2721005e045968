"""Tables of speeds and weather, as users write them."""

from __future__ import annotations

from datetime import date

import pytest
from tiny_network import network_of

from routing.errors import InputError
from routing.interface.read_speed_tables import (
    read_speeds,
    read_ways,
    read_weather_factors,
    speed_lines,
    weather_lines,
)
from routing.travel.overrides import Overrides
from routing.travel.speed_table import DEFAULT_SPEED_TABLE, time_of_day
from routing.travel.weather import DEFAULT_WEATHER

FRIDAY = date(2026, 11, 20)


def network(road_class="residential"):
    return network_of({"w": (0, 0), "x": (600, 0)}, [("w", "x", 60), ("x", "w", 60)], road_class=road_class)


def seconds_at(hour, text, day=FRIDAY, road_class="residential"):
    metric = time_of_day(network(road_class), read_speeds(text.encode(), name="s.csv"), date=day, days=1)
    return int(metric.arc_ms[metric.slice_at(int(metric.slice_start_s[0]) + round(hour * 3600)), 0]) / 1000


def test_the_last_line_that_holds_counts():
    text = (
        "class,days,time_from,time_to,factor,speed_kph\n"
        "residential,,,,0.8,\n"
        "residential,Mo-Fr,07:00,09:00,0.5,\n"
        "residential,Fr,08:00,08:30,,12\n"
        "residential,Fr,22:00,06:00,1,\n"
    )
    # 60 s by 0.8 and 0.5; 600 m at 12 km/h are 180 s; free at night
    hours = {12: 75, 7.5: 120, 8.25: 180, 8.5: 120, 23: 60, 5: 60}
    assert {hour: seconds_at(hour, text) for hour in hours} == hours
    assert seconds_at(7.5, text, day=date(2026, 11, 21)) == 75
    # a class that no line names moves at free flow
    assert seconds_at(7.5, text, road_class="primary") == 60


def test_a_class_means_its_links_too():
    text = "class,factor\nprimary,0.5\n"
    assert seconds_at(0, text, road_class="primary_link") == 120


def test_the_default_tables_written_and_read_say_the_same():
    again = read_speeds("\n".join(speed_lines(DEFAULT_SPEED_TABLE)).encode(), name="s.csv")
    for road_class in ("motorway", "secondary_link", "service"):
        roads = network(road_class)
        for day in (FRIDAY, date(2026, 11, 21), date(2026, 11, 22)):
            metrics = [time_of_day(roads, table, date=day) for table in (DEFAULT_SPEED_TABLE, again)]
            assert metrics[0].slice_start_s.tolist() == metrics[1].slice_start_s.tolist()
            assert metrics[0].arc_ms.tolist() == metrics[1].arc_ms.tolist()
    assert read_weather_factors("\n".join(weather_lines(DEFAULT_WEATHER)).encode(), name="w.csv") == DEFAULT_WEATHER


def test_ways_have_their_times_and_directions():
    text = (
        "way_id;direction;factor;speed_kph;valid_from;valid_to;days;time_from;time_to\n"
        "100;both;0.5;;;;Mo-Fr;07:00;09:00\n"
        "100;forward;;0;2026-11-20T12:00;2026-11-20T13:00;;;\n"
    )
    ways = read_ways(text.encode(), name="ways.csv", day=FRIDAY, time_zone="UTC")
    metric = time_of_day(
        network(),
        read_speeds(b"class,factor\nother,1\n", name="s"),
        date=FRIDAY,
        days=1,
        overrides=Overrides(ways=ways),
    )
    hour = ((metric.slice_start_s - metric.slice_start_s[0]) / 3600).tolist()
    assert hour == [0, 7, 9, 12, 13]
    assert metric.arc_ms[:, 0].tolist() == [60_000, 120_000, 60_000, 60_000, 60_000]
    assert metric.closed[:, 0].tolist() == [False, False, False, True, False]
    assert [each.where for each in ways] == ["ways.csv:2", "ways.csv:3"]


def faults(read, text, **more):
    with pytest.raises(InputError) as caught:
        read(text.encode(), name="f.csv", **more)
    return [(issue.where, issue.code) for issue in caught.value.issues]


def test_names_every_fault_of_a_table_of_speeds():
    text = (
        "class,days,time_from,time_to,factor,speed_kph\n"
        "moor,,,,0.5,\n"
        "primary,weekdays,,,0.5,\n"
        "primary,,25:00,26:00,0.5,\n"
        "primary,,07:00,07:00,0.5,\n"
        "primary,,,,0.5,30\n"
        "primary,,,,,\n"
        "primary,,,,0,\n"
    )
    assert faults(read_speeds, text) == [
        ("f.csv:2:class", "CLASS_UNKNOWN"),
        ("f.csv:3:days", "DAYS_UNKNOWN"),
        ("f.csv:4:time_from", "TIME_FORMAT"),
        ("f.csv:4:time_to", "TIME_FORMAT"),
        ("f.csv:5:time_to", "TIME_FORMAT"),
        ("f.csv:6:factor", "SPEED_VALUE"),
        ("f.csv:7:factor", "SPEED_VALUE"),
        ("f.csv:8:factor", "VALUE_INVALID"),
    ]


def test_names_every_fault_of_a_table_of_ways():
    text = (
        "way_id,direction,factor,valid_from,valid_to\n"
        "main road,both,0.5,,\n"
        "1,upward,0.5,,\n"
        "1,both,0.5,tomorrow,\n"
        "1,both,0.5,09:00,08:00\n"
    )
    assert faults(read_ways, text, day=FRIDAY, time_zone="UTC") == [
        ("f.csv:2:way_id", "NOT_A_NUMBER"),
        ("f.csv:3:direction", "VALUE_UNKNOWN"),
        ("f.csv:4:valid_from", "TIME_FORMAT"),
        ("f.csv:5:valid_to", "WINDOW_REVERSED"),
    ]


def test_names_every_fault_of_a_table_of_weather():
    text = "condition,class,factor\n,,0.5\nhail,moor,0.5\nhail,,1.5\n"
    assert [where for where, _ in faults(read_weather_factors, text)] == [
        "f.csv:2:condition",
        "f.csv:3:class",
        "f.csv:4:factor",
    ]


def test_a_word_that_is_not_known_is_answered_by_those_that_are():
    with pytest.raises(InputError, match="'forward', 'backward' or 'both'"):
        read_ways(b"way_id,direction,factor\n1,upward,0.5\n", name="f.csv", day=FRIDAY, time_zone="UTC")
