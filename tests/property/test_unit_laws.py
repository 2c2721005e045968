"""Laws of times: what is written is read again as the same instant, in every zone."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.units import (
    format_clock,
    format_instant,
    great_circle_m,
    local_date,
    parse_instant,
    wall_clock_instant,
)

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
    ]
)
INSTANTS = st.integers(0, 4_102_444_800)  # to the end of 2099
DAYS = st.dates(date(1980, 1, 1), date(2099, 12, 31))
DEGREES = st.floats(-89, 89)


@given(INSTANTS, ZONES)
def test_an_instant_survives_its_text(instant_s: int, zone: str) -> None:
    assert parse_instant(format_instant(instant_s, zone), None, "UTC") == instant_s


@given(DAYS, st.integers(0, 1_439), ZONES)
def test_a_time_of_day_is_shown_again_unless_the_clocks_skip_it(day: date, minute: int, zone: str) -> None:
    instant_s = wall_clock_instant(day, minute * 60, zone)
    shown = f"{minute // 60:02}:{minute % 60:02}"
    assert parse_instant(shown, day, zone) == instant_s
    if (format_clock(instant_s, zone), local_date(instant_s, zone)) != (shown, day):
        # Skipped: the offset grew within the day before.
        before, after = (wall_clock_instant(day + timedelta(days=d), 43_200, zone) for d in (-1, 1))
        assert after - before < 2 * 86_400


@given(DAYS, ZONES)
def test_a_day_ends_where_the_next_begins(day: date, zone: str) -> None:
    assert wall_clock_instant(day, 86_400, zone) == wall_clock_instant(day + timedelta(days=1), 0, zone)


@given(DEGREES, DEGREES, DEGREES, DEGREES)
def test_distance_is_the_same_both_ways(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> None:
    there, back = great_circle_m(lat_a, lon_a, lat_b, lon_b), great_circle_m(lat_b, lon_b, lat_a, lon_a)
    assert abs(float(there - back)) < 1e-6
    assert float(there) >= 0
