"""Which speeds hold on which day and at which hour: the table's, the map's timed rules and those of single roads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from ascii_map import arc_letters, build
from tiny_network import network_of

from routing.errors import InputError
from routing.network.road_network import CLOSED_OUTSIDE, CLOSED_WITHIN, SPEED_WITHIN, TURN_CLOSED_WITHIN
from routing.travel.conditions import OnWay
from routing.travel.hours import Period, Span, names_days
from routing.travel.overrides import NodeSpeeds, Overrides, WaySpeed, unmatched
from routing.travel.speed_table import DayRows, SpeedTable, check_speed_table, free_flow, time_of_day

HOUR = 3600
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
FLAT = SpeedTable(slice_start_s=(0,), factors=())
ROAD = {"highway": "residential"}


@pytest.fixture
def network():
    """Return w ── x ── y, both directions, 600 m in 60 s each."""
    nodes = {"w": (0, 0), "x": (600, 0), "y": (1200, 0)}
    return network_of(nodes, [("w", "x", 60), ("x", "y", 60), ("y", "x", 60), ("x", "w", 60)])


def ruled(network, *rules):
    """Return the network with timed rules: hours, effect, km/h, members."""
    members = [np.array(each[3], np.int32) for each in rules]
    return replace(
        network,
        rule_hours=tuple(each[0] for each in rules),
        rule_effect=np.array([each[1] for each in rules], np.uint8),
        rule_kph=np.array([each[2] for each in rules], float),
        rule_first=np.cumsum([0, *(each.size for each in members)]),
        rule_member=np.concatenate(members),
    )


def hours_of(metric, row):
    """Return (hour since the first slice, value) wherever a row of values changes."""
    hour = (metric.slice_start_s - metric.slice_start_s[0]) / HOUR
    return [
        (h, value)
        for k, (h, value) in enumerate(zip(hour.tolist(), row.tolist(), strict=True))
        if k == 0 or row[k] != row[k - 1]
    ]


def test_each_kind_of_day_has_its_own_rows(network):
    table = SpeedTable(
        slice_start_s=(0, 8 * HOUR, 10 * HOUR),
        factors=(("residential", (1.0, 0.5, 0.8)),),
        other_days=(DayRows(days="Sa-Su", factors=(("residential", (None, 1.0, None)),)),),
    )
    metric = time_of_day(network, table, date=FRIDAY, time_zone="UTC")
    # Friday 08 to 10 at half the speed; Saturday not slowed then, and from 10 on as every day: 60 / 0.8 = 75
    assert hours_of(metric, metric.arc_ms[:, 0]) == [
        (0, 60_000),
        (8, 120_000),
        (10, 75_000),
        (24, 60_000),
        (34, 75_000),
    ]


def test_a_table_may_give_speeds_but_none_above_free_flow(network):
    table = SpeedTable(slice_start_s=(0, 12 * HOUR), factors=(), speeds_kph=(("residential", (18.0, 90.0)),))
    # 600 m at 18 km/h are 120 s; 90 km/h on a road of 36 change nothing
    assert time_of_day(network, table, days=1).arc_ms[:, 0].tolist() == [120_000, 60_000]


def test_the_default_week_has_no_peaks_at_its_end(network):
    times = {}
    for day in (FRIDAY, SATURDAY, date(2026, 11, 22)):
        metric = time_of_day(network, date=day, time_zone="Europe/Berlin", days=1)
        times[day.strftime("%a")] = int(metric.arc_ms[metric.slice_at(int(metric.slice_start_s[0]) + 8 * HOUR), 0])
    # 60 / 0.88 on a working day; no delay on residential roads on Saturday and Sunday mornings
    assert times == {"Fri": 68_182, "Sat": 60_000, "Sun": 60_000}


def test_a_public_holiday_is_like_a_sunday():
    # Christmas 2026 is a Friday; the place tells the country
    berlin = Span(day=date(2026, 12, 25), time_zone="Europe/Berlin", near_deg=(52.5, 13.4))
    assert berlin.holds_on("Su,PH", berlin.dates[0])
    assert not berlin.holds_on("Sa", berlin.dates[0])
    assert not Span(day=FRIDAY, near_deg=(52.5, 13.4)).holds_on("Su,PH", FRIDAY)


def test_names_every_fault_of_a_table():
    table = SpeedTable(
        slice_start_s=(0,),
        factors=(("moor", (1.0,)),),
        speeds_kph=(("residential", (0.0,)),),
        other_days=(DayRows(days="weekdays", factors=(("residential", (1.0, 1.0)),)),),
    )
    with pytest.raises(InputError) as caught:
        check_speed_table(table)
    assert [issue.code for issue in caught.value.issues] == [
        "SPEED_DAYS",
        "SPEED_FACTORS",
        "SPEED_FACTORS",
        "SPEED_FACTORS",
    ]


def test_a_road_that_the_map_closes_at_hours_is_closed_in_their_slices(network):
    lane = ruled(network, ("Mo-Fr 07:00-09:30", CLOSED_WITHIN, 0, [0]), ("06:00-11:00", CLOSED_OUTSIDE, 0, [1, 2]))
    metric = time_of_day(lane, FLAT, date=FRIDAY, time_zone="Europe/Berlin")
    assert hours_of(metric, metric.closed[:, 0]) == [(0, False), (7, True), (9.5, False)]
    assert hours_of(metric, metric.closed[:, 2]) == [(0, True), (6, False), (11, True), (30, False), (35, True)]
    assert not metric.closed[:, 3].any()
    # two days: midnights, and the four other edges of the first day, two of the second
    assert metric.slice_count == 2 + 4 + 2
    assert not free_flow(lane).closed.any()


def test_a_limit_at_hours_is_another_free_flow_speed(network):
    # 600 m at 18 km/h are 120 s, and 240 s where traffic goes at half its speed
    night = ruled(network, ("22:00-06:00", SPEED_WITHIN, 18, [0]))
    table = SpeedTable(slice_start_s=(0, 5 * HOUR), factors=(("residential", (1.0, 0.5)),))
    metric = time_of_day(night, table, date=FRIDAY, days=1)
    assert hours_of(metric, metric.arc_ms[:, 0]) == [(0, 120_000), (5, 240_000), (6, 120_000), (22, 240_000)]
    assert hours_of(metric, metric.arc_ms[:, 1]) == [(0, 60_000), (5, 120_000)]


def test_a_turn_that_is_forbidden_at_hours_is_closed_in_their_slices(network):
    signs = ruled(network, ("15:00-18:00", TURN_CLOSED_WITHIN, 0, [1]), ("16:00-19:00", TURN_CLOSED_WITHIN, 0, [0, 1]))
    metric = time_of_day(signs, FLAT, date=FRIDAY, days=1)
    assert metric.timed_turn.tolist() == [0, 1]
    assert hours_of(metric, metric.turn_closed[:, 0]) == [(0, False), (16, True), (19, False)]
    assert hours_of(metric, metric.turn_closed[:, 1]) == [(0, False), (15, True), (19, False)]


def test_hours_follow_the_clocks_of_the_zone(network):
    # On 29 March 2026 clocks in Berlin go forward at 02:00: 06:00 comes five hours after midnight
    lane = ruled(network, ("06:00-08:00", CLOSED_WITHIN, 0, [0]))
    metric = time_of_day(lane, FLAT, date=date(2026, 3, 29), time_zone="Europe/Berlin", days=1)
    assert hours_of(metric, metric.closed[:, 0]) == [(0, False), (5, True), (7, False)]


def test_without_a_date_the_days_are_ordinary_working_days(network):
    lane = ruled(network, ("Mo-Fr 07:00-09:00", CLOSED_WITHIN, 0, [0]), ("Sa,Su,PH", CLOSED_WITHIN, 0, [1]))
    metric = time_of_day(lane, FLAT)
    assert metric.slice_start_s.tolist() == [hour * HOUR for hour in (0, 7, 9, 24, 31, 33)]
    assert not metric.closed[:, 1].any()


def test_a_way_has_speeds_of_its_own_at_its_times(network):
    rush = Period(days="Mo-Fr", time_from_s=7 * HOUR, time_to_s=9 * HOUR)
    late = Period(time_from_s=23 * HOUR, time_to_s=HOUR)
    midnight = int(time_of_day(network, FLAT, date=FRIDAY).slice_start_s[0])
    from_noon = Period(from_s=midnight + 12 * HOUR, until_s=midnight + 13 * HOUR)
    overrides = Overrides(
        ways=(
            WaySpeed(way=OnWay(way_id=100), period=rush, factor=0.25),
            WaySpeed(way=OnWay(way_id=100), period=late, speed_kph=72.0),
            WaySpeed(way=OnWay(way_id=100), period=from_noon, speed_kph=0.0),
        )
    )
    metric = time_of_day(network, FLAT, date=FRIDAY, overrides=overrides)
    # Friday's rush at a quarter of the speed, nights at 72 km/h, also the one before; Saturday has no rush
    assert hours_of(metric, metric.arc_ms[:, 0]) == [
        (0, 30_000),
        (1, 60_000),
        (7, 240_000),
        (9, 60_000),
        (23, 30_000),
        (25, 60_000),
        (47, 30_000),
    ]
    assert hours_of(metric, metric.closed[:, 0]) == [(0, False), (12, True), (13, False)]
    assert (metric.arc_ms[:, 1:] == 60_000).all()


def pairs(*rows, **fields):
    tail, head, kph = zip(*rows, strict=True)
    return NodeSpeeds(
        from_osm_id=np.array([ord(each) for each in tail]),
        to_osm_id=np.array([ord(each) for each in head]),
        speed_kph=np.array(kph, float),
        **fields,
    )


def test_pairs_of_nodes_give_the_roads_between_them_their_speeds(tmp_path):
    # w-m-n-x is one arc of three pieces of 100 m; the middle one at 10 km/h takes 36 s, the others keep their time
    network = build(tmp_path, "wmnx-y", {"wmnx": ROAD, "xy": ROAD})
    out, back = (arc_letters(network).index(name) for name in ("wmnx", "xnmw"))
    free_ms = network.arc_free_ms.tolist()
    given = Overrides(nodes=(pairs(("m", "n", 50), ("m", "n", 10), ("x", "y", 0)),))
    metric = time_of_day(network, FLAT, overrides=given)
    assert metric.arc_ms[0, out] == pytest.approx(2 / 3 * free_ms[out] + 36_000, rel=1e-4)
    assert metric.arc_ms[0, back] == free_ms[back]
    assert [arc_letters(network)[arc] for arc in np.flatnonzero(metric.closed[0])] == ["xy"]
    # all three pieces at 30 km/h: 300 m in 36 s
    whole = Overrides(nodes=(pairs(("w", "m", 30), ("m", "n", 30), ("n", "x", 30)),))
    assert time_of_day(network, FLAT, overrides=whole).arc_ms[0, out] == pytest.approx(36_000, abs=60)


def test_says_which_speeds_have_no_road(network):
    given = Overrides(
        ways=(WaySpeed(way=OnWay(way_id=7), factor=0.5, where="ways.csv:2"),),
        nodes=(
            NodeSpeeds(
                from_osm_id=np.array([1, 1, 2]),
                to_osm_id=np.array([2, 3, 99]),
                speed_kph=np.array([10.0, 10.0, 10.0]),
                line=np.array([1, 2, 3]),
                where="speeds.csv",
            ),
        ),
    )
    assert list(unmatched(network, given)) == [
        "1 of 1 speeds of ways name no road of the map: way 7 (ways.csv:2)",
        "speeds.csv: 2 of 3 pairs of nodes are no road of the map: 1 to 3 (line 2), 2 to 99 (line 3)",
    ]


def test_a_later_speed_opens_what_an_earlier_line_closed_but_not_what_the_map_closes(network):
    way, morning, nine = OnWay(way_id=100), Period(time_from_s=8 * HOUR, time_to_s=10 * HOUR), 9 * HOUR
    ways = (
        WaySpeed(way=way, period=morning, speed_kph=0.0),
        WaySpeed(way=way, period=Period(time_from_s=nine, time_to_s=nine + 1800), factor=0.5),
    )
    given = Overrides(ways=ways, nodes=(NodeSpeeds(
        from_osm_id=np.array([1]), to_osm_id=np.array([2]), speed_kph=np.array([36.0]),
        period=Period(time_from_s=nine + 1800, time_to_s=11 * HOUR),
    ),))  # fmt: skip
    metric = time_of_day(network, FLAT, overrides=given, days=1)
    assert hours_of(metric, metric.closed[:, 0]) == [(0, False), (8, True), (9, False)]
    shut = time_of_day(ruled(network, ("24/7", CLOSED_WITHIN, 0, [0])), FLAT, overrides=given, days=1)
    assert shut.closed[:, 0].all()


def test_a_road_that_pairs_of_nodes_close_keeps_its_time(tmp_path):
    # who stands on it drives off at that time, and so does everyone once it is reported open again
    network = build(tmp_path, "wmnx", {"wmnx": ROAD})
    given = Overrides(nodes=(pairs(("w", "m", 0), ("m", "n", 0), ("n", "x", 0)),))
    metric = time_of_day(network, FLAT, overrides=given)
    out = arc_letters(network).index("wmnx")
    assert metric.closed[:, out].all()
    assert (metric.arc_ms[:, out] == network.arc_free_ms[out]).all()


def test_slices_of_the_hour_that_clocks_leave_out_do_not_come_later(network):
    half_speed = (("residential", (1.0, 1.0, 0.5, 0.25)),)
    table = SpeedTable(slice_start_s=(0, 2 * HOUR, 2 * HOUR + 1800, 3 * HOUR), factors=half_speed)
    metric = time_of_day(network, table, date=date(2026, 3, 29), time_zone="Europe/Berlin", days=1)
    # two hours after midnight clocks show 03:00, and the slice of 03:00 is in force from then on
    assert hours_of(metric, metric.arc_ms[:, 0]) == [(0, 60_000), (2, 240_000)]


@pytest.mark.parametrize("days", ["Mo-Fr;", "Mo-Fr 07:00-09:00,", "Mo-Fr 07:00-09:00; Sa", "Su,", "off", "sunrise"])
def test_words_that_would_stand_for_all_days_name_none(days):
    assert not names_days(days)
