"""Find the arcs that a vehicle drove from the fixes of its GPS receiver: map matching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.road_network import RoadNetwork
from routing.travel.map_match_candidates import CandidateFinder, Candidates
from routing.travel.map_match_paths import best_states, driven_rows
from routing.units import EARTH_RADIUS_M

_BACK_SIGMAS = 4
"""A vehicle that seems to roll back by no more than this many deviations of a fix stands."""
_AT_ONCE = 100
"""Traces whose candidates are looked up together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Hold n fixes of one journey of a vehicle, in the order of time."""

    trace_id: str
    time_s: NDArray[np.int64]
    """Unix epoch, not decreasing."""
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOptions:
    """Say how good the fixes are."""

    sigma_m: float = 5.0
    """Standard deviation of a fix from the road; Newson and Krumm found 4.07 m, OSRM takes 5 m."""
    radius_m: float = 50.0
    """A fix further from every road than this is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Hold what was driven: m fixes placed on arcs, in pieces, and the r rows of arcs between them.

    A step leads from fix k to fix k + 1 of the same piece. Fixes that hardly moved from the one before are not among
    the m: the vehicle stood.
    """

    trace_id: str
    fix: NDArray[np.int64]
    """Index of each placed fix in the trace, m."""
    piece: NDArray[np.int64]
    """Number of the piece to which it belongs, m; between pieces no path was found."""
    time_s: NDArray[np.int64]
    """When the vehicle came to each place; where a piece begins, when it left it; m."""
    arc: NDArray[np.int32]
    position: NDArray[np.int64]
    """Place of each fix on its arc, 0 to ARC_UNITS, m."""
    distance_m: NDArray[np.float64]
    """From the fix to that place, m."""
    row_step: NDArray[np.int64]
    """The step to which each row belongs, by the index of its first fix; not decreasing, r."""
    row_arc: NDArray[np.int32]
    row_from: NDArray[np.int64]
    row_to: NDArray[np.int64]
    """Part of the arc that is driven, in ARC_UNITS; `row_to` may lie behind where a vehicle stood, r."""
    row_turn_ms: NDArray[np.int64]
    """Time lost in the turn onto the arc, r."""
    moving_fixes: int
    """Fixes that moved from the one before; m of them could be placed."""
    confidence: float
    """Probability of the path among all that the model knows, per fix; 0 where nothing was placed."""

    @property
    def share(self) -> float:
        """Return the share of the moving fixes that could be placed."""
        return self.fix.size / max(1, self.moving_fixes)


class MapMatcher:
    """Match traces to one network, with everything prepared once; one matcher serves one thread."""

    def __init__(self, network: RoadNetwork, options: MatchOptions | None = None) -> None:
        self._options = options or MatchOptions()
        self._finder = CandidateFinder(network)
        self._network = network
        arcs = network.arc_count
        self._work = np.zeros((4, arcs), np.int64)
        self._target_of = np.full(arcs, -1, np.int64)
        self._stamp = 0

    def match(self, traces: Sequence[Trace], *, on_progress: Callable[[int], None] | None = None) -> Iterator[Match]:
        """Yield the match of each trace, in order; `on_progress` hears how many are done."""
        for begin in range(0, len(traces), _AT_ONCE):
            some = traces[begin : begin + _AT_ONCE]
            moved = [_moved(trace, 2 * self._options.sigma_m) for trace in some]
            found = self._finder.find(
                np.concatenate([trace.lat_deg[keep] for trace, keep in zip(some, moved, strict=True)]),
                np.concatenate([trace.lon_deg[keep] for trace, keep in zip(some, moved, strict=True)]),
                self._options.radius_m,
            )
            at = 0
            for trace, keep in zip(some, moved, strict=True):
                yield self._match(trace, keep, _part(found, at, at + keep.size))
                at += keep.size
            if on_progress is not None:
                on_progress(begin + len(some))

    def _match(self, trace: Trace, keep: NDArray[np.int64], found: Candidates) -> Match:
        network = self._network
        x_m, y_m = on_plane(trace.lat_deg[keep], trace.lon_deg[keep])
        came_s = trace.time_s[keep]
        sigma_m = self._options.sigma_m
        back_mm = np.int64(1000 * _BACK_SIGMAS * sigma_m)
        chosen, before, probability, self._stamp = best_states(
            network.arc_length_mm, network.turn_first, network.turn_to, network.turn_ms,
            found.first, found.arc, found.position, -0.5 * (found.distance_m / sigma_m) ** 2, found.may_start,
            x_m, y_m, came_s, back_mm, self._work, self._stamp, self._target_of,
        )  # fmt: skip
        placed, piece = _pieces(chosen, before)
        state = chosen[placed]
        gap_m = np.hypot(np.diff(x_m[placed]), np.diff(y_m[placed]))
        gap_s = np.where(np.diff(piece) == 0, np.diff(came_s[placed]), 0)
        arc, position = found.arc[state], found.position[state]
        rows, self._stamp = driven_rows(
            network.arc_length_mm, network.turn_first, network.turn_to, network.turn_ms,
            arc, position, gap_m, gap_s, back_mm, self._work, self._stamp, self._target_of,
        )  # fmt: skip
        begins = np.diff(piece, prepend=-1) != 0
        left_s = trace.time_s[np.append(keep[1:], trace.time_s.size) - 1][placed]
        return Match(
            trace_id=trace.trace_id,
            fix=keep[placed],
            piece=piece,
            time_s=np.where(begins, left_s, came_s[placed]),
            arc=arc,
            position=position,
            distance_m=found.distance_m[state],
            row_step=rows[:, 0],
            row_arc=rows[:, 1].astype(np.int32),
            row_from=rows[:, 2],
            row_to=rows[:, 3],
            row_turn_ms=rows[:, 4],
            moving_fixes=keep.size,
            confidence=float(probability[placed].mean()) if placed.size else 0.0,
        )


def _moved(trace: Trace, least_m: float) -> NDArray[np.int64]:
    """Return the first fix and those that lie so far from the one kept before (Newson and Krumm's section 4.1).

    What is nearer tells more of the receiver's noise than of the road.
    """
    x_m, y_m = on_plane(trace.lat_deg, trace.lon_deg)
    return np.flatnonzero(_far_apart(x_m, y_m, trace.time_s, least_m))


@njit(cache=True)
def _far_apart(x_m, y_m, time_s, least_m):  # type: ignore[no-untyped-def]
    keep = np.zeros(x_m.size, np.bool_)
    last = -1
    for i in range(x_m.size):
        if last < 0 or (np.hypot(x_m[i] - x_m[last], y_m[i] - y_m[last]) >= least_m and time_s[i] > time_s[last]):
            keep[i] = True
            last = i
    return keep


def on_plane(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points on a plane on which the short distances between the fixes of one trace are true, in metres."""
    scale = np.cos(np.radians(lat_deg.mean())) if lat_deg.size else 1.0
    return EARTH_RADIUS_M * np.radians(lon_deg) * scale, EARTH_RADIUS_M * np.radians(lat_deg)


def _pieces(chosen: NDArray[np.int64], before: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the fixes that are placed in pieces of two or more, and the pieces' numbers."""
    placed = np.flatnonzero(chosen >= 0)
    piece = np.cumsum(before[placed] == -1) - 1
    joined = np.bincount(piece)[piece] > 1 if placed.size else np.zeros(0, np.bool_)
    return placed[joined], np.unique(piece[joined], return_inverse=True)[1].astype(np.int64)


def _part(found: Candidates, begin: int, end: int) -> Candidates:
    """Return the candidates of some of the fixes."""
    rows = slice(int(found.first[begin]), int(found.first[end]))
    return Candidates(
        first=found.first[begin : end + 1] - found.first[begin],
        arc=found.arc[rows],
        position=found.position[rows],
        distance_m=found.distance_m[rows],
        may_start=found.may_start[rows],
    )
