"""Write a problem as the tables that `routing plan` reads, and refuse what these cannot say.

What a table says is found out by reading it: each line is read again and compared, field by field.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from routing.errors import InputError, Issue
from routing.interface.break_cells import breaks_cell
from routing.interface.constraint_cells import names_cell, pairs_cell, some
from routing.interface.problem_from_document import (
    depots_of,
    locations_of,
    objective_of,
    stops_of,
    vehicles_of,
)
from routing.interface.problem_schema import ProblemDocument, ShipmentPart
from routing.interface.read_depots import DepotRow, parse_depot
from routing.interface.read_fleet import VehicleRow, parse_vehicle
from routing.interface.read_stops import StopRow, parse_stop
from routing.interface.stop_columns import ShipmentEnd, window_columns
from routing.interface.time_cells import Calendar
from routing.interface.vehicle_columns import DRIVING_RULES
from routing.network.location import Location
from routing.problem.access_walk import AccessWalk
from routing.problem.model import LOAD, Amounts, Depot, Objective, Stop, TimeWindow, Vehicle
from routing.units import format_instant

Cells = dict[str, str]

_CANNOT: Final = "Keep it in problem.json, which `routing plan --problem` reads."
_SAME_STOP: Final = (
    *("service_s", "load", "priority", "address", "lateness_limit_s", "lateness_cents_per_min", "unserved_cents"),
    *("setup_s", "walk_s", "pickup_load", "on_board", "goods", "together", "territory"),
)
_LISTS_OF_STOP: Final = (
    *("skills_all", "skills_one_of", "skills_none_of", "allowed_vehicles", "forbidden_vehicles", "preferred_drivers"),
)
_SAME_VEHICLE: Final = (
    *("profile", "type", "driver", "territory_fee_cents", "duration_limit_s", "distance_limit_m", "driving_limit_s"),
    *("stops_limit", "overtime_limit_s", "vehicle_cents", "duty_cents_per_h", "distance_cents_per_km"),
    *("overtime_cents_per_h", "on_board_load", "start_depot", "reloads_limit"),
)
_FLAGS_OF_VEHICLE: Final = ("overtime_allowed", "open_start", "open_end", "start_fixed", "lifo", "pickups_last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Hold the files of a problem by their names, and what a reader must know."""

    files: Mapping[str, str]
    notes: tuple[str, ...]


def tables_of(document: ProblemDocument) -> Tables:
    """Return stops.csv, fleet.csv and, where the problem has them, depots.csv and objective.toml.

    InputError names everything of the problem that no table can say. A further column that only some stops have is
    empty for the others.
    """
    writer = _Writer(document)
    stops = tuple(writer.stop(stop) for stop in stops_of(document))
    vehicles = tuple(writer.vehicle(vehicle) for vehicle in vehicles_of(document))
    depots = tuple(writer.depot(depot) for depot in depots_of(document))
    issues = [*_of_the_whole(document), *writer.issues]
    if issues:
        raise InputError(issues)
    files = {"stops.csv": _csv_text(stops), "fleet.csv": _csv_text(vehicles)}
    if depots:
        files["depots.csv"] = _csv_text(depots)
    prices, usual = objective_of(document), Objective()
    changed = [f.name for f in fields(Objective) if getattr(prices, f.name) != getattr(usual, f.name)]
    if changed:
        files["objective.toml"] = "".join(f"{name} = {getattr(prices, name)}\n" for name in changed)
    notes = [f"Plans tell their times in {document.time_zone} with --time-zone {document.time_zone}."]
    walk = document.access_walk
    if walk is not None and walk.speed_m_per_h != AccessWalk().speed_m_per_h:
        notes.append(f"Walks to doors are timed alike with --walking-speed {walk.speed_m_per_h / 1000:g}.")
    if document.matrices:
        notes.append("The matrices are left out: tables are planned on a map.")
    return Tables(files=files, notes=tuple(notes))


def _of_the_whole(document: ProblemDocument) -> Iterator[Issue]:
    walk = document.access_walk
    found = {
        "incompatible_goods": bool(document.incompatible_goods),
        "required_goods": bool(document.required_goods),
        "access_walk": walk is None or walk.free_m != AccessWalk().free_m,
    }
    for name, is_there in found.items():
        if is_there:
            yield _cannot("problem", f"{name} has no table")
    for number, place in enumerate(document.places):
        if place.heading_deg is not None:
            yield _cannot(f"places[{number}]", "heading_deg has no column")


