"""Times and distances between the places of a problem, on real roads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.travel.customize import Weights
from routing.travel.drive import Driver, Line, lines
from routing.travel.matrix import LegTime, Table, TravelMatrix, slice_matrices, waited_out
from routing.travel.metric import Metric

SEARCH_SLICES = 12
"""At most this many tables are made for the search; `leg` always knows every slice."""


class RoadTravel:
    """Answer for n places under one metric; what a `Problem` carries as its `travel`.

    `horizon_s` (first and last instant of interest) leaves out the tables of other times. Where more than
    `SEARCH_SLICES` slices remain, evenly chosen ones stand for their neighbours in the tables.

    `base` answered before for the same network: slices with the same numbers are not prepared again, nor, where the
    places are the same too, their tables made again. The answers are those without it.
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
        self._weights: Weights = Weights(network, metric, base=base._weights if base else None)
        self._asked = (tuple(places), radius_m)
        same = base is not None and base._network is network and base._asked == self._asked
        self._snapped: Snapped = base._snapped if base and same else snap(network, places, radius_m=radius_m)
        self._tables: dict[bytes, Table] = dict(base._tables) if base and same else {}
        self._legs: dict[tuple[int, int, int], LegTime | None] = {}
        self._row_of: dict[int, Table] = {}
        """The tables of slices, once they are made; nothing in them is waited for."""
        self._slice_end_s = [*metric.slice_start_s.tolist()[1:], float("inf")]

    @cached_property
    def matrix(self) -> TravelMatrix:
        """Return the tables for the search, k x n x n; a closure that a slice cannot drive round is waited out."""
        first_s, last_s = self._horizon_s or (
            int(self._metric.slice_start_s[0]),
            int(self._metric.slice_start_s[-1]),
        )
        slices = np.arange(self._metric.slice_at(first_s), self._metric.slice_at(last_s) + 1)
        if slices.size > SEARCH_SLICES:
            slices = np.unique(np.linspace(slices[0], slices[-1], SEARCH_SLICES).round().astype(np.int64))
        known = self._tables
        tables = slice_matrices(self._network, self._metric, self._weights, self._snapped, slices, known=known)
        rows = zip(tables.duration_s, tables.distance_m, tables.reachable, strict=True)
        self._row_of = dict(zip(slices.tolist(), rows, strict=True))
        self._tables = {self._weights.name(k): row for k, row in self._row_of.items()}
        return waited_out(tables, first_s)

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
                drive = (self._driver.drive_on if beyond else self._driver.drive)(*key)
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
        """Return the lines of many legs (origin, destination, departure) at once."""
        found = self._driver.drives([leg for leg in legs if leg[0] != leg[1]])
        drawn = iter(lines(self._network, [drive for drive in found if drive]))
        driven = iter(found)
        return [next(drawn) if leg[0] != leg[1] and next(driven) else () for leg in legs]

    @cached_property
    def _driver(self) -> Driver:
        return Driver(self._network, self._metric, self._weights, self._snapped)
