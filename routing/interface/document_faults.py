"""Say what pydantic finds wrong in a JSON document: the path of the field, the fault, and the name that was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from routing.errors import Issue


def field_issue(model: type[BaseModel], fault: ErrorDetails, name: str, prefix: str) -> Issue:
    """Return one fault of a document of a model; `name` stands in front of its path, `prefix` of its code."""
    location = fault["loc"]
    where = f"{name}: {dotted(location)}" if location else name
    if fault["type"] == "json_invalid":
        cause = f"this is no JSON: {fault['ctx']['error']}" if "ctx" in fault else "this is no JSON"
        return Issue(code=f"{prefix}_NOT_JSON", where=where, cause=cause, action="Write one JSON object.")
    if fault["type"] == "extra_forbidden":
        field = str(location[-1])
        return Issue(
            code=f"{prefix}_FIELD_UNKNOWN",
            where=where,
            cause=f"there is no field {field!r} here",
            action=meant(field, known_fields(model, location[:-1])),
        )
    if fault["type"] == "missing":
        item = isinstance(location[-1], int)
        cause = "an entry is missing" if item else f"the field {location[-1]!r} is missing"
        return Issue(code=f"{prefix}_FIELD_MISSING", where=where, cause=cause, action="Add it.")
    cause = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    shown = repr(fault["input"])
    if len(shown) <= 60 and fault["type"] != "value_error":
        cause = f"{shown} should be {cause}"
    return Issue(code=f"{prefix}_FIELD", where=where, cause=cause, action="Correct the value.")


def meant(name: str, known: Sequence[str]) -> str:
    """Return the cure of a name that is not known: the one that was meant, or all there are."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else f"Use one of: {', '.join(known) or 'none'}."


def dotted(location: Sequence[int | str]) -> str:
    """Return a path as `stops[2].windows[0][1]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def known_fields(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the fields that a document may have at a path."""
    here: Any = model
    for part in path:
        if isinstance(part, str):
            inner = [found for found in _models(here) if part in found.model_fields]
            if not inner:
                return []
            here = inner[0].model_fields[part].annotation
    return [name for found in _models(here) for name in found.model_fields]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation such as `tuple[Part, ...] | None` names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
