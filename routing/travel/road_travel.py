"""Times and distances between the places of a problem, on real roads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.travel.customize import Weights
from routing.travel.drive import Aims, Driver, Line, Workspace, lines
from routing.travel.matrix import Known, LegTime, Table, TravelMatrix, slice_matrices, waited_out
from routing.travel.metric import Metric
from routing.units import COORDINATE_DECIMALS

_When = TypeVar("_When")
_Found = TypeVar("_Found")
SEARCH_SLICES = 12
"""At most this many tables are made for the search; `leg` always knows every slice."""
FINEST_CELL_S = 300
"""Of slices that begin within so many seconds one is chosen first, where there are more; then within twice as many."""


class RoadTravel:
    """Answer for n places under one metric; what a `Problem` carries as its `travel`.

    `horizon_s` (first and last instant of interest) leaves out the tables of other times. Where more than
    `SEARCH_SLICES` slices remain, of those that begin within the same minutes the last stands for all in the tables.

    `base` answered before on the same network: what it prepared for the same slices, and found for the same places, is
    not prepared or found again. The answers are those without it.
    """

    def __init__(
        self,
        network: RoadNetwork,
        metric: Metric,
        places: Sequence[Location],
        *,
        radius_m: float = 300.0,
        horizon_s: tuple[int, int] | None = None,
        base: RoadTravel | None = None,
    ) -> None:
        self._network = network
        self._metric = metric
        self._horizon_s = horizon_s
        near = base if base is not None and base._network is network and base._radius_m == radius_m else None
        self._weights: Weights = Weights(network, metric, base=near._weights if near else None)
        self._places: tuple[Location, ...] = tuple(places)
        self._radius_m: float = radius_m
        self._snapped: Snapped = self._snapped_near(near)
        self._tables: tuple[Mapping[bytes, Table], tuple[Location, ...]] = near._tables if near else ({}, ())
        """Some slices' tables by name, and between which places; ours once `matrix` is made."""
        self._space: Workspace = near._space if near else Workspace(network)
        self._legs: dict[tuple[int, int, int], LegTime | None] = {}
        self._aims: Aims = {}
        self._still_lines: dict[tuple[int, int, bytes], tuple[int, Line]] = {}
        """By name of the slice: seconds and line of a drive that ends within it."""
        self._moving_lines: dict[tuple[int, int, int], Line] = {}
        if near is not None:
            self._remember(near)
        self._row_of: dict[int, Table] = {}
        """The tables of slices, once they are made; nothing in them is waited for."""
        self._slice_end_s = [*metric.slice_start_s.tolist()[1:], float("inf")]

    def _snapped_near(self, near: RoadTravel | None) -> Snapped:
        """Return where the places touch the network; those that `near` knows are not looked for again."""
        if near is None:
            return snap(self._network, self._places, radius_m=self._radius_m)
        row = _rows_in(near._places, self._places)
        new = np.flatnonzero(row < 0)
        if not new.size:
            return near._snapped.take(row) if near._places != self._places else near._snapped
        found = snap(self._network, [self._places[k] for k in new.tolist()], radius_m=self._radius_m)
        row[new] = len(near._snapped) + np.arange(new.size)
        return near._snapped.joined(found).take(row)

    def _remember(self, near: RoadTravel) -> None:
        """Take over what was searched for between places that are ours too, as far as it is still true."""
        row = _rows_in(self._places, near._places).tolist()
        self._still_lines = _moved(near._still_lines, row)
        if near._metric is self._metric:
            self._legs, self._moving_lines = _moved(near._legs, row), _moved(near._moving_lines, row)
            self._aims = {(row[place], bound): aim for (place, bound), aim in near._aims.items() if row[place] >= 0}

    @cached_property
    def matrix(self) -> TravelMatrix:
        """Return the tables for the search, k x n x n; a closure that a slice cannot drive round is waited out."""
        starts_s = self._metric.slice_start_s
        first_s, last_s = self._horizon_s or (int(starts_s[0]), int(starts_s[-1]))
        slices = searched_slices(starts_s, self._metric.slice_at(first_s), self._metric.slice_at(last_s))
        tables, theirs = self._tables
        known = Known(tables=tables, row=_rows_in(theirs, self._places))
        made = slice_matrices(self._network, self._metric, self._weights, self._snapped, slices, known=known)
        rows = zip(made.duration_s, made.distance_m, made.reachable, strict=True)
        self._row_of = dict(zip(slices.tolist(), rows, strict=True))
        self._tables = {self._weights.name(k): row for k, row in self._row_of.items()}, self._places
        return waited_out(made, first_s)

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        """Return how far each place lies from the road, n."""
        return self._snapped.distance_m

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return which places are near enough to a usable road, n."""
        return self._snapped.usable

    def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
        """Return time and distance of the quickest drive that leaves at an instant, None where there is none.

        A table holds its slice's speeds still, so it is exact for a drive that ends within the slice: any quicker one
        would end within it too. A thousand stops ask for ten thousands of legs, and a search takes half a millisecond.
        """
        here = bisect_right(self._slice_end_s, depart_s)
        table = self._row_of.get(here)
        if table is not None and table[2][origin, destination]:
            duration_s = int(table[0][origin, destination])
            if depart_s + duration_s <= self._slice_end_s[here]:
                return LegTime(duration_s, int(table[1][origin, destination]))
        return self._searched(origin, destination, depart_s, beyond=table is not None)

    def _searched(self, origin: int, destination: int, depart_s: int, *, beyond: bool) -> LegTime | None:
        """Return the leg that no table tells; each is searched for once."""
        key = (origin, destination, depart_s)
        if key not in self._legs:
            found = LegTime(0, 0) if origin == destination else None
            if origin != destination and self.usable[origin] and self.usable[destination]:
                drive = (self._timer.drive_on if beyond else self._timer.drive)(*key)
                found = LegTime(drive.duration_s, drive.distance_m) if drive else None
            self._legs[key] = found if self.usable[origin] else None
        return self._legs[key]

    def duration_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        """Return the seconds of that leg, None where there is no drive."""
        here = bisect_right(self._slice_end_s, depart_s)
        table = self._row_of.get(here)
        if table is not None and table[2].item(origin, destination):
            duration_s: int = table[0].item(origin, destination)
            if depart_s + duration_s <= self._slice_end_s[here]:
                return duration_s
        found = self._searched(origin, destination, depart_s, beyond=table is not None)
        return None if found is None else found.duration_s

    def geometry(self, origin: int, destination: int, depart_s: int) -> Line:
        """Return that drive's line as (lat_deg, lon_deg) points, none where there is no drive."""
        return self.geometries([(origin, destination, depart_s)])[0]

    def geometries(self, legs: Sequence[tuple[int, int, int]]) -> list[Line]:
        """Return the lines of many legs (origin, destination, departure) at once, in degrees of six decimals."""
        missing = [leg for leg in dict.fromkeys(legs) if leg[0] != leg[1] and self._drawn(leg) is None]
        found = self._driver.drives(missing)
        drawn = iter(lines(self._network, [drive for drive in found if drive]))
        for (origin, destination, depart_s), drive in zip(missing, found, strict=True):
            here = bisect_right(self._slice_end_s, depart_s)
            if drive is None:
                self._moving_lines[origin, destination, depart_s] = ()
            elif depart_s + drive.duration_s <= self._slice_end_s[here]:
                still = drive.duration_s, _rounded(next(drawn))
                self._still_lines[origin, destination, self._weights.name(here)] = still
            else:
                self._moving_lines[origin, destination, depart_s] = _rounded(next(drawn))
        return [(self._drawn(leg) or ()) if leg[0] != leg[1] else () for leg in legs]

    def _drawn(self, leg: tuple[int, int, int]) -> Line | None:
        """Return the line of a leg, None where it is not known yet; within a slice it is always the same."""
        origin, destination, depart_s = leg
        here = bisect_right(self._slice_end_s, depart_s)
        still = self._still_lines.get((origin, destination, self._weights.name(here)))
        if still is not None and depart_s + still[0] <= self._slice_end_s[here]:
            return still[1]
        return self._moving_lines.get(leg)

    @cached_property
    def _driver(self) -> Driver:
        """Return what finds lines: always the same ones, whatever was asked before."""
        return Driver(self._network, self._metric, self._weights.of, self._snapped, space=self._space)

    @cached_property
    def _timer(self) -> Driver:
        """Return what finds times and lengths, with the bounds that are at hand."""
        bound = self._weights.near
        return Driver(self._network, self._metric, bound, self._snapped, space=self._space, aims=self._aims)


