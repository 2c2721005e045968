"""Read tables of speeds and of weather: CSV with a header, one line for each rule, the later line counts.

`speeds.csv`, in place of the default table of speeds by class of road:

| column | meaning | may be missing |
|---|---|---|
| class | class of road, its links included | no |
| days | `Mo-Fr`, `Sa`, `Su,PH`; nothing: all days | yes |
| time_from, time_to | HH:MM; over midnight the line holds at both ends of its days | yes: the whole day |
| factor | share of free-flow speed | one of factor |
| speed_kph | speed, never above free flow | and speed_kph |

`ways.csv`, speeds of single ways in place of the table's: way_id, direction (`forward`, `backward`, `both`), factor or
speed_kph (0 closes the way), and valid_from, valid_to (ISO 8601), days, time_from, time_to as above, but over midnight
into the day after.

`weather.csv`, in place of the default factors of weather: condition, class (nothing: all others), factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from routing.errors import InputError, Issue
from routing.interface.checked_row import IDENTIFIER, RowModel, check_row
from routing.interface.table import Row, in_order, read_table
from routing.network.profile import ROAD_CLASSES
from routing.travel.conditions import OnWay
from routing.travel.hours import Period, names_days
from routing.travel.overrides import WaySpeed
from routing.travel.speed_table import DayRows, SpeedTable, check_speed_table
from routing.travel.weather import EVERY_CLASS, WeatherRow, WeatherTable, class_members
from routing.units import parse_instant, parse_wall_clock

_DAY_S = 86_400
_FACTOR = Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)]
_TIMES = (("time_from", "time_to"),)


class _SpeedCells(RowModel):
    class_: IDENTIFIER = Field(alias="class")
    days: str = ""
    factor: _FACTOR | None = None
    speed_kph: Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)] | None = None


class _WayCells(RowModel):
    way_id: int
    direction: Literal["forward", "backward", "both"] = "both"
    factor: _FACTOR | None = None
    speed_kph: Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)] | None = None
    days: str = ""


class _WeatherCells(RowModel):
    condition: IDENTIFIER
    class_: str = Field(alias="class", default=EVERY_CLASS)
    factor: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


def read_speeds(content: bytes, *, name: str) -> SpeedTable:
    """Return a table of speeds by class; InputError with every fault of the file."""
    table = read_table(
        Path(name), required=("class",), optional=("days", "time_from", "time_to", "factor", "speed_kph"),
        pairs=_TIMES, what="speed", content=content,
    )  # fmt: skip
    issues, read = list(table.issues), []
    for row in table.rows:
        cells, faults = check_row(_SpeedCells, row.cells, row.where)
        times, more = _times(row)
        faults += more
        if cells is not None:
            faults += [*_one_of(cells.factor, cells.speed_kph, row), *_class_faults(cells.class_, row)]
        issues += faults
        if cells is not None and times is not None and not faults:
            read.append((cells, times))
    if issues:
        raise InputError(in_order(table, issues))
    made = _speed_table(read)
    check_speed_table(made)
    return made


def _speed_table(read: Sequence[tuple[_SpeedCells, tuple[int, int]]]) -> SpeedTable:
    edges = sorted({0, *(edge for _, times in read for edge in times if edge < _DAY_S)})
    kinds: list[DayRows] = []
    for cells, (begin_s, end_s) in read:
        inside = [(begin_s <= at < end_s) if begin_s < end_s else (at >= begin_s or at < end_s) for at in edges]
        factors = ((cells.class_, tuple(cells.factor if held else None for held in inside)),)
        speeds = ((cells.class_, tuple(cells.speed_kph if held else None for held in inside)),)
        fresh = DayRows(
            days=cells.days,
            factors=factors if cells.factor is not None else (),
            speeds_kph=speeds if cells.speed_kph is not None else (),
        )
        # A factor after a speed must also come after it in the table, so a line of another kind begins new rows.
        last = kinds[-1] if kinds else None
        if last is not None and last.days == fresh.days and bool(last.speeds_kph) == bool(fresh.speeds_kph):
            kinds[-1] = replace(
                last, factors=last.factors + fresh.factors, speeds_kph=last.speeds_kph + fresh.speeds_kph
            )
        else:
            kinds.append(fresh)
    return SpeedTable(slice_start_s=tuple(edges), factors=(), other_days=tuple(kinds))


def read_ways(content: bytes, *, name: str, day: date, time_zone: str) -> tuple[WaySpeed, ...]:
    """Return speeds of single ways; times without offset stand on the clocks of a zone, times of day on a day.

    InputError with every fault of the file.
    """
    optional = ("direction", "factor", "speed_kph", "valid_from", "valid_to", "days", "time_from", "time_to")
    table = read_table(
        Path(name), required=("way_id",), optional=optional, pairs=_TIMES, what="speed of a way", content=content
    )
    issues, ways = list(table.issues), []
    for row in table.rows:
        cells, faults = check_row(_WayCells, row.cells, row.where)
        times, more = _times(row)
        valid, others = _valid(row, day, time_zone)
        faults += [*more, *others]
        if cells is not None:
            faults += _one_of(cells.factor, cells.speed_kph, row)
        issues += faults
        if cells is not None and times is not None and not faults:
            period = Period(
                from_s=valid[0], until_s=valid[1], days=cells.days, time_from_s=times[0], time_to_s=times[1]
            )
            way = OnWay(way_id=cells.way_id, direction=cells.direction)
            ways.append(
                WaySpeed(way=way, period=period, factor=cells.factor, speed_kph=cells.speed_kph, where=row.where)
            )
    if issues:
        raise InputError(in_order(table, issues))
    return tuple(ways)


def read_weather_factors(content: bytes, *, name: str) -> WeatherTable:
    """Return what weather does; InputError with every fault of the file."""
    table = read_table(
        Path(name), required=("condition", "factor"), optional=("class",), pairs=(),
        what="condition", content=content,
    )  # fmt: skip
    issues, rows = list(table.issues), []
    for row in table.rows:
        cells, faults = check_row(_WeatherCells, row.cells, row.where)
        if cells is not None and cells.class_ != EVERY_CLASS:
            faults += _class_faults(cells.class_, row)
        issues += faults
        if cells is not None:
            rows.append(WeatherRow(condition=cells.condition, road_class=cells.class_, factor=cells.factor))
    if issues:
        raise InputError(in_order(table, issues))
    return WeatherTable(rows=tuple(rows))


def speed_lines(table: SpeedTable) -> Iterator[str]:
    """Yield the lines of a `speeds.csv` that says what a table says."""
    yield "class,days,time_from,time_to,factor,speed_kph"
    ends = (*table.slice_start_s[1:], _DAY_S)
    for rows in table.all_rows:
        days = f'"{rows.days}"' if "," in rows.days else rows.days
        for kind, given in enumerate((rows.factors, rows.speeds_kph)):
            for name, row in given:
                for begin_s, end_s, value in zip(table.slice_start_s, ends, row, strict=True):
                    if value is not None:
                        cells = f"{value:g}," if kind == 0 else f",{value:g}"
                        yield f"{name},{days},{_clock(begin_s)},{_clock(end_s)},{cells}"


def weather_lines(table: WeatherTable) -> Iterator[str]:
    """Yield the lines of a `weather.csv` that says what a table says."""
    yield "condition,class,factor"
    for row in table.rows:
        yield f"{row.condition},{row.road_class},{row.factor:g}"


def _clock(second: int) -> str:
    hour, rest = divmod(second, 3600)
    return f"{hour:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def _times(row: Row) -> tuple[tuple[int, int] | None, list[Issue]]:
    """Return the seconds of the day of a line's times, and what is wrong with its times and days."""
    issues, seconds = [], []
    for column, usual in (("time_from", "00:00"), ("time_to", "24:00")):
        try:
            seconds.append(parse_wall_clock(row.cells.get(column, "") or usual))
        except ValueError as error:
            issues.append(_issue("TIME_FORMAT", f"{row.where}:{column}", f"{error}.", "Write it as 07:30."))
    if len(seconds) == 2 and seconds[0] == seconds[1]:
        cause = "The line begins and ends at the same time."
        issues.append(_issue("TIME_FORMAT", f"{row.where}:time_to", cause, "Leave both out for the whole day."))
    days = row.cells.get("days", "")
    if not names_days(days):
        cause = f"{days!r} names no days."
        issues.append(_issue("DAYS_UNKNOWN", f"{row.where}:days", cause, "Name days as Mo-Fr, Sa or Su,PH."))
    return (None if issues else (seconds[0], seconds[1])), issues


