"""Learn a speed table from traces and say, on drives that did not teach it, how much better it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.location import ARC_UNITS, Location
from routing.network.road_network import RoadNetwork
from routing.osm.extract import OnProgress
from routing.travel.calibrate import Calendar, Drives, Learned, every_day, expected_s, learn, paces, scaled
from routing.travel.calibrate_drives import LEAST_DRIVE_M, LEAST_DRIVE_S, LEAST_SHARE, Clock, drives_of_matches
from routing.travel.map_match import MapMatcher, Match, Trace
from routing.travel.map_match_journeys import journeys
from routing.travel.road_travel import RoadTravel
from routing.travel.speed_table import SpeedTable, time_of_day

DIRECT_RATIO = 1.3
"""Who drove so many times further than the quickest drive was not on the way there alone."""
FREE_FLOW = SpeedTable(slice_start_s=(0,), factors=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """Hold n journeys by their two ends: what a dispatcher asks for beforehand."""

    trace_id: tuple[str, ...]
    ends: tuple[Location, ...]
    """Begin and end of each, 2 n."""
    kind: tuple[str, ...]
    """Kind of day on which it began, as the calendar names it."""
    second: NDArray[np.int64]
    """Second of the day at which it began."""
    took_s: NDArray[np.float64]
    moved_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Hold n times that were measured, and what was expected by each table; NaN where nothing was."""

    hour: NDArray[np.int64]
    """Hour of the day at which each began."""
    took_s: NDArray[np.float64]
    free_flow_s: NDArray[np.float64]
    before_s: NDArray[np.float64]
    after_s: NDArray[np.float64]
    """By a table that was learned from other traces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Hold what was learned, and how good it is."""

    table: SpeedTable
    """For planning: under it the quickest drive takes as long as a direct journey did."""
    roads: Learned
    """What the roads themselves let one drive."""
    detour_ratio: float
    """How much longer direct journeys took than the quickest drive by the roads alone."""
    drives: Judged | None
    """Journeys, timed as the quickest drive between their ends."""
    paths: Judged
    """Pieces of journeys, timed along the roads that were driven."""
    used: tuple[tuple[str, int], ...]
    """What became of the traces, in words, with counts."""


def half_of(trace_id: str, split: int) -> int:
    """Return 0 or 1 for a trace, by its id alone; each split divides the traces in another way."""
    return hashlib.sha256(f"{split}:{trace_id}".encode()).digest()[0] & 1


def calibrate_traces(
    network: RoadNetwork,
    traces: Sequence[Trace],
    before: SpeedTable,
    *,
    time_zone: str,
    split: int = 0,
    on_progress: OnProgress | None = None,
) -> Calibration:
    """Learn from all traces; judge each by what the half to which it does not belong teaches.

    InputError where nothing can be learned.
    """
    tell = on_progress or (lambda what, share: None)
    calendar = Calendar.of(before)
    found = journeys(traces)
    if not found:
        raise InputError([_nothing("none of the traces moves")])
    tell("match traces", 0.0)
    matcher = MapMatcher(network)
    matches = tuple(matcher.match(found, on_progress=lambda done: tell("match traces", done / len(found))))
    west, south, east, north = network.bbox_deg
    middle_deg = (south + north) / 2, (west + east) / 2
    clock = Clock.over(calendar, np.concatenate([each.time_s for each in found]), time_zone, middle_deg)
    drives = drives_of_matches(network, matches, clock)
    if not drives.drive_id:
        raise InputError([_nothing(f"of {len(found)} journeys none could be followed on the roads of this map")])
    trips = _trips(network, found, matches, clock)
    tell("learn", 0.0)
    paths = judge_paths(drives, before, split=split)
    tell("time the journeys", 0.0)
    judged = judge_trips(network, trips, drives, before, split)
    roads = learn(drives, before)
    ratio, table = _with_detours(network, trips, roads.table, np.ones(len(trips.trace_id), np.bool_))
    return Calibration(
        table=table, roads=roads, detour_ratio=ratio, drives=judged, paths=paths,
        used=_used(traces, found, matches, drives, trips),
    )  # fmt: skip


def calibrate_legs(drives: Drives, before: SpeedTable, *, split: int, used: tuple[tuple[str, int], ...]) -> Calibration:
    """Learn from legs of known days, timed along the roads that the plan took; InputError where there are none."""
    roads = learn(drives, before)
    return Calibration(
        table=roads.table,
        roads=roads,
        detour_ratio=1.0,
        drives=None,
        paths=judge_paths(drives, before, split=split),
        used=used,
    )


def judge_paths(drives: Drives, before: SpeedTable, *, split: int) -> Judged:
    """Return what drives take along their paths, each by what the half to which it does not belong teaches."""
    free, prior = np.ones_like(paces(before, drives.calendar)), paces(before, drives.calendar)
    half = np.array([half_of(name, split) for name in drives.drive_id])
    after_s = np.full(half.size, np.nan)
    for side in (0, 1):
        teaching, judged = np.flatnonzero(half != side), np.flatnonzero(half == side)
        if teaching.size:
            learned = paces(learn(drives.take(teaching), before).table, drives.calendar)
            after_s[judged] = expected_s(drives.take(judged), learned)
    return Judged(
        hour=drives.depart_second // 3600,
        took_s=drives.duration_s,
        free_flow_s=expected_s(drives, free),
        before_s=expected_s(drives, prior),
        after_s=after_s,
    )


