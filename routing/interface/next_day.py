"""Hand over what a day leaves: a stops.csv for the next one, as `read_stops` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from routing.events.asked import DayStop
from routing.interface.availability_cells import availability_text
from routing.problem.model import TimeWindow
from routing.units import format_clock, format_instant

WINDOWS = 2
"""So many windows of a stop have columns; further ones are left out."""
_COLUMNS = (
    "stop_id",
    "lat_deg",
    "lon_deg",
    "address",
    "window_start",
    "window_end",
    "window2_start",
    "window2_end",
    "service_s",
    "load",
    "priority",
    "approach",
    "availability",
    "attempts",
)


def stops_text(stops: Sequence[DayStop], time_zone: str, *, last_s: int) -> str:
    """Return stops as CSV; windows are times of day, for the next day's date.

    A window that begins after `last_s`, the end of the next day's last shift, is of a later date and written in full.
    """
    further = tuple(dict.fromkeys(name for stop in stops for name, _ in stop.columns))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow((*_COLUMNS, *further))
    for stop in stops:
        edges = [edge for window in stop.windows[:WINDOWS] for edge in _edges(window, time_zone, last_s)]
        windows = edges + [""] * (2 * WINDOWS - len(edges))
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
                availability_text(stop.availability, time_zone),
                stop.attempts,
                *(known.get(name, "") for name in further),
            )
        )
    return lines.getvalue()


def _edges(window: TimeWindow, time_zone: str, last_s: int) -> tuple[str, str]:
    write = format_instant if window.start_s > last_s else format_clock
    return write(window.start_s, time_zone), write(window.end_s, time_zone)
