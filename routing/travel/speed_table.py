"""How fast traffic moves by road class and time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from routing.travel.metric import Metric
from routing.units import wall_clock_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """Give the share of free-flow speed that traffic reaches, per road class and slice of the day."""

    slice_start_s: tuple[int, ...]
    """Seconds of the day at which the slices begin; the first is 0."""
    factors: tuple[tuple[str, tuple[float, ...]], ...]
    """Per road class (its link class included) one factor per slice; classes not named move at free flow."""


# A synthesis of published congestion figures (TomTom Traffic Index; Urban Mobility Report 2010: shares of daily delay
# by road type and hour), meant as a starting point until a fleet's own traces calibrate it.
_FAST = (1.00, 0.65, 0.90, 0.88, 0.85, 0.60, 0.97)
_MAIN = (1.00, 0.60, 0.85, 0.80, 0.82, 0.55, 0.95)
_MINOR = (1.00, 0.75, 0.90, 0.88, 0.88, 0.72, 0.97)
_LOCAL = (1.00, 0.88, 0.95, 0.95, 0.93, 0.85, 1.00)
_HOURS = (0.0, 7.0, 9.5, 12.0, 14.0, 16.0, 19.0, 23.0)


def _table() -> SpeedTable:
    groups = {
        _FAST: ("motorway", "trunk"),
        _MAIN: ("primary", "secondary"),
        _MINOR: ("tertiary", "unclassified"),
        _LOCAL: ("residential", "living_street", "service"),
    }
    # Night returns at 23:00, so each row ends as it begins.
    rows = tuple((name, (*factors, factors[0])) for factors, names in groups.items() for name in names)
    return SpeedTable(slice_start_s=tuple(round(hour * 3600) for hour in _HOURS), factors=rows)


DEFAULT_SPEED_TABLE = _table()


def free_flow(network: RoadNetwork) -> Metric:
    """Return the metric of empty roads: one slice, for all time."""
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
) -> Metric:
    """Return the metric of a speed table over some days, one slice per change of speed.

    The slices begin at instants of the Unix epoch, on the clocks of the zone (a day with a clock change has its 23 or
    25 hours); without a date they count from a midnight at 0. The second day serves shifts across midnight.
    """
    chosen = table or DEFAULT_SPEED_TABLE
    _check(chosen)
    starts = [_slice_starts(chosen, date, time_zone, day) for day in range(days)]
    factor = np.ones((len(chosen.slice_start_s), len(ROAD_CLASSES)))
    for index, name in enumerate(ROAD_CLASSES):
        for row_name, row in chosen.factors:
            if name in (row_name, f"{row_name}_link"):
                factor[:, index] = row
    per_day = slowed_ms(network.arc_free_ms[np.newaxis], factor[:, network.arc_class])
    return Metric(
        slice_start_s=np.concatenate(starts),
        arc_ms=np.tile(per_day, (days, 1)),
        closed=np.zeros((days * len(chosen.slice_start_s), network.arc_count), np.bool_),
    )


def slowed_ms(arc_ms: NDArray[np.int32], factor: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the times at a share of the speed, rounded up to the millisecond."""
    return np.ceil(arc_ms / factor).astype(np.int32)


def _slice_starts(table: SpeedTable, day: date | None, time_zone: str, ahead: int) -> NDArray[np.int64]:
    if day is None:
        return np.array(table.slice_start_s, np.int64) + 86_400 * ahead
    shown = day + timedelta(days=ahead)
    return np.array([wall_clock_instant(shown, second, time_zone) for second in table.slice_start_s], np.int64)


def _check(table: SpeedTable) -> None:
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
    for name, row in table.factors:
        if name not in ROAD_CLASSES or len(row) != len(starts) or not all(0 < value <= 2 for value in row):
            issues.append(
                Issue(
                    code="SPEED_FACTORS",
                    where=f"speed table, class {name}",
                    cause=f"{len(row)} factors {row} for {len(starts)} slices of a class that "
                    + ("is known" if name in ROAD_CLASSES else "is not known"),
                    action=f"Give one factor above 0 and up to 2 per slice, for a class of: {', '.join(ROAD_CLASSES)}.",
                )
            )
    if issues:
        raise InputError(issues)
