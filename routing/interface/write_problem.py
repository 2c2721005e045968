"""Write a problem as `problem.json`, so that reading it gives the same problem again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from routing.errors import InputError
from routing.export.files import write_whole
from routing.interface.document_faults import field_issue
from routing.interface.problem_schema import (
    BreakPart,
    DepotPart,
    DrivingClocksPart,
    DrivingRulesPart,
    PlacePart,
    ProblemDocument,
    ShipmentPart,
    StopPart,
    VehiclePart,
)
from routing.problem.model import Break, Depot, Problem, Shipment, Stop, TimeWindow, Travel, Vehicle
from routing.travel.matrix import TravelMatrix
from routing.units import format_instant


def problem_document(problem: Problem, *, matrices: bool = True) -> ProblemDocument:
    """Return a problem's document, with the tables of its travel, or without where a map is to tell them.

    Of travel on roads the tables are what the search sees of it, see `RoadTravel.matrix`. Places are called after the
    depot or the stop that is there, `depot` where all vehicles without one of those start. InputError where the problem
    holds what no valid one does.
    """
    ids = _place_ids(problem)
    rows = _Rows(ids, problem.time_zone)
    content = {
        "format": "routing-problem",
        "format_version": 1,
        "time_zone": problem.time_zone,
        "objective": _same(problem.objective),
        "access_walk": None if problem.access_walk is None else _same(problem.access_walk),
        "places": tuple(_places(problem, ids, near=matrices)),
        "vehicles": tuple(rows.vehicle(vehicle) for vehicle in problem.vehicles),
        "depots": tuple(rows.depot(depot) for depot in problem.depots),
        "stops": tuple(rows.stop(stop) for stop in problem.stops),
        "shipments": tuple(_shipment(shipment) for shipment in problem.shipments),
        "incompatible_goods": problem.incompatible_goods,
        "required_goods": problem.required_goods,
        "matrices": tuple(_matrices(problem)) if matrices else (),
    }
    try:
        return ProblemDocument.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise InputError(field_issue(ProblemDocument, fault, "problem", "PROBLEM") for fault in faults) from None


def write_problem(problem: Problem, path: Path | str) -> Path:
    """Write a problem with its matrices as problem.json, whole or not at all."""
    return write_whole(Path(path), problem_bytes(problem_document(problem)))


def problem_bytes(document: ProblemDocument) -> bytes:
    """Return problem.json as UTF-8: what has its default is left out, each stop and each row of a table is a line."""
    content = document.model_dump(mode="json", exclude_defaults=True)
    parts = [f" {json.dumps(name)}: {_laid_out(name, value)}" for name, value in content.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _laid_out(name: str, value: object) -> str:
    if name == "matrices" and isinstance(value, list):
        return _lines((_table_text(table) for table in value), indent=2)
    if isinstance(value, list):
        return _lines((_text(row) for row in value), indent=2)
    return _text(value)


def _table_text(table: dict[str, Any]) -> str:
    parts = (
        f'"{name}": {_lines(map(_text, part), indent=4) if isinstance(part, list) else _text(part)}'
        for name, part in table.items()
    )
    return "{" + ", ".join(parts) + "}"


def _lines(texts: Iterable[str], *, indent: int) -> str:
    blanks = " " * indent
    return "[\n" + ",\n".join(f"{blanks}{text}" for text in texts) + f"\n{blanks[1:]}]"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class _Rows:
    """Turn stops, vehicles and depots into parts, with the ids of their places and the clocks of a zone."""

    def __init__(self, place_ids: Sequence[str], time_zone: str) -> None:
        self._place_ids = place_ids
        self._zone = time_zone

    def vehicle(self, vehicle: Vehicle) -> dict[str, Any]:
        """Return the fields of a vehicle."""
        start, end = self._place_ids[vehicle.start_place], self._place_ids[vehicle.end_place]
        rules, clocks = vehicle.driving_rules, vehicle.driving_clocks
        return _shared(vehicle, VehiclePart) | {
            "shift": self._span(vehicle.shift),
            "start_place": start,
            "end_place": None if end == start else end,
            "capacities": dict(vehicle.capacities),
            "on_board_loads": dict(vehicle.on_board_loads),
            "breaks": tuple(self._break(each) for each in vehicle.breaks),
            "driving_rules": None if rules is None else _shared(rules, DrivingRulesPart),
            "driving_clocks": _shared(clocks, DrivingClocksPart)
            | {"on_duty_since": self._instant(clocks.on_duty_since_s)},
        }

    def stop(self, stop: Stop) -> dict[str, Any]:
        """Return the fields of a stop."""
        follow = stop.follow_fee
        return _shared(stop, StopPart) | {
            "place": self._place(stop.place, stop.id),
            "windows": tuple(self._span(window) for window in stop.windows),
            "release": self._instant(stop.release_s),
            "due": self._instant(stop.due_s),
            "service_by_type": dict(stop.service_by_type),
            "loads": dict(stop.loads),
            "pickup_loads": dict(stop.pickup_loads),
            "start_fees": tuple(
                {"start": self._instant(fee.from_s), "end": self._instant(fee.until_s), "cents": fee.cents}
                for fee in stop.start_fees
            ),
            "vehicle_fees": dict(stop.vehicle_fees),
            "follow_fee": None if follow is None else _same(follow),
            "columns": dict(stop.columns),
        }

    def depot(self, depot: Depot) -> dict[str, Any]:
        """Return the fields of a depot."""
        return _shared(depot, DepotPart) | {
            "place": self._place(depot.place, depot.id),
            "windows": tuple(self._span(window) for window in depot.windows),
            "stock": None if depot.stock is None else dict(depot.stock),
        }

    def _break(self, each: Break) -> dict[str, Any]:
        return _shared(each, BreakPart) | {"window": self._span(each.window)}

    def _place(self, place: int, own_id: str) -> str | None:
        return None if self._place_ids[place] == own_id else self._place_ids[place]

    def _span(self, window: TimeWindow) -> tuple[str, str]:
        return format_instant(window.start_s, self._zone), format_instant(window.end_s, self._zone)

    def _instant(self, instant_s: int | None) -> str | None:
        return None if instant_s is None else format_instant(instant_s, self._zone)


def _shipment(shipment: Shipment) -> dict[str, Any]:
    return _shared(shipment, ShipmentPart) | {"loads": dict(shipment.loads)}


def _same(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _shared(value: Any, part: type[BaseModel]) -> dict[str, Any]:
    """Return the fields that a value has under the same name as a part of the document."""
    return {field.name: getattr(value, field.name) for field in fields(value) if field.name in part.model_fields}


def _place_ids(problem: Problem) -> tuple[str, ...]:
    named: dict[int, str] = {}
    for depot in problem.depots:
        named.setdefault(depot.place, depot.id)
    for stop in problem.stops:
        named.setdefault(stop.place, stop.id)
    starts = {vehicle.start_place for vehicle in problem.vehicles} - set(named)
    if len(starts) == 1 and "depot" not in named.values():
        named[starts.pop()] = "depot"
    ids: list[str] = []
    for place in range(len(problem.places)):
        name = named.get(place, "")
        if not name or name in ids:
            name = f"place-{place}"
            while name in named.values() or name in ids:
                name += "'"
        ids.append(name)
    return tuple(ids)


def _places(problem: Problem, ids: Sequence[str], *, near: bool) -> Iterator[dict[str, Any]]:
    distances = problem.travel.snap_distance_m.tolist() if near else [0.0] * len(ids)
    usable = problem.travel.usable.tolist() if near else [True] * len(ids)
    for name, location, off_road_m, used in zip(ids, problem.places, distances, usable, strict=True):
        yield _shared(location, PlacePart) | {
            "id": name,
            "off_road_m": off_road_m if off_road_m < float("inf") else None,
            "usable": used,
        }


def _matrices(problem: Problem) -> Iterator[dict[str, Any]]:
    for profile, travel in ((None, problem.travel), *problem.profile_travel):
        yield from _tables(profile, travel, problem.time_zone)


def _tables(profile: str | None, travel: Travel, zone: str) -> Iterator[dict[str, Any]]:
    matrix: TravelMatrix = travel.matrix
    size = matrix.duration_s.shape[-1]
    starts_s = matrix.slice_start_s.tolist()
    tables = [
        table.reshape(len(starts_s), size, size) for table in (matrix.reachable, matrix.duration_s, matrix.distance_m)
    ]
    for start_s, reachable, *measured in zip(starts_s, *tables, strict=True):
        durations, distances = (
            tuple(
                tuple(value if known else None for value, known in zip(row, known_row, strict=True))
                for row, known_row in zip(table.tolist(), reachable.tolist(), strict=True)
            )
            for table in measured
        )
        yield {
            "profile": profile,
            "start": None if starts_s == [0] else format_instant(start_s, zone),
            "durations_s": durations,
            "distances_m": distances,
        }
