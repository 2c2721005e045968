"""Write events as JSON text for the log and read them back, field by field as their types say.

Fields that came after the first stored days are left out where they hold what their absence means, so that those
days keep their bytes and their meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from routing.errors import InputError, Issue
from routing.events.types import EVENT_TYPES, DayStarted, Event

ABSENT: Final[Mapping[str, Mapping[str, object]]] = {
    "Location": {"approach": "either"},
    "Objective": {"other_driver_cents": 0, "balance_cents_per_h2": 0},
    "Visit": {"loads_after": (), "setup_s": 0, "reload": False},
    "DayStarted": {"access_walk": None},
    "DayStop": {
        "availability": (),
        "attempts": 0,
        "skills_all": (),
        "skills_one_of": (),
        "skills_none_of": (),
        "allowed_vehicles": None,
        "forbidden_vehicles": (),
        "preferred_drivers": (),
        "territory": "",
        "unserved_cents": None,
        "walk_s": 0,
        "vehicle_fees": (),
        "loads": (),
        "release_s": None,
        "due_s": None,
        "lateness_cents_per_min": None,
        "lateness_limit_s": None,
        "service_by_type": (),
        "setup_s": 0,
        "on_board": None,
        "lateness_allowed": False,
    },
    "DayVehicle": {
        "skills": (),
        "driver": "",
        "territories": None,
        "territory_fee_cents": None,
        "start_fixed": False,
        "overtime_allowed": False,
        "overtime_limit_s": None,
        "type": "",
        "capacities": (),
        "on_board_load": 0,
        "on_board_loads": (),
        "stops_limit": None,
        "vehicle_cents": None,
        "duty_cents_per_h": None,
        "distance_cents_per_km": None,
        "overtime_cents_per_h": None,
    },
    "TrafficReported": {"fade_s": None},
    "WeatherReported": {"fade_s": None},
    "EngineRun": {"pace": ()},
    "Change": {"causes": (), "staying_cents": None, "words": ""},
    "PlanPublished": {"promises": (), "transfers": ()},
    # Days that began before these prices were asked for paid none of them.
    "ReplanOptions": {
        "next_stop_cents": 0,
        "promise_break_cents": 0,
        "promise_s": 1_800,
        "near_s": 3_600,
        "near_factor": 1.0,
        "freeze_all_s": 0,
        "freeze_all_stops": 0,
        "freeze_order_s": 0,
        "freeze_order_stops": 0,
        "freeze_vehicle_s": 0,
        "freeze_vehicle_stops": 0,
        "delay_spread_s": 0,
        "attempts_per_day": 1,
        "retry_after_s": 3_600,
        "transfer_service_s": 600,
        "reload_service_s": 600,
        "assumes_visits": True,
        "proposes": False,
        "draws": 0,
    },
}
"""Later fields of each dataclass by its name, and what it means that a stored body lacks one.

That is the type's default, save for options of re-planning, which only the beginning of a day holds. No value may
change once days were written by it."""


def event_text(event: Event) -> str:
    """Return an event's body as JSON, fields in the order of its type."""
    return _adapter(event.TYPE).dump_json(event, exclude=_left_out(event) or None).decode()


def event_from_text(name: str, text: str, *, where: str) -> Event:
    """Return the event of a type's name and a body; InputError where they do not fit."""
    if name not in _types():
        cause, action = f"events of type {name!r} are not known here", "Open the day with the version that made it."
        raise InputError([Issue(code="EVENT_TYPE", where=where, cause=cause, action=action)])
    try:
        return _adapter(name).validate_json(_completed(text) if name == DayStarted.TYPE else text)
    except ValidationError as error:
        cause = f"the body does not read as {name}: {error.errors(include_url=False)[0]['msg']}"
        action = "Restore the file; the log was changed by another program."
        raise InputError([Issue(code="LOG_DAMAGED", where=where, cause=cause, action=action)]) from error


def _completed(text: str) -> str:
    """Return the body of a day's beginning with all options of re-planning; what is no JSON stays as it is."""
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return text
    if isinstance(body, dict) and isinstance(body.get("replan"), dict):
        body["replan"] = {**ABSENT["ReplanOptions"], **body["replan"]}
    return json.dumps(body)


def _left_out(value: object) -> dict[Any, Any]:
    """Return what is left out of a value, in the form of pydantic's `exclude`."""
    if isinstance(value, tuple):
        return {number: inner for number, item in enumerate(value) if (inner := _left_out(item))}
    found: dict[Any, Any] = {
        name: True for name, absent in ABSENT.get(type(value).__name__, {}).items() if getattr(value, name) == absent
    }
    if is_dataclass(value) and not isinstance(value, type):
        found |= {name: inner for name in _ways(type(value)) if (inner := _left_out(getattr(value, name)))}
    return found


@cache
def _ways(kind: type) -> tuple[str, ...]:
    """Return the fields of a dataclass within which a later field may be."""
    hints = get_type_hints(kind)
    return tuple(
        field.name
        for field in fields(kind)
        if any(inner.__name__ in ABSENT or _ways(inner) for inner in _dataclasses(hints[field.name]))
    )


def _dataclasses(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for inner in get_args(hint):
        yield from _dataclasses(inner)


@cache
def _types() -> dict[str, type[Event]]:
    return {kind.TYPE: kind for kind in EVENT_TYPES}


@cache
def _adapter(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(_types()[name])
