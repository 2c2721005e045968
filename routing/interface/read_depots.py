"""Read `depots.csv`: one line for each depot where vehicles load for a further trip.

| column | meaning | may be missing or empty |
|---|---|---|
| depot_id | unique text, no stop has the same | no |
| lat_deg, lon_deg | WGS 84 degrees | no |
| window_start, window_end, window2_start, … | a reload starts between them | at any time |
| reload_s | whole seconds to unload and load | 0 |
| stock, stock_NAME | what it holds; where one is filled, an empty one is out of stock | enough of all |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routing.errors import InputError, Issue
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE, UNITS, RowModel, check_row
from routing.interface.constraint_cells import WHOLE, read_amounts
from routing.interface.coordinates import Bbox, duplicate_issues, place_issues
from routing.interface.stop_columns import FORMS, WINDOWS, read_windows
from routing.interface.table import in_order, read_table
from routing.interface.time_cells import Calendar
from routing.network.location import Location
from routing.problem.model import LOAD, Depot, TimeWindow

REQUIRED = ("depot_id", "lat_deg", "lon_deg")
OPTIONAL = (*WINDOWS[0], *WINDOWS[1], "reload_s", "stock")
STOCK_FORM = r"stock_(.+)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotRow:
    """Hold one line of the depots."""

    depot: Depot
    """At place 0: where it is, the location says."""
    location: Location


class _DepotCells(RowModel):
    depot_id: IDENTIFIER
    lat_deg: LATITUDE
    lon_deg: LONGITUDE
    reload_s: WHOLE = 0
    stock: UNITS | None = None


def read_depots(
    path: Path | str,
    *,
    day: date,
    time_zone: str,
    shifts: Sequence[TimeWindow] = (),
    bbox_deg: Bbox | None = None,
) -> tuple[DepotRow, ...]:
    """Read depots; times of day as `read_stops` reads them. InputError with every fault of the file."""
    forms = (*FORMS[:2], (STOCK_FORM, ""))
    table = read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=WINDOWS, what="depot", forms=forms)
    calendar = Calendar(day=day, time_zone=time_zone, shifts=tuple(shifts))
    issues = list(table.issues)
    depots = []
    for row in table.rows:
        depot, faults = parse_depot(
            row.cells, row.where, calendar=calendar, bbox_deg=bbox_deg, decimal_comma=table.decimal_comma
        )
        issues += faults
        depots += [depot] if depot is not None else []
    issues += duplicate_issues([(row.where, row.cells.get("depot_id", "")) for row in table.rows], "depot_id")
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(depots)


def parse_depot(
    row: Mapping[str, object],
    where: str,
    *,
    calendar: Calendar,
    bbox_deg: Bbox | None = None,
    decimal_comma: bool = False,
) -> tuple[DepotRow | None, list[Issue]]:
    """Return one depot from its columns, or None and one Issue for each fault."""
    cells, issues = check_row(_DepotCells, row, where, decimal_comma=decimal_comma)
    windows, faults = read_windows(row, calendar, where)
    issues += faults
    stocks, faults = read_amounts(row, STOCK_FORM, where)
    issues += faults
    if cells is None:
        return None, issues
    location = Location(lat_deg=cells.lat_deg, lon_deg=cells.lon_deg)
    issues += place_issues(location, f"{where}:lat_deg", bbox_deg, "depot")
    stock = dict(stocks) if cells.stock is None else {**dict(stocks), LOAD: cells.stock}
    depot = Depot(
        id=cells.depot_id,
        place=0,
        windows=windows,
        reload_s=cells.reload_s,
        stock=tuple(sorted(stock.items())) or None,
    )
    return (None if issues else DepotRow(depot=depot, location=location)), issues