def _valid(row: Row, day: date, time_zone: str) -> tuple[tuple[int | None, int | None], list[Issue]]:
    issues, instants = [], []
    for column in ("valid_from", "valid_to"):
        text = row.cells.get(column, "")
        try:
            instants.append(parse_instant(text, day, time_zone) if text else None)
        except ValueError as error:
            cure = "Write it as 2026-11-23T08:00."
            issues.append(_issue("TIME_FORMAT", f"{row.where}:{column}", f"{error}.", cure))
    if issues:
        return (None, None), issues
    from_s, until_s = instants
    if from_s is not None and until_s is not None and until_s <= from_s:
        cause, cure = "It ends before it begins.", "Swap the two times, or correct one of them."
        issues.append(_issue("WINDOW_REVERSED", f"{row.where}:valid_to", cause, cure))
    return (from_s, until_s), issues


def _one_of(factor: float | None, speed_kph: float | None, row: Row) -> list[Issue]:
    if (factor is None) != (speed_kph is None):
        return []
    cause = (
        f"{'Neither' if factor is None else 'Both'} factor {'nor' if factor is None else 'and'} speed_kph are given."
    )
    return [_issue("SPEED_VALUE", f"{row.where}:factor", cause, "Give exactly one of them.")]


def _class_faults(name: str, row: Row) -> list[Issue]:
    if class_members(name) and name != EVERY_CLASS:
        return []
    action = f"Use one of: {', '.join(ROAD_CLASSES)}."
    return [_issue("CLASS_UNKNOWN", f"{row.where}:class", f"The class {name!r} is not known.", action)]


def _issue(code: str, where: str, cause: str, action: str) -> Issue:
    return Issue(code=code, where=where, cause=cause, action=action)
