"""How fast traffic moves by road class and time of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from routing.travel.hours import Span, names_days
from routing.travel.metric import Metric
from routing.travel.overrides import NO_OVERRIDES, Overrides, override
from routing.travel.timed_rules import edges, rule_times
from routing.travel.weather import class_members

ClassRows = tuple[tuple[str, tuple[float | None, ...]], ...]
"""Per road class (its link class included) one value per slice of the day; None: this row does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRows:
    """Hold what is different on some days."""

    days: str
    """Days of the week and holidays as in opening hours: `Sa`, `Su,PH`, `Mo-Th`."""
    factors: ClassRows = ()
    speeds_kph: ClassRows = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """Give the share of free-flow speed that traffic reaches, per road class, slice of the day and kind of day.

    Where a speed is given it takes the place of the share, never above free flow. Of several rows that say something
    of a class at a time the last one counts: `factors` and `speeds_kph`, then each of `other_days` that holds. What no
    row says moves at free flow.
    """

    slice_start_s: tuple[int, ...]
    """Seconds of the day at which the slices begin; the first is 0."""
    factors: ClassRows
    speeds_kph: ClassRows = ()
    other_days: tuple[DayRows, ...] = ()

    @property
    def all_rows(self) -> tuple[DayRows, ...]:
        """Return the rows of every day, then the others."""
        return DayRows(days="", factors=self.factors, speeds_kph=self.speeds_kph), *self.other_days

    def of_day(self, span: Span, index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return factors and speeds (infinite where a factor counts) of a span's day, slices x classes each."""
        shape = (len(self.slice_start_s), len(ROAD_CLASSES))
        factor, speed_kph = np.ones(shape), np.full(shape, np.inf)
        shown = span.dates[index]
        for rows in self.all_rows:
            if rows.days and not span.holds_on(rows.days, shown):
                continue
            for name, row in rows.factors:
                _write(factor, name, row)
                _write(speed_kph, name, [None if value is None else np.inf for value in row])
            for name, row in rows.speeds_kph:
                _write(speed_kph, name, row)
        return factor, speed_kph


def _write(table: NDArray[np.float64], name: str, row: tuple[float | None, ...] | list[float | None]) -> None:
    for index, value in enumerate(row):
        if value is not None:
            table[index, class_members(name)] = value


_HOURS = (0.0, 7.0, 9.5, 12.0, 14.0, 16.0, 19.0, 23.0)
_CLASSES = (
    ("motorway", "trunk"),
    ("primary", "secondary"),
    ("tertiary", "unclassified"),
    ("residential", "living_street", "service"),
)
_WORKING_DAY = (
    (1.00, 0.65, 0.90, 0.88, 0.85, 0.60, 0.97),
    (1.00, 0.60, 0.85, 0.80, 0.82, 0.55, 0.95),
    (1.00, 0.75, 0.90, 0.88, 0.88, 0.72, 0.97),
    (1.00, 0.88, 0.95, 0.95, 0.93, 0.85, 1.00),
)
_SATURDAY = (
    (1.00, 0.97, 0.90, 0.88, 0.88, 0.90, 0.97),
    (1.00, 0.95, 0.85, 0.80, 0.80, 0.85, 0.95),
    (1.00, 0.97, 0.90, 0.88, 0.88, 0.90, 0.97),
    (1.00, 1.00, 0.95, 0.95, 0.95, 0.95, 1.00),
)
_SUNDAY = (
    (1.00, 1.00, 0.97, 0.97, 0.97, 0.97, 1.00),
    (1.00, 1.00, 0.95, 0.95, 0.95, 0.95, 1.00),
    (1.00, 1.00, 0.97, 0.97, 0.97, 0.97, 1.00),
    (1.00, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00),
)


def _rows(day: tuple[tuple[float, ...], ...]) -> ClassRows:
    # Night returns at 23:00, so each row ends as it begins.
    return tuple((name, (*row, row[0])) for names, row in zip(_CLASSES, day, strict=True) for name in names)


DEFAULT_SPEED_TABLE = SpeedTable(
    slice_start_s=tuple(round(hour * 3600) for hour in _HOURS),
    factors=_rows(_WORKING_DAY),
    other_days=(
        DayRows(days="Sa", factors=_rows(_SATURDAY)),
        DayRows(days="Su", factors=_rows(_SUNDAY)),
    ),
)
"""A starting point until a fleet's own traces calibrate it.

Working days: a synthesis of published congestion figures (TomTom Traffic Index: evening peaks nearly double journey
times; Urban Mobility Report 2010: shares of daily delay by road type and hour). For weekends no figure by class was
found: Saturday is made of the working day's own noon, without its peaks, and Sunday of its late evening. Public
holidays are not looked up here (`PH` in a table of one's own does so; the countries' calendars take a second to load).
"""


def free_flow(network: RoadNetwork) -> Metric:
    """Return the metric of empty roads: one slice, for all time; rules that hold at some hours do not count."""
    return Metric(
        slice_start_s=np.zeros(1, np.int64),
        arc_ms=network.arc_free_ms[np.newaxis],
        closed=np.zeros((1, network.arc_count), np.bool_),
    )


def time_of_day(
    network: RoadNetwork,
    table: SpeedTable | None = None,
    *,
    date: date | None = None,
    time_zone: str = "UTC",
    days: int = 2,
    overrides: Overrides = NO_OVERRIDES,
) -> Metric:
    """Return the metric of a speed table over some days, with the map's timed rules and the speeds of single roads.

    A slice begins where the table, a rule or an override changes, at instants of the Unix epoch on the clocks of the
    zone (a day with a clock change has its 23 or 25 hours). Without a date they count from a midnight at 0, and the
    days are ordinary working days from Tuesday on (`hours.ORDINARY_DAY`). The second day serves shifts across
    midnight; the last slice stands for all time after it.
    """
    chosen = table or DEFAULT_SPEED_TABLE
    check_speed_table(chosen)
    west, south, east, north = network.bbox_deg
    span = Span(day=date, days=days, time_zone=time_zone, near_deg=((south + north) / 2, (west + east) / 2))
    rules, pieces = rule_times(network, span), overrides.pieces(span)
    table_s = np.array([span.instant(shown, second) for shown in span.dates for second in chosen.slice_start_s])
    # Where clocks go forward they show no time of the hour left out: its slices begin and end at once.
    table_s = np.minimum.accumulate(table_s[::-1])[::-1]
    starts = np.unique(np.concatenate((table_s, edges(rules.pieces), edges(pieces.values()))).astype(np.int64))
    starts = starts[(starts >= span.begin_s) & (starts < span.end_s)]
    row_of = np.searchsorted(table_s, starts, side="right") - 1
    factor, speed_kph = (
        np.concatenate(each) for each in zip(*(chosen.of_day(span, index) for index in range(days)), strict=True)
    )
    holds = rules.holding(starts)
    arc_ms = np.empty((starts.size, network.arc_count), np.int32)
    made: dict[tuple[bytes, bytes, bytes], int] = {}
    for k, row in enumerate(row_of.tolist()):
        key = (factor[row].tobytes(), speed_kph[row].tobytes(), holds[:, k].tobytes())
        if key in made:
            arc_ms[k] = arc_ms[made[key]]
        else:
            arc_ms[k] = _moving_ms(network, rules.free_ms(holds[:, k]), factor[row], speed_kph[row])
            made[key] = k
    closed = rules.closed(holds)
    override(network, overrides, pieces, starts, arc_ms, closed)
    timed_turn, turn_closed = rules.turns(holds)
    return Metric(slice_start_s=starts, arc_ms=arc_ms, closed=closed, timed_turn=timed_turn, turn_closed=turn_closed)


def _moving_ms(
    network: RoadNetwork, free_ms: NDArray[np.int32], factor: NDArray[np.float64], speed_kph: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return the times of all arcs at the table's factors and speeds by class, rounded up to the millisecond."""
    time_ms = np.ceil(free_ms / factor[network.arc_class])
    if np.isfinite(speed_kph).any():
        given = np.isfinite(speed_kph)[network.arc_class]
        table_ms = np.ceil(network.arc_length_mm * 3.6 / speed_kph[network.arc_class])
        time_ms = np.where(given, np.maximum(table_ms, free_ms), time_ms)
    return time_ms.astype(np.int32)


def check_speed_table(table: SpeedTable) -> None:
    """Raise InputError with every fault of a table."""
    issues = []
    starts = table.slice_start_s
    if not starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)) or starts[-1] >= 86_400:
        issues.append(
            Issue(
                code="SPEED_SLICES",
                where="speed table",
                cause=f"the slices {starts} do not begin at 0 and grow within the day",
                action="Give seconds of the day, the first 0, each later than the one before, all below 86,400.",
            )
        )
    for rows in table.other_days:
        if not names_days(rows.days):
            cause, action = f"{rows.days!r} names no days", "Name days as Mo-Fr, Sa or Su,PH."
            issues.append(Issue(code="SPEED_DAYS", where="speed table", cause=cause, action=action))
    for rows in table.all_rows:
        issues += [issue for row in rows.factors for issue in _faults(*row, len(starts), most=2.0, what="factor")]
        issues += [issue for row in rows.speeds_kph for issue in _faults(*row, len(starts), most=300.0, what="speed")]
    if issues:
        raise InputError(issues)


def _faults(name: str, row: tuple[float | None, ...], slices: int, *, most: float, what: str) -> list[Issue]:
    if name in ROAD_CLASSES and len(row) == slices and all(value is None or 0 < value <= most for value in row):
        return []
    known = "is known" if name in ROAD_CLASSES else "is not known"
    return [
        Issue(
            code="SPEED_FACTORS",
            where=f"speed table, class {name}",
            cause=f"{len(row)} {what}s {row} for {slices} slices of a class that {known}",
            action=f"Give one {what} above 0 and up to {most:g} per slice, for a class of: {', '.join(ROAD_CLASSES)}.",
        )
    ]
