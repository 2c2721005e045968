"""Speeds by pairs of nodes, in the files of OSRM's `--segment-speed-file`.

One line for each pair of neighbouring nodes in the direction of driving: `from_osm_id,to_osm_id,speed_kmh[,rate]`
(https://github.com/Project-OSRM/osrm-backend/wiki/Traffic). Speed 0 closes the road; of a pair that comes several times
the last line counts, of lines with times those whose times come up later in the file. The rate is a weight of OSRM's
own and is not used. OSRM's files have no header; with one (`from_osm_id,to_osm_id,speed_kmh` and more) the columns
`valid_from` and `valid_to` say when a line holds. Blank lines count for nothing here, where OSRM refuses them.
"""

from __future__ import annotations

import csv
import io
from datetime import date

import numpy as np

from routing.errors import InputError, Issue
from routing.travel.hours import Period
from routing.travel.overrides import NodeSpeeds
from routing.units import parse_instant

COLUMNS = ("from_osm_id", "to_osm_id", "speed_kmh")
FASTEST_KPH = 300.0
_MOST_ID = 1 << 62


def read_osrm_speeds(content: bytes, *, name: str, day: date, time_zone: str) -> tuple[NodeSpeeds, ...]:
    """Return the speeds of a file, those of one time together; InputError with every line that cannot be read.

    Times without offset stand on the clocks of the zone, times of day on the given day.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cause = f"byte {error.start} is not UTF-8"
        raise InputError([_issue("FILE_ENCODING", name, cause, "Save it as UTF-8.")]) from None
    plain = _plain(text, name)
    if plain is not None:
        return (plain,)
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise InputError([_issue("SPEED_LINE", name, str(error), "Give lines as OSRM reads them.")]) from None
    column = dict(zip(COLUMNS, range(3), strict=True))
    found: dict[tuple[str, str], list[tuple[int, int, float, int]]] = {}
    issues: list[Issue] = []
    for number, cells in enumerate(lines, start=1):
        if number == 1 and cells and not _is_whole(cells[0]):
            column = {cell.strip(): index for index, cell in enumerate(cells)}
            issues += [
                _issue(
                    "COLUMN_MISSING", f"{name}:1", f"the column {each!r} is missing", "Add it, or leave the header out."
                )
                for each in COLUMNS
                if each not in column
            ]
            if issues:
                break
        elif any(cell.strip() for cell in cells):
            try:
                row = _row(cells, column)
            except ValueError as error:
                issues.append(_issue("SPEED_LINE", f"{name}:{number}", str(error), "Correct the line, or remove it."))
                continue
            valid = (_cell(cells, column, "valid_from"), _cell(cells, column, "valid_to"))
            found.setdefault(valid, []).append((*row, number))
    speeds = []
    for valid, rows in found.items():
        try:
            period = _period(*valid, day, time_zone)
        except ValueError as error:
            cure = "Write times as 2026-11-23T08:00, the end after the beginning."
            issues.append(_issue("SPEED_TIMES", f"{name}:{rows[0][3]}", str(error), cure))
            continue
        columns = list(zip(*rows, strict=True))
        speeds.append(
            NodeSpeeds(
                from_osm_id=np.array(columns[0], np.int64),
                to_osm_id=np.array(columns[1], np.int64),
                speed_kph=np.array(columns[2], np.float64),
                line=np.array(columns[3], np.int64),
                period=period,
                where=name,
            )
        )
    if issues:
        raise InputError(issues)
    return tuple(speeds)


def _plain(text: str, name: str) -> NodeSpeeds | None:
    """Return the speeds of a file in which every line is as OSRM wants it, at once; None to read line by line."""
    lines = text.splitlines()
    if not text.strip():
        return None
    try:
        ids = np.loadtxt(lines, np.int64, delimiter=",", usecols=(0, 1), comments=None, ndmin=2)
        speed_kph = np.loadtxt(lines, np.float64, delimiter=",", usecols=2, comments=None, ndmin=1)
    except ValueError:
        return None
    whole = len(lines) == speed_kph.size > 0 and bool((np.abs(ids) < _MOST_ID).all())
    if not whole or not ((speed_kph >= 0) & (speed_kph <= FASTEST_KPH)).all():
        return None
    return NodeSpeeds(
        from_osm_id=ids[:, 0], to_osm_id=ids[:, 1], speed_kph=speed_kph, line=np.arange(1, len(lines) + 1), where=name
    )


def _row(cells: list[str], column: dict[str, int]) -> tuple[int, int, float]:
    if len(cells) < 3:
        raise ValueError(f"there are {len(cells)} cells where at least three are needed")
    tail, head, kph = (_cell(cells, column, each) for each in COLUMNS)
    if not (_is_whole(tail) and _is_whole(head)):
        raise ValueError(f"{tail!r} and {head!r} are not ids of two nodes")
    try:
        speed_kph = float(kph)
    except ValueError:
        raise ValueError(f"{kph!r} is not a speed") from None
    if not 0 <= speed_kph <= FASTEST_KPH:
        raise ValueError(f"the speed {kph} is not from 0 to {FASTEST_KPH:g} km/h")
    return int(tail), int(head), speed_kph


def _cell(cells: list[str], column: dict[str, int], name: str) -> str:
    index = column.get(name)
    return cells[index].strip() if index is not None and index < len(cells) else ""


def _is_whole(text: str) -> bool:
    try:
        return abs(int(text)) < _MOST_ID
    except ValueError:
        return False


def _period(valid_from: str, valid_to: str, day: date, time_zone: str) -> Period:
    from_s, until_s = (parse_instant(text, day, time_zone) if text else None for text in (valid_from, valid_to))
    if from_s is not None and until_s is not None and until_s <= from_s:
        raise ValueError(f"{valid_to} is not after {valid_from}")
    return Period(from_s=from_s, until_s=until_s)


def _issue(code: str, where: str, cause: str, action: str) -> Issue:
    return Issue(code=code, where=where, cause=cause, action=action)
