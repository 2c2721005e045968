"""Weather as Open-Meteo's forecast interface delivers it (https://open-meteo.com/en/docs), for one point or a list.

Read are `hourly` (arrays) and `current` (one value each): `weather_code` (WMO table 4677), `rain`, `showers`,
`precipitation`, `snowfall`, `visibility` and `wind_gusts_10m`, in whatever units the document names. Amounts are sums
of the time before their stamp, so an hour's record tells of the hour before it; what is current is taken to last an
hour. Every road has the weather of the nearest point.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from routing.errors import InputError, Issue
from routing.travel.conditions import NearestTo, Weather

HOUR_S = 3600
HEAVY_RAIN_MM_H, LIGHT_RAIN_MM_H = 6.4, 2.5
"""HCM 2010 Exhibit 10-15: 0.25 and 0.10 in/h."""
HEAVY_SNOW_CM_H, LIGHT_SNOW_CM_H = 1.27, 0.25
"""The same: 0.50 and 0.10 in/h of depth."""
FOG_M = 400.0
STORM_KPH = 60.0
_LAST_S = 1 << 33
_FREEZING = (56, 57, 66, 67)
_FOG = (45, 48)
_BY_CODE = {
    **dict.fromkeys((51, 53, 55, 61, 80), "rain_light"),
    **dict.fromkeys((63, 81, 95, 96), "rain"),
    **dict.fromkeys((65, 82, 99), "rain_heavy"),
    **dict.fromkeys((71, 77, 85), "snow_light"),
    73: "snow",
    **dict.fromkeys((75, 86), "snow_heavy"),
}
"""What a code says where no amount is given."""
_TO_OURS = {
    "rain": {"mm": 1.0, "inch": 25.4},
    "showers": {"mm": 1.0, "inch": 25.4},
    "precipitation": {"mm": 1.0, "inch": 25.4},
    "snowfall": {"cm": 1.0, "inch": 2.54},
    "visibility": {"m": 1.0, "ft": 0.3048},
    "wind_gusts_10m": {"km/h": 1.0, "m/s": 3.6, "mp/h": 1.609344, "mph": 1.609344, "kn": 1.852},
    "weather_code": {"wmo code": 1.0},
}

_Record = tuple[int, int, dict[str, float]]
"""From when until when, and the values: mm/h, cm/h, m, km/h, code."""


def read_open_meteo(content: bytes, *, name: str) -> tuple[Weather, ...]:
    """Return the weather of a document: rain, snow or ice, fog and storm, hours that are alike together.

    InputError with every fault of the document.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError([_issue("WEATHER_NOT_JSON", name, f"this is not JSON: {error}")]) from error
    points = document if isinstance(document, list) else [document]
    issues: list[Issue] = []
    places: list[tuple[float, float]] = []
    records: list[list[_Record]] = []
    for number, point in enumerate(points):
        where = f"{name}[{number}]" if isinstance(document, list) else name
        try:
            if not isinstance(point, dict):
                raise ValueError("it is no object")
            places.append(_place(point))
            records.append(list(_records(point)))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            words = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            issues.append(_issue("WEATHER_FORM", where, words))
    if issues or not points:
        raise InputError(issues or [_issue("WEATHER_FORM", name, "it holds no point")])
    return tuple(
        weather
        for index, series in enumerate(records)
        for weather in _lasting(
            series, NearestTo(points_deg=tuple(places), index=index) if len(places) > 1 else None, name
        )
    )


def _place(point: Mapping[str, Any]) -> tuple[float, float]:
    lat_deg, lon_deg = float(point["latitude"]), float(point["longitude"])
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        raise ValueError(f"{lat_deg}, {lon_deg} is no place on earth")
    return lat_deg, lon_deg


