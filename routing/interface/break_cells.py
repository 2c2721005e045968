"""Read a driver's breaks: `12:00/13:30=1800`, or with a name `lunch=12:00/13:30=1800`, several separated by `;`.

A break begins between the two times and takes so many seconds. In JSON also
`[{"id": "lunch", "window_start": "12:00", "window_end": "13:30", "duration_s": 1800}]`. One without a name is called
`break-1`, `break-2`, … by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.errors import Issue
from routing.interface.checked_row import cell_text
from routing.interface.constraint_cells import SEPARATOR, names_cell
from routing.interface.time_cells import Calendar, TimePair, read_window, window_cells
from routing.problem.model import Break

_FIELDS = ("id", "window_start", "window_end", "duration_s")
_CURE = "Write 12:00/13:30=1800: it begins between these times and takes so many seconds; several are separated by ;."


def read_breaks(value: object, calendar: Calendar, where: str) -> tuple[tuple[Break, ...], list[Issue]]:
    """Return the breaks of a cell or of JSON, and one Issue for each fault."""
    breaks: list[Break] = []
    issues: list[Issue] = []
    for number, fields in enumerate(_parts(value), start=1):
        place = f"{where}[{number - 1}]" if isinstance(value, list) else where
        found, faults = _break(fields, f"break-{number}", calendar, place)
        issues += faults
        breaks += [found] if found is not None else []
    return tuple(breaks), issues


def breaks_cell(breaks: Sequence[Break], calendar: Calendar) -> str:
    """Return breaks as a cell; ValueError where a name cannot stand in it."""
    texts = []
    for number, each in enumerate(breaks, start=1):
        start, end = window_cells(each.window, calendar)
        name = "" if each.id == f"break-{number}" else f"{names_cell([each.id])}="
        texts.append(f"{name}{start}/{end}={each.duration_s}")
    return f"{SEPARATOR} ".join(texts)


def _parts(value: object) -> Iterator[object]:
    if value is None or value == "":
        return
    if isinstance(value, list):
        yield from value
    elif isinstance(value, str):
        for part in filter(None, (part.strip() for part in value.split(SEPARATOR))):
            if part.count("=") not in (1, 2) or part.count("/") != 1:
                yield part
                continue
            *name, span, duration_s = part.split("=")
            start, _, end = span.partition("/")
            yield dict(zip(_FIELDS, ("".join(name), start, end, duration_s), strict=True))
    else:
        yield value


def _break(fields: object, usual_id: str, calendar: Calendar, where: str) -> tuple[Break | None, list[Issue]]:
    if not isinstance(fields, dict) or set(fields) - set(_FIELDS):
        return None, [_issue(where, f"{fields!r} is no break")]
    own_id, start, end, duration = (cell_text(fields.get(name)) for name in _FIELDS)
    pair = TimePair(start=start, end=end, start_column="window_start", end_column="window_end")
    window, faults = read_window(pair, calendar, where)
    issues = [_issue(where, fault.cause.removesuffix(".")) for fault in faults]
    if window is None and not issues:
        issues.append(_issue(where, "the times between which it begins are missing"))
    if not (duration.isascii() and duration.isdigit()):
        issues.append(_issue(where, f"its duration is {duration!r}, not whole seconds"))
    if window is None or issues:
        return None, issues
    return Break(id=own_id or usual_id, window=window, duration_s=int(duration)), []


def _issue(where: str, cause: str) -> Issue:
    return Issue(code="BREAK", where=where, cause=cause, action=_CURE)
