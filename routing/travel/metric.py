"""The weights: how long each arc takes in each slice of time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Hold the driving time of a arcs in k slices of time.

    Speeds are constant within a slice and change between slices, so a vehicle that is on an arc when the
    slice changes goes on at the new speed (Ichoua, Gendreau and Potvin, 2003): leaving later never arrives
    earlier. Slice 0 also stands for all time before it, the last one for all time after it.
    """

    slice_start_s: NDArray[np.int64]
    """Instants at which the slices begin, increasing, k."""
    arc_ms: NDArray[np.int32]
    """Time of the whole arc at the slice's speed, at least 1, k x a."""
    closed: NDArray[np.bool_]
    """True where nothing enters the arc or goes on along it during the slice, k x a; who starts there drives off at
    its `arc_ms`."""
    timed_turn: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """Turns that are forbidden at some times, increasing, u."""
    turn_closed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((1, 0), np.bool_))
    """True where such a turn may not be made during the slice, k x u; who waits for it goes on when it opens."""

    def __post_init__(self) -> None:
        """Seal the arrays."""
        for array in (self.slice_start_s, self.arc_ms, self.closed, self.timed_turn, self.turn_closed):
            array.setflags(write=False)

    @property
    def slice_count(self) -> int:
        """Return k."""
        return int(self.slice_start_s.size)

    def slice_at(self, instant_s: int) -> int:
        """Return the index of the slice that holds an instant."""
        return max(0, int(np.searchsorted(self.slice_start_s, instant_s, side="right")) - 1)
