"""Windows and shifts across midnight and on days whose clocks change, with instants worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from routing.interface.time_cells import (
    Calendar,
    TimePair,
    read_instant,
    read_shift,
    read_window,
    written_date,
)
from routing.problem.model import TimeWindow, merge_windows

# 1 January 2026 is day 20,454 after 1 January 1970 (56 years of 365 days and 14 leap days).
SPRING_UTC_S = (20_454 + 87) * 86_400
"""2026-03-29T00:00Z; 31 + 28 + 28 days after 1 January. Berlin's clocks skip 02:00 to 03:00 at 01:00Z."""
AUTUMN_UTC_S = (20_454 + 297) * 86_400
"""2026-10-25T00:00Z; 273 + 24 days after 1 January. Berlin's clocks repeat 02:00 to 03:00 at 01:00Z."""
PLAIN_UTC_S = 20_780 * 86_400
"""2026-11-23T00:00Z; Berlin's clocks show 01:00."""
H = 3_600
SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 23)


def calendar(day: date, *shifts: tuple[int, int]) -> Calendar:
    return Calendar(
        day=day,
        time_zone="Europe/Berlin",
        shifts=tuple(TimeWindow(start_s=start_s, end_s=end_s) for start_s, end_s in shifts),
    )


def pair(start: str, end: str) -> TimePair:
    return TimePair(start=start, end=end, start_column="window_start", end_column="window_end")


def window(start: str, end: str, on: Calendar) -> tuple[int, int]:
    found, issues = read_window(pair(start, end), on, "x:1")
    assert issues == []
    assert found is not None
    return found.start_s, found.end_s


def shift(start: str, end: str, on: Calendar) -> tuple[int, int]:
    found, issues = read_shift(pair(start, end), on, "x:1")
    assert issues == []
    assert found is not None
    return found.start_s, found.end_s


def reversed_codes(start: str, end: str, on: Calendar) -> list[str]:
    found, issues = read_window(pair(start, end), on, "x:1")
    assert found is None
    return [issue.code for issue in issues]


