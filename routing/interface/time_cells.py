"""Read pairs of times, ISO 8601 or HH:MM, as windows and shifts, across midnight where that is meant.

- A full date and time is taken as it stands, on the clocks of the time zone where it has no offset.
- A time of day is on the given date. An end before its start is on the next day, so 00:00 ends the day.
- A window that no shift touches, but would if it were a day later, is on the next day: with a shift from
  22:00 to 06:00 a window from 01:00 to 02:00 is the one after midnight.
- A single time, of an event, is taken likewise.
- A window that ends before it starts, where no shift goes on past midnight, is reversed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing.errors import Issue
from routing.problem.model import TimeWindow
from routing.units import format_clock, format_instant, local_date, parse_instant, parse_wall_clock, wall_clock_instant

_CURE = "Write a time of day such as 08:30, or a full ISO 8601 time such as 2026-11-23T08:30+01:00."
_EARLIEST, _LATEST = date(1970, 1, 2), date(2199, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Say on which day and on which clocks a time of day falls, and when the vehicles work."""

    day: date
    time_zone: str
    shifts: tuple[TimeWindow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePair:
    """Hold the two cells of a window or a shift, and the columns that they came from."""

    start: str
    end: str
    start_column: str
    end_column: str


def read_window(pair: TimePair, calendar: Calendar, where: str) -> tuple[TimeWindow | None, list[Issue]]:
    """Return the window of a stop, or None where both cells are empty or faulty."""
    if not pair.start and not pair.end:
        return None, []
    window, issues = _read(pair, calendar, where)
    if window is None:
        return None, issues
    if window.end_s < window.start_s or _spans_an_idle_night(pair, window, calendar):
        cause = f"The window ends ({pair.end}) before it starts ({pair.start})"
        cause += "." if window.end_s < window.start_s else ", and no vehicle works past midnight."
        action = "Swap the two times, or correct one of them."
        return None, [Issue(code="WINDOW_REVERSED", where=f"{where}:{pair.start_column}", cause=cause, action=action)]
    return _on_the_shifts_day(pair, window, calendar), []


def window_cells(window: TimeWindow, calendar: Calendar) -> tuple[str, str]:
    """Return the two cells of a window: times of day where `read_window` takes them for it, full times elsewhere."""
    start, end = (format_clock(edge_s, calendar.time_zone) for edge_s in (window.start_s, window.end_s))
    read, _ = read_window(TimePair(start=start, end=end, start_column="", end_column=""), calendar, "")
    if read == window:
        return start, end
    return format_instant(window.start_s, calendar.time_zone), format_instant(window.end_s, calendar.time_zone)


def read_shift(pair: TimePair, calendar: Calendar, where: str) -> tuple[TimeWindow | None, list[Issue]]:
    """Return the shift of a vehicle, or None where a cell is faulty."""
    shift, issues = _read(pair, calendar, where)
    if shift is None:
        return None, issues
    if shift.end_s <= shift.start_s:
        reversed_pair = shift.end_s < shift.start_s
        cause = f"The shift ends ({pair.end}) {'before' if reversed_pair else 'when'} it starts ({pair.start})."
        action = "Write the end after the start; a night as 22:00 and 06:00, a whole day as 00:00 and 24:00."
        code = "SHIFT_REVERSED" if reversed_pair else "SHIFT_EMPTY"
        return None, [Issue(code=code, where=f"{where}:{pair.start_column}", cause=cause, action=action)]
    return shift, []


def read_instant(text: str, calendar: Calendar) -> int:
    """Return the instant of one time; ValueError where it is none.

    A time of day before all shifts that falls into the night after the day, while somebody works, is in that night.
    """
    cause = _fault(text, "")
    if cause or not text:
        raise ValueError(cause if text else "the time is empty")
    instant_s = parse_instant(text, calendar.day, calendar.time_zone)
    if is_wall_clock(text) and all(instant_s < shift.start_s for shift in calendar.shifts):
        night_s = parse_instant(text, calendar.day + timedelta(days=1), calendar.time_zone)
        if any(shift.start_s <= night_s <= shift.end_s for shift in calendar.shifts):
            return night_s
    return instant_s


def is_wall_clock(text: str) -> bool:
    """Return whether a text is a time of day without a date."""
    try:
        parse_wall_clock(text)
    except ValueError:
        return False
    return True


def written_date(text: str) -> date | None:
    """Return the date that a full ISO 8601 time begins with, None where there is none."""
    try:
        return None if is_wall_clock(text) else datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None


def _read(pair: TimePair, calendar: Calendar, where: str) -> tuple[TimeWindow | None, list[Issue]]:
    issues = []
    for text, column, other in (
        (pair.start, pair.start_column, pair.end_column),
        (pair.end, pair.end_column, pair.start_column),
    ):
        cause = _fault(text, other)
        if cause:
            code = "TIME_FORMAT" if text else "VALUE_MISSING"
            issues.append(Issue(code=code, where=f"{where}:{column}", cause=cause, action=_CURE))
    if issues:
        return None, issues
    start_s = parse_instant(pair.start, calendar.day, calendar.time_zone)
    day = calendar.day if is_wall_clock(pair.start) else local_date(start_s, calendar.time_zone)
    end_s = parse_instant(pair.end, day, calendar.time_zone)
    if end_s < start_s and is_wall_clock(pair.end):
        end_s = parse_instant(pair.end, day + timedelta(days=1), calendar.time_zone)
    return TimeWindow(start_s=start_s, end_s=end_s), []


def _fault(text: str, other_column: str) -> str:
    """Return what is wrong with a time, nothing where it can be read."""
    if not text:
        return f"The cell is empty; it goes together with {other_column}."
    if is_wall_clock(text):
        return ""
    day = written_date(text)
    if day is None:
        return f"{text!r} is neither a time of day nor ISO 8601."
    if not ("T" in text or " " in text):
        return f"{text!r} is a date without a time."
    return "" if _EARLIEST <= day <= _LATEST else f"{text!r} lies outside the years 1970 to 2199."


def _spans_an_idle_night(pair: TimePair, window: TimeWindow, calendar: Calendar) -> bool:
    """Tell whether a window of times of day runs past the midnight that no shift runs past."""
    if not calendar.shifts or not (is_wall_clock(pair.start) and is_wall_clock(pair.end)):
        return False
    midnight_s = wall_clock_instant(calendar.day, 86_400, calendar.time_zone)
    if window.end_s <= midnight_s:
        return False
    return not any(shift.start_s < midnight_s < shift.end_s for shift in calendar.shifts)


def _on_the_shifts_day(pair: TimePair, window: TimeWindow, calendar: Calendar) -> TimeWindow:
    if not (is_wall_clock(pair.start) and is_wall_clock(pair.end)) or _is_worked(window, calendar.shifts):
        return window
    next_day = Calendar(day=calendar.day + timedelta(days=1), time_zone=calendar.time_zone)
    moved, _ = _read(pair, next_day, "")
    return moved if moved is not None and _is_worked(moved, calendar.shifts) else window


def _is_worked(window: TimeWindow, shifts: Sequence[TimeWindow]) -> bool:
    """Tell whether more than an instant of a window lies in a shift, or an instant of it inside one."""
    return any(
        (window.start_s < shift.end_s and shift.start_s < window.end_s)
        or (window.start_s == window.end_s and shift.start_s <= window.start_s <= shift.end_s)
        for shift in shifts
    )
