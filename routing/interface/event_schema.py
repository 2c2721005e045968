"""Read events as JSON: one object, an array, or one object a line; every fault of all of them at once.

Times are ISO 8601 with offset, or HH:MM on the day's date and clocks, after midnight where a shift goes on till then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import ErrorDetails

from routing.errors import InputError, Issue
from routing.events import types
from routing.events.asked import DayStop
from routing.events.types import Event
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE, UNITS
from routing.interface.coordinates import Bbox
from routing.interface.event_places import AreaPlace, Place
from routing.interface.read_stops import parse_stop
from routing.interface.time_cells import Calendar, TimePair, merge_windows, read_instant, read_window
from routing.network.location import Location
from routing.problem.model import TimeWindow
from routing.travel.weather import DEFAULT_WEATHER
from routing.units import wall_clock_instant

FAR_S = 400 * 86_400
"""A time further from the day than this is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """Say on which day, on which clocks and on which map events are read."""

    day: date
    time_zone: str
    shifts: tuple[TimeWindow, ...] = ()
    bbox_deg: Bbox | None = None
    weathers: tuple[str, ...] = DEFAULT_WEATHER.conditions
    """Names of the conditions of the weather that the day knows."""

    @property
    def calendar(self) -> Calendar:
        """Return how times of day are read."""
        return Calendar(day=self.day, time_zone=self.time_zone, shifts=self.shifts)


def _context(info: ValidationInfo) -> EventContext:
    assert isinstance(info.context, EventContext)
    return info.context


def _instant(value: object, info: ValidationInfo) -> int:
    context = _context(info)
    if not isinstance(value, str):
        raise ValueError("write a time as text, such as 08:30 or 2026-11-23T08:30:00+01:00")
    instant_s = read_instant(value, context.calendar)
    if abs(instant_s - wall_clock_instant(context.day, 0, context.time_zone)) > FAR_S:
        raise ValueError(
            f"{value!r} is more than {FAR_S // 86_400} days from the day; where no end is known, give none"
        )
    return instant_s


_Instant = Annotated[int, BeforeValidator(_instant)]
_Speed = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _EventBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)

    id: IDENTIFIER
    type: str
    known_at: _Instant
    effective_at: _Instant | None = None

    def times(self) -> tuple[int, int]:
        """Return when it was known and when it took effect."""
        return self.known_at, self.known_at if self.effective_at is None else self.effective_at


class _VehiclePosition(_EventBody):
    vehicle_id: IDENTIFIER
    lat_deg: LATITUDE
    lon_deg: LONGITUDE


