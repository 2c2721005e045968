"""Write events as JSON text for the log and read them back, field by field as their types say."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter, ValidationError

from routing.errors import InputError, Issue
from routing.events.types import EVENT_TYPES, Event

LATER_FIELDS = (',"approach":"either"', ',"access_walk":null', ',"fade_s":null', ',"pace":[]')
"""Fields that came after the first stored days, with what they hold there: left out, so that those days keep their
bytes. No text of a user can look like one, as quotes within texts are escaped."""


def event_text(event: Event) -> str:
    """Return an event's body as JSON, fields in the order of its type."""
    text = _adapter(event.TYPE).dump_json(event).decode()
    for field in LATER_FIELDS:
        text = text.replace(field, "")
    return text


def event_from_text(name: str, text: str, *, where: str) -> Event:
    """Return the event of a type's name and a body; InputError where they do not fit."""
    if name not in _types():
        cause, action = f"events of type {name!r} are not known here", "Open the day with the version that made it."
        raise InputError([Issue(code="EVENT_TYPE", where=where, cause=cause, action=action)])
    try:
        return _adapter(name).validate_json(text)
    except ValidationError as error:
        cause = f"the body does not read as {name}: {error.errors(include_url=False)[0]['msg']}"
        action = "Restore the file; the log was changed by another program."
        raise InputError([Issue(code="LOG_DAMAGED", where=where, cause=cause, action=action)]) from error


@cache
def _types() -> dict[str, type[Event]]:
    return {kind.TYPE: kind for kind in EVENT_TYPES}


@cache
def _adapter(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(_types()[name])
