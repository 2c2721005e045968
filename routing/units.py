"""Parse and format times and distances; nothing else converts.

Inside the package instants are whole seconds of the Unix epoch; at the edges they are ISO 8601 with an offset,
or a wall-clock `HH:MM` on a date in a time zone.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the IUGG (WGS 84)."""
COORDINATE_DECIMALS = 6
"""Of the degrees of lines: a millionth is 11 cm at most; OSM itself keeps seven decimals."""

_WALL_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z")


def parse_date(text: str) -> date:
    """Read a date as YYYY-MM-DD; ValueError where it is none."""
    return date.fromisoformat(text.strip())


def wall_clock_instant(day: date, seconds_of_day: int, time_zone: str) -> int:
    """Return the instant at which the clocks of a zone show a time of a day.

    A time that a spring clock change skips stands for the same time span later (02:30 for 03:30); of a time that
    an autumn change repeats, the first is meant (PEP 495, fold 0). Seconds past 24 h fall on the next day.
    """
    days, second = divmod(seconds_of_day, 86_400)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)) + timedelta(days=days)
    shown = midnight.replace(hour=second // 3600, minute=second // 60 % 60, second=second % 60)
    return int(shown.astimezone(UTC).timestamp())


def parse_wall_clock(text: str) -> int:
    """Return the seconds of the day of `HH:MM` or `HH:MM:SS`, 24:00 included; ValueError where it is none."""
    match = _WALL_CLOCK.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time of day such as 08:30")
    hour, minute, second = (int(part or 0) for part in match.groups())
    if minute > 59 or second > 59 or hour * 3600 + minute * 60 + second > 86_400:
        raise ValueError(f"{text!r} is not a time of day such as 08:30")
    return hour * 3600 + minute * 60 + second


def parse_instant(text: str, day: date | None, time_zone: str) -> int:
    """Return the instant of an ISO 8601 text, or of a wall-clock time on the given day.

    A text without offset is read on the clocks of `time_zone`. ValueError where it is neither, or where a
    wall-clock time comes without a day.
    """
    stripped = text.strip()
    if _WALL_CLOCK.match(stripped):
        if day is None:
            raise ValueError(f"{text!r} is a time of day and wants a date")
        return wall_clock_instant(day, parse_wall_clock(stripped), time_zone)
    instant = datetime.fromisoformat(stripped)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(time_zone))
    try:
        return int(instant.astimezone(UTC).timestamp())
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside the calendar") from error


def format_instant(instant_s: int, time_zone: str) -> str:
    """Return an instant as ISO 8601 in local time with its offset."""
    return datetime.fromtimestamp(instant_s, ZoneInfo(time_zone)).isoformat(timespec="seconds")


def format_clock(instant_s: int, time_zone: str) -> str:
    """Return an instant as `HH:MM` on the clocks of a zone, rounded down."""
    return datetime.fromtimestamp(instant_s, ZoneInfo(time_zone)).strftime("%H:%M")


def local_date(instant_s: int, time_zone: str) -> date:
    """Return the date that a zone's calendars show at an instant."""
    return datetime.fromtimestamp(instant_s, ZoneInfo(time_zone)).date()


def days_later(instant_s: int, days: int, time_zone: str) -> int:
    """Return the instant at which the clocks of a zone show the same time of day, some days later."""
    shown = datetime.fromtimestamp(instant_s, ZoneInfo(time_zone))
    second = shown.hour * 3600 + shown.minute * 60 + shown.second
    return wall_clock_instant(shown.date() + timedelta(days=days), second, time_zone)


def format_duration(duration_s: int) -> str:
    """Return a duration as `1 h 05 min`, `12 min` or `40 s`."""
    if duration_s < 60:
        return f"{duration_s} s"
    minutes = round(duration_s / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def format_cents(amount_cents: int) -> str:
    """Return an amount in whole currency units with two decimals."""
    return f"{amount_cents / 100:,.2f}"


def great_circle_m(
    lat_a_deg: NDArray[np.float64] | float,
    lon_a_deg: NDArray[np.float64] | float,
    lat_b_deg: NDArray[np.float64] | float,
    lon_b_deg: NDArray[np.float64] | float,
) -> NDArray[np.float64]:
    """Return great-circle distances in metres between points in degrees, elementwise (haversine formula)."""
    lat_a, lon_a, lat_b, lon_b = (np.radians(value) for value in (lat_a_deg, lon_a_deg, lat_b_deg, lon_b_deg))
    chord = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))


def bearing_deg(lat_a_deg: float, lon_a_deg: float, lat_b_deg: float, lon_b_deg: float) -> float:
    """Return the initial bearing from a to b in degrees clockwise from north, 0 to 360."""
    lat_a, lat_b, turn = math.radians(lat_a_deg), math.radians(lat_b_deg), math.radians(lon_b_deg - lon_a_deg)
    east = math.sin(turn) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360.0
