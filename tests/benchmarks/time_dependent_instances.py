"""Instances whose drives are arrival-time functions, in the files of MAMUT-routing; an exact judge of their plans.

A `*.vrp.json` beside an `*.atf.json.gz`: per pair of places departures and arrivals in milliseconds, linear between
them. The judge shares nothing with the package: it composes those functions along a route, so that its durations are
exact at every departure (Visser and Spliet, 2020), and takes the least.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from routing import Location, Objective, Problem, Stop, TimeWindow, TravelMatrix, Vehicle
from routing.travel.matrix import LegTime

SLICE_S, SAMPLES = 900, 3
"""The tables of the search: so long a slice, its durations the mean of so many departures."""
SECOND_MS = 1_000


@dataclass(frozen=True, kw_only=True)
class TimedInstance:
    """Hold n stops and a depot (place 0) of vehicles that are alike; all times in milliseconds."""

    name: str
    path: Path
    horizon: tuple[float, float]
    windows: tuple[tuple[float, float], ...]
    """Of the depot, then of the stops."""
    service: tuple[float, ...]
    demand: tuple[int, ...]
    capacity: int
    vehicles: int
    fleet_cost: float
    """Of each vehicle that leaves."""
    arcs: dict[tuple[int, int], tuple[list[float], list[float]]]
    """Departures and arrivals of each pair."""
    best: tuple[tuple[int, ...], ...] = ()
    """The best known routes."""

    def judged(self, routes):
        """Return the least cost of routes in milliseconds, their durations and departures, and what is wrong."""
        faults = []
        served = sorted(stop for route in routes for stop in route)
        if served != list(range(1, len(self.windows))):
            faults.append("not every stop is served once")
        durations, departures = [], []
        for route in routes:
            if sum(self.demand[stop] for stop in route) > self.capacity:
                faults.append(f"{route}: too much load")
            points = self.ready(route)
            if not points:
                faults.append(f"{route}: no departure holds the windows")
                continue
            duration, departure = min((end - start, start) for start, end in points)
            durations.append(duration)
            departures.append(departure)
        return sum(durations) + self.fleet_cost * len(routes), durations, departures, faults

    def ready(self, route):
        """Return the end of a route as a function of its departure: the corners (departure, end), in order."""
        opens, closes = max(self.windows[0][0], self.horizon[0]), min(self.windows[0][1], self.horizon[1])
        points, place = [(opens, opens), (closes, closes)], 0
        for stop in route:
            points = composed(points, *self.arcs[place, stop])
            first, last = self.windows[stop]
            stay = self.service[stop]
            points = composed(points, [min(0.0, first), first, last], [first + stay, first + stay, last + stay])
            place = stop
        points = composed(points, *self.arcs[place, 0])
        return composed(points, [0.0, self.windows[0][1]], [0.0, self.windows[0][1]])


def composed(points, xs, ys):
    """Return a function (xs, ys) of a function (points), both rising, where the second's values lie in its domain."""
    corners = set()
    for (t0, v0), (t1, v1) in pairwise(points):
        inside = [x for x in xs if v0 < x < v1]
        corners.update((t0 + (x - v0) / (v1 - v0) * (t1 - t0), x) for x in inside)
    corners.update(points)
    return [(t, at(v, xs, ys)) for t, v in sorted(corners) if xs[0] <= v <= xs[-1]]


def at(x, xs, ys):
    """Return the value at x of the function through the points, the lower one at a jump."""
    k = bisect_left(xs, x)
    if k == len(xs) or xs[k] == x or k == 0:
        return ys[min(k, len(xs) - 1)]
    return ys[k - 1] + (x - xs[k - 1]) / (xs[k] - xs[k - 1]) * (ys[k] - ys[k - 1])


