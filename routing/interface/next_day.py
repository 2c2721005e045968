"""Hand over what a day leaves: a stops.csv for the next one, as `read_stops` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from routing.events.asked import DayStop
from routing.events.day import Day
from routing.interface.availability_cells import availability_text
from routing.interface.constraint_cells import names_cell, pairs_cell
from routing.interface.stop_columns import window_columns
from routing.interface.time_cells import Calendar, window_cells
from routing.problem.model import TimeWindow
from routing.units import days_later, format_instant

_COLUMNS = ("service_s", "load", "priority", "approach", "availability", "attempts")


def next_calendar(day: Day) -> Calendar:
    """Return how times of day are read on the day after one, with the same shifts."""
    today, zone = date.fromisoformat(day.started.date), day.started.time_zone
    shifts = (state.vehicle.shift for state in day.vehicles.values())
    moved = (
        TimeWindow(start_s=days_later(shift.start_s, 1, zone), end_s=days_later(shift.end_s, 1, zone))
        for shift in shifts
    )
    return Calendar(day=today + timedelta(days=1), time_zone=zone, shifts=tuple(moved))


def stops_text(stops: Sequence[DayStop], calendar: Calendar) -> str:
    """Return stops as CSV, times as times of day where these mean the same on a calendar, `next_calendar` as a rule.

    Columns of what no stop asks for are left out.
    """
    count = max(2, *(len(stop.windows) for stop in stops)) if stops else 2
    asked = [_asked_cells(stop, calendar) for stop in stops]
    names = dict.fromkeys(name for cells in asked for name in cells)
    some = tuple(name for name in names if any(cells.get(name) for cells in asked))
    further = tuple(dict.fromkeys(name for stop in stops for name, _ in stop.columns))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    windows = [column for number in range(1, count + 1) for column in window_columns(number)]
    writer.writerow(("stop_id", "lat_deg", "lon_deg", "address", *windows, *_COLUMNS, *some, *further))
    for stop, cells in zip(stops, asked, strict=True):
        times = [cell for window in stop.windows for cell in window_cells(window, calendar)]
        place, known = stop.location, dict(stop.columns)
        writer.writerow(
            (
                stop.id,
                place.lat_deg,
                place.lon_deg,
                stop.address,
                *times,
                *[""] * (2 * count - len(times)),
                stop.service_s,
                stop.load,
                stop.priority,
                place.approach,
                availability_text(stop.availability, calendar),
                stop.attempts,
                *(cells.get(name, "") for name in some),
                *(known.get(name, "") for name in further),
            )
        )
    return lines.getvalue()


def _asked_cells(stop: DayStop, calendar: Calendar) -> dict[str, str]:
    """Return by column what a stop asks for beyond what every file has, empty where it does not."""
    allowed = stop.allowed_vehicles
    numbers = ("unserved_cents", "walk_s", "setup_s", "lateness_limit_s", "lateness_cents_per_min")
    absent = {name: 0 if name in ("walk_s", "setup_s") else None for name in numbers}
    instants = {"release": stop.release_s, "due": stop.due_s}
    times = {name: "" if at_s is None else format_instant(at_s, calendar.time_zone) for name, at_s in instants.items()}
    return {
        "skills_all": names_cell(stop.skills_all),
        "skills_one_of": names_cell(stop.skills_one_of),
        "skills_none_of": names_cell(stop.skills_none_of),
        "allowed_vehicles": "" if allowed is None else names_cell(allowed),
        "forbidden_vehicles": names_cell(stop.forbidden_vehicles),
        "preferred_drivers": names_cell(stop.preferred_drivers),
        "territory": stop.territory,
        "vehicle_fees": pairs_cell(stop.vehicle_fees),
        "lateness_allowed": "yes" if stop.lateness_allowed else "",
        "service_by_type": pairs_cell(stop.service_by_type),
        **{name: "" if getattr(stop, name) == absent[name] else str(getattr(stop, name)) for name in numbers},
        **times,
        **{f"load_{name}": str(amount) for name, amount in stop.loads},
    }