def _records(point: Mapping[str, Any]) -> Iterator[_Record]:
    offset_s = int(point.get("utc_offset_seconds", 0))
    hourly, current = _part(point, "hourly"), _part(point, "current")
    if hourly:
        columns = {key: hourly[key] for key in ("time", *_TO_OURS) if key in hourly}
        for key, column in columns.items():
            if not isinstance(column, list) or len(column) != len(hourly["time"]):
                raise ValueError(f"{key} is no list with a value for each time")
        for row in zip(*columns.values(), strict=True):
            cells = dict(zip(columns, row, strict=True))
            at_s = _instant(cells.pop("time"), offset_s)
            yield at_s - HOUR_S, at_s, _values(cells, _part(point, "hourly_units"), HOUR_S)
    elif current:
        at_s = _instant(current["time"], offset_s)
        cells = {key: current[key] for key in _TO_OURS if key in current}
        seconds = int(current.get("interval", HOUR_S))
        if seconds <= 0:
            raise ValueError(f"the interval {seconds} is not above 0")
        yield at_s, at_s + HOUR_S, _values(cells, _part(point, "current_units"), seconds)
    else:
        raise ValueError("it has neither `hourly` nor `current`")


def _part(point: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = point.get(key, {})
    if not isinstance(part, dict):
        raise ValueError(f"{key} is no object")
    return part


def _instant(stamp: object, offset_s: int) -> int:
    if isinstance(stamp, int):
        at_s = stamp
    else:
        shown = datetime.fromisoformat(str(stamp))
        at_s = int(shown.timestamp() if shown.tzinfo else shown.replace(tzinfo=UTC).timestamp() - offset_s)
    if not 0 <= at_s < _LAST_S:
        raise ValueError(f"{stamp!r} is not a time of our days")
    return at_s


def _values(cells: Mapping[str, Any], units: Mapping[str, str], seconds: int) -> dict[str, float]:
    values = {}
    for key, cell in cells.items():
        if cell is None:
            continue
        known = _TO_OURS[key]
        unit = units.get(key, next(iter(known)))
        if unit not in known:
            raise ValueError(f"the unit {unit!r} of {key} is not known; known are {', '.join(known)}")
        a_sum = key in ("rain", "showers", "precipitation", "snowfall")
        values[key] = float(cell) * known[unit] * (HOUR_S / seconds if a_sum else 1)
        if not math.isfinite(values[key]):
            raise ValueError(f"{key} is {cell}")
    return values


def _lasting(records: list[_Record], area: NearestTo | None, name: str) -> Iterator[Weather]:
    """Yield one condition for each stretch of time during which it stays the same."""
    for judge in (_falling, _fog, _storm):
        told = [(begin_s, end_s, judge(values)) for begin_s, end_s, values in records]
        for condition, group in groupby(told, key=lambda each: each[2]):
            hours = list(group)
            if condition:
                key = f"{name}:{area.index if area else 0}:{condition}:{hours[0][0]}"
                yield Weather(condition=condition, area=area, from_s=hours[0][0], until_s=hours[-1][1], id=key)


def _falling(values: Mapping[str, float]) -> str:
    code = int(values.get("weather_code", 0))
    snow_cm_h = values.get("snowfall", 0.0)
    wet_mm_h = values["rain"] + values.get("showers", 0.0) if "rain" in values else values.get("precipitation", 0.0)
    if code in _FREEZING:
        return "ice"
    if snow_cm_h > 0:
        return _grade("snow", snow_cm_h, LIGHT_SNOW_CM_H, HEAVY_SNOW_CM_H)
    if wet_mm_h > 0:
        return _grade("rain", wet_mm_h, LIGHT_RAIN_MM_H, HEAVY_RAIN_MM_H)
    return _BY_CODE.get(code, "")


def _grade(kind: str, amount: float, light: float, heavy: float) -> str:
    return f"{kind}_light" if amount <= light else f"{kind}_heavy" if amount > heavy else kind


def _fog(values: Mapping[str, float]) -> str:
    seen_m = values.get("visibility")
    if seen_m is None:
        return "fog" if int(values.get("weather_code", 0)) in _FOG else ""
    return "fog" if seen_m < FOG_M else ""


def _storm(values: Mapping[str, float]) -> str:
    return "storm" if values.get("wind_gusts_10m", 0.0) > STORM_KPH else ""


def _issue(code: str, where: str, cause: str) -> Issue:
    return Issue(code=code, where=where, cause=cause, action="Give the document as Open-Meteo's forecast delivers it.")
