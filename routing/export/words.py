"""Say times and windows in the words of a sheet of paper."""

from __future__ import annotations

from datetime import date, datetime

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Written out here because `strftime` speaks the language of the machine."""


def clock(instant: str, day: str) -> str:
    """Return HH:MM of an ISO instant on local clocks, with +1 d or -1 d where it is not on the day."""
    moment = datetime.fromisoformat(instant)
    days = (moment.date() - date.fromisoformat(day)).days
    return f"{moment:%H:%M}" + (f" ({days:+d} d)" if days else "")


def windows_words(windows: tuple[tuple[str, str], ...], day: str) -> str:
    """Return windows as `08:00–10:00, 14:00–16:00`, or `any time`."""
    return ", ".join(f"{clock(start, day)}–{clock(end, day)}" for start, end in windows) or "any time"


def distance_words(distance_m: int) -> str:
    """Return a distance as `850 m` or `12.3 km`."""
    return f"{distance_m} m" if distance_m < 1000 else f"{distance_m / 1000:.1f} km"


def minutes_between(earlier: str, later: str) -> int:
    """Return the minutes from one ISO instant to another, negative where the second comes first."""
    return round((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 60)


def weekday_words(day: str) -> str:
    """Return a date as `Monday 23 November 2026`."""
    moment = date.fromisoformat(day)
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def hours_words(duration_s: int) -> str:
    """Return a duration as `h:mm`, for columns of figures."""
    minutes = round(duration_s / 60)
    return f"{minutes // 60}:{minutes % 60:02}"
