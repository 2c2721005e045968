"""Drives as they truly go: the quickest way by the true speeds, and where a vehicle is on it at any instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS, Location
from routing.network.road_network import RoadNetwork
from routing.network.snap import snap
from routing.simulate.draws import Draws
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Condition
from routing.travel.customize import Weights
from routing.travel.drive import Drive, Driver, Line, lines
from routing.travel.metric import Metric
from routing.travel.search import NEVER, traverse
from routing.travel.weather import DEFAULT_WEATHER, WeatherTable
from routing.units import bearing_deg, great_circle_m

NOISE_CV = 0.10
"""Of the time that each arc takes on a day, against what everybody expects."""


def true_metric(
    network: RoadNetwork,
    base: Metric,
    conditions: Sequence[Condition],
    *,
    seed: int,
    weather: WeatherTable = DEFAULT_WEATHER,
) -> Metric:
    """Return the true speeds: what everybody expects, times what is different on each arc today, under conditions."""
    noise = Draws(seed=seed, stream="arc").lognormals(network.arc_count, cv=NOISE_CV)
    arc_ms = np.maximum(np.ceil(base.arc_ms * noise), 1).astype(np.int32)
    noisy = Metric(
        slice_start_s=base.slice_start_s,
        arc_ms=arc_ms,
        closed=base.closed,
        timed_turn=base.timed_turn,
        turn_closed=base.turn_closed,
    )
    return apply_conditions(network, noisy, conditions, weather=weather)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Hold one drive with the instant at which each of its arcs is left behind."""

    origin: Location
    destination: Location
    depart_s: int
    arrive_s: int
    distance_m: int
    arcs: NDArray[np.int32]
    left_ms: NDArray[np.int64]
    """When the end of each arc, of the last one the destination, is reached."""
    line: Line

    def place_at(self, network: RoadNetwork, instant_s: int) -> Location:
        """Return where the vehicle is, heading as the road runs there."""
        if self.arcs.size == 0 or instant_s >= self.arrive_s or len(self.line) < 2:
            return self.destination
        if instant_s <= self.depart_s:
            return self.origin
        first = np.concatenate(([self.depart_s * 1000], self.left_ms[:-1]))
        at = min(int(np.searchsorted(self.left_ms, instant_s * 1000, side="right")), self.arcs.size - 1)
        share = (instant_s * 1000 - int(first[at])) / max(1, int(self.left_ms[at]) - int(first[at]))
        length = network.arc_length_mm[self.arcs].astype(np.float64)
        points = np.array(self.line, np.float64)
        step = great_circle_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
        along = np.concatenate(([0.0], np.cumsum(step)))
        return _on_line(points, along, self._driven(length, at, share) * float(along[-1]))

    def _driven(self, length: NDArray[np.float64], at: int, share: float) -> float:
        """Return the share of the whole length that is driven; first and last arc count in full only between."""
        total = self.distance_m * 1000.0
        inner = float(length[1:-1].sum()) if length.size > 2 else 0.0
        ends = max(total - inner, 0.0)
        first = min(float(length[0]), ends / 2) if length.size > 1 else total
        last = max(ends - first, 0.0)
        parts = np.array([total]) if length.size == 1 else np.concatenate(([first], length[1:-1], [last]))
        return float((parts[:at].sum() + share * parts[at]) / max(1.0, parts.sum()))


def _on_line(points: NDArray[np.float64], along: NDArray[np.float64], at_m: float) -> Location:
    """Return the point of a line at a distance from its beginning, heading as the line runs there."""
    moving = np.flatnonzero(np.diff(along) > 0)
    if moving.size == 0:
        return Location(lat_deg=float(points[0, 0]), lon_deg=float(points[0, 1]))
    piece = int(moving[min(int(np.searchsorted(along[moving + 1], at_m, side="left")), moving.size - 1)])
    heading = bearing_deg(*(float(value) for value in points[piece : piece + 2].ravel()))
    return Location(
        lat_deg=round(float(np.interp(at_m, along, points[:, 0])), 7),
        lon_deg=round(float(np.interp(at_m, along, points[:, 1])), 7),
        heading_deg=round(heading, 1) % 360.0,
    )


