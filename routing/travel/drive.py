"""One drive at one departure: the truth of a leg's time, its length and its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Location, Snapped
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.network.spread import spread
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, Customized, Weights
from routing.travel.metric import Metric
from routing.travel.search import NEVER, search
from routing.travel.table import BLOCK, climb, gather, partial_packed
from routing.units import great_circle_m

Line = tuple[tuple[float, float], ...]
"""Points as (lat_deg, lon_deg)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Hold the quickest drive between two locations that leaves at an instant."""

    depart_s: int
    duration_ms: int
    distance_m: int
    arcs: NDArray[np.int32]
    """The arcs driven, in order; the first from `leave_position` on, the last up to `arrive_position`."""
    leave_position: int
    arrive_position: int

    @property
    def duration_s(self) -> int:
        """Return the seconds, rounded up once from the milliseconds of the arcs."""
        return -(-self.duration_ms // 1000)

    @property
    def arrive_ms(self) -> int:
        """Return the instant of arrival."""
        return self.depart_s * 1000 + self.duration_ms


Aims = dict[tuple[int, int | range], tuple[NDArray[np.int64], NDArray[np.int64]]]
"""By destination and bound: the ranks from which the hierarchy leads down to it, and how far it is from each."""


Bound = Callable[[int | range], Customized]


class Workspace:
    """Hold the arrays that searches on one network write to, so that they are made once; it serves one thread."""

    def __init__(self, network: RoadNetwork) -> None:
        arcs = network.arc_count
        self.low = np.full(arcs, NOT_REACHED)
        self.bound = np.empty(arcs, np.int64)
        self.bounded = np.zeros(arcs, np.int64)
        self.reached = np.zeros((arcs, 2), np.int64)
        self.parent = np.empty(arcs, np.int64)
        self.path = np.empty(arcs, np.int64)
        self.row_of = np.full(arcs, -1, np.int64)
        self.stamp = 0


class Driver:
    """Find drives under one metric between fixed locations, with everything prepared once.

    Drivers that share a workspace serve one thread; `aims` are those of the same metric and places, if any are known.
    `bound` gives the weights that bound a search, exact ones or lower: they decide how long it takes, and which of two
    ways is taken that are equal to the millisecond and the centimetre.
    """

    def __init__(
        self,
        network: RoadNetwork,
        metric: Metric,
        bound: Bound,
        snapped: Snapped,
        *,
        space: Workspace | None = None,
        aims: Aims | None = None,
    ) -> None:
        self._network = network
        self._metric = metric
        self._bound = bound
        self._snapped = snapped
        self._slice_ms = metric.slice_start_s * 1000
        self._timed_row = np.full(network.turn_to.size, -1, np.int32)
        self._timed_row[metric.timed_turn] = np.arange(metric.timed_turn.size)
        self._space = space or Workspace(network)
        self._aims: Aims = {} if aims is None else aims

    def drive(self, origin: int, destination: int, depart_s: int) -> Drive | None:
        """Return the quickest drive between two of the locations, None where no road leads there.

        The speeds of the departure's slice bound the search exactly as long as the drive ends within it; any quicker
        drive would end within it too. Only a drive that does not is searched again.
        """
        here = self._metric.slice_at(depart_s)
        found = self._search(origin, destination, depart_s, here)
        return found if self._ends_before(found, here + 1) else self.drive_on(origin, destination, depart_s)

    def drive_on(self, origin: int, destination: int, depart_s: int) -> Drive | None:
        """Return the quickest drive where it is known that it does not end within the slice of its departure.

        Most end in the next one, so the search is bounded by the speeds of both; one that does not is a drive already,
        though perhaps not the quickest, and is searched again with a bound for the slices until it ends.
        """
        here, slices = self._metric.slice_at(depart_s), self._metric.slice_count
        until = min(here + 2, slices)
        found = self._search(origin, destination, depart_s, range(here, until))
        if self._ends_before(found, until):
            return found
        if found is not None:
            slices = int(np.searchsorted(self._slice_ms, found.arrive_ms))
        return self._search(origin, destination, depart_s, range(here, slices))

    def _ends_before(self, found: Drive | None, beyond: int) -> bool:
        """Tell whether a drive ends before a slice begins; after the last one nothing changes any more."""
        if beyond == self._metric.slice_count:
            return True
        return found is not None and found.arrive_ms <= int(self._slice_ms[beyond])

    def drives(self, legs: Sequence[tuple[int, int, int]]) -> list[Drive | None]:
        """Return the quickest drives of many legs (origin, destination, departure), with their bounds made together."""
        wanted: dict[int | range, set[int]] = {}
        for _, destination, depart_s in legs:
            bound_slice = self._metric.slice_at(depart_s)
            if (destination, bound_slice) not in self._aims:
                wanted.setdefault(bound_slice, set()).add(destination)
        for bound, destinations in wanted.items():
            every = np.array(sorted(destinations))
            for begin in range(0, every.size, BLOCK):
                self._aim(every[begin : begin + BLOCK], bound)
        return [self.drive(*leg) for leg in legs]

    def _search(self, origin: int, destination: int, depart_s: int, bound_slice: int | range) -> Drive | None:
        network, snapped, hierarchy = self._network, self._snapped, self._network.hierarchy
        leave = slice(snapped.leave_first[origin], snapped.leave_first[origin + 1])
        arrive = slice(snapped.arrive_first[destination], snapped.arrive_first[destination + 1])
        customized = self._bound(bound_slice)
        if (destination, bound_slice) not in self._aims:
            self._aim(np.array([destination]), bound_slice)
        climbed, low = self._aims[destination, bound_slice]
        space = self._space
        space.low[climbed] = low
        space.stamp += 1
        packed, by_leave, by_arrive, before = search(
            hierarchy.up_first, hierarchy.up_head, hierarchy.rank, customized.both, space.low,
            network.turn_first, network.turn_to, network.turn_ms,
            self._slice_ms, self._metric.arc_ms, network.arc_length_mm, self._metric.closed, self._timed_row,
            self._metric.turn_closed,
            snapped.leave_arc[leave], snapped.leave_position[leave],
            snapped.arrive_arc[arrive], snapped.arrive_position[arrive], np.int64(depart_s * 1000),
            space.bound, space.bounded, space.reached, space.parent, space.stamp, space.path,
        )  # fmt: skip
        space.low[climbed] = NOT_REACHED
        if packed >= NEVER:
            return None
        return self._trace(leave, arrive, depart_s, int(packed), by_leave, by_arrive, before)

    def _aim(self, destinations: NDArray[np.int64], bound_slice: int | range) -> None:
        """Find the ranks from which the hierarchy leads down to each of a block of destinations, and how far."""
        network, snapped, hierarchy = self._network, self._snapped, self._network.hierarchy
        customized = self._bound(bound_slice)
        which, arrive = spread(snapped.arrive_first[destinations], snapped.arrive_first[destinations + 1])
        into = snapped.arrive_arc[arrive]
        part = partial_packed(network, customized.arc, into, snapped.arrive_position[arrive])
        usable = part < NOT_REACHED
        first = np.searchsorted(which[usable], np.arange(destinations.size + 1))
        # A label at an arc's head includes the whole arc; the vehicle needs only the part up to the location.
        item = first, hierarchy.rank[into[usable]], (part - customized.arc[into])[usable]
        order, topology = np.arange(destinations.size), (hierarchy.up_first, hierarchy.up_head)
        row_of, path = self._space.row_of, self._space.path
        size = gather(*topology, *item[:2], order, 0, row_of, path)
        label = climb(*topology, customized.both, 1, *item, order, 0, row_of, path, size)
        for column, destination in enumerate(destinations.tolist()):
            row = np.flatnonzero(label[:, column] < NOT_REACHED)
            self._aims[destination, bound_slice] = path[row], label[row, column]

    def _trace(
        self,
        leave: slice,
        arrive: slice,
        depart_s: int,
        packed: int,
        by_leave: int,
        by_arrive: int,
        before: int,
    ) -> Drive:
        snapped = self._snapped
        middle: list[int] = []
        while by_leave < 0 and before >= 0:
            middle.append(before)
            before = int(self._space.parent[before])
        straight = by_leave >= 0
        start = leave.start + (by_leave if straight else -1 - before)
        end = arrive.start + by_arrive
        leave_position, arrive_position = (
            int(snapped.leave_position[start]),
            int(snapped.arrive_position[end]),
        )
        if straight:
            arcs = snapped.arrive_arc[[end]]
        else:
            arcs = np.array([snapped.leave_arc[start], *reversed(middle), snapped.arrive_arc[end]], dtype=np.int32)
        return Drive(
            depart_s=depart_s,
            duration_ms=packed >> LENGTH_BITS,
            distance_m=((packed & ((1 << LENGTH_BITS) - 1)) + 50) // 100,
            arcs=arcs,
            leave_position=leave_position,
            arrive_position=arrive_position,
        )


def drive(
    network: RoadNetwork, metric: Metric, a: Location, b: Location, depart_s: int, *, radius_m: float = 300.0
) -> Drive | None:
    """Return the quickest drive from a to b that leaves at an instant, integrated along the arcs.

    None where a location has no usable road within the radius, or no road leads there. A closed arc or turn is waited
    out where that is quicker than the way round; who stands on a closed arc may drive off it. For many drives under
    one metric make one `RoadTravel`.
    """
    snapped = snap(network, (a, b), radius_m=radius_m)
    if not snapped.usable.all():
        return None
    return Driver(network, metric, Weights(network, metric).of, snapped).drive(0, 1, depart_s)


def line(network: RoadNetwork, found: Drive) -> Line:
    """Return a drive's line as (lat_deg, lon_deg) points from its start to its end."""
    return lines(network, [found])[0]


