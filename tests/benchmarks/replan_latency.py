"""Measure how long a day waits between an event and the first verified repaired plan, stage by stage, on one core.

replan_latency.py MAP STOPS VEHICLES EVENTS [--kinds stops,report,city] [--from HH:MM] [--seed N] [--json FILE]

MAP is a file of OSM, or a network that was saved as .npz. A day with the built-in speeds by time of day is planned with
few iterations and goes on without reports. From ten o'clock on, or another time, events come one after the other, one
every minute: news of single stops (`stops`), reports of a slow road or a closure (`report`), other speeds of all the
traffic (`city`).
Each is folded, weighed, repaired and published as the dispatcher does it; the search between repair and publication is
left out, and so are reasons and chances.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from routing.events.asked import DayStop, DayVehicle
from routing.events.fold import apply, start
from routing.events.options import ReplanOptions
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    DayStarted,
    RoadClosed,
    StopAdded,
    StopCancelled,
    TrafficReported,
    WindowChanged,
)
from routing.interface import plan_day as path
from routing.interface.day_roads import Roads
from routing.interface.traffic import NO_TRAFFIC
from routing.network.build import build_network
from routing.network.location import Location
from routing.network.profile import Profile
from routing.network.save import load_network
from routing.osm.read import read_osm
from routing.problem.model import Objective, TimeWindow
from routing.replan.replan import settled
from routing.travel.conditions import InPolygon, OnWay

CLOCK = time.process_time
"""Nothing here waits for anybody: the seconds on the processor are those of the clock, where nobody works beside."""
HOUR_S = 3_600
MIDNIGHT_S = 1_795_392_000
"""2026-11-23, a Monday, in UTC."""
SHIFT = TimeWindow(start_s=MIDNIGHT_S + 27_000, end_s=MIDNIGHT_S + 66_600)
EVENT_EVERY_S = 60
FIRST_ITERATIONS = 3_000
WARM_UP = 2
"""Events of each kind that are not counted: what compiles does so once."""
TOLD = ("fold", "travel", "tables", "remaining", "assess", "repair", "first plan", "publish", "whole")


class Stages:
    """Add up the seconds of each stage of an event, the inner ones taken out of the outer ones."""

    def __init__(self):
        self.seconds = defaultdict(float)
        self._inner = [0.0]

    @contextmanager
    def of(self, name):
        began = CLOCK()
        self._inner.append(0.0)
        try:
            yield
        finally:
            took = CLOCK() - began
            self.seconds[name] += took - self._inner.pop()
            self._inner[-1] += took


class TimedRoads(Roads):
    """Time the roads' part of a day's path."""

    stages = Stages()

    def travel(self, *asked):
        """Return what the roads return."""
        with self.stages.of("travel"):
            return super().travel(*asked)


@contextmanager
def timed_parts(stages):
    """Time what `plan_day` calls, under the names of the stages."""
    kept = path.remaining_of, path.assess

    def remaining(*asked, **named):
        with stages.of("remaining"):
            rest = kept[0](*asked, **named)
        with stages.of("tables"):
            assert rest.problem.travel.matrix.duration_s.size
        return rest

    def assess(*asked):
        with stages.of("assess"):
            return kept[1](*asked)

    path.remaining_of, path.assess = remaining, assess
    try:
        yield
    finally:
        path.remaining_of, path.assess = kept


def withdrawn(event_id, now_s):
    """Return the event that takes a report back."""
    return ConditionWithdrawn(id=f"{event_id}-back", known_at_s=now_s, effective_at_s=now_s, event_id=event_id)


def drawn_places(network, rng, count):
    """Return places beside roads that a customer may live at, each metre as likely."""
    classes = np.isin(network.arc_class, np.unique(network.arc_class)[2:])
    weight = np.where(classes, network.arc_length_mm, 0).astype(np.float64)
    arc = rng.choice(network.arc_count, count, p=weight / weight.sum())
    point = (network.shape_first[arc] + network.shape_first[arc + 1]) // 2
    off = rng.normal(0, 7e-5, (2, count))
    lat, lon = network.shape_lat_deg[point] + off[0], network.shape_lon_deg[point] + off[1]
    return [Location(lat_deg=float(y), lon_deg=float(x)) for y, x in zip(lat, lon, strict=True)]


def drawn_stop(number, place, rng, after_s=SHIFT.start_s):
    """Return a stop: six of ten with a window of two hours, a service of some minutes, a few units."""
    begin_s = max(MIDNIGHT_S + int(rng.choice([8, 9, 10, 11, 12, 13, 14, 15, 16])) * HOUR_S, after_s)
    windows = (TimeWindow(start_s=begin_s, end_s=min(begin_s + 2 * HOUR_S, SHIFT.end_s)),) if rng.random() < 0.6 else ()
    service_s = int(np.clip(rng.lognormal(5, 0.4), 45, 900))
    return DayStop(id=f"S{number}", location=place, windows=windows, service_s=service_s, load=int(rng.integers(0, 4)))


class Benchmark:
    """Hold a day that goes on, and what each event took."""

    def __init__(self, network, stops, vehicles, seed, first_s):
        self.rng, self.network = np.random.default_rng(seed), network
        self.places = drawn_places(network, self.rng, stops + 1 + 400)
        depot, self.spare = self.places[0], self.places[stops + 1 :]
        self.number = stops
        fleet = [
            DayVehicle(id=f"V{k}", profile=network.profile.name, capacity=90, shift=SHIFT, start=depot, end=depot)
            for k in range(1, vehicles + 1)
        ]
        started = DayStarted(
            id="routing:day", known_at_s=MIDNIGHT_S, effective_at_s=MIDNIGHT_S, date="2026-11-23", time_zone="UTC",
            stops=tuple(drawn_stop(k, self.places[k], self.rng) for k in range(1, stops + 1)),
            vehicles=tuple(fleet), objective=Objective(), network_sha256="", replan=ReplanOptions(draws=0),
        )  # fmt: skip
        self.day, self.roads = start(started), TimedRoads(network, started, NO_TRAFFIC)
        self.now_s = first_s
        found = path.plan_day(
            self.day, self.roads, request=path.START, now_s=MIDNIGHT_S, lines={}, versions=(),
            budget=path.Budget(iterations=FIRST_ITERATIONS),
        )  # fmt: skip
        self.day, self.lines = apply(self.day, found.event), found.lines
        self.reported = []

    def open_ids(self):
        """Return the stops that are to be served in an hour or later: nobody stands before their doors."""
        planned = {v.stop_id: v.start_s for route in self.day.plan.routes for v in route.visits}
        return [
            key for key, start_s in planned.items() if start_s > self.now_s + HOUR_S and self.day.stops[key].is_open
        ]

    def event(self, kind, number):
        """Return one more event of a kind."""
        times = {"id": f"E{kind}{number}", "known_at_s": self.now_s, "effective_at_s": self.now_s}
        if kind == "city":
            west, south, east, north = self.network.bbox_deg
            ring = ((south, west), (south, east), (north, east), (north, west), (south, west))
            factor = float(self.rng.uniform(0.5, 0.95))
            return TrafficReported(**times, where=InPolygon(rings_deg=(ring,)), speed_factor=factor)
        if kind == "report":
            way = int(self.network.arc_way_id[int(self.rng.integers(self.network.arc_count))])
            until_s = self.now_s + 2_400
            if number % 2:
                return RoadClosed(**times, where=OnWay(way_id=way), until_s=until_s)
            return TrafficReported(**times, where=OnWay(way_id=way), speed_factor=0.3, until_s=until_s)
        stop_id = str(self.rng.choice(self.open_ids()))
        if number % 4 == 0:
            self.number += 1
            stop = drawn_stop(self.number, self.spare.pop(), self.rng, self.now_s + HOUR_S)
            return StopAdded(**times, stop=replace(stop, load=0))
        if number % 4 == 1:
            return StopCancelled(**times, stop_id=stop_id)
        if number % 4 == 2:
            begin_s = self.now_s + int(self.rng.integers(1, 5)) * HOUR_S
            windows = (TimeWindow(start_s=begin_s, end_s=begin_s + 2 * HOUR_S),)
            return WindowChanged(**times, stop_id=stop_id, windows=windows)
        return CustomerUnavailable(**times, stop_id=stop_id, until_s=self.now_s + 3 * HOUR_S)

    def step(self, event):
        """Take one event through the path; return the seconds of each stage."""
        stages = TimedRoads.stages = Stages()
        began = CLOCK()

        def repaired(question):
            with stages.of("repair"):
                plan = question.planner.repair(question.rest)
            stages.seconds["first plan"] = CLOCK() - began
            return settled(question, plan, searched=True, adopted=True)

        with stages.of("fold"):
            day = apply(self.day, event)
            if isinstance(event, TrafficReported) and event.until_s is None:
                # What was said of the whole city before is said no more.
                for report in self.day.reports:
                    if report.until_s is None:
                        day = apply(day, withdrawn(report.id, self.now_s))
        with stages.of("publish"), timed_parts(stages):
            found = path.plan_day(
                day, self.roads, request=path.EVENT, now_s=self.now_s, lines=self.lines, versions=(), decider=repaired
            )
        stages.seconds["whole"] = CLOCK() - began
        self.day, self.lines = apply(day, found.event), found.lines
        self.now_s += EVENT_EVERY_S
        return dict(stages.seconds)


def told(name, rows):
    """Print the percentiles of each stage in milliseconds."""
    print(f"\n{name}: {len(rows)} events, milliseconds")
    print(f"{'stage':>12} {'p50':>8} {'p95':>8} {'p99':>8} {'most':>8}")
    for stage in TOLD:
        values = np.array([row.get(stage, 0.0) for row in rows]) * 1000
        p50, p95, p99 = np.percentile(values, (50, 95, 99))
        print(f"{stage:>12} {p50:8.1f} {p95:8.1f} {p99:8.1f} {values.max():8.1f}")


def main():
    """Run the events that the arguments ask for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("map", type=Path)
    parser.add_argument("stops", type=int)
    parser.add_argument("vehicles", type=int)
    parser.add_argument("events", type=int)
    parser.add_argument("--kinds", default="stops,report,city")
    parser.add_argument("--from", dest="first", default="10:00", help="when the first event is known, as HH:MM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    saved = asked.map.suffix == ".npz"
    network = load_network(asked.map) if saved else build_network(read_osm(asked.map), Profile.named("van"))
    hours, minutes = map(int, asked.first.split(":"))
    first_s = MIDNIGHT_S + hours * HOUR_S + minutes * 60
    bench = Benchmark(network, asked.stops, asked.vehicles, asked.seed, first_s)
    rows = {}
    for kind in asked.kinds.split(","):
        rows[kind] = [bench.step(bench.event(kind, number)) for number in range(WARM_UP + asked.events)][WARM_UP:]
        told(kind, rows[kind])
    print(f"\npeak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if asked.json:
        asked.json.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
