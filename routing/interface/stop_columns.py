"""What a line of stops may ask for, column by column, and how the asking becomes a stop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from routing.errors import Issue
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
from routing.interface.constraint_cells import BY_NAME, NAMES, WHOLE, read_amounts, read_moment, some
from routing.interface.time_cells import Calendar, TimePair, read_window
from routing.network.location import Approach
from routing.problem.model import Amounts, Stop, TimeWindow, merge_windows

REQUIRED: Final = ("stop_id", "lat_deg", "lon_deg")
WINDOWS: Final = (("window_start", "window_end"), ("window2_start", "window2_end"))
DETAILS: Final = ("service_s", "load", "priority", "approach", "availability", "attempts")
CONSTRAINTS: Final = (
    *("release", "due", "lateness_allowed", "lateness_limit_s", "lateness_cents_per_min", "unserved_cents"),
    *("setup_s", "walk_s", "service_by_type", "pickup_load", "on_board", "goods", "together"),
    *("skills_all", "skills_one_of", "skills_none_of", "allowed_vehicles", "forbidden_vehicles"),
    *("preferred_drivers", "territory", "vehicle_fees", "shipment", "shipment_role"),
)
OPTIONAL: Final = ("address", *WINDOWS[0], *WINDOWS[1], *DETAILS, *CONSTRAINTS)
LOAD_FORM, PICKUP_FORM = r"load_(?!after)(.+)", r"pickup_load_(.+)"
_NUMBER = r"([3-9]|[1-9]\d+)"
FORMS: Final = (
    (rf"window{_NUMBER}_start", r"window\1_end"),
    (rf"window{_NUMBER}_end", r"window\1_start"),
    (LOAD_FORM, ""),
    (PICKUP_FORM, ""),
)
"""Columns that may come as many times as wanted. Manifests have `load_after`, which is no load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentEnd:
    """Hold what a line says of the shipment that its stop belongs to."""

    id: str
    role: Literal["pickup", "delivery"]
    load: int
    loads: Amounts


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class PlaceCells(RowModel):
    """Hold where a stop is."""

    lat_deg: LATITUDE
    lon_deg: LONGITUDE


class StopCells(PlaceCells):
    """Hold the cells that are neither times nor loads by name."""

    stop_id: IDENTIFIER
    address: str = ""
    service_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    load: UNITS = 0
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    approach: Annotated[Approach, BeforeValidator(_lower)] = "either"
    attempts: Annotated[int, Field(ge=0, le=1_000)] = 0
    lateness_allowed: bool = False
    lateness_limit_s: WHOLE | None = None
    lateness_cents_per_min: WHOLE | None = None
    unserved_cents: WHOLE | None = None
    setup_s: WHOLE = 0
    walk_s: WHOLE = 0
    service_by_type: BY_NAME = Field(default_factory=dict)
    pickup_load: UNITS = 0
    on_board: IDENTIFIER | None = None
    goods: str = ""
    together: str = ""
    skills_all: NAMES = ()
    skills_one_of: NAMES = ()
    skills_none_of: NAMES = ()
    allowed_vehicles: NAMES | None = None
    forbidden_vehicles: NAMES = ()
    preferred_drivers: NAMES = ()
    territory: str = ""
    vehicle_fees: BY_NAME = Field(default_factory=dict)
    shipment: IDENTIFIER | None = None
    shipment_role: Annotated[Literal["pickup", "delivery"] | None, BeforeValidator(_lower)] = None


def read_stop_cells(
    cells: Mapping[str, object], where: str, calendar: Calendar, *, decimal_comma: bool
) -> tuple[StopCells | None, Stop | None, ShipmentEnd | None, list[Issue]]:
    """Return what a line says, its stop at place 0 and its end of a shipment; None and one Issue for each fault."""
    checked, issues = check_row(StopCells, cells, where, decimal_comma=decimal_comma)
    windows, faults = read_windows(cells, calendar, where)
    issues += faults
    release_s, faults = read_moment(cells, "release", calendar, where)
    issues += faults
    due_s, faults = read_moment(cells, "due", calendar, where)
    issues += faults
    loads, faults = read_amounts(cells, LOAD_FORM, where)
    issues += faults
    pickup_loads, faults = read_amounts(cells, PICKUP_FORM, where)
    issues += faults
    if checked is None:
        return None, None, None, issues
    end, faults = _shipment_end(checked, some(loads), where)
    issues += faults
    stop = Stop(
        **shared_fields(checked, Stop)
        | {
            "id": checked.stop_id,
            "place": 0,
            "windows": windows,
            "load": 0 if end else checked.load,
            "columns": _further(cells),
            "vehicle_fees": tuple(checked.vehicle_fees.items()),
            "service_by_type": tuple(checked.service_by_type.items()),
            "loads": () if end else some(loads),
            "pickup_loads": some(pickup_loads),
            "release_s": release_s,
            "due_s": due_s,
        }
    )
    return checked, stop, end, issues


def window_columns(number: int) -> tuple[str, str]:
    """Return the two columns of a window, counted from 1."""
    name = "window" if number == 1 else f"window{number}"
    return f"{name}_start", f"{name}_end"


def read_windows(
    cells: Mapping[str, object], calendar: Calendar, where: str
) -> tuple[tuple[TimeWindow, ...], list[Issue]]:
    """Return the windows of a line, however many it has columns for."""
    numbers = {int(found[1]) for name in cells if (found := re.fullmatch(FORMS[0][0], name))}
    numbers |= {int(found[1]) for name in cells if (found := re.fullmatch(FORMS[1][0], name))}
    windows, issues = [], []
    for start_column, end_column in map(window_columns, (1, 2, *sorted(numbers))):
        pair = TimePair(
            start=cell_text(cells.get(start_column)),
            end=cell_text(cells.get(end_column)),
            start_column=start_column,
            end_column=end_column,
        )
        window, faults = read_window(pair, calendar, where)
        issues += faults
        windows += [window] if window is not None else []
    return merge_windows(windows), issues


def _shipment_end(checked: StopCells, loads: Amounts, where: str) -> tuple[ShipmentEnd | None, list[Issue]]:
    if (checked.shipment is None) != (checked.shipment_role is None):
        empty = "shipment" if checked.shipment is None else "shipment_role"
        cause = "Only one of shipment and shipment_role is given."
        action = "Fill both where the goods go from one stop to another, or neither."
        return None, [Issue(code="VALUE_MISSING", where=f"{where}:{empty}", cause=cause, action=action)]
    if checked.shipment is None or checked.shipment_role is None:
        return None, []
    return ShipmentEnd(id=checked.shipment, role=checked.shipment_role, load=checked.load, loads=loads), []


def is_known(column: str) -> bool:
    """Tell whether a column has a meaning of its own."""
    return column in {*REQUIRED, *OPTIONAL} or any(re.fullmatch(form, column) for form, _ in FORMS)


def _further(cells: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, cell_text(value)) for name, value in cells.items() if not is_known(name))