def lines(network: RoadNetwork, found: Sequence[Drive]) -> list[Line]:
    """Return the lines of many drives as (lat_deg, lon_deg) points from their starts to their ends."""
    if not found:
        return []
    arcs = np.concatenate([each.arcs for each in found])
    size = np.array([each.arcs.size for each in found])
    drive_end = np.cumsum(size)
    begin = network.shape_first[arcs] + 1
    # Each arc after the first begins where the one before ended: that point is not repeated.
    begin[drive_end - size] -= 1
    point_end = np.cumsum(network.shape_first[arcs + 1] - begin)
    point = spread(begin, network.shape_first[arcs + 1])[1]
    lat, lon = network.shape_lat_deg[point], network.shape_lon_deg[point]
    step_m = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    drawn, last = [], 0
    for each, end in zip(found, drive_end.tolist(), strict=True):
        first, last = last, int(point_end[end - 1])
        along_m = np.concatenate(([0.0], np.cumsum(step_m[first : last - 1])))
        first_m = along_m[point_end[end - each.arcs.size] - first - 1]
        last_m = along_m[-1] - (along_m[point_end[end - 2] - first - 1] if each.arcs.size > 1 else 0.0)
        start_m = first_m * each.leave_position / ARC_UNITS
        end_m = along_m[-1] - last_m * (1 - each.arrive_position / ARC_UNITS)
        inside = slice(np.searchsorted(along_m, start_m, "right"), np.searchsorted(along_m, end_m, "left"))
        (lat_a, lat_b), (lon_a, lon_b) = (
            np.interp((start_m, end_m), along_m, values[first:last]).tolist() for values in (lat, lon)
        )
        between = zip(lat[first:last][inside].tolist(), lon[first:last][inside].tolist(), strict=True)
        drawn.append(((lat_a, lon_a), *between, (lat_b, lon_b)))
    return drawn
