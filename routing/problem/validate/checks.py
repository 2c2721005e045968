"""The faults that every part of a problem may have."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from routing.errors import Issue
from routing.problem.model import LOAD, Amounts, TimeWindow


def repeated(kind: str, ids: Iterable[str]) -> Iterator[Issue]:
    """Find ids that stand more than once."""
    for name, count in Counter(ids).items():
        if count > 1:
            yield Issue(
                code="DUPLICATE_ID",
                where=f"{kind} {name}",
                cause=f"the id stands {count} times",
                action="Give each its own id.",
            )


def place(where: str, field: str, index: int, count: int) -> Iterator[Issue]:
    """Find a place that the problem does not have."""
    if not 0 <= index < count:
        yield Issue(
            code="PLACE_UNKNOWN",
            where=where,
            cause=f"{field} is {index}, but there are {count} places",
            action="Point to an entry of the problem's places, counted from 0.",
        )


def windows(where: str, given: tuple[TimeWindow, ...]) -> Iterator[Issue]:
    """Find windows that end before they start, overlap, or are not in order."""
    for window in given:
        if window.end_s < window.start_s:
            yield Issue(
                code="WINDOW_REVERSED",
                where=where,
                cause=f"a window ends {window.start_s - window.end_s} s before it starts",
                action="Swap start and end; for one across midnight give the end on the next day.",
            )
    for former, latter in itertools.pairwise(given):
        if latter.start_s <= former.end_s:
            yield Issue(
                code="WINDOWS_OVERLAP",
                where=where,
                cause="two windows overlap or are not in order of time",
                action="Sort the windows and join those that touch.",
            )


def negative(where: str, figures: Iterable[tuple[str, int | None]]) -> Iterator[Issue]:
    """Find figures below zero."""
    for name, value in figures:
        if value is not None and value < 0:
            yield Issue(code="NEGATIVE", where=where, cause=f"{name} is {value}", action="Give zero or more.")


def amounts(where: str, field: str, given: Amounts, *, named: bool = False) -> Iterator[Issue]:
    """Find amounts below zero, out of order, doubled, or under a name that they may not have.

    `named` tells that the load without a name stands among them, too.
    """
    yield from negative(where, ((f"{field}.{name}", units) for name, units in given))
    names = [name for name, _ in given]
    if names != sorted(set(names)):
        yield Issue(
            code="AMOUNTS_ORDER",
            where=where,
            cause=f"{field} are not sorted by name, or name a load twice",
            action="Give each name once, in alphabetical order.",
        )
    if "" in names or (LOAD in names and not named):
        cause = f"{field} name a load {LOAD!r} or ''; {LOAD!r} is the load without a name"
        action = f"Give it another name, or put the amount where the load without a name stands, beside {field}."
        yield Issue(code="LOAD_NAME", where=where, cause=cause, action=action)


def unknown(
    where: str, code: str, kind: str, named: Mapping[str, Sequence[str]], known: Iterable[str]
) -> Iterator[Issue]:
    """Find names of vehicles or depots that the problem does not have, by the field that names them."""
    for field, names in named.items():
        for name in dict.fromkeys(names):
            if name not in known:
                cause = f"{field} names {name}, which is no {kind} of the problem"
                yield Issue(code=code, where=where, cause=cause, action=f"Name a {kind} of the problem, or none.")