class TrueRoads:
    """Drive by the true speeds; the drives of one world are kept for every policy."""

    def __init__(
        self, network: RoadNetwork, metric: Metric, places: Sequence[Location], *, radius_m: float = 300.0
    ) -> None:
        self.network = network
        self.metric = metric
        self._radius_m = radius_m
        self._index = {place: number for number, place in enumerate(dict.fromkeys(places))}
        self._snapped = snap(network, tuple(self._index), radius_m=radius_m)
        self._kept: dict[tuple[Location, Location, int], Trip | None] = {}

    def walk_m(self, place: Location) -> float:
        """Return how far a known place lies from the road."""
        return float(self._snapped.distance_m[self._index[place]])

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self.network, self.metric)

    @cached_property
    def _driver(self) -> Driver:
        return Driver(self.network, self.metric, self._weights.of, self._snapped)

    def trip(self, origin: Location, destination: Location, depart_s: int) -> Trip | None:
        """Return the drive that leaves at an instant, None where no road leads there."""
        key = (origin, destination, depart_s)
        if key not in self._kept:
            self._kept[key] = self._made(*key)
        return self._kept[key]

    def _made(self, origin: Location, destination: Location, depart_s: int) -> Trip | None:
        if origin == destination:
            return _standing(origin, depart_s)
        known = origin in self._index and destination in self._index
        if known:
            drive = self._driver.drive(self._index[origin], self._index[destination], depart_s)
        else:
            snapped = snap(self.network, (origin, destination), radius_m=self._radius_m)
            if not snapped.usable.all():
                return None
            drive = Driver(self.network, self.metric, self._weights.of, snapped).drive(0, 1, depart_s)
        return None if drive is None else self._timed(origin, destination, drive)

    def _timed(self, origin: Location, destination: Location, drive: Drive) -> Trip:
        metric, network = self.metric, self.network
        left_ms = _left_ms(
            drive.arcs, drive.leave_position, drive.arrive_position, np.int64(drive.depart_s * 1000),
            network.turn_first, network.turn_to, network.turn_ms,
            metric.slice_start_s * 1000, metric.arc_ms, metric.closed,
        )  # fmt: skip
        return Trip(
            origin=origin,
            destination=destination,
            depart_s=drive.depart_s,
            arrive_s=drive.depart_s + drive.duration_s,
            distance_m=drive.distance_m,
            arcs=drive.arcs,
            # Turns that open at some hours are waited for on the way: the search knows when, and says when it ends.
            left_ms=np.minimum(left_ms, drive.arrive_ms),
            line=lines(network, [drive])[0],
        )


def _standing(place: Location, instant_s: int) -> Trip:
    return Trip(
        origin=place,
        destination=place,
        depart_s=instant_s,
        arrive_s=instant_s,
        distance_m=0,
        arcs=np.zeros(0, np.int32),
        left_ms=np.zeros(0, np.int64),
        line=(),
    )


@njit(cache=True)
def _left_ms(  # type: ignore[no-untyped-def]
    arcs, leave_position, arrive_position, depart_ms, turn_first, turn_to, turn_ms, slice_ms, arc_ms, closed
):  # fmt: skip
    """Return when the end of each arc of a drive is reached."""
    left = np.empty(arcs.size, np.int64)
    now = depart_ms
    for number in range(arcs.size):
        arc = np.int64(arcs[number])
        if number:
            for turn in range(turn_first[arcs[number - 1]], turn_first[arcs[number - 1] + 1]):
                if turn_to[turn] == arc:
                    now += turn_ms[turn]
                    break
        begin = leave_position if number == 0 else np.int64(0)
        end = arrive_position if number == arcs.size - 1 else np.int64(ARC_UNITS)
        now = traverse(end - begin, arc, now, slice_ms, arc_ms, closed, number == 0 and arcs.size > 1)
        if now >= NEVER:
            now = left[number - 1] if number else depart_ms
        left[number] = now
    return left
