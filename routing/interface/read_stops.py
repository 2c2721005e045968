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

What a fleet asks for (lists are separated by `;`, see `constraint_cells`):

| column | meaning | may be missing or empty |
|---|---|---|
| window3_start, window3_end, window4_… | further windows, as many as wanted | none |
| release | the trip that delivers its goods does not leave the depot before | at any time |
| due | its service is over by then, whatever lateness is allowed | never |
| lateness_allowed | yes: a start after its last window is paid | no |
| lateness_limit_s, lateness_cents_per_min | how late at most; its own price | any; the objective's |
| unserved_cents | what leaving it out costs, or the prize that is missed | by its priority |
| setup_s | parking and the gate: spent on arrival unless the halt before is at its place | 0 |
| walk_s | one way on foot from the vehicle to the door | 0 |
| service_by_type | seconds by type of vehicle, `truck=600; bike=300` | service_s |
| load_NAME | units of a further load, such as load_cold; NAME begins not with `after` | 0 |
| pickup_load, pickup_load_NAME | units that are collected for the depot | 0 |
| on_board | the vehicle on which its goods already are | at a depot |
| goods | the kind of its goods | none |
| together | stops with the same word are served one right after the other | alone |
| skills_all, skills_one_of, skills_none_of | skills its vehicle has, all, one at least, none | any |
| allowed_vehicles, forbidden_vehicles | vehicles | any; none |
| preferred_drivers | drivers; another one costs what the objective says | any |
| territory | where vehicles that are bound to territories are at home or not | everywhere |
| vehicle_fees | cents by vehicle that serves it, `van-1=300` | 0 |
| shipment, shipment_role | the loads of the pickup's line go from the stop of role `pickup` to `delivery` | none |

Further columns are kept in order and exported again. Windows that touch or overlap are one window. How times
of day fall on a date is told in `time_cells`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from routing.errors import InputError, Issue
from routing.events.asked import AvailabilityStep
from routing.interface.availability_cells import read_availability
from routing.interface.checked_row import check_row
from routing.interface.coordinates import Bbox, duplicate_issues, is_near, swapped_issue
from routing.interface.stop_columns import FORMS, OPTIONAL, REQUIRED, WINDOWS, PlaceCells, ShipmentEnd, read_stop_cells
from routing.interface.table import Table, in_order, read_table
from routing.interface.time_cells import Calendar
from routing.network.location import Location
from routing.problem.model import Shipment, Stop, TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Hold one line of the stops."""

    stop: Stop
    """At place 0: where it is, the location says."""
    location: Location
    availability: tuple[AvailabilityStep, ...] = ()
    attempts: int = 0
    shipment: ShipmentEnd | None = None
    """What the line says of the shipment that the stop belongs to."""


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
    table = read_table(Path(path), required=REQUIRED, optional=OPTIONAL, pairs=WINDOWS, what="stop", forms=FORMS)
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
    issues += shipments_of(stops, table.path)[1] if len(stops) == len(table.rows) else []
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
    checked, stop, shipment, issues = read_stop_cells(cells, where, calendar, decimal_comma=decimal_comma)
    availability, faults = read_availability(cells.get("availability"), calendar, f"{where}:availability")
    issues += faults
    place, _ = check_row(PlaceCells, cells, where, decimal_comma=decimal_comma)
    if place is not None and _is_swapped(place.lat_deg, place.lon_deg, bbox_deg):
        issues.append(swapped_issue(f"{where}:lat_deg", place.lat_deg, place.lon_deg))
    if checked is None or stop is None or issues:
        return None, issues
    location = Location(lat_deg=checked.lat_deg, lon_deg=checked.lon_deg, approach=checked.approach)
    row = StopRow(stop=stop, location=location, availability=availability, attempts=checked.attempts, shipment=shipment)
    return row, []


def shipments_of(rows: Sequence[StopRow], path: str) -> tuple[tuple[Shipment, ...], list[Issue]]:
    """Return the shipments of stops in the order of their first lines, and those that lack an end or have one twice."""
    ends: dict[str, list[StopRow]] = {}
    for row in rows:
        if row.shipment is not None:
            ends.setdefault(row.shipment.id, []).append(row)
    shipments, issues = [], []
    for name, both in ends.items():
        roles = {row.shipment.role: row for row in both if row.shipment is not None}
        pickup, delivery = roles.get("pickup"), roles.get("delivery")
        if len(both) != 2 or pickup is None or delivery is None or pickup.shipment is None:
            told = ", ".join(f"{row.stop.id} ({row.shipment.role})" for row in both if row.shipment is not None)
            cause = f"The shipment {name!r} has {told}."
            action = "Give each shipment one stop of the role pickup and one of the role delivery."
            issues.append(Issue(code="SHIPMENT_ENDS", where=f"{path}:shipment", cause=cause, action=action))
            continue
        end = delivery.shipment
        if (
            end is not None
            and (end.load or end.loads)
            and (end.load, end.loads)
            != (
                pickup.shipment.load,
                pickup.shipment.loads,
            )
        ):
            cause = f"The two lines of the shipment {name!r} say different loads."
            action = "Write what is carried on the line of the pickup, and the same or nothing on the other."
            issues.append(Issue(code="SHIPMENT_LOAD", where=f"{path}:load", cause=cause, action=action))
        shipments.append(
            Shipment(
                id=name,
                pickup_stop_id=pickup.stop.id,
                delivery_stop_id=delivery.stop.id,
                load=pickup.shipment.load,
                loads=pickup.shipment.loads,
            )
        )
    return tuple(shipments), issues


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
