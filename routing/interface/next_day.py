"""Hand over what a day leaves: a stops.csv for the next one, as `read_stops` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from routing.events.asked import DayStop
from routing.interface.availability_cells import availability_text
from routing.units import format_clock

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


def stops_text(stops: Sequence[DayStop], time_zone: str) -> str:
    """Return stops as CSV; windows are times of day, for the next day's date."""
    further = tuple(dict.fromkeys(name for stop in stops for name, _ in stop.columns))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow((*_COLUMNS, *further))
    for stop in stops:
        edges = [edge_s for window in stop.windows[:2] for edge_s in (window.start_s, window.end_s)]
        windows = [format_clock(edge_s, time_zone) for edge_s in edges] + [""] * (4 - len(edges))
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
