"""Read `fleet.csv`: one line for each vehicle.

| column | meaning | may be missing |
|---|---|---|
| vehicle_id | unique text | no |
| profile | `van`, `car`, `truck`, `cargo_bike`, `foot` or that of a saved network | van |
| capacity | whole units of load | no |
| shift_start, shift_end | ISO 8601 or HH:MM; an end before the start is on the next day | no |
| start_lat_deg, start_lon_deg | where it starts | no |
| end_lat_deg, end_lon_deg | where it ends | where it started |
| capacity_NAME | units of a further load, such as capacity_cold | it carries none |
| on_board_load, on_board_load_NAME | what it carries to a depot or its end, from the start on | 0 |
| skills, type, driver | `cold; lift`; see a stop's service_by_type; see its preferred_drivers | none |
| territories, territory_fee_cents | where it is at home; what a stop elsewhere costs | everywhere; serves none |
| breaks | `12:00/13:30=1800`: begins between these times, takes so many seconds (see `break_cells`) | none |
| driving_rules | eu_561, eu_561_extended, eu_561_reduced_rest, eu_561_extended_reduced_rest | none |
| driving_since_break_s, split_taken, driving_today_s | what the driver brings in | nothing |
| on_duty_since, driving_week_s, driving_fortnight_s | the same | the route's start; nothing |
| duration_limit_s, distance_limit_m, driving_limit_s, stops_limit | limits of its route | none |
| overtime_allowed | yes: it may be back after its shift, which is paid | no |
| overtime_limit_s, overtime_cents_per_h | how long at most; its price | any; that of lateness |
| vehicle_cents, duty_cents_per_h, distance_cents_per_km | its own prices | the objective's |
| open_start, open_end | yes: its route begins at its first, ends at its last halt | no |
| start_fixed | yes: it is on duty from the start of its shift | no |
| start_depot, reload_depots, reloads_limit | depots of its first and of further trips (`read_depots`) | none; any |
| lifo, pickups_last | yes: unloads last in, first out; collects after all deliveries of a trip | no |

Further columns are ignored. Lists are separated by `;` (see `constraint_cells`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routing.errors import InputError, Issue
from routing.interface.checked_row import cell_text, check_row
from routing.interface.coordinates import Bbox, duplicate_issues, place_issues
from routing.interface.table import Row, in_order, read_table
from routing.interface.time_cells import Calendar, read_shift, written_date
from routing.interface.vehicle_columns import (
    FORMS,
    OPTIONAL,
    PAIRS,
    REQUIRED,
    PlaceCells,
    read_vehicle_cells,
    shift_cells,
)
from routing.network.location import Location
from routing.network.profile import PROFILE_NAMES
from routing.problem.model import TimeWindow, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRow:
    """Hold one line of the fleet."""

    vehicle: Vehicle
    """At places 0: where it is, the locations say."""
    start: Location
    end: Location


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
    table = read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=PAIRS, what="vehicle", forms=FORMS)
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
    shifts = (read_shift(shift_cells(row.cells), calendar, row.where)[0] for row in _readable_rows(path))
    return tuple(shift for shift in shifts if shift is not None)


def _readable_rows(path: Path | str) -> tuple[Row, ...]:
    try:
        return read_table(
            Path(path), required=REQUIRED, optional=OPTIONAL, pairs=PAIRS, what="vehicle", forms=FORMS
        ).rows
    except InputError:
        return ()


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
    cells, vehicle, issues = read_vehicle_cells(row, where, calendar, decimal_comma=decimal_comma)
    issues += _profile_issues(cell_text(row.get("profile")), where, profiles)
    places, _ = check_row(PlaceCells, row, where, decimal_comma=decimal_comma)
    if places is not None:
        issues += _places_issues(places, where, bbox_deg)
    if cells is None or vehicle is None or issues:
        return None, issues
    start, end = _start_and_end(cells)
    return VehicleRow(vehicle=vehicle, start=start, end=end), []


def _start_and_end(cells: PlaceCells) -> tuple[Location, Location]:
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


def _places_issues(cells: PlaceCells, where: str, bbox_deg: Bbox | None) -> list[Issue]:
    start, end = _start_and_end(cells)
    issues = place_issues(start, f"{where}:start_lat_deg", bbox_deg, "vehicle")
    if end != start:
        issues += place_issues(end, f"{where}:end_lat_deg", bbox_deg, "vehicle")
    if (cells.end_lat_deg is None) != (cells.end_lon_deg is None):
        empty = "end_lat_deg" if cells.end_lat_deg is None else "end_lon_deg"
        cause = "Only one of end_lat_deg and end_lon_deg is given."
        action = "Fill both, or leave both empty for a vehicle that returns to its start."
        issues.append(Issue(code="VALUE_MISSING", where=f"{where}:{empty}", cause=cause, action=action))
    return issues
