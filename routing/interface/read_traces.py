"""Read GPS traces: GPX, CSV with one fix a line, or the CSV of Porto's taxis with one trip a line.

| form | recognised by | holds |
|---|---|---|
| GPX | its name ends in .gpx | a trace for each track segment; every point with `lat`, `lon` and a `time` |
| fixes | a column `time` | trace_id, time (ISO 8601, or seconds of the Unix epoch), lat_deg, lon_deg (or lat, lon) |
| Porto's taxis | a column POLYLINE | TRIP_ID, TIMESTAMP, POLYLINE: `[[lon, lat], …]`, one fix every 15 s |

GPX 1.1: https://www.topografix.com/GPX/1/1/. The taxis: ECML/PKDD 2015, "Taxi Trajectory Prediction".
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from routing.errors import InputError, Issue
from routing.interface.table import Row, in_order, read_bytes, read_table
from routing.travel.map_match import Trace
from routing.units import parse_instant

_TAXI_INTERVAL_S = 15
_TAXI_COLUMNS = ("CALL_TYPE", "ORIGIN_CALL", "ORIGIN_STAND", "TAXI_ID", "DAY_TYPE", "MISSING_DATA")
_Fix = tuple[int, float, float]


def read_traces(path: Path, *, time_zone: str) -> tuple[Trace, ...]:
    """Return the traces of a file, each in the order of time; times without offset stand on the clocks of a zone.

    InputError with every fault of the file.
    """
    content = read_bytes(path, "traces")
    if path.suffix.lower() == ".gpx":
        return _read_gpx(path, content, time_zone)
    header = content.split(b"\n", 1)[0]
    return _read_taxis(path) if b"POLYLINE" in header else _read_fixes(path, header, time_zone)


def _read_taxis(path: Path) -> tuple[Trace, ...]:
    table = read_table(
        path, required=("TRIP_ID", "TIMESTAMP", "POLYLINE"), optional=_TAXI_COLUMNS, pairs=(), what="trip"
    )
    issues, traces = list(table.issues), []
    for row in table.rows:
        try:
            points = json.loads(row.cells["POLYLINE"])
            start_s = int(row.cells["TIMESTAMP"])
            fixes = [(start_s + _TAXI_INTERVAL_S * k, *_place(lat, lon)) for k, (lon, lat) in enumerate(points)]
        except (KeyError, TypeError, ValueError) as error:
            cause = f"The trip cannot be read: {error}."
            action = "Write TIMESTAMP in whole seconds and POLYLINE as [[lon, lat], …] in degrees."
            issues.append(Issue(code="TRACE_ROW", where=row.where, cause=cause, action=action))
            continue
        traces.append(_trace(row.cells["TRIP_ID"], fixes))
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(traces)


def _read_fixes(path: Path, header: bytes, time_zone: str) -> tuple[Trace, ...]:
    lat, lon = ("lat_deg", "lon_deg") if b"lat_deg" in header else ("lat", "lon")
    table = read_table(path, required=("trace_id", "time", lat, lon), optional=(), pairs=(), what="fix")
    issues = list(table.issues)
    fixes: dict[str, list[_Fix]] = defaultdict(list)
    for row in table.rows:
        if not all(row.cells.get(name) for name in ("trace_id", "time", lat, lon)):
            if set(table.columns) >= {"trace_id", "time", lat, lon}:
                issues.append(_fault(row, "A cell is empty."))
            continue
        numbers = [row.cells[name].replace(",", ".") if table.decimal_comma else row.cells[name] for name in (lat, lon)]
        try:
            fix = (_instant(row.cells["time"], time_zone), *_place(*numbers))
        except ValueError as error:
            issues.append(_fault(row, f"{error}."))
        else:
            fixes[row.cells["trace_id"]].append(fix)
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(_trace(trace_id, found) for trace_id, found in fixes.items())


def _read_gpx(path: Path, content: bytes, time_zone: str) -> tuple[Trace, ...]:
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        cause, action = f"The file is no XML: {error}.", "Export the tracks as GPX 1.1 again."
        raise InputError([Issue(code="GPX_FORMAT", where=str(path), cause=cause, action=action)]) from None
    issues, traces = [], []
    for number, segment in enumerate(root.iterfind(".//{*}trkseg"), start=1):
        fixes: list[_Fix] = []
        for place, point in enumerate(segment.iterfind("{*}trkpt"), start=1):
            try:
                text = point.findtext("{*}time") or ""
                fixes.append((_instant(text, time_zone), *_place(point.get("lat", ""), point.get("lon", ""))))
            except ValueError as error:
                cause = f"The point cannot be read: {error}."
                action = "Give every track point lat, lon and a time."
                where = f"{path}: segment {number}, point {place}"
                issues.append(Issue(code="GPX_POINT", where=where, cause=cause, action=action))
        traces.append(_trace(f"{path.stem}/{number}", fixes))
    if not traces and not issues:
        cause, action = "The file holds no track segment.", "Export tracks; routes and waypoints tell no times."
        issues.append(Issue(code="GPX_FORMAT", where=str(path), cause=cause, action=action))
    if issues:
        raise InputError(issues)
    return tuple(traces)


def _instant(text: str, time_zone: str) -> int:
    return int(text) if text.isdigit() else parse_instant(text, None, time_zone)


def _place(lat: object, lon: object) -> tuple[float, float]:
    lat_deg, lon_deg = float(str(lat)), float(str(lon))
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        raise ValueError(f"latitude {lat} and longitude {lon} are no place on the earth")
    return lat_deg, lon_deg


def _trace(trace_id: str, fixes: Sequence[_Fix]) -> Trace:
    ordered = sorted(fixes, key=lambda fix: fix[0])
    return Trace(
        trace_id=trace_id,
        time_s=np.array([fix[0] for fix in ordered], np.int64),
        lat_deg=np.array([fix[1] for fix in ordered], np.float64),
        lon_deg=np.array([fix[2] for fix in ordered], np.float64),
    )


def _fault(row: Row, cause: str) -> Issue:
    action = "Write trace_id, time (2026-11-23T08:00:00Z or Unix seconds) and degrees in every line."
    return Issue(code="TRACE_ROW", where=row.where, cause=cause, action=action)