def _rows_in(theirs: Sequence[Location], ours: Sequence[Location]) -> NDArray[np.int64]:
    """Return where each of our places stands among theirs, -1 where it does not."""
    number = {place: row for row, place in enumerate(theirs)}
    return np.array([number.get(place, -1) for place in ours], np.int64)


def _moved(found: Mapping[tuple[int, int, _When], _Found], row: Sequence[int]) -> dict[tuple[int, int, _When], _Found]:
    """Return what was found between two places each, by their numbers among ours."""
    return {
        (row[one], row[other], when): each
        for (one, other, when), each in found.items()
        if row[one] >= 0 and row[other] >= 0
    }


def _rounded(line: Line) -> Line:
    return tuple((round(lat, COORDINATE_DECIMALS), round(lon, COORDINATE_DECIMALS)) for lat, lon in line)


def searched_slices(starts_s: NDArray[np.int64], first: int, last: int) -> NDArray[np.int64]:
    """Return for which slices between two of them tables are made: the first one, and the last of each few minutes.

    The minutes are those of the clock, so that the choice hardly changes while the day goes on.
    """
    every = np.arange(first, last + 1)
    cell_s = FINEST_CELL_S
    while every.size > SEARCH_SLICES:
        cell = starts_s[first : last + 1] // cell_s
        ends = np.append(cell[1:] != cell[:-1], True)
        ends[0] = True
        every, cell_s = first + np.flatnonzero(ends), 2 * cell_s
    return every
