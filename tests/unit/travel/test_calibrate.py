"""Factors learned from drives that are made up, so that the truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.sparse import csr_array
from tiny_network import METRES_PER_DEG, driver_of, network_of, on_arcs

from routing.errors import InputError
from routing.network.profile import ROAD_CLASSES
from routing.travel.calibrate import CLASSES, Calendar, Drives, expected_s, learn, paces, scaled
from routing.travel.calibrate_drives import Clock, KnownLeg, drives_of_legs, drives_of_matches
from routing.travel.map_match import MapMatcher, Trace
from routing.travel.speed_table import DEFAULT_SPEED_TABLE, DayRows, SpeedTable, time_of_day

BEFORE = SpeedTable(slice_start_s=(0,), factors=(("primary", (0.8,)), ("residential", (1.0,))))
CALENDAR = Calendar.of(BEFORE)
PRIMARY, RESIDENTIAL, MOTORWAY = (CLASSES.index(name) for name in ("primary", "residential", "motorway"))
NOWHERE = (0.0, 0.0)


def drives_over(seconds: dict[tuple[int, int], list[float]], duration_s, turn_s=None) -> Drives:
    """Drives with free-flow seconds by (class row, hour), one for each value of the lists."""
    count = len(duration_s)
    free = np.zeros((count, len(CLASSES), CALENDAR.columns))
    for (row, hour), values in seconds.items():
        free[:, row, hour] = values
    return Drives(
        drive_id=tuple(str(k) for k in range(count)),
        depart_second=np.zeros(count, np.int64),
        duration_s=np.array(duration_s, float),
        turn_s=np.zeros(count) if turn_s is None else np.array(turn_s, float),
        free_s=csr_array(free.reshape(count, len(CLASSES) * CALENDAR.columns)),
        calendar=CALENDAR,
    )


def factor(table: SpeedTable, name: str, hour: int) -> float:
    return dict(table.factors)[name][hour]


def test_many_drives_teach_the_true_factors_whatever_their_turns_cost() -> None:
    rng = np.random.default_rng(1)
    main, side, turns = rng.uniform(50, 600, (3, 400))
    took = main / 0.5 + side / 0.9 + turns
    found = learn(drives_over({(PRIMARY, 8): main, (RESIDENTIAL, 8): side}, took, turns), BEFORE)
    assert factor(found.table, "primary", 8) == pytest.approx(0.5, rel=0.02)
    assert factor(found.table, "residential", 8) == pytest.approx(0.9, rel=0.02)
    assert found.free_s[PRIMARY, 8] == pytest.approx(main.sum())
    assert found.deviation_ratio < 0.06


def test_one_drive_moves_its_cell_less_than_many_do() -> None:
    one = learn(drives_over({(PRIMARY, 8): [300.0]}, [900.0]), BEFORE).table
    many = learn(drives_over({(PRIMARY, 8): [300.0] * 50}, [900.0 + 9 * (k % 7 - 3) for k in range(50)]), BEFORE).table
    assert 1 / 3 < factor(one, "primary", 8) < 0.8
    assert abs(factor(many, "primary", 8) - 1 / 3) < abs(factor(one, "primary", 8) - 1 / 3)


def test_a_few_drives_with_odd_stops_hardly_count() -> None:
    took = [600.0 + 10 * (k % 5 - 2) for k in range(40)]
    clean = learn(drives_over({(PRIMARY, 8): [300.0] * 40}, took), BEFORE).table
    odd = learn(drives_over({(PRIMARY, 8): [300.0] * 40}, [*took[:36], *[6000.0] * 4]), BEFORE).table
    assert factor(odd, "primary", 8) == pytest.approx(factor(clean, "primary", 8), rel=0.05)


def test_other_hours_and_classes_follow_what_all_have_in_common_and_no_unknown_class_appears() -> None:
    table = learn(drives_over({(PRIMARY, 8): [300.0] * 50}, [750.0] * 50), BEFORE).table
    assert factor(table, "primary", 8) == pytest.approx(0.4, rel=0.02)
    assert 0.4 < factor(table, "primary", 20) < 0.8
    assert factor(table, "primary", 20) / 0.8 < factor(table, "residential", 20)
    assert set(dict(table.factors)) == {"primary", "residential"}
    seen = learn(drives_over({(MOTORWAY, 8): [300.0] * 50}, [250.0] * 50), BEFORE).table
    assert set(dict(seen.factors)) == {"primary", "residential", "motorway"}
    assert factor(seen, "motorway", 8) == pytest.approx(1.2, rel=0.02)


def test_scaled_stretches_every_time_without_turns() -> None:
    drives = drives_over({(PRIMARY, 8): [400.0], (RESIDENTIAL, 9): [90.0]}, [1.0])
    assert expected_s(drives, paces(scaled(BEFORE, 1.1), Calendar.of(BEFORE))) == pytest.approx(
        1.1 * np.array([400 / 0.8 + 90]), rel=1e-3
    )


def test_a_table_of_speeds_and_no_drives_are_refused() -> None:
    with pytest.raises(InputError, match="SPEEDS_NOT_FACTORS"):
        Calendar.of(replace(BEFORE, speeds_kph=(("primary", (50.0,)),)))
    with pytest.raises(InputError, match="NOTHING_TO_LEARN"):
        learn(drives_over({}, []), BEFORE)


def test_each_kind_of_day_has_its_own_columns() -> None:
    table = replace(BEFORE, other_days=(DayRows(days="Sa", factors=(("primary", (0.9,)),)),))
    calendar = Calendar.of(table)
    assert calendar.days == ("", "Sa")
    assert calendar.columns == 48
    found = paces(table, calendar)
    assert found[PRIMARY, 8] == pytest.approx(1 / 0.8)
    assert found[PRIMARY, 24 + 8] == pytest.approx(1 / 0.9)
    assert found[RESIDENTIAL, 24 + 8] == 1
    friday = int(datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp())
    clock = Clock.over(calendar, np.array([friday, friday + 86_400]), "Europe/Berlin", NOWHERE)
    # In Berlin it is half past midnight, on Saturday and on Sunday.
    assert clock.columns_at(np.array([friday, friday + 86_400])).tolist() == [24, 0]
    assert clock.seconds_at(np.array([friday])).tolist() == [1800]


def test_default_classes_are_all_known() -> None:
    assert {name for name, _ in DEFAULT_SPEED_TABLE.factors} <= set(CLASSES) <= set(ROAD_CLASSES)


def straight():
    """A kilometre of residential road in two arcs at 10 m/s, with a turn of 5 s between them."""
    return network_of({"a": (0, 0), "b": (600, 0), "c": (1000, 0)}, [("a", "b", 60), ("b", "c", 40)], turn_ms=5000)


def test_a_matched_trace_is_a_drive_over_its_cells() -> None:
    network = straight()
    start = int(datetime(2026, 11, 24, 8, 58, 20, tzinfo=UTC).timestamp())
    # 180 s for 900 m: the first arc until shortly after nine, the second one from then on.
    fixes = Trace(
        trace_id="t",
        time_s=start + 20 * np.arange(10),
        lat_deg=np.full(10, 1 / METRES_PER_DEG),
        lon_deg=(50 + 100 * np.arange(10)) / METRES_PER_DEG,
    )
    matches = tuple(MapMatcher(network).match([fixes]))
    clock = Clock.over(CALENDAR, fixes.time_s, "UTC", NOWHERE)
    drives = drives_of_matches(network, matches, clock)
    assert drives.duration_s.tolist() == [180]
    assert drives.turn_s.tolist() == [5]
    assert drives.depart_second.tolist() == [8 * 3600 + 58 * 60 + 20]
    cells = drives.free_s.toarray().reshape(len(CLASSES), -1)[RESIDENTIAL]
    assert cells[8] + cells[9] == pytest.approx(90, abs=0.2)
    assert cells[8] == pytest.approx(55, abs=0.2)


def test_a_planned_leg_keeps_what_conditions_did_out_of_the_cells() -> None:
    network = straight()
    table = SpeedTable(slice_start_s=(0,), factors=(("residential", (0.5,)),))
    metric = time_of_day(network, table, days=1)
    slowed = replace(metric, arc_ms=np.asarray(metric.arc_ms * 2))
    driver = driver_of(network, slowed, on_arcs([(0, 0.5), (1, 0.5)]))
    drive = driver.drive(0, 1, 9 * 3600)
    assert drive is not None
    clock = Clock.over(CALENDAR, np.array([0, 86_399]), "UTC", NOWHERE)
    leg = KnownLeg(leg_id="x", drive=drive, took_s=230)
    drives = drives_of_legs(network, slowed, [leg], clock, paces(table, CALENDAR))
    # 30 s and 20 s at free flow, twice as long in the snow; by the table twice that again.
    cells = drives.free_s.toarray().reshape(len(CLASSES), -1)
    assert cells[RESIDENTIAL, 9] == pytest.approx(100, abs=0.1)
    assert drives.turn_s.tolist() == [5]
    assert expected_s(drives, paces(table, CALENDAR)) == pytest.approx([drive.duration_s], abs=1)


def test_drives_of_several_days_are_joined() -> None:
    one, other = drives_over({(PRIMARY, 8): [300.0]}, [600.0]), drives_over({(PRIMARY, 9): [100.0] * 2}, [120.0] * 2)
    both = one.joined(other)
    assert both.duration_s.tolist() == [600, 120, 120]
    assert both.free_s.sum() == 500