class _Visit(_EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None


class _VisitServed(_Visit):
    delivered_load: UNITS | None = None


class _VisitFailed(_Visit):
    reason: str = ""


class _Lasting(_EventBody):
    until: _Instant | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.times()[1]:
            raise ValueError("until is not after the beginning")
        return self


_Fade = Annotated[int, Field(gt=0, le=86_400)]


class _TrafficReported(_Lasting):
    where: Place
    fade_s: _Fade | None = None
    speed_factor: Annotated[_Speed, Field(le=1)] | None = None
    speed_kph: _Speed | None = None
    delay_s: Annotated[int, Field(gt=0, le=86_400)] | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        given = [name for name in ("speed_factor", "speed_kph", "delay_s") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of speed_factor, speed_kph and delay_s, not {len(given)}")
        if self.delay_s is not None and isinstance(self.where, AreaPlace):
            raise ValueError("a delay belongs to a stretch of road, not to an area")
        return self


class _RoadClosed(_Lasting):
    where: Place


class _RoadReopened(_RoadClosed):
    pass


class _WeatherReported(_Lasting):
    condition: str
    area: AreaPlace | None = None
    fade_s: _Fade | None = None

    @model_validator(mode="after")
    def _known_weather(self, info: ValidationInfo) -> Self:
        known = _context(info).weathers
        if self.condition not in known:
            raise ValueError(f"the weather {self.condition!r} is not known; use {', '.join(known)}")
        return self


class _ConditionWithdrawn(_EventBody):
    event_id: IDENTIFIER


class _StopCancelled(_EventBody):
    stop_id: IDENTIFIER


class _WindowChanged(_StopCancelled):
    windows: list[tuple[str, str]]


class _CustomerUnavailable(_Lasting):
    stop_id: IDENTIFIER


class _StopAdded(_EventBody):
    stop: dict[str, object]


class _VehicleOutOfService(_Lasting):
    vehicle_id: IDENTIFIER
    lat_deg: LATITUDE | None = None
    lon_deg: LONGITUDE | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.lat_deg is None) != (self.lon_deg is None):
            raise ValueError("give both lat_deg and lon_deg, or neither")
        return self


_BODIES: dict[str, type[_EventBody]] = {
    "vehicle_position": _VehiclePosition,
    "visit_started": _Visit,
    "visit_served": _VisitServed,
    "visit_failed": _VisitFailed,
    "traffic_reported": _TrafficReported,
    "road_closed": _RoadClosed,
    "road_reopened": _RoadReopened,
    "weather_reported": _WeatherReported,
    "condition_withdrawn": _ConditionWithdrawn,
    "window_changed": _WindowChanged,
    "customer_unavailable": _CustomerUnavailable,
    "stop_added": _StopAdded,
    "stop_cancelled": _StopCancelled,
    "vehicle_out_of_service": _VehicleOutOfService,
}


def parse_events(content: bytes, *, context: EventContext, name: str) -> tuple[Event, ...]:
    """Return the events of a file or stream in its order; `name` stands in front of each fault's place."""
    issues: list[Issue] = []
    events: list[Event] = []
    for where, value in _objects(content, name):
        event, faults = _parse(value, where, context)
        issues += faults
        if event is not None:
            events.append(event)
    if issues:
        raise InputError(issues)
    return tuple(events)


def _objects(content: bytes, name: str) -> list[tuple[str, object]]:
    """Return each event's place and value, whichever of the three forms the text has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([_issue("EVENTS_ENCODING", name, f"it is not UTF-8 at byte {error.start}")]) from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise InputError([_issue("FILE_EMPTY", name, "it holds no event")])
    try:
        value = json.loads(text)
    except json.JSONDecodeError as whole:
        if len(lines) == 1 or not lines[0][1].strip().endswith("}"):
            raise InputError([_not_json(f"{name}:{whole.lineno}", whole)]) from whole
        return _json_lines(lines, name)
    except RecursionError as error:
        raise InputError([_issue("EVENTS_NOT_JSON", name, "it is nested too deeply")]) from error
    if isinstance(value, list):
        return [(f"{name}[{number}]", item) for number, item in enumerate(value)]
    return [(name, value)]


def _json_lines(lines: Sequence[tuple[int, str]], name: str) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    issues = []
    for number, line in lines:
        try:
            found.append((f"{name}:{number}", json.loads(line)))
        except json.JSONDecodeError as error:
            issues.append(_not_json(f"{name}:{number}", error))
    if issues:
        raise InputError(issues)
    return found


def _parse(value: object, where: str, context: EventContext) -> tuple[Event | None, list[Issue]]:
    if not isinstance(value, dict):
        return None, [_issue("EVENT_FORM", where, "an event is a JSON object")]
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in _BODIES:
        cause = f"the type {kind!r} is not known" if kind is not None else "the type is missing"
        return None, [_issue("EVENT_TYPE", f"{where}.type", cause, f"Use one of: {', '.join(_BODIES)}.")]
    try:
        body = _BODIES[kind].model_validate(value, context=context)
    except ValidationError as error:
        return None, [_fault(detail, where) for detail in error.errors(include_url=False)]
    return _event(body, where, context)


def _event(body: _EventBody, where: str, context: EventContext) -> tuple[Event | None, list[Issue]]:
    """Return the event of a checked body; windows and stops are checked here, as the files' rows are."""
    known_at_s, effective_at_s = body.times()
    calendar = context.calendar
    if isinstance(body, _StopAdded):
        row, faults = parse_stop(body.stop, f"{where}.stop", calendar=calendar, bbox_deg=context.bbox_deg)
        if row is None:
            return None, faults
        stop = DayStop(
            id=row.stop_id,
            location=row.location,
            windows=row.windows,
            service_s=row.service_s,
            load=row.load,
            priority=row.priority,
            address=row.address,
            columns=row.columns,
        )
        return types.StopAdded(id=body.id, known_at_s=known_at_s, effective_at_s=effective_at_s, stop=stop), []
    if isinstance(body, _WindowChanged):
        windows: list[TimeWindow] = []
        issues: list[Issue] = []
        for number, (start, end) in enumerate(body.windows):
            pair = TimePair(start=start, end=end, start_column="start", end_column="end")
            window, faults = read_window(pair, calendar, f"{where}.windows[{number}]")
            issues += faults
            windows += [window] if window is not None else []
        if issues:
            return None, issues
        changed = types.WindowChanged(
            id=body.id,
            known_at_s=known_at_s,
            effective_at_s=effective_at_s,
            stop_id=body.stop_id,
            windows=merge_windows(windows),
        )
        return changed, []
    return _plain_event(body, known_at_s, effective_at_s), []


def _plain_event(body: _EventBody, known_s: int, effect_s: int) -> Event:
    kind, key = body.type, body.id
    match body:
        case _VehiclePosition():
            seen = Location(lat_deg=body.lat_deg, lon_deg=body.lon_deg)
            return types.VehicleLocated(
                id=key, known_at_s=known_s, effective_at_s=effect_s, vehicle_id=body.vehicle_id, location=seen
            )
        case _VisitServed():
            return types.VisitServed(
                id=key, known_at_s=known_s, effective_at_s=effect_s,
                stop_id=body.stop_id, vehicle_id=body.vehicle_id, delivered_load=body.delivered_load,
            )  # fmt: skip
        case _VisitFailed():
            return types.VisitFailed(
                id=key, known_at_s=known_s, effective_at_s=effect_s,
                stop_id=body.stop_id, vehicle_id=body.vehicle_id, reason=body.reason,
            )  # fmt: skip
        case _Visit():
            return types.VisitStarted(
                id=key, known_at_s=known_s, effective_at_s=effect_s, stop_id=body.stop_id, vehicle_id=body.vehicle_id
            )
        case _TrafficReported():
            return types.TrafficReported(
                id=key, known_at_s=known_s, effective_at_s=effect_s, where=body.where.where(),
                speed_factor=body.speed_factor, speed_kph=body.speed_kph, delay_s=body.delay_s,
                until_s=body.until, fade_s=body.fade_s,
            )  # fmt: skip
        case _RoadReopened():
            return types.RoadReopened(
                id=key, known_at_s=known_s, effective_at_s=effect_s, where=body.where.where(), until_s=body.until
            )
        case _RoadClosed():
            return types.RoadClosed(
                id=key, known_at_s=known_s, effective_at_s=effect_s, where=body.where.where(), until_s=body.until
            )
        case _WeatherReported():
            return types.WeatherReported(
                id=key, known_at_s=known_s, effective_at_s=effect_s, condition=body.condition,
                area=body.area.where() if body.area else None, until_s=body.until, fade_s=body.fade_s,
            )  # fmt: skip
        case _ConditionWithdrawn():
            return types.ConditionWithdrawn(id=key, known_at_s=known_s, effective_at_s=effect_s, event_id=body.event_id)
        case _CustomerUnavailable():
            return types.CustomerUnavailable(
                id=key, known_at_s=known_s, effective_at_s=effect_s, stop_id=body.stop_id, until_s=body.until
            )
        case _VehicleOutOfService():
            place = None
            if body.lat_deg is not None and body.lon_deg is not None:
                place = Location(lat_deg=body.lat_deg, lon_deg=body.lon_deg)
            return types.VehicleOutOfService(
                id=key, known_at_s=known_s, effective_at_s=effect_s,
                vehicle_id=body.vehicle_id, location=place, until_s=body.until,
            )  # fmt: skip
        case _StopCancelled():
            return types.StopCancelled(id=key, known_at_s=known_s, effective_at_s=effect_s, stop_id=body.stop_id)
    raise TypeError(f"no event for {kind}")


def _fault(detail: ErrorDetails, where: str) -> Issue:
    # The forms of `where` stand in the path of a fault, but not in the file.
    fields = [
        part for part in detail["loc"] if part not in ("way", "nodes", "line", "area") or part == detail["loc"][0]
    ]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fields)
    cause = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "missing":
        return _issue("VALUE_MISSING", where + path, "the field is missing", "Add it.")
    if detail["type"] == "extra_forbidden":
        return _issue("FIELD_UNKNOWN", where + path, "there is no such field", "Correct its name, or remove it.")
    return _issue("EVENT_FIELD", where + path, cause)


def _not_json(where: str, error: json.JSONDecodeError) -> Issue:
    action = "Give one JSON object, an array of them, or one object a line."
    return _issue("EVENTS_NOT_JSON", where, f"this is not JSON: {error.msg} (column {error.colno})", action)


def _issue(code: str, where: str, cause: str, action: str = "Correct the field.") -> Issue:
    return Issue(code=code, where=where, cause=cause, action=action)
