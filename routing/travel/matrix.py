"""Seconds and metres between all pairs of locations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrix:
    """Hold durations and distances between n locations, once (n x n) or per slice of time (k x n x n).

    `duration_s` is rounded up once per leg, `distance_m` is the length of that quickest path. Where
    `reachable` is False the other two hold 0 and mean nothing.
    """

    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    reachable: NDArray[np.bool_]
    slice_start_s: NDArray[np.int64]
    """Instants at which the slices begin, k; the first stands also for all time before it."""


@dataclass(frozen=True, slots=True)
class LegTime:
    """Give a drive's duration, rounded up to seconds once, and its length."""

    duration_s: int
    distance_m: int