def test_the_spring_day_loses_an_hour_inside_a_window() -> None:
    # 01:30+01:00 is 00:30Z, 03:30+02:00 is 01:30Z.
    assert window("01:30", "03:30", calendar(SPRING)) == (SPRING_UTC_S + H // 2, SPRING_UTC_S + 3 * H // 2)


def test_a_skipped_time_stands_for_the_same_span_later() -> None:
    # 02:30 is not shown on that day: 02:30+01:00 is 01:30Z, shown as 03:30.
    assert window("02:30", "04:00", calendar(SPRING))[0] == SPRING_UTC_S + 3 * H // 2


def test_the_spring_night_shift_has_seven_hours() -> None:
    # 22:00+01:00 on the 28th is 21:00Z, 06:00+02:00 on the 29th is 04:00Z.
    assert shift("22:00", "06:00", calendar(date(2026, 3, 28))) == (SPRING_UTC_S - 3 * H, SPRING_UTC_S + 4 * H)


def test_the_autumn_night_shift_has_nine_hours() -> None:
    # 22:00+02:00 on the 24th is 20:00Z, 06:00+01:00 on the 25th is 05:00Z.
    assert shift("22:00", "06:00", calendar(date(2026, 10, 24))) == (AUTUMN_UTC_S - 4 * H, AUTUMN_UTC_S + 5 * H)


def test_of_a_repeated_time_the_first_is_meant() -> None:
    # 02:30+02:00 is 00:30Z; 02:30+01:00 would be 01:30Z.
    assert window("02:30", "04:00", calendar(AUTUMN)) == (AUTUMN_UTC_S + H // 2, AUTUMN_UTC_S + 3 * H)


@pytest.mark.parametrize(("day", "utc_s", "hours"), [(SPRING, SPRING_UTC_S, 23), (AUTUMN, AUTUMN_UTC_S, 25)])
def test_a_whole_day_has_the_hours_that_it_has(day: date, utc_s: int, hours: int) -> None:
    start_s, end_s = shift("00:00", "24:00", calendar(day))
    assert end_s - start_s == hours * H
    assert start_s == utc_s - (H if hours == 23 else 2 * H)


def test_a_window_after_midnight_belongs_to_the_night_shift() -> None:
    # The shift lasts from 21:00Z to 05:00Z; 01:00+01:00 on the 24th is 00:00Z.
    night = calendar(PLAIN, (PLAIN_UTC_S + 21 * H, PLAIN_UTC_S + 29 * H))
    assert window("01:00", "02:00", night) == (PLAIN_UTC_S + 24 * H, PLAIN_UTC_S + 25 * H)
    assert window("22:00", "02:00", night) == (PLAIN_UTC_S + 21 * H, PLAIN_UTC_S + 25 * H)
    assert window("23:00", "00:00", night) == (PLAIN_UTC_S + 22 * H, PLAIN_UTC_S + 23 * H)


def test_a_window_that_a_day_shift_touches_stays_on_the_day() -> None:
    both = calendar(
        PLAIN,
        (PLAIN_UTC_S + 21 * H, PLAIN_UTC_S + 29 * H),
        (PLAIN_UTC_S + 5 * H, PLAIN_UTC_S + 13 * H),  # 06:00 to 14:00
    )
    assert window("05:30", "07:00", both) == (PLAIN_UTC_S + 9 * H // 2, PLAIN_UTC_S + 6 * H)
    assert window("05:00", "05:30", both) == (PLAIN_UTC_S + 28 * H, PLAIN_UTC_S + 57 * H // 2)


def test_a_window_that_no_shift_ever_touches_stays_on_the_day() -> None:
    night = calendar(PLAIN, (PLAIN_UTC_S + 21 * H, PLAIN_UTC_S + 29 * H))
    assert window("10:00", "12:00", night) == (PLAIN_UTC_S + 9 * H, PLAIN_UTC_S + 11 * H)


def test_the_night_window_of_a_clock_change_is_read_on_its_own_day() -> None:
    # Saturday night's shift, 22:00+01:00 to 06:00+02:00; 01:30 on Sunday is 00:30Z, 03:30 is 01:30Z.
    night = calendar(date(2026, 3, 28), (SPRING_UTC_S - 3 * H, SPRING_UTC_S + 4 * H))
    assert window("01:30", "03:30", night) == (SPRING_UTC_S + H // 2, SPRING_UTC_S + 3 * H // 2)


def test_reversed_windows_are_told_from_windows_across_midnight_by_the_shifts() -> None:
    working_day = calendar(PLAIN, (PLAIN_UTC_S + 6 * H, PLAIN_UTC_S + 17 * H))
    assert reversed_codes("12:00", "09:00", working_day) == ["WINDOW_REVERSED"]
    assert window("18:00", "00:00", working_day) == (PLAIN_UTC_S + 17 * H, PLAIN_UTC_S + 23 * H)
    assert window("12:00", "09:00", calendar(PLAIN)) == (PLAIN_UTC_S + 11 * H, PLAIN_UTC_S + 32 * H)


def test_full_times_are_taken_as_they_stand() -> None:
    night = calendar(PLAIN, (PLAIN_UTC_S + 21 * H, PLAIN_UTC_S + 29 * H))
    assert window("2026-11-23T01:00Z", "2026-11-23T03:00+01:00", night) == (PLAIN_UTC_S + H, PLAIN_UTC_S + 2 * H)
    # Without an offset on the zone's clocks; a time of day as the end is on the start's own date.
    assert window("2026-11-25T08:00", "09:00", night) == (PLAIN_UTC_S + 55 * H, PLAIN_UTC_S + 56 * H)
    assert reversed_codes("2026-11-25T08:00", "2026-11-24T09:00", night) == ["WINDOW_REVERSED"]


def test_an_exact_time_is_a_window_but_no_shift() -> None:
    assert window("09:00", "09:00", calendar(PLAIN)) == (PLAIN_UTC_S + 8 * H, PLAIN_UTC_S + 8 * H)
    found, issues = read_shift(pair("09:00", "09:00"), calendar(PLAIN), "x:1")
    assert (found, [issue.code for issue in issues]) == (None, ["SHIFT_EMPTY"])


def test_a_reversed_shift_with_dates_is_refused() -> None:
    found, issues = read_shift(pair("2026-11-23T18:00", "2026-11-23T08:00"), calendar(PLAIN), "x:1")
    assert (found, [issue.code for issue in issues]) == (None, ["SHIFT_REVERSED"])


def test_merging_sorts_and_joins() -> None:
    spans = [(5, 6), (0, 2), (2, 3), (5, 5)]
    merged = merge_windows(TimeWindow(start_s=start_s, end_s=end_s) for start_s, end_s in spans)
    assert [(span.start_s, span.end_s) for span in merged] == [(0, 3), (5, 6)]


def test_only_a_full_time_names_a_date() -> None:
    assert written_date("2026-11-23T08:00+01:00") == PLAIN
    assert written_date("08:00") is None
    assert written_date("soon") is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("20:00", 20),  # news of the evening, before the shift from 22:00 to 06:00
        ("23:30", 23.5),
        ("01:30", 25.5),  # the shift goes on after midnight
        ("06:00", 30),
        ("07:00", 7),  # nobody works at 07:00 of the next day
        ("2026-11-24T01:30", 25.5),
    ],
)
def test_a_time_of_an_event_falls_into_the_night_that_is_worked(text: str, hours: float) -> None:
    # 2026-11-23 is 327 days into the year; clocks in UTC.
    midnight_s = 20_780 * H * 24
    night = TimeWindow(start_s=midnight_s + 22 * H, end_s=midnight_s + 30 * H)
    calendar = Calendar(day=date(2026, 11, 23), time_zone="UTC", shifts=(night,))
    assert read_instant(text, calendar) - midnight_s == hours * H


def test_a_date_is_no_time_of_an_event() -> None:
    with pytest.raises(ValueError, match="a date without a time"):
        read_instant("2026-11-23", Calendar(day=date(2026, 11, 23), time_zone="UTC"))