def _cannot(where: str, cause: str) -> Issue:
    return Issue(code="TABLE_CANNOT", where=where, cause=cause, action=_CANNOT)


class _Writer:
    """Turn stops, vehicles and depots into cells, and note what is read otherwise again."""

    def __init__(self, document: ProblemDocument) -> None:
        self.issues: list[Issue] = []
        self._zone = document.time_zone
        self._calendar = Calendar(day=date(1970, 1, 2), time_zone=document.time_zone)
        """Never asked: all times are written in full."""
        self._places = tuple(replace(location, heading_deg=None) for location in locations_of(document))
        ends: dict[str, ShipmentEnd] = {}
        for part in document.shipments:
            ends.setdefault(part.pickup_stop_id, _end(part, "pickup"))
            ends.setdefault(part.delivery_stop_id, _end(part, "delivery"))
        self._ends = ends

    def stop(self, stop: Stop) -> Cells:
        """Return the line of a stop."""
        where, end, location = f"stop {stop.id}", self._ends.get(stop.id), self._places[stop.place]
        cells = {
            "stop_id": stop.id,
            **_point(location),
            "approach": "" if location.approach == "either" else location.approach,
        }
        cells |= {name: _said(stop, name) for name in _SAME_STOP}
        cells |= self._windows(stop.windows)
        cells["release"], cells["due"] = self._instant(stop.release_s), self._instant(stop.due_s)
        cells["lateness_allowed"] = _flag(stop.lateness_allowed)
        for name in _LISTS_OF_STOP:
            cells[name] = self._named(where, name, getattr(stop, name) or ())
        for name in ("service_by_type", "vehicle_fees"):
            cells[name] = self._numbered(where, name, getattr(stop, name))
        cells |= _amounts("load", stop.loads) | _amounts("pickup_load", stop.pickup_loads)
        if end is not None:
            cells |= {"shipment": end.id, "shipment_role": end.role}
            cells |= {"load": str(end.load), **_amounts("load", end.loads)} if end.role == "pickup" else {}
        cells |= {name: value for name, value in stop.columns if name not in cells}
        row, faults = parse_stop(_filled(cells), where, calendar=self._calendar)
        wanted = StopRow(
            stop=replace(
                stop,
                place=0,
                columns=tuple(pair for pair in stop.columns if pair[1]),
                loads=some(stop.loads),
                pickup_loads=some(stop.pickup_loads),
            ),
            location=location,
            shipment=end if end is None or end.role == "pickup" else replace(end, load=0, loads=()),
        )
        self._compare(where, row, wanted, faults)
        return cells

    def vehicle(self, vehicle: Vehicle) -> Cells:
        """Return the line of a vehicle."""
        where, rules, clocks = f"vehicle {vehicle.id}", vehicle.driving_rules, vehicle.driving_clocks
        start, end = self._places[vehicle.start_place], self._places[vehicle.end_place]
        cells = {"vehicle_id": vehicle.id, **_point(start, "start_"), "capacity": str(vehicle.capacity)}
        cells |= {} if end == start else _point(end, "end_")
        cells["shift_start"], cells["shift_end"] = self._span(vehicle.shift)
        cells |= {name: _said(vehicle, name) for name in _SAME_VEHICLE}
        cells |= {name: _flag(getattr(vehicle, name)) for name in _FLAGS_OF_VEHICLE}
        for name in ("skills", "territories", "reload_depots"):
            cells[name] = self._named(where, name, getattr(vehicle, name) or ())
        cells |= _amounts("capacity", vehicle.capacities) | _amounts("on_board_load", vehicle.on_board_loads)
        try:
            cells["breaks"] = breaks_cell(vehicle.breaks, self._calendar)
        except ValueError as error:
            self.issues.append(_cannot(where, f"breaks: {error}"))
        cells["driving_rules"] = next((word for word, known in DRIVING_RULES.items() if known == rules), "")
        for field in fields(clocks):
            value = getattr(clocks, field.name)
            if field.name == "on_duty_since_s":
                cells["on_duty_since"] = self._instant(value)
            else:
                cells[field.name] = _flag(value) if isinstance(value, bool) else _said(clocks, field.name)
        row, faults = parse_vehicle(_filled(cells), where, calendar=self._calendar, profiles=(vehicle.profile,))
        wanted = VehicleRow(vehicle=replace(vehicle, start_place=0, end_place=0), start=start, end=end)
        self._compare(where, row, wanted, faults)
        return cells

    def depot(self, depot: Depot) -> Cells:
        """Return the line of a depot."""
        where, location = f"depot {depot.id}", self._places[depot.place]
        stock = dict(depot.stock or ())
        cells = {"depot_id": depot.id, **_point(location), "reload_s": _said(depot, "reload_s")}
        cells |= {"stock": str(stock.pop(LOAD)) if LOAD in stock else "", **_amounts("stock", tuple(stock.items()))}
        cells |= self._windows(depot.windows)
        row, faults = parse_depot(_filled(cells), where, calendar=self._calendar)
        self._compare(where, row, DepotRow(depot=replace(depot, place=0), location=location), faults)
        return cells

    def _compare(self, where: str, read: object, wanted: object, faults: Sequence[Issue]) -> None:
        """Note what a line would be read as otherwise than it is meant."""
        self.issues += [_cannot(where, f"{issue.where.rpartition(':')[2]}: {issue.cause}") for issue in faults]
        for name, said, meant in _differences(read, wanted) if read is not None else ():
            self.issues.append(_cannot(where, f"{name} is {_short(meant)}; a table says {_short(said)} at most"))

    def _named(self, where: str, column: str, names: Iterable[str]) -> str:
        try:
            return names_cell(names)
        except ValueError as error:
            self.issues.append(_cannot(where, f"{column}: {error}"))
            return ""

    def _numbered(self, where: str, column: str, pairs: Amounts) -> str:
        try:
            return pairs_cell(pairs)
        except ValueError as error:
            self.issues.append(_cannot(where, f"{column}: {error}"))
            return ""

    def _windows(self, windows: Sequence[TimeWindow]) -> Cells:
        cells: Cells = {}
        for number, window in enumerate(windows, start=1):
            start, end = window_columns(number)
            cells[start], cells[end] = self._span(window)
        return cells

    def _span(self, window: TimeWindow) -> tuple[str, str]:
        return self._instant(window.start_s), self._instant(window.end_s)

    def _instant(self, instant_s: int | None) -> str:
        return "" if instant_s is None else format_instant(instant_s, self._zone)


