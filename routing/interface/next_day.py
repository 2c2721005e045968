"""Hand over what a day leaves: a stops.csv for the next one, as `read_stops` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from routing.events.asked import DayStop
from routing.events.day import Day
from routing.interface.availability_cells import availability_text
from routing.interface.stop_columns import WINDOWS
from routing.interface.time_cells import Calendar, describe_window, window_cells
from routing.problem.model import TimeWindow
from routing.units import days_later

_COLUMNS = (
    "stop_id",
    "lat_deg",
    "lon_deg",
    "address",
    *(column for pair in WINDOWS for column in pair),
    "service_s",
    "load",
    "priority",
    "approach",
    "availability",
    "attempts",
)


def next_calendar(day: Day) -> Calendar:
    """Return how times of day are read on the day after one, with the same shifts."""
    today, zone = date.fromisoformat(day.started.date), day.started.time_zone
    shifts = (state.vehicle.shift for state in day.vehicles.values())
    moved = (
        TimeWindow(start_s=days_later(shift.start_s, 1, zone), end_s=days_later(shift.end_s, 1, zone))
        for shift in shifts
    )
    return Calendar(day=today + timedelta(days=1), time_zone=zone, shifts=tuple(moved))


def further_windows(stops: Sequence[DayStop], calendar: Calendar) -> tuple[str, ...]:
    """Return in words which windows `stops_text` has no columns for."""
    return tuple(
        f"stop {stop.id}: the file has room for two windows; left out is "
        + ", ".join(describe_window(window, calendar.time_zone) for window in stop.windows[len(WINDOWS) :])
        for stop in stops
        if len(stop.windows) > len(WINDOWS)
    )


def stops_text(stops: Sequence[DayStop], calendar: Calendar) -> str:
    """Return stops as CSV, times as times of day where these mean the same on a calendar, `next_calendar` as a rule.

    Only the first two windows have columns; see `further_windows`.
    """
    further = tuple(dict.fromkeys(name for stop in stops for name, _ in stop.columns))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow((*_COLUMNS, *further))
    for stop in stops:
        cells = [cell for window in stop.windows[: len(WINDOWS)] for cell in window_cells(window, calendar)]
        windows = cells + [""] * (2 * len(WINDOWS) - len(cells))
        place, known = stop.location, dict(stop.columns)
        writer.writerow(
            (
                stop.id,
                place.lat_deg,
                place.lon_deg,
                stop.address,
                *windows,
                stop.service_s,
                stop.load,
                stop.priority,
                place.approach,
                availability_text(stop.availability, calendar),
                stop.attempts,
                *(known.get(name, "") for name in further),
            )
        )
    return lines.getvalue()
