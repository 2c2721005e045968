"""Read `fleet.csv`: one line for each vehicle.

| column | meaning | may be missing |
|---|---|---|
| vehicle_id | unique text | no |
| profile | `van`, `car`, `truck`, `cargo_bike`, `foot` or that of a saved network, one for all | van |
| capacity | whole units of load | no |
| shift_start, shift_end | ISO 8601 or HH:MM; an end before the start is on the next day | no |
| start_lat_deg, start_lon_deg | where it starts | no |
| end_lat_deg, end_lon_deg | where it ends | where it started |

Further columns are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routing.errors import InputError, Issue
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE, UNITS, RowModel, cell_text, check_row
from routing.interface.coordinates import Bbox, duplicate_issues, is_near, swapped_issue
from routing.interface.table import Row, Table, in_order, read_table
from routing.interface.time_cells import Calendar, TimePair, read_shift, written_date
from routing.network.location import Location
from routing.network.profile import PROFILE_NAMES
from routing.problem.model import TimeWindow

REQUIRED = ("vehicle_id", "capacity", "shift_start", "shift_end", "start_lat_deg", "start_lon_deg")
OPTIONAL = ("profile", "end_lat_deg", "end_lon_deg")
PAIRS = (("end_lat_deg", "end_lon_deg"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRow:
    """Hold one line of the fleet in instants, units and places."""

    vehicle_id: str
    profile: str
    capacity: int
    shift: TimeWindow
    start: Location
    end: Location


class _PlaceCells(RowModel):
    start_lat_deg: LATITUDE
    start_lon_deg: LONGITUDE
    end_lat_deg: LATITUDE | None = None
    end_lon_deg: LONGITUDE | None = None


class _VehicleCells(_PlaceCells):
    vehicle_id: IDENTIFIER
    profile: str = PROFILE_NAMES[0]
    capacity: UNITS


def read_fleet(
    path: Path | str,
    *,
    day: date,
    time_zone: str,
    bbox_deg: Bbox | None = None,
    profiles: Sequence[str] = PROFILE_NAMES,
) -> tuple[VehicleRow, ...]:
    """Read a fleet; times of day stand on the clocks of a zone on a day.

    With the map's bounding box (west, south, east, north) places off the map are refused and swapped
    coordinates found. Raises InputError with every fault of the file.
    """
    table = read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=PAIRS, what="vehicle")
    calendar = Calendar(day=day, time_zone=time_zone)
    issues = list(table.issues)
    vehicles = []
    for row in table.rows:
        vehicle, faults = parse_vehicle(
            row.cells,
            row.where,
            calendar=calendar,
            bbox_deg=bbox_deg,
            profiles=profiles,
            decimal_comma=table.decimal_comma,
        )
        issues += faults
        if vehicle is not None:
            vehicles.append(vehicle)
    issues += duplicate_issues([(row.where, row.cells.get("vehicle_id", "")) for row in table.rows], "vehicle_id")
    issues += _mixed_profiles(table, vehicles)
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(vehicles)


def written_day(path: Path | str) -> date | None:
    """Return the earliest date written in a fleet's shifts, None where there is none or no reading it."""
    dates = (written_date(row.cells.get("shift_start", "")) for row in _readable_rows(path))
    return min((found for found in dates if found is not None), default=None)


def readable_shifts(path: Path | str, *, day: date, time_zone: str) -> tuple[TimeWindow, ...]:
    """Return the shifts of a fleet that can be read, whatever else is wrong with it."""
    calendar = Calendar(day=day, time_zone=time_zone)
    shifts = (read_shift(_shift_cells(row.cells), calendar, row.where)[0] for row in _readable_rows(path))
    return tuple(shift for shift in shifts if shift is not None)


def _readable_rows(path: Path | str) -> tuple[Row, ...]:
    try:
        return read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=PAIRS, what="vehicle").rows
    except InputError:
        return ()


def _shift_cells(cells: Mapping[str, object]) -> TimePair:
    return TimePair(
        start=cell_text(cells.get("shift_start")),
        end=cell_text(cells.get("shift_end")),
        start_column="shift_start",
        end_column="shift_end",
    )


