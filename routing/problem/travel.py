"""Travel times of a problem that knows no roads, only a table."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.travel.matrix import LegTime, TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixTravel:
    """Take a matrix of one or several slices for the truth.

    With several slices each pair of places is one stretch of road, driven at the speed of the slice that
    holds the instant (Ichoua, Gendreau and Potvin, 2003): a drive under way when the slice changes goes on at
    the new speed, so leaving later never arrives earlier. Where a pair is not reachable in a slice nothing
    moves until the next one.
    """

    matrix: TravelMatrix
    off_road_m: tuple[float, ...] = ()
    """How far each place lies from the road, for the walk to the door; none: at the road, all of them."""
    off_map: tuple[int, ...] = ()
    """Places that lie too far from any road to be served."""
    _starts_s: list[float] = field(init=False, repr=False, compare=False)
    """Of the slices, and one beyond the last that never begins."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts_s", [*self.matrix.slice_start_s.tolist(), float("inf")])

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        """Return how far each place lies from the road, n."""
        return np.array(self.off_road_m) if self.off_road_m else np.zeros(self.matrix.duration_s.shape[-1])

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return which places are near enough to a road, n."""
        near = np.ones(self.matrix.duration_s.shape[-1], np.bool_)
        if self.off_map:
            near[list(self.off_map)] = False
        return near

    def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
        """Return seconds and metres of the drive that leaves at an instant, None where it never arrives."""
        found = self._drive(origin, destination, depart_s)
        return None if found is None else LegTime(found[0], int(self.matrix.distance_m[found[1]]))

    def duration_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        """Return the seconds of that leg, None where it never arrives."""
        current = max(0, bisect_right(self._starts_s, depart_s) - 1)
        pair = (origin, destination) if self.matrix.duration_s.ndim == 2 else (current, origin, destination)
        if self.matrix.reachable.item(pair):  # asked for a million times, and nearly always this is all
            whole_s: int = self.matrix.duration_s.item(pair)
            if depart_s + whole_s <= self._starts_s[current + 1]:
                return whole_s
        found = self._drive(origin, destination, depart_s)
        return None if found is None else found[0]

    def _drive(self, origin: int, destination: int, depart_s: int) -> tuple[int, tuple[int, ...]] | None:
        """Return the seconds of a drive and where in the tables stands the slice in which it ends."""
        matrix, now_s = self.matrix, depart_s
        starts_s, flat = matrix.slice_start_s, matrix.duration_s.ndim == 2
        # What is left of the drive, as a fraction of whole numbers.
        rest, of = 1, 1
        for current in range(max(0, bisect_right(self._starts_s, depart_s) - 1), starts_s.size):
            pair = (origin, destination) if flat else (current, origin, destination)
            last = current + 1 == starts_s.size
            if matrix.reachable[pair]:
                whole_s = int(matrix.duration_s[pair])
                span_s = 0 if last else int(starts_s[current + 1]) - now_s
                if last or rest * whole_s <= span_s * of:
                    return now_s - (-rest * whole_s // of) - depart_s, pair
                rest, of = rest * whole_s - span_s * of, of * whole_s
            if not last:
                now_s = int(starts_s[current + 1])
        return None

    def geometry(self, origin: int, destination: int, depart_s: int) -> tuple[tuple[float, float], ...]:
        """Return no line: a table has none."""
        return ()
