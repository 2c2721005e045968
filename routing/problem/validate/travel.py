"""Faults of travel tables."""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.problem.model import Problem, Travel
from routing.problem.validate.checks import repeated


def travel_issues(problem: Problem) -> Iterator[Issue]:
    """Find tables of the wrong shape, with figures below zero, or with slices that do not increase."""
    count = len(problem.places)
    yield from _tables("travel", problem.travel, count)
    yield from repeated("profile_travel", (profile for profile, _ in problem.profile_travel))
    for profile, travel in problem.profile_travel:
        yield from _tables(f"profile_travel.{profile}", travel, count)


def _tables(where: str, travel: Travel, count: int) -> Iterator[Issue]:
    matrix = travel.matrix
    slices = matrix.slice_start_s.size
    shapes = {"duration_s": matrix.duration_s, "distance_m": matrix.distance_m, "reachable": matrix.reachable}
    for name, table in shapes.items():
        if table.shape not in ([(count, count), (1, count, count)] if slices == 1 else [(slices, count, count)]):
            yield Issue(
                code="MATRIX_SHAPE",
                where=f"{where}.matrix.{name}",
                cause=f"has the shape {table.shape} for {count} places and {slices} slices",
                action="Give one row and one column per place, and one such table per slice.",
            )
        elif name != "reachable" and table.size and int(table.min()) < 0:
            yield Issue(
                code="MATRIX_NEGATIVE",
                where=f"{where}.matrix.{name}",
                cause=f"holds {int(table.min())}",
                action="Use the mask `reachable` for a missing pair, never a negative number.",
            )
    if slices < 1 or (matrix.slice_start_s[1:] <= matrix.slice_start_s[:-1]).any():
        yield Issue(
            code="SLICES",
            where=f"{where}.matrix.slice_start_s",
            cause="the instants at which slices begin do not increase, or there are none",
            action="Give each slice's first instant, in order.",
        )
    for name, size in (("usable", travel.usable.size), ("snap_distance_m", travel.snap_distance_m.size)):
        if size != count:
            yield Issue(
                code="MATRIX_SHAPE",
                where=f"{where}.{name}",
                cause=f"has {size} entries for {count} places",
                action="Give one entry per place.",
            )