@dataclass(frozen=True, kw_only=True)
class ArrivalTravel:
    """Drive by arrival-time functions, in whole seconds, rounded up; what a `Problem` carries as its `travel`.

    After the last departure of a function its drives take as long as then.
    """

    instance: TimedInstance

    @cached_property
    def matrix(self):
        """Return mean durations of half hours."""
        count = len(self.instance.windows)
        first_s, last_s = (round(instant / SECOND_MS) for instant in self.instance.horizon)
        starts = np.arange(first_s, last_s, SLICE_S)
        sampled = starts[:, None] + (np.arange(SAMPLES) + 0.5) * (SLICE_S / SAMPLES)
        duration = np.zeros((starts.size, count, count))
        for (i, j), (xs, ys) in self.instance.arcs.items():
            if i != j:
                at_ms = np.minimum(sampled * SECOND_MS, xs[-1])
                duration[:, i, j] = (np.interp(at_ms, xs, ys) - at_ms).mean(axis=1) / SECOND_MS
        return TravelMatrix(
            duration_s=np.ceil(duration).astype(np.int32),
            distance_m=np.zeros(duration.shape, np.int32),
            reachable=np.ones(duration.shape, np.bool_),
            slice_start_s=starts.astype(np.int64),
        )

    @property
    def snap_distance_m(self):
        """Return 0 metres for every place."""
        return np.zeros(len(self.instance.windows))

    @property
    def usable(self):
        """Return True for every place."""
        return np.ones(len(self.instance.windows), np.bool_)

    def duration_s(self, origin, destination, depart_s):
        """Return the seconds of the drive that leaves at an instant."""
        if origin == destination:
            return 0
        xs, ys = self.instance.arcs[origin, destination]
        depart = min(max(depart_s * SECOND_MS, xs[0]), xs[-1])
        return -int((depart - at(depart, xs, ys)) // SECOND_MS)

    def leg(self, origin, destination, depart_s):
        """Return those seconds and no metres."""
        return LegTime(self.duration_s(origin, destination, depart_s), 0)

    def geometry(self, origin, destination, depart_s):
        """Return no line."""
        return ()


def problem_of(instance, travel=None):
    """Return the instance as a problem: a cent a second of duty, the fleet's cost, and no stop left out."""
    depot = TimeWindow(start_s=ceiled(instance.windows[0][0]), end_s=int(instance.windows[0][1] // SECOND_MS))
    return Problem(
        stops=tuple(
            Stop(
                id=str(place),
                place=place,
                windows=(TimeWindow(start_s=ceiled(first), end_s=int(last // SECOND_MS)),),
                service_s=ceiled(instance.service[place]),
                load=instance.demand[place],
            )
            for place, (first, last) in enumerate(instance.windows)
            if place
        ),
        vehicles=tuple(
            Vehicle(id=f"V{number}", profile="car", capacity=instance.capacity, shift=depot, start_place=0, end_place=0)
            for number in range(instance.vehicles)
        ),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * len(instance.windows),
        travel=travel or ArrivalTravel(instance=instance),
        objective=Objective(
            duty_cents_per_h=3_600,
            distance_cents_per_km=0,
            vehicle_cents=round(instance.fleet_cost / SECOND_MS),
            unserved_cents=10_000_000,
        ),
        access_walk=None,
    )


def ceiled(ms):
    """Return whole seconds, rounded up."""
    return -int(-ms // SECOND_MS)


def read_instance(path):
    """Return the instance of a `*.vrp.json`, with the best known routes where they lie beside it."""
    asked = json.loads(path.read_text())
    with gzip.open(path.parent / asked["td"]["atf_path"], "rt") as file:
        arcs = json.load(file)["arcs"]
    best = path.with_name(path.name.replace(".vrp.json", ".bks.json"))
    return TimedInstance(
        name=asked["instance_name"],
        path=path,
        horizon=tuple(asked["horizon"]),
        windows=tuple(map(tuple, asked["time_windows"])),
        service=tuple(asked["service_times"]),
        demand=tuple(asked["demands"]),
        capacity=asked["vehicle_capacity"],
        vehicles=asked["num_vehicles"] or asked["num_customers"],
        fleet_cost=asked.get("fleet_fixed_cost") or 0,
        arcs={(i, j): (xs, ys) for i, j, xs, ys in arcs},
        best=tuple(map(tuple, json.loads(best.read_text())["routes"])) if best.exists() else (),
    )
