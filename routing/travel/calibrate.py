"""Learn speed factors by road class and time of the week from drives whose times are known.

A drive takes the free-flow time of what it drives on, cell by cell (a class in a slice of a kind of day), each times
that cell's pace (1 / factor), and what its turns cost. The paces are chosen so that the drives' times come out right
by the logarithm of their ratio, with robust weights: a drive with an odd stop counts for less. Where there are few
drives the paces are drawn to the table that was there before (ridge regression, which is empirical Bayes with normal
priors): all together, a class or a slice as a whole, and least freely one cell against its class and slice. A cell on
which nothing was driven still moves with its class and slice; a class on which nothing was driven and that the table
before does not name stays at free flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack, vstack

from routing.errors import InputError, Issue
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from routing.travel.hours import Span
from routing.travel.speed_table import DayRows, SpeedTable

CLASSES = tuple(name for name in ROAD_CLASSES if not name.endswith("_link"))
"""A link class moves as the class it leads to."""
_HOUR_S = 3600
_LEAST_FACTOR, _MOST_FACTOR = 0.05, 2.0
"""Bounds of a factor that a speed table takes."""
_USUAL_DEVIATION_RATIO, _USUAL_DRIVES = 0.25, 20
"""What is taken for the drives' deviation before any is seen, and how many drives that assumption counts for; of 1,000
taxi journeys in Porto it was 0.22."""
_MOST_STEPS = 50
_CLOSE_ENOUGH = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Name the columns of what is learned: for each kind of day its slices."""

    slice_start_s: tuple[int, ...]
    """Seconds of the day at which the slices begin."""
    days: tuple[str, ...]
    """Kinds of day as in `DayRows.days`; the first is every day, and of several that hold the last one counts."""

    @classmethod
    def of(cls, table: SpeedTable) -> Calendar:
        """Return the kinds of day of a table, by the hour and wherever its speeds change.

        InputError where the table holds speeds, which leave no share to learn.
        """
        if any(rows.speeds_kph for rows in table.all_rows):
            cause, action = "it gives speeds in km/h", "Begin with a table of factors, or with none."
            raise InputError([Issue(code="SPEEDS_NOT_FACTORS", where="speed table", cause=cause, action=action)])
        starts = sorted({*range(0, 86_400, _HOUR_S), *table.slice_start_s})
        return cls(slice_start_s=tuple(starts), days=tuple(dict.fromkeys(rows.days for rows in table.all_rows)))

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return len(self.days) * len(self.slice_start_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drives:
    """Hold k drives: how long each took, and what it drove on."""

    drive_id: tuple[str, ...]
    depart_second: NDArray[np.int64]
    """Second of the day at which each began."""
    duration_s: NDArray[np.float64]
    turn_s: NDArray[np.float64]
    """Time that the turns are expected to cost, k."""
    free_s: csr_array
    """Free-flow seconds by cell, class after class, in each the calendar's columns; k x cells."""
    calendar: Calendar

    def take(self, rows: NDArray[np.int64]) -> Drives:
        """Return some of the drives."""
        return Drives(
            drive_id=tuple(self.drive_id[row] for row in rows.tolist()),
            depart_second=self.depart_second[rows],
            duration_s=self.duration_s[rows],
            turn_s=self.turn_s[rows],
            free_s=self.free_s[rows],
            calendar=self.calendar,
        )

    def joined(self, other: Drives) -> Drives:
        """Return these drives and others of the same calendar."""
        return Drives(
            drive_id=self.drive_id + other.drive_id,
            depart_second=np.append(self.depart_second, other.depart_second),
            duration_s=np.append(self.duration_s, other.duration_s),
            turn_s=np.append(self.turn_s, other.turn_s),
            free_s=csr_array(vstack([self.free_s, other.free_s])),
            calendar=self.calendar,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnOptions:
    """Say how far the paces may go from the table before: standard deviations of their logarithms."""

    everything_ratio: float = 0.2
    class_ratio: float = 0.3
    column_ratio: float = 0.3
    cell_ratio: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Hold what the drives taught."""

    table: SpeedTable
    free_s: NDArray[np.float64]
    """Free-flow seconds that were driven in each cell, classes x columns: what its factor rests on."""
    deviation_ratio: float
    """Robust standard deviation of what remains, as the logarithm of the ratio of times."""


def class_rows(network: RoadNetwork) -> NDArray[np.int64]:
    """Return the row in `CLASSES` of each arc, a."""
    row_of = np.array([CLASSES.index(name.removesuffix("_link")) for name in ROAD_CLASSES], np.int64)
    return row_of[network.arc_class]


def every_day(table: SpeedTable, kind: str) -> SpeedTable:
    """Return a table in which every day is as the days of one kind are."""
    return replace(
        table, other_days=tuple(replace(each, days="") for each in table.other_days if each.days in ("", kind))
    )


def paces(table: SpeedTable, calendar: Calendar) -> NDArray[np.float64]:
    """Return 1 / factor of each cell, classes x columns, by a table that changes only where the calendar does."""
    own = np.searchsorted(table.slice_start_s, calendar.slice_start_s, side="right") - 1
    rows = [ROAD_CLASSES.index(name) for name in CLASSES]
    by_kind = []
    for kind in calendar.days:
        factor, _ = every_day(table, kind).of_day(Span(days=1), 0)
        by_kind.append(1.0 / factor[own][:, rows].T)
    return np.hstack(by_kind)


def expected_s(drives: Drives, pace: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long each drive takes along its path by the paces of the cells, k."""
    return np.asarray(drives.free_s @ pace.ravel() + drives.turn_s)


def learn(drives: Drives, before: SpeedTable, options: LearnOptions | None = None) -> Learned:
    """Return the table under which the drives' times come out best.

    InputError where there is no drive to learn from.
    """
    if not drives.drive_id:
        cause = "there is no drive to learn from"
        action = "Give traces of drives on the roads of this map, or a day with reports of its visits."
        raise InputError([Issue(code="NOTHING_TO_LEARN", where="calibration", cause=cause, action=action)])
    prior = paces(before, drives.calendar)
    free_s = (np.ones(len(drives.drive_id)) @ drives.free_s).reshape(prior.shape)
    basis, precision = _effects(prior.shape, np.flatnonzero(free_s), options or LearnOptions())
    effect = np.zeros(precision.size)
    deviation = _USUAL_DEVIATION_RATIO
    for _ in range(_MOST_STEPS):
        pace = prior * np.exp(basis @ effect).reshape(prior.shape)
        expected = expected_s(drives, pace)
        ratio = np.log(drives.duration_s / expected)
        deviation = _deviation(ratio)
        # Weights of the pseudo-Huber loss: beyond the deviation a drive pulls with a bounded force.
        weight = 1.0 / np.sqrt(1.0 + (ratio / deviation) ** 2) / deviation**2
        slope = (diags_array(1.0 / expected) @ drives.free_s @ diags_array(pace.ravel()) @ basis).toarray()
        pull = slope.T * weight
        step = np.linalg.solve(pull @ slope + np.diag(precision), pull @ ratio - precision * effect)
        effect = effect + step
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    pace = prior * np.exp(basis @ effect).reshape(prior.shape)
    named = {name.removesuffix("_link") for rows in before.all_rows for name, _ in rows.factors}
    told = [bool(free_s[row].any()) or name in named for row, name in enumerate(CLASSES)]
    return Learned(table=_table(pace, drives.calendar, told), free_s=free_s, deviation_ratio=deviation)


def _deviation(ratio: NDArray[np.float64]) -> float:
    """Return the standard deviation of normal values of the same median size, blended with the usual one."""
    seen = 1.4826 * float(np.median(np.abs(ratio)))
    squares = _USUAL_DRIVES * _USUAL_DEVIATION_RATIO**2 + ratio.size * seen**2
    return float(np.sqrt(squares / (_USUAL_DRIVES + ratio.size)))


def scaled(table: SpeedTable, ratio: float) -> SpeedTable:
    """Return a table under which all drives without turns take `ratio` times as long."""
    calendar = Calendar.of(table)
    named = {name for name, _ in table.factors}
    return _table(ratio * paces(table, calendar), calendar, [name in named for name in CLASSES])


def _table(pace: NDArray[np.float64], calendar: Calendar, told: Sequence[bool]) -> SpeedTable:
    """Return the table of paces, classes x columns, with rows for the classes that are to be told."""
    factor = np.clip(1.0 / pace, _LEAST_FACTOR, _MOST_FACTOR).round(3)
    kinds = [
        tuple((name, tuple(row)) for name, row, is_told in zip(CLASSES, part.tolist(), told, strict=True) if is_told)
        for part in np.split(factor, len(calendar.days), axis=1)
    ]
    return SpeedTable(
        slice_start_s=calendar.slice_start_s,
        factors=kinds[0],
        other_days=tuple(
            DayRows(days=days, factors=rows) for days, rows in zip(calendar.days[1:], kinds[1:], strict=True)
        ),
    )


def _effects(
    shape: tuple[int, ...], driven: NDArray[np.int64], options: LearnOptions
) -> tuple[csr_array, NDArray[np.float64]]:
    """Return what moves each cell (cells x effects), and the precision of each effect's prior.

    Only cells on which something was driven have an effect of their own.
    """
    classes, columns = shape
    cells = np.arange(classes * columns)
    own = csr_array((np.ones(driven.size), (driven, np.arange(driven.size))), shape=(cells.size, driven.size))
    parts = [
        csr_array((np.ones(cells.size), (cells, part)), shape=(cells.size, size))
        for part, size in ((cells * 0, 1), (cells // columns, classes), (cells % columns, columns))
    ]
    ratios = (options.everything_ratio, options.class_ratio, options.column_ratio, options.cell_ratio)
    precision = np.repeat(np.array(ratios) ** -2.0, (1, classes, columns, driven.size))
    return csr_array(hstack([*parts, own])), precision
