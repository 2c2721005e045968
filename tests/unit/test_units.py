"""Times and distances, with figures worked out by hand."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from routing.units import (
    EARTH_RADIUS_M,
    bearing_deg,
    format_cents,
    format_clock,
    format_duration,
    format_instant,
    great_circle_m,
    local_date,
    parse_date,
    parse_instant,
    parse_wall_clock,
    wall_clock_instant,
)

BERLIN = "Europe/Berlin"
NOON_UTC_S = 20_780 * 86_400 + 43_200
"""2026-11-23T12:00Z."""


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("00:00", 0),
        ("8:05", 29_100),
        ("08:05:09", 29_109),
        ("23:59:59", 86_399),
        ("24:00", 86_400),
        (" 09:00 ", 32_400),
    ],
)
def test_a_time_of_day_is_its_seconds(text: str, second: int) -> None:
    assert parse_wall_clock(text) == second


@pytest.mark.parametrize("text", ["", "8", "08.30", "24:01", "25:00", "12:60", "12:00:60", "-1:00", "8:5", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        parse_wall_clock(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T13:00:00+01:00",
        "2026-11-23T12:00:00Z",
        "2026-11-23 13:00",
        "2026-11-23T13:00",
        "13:00",
        "2026-11-23T07:00-05:00",
    ],
)
def test_one_instant_has_many_texts(text: str) -> None:
    assert parse_instant(text, date(2026, 11, 23), BERLIN) == NOON_UTC_S


def test_a_time_of_day_wants_a_date() -> None:
    with pytest.raises(ValueError, match="wants a date"):
        parse_instant("13:00", None, BERLIN)


def test_an_instant_is_written_in_local_time_with_its_offset() -> None:
    assert format_instant(NOON_UTC_S, BERLIN) == "2026-11-23T13:00:00+01:00"
    assert format_instant(NOON_UTC_S, "UTC") == "2026-11-23T12:00:00+00:00"
    assert format_clock(NOON_UTC_S + 59, BERLIN) == "13:00"


def test_seconds_past_midnight_fall_on_the_next_day() -> None:
    # 25:30 of the 23rd is 01:30+01:00 of the 24th: 12.5 hours after noon UTC.
    assert wall_clock_instant(date(2026, 11, 23), 91_800, BERLIN) == NOON_UTC_S + 45_000


def test_days_of_a_clock_change_have_23_and_25_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)):
        midnight_s = wall_clock_instant(day, 0, BERLIN)
        assert wall_clock_instant(day, 86_400, BERLIN) - midnight_s == hours * 3_600


def test_the_date_is_that_of_the_zone() -> None:
    assert local_date(NOON_UTC_S + 11 * 3_600, BERLIN) == date(2026, 11, 24)
    assert local_date(NOON_UTC_S + 11 * 3_600, "UTC") == date(2026, 11, 23)
    assert parse_date(" 2026-11-23 ") == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "1 h 00 min"), (3_900, "1 h 05 min"), (90_000, "25 h 00 min")],
)
def test_a_duration_in_words(duration_s: int, text: str) -> None:
    assert format_duration(duration_s) == text


def test_money_has_two_decimals() -> None:
    assert format_cents(123_456_789) == "1,234,567.89"
    assert format_cents(5) == "0.05"


def test_a_quarter_of_the_equator() -> None:
    # A quarter of the circumference is radius times pi / 2.
    assert great_circle_m(0, 0, 0, 90) == pytest.approx(EARTH_RADIUS_M * math.pi / 2)
    assert great_circle_m(0, 0, 0, 180) == pytest.approx(EARTH_RADIUS_M * math.pi)
    both = great_circle_m(np.array([0.0, 90.0]), np.zeros(2), np.array([90.0, 90.0]), np.array([45.0, 100.0]))
    assert both == pytest.approx([EARTH_RADIUS_M * math.pi / 2, 0], abs=1e-6)


@pytest.mark.parametrize(("lat_deg", "lon_deg", "bearing"), [(1, 0, 0), (0, 1, 90), (-1, 0, 180), (0, -1, 270)])
def test_the_four_winds(lat_deg: float, lon_deg: float, bearing: float) -> None:
    assert bearing_deg(0, 0, lat_deg, lon_deg) == pytest.approx(bearing)
