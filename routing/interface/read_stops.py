"""Read `stops.csv`: one line for each stop.

| column | meaning | may be missing or empty |
|---|---|---|
| stop_id | unique text | no |
| lat_deg, lon_deg | WGS 84 degrees | no |
| address | text for the driver | no address |
| window_start, window_end | ISO 8601 or HH:MM; service starts between them | both: at any time |
| window2_start, window2_end | a second window | both: none |
| service_s | whole seconds at the door | 0 |
| load | whole units | 0 |
| priority | 0 to 100, higher is served first | 0 |
| approach | right, left or curb (as the country drives): the side of the vehicle on which it lies | either |
| availability | how likely somebody can receive, by time (see `availability_cells`); counts during a day | surely |
| attempts | visits that failed on earlier days | 0 |

Further columns are kept in order and exported again. Windows that touch or overlap are one window. How times
of day fall on a date is told in `time_cells`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from routing.errors import InputError, Issue
from routing.events.asked import AvailabilityStep
from routing.interface.availability_cells import read_availability
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE, UNITS, RowModel, cell_text, check_row
from routing.interface.coordinates import Bbox, duplicate_issues, is_near, swapped_issue
from routing.interface.table import Table, in_order, read_table
from routing.interface.time_cells import Calendar, TimePair, read_window
from routing.network.location import Approach, Location
from routing.problem.model import TimeWindow, merge_windows

REQUIRED = ("stop_id", "lat_deg", "lon_deg")
WINDOWS = (("window_start", "window_end"), ("window2_start", "window2_end"))
DETAILS = ("service_s", "load", "priority", "approach", "availability", "attempts")
OPTIONAL = ("address", *WINDOWS[0], *WINDOWS[1], *DETAILS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Hold one line of the stops in instants, seconds, units and a place."""

    stop_id: str
    location: Location
    address: str = ""
    windows: tuple[TimeWindow, ...] = ()
    service_s: int = 0
    load: int = 0
    priority: int = 0
    columns: tuple[tuple[str, str], ...] = ()
    """Further columns as they came."""
    availability: tuple[AvailabilityStep, ...] = ()
    attempts: int = 0


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class _PlaceCells(RowModel):
    lat_deg: LATITUDE
    lon_deg: LONGITUDE


class _StopCells(_PlaceCells):
    stop_id: IDENTIFIER
    address: str = ""
    service_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    load: UNITS = 0
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    approach: Annotated[Approach, BeforeValidator(_lower)] = "either"
    attempts: Annotated[int, Field(ge=0, le=1_000)] = 0


def read_stops(
    path: Path | str,
    *,
    day: date,
    time_zone: str,
    shifts: tuple[TimeWindow, ...] = (),
    bbox_deg: Bbox | None = None,
) -> tuple[StopRow, ...]:
    """Read stops; times of day stand on the clocks of a zone on a day, or the next (see `time_cells`).

    With the map's bounding box (west, south, east, north) swapped coordinates are found, and a file whose
    stops are all off the map is refused; a single one is left for the plan to name as unreachable. Raises
    InputError with every fault of the file.
    """
    table = read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=WINDOWS, what="stop")
    calendar = Calendar(day=day, time_zone=time_zone, shifts=shifts)
    issues = list(table.issues)
    stops = []
    for row in table.rows:
        stop, faults = parse_stop(
            row.cells, row.where, calendar=calendar, bbox_deg=bbox_deg, decimal_comma=table.decimal_comma
        )
        issues += faults
        if stop is not None:
            stops.append(stop)
    issues += duplicate_issues([(row.where, row.cells.get("stop_id", "")) for row in table.rows], "stop_id")
    if not issues and bbox_deg is not None:
        issues += _all_off_map(table, stops, bbox_deg)
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(stops)


def parse_stop(
    cells: Mapping[str, object],
    where: str,
    *,
    calendar: Calendar,
    bbox_deg: Bbox | None = None,
    decimal_comma: bool = False,
) -> tuple[StopRow | None, list[Issue]]:
    """Return one stop from its columns (text or JSON values), or None and one Issue for each fault."""
    checked, issues = check_row(_StopCells, cells, where, decimal_comma=decimal_comma)
    windows = []
    for start_column, end_column in WINDOWS:
        pair = TimePair(
            start=cell_text(cells.get(start_column)),
            end=cell_text(cells.get(end_column)),
            start_column=start_column,
            end_column=end_column,
        )
        window, faults = read_window(pair, calendar, where)
        issues += faults
        if window is not None:
            windows.append(window)
    availability, faults = read_availability(cells.get("availability"), calendar, f"{where}:availability")
    issues += faults
    place, _ = check_row(_PlaceCells, cells, where, decimal_comma=decimal_comma)
    if place is not None and _is_swapped(place.lat_deg, place.lon_deg, bbox_deg):
        issues.append(swapped_issue(f"{where}:lat_deg", place.lat_deg, place.lon_deg))
    if checked is None or issues:
        return None, issues
    known = {*REQUIRED, *OPTIONAL}
    stop = StopRow(
        stop_id=checked.stop_id,
        location=Location(lat_deg=checked.lat_deg, lon_deg=checked.lon_deg, approach=checked.approach),
        address=checked.address,
        windows=merge_windows(windows),
        service_s=checked.service_s,
        load=checked.load,
        priority=checked.priority,
        columns=tuple((name, cell_text(value)) for name, value in cells.items() if name not in known),
        availability=availability,
        attempts=checked.attempts,
    )
    return stop, []


def _is_swapped(lat_deg: float, lon_deg: float, bbox_deg: Bbox | None) -> bool:
    if bbox_deg is None or is_near(lat_deg, lon_deg, bbox_deg):
        return False
    return is_near(lon_deg, lat_deg, bbox_deg)


def _all_off_map(table: Table, stops: Sequence[StopRow], bbox_deg: Bbox) -> list[Issue]:
    if any(is_near(stop.location.lat_deg, stop.location.lon_deg, bbox_deg) for stop in stops):
        return []
    west, south, east, north = bbox_deg
    first = stops[0].location
    cause = (
        f"All {len(stops)} stops are off the map (latitude {south:.4f} to {north:.4f}, "
        f"longitude {west:.4f} to {east:.4f}); the first is at {first.lat_deg}, {first.lon_deg}."
    )
    action = "Use a map that holds the stops, or correct their coordinates."
    return [Issue(code="STOPS_OFF_MAP", where=table.path, cause=cause, action=action)]
