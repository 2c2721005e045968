"""Seconds and metres between all pairs of locations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Weights, pack
from routing.travel.metric import Metric
from routing.travel.table import packed_table


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


def travel_matrix(
    network: RoadNetwork, metric: Metric, locations: Sequence[Location], *, radius_m: float = 300.0
) -> TravelMatrix:
    """Return seconds and metres between all n locations: n x n for a metric of one slice, else k x n x n.

    Each table holds its slice's speeds still for the whole drive. Locations further than the radius from a usable road
    are unreachable from and to everywhere.
    """
    snapped = snap(network, locations, radius_m=radius_m)
    weights = Weights(network, metric)
    matrix = slice_matrices(network, metric, weights, snapped, np.arange(metric.slice_count))
    if metric.slice_count > 1:
        return matrix
    return replace(
        matrix,
        duration_s=matrix.duration_s[0],
        distance_m=matrix.distance_m[0],
        reachable=matrix.reachable[0],
    )


def slice_matrices(
    network: RoadNetwork, metric: Metric, weights: Weights, snapped: Snapped, slices: NDArray[np.int64]
) -> TravelMatrix:
    """Return the tables of some of the metric's slices, k x n x n."""
    count = len(snapped)
    packed = np.empty((slices.size, count, count), np.int64)
    for k, chosen in enumerate(slices.tolist()):
        open_arcs = pack(metric.arc_ms[chosen], network.arc_length_mm)
        packed[k] = packed_table(network, weights.of(chosen), open_arcs, snapped)
    reachable = packed < NOT_REACHED
    packed[~reachable] = 0
    time_ms, length_mm = packed >> LENGTH_BITS, packed & ((1 << LENGTH_BITS) - 1)
    return TravelMatrix(
        duration_s=(-(-time_ms // 1000)).astype(np.int32),
        distance_m=((length_mm + 500) // 1000).astype(np.int32),
        reachable=reachable,
        slice_start_s=metric.slice_start_s[slices],
    )


def waited_out(matrix: TravelMatrix, first_s: int) -> TravelMatrix:
    """Return k x n x n tables in which a pair that a later slice connects again takes the wait for it as well.

    The wait is counted from the beginning of the slice, or from `first_s` where that is later, so it is the longest
    that a drive within the slice can meet.
    """
    duration_s, distance_m = matrix.duration_s.copy(), matrix.distance_m.copy()
    reachable = matrix.reachable.copy()
    starts_s = np.maximum(matrix.slice_start_s, first_s)
    for k in range(starts_s.size - 2, -1, -1):
        opens = ~reachable[k] & reachable[k + 1]
        duration_s[k][opens] = duration_s[k + 1][opens] + (starts_s[k + 1] - starts_s[k])
        distance_m[k][opens] = distance_m[k + 1][opens]
        reachable[k] |= opens
    return replace(matrix, duration_s=duration_s, distance_m=distance_m, reachable=reachable)
