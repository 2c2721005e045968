"""Travel times of a problem that knows no roads, only a table."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

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

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        """Return 0 metres for every place, n."""
        return np.zeros(self.matrix.duration_s.shape[-1])

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return True for every place, n."""
        return np.ones(self.matrix.duration_s.shape[-1], np.bool_)

    def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
        """Return seconds and metres of the drive that leaves at an instant, None where it never arrives."""
        quick_s = self._within_slice_s(origin, destination, depart_s)
        if quick_s is not None:
            return LegTime(quick_s, int(self.matrix.distance_m[self._pair(origin, destination, depart_s)]))
        size = self.matrix.duration_s.shape[-1]
        duration_s = self.matrix.duration_s.reshape(-1, size, size)[:, origin, destination]
        reachable = self.matrix.reachable.reshape(-1, size, size)[:, origin, destination]
        distance_m = self.matrix.distance_m.reshape(-1, size, size)[:, origin, destination]
        starts_s = self.matrix.slice_start_s
        current = max(0, int(np.searchsorted(starts_s, depart_s, side="right")) - 1)
        rest, now_s = Fraction(1), Fraction(depart_s)
        while True:
            last = current + 1 >= duration_s.size
            span_s = None if last else int(starts_s[current + 1]) - now_s
            whole_s = int(duration_s[current])
            if reachable[current]:
                if span_s is None or rest * whole_s <= span_s:
                    arrive_s = now_s + rest * whole_s
                    return LegTime(-((depart_s - arrive_s) // 1), int(distance_m[current]))
                rest -= span_s / whole_s
            if span_s is None:
                return None
            now_s += span_s
            current += 1

    def duration_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        """Return the seconds of that leg, None where it never arrives."""
        quick_s = self._within_slice_s(origin, destination, depart_s)
        if quick_s is not None:
            return quick_s
        found = self.leg(origin, destination, depart_s)
        return None if found is None else found.duration_s

    def _pair(self, origin: int, destination: int, depart_s: int) -> tuple[int, ...]:
        """Return where the tables hold a pair at an instant."""
        if self.matrix.duration_s.ndim == 2:
            return origin, destination
        return max(0, bisect_right(self.matrix.slice_start_s, depart_s) - 1), origin, destination

    def _within_slice_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        """Return the seconds of a drive that ends within the slice in which it leaves, None where none does."""
        pair = self._pair(origin, destination, depart_s)
        if not self.matrix.reachable[pair]:
            return None
        whole_s, beyond = int(self.matrix.duration_s[pair]), pair[0] + 1 if len(pair) == 3 else 1
        starts_s = self.matrix.slice_start_s
        return whole_s if beyond == starts_s.size or depart_s + whole_s <= starts_s[beyond] else None

    def geometry(self, origin: int, destination: int, depart_s: int) -> tuple[tuple[float, float], ...]:
        """Return no line: a table has none."""
        return ()
