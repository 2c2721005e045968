"""Read the cells that say what a fleet asks for: names, amounts by name, flags, instants, and write them again.

| kind | in a cell | in JSON also |
|---|---|---|
| names | `cold; fragile` | `["cold", "fragile"]` |
| numbers by name | `truck=600; bike=300` | `{"truck": 600, "bike": 300}` |
| flag | `yes` or `no` | `true` or `false` |
| instant | ISO 8601 or HH:MM | the same |
| load by name | a column of its own: `load_NAME` | a field of its own |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from routing.errors import Issue
from routing.interface.checked_row import cell_text
from routing.interface.time_cells import Calendar, read_instant
from routing.problem.model import Amounts

SEPARATOR = ";"
_NOT_IN_NAMES = re.compile(r"[;=\r\n]|^\s|\s$|^$")
_MOST = 2**53 - 1


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in (part.strip() for part in value.split(SEPARATOR)) if part)


def _split_pairs(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = {}
    for part in (part.strip() for part in value.split(SEPARATOR)):
        name, equals, number = part.rpartition("=")
        if part and not (equals and name.strip()):
            raise ValueError(f"{part!r} is no name with a number, such as truck=600")
        if name.strip() in pairs:
            raise ValueError(f"{name.strip()!r} stands twice")
        if part:
            pairs[name.strip()] = number.strip()
    return pairs


NAMES = Annotated[tuple[str, ...], BeforeValidator(_split)]
WHOLE = Annotated[int, Field(ge=0, le=_MOST)]
BY_NAME = Annotated[dict[str, WHOLE], BeforeValidator(_split_pairs)]


def read_moment(
    cells: Mapping[str, object], column: str, calendar: Calendar, where: str
) -> tuple[int | None, list[Issue]]:
    """Return the instant of a cell, None where it is empty or faulty."""
    text = cell_text(cells.get(column))
    if not text:
        return None, []
    try:
        return read_instant(text, calendar), []
    except ValueError as error:
        action = "Write a time of day such as 08:30, or a full ISO 8601 time such as 2026-11-23T08:30+01:00."
        return None, [Issue(code="TIME_FORMAT", where=f"{where}:{column}", cause=str(error), action=action)]


def read_amounts(cells: Mapping[str, object], form: str, where: str) -> tuple[Amounts, list[Issue]]:
    """Return the amounts of all columns whose name matches a form, by the name in its group; empty cells are none."""
    found, issues = {}, []
    for column, value in cells.items():
        matched = re.fullmatch(form, column)
        text = cell_text(value)
        if matched is None or not text:
            continue
        if text.isascii() and text.isdigit() and int(text) <= _MOST:
            found[matched[1]] = int(text)
        else:
            cause, action = f"{text!r} is not a whole number.", "Write whole units of load, 0 or more."
            issues.append(Issue(code="NOT_A_NUMBER", where=f"{where}:{column}", cause=cause, action=action))
    return tuple(sorted(found.items())), issues


def some(amounts: Amounts) -> Amounts:
    """Return amounts without those that are 0, which stand for none."""
    return tuple((name, amount) for name, amount in amounts if amount)


def names_cell(names: Iterable[str]) -> str:
    """Return names as a cell; ValueError where one of them cannot stand in it."""
    return f"{SEPARATOR} ".join(_sound(name) for name in names)


def pairs_cell(pairs: Iterable[tuple[str, int]]) -> str:
    """Return numbers by name as a cell; ValueError where a name cannot stand in it."""
    return f"{SEPARATOR} ".join(f"{_sound(name)}={number}" for name, number in pairs)


def _sound(name: str) -> str:
    if _NOT_IN_NAMES.search(name):
        raise ValueError(f"the name {name!r} cannot stand in a cell, where ; and = separate")
    return name