def _end(part: ShipmentPart, role: Any) -> ShipmentEnd:
    return ShipmentEnd(id=part.id, role=role, load=part.load, loads=some(tuple(sorted(part.loads.items()))))


def _differences(read: Any, wanted: Any) -> Iterator[tuple[str, object, object]]:
    for field in fields(wanted):
        said, meant = getattr(read, field.name), getattr(wanted, field.name)
        if isinstance(meant, (Stop, Vehicle, Depot)):
            yield from _differences(said, meant)
        elif said != meant:
            yield field.name, said, meant


def _point(location: Location, prefix: str = "") -> Cells:
    return {f"{prefix}lat_deg": repr(location.lat_deg), f"{prefix}lon_deg": repr(location.lon_deg)}


def _amounts(column: str, amounts: Amounts) -> Cells:
    return {f"{column}_{name}": str(amount) for name, amount in amounts}


def _said(value: Any, name: str) -> str:
    """Return a field as a cell, empty where it has its default."""
    usual = next(field.default for field in fields(value) if field.name == name)
    return "" if getattr(value, name) == usual else str(getattr(value, name))


def _flag(value: bool) -> str:
    return "yes" if value else ""


def _filled(cells: Cells) -> Cells:
    """Return what of a line a reader sees."""
    return {name.strip(): value.strip() for name, value in cells.items() if value.strip()}


def _short(value: object) -> str:
    text = "nothing" if value in (None, (), "") else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _csv_text(rows: Sequence[Cells]) -> str:
    """Return lines under the names of all columns in which some line has something."""
    columns = list(dict.fromkeys(name for row in rows for name, value in row.items() if value))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return stream.getvalue()
