"""Seconds and metres between all pairs of locations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import Location, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Weights
from routing.travel.metric import Metric
from routing.travel.table import packed_table
from routing.travel.table_fans import Fans

Table = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]
"""Durations in seconds, distances in metres and what is reachable in one slice, each n x n."""
FEW_SHARE = 0.2
"""Where more of the places than this are new a table is made as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold tables of another question on the same network, perhaps between other places."""

    tables: Mapping[bytes, Table]
    """By the name of the slice (see `Weights`)."""
    row: NDArray[np.int64]
    """Where each of our n places stands in them, -1 where it does not; n."""


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
    are unreachable from and to everywhere. One slice after another is prepared, and forgotten.
    """
    snapped = snap(network, locations, radius_m=radius_m)
    weights = Weights(network, metric, kept_bytes=0)
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
    network: RoadNetwork,
    metric: Metric,
    weights: Weights,
    snapped: Snapped,
    slices: NDArray[np.int64],
    *,
    known: Known | None = None,
) -> TravelMatrix:
    """Return the tables of some of the metric's slices, k x n x n.

    Slices with the same numbers are made once; of those whose name stands in `known` only the rows and columns of new
    places.
    """
    count = len(snapped)
    duration_s, distance_m = (np.zeros((slices.size, count, count), np.int32) for _ in range(2))
    reachable = np.zeros((slices.size, count, count), np.bool_)
    new = np.flatnonzero(known.row < 0) if known else np.zeros(0, np.int64)
    near = known.tables if known and new.size <= FEW_SHARE * count else {}
    fans = Fans(network, snapped, new) if near and new.size else None
    made: dict[bytes, Table] = {}
    for k, chosen in enumerate(slices.tolist()):
        name, row = weights.name(chosen), (duration_s[k], distance_m[k], reachable[k])
        if name in made:
            for ours, theirs in zip(row, made[name], strict=True):
                ours[:] = theirs
        elif known and name in near:
            for ours, theirs in zip(row, near[name], strict=True):
                take_over(theirs, known.row, ours)
            if fans is not None:
                _put(row, new, *fans.packed(weights.of(chosen), metric.arc_ms[chosen]))
        else:
            unpack(packed_table(network, weights.of(chosen), metric.arc_ms[chosen], snapped), *row)
        made[name] = row
    return TravelMatrix(
        duration_s=duration_s, distance_m=distance_m, reachable=reachable, slice_start_s=metric.slice_start_s[slices]
    )


def _put(table: Table, new: NDArray[np.int64], away: NDArray[np.int64], towards: NDArray[np.int64]) -> None:
    """Write the packed rows and columns of new places into a table, both f x n."""
    for turned, packed in ((False, away), (True, towards)):
        part = np.zeros(packed.shape, np.int32), np.zeros(packed.shape, np.int32), np.zeros(packed.shape, np.bool_)
        unpack(packed, *part)
        for whole, values in zip(table, part, strict=True):
            (whole.T if turned else whole)[new] = values


def weighted_tables(
    matrix: TravelMatrix,
    places: NDArray[np.int64],
    leave_s: tuple[NDArray[np.float64], NDArray[np.float64]],
    arrive_s: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return durations, distances and what is reachable between p places, each slice weighted by its share, p x p.

    A drive leaves at any time within an interval: that of its origin (`leave_s`, first and last instants, NaN where
    nothing is known), else that of its destination (`arrive_s`). Slices in which a pair is unreachable do not count;
    where only such lie within the interval the mean of all others is given.
    """
    size, slices = matrix.duration_s.shape[-1], matrix.slice_start_s.size
    shape = (places.size, places.size)
    seconds, metres, reachable = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.bool_)
    durations, distances, reached = (
        each.reshape(slices, size, size) for each in (matrix.duration_s, matrix.distance_m, matrix.reachable)
    )
    # The first slice stands also for all time before it, the last one for all time after it.
    edge_s = np.concatenate(([-np.inf], matrix.slice_start_s[1:], [np.inf]))
    weigh(durations, distances, reached, edge_s, places, *leave_s, *arrive_s, seconds, metres, reachable)
    return seconds, metres, reachable


@njit(cache=True)
def weigh(  # type: ignore[no-untyped-def]
    duration_s, distance_m, reached, edge_s, places, leave_from_s, leave_to_s, arrive_from_s, arrive_to_s,
    seconds, metres, reachable,
):  # fmt: skip
    """Write the weighted means of the slices for each pair of places; pair by pair, so that nothing else is held."""
    slices = duration_s.shape[0]
    for i in range(places.size):
        for j in range(places.size):
            from_s, to_s = leave_from_s[i], leave_to_s[i]
            if np.isnan(from_s):
                from_s, to_s = arrive_from_s[j], arrive_to_s[j]
            to_s = max(to_s, from_s + 1)
            total, time, length = 0.0, 0.0, 0.0
            for everywhere in range(2):
                for k in range(slices):
                    if reached[k, places[i], places[j]]:
                        share = 1.0 if everywhere else min(edge_s[k + 1], to_s) - max(edge_s[k], from_s)
                        if share > 0:
                            total += share
                            time += share * duration_s[k, places[i], places[j]]
                            length += share * distance_m[k, places[i], places[j]]
                if total > 0:
                    # A sum of shares may miss a whole second by a rounding.
                    seconds[i, j], metres[i, j] = np.ceil(time / total - 1e-6), np.rint(length / total)
                    reachable[i, j] = True
                    break


def waited_out(matrix: TravelMatrix, first_s: int) -> TravelMatrix:
    """Return k x n x n tables in which a pair that a later slice connects again takes the wait for it as well.

    The wait is counted from the beginning of the slice, or from `first_s` where that is later, so it is the longest
    that a drive within the slice can meet.
    """
    if not (~matrix.reachable[:-1] & matrix.reachable[1:]).any():
        return matrix
    duration_s, distance_m = matrix.duration_s.copy(), matrix.distance_m.copy()
    reachable = matrix.reachable.copy()
    starts_s = np.maximum(matrix.slice_start_s, first_s)
    for k in range(starts_s.size - 2, -1, -1):
        opens = ~reachable[k] & reachable[k + 1]
        duration_s[k][opens] = duration_s[k + 1][opens] + (starts_s[k + 1] - starts_s[k])
        distance_m[k][opens] = distance_m[k + 1][opens]
        reachable[k] |= opens
    return replace(matrix, duration_s=duration_s, distance_m=distance_m, reachable=reachable)


@njit(cache=True)
def take_over(theirs, row, ours):  # type: ignore[no-untyped-def]
    """Write what another table says of the places that stand in it, at `row`."""
    for i in range(row.size):
        if row[i] >= 0:
            for j in range(row.size):
                if row[j] >= 0:
                    ours[i, j] = theirs[row[i], row[j]]


@njit(cache=True)
def unpack(packed, duration_s, distance_m, reachable):  # type: ignore[no-untyped-def]
    """Write packed times and lengths as whole seconds, rounded up, and metres, n x n."""
    for i in range(packed.shape[0]):
        for j in range(packed.shape[1]):
            if packed[i, j] < NOT_REACHED:
                duration_s[i, j] = ((packed[i, j] >> LENGTH_BITS) + 999) // 1000
                distance_m[i, j] = ((packed[i, j] & ((1 << LENGTH_BITS) - 1)) + 50) // 100
                reachable[i, j] = True