def parse_vehicle(
    row: Mapping[str, object],
    where: str,
    *,
    calendar: Calendar,
    bbox_deg: Bbox | None = None,
    profiles: Sequence[str] = PROFILE_NAMES,
    decimal_comma: bool = False,
) -> tuple[VehicleRow | None, list[Issue]]:
    """Return one vehicle from its columns (text or JSON values), or None and one Issue for each fault."""
    cells, issues = check_row(_VehicleCells, row, where, decimal_comma=decimal_comma)
    shift, faults = read_shift(_shift_cells(row), calendar, where)
    issues += [*faults, *_profile_issues(cell_text(row.get("profile")), where, profiles)]
    places, _ = check_row(_PlaceCells, row, where, decimal_comma=decimal_comma)
    if places is not None:
        issues += _places_issues(places, where, bbox_deg)
    if cells is None or shift is None or issues:
        return None, issues
    start, end = _start_and_end(cells)
    vehicle = VehicleRow(
        vehicle_id=cells.vehicle_id,
        profile=cells.profile,
        capacity=cells.capacity,
        shift=shift,
        start=start,
        end=end,
    )
    return vehicle, []


def _start_and_end(cells: _PlaceCells) -> tuple[Location, Location]:
    start = Location(lat_deg=cells.start_lat_deg, lon_deg=cells.start_lon_deg)
    if cells.end_lat_deg is None or cells.end_lon_deg is None:
        return start, start
    return start, Location(lat_deg=cells.end_lat_deg, lon_deg=cells.end_lon_deg)


def _profile_issues(profile: str, where: str, profiles: Sequence[str]) -> list[Issue]:
    if not profile or profile in profiles:
        return []
    cause = f"The profile {profile!r} is not known."
    action = f"Use one of: {', '.join(profiles)}."
    return [Issue(code="PROFILE_UNKNOWN", where=f"{where}:profile", cause=cause, action=action)]


def _mixed_profiles(table: Table, vehicles: Sequence[VehicleRow]) -> list[Issue]:
    found = list(dict.fromkeys(vehicle.profile for vehicle in vehicles))
    if len(found) < 2:
        return []
    cause = f"The fleet mixes the profiles {' and '.join(found)}; one plan can use one profile only, for now."
    action = "Give all vehicles the same profile, or plan each kind with its own stops."
    return [Issue(code="PROFILE_MIXED", where=f"{table.path}:profile", cause=cause, action=action)]


def _places_issues(cells: _PlaceCells, where: str, bbox_deg: Bbox | None) -> list[Issue]:
    start, end = _start_and_end(cells)
    issues = _place_issues(start, f"{where}:start_lat_deg", bbox_deg)
    if end != start:
        issues += _place_issues(end, f"{where}:end_lat_deg", bbox_deg)
    if (cells.end_lat_deg is None) != (cells.end_lon_deg is None):
        empty = "end_lat_deg" if cells.end_lat_deg is None else "end_lon_deg"
        cause = "Only one of end_lat_deg and end_lon_deg is given."
        action = "Fill both, or leave both empty for a vehicle that returns to its start."
        issues.append(Issue(code="VALUE_MISSING", where=f"{where}:{empty}", cause=cause, action=action))
    return issues


def _place_issues(place: Location, where: str, bbox_deg: Bbox | None) -> list[Issue]:
    if bbox_deg is None or is_near(place.lat_deg, place.lon_deg, bbox_deg):
        return []
    if is_near(place.lon_deg, place.lat_deg, bbox_deg):
        return [swapped_issue(where, place.lat_deg, place.lon_deg)]
    west, south, east, north = bbox_deg
    cause = (
        f"The vehicle's place {place.lat_deg}, {place.lon_deg} is off the map "
        f"(latitude {south:.4f} to {north:.4f}, longitude {west:.4f} to {east:.4f})."
    )
    action = "Correct the coordinates, or use a map that holds the place."
    return [Issue(code="VEHICLE_OFF_MAP", where=where, cause=cause, action=action)]
