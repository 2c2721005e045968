"""Read how likely somebody can receive at a stop, by time: as a cell of a file or as JSON, and write it again.

In a cell: `09:00/12:00=0.8; 12:00/17:00=0.35`, spans with a slash as in ISO 8601. In JSON:
`[{"from": "09:00", "until": "12:00", "at_home": 0.8}]`. The end of a span is not part of it; at_home is 0 to 1; where
no span holds, somebody surely can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from routing.errors import Issue
from routing.events.asked import AvailabilityStep
from routing.interface.checked_row import cell_text
from routing.interface.time_cells import Calendar, TimePair, read_window, window_cells
from routing.problem.model import TimeWindow

_FIELDS: Final = ("from", "until", "at_home")
_CURE: Final = (
    'Write spans such as 09:00/12:00=0.8; 12:00/17:00=0.35, or [{"from": "09:00", "until": "12:00", "at_home": 0.8}].'
)


def read_availability(
    value: object, calendar: Calendar, where: str
) -> tuple[tuple[AvailabilityStep, ...], list[Issue]]:
    """Return the steps of a cell or of JSON in the order of time, and one Issue for each fault."""
    steps: list[tuple[AvailabilityStep, str]] = []
    issues: list[Issue] = []
    for place, span in _spans(value, where):
        step, faults = _step(span, calendar, place)
        issues += faults
        steps += [(step, place)] if step is not None else []
    steps.sort(key=lambda found: found[0].from_s)
    for (before, _), (after, place) in pairwise(steps):
        if after.from_s < before.until_s:
            issues.append(_issue(place, "the span overlaps another one", "Let each span begin where the last ends."))
    return tuple(step for step, _ in steps), issues


def availability_text(steps: Sequence[AvailabilityStep], calendar: Calendar) -> str:
    """Return steps as a cell holds them, in times of day where these mean the same on a calendar."""
    spans = (window_cells(TimeWindow(start_s=step.from_s, end_s=step.until_s), calendar) for step in steps)
    return "; ".join(f"{start}/{end}={step.at_home_ratio:g}" for (start, end), step in zip(spans, steps, strict=True))


def _spans(value: object, where: str) -> Iterator[tuple[str, object]]:
    if value is None or value == "":
        return
    if isinstance(value, str):
        for part in filter(None, (part.strip() for part in value.split(";"))):
            yield where, _of_text(part)
    elif isinstance(value, list):
        for number, span in enumerate(value):
            yield f"{where}[{number}]", span
    else:
        yield where, value


def _of_text(part: str) -> object:
    span, _, ratio = part.partition("=")
    from_text, slash, until_text = span.partition("/")
    if not slash or not ratio:
        return part
    return {"from": from_text.strip(), "until": until_text.strip(), "at_home": ratio.strip()}


def _step(span: object, calendar: Calendar, where: str) -> tuple[AvailabilityStep | None, list[Issue]]:
    if not isinstance(span, dict):
        return None, [_issue(where, f"{span!r} is no span of time with a probability", _CURE)]
    strange = [name for name in span if name not in _FIELDS]
    issues = [
        _issue(f"{where}.{name}", "there is no such field", "Correct its name, or remove it.") for name in strange
    ]
    pair = TimePair(
        start=cell_text(span.get("from")), end=cell_text(span.get("until")), start_column="from", end_column="until"
    )
    window, faults = read_window(pair, calendar, where)
    issues += faults
    if window is None and not faults:
        issues.append(_issue(where, "from and until are missing", _CURE))
    elif window is not None and window.start_s == window.end_s:
        issues.append(_issue(where, "the span is empty", "Let until come after from."))
    ratio = _ratio(span.get("at_home"))
    if ratio is None:
        cause = f"at_home is {span.get('at_home')!r}, not a number from 0 to 1"
        issues.append(_issue(f"{where}.at_home", cause, "Write 0.8 for a chance of 80 %."))
    if window is None or ratio is None or issues:
        return None, issues
    return AvailabilityStep(from_s=window.start_s, until_s=window.end_s, at_home_ratio=ratio), []


def _ratio(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        ratio = float(value)
    except ValueError:
        return None
    return ratio if 0.0 <= ratio <= 1.0 else None


def _issue(where: str, cause: str, action: str) -> Issue:
    return Issue(code="AVAILABILITY", where=where, cause=cause, action=action)