def judge_trips(network: RoadNetwork, trips: Trips, drives: Drives, before: SpeedTable, split: int) -> Judged:
    """Return what trips take as the quickest drive between their ends, each by what the other half teaches."""
    half = np.array([half_of(name, split) for name in trips.trace_id], np.int64)
    of_drive = np.array([half_of(name, split) for name in drives.drive_id], np.int64)
    after_s = np.full(half.size, np.nan)
    for side in (0, 1):
        teaching = np.flatnonzero(of_drive != side)
        if teaching.size:
            roads = learn(drives.take(teaching), before).table
            _, table = _with_detours(network, trips, roads, half != side)
            after_s[half == side] = _quickest(network, trips, table, half == side)[0][half == side]
    every = np.ones(half.size, np.bool_)
    return Judged(
        hour=trips.second // 3600,
        took_s=trips.took_s,
        free_flow_s=_quickest(network, trips, FREE_FLOW, every)[0],
        before_s=_quickest(network, trips, before, every)[0],
        after_s=after_s,
    )


def _with_detours(
    network: RoadNetwork, trips: Trips, roads: SpeedTable, teaching: NDArray[np.bool_]
) -> tuple[float, SpeedTable]:
    """Return how much longer direct journeys took than the quickest drive, and the table under which they do not.

    Who drives does not always take the quickest way, waits to leave and looks for the house.
    """
    quickest_s, distance_m = _quickest(network, trips, roads, teaching)
    direct = trips.moved_m <= DIRECT_RATIO * distance_m  # never where there is no drive
    if not direct.any():
        return 1.0, roads
    ratio = float(np.median(trips.took_s[direct] / quickest_s[direct]))
    return ratio, scaled(roads, ratio)


def _quickest(
    network: RoadNetwork, trips: Trips, table: SpeedTable, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds and metres of the quickest drive of each wanted trip, NaN where there is none."""
    took_s, distance_m = np.full(wanted.size, np.nan), np.full(wanted.size, np.nan)
    for kind in sorted(set(trips.kind)):
        rows = [row for row in np.flatnonzero(wanted).tolist() if trips.kind[row] == kind]
        metric = time_of_day(network, every_day(table, kind), days=1)
        travel = RoadTravel(network, metric, [trips.ends[2 * row + end] for row in rows for end in (0, 1)])
        for number, row in enumerate(rows):
            leg = travel.leg(2 * number, 2 * number + 1, int(trips.second[row]))
            if leg is not None and leg.duration_s > 0:
                took_s[row], distance_m[row] = leg.duration_s, leg.distance_m
    return took_s, distance_m


def _trips(network: RoadNetwork, found: Sequence[Trace], matches: Sequence[Match], clock: Clock) -> Trips:
    """Return the journeys that are long enough and whose fixes lie on the roads."""
    ids, ends, took_s, moved_m, depart_s = [], [], [], [], []
    for trace, match in zip(found, matches, strict=True):
        metres = float(
            ((match.row_to - match.row_from) / ARC_UNITS * network.arc_length_mm[match.row_arc]).sum() / 1000
        )
        if match.fix.size < 2 or match.share < LEAST_SHARE or metres < LEAST_DRIVE_M:
            continue
        seconds = int(match.time_s[-1] - match.time_s[0])
        if seconds >= LEAST_DRIVE_S:
            ids.append(match.trace_id)
            for fix in match.fix[[0, -1]]:
                ends.append(Location(lat_deg=float(trace.lat_deg[fix]), lon_deg=float(trace.lon_deg[fix])))
            depart_s.append(int(match.time_s[0]))
            took_s.append(seconds)
            moved_m.append(metres)
    departs_s = np.array(depart_s, np.int64)
    kinds = clock.columns_at(departs_s) // len(clock.calendar.slice_start_s)
    return Trips(
        trace_id=tuple(ids),
        ends=tuple(ends),
        kind=tuple(clock.calendar.days[kind] for kind in kinds.tolist()),
        second=clock.seconds_at(departs_s),
        took_s=np.array(took_s, np.float64),
        moved_m=np.array(moved_m, np.float64),
    )


def _used(
    traces: Sequence[Trace], found: Sequence[Trace], matches: Sequence[Match], drives: Drives, trips: Trips
) -> tuple[tuple[str, int], ...]:
    fixes = sum(match.moving_fixes for match in matches)
    moving = {journey.trace_id for journey in found}
    learned = set(drives.drive_id)
    return (
        ("traces", len(traces)),
        ("of them never move", sum(trace.trace_id not in moving for trace in traces)),
        ("of them move, but cannot be followed, or not far enough", len(moving - learned)),
        ("journeys between stops", len(found)),
        ("of them fall to pieces, where no road of the map leads on", sum(bool(each.piece.any()) for each in matches)),
        ("moving fixes", fixes),
        ("of them on no road, or outliers", fixes - sum(match.fix.size for match in matches)),
        ("pieces that teach", len(drives.drive_id)),
        ("journeys judged as drives", len(trips.trace_id)),
    )


def _nothing(cause: str) -> Issue:
    action = "Give traces with a fix at least every three minutes, of drives on the roads of this map."
    return Issue(code="NOTHING_TO_LEARN", where="traces", cause=cause, action=action)
