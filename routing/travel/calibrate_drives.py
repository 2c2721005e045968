"""What drives drove on: matched traces and planned drives as observations to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from routing.network.location import ARC_UNITS
from routing.network.road_network import RoadNetwork
from routing.travel.calibrate import CLASSES, Calendar, Drives, class_rows
from routing.travel.drive import Drive
from routing.travel.hours import Span
from routing.travel.map_match import Match
from routing.travel.map_match_arcs import driven_arcs
from routing.travel.metric import Metric
from routing.units import local_date

LEAST_DRIVE_S, LEAST_DRIVE_M = 120, 500
"""Shorter drives tell more of parking and of the receiver than of traffic."""
LEAST_SHARE = 0.8
LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Tell the column of a calendar for instants of some days, on the clocks of a zone."""

    calendar: Calendar
    start_s: NDArray[np.int64]
    """Instants at which slices begin, not decreasing, over all days of interest."""
    column: NDArray[np.int64]
    """Column of each of them."""

    @classmethod
    def over(
        cls, calendar: Calendar, instants_s: NDArray[np.int64], time_zone: str, near_deg: tuple[float, float]
    ) -> Clock:
        """Return the clock of the days of some instants; holidays are those of a place (latitude, longitude)."""
        first, last = (local_date(int(instant), time_zone) for instant in (instants_s.min(), instants_s.max()))
        span = Span(day=first, days=(last - first).days + 1, time_zone=time_zone, near_deg=near_deg)
        slices = np.arange(len(calendar.slice_start_s))
        start, column = [], []
        for shown in span.dates:
            kind = max(k for k, days in enumerate(calendar.days) if not days or span.holds_on(days, shown))
            start += [span.instant(shown, second) for second in calendar.slice_start_s]
            column.append(kind * slices.size + slices)
        return cls(calendar=calendar, start_s=np.array(start, np.int64), column=np.concatenate(column))

    def columns_at(self, instant_s: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the column of each instant; what lies outside of the days counts as their first or last slice."""
        at = np.searchsorted(self.start_s, instant_s, side="right") - 1
        return self.column[np.clip(at, 0, self.column.size - 1)]

    def seconds_at(self, instant_s: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the second of the day of each instant."""
        at = np.clip(np.searchsorted(self.start_s, instant_s, side="right") - 1, 0, self.column.size - 1)
        starts = np.array(self.calendar.slice_start_s)[self.column[at] % len(self.calendar.slice_start_s)]
        return np.asarray(starts + instant_s - self.start_s[at])


def drives_of_matches(network: RoadNetwork, matches: Sequence[Match], clock: Clock) -> Drives:
    """Return every piece of a match that was driven long and surely enough as a drive along its path."""
    rows_class = class_rows(network)
    ids: list[str] = []
    depart, duration, turn, drive, cell, free = [], [], [], [], [], []
    for match in matches:
        if match.share < LEAST_SHARE or match.confidence < LEAST_CONFIDENCE:
            continue
        driven = driven_arcs(network, match)
        moved_m = np.bincount(driven.piece, driven.share * network.arc_length_mm[driven.arc] / 1000)
        for piece in range(moved_m.size):
            times_s = match.time_s[match.piece == piece]
            took_s = int(times_s[-1] - times_s[0])
            if took_s < LEAST_DRIVE_S or moved_m[piece] < LEAST_DRIVE_M:
                continue
            rows = np.flatnonzero(driven.piece == piece)
            arc, column = driven.arc[rows], clock.columns_at(driven.enter_s[rows])
            drive.append(np.full(rows.size, len(ids)))
            cell.append(rows_class[arc] * clock.calendar.columns + column)
            free.append(driven.share[rows] * network.arc_free_ms[arc] / 1000)
            turn.append(driven.turn_ms[rows].sum() / 1000)
            depart.append(int(times_s[0]))
            duration.append(took_s)
            ids.append(match.trace_id)
    return _drives((ids, depart, duration, turn), (drive, cell, free), clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLeg:
    """Hold a planned drive and how long it took in truth."""

    leg_id: str
    drive: Drive
    took_s: int


def drives_of_legs(
    network: RoadNetwork,
    metric: Metric,
    legs: Sequence[KnownLeg],
    clock: Clock,
    pace: NDArray[np.float64],
) -> Drives:
    """Return planned drives as drives along their path; `pace` is that of the cells which the metric was made of.

    What conditions changed in the metric stays in the free-flow times, so that a day of snow does not teach that roads
    are slow.
    """
    rows_class = class_rows(network)
    turn, drive, cell, free = [], [], [], []
    for number, leg in enumerate(legs):
        arc, share = leg.drive.arcs, _shares(leg.drive)
        turn_ms = np.append(0, turns_between(network.turn_first, network.turn_to, network.turn_ms, arc))
        # Near enough for the slice: the arcs are entered as if speeds stayed those of the departure.
        took_ms = share * metric.arc_ms[metric.slice_at(leg.drive.depart_s), arc] + turn_ms
        enter_s = leg.drive.depart_s + ((np.cumsum(took_ms) - took_ms) // 1000).astype(np.int64)
        column = clock.columns_at(enter_s)
        in_metric = np.maximum(0, np.searchsorted(metric.slice_start_s, enter_s, side="right") - 1)
        drive.append(np.full(arc.size, number))
        cell.append(rows_class[arc] * clock.calendar.columns + column)
        free.append(share * metric.arc_ms[in_metric, arc] / 1000 / pace[rows_class[arc], column])
        turn.append(float(turn_ms.sum()) / 1000)
    ids, depart = [leg.leg_id for leg in legs], [leg.drive.depart_s for leg in legs]
    return _drives((ids, depart, [leg.took_s for leg in legs], turn), (drive, cell, free), clock)


@njit(cache=True)
def turns_between(turn_first, turn_to, turn_ms, arc):  # type: ignore[no-untyped-def]
    """Return the time lost in the turn from each arc of a path onto the next one."""
    lost = np.zeros(max(0, arc.size - 1), np.int64)
    for k in range(arc.size - 1):
        for turn in range(turn_first[arc[k]], turn_first[arc[k] + 1]):
            if turn_to[turn] == arc[k + 1]:
                lost[k] = turn_ms[turn]
                break
    return lost


def _shares(drive: Drive) -> NDArray[np.float64]:
    """Return the share of each arc of a drive that is driven."""
    end = np.ones(drive.arcs.size)
    end[-1] = drive.arrive_position / ARC_UNITS
    begin = np.zeros(drive.arcs.size)
    begin[0] = drive.leave_position / ARC_UNITS
    return end - begin


def _drives(
    facts: tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[float]],
    columns: tuple[Sequence[NDArray[np.int64]], Sequence[NDArray[np.int64]], Sequence[NDArray[np.float64]]],
    clock: Clock,
) -> Drives:
    """Return drives of their ids, departures, durations and turns, and of rows of drive, cell and free-flow seconds."""
    ids, depart_s, duration_s, turn_s = facts
    drive, cell = (np.concatenate([np.zeros(0, np.int64), *column]) for column in columns[:2])
    free = np.concatenate([np.zeros(0), *columns[2]])
    shape = (len(ids), len(CLASSES) * clock.calendar.columns)
    return Drives(
        drive_id=tuple(ids),
        depart_second=clock.seconds_at(np.array(depart_s, np.int64)),
        duration_s=np.array(duration_s, np.float64),
        turn_s=np.array(turn_s, np.float64),
        free_s=csr_array((free, (drive, cell)), shape=shape),
        calendar=clock.calendar,
    )
