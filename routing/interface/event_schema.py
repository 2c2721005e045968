"""Read events as JSON: one object, an array, or one object a line; every fault of all of them at once.

Times are ISO 8601 with offset, or HH:MM on the day's date and clocks, after midnight where a shift goes on till then.
Every event has an `id` of its own, a `type`, `known_at` (when the dispatcher could know it) and, where that is
another instant, `effective_at` (when the world changed). What else each type has is told in `events_of_drivers`,
`events_of_customers`, `events_of_roads` and `events_of_dispatchers`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from routing.errors import InputError, Issue
from routing.events.types import Event
from routing.interface.event_bodies import EventBody, EventContext, Read
from routing.interface.events_of_customers import CUSTOMER_BODIES
from routing.interface.events_of_dispatchers import DISPATCHER_BODIES
from routing.interface.events_of_drivers import DRIVER_BODIES
from routing.interface.events_of_roads import ROAD_BODIES

BODIES: Final[dict[str, type[EventBody]]] = {**DRIVER_BODIES, **CUSTOMER_BODIES, **ROAD_BODIES, **DISPATCHER_BODIES}
"""What is read, by the name of its type."""


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


def _parse(value: object, where: str, context: EventContext) -> Read:
    if not isinstance(value, dict):
        return None, [_issue("EVENT_FORM", where, "an event is a JSON object")]
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in BODIES:
        cause = f"the type {kind!r} is not known" if kind is not None else "the type is missing"
        return None, [_issue("EVENT_TYPE", f"{where}.type", cause, f"Use one of: {', '.join(BODIES)}.")]
    try:
        body = BODIES[kind].model_validate(value, context=context)
    except ValidationError as error:
        return None, [_fault(detail, where) for detail in error.errors(include_url=False)]
    return body.read(where, context)


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
