"""What a line of the fleet may say, column by column, and how it becomes a vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BeforeValidator

from routing.errors import Issue
from routing.interface.break_cells import read_breaks
from routing.interface.checked_row import (
    IDENTIFIER,
    LATITUDE,
    LONGITUDE,
    UNITS,
    RowModel,
    cell_text,
    check_row,
    shared_fields,
)
from routing.interface.constraint_cells import NAMES, WHOLE, read_amounts, read_moment
from routing.interface.time_cells import Calendar, TimePair, read_shift
from routing.network.profile import PROFILE_NAMES
from routing.problem.driving_rules import DrivingClocks, DrivingRules, eu_561
from routing.problem.model import Amounts, Break, TimeWindow, Vehicle

REQUIRED: Final = ("vehicle_id", "capacity", "shift_start", "shift_end", "start_lat_deg", "start_lon_deg")
CONSTRAINTS: Final = (
    *("skills", "type", "driver", "territories", "territory_fee_cents", "breaks", "driving_rules", "split_taken"),
    *("driving_since_break_s", "driving_today_s", "driving_week_s", "driving_fortnight_s", "on_duty_since"),
    *("duration_limit_s", "distance_limit_m", "driving_limit_s", "stops_limit"),
    *("overtime_allowed", "overtime_limit_s", "vehicle_cents", "duty_cents_per_h", "distance_cents_per_km"),
    *("overtime_cents_per_h", "open_start", "open_end", "start_fixed", "on_board_load"),
    *("start_depot", "reload_depots", "reloads_limit", "lifo", "pickups_last"),
)
OPTIONAL: Final = ("profile", "end_lat_deg", "end_lon_deg", *CONSTRAINTS)
PAIRS: Final = (("end_lat_deg", "end_lon_deg"),)
CAPACITY_FORM, ON_BOARD_FORM = r"capacity_(.+)", r"on_board_load_(.+)"
FORMS: Final = ((CAPACITY_FORM, ""), (ON_BOARD_FORM, ""))

DRIVING_RULES: Final[dict[str, DrivingRules]] = {
    "eu_561": eu_561(),
    "eu_561_extended": eu_561(extended=True),
    "eu_561_reduced_rest": eu_561(reduced_rest=True),
    "eu_561_extended_reduced_rest": eu_561(extended=True, reduced_rest=True),
}
"""By the word of a cell."""


def _rules(value: object) -> object:
    word = value.strip().lower() if isinstance(value, str) else value
    if word not in DRIVING_RULES:
        raise ValueError(f"these rules are not known here, where {', '.join(DRIVING_RULES)} can be told")
    return word


class PlaceCells(RowModel):
    """Hold where a vehicle starts and ends."""

    start_lat_deg: LATITUDE
    start_lon_deg: LONGITUDE
    end_lat_deg: LATITUDE | None = None
    end_lon_deg: LONGITUDE | None = None


class VehicleCells(PlaceCells):
    """Hold the cells that are neither times nor loads by name."""

    vehicle_id: IDENTIFIER
    profile: str = PROFILE_NAMES[0]
    capacity: UNITS
    skills: NAMES = ()
    type: str = ""
    driver: str = ""
    territories: NAMES | None = None
    territory_fee_cents: WHOLE | None = None
    driving_rules: Annotated[str, BeforeValidator(_rules)] | None = None
    split_taken: bool = False
    driving_since_break_s: WHOLE = 0
    driving_today_s: WHOLE = 0
    driving_week_s: WHOLE = 0
    driving_fortnight_s: WHOLE = 0
    duration_limit_s: WHOLE | None = None
    distance_limit_m: WHOLE | None = None
    driving_limit_s: WHOLE | None = None
    stops_limit: WHOLE | None = None
    overtime_allowed: bool = False
    overtime_limit_s: WHOLE | None = None
    vehicle_cents: WHOLE | None = None
    duty_cents_per_h: WHOLE | None = None
    distance_cents_per_km: WHOLE | None = None
    overtime_cents_per_h: WHOLE | None = None
    open_start: bool = False
    open_end: bool = False
    start_fixed: bool = False
    on_board_load: UNITS = 0
    start_depot: IDENTIFIER | None = None
    reload_depots: NAMES = ()
    reloads_limit: WHOLE | None = None
    lifo: bool = False
    pickups_last: bool = False


def shift_cells(cells: Mapping[str, object]) -> TimePair:
    """Return the two cells of a shift."""
    return TimePair(
        start=cell_text(cells.get("shift_start")),
        end=cell_text(cells.get("shift_end")),
        start_column="shift_start",
        end_column="shift_end",
    )


def read_vehicle_cells(
    row: Mapping[str, object], where: str, calendar: Calendar, *, decimal_comma: bool
) -> tuple[VehicleCells | None, Vehicle | None, list[Issue]]:
    """Return what a line says and its vehicle, at places 0; None and one Issue for each fault."""
    cells, issues = check_row(VehicleCells, row, where, decimal_comma=decimal_comma)
    shift, faults = read_shift(shift_cells(row), calendar, where)
    issues += faults
    worked = Calendar(day=calendar.day, time_zone=calendar.time_zone, shifts=() if shift is None else (shift,))
    breaks, faults = read_breaks(row.get("breaks"), worked, f"{where}:breaks")
    issues += faults
    since_s, faults = read_moment(row, "on_duty_since", calendar, where)
    issues += faults
    capacities, faults = read_amounts(row, CAPACITY_FORM, where)
    issues += faults
    on_board_loads, faults = read_amounts(row, ON_BOARD_FORM, where)
    issues += faults
    if cells is None or shift is None:
        return cells, None, issues
    return cells, _vehicle(cells, shift, breaks, since_s, (capacities, on_board_loads)), issues


def _vehicle(
    cells: VehicleCells,
    shift: TimeWindow,
    breaks: tuple[Break, ...],
    since_s: int | None,
    loads: tuple[Amounts, Amounts],
) -> Vehicle:
    rules, clocks = cells.driving_rules, shared_fields(cells, DrivingClocks)
    return Vehicle(
        **shared_fields(cells, Vehicle)
        | {
            "id": cells.vehicle_id,
            "shift": shift,
            "start_place": 0,
            "end_place": 0,
            "capacities": loads[0],
            "on_board_loads": loads[1],
            "breaks": breaks,
            "driving_rules": None if rules is None else DRIVING_RULES[rules],
            "driving_clocks": DrivingClocks(**clocks, on_duty_since_s=since_s),
        }
    )
