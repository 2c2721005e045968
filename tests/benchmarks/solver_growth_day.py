"""One measured day in a process of its own; prints JSON. All plans are verified by `solve` itself.

solver_growth_day.py growth NETWORK POINTS free|day SEED STOPS SECONDS…    first plan, then each limit afresh
solver_growth_day.py change NETWORK POINTS free|day SEED STOPS             a plan, then changes of the day
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from routing import (
    InPolygon,
    Location,
    Objective,
    Problem,
    RoadTravel,
    Slowdown,
    SolveOptions,
    Stop,
    TimeWindow,
    Vehicle,
    apply_conditions,
    free_flow,
    load_network,
    repair,
    solve,
    time_of_day,
)

HOUR_S = 3_600
SHIFT = TimeWindow(start_s=27_000, end_s=66_600)
"""07:30 to 18:30."""
STOPS_A_VEHICLE, CAPACITY = 20, 90
BEFORE_S, AFRESH_S = 10.0, 5.0
REPAIRED = (("1 step", {"iterations": 1}), ("1 s", {"time_limit_s": 1.0}), ("5 s", {"time_limit_s": 5.0}))
MOVED_SHARE, NEW_STOPS, DISTRICT_SHARE, SLOWED = 0.1, 3, 0.25, 1 / 1.5
WARM_UP_STOPS = 5


def drawn_stop(number, rng):
    """Return a stop of the day: a window of two hours or more, a few minutes, a few units."""
    start_s = int(rng.choice([8, 8, 9, 10, 12, 14])) * HOUR_S
    end_s = min(start_s + int(rng.choice([2, 3, 4, 9])) * HOUR_S, SHIFT.end_s)
    return Stop(
        id=f"S{number}",
        place=number,
        windows=(TimeWindow(start_s=start_s, end_s=end_s),),
        service_s=int(rng.integers(60, 241)),
        load=int(rng.integers(1, 5)),
    )


class Day:
    """Hold a day on a network: places (the depot first), stops and vehicles."""

    def __init__(self, network, points, times, seed, count):
        self.network = load_network(Path(network))
        self.metric = time_of_day(self.network) if times == "day" else free_flow(self.network)
        self.places = [Location(lat_deg=lat, lon_deg=lon) for lon, lat in json.loads(Path(points).read_text())]
        self.count, self.rng = count, np.random.default_rng(seed)
        self.vehicles = max(2, count // STOPS_A_VEHICLE)
        self.stops = [drawn_stop(number, self.rng) for number in range(1, count + 1)]
        self.snap_s = self.tables_s = 0.0

    def problem(self, stops, metric, base=None):
        """Return the problem of some stops, its tables made and timed."""
        places = self.places[: max(stop.place for stop in stops) + 1]
        began = time.perf_counter()
        travel = RoadTravel(self.network, metric, places, horizon_s=(SHIFT.start_s, SHIFT.end_s), base=base)
        middle = time.perf_counter()
        _ = travel.matrix
        self.snap_s, self.tables_s = middle - began, time.perf_counter() - middle
        vehicles = [
            Vehicle(id=f"V{number}", profile="car", capacity=CAPACITY, shift=SHIFT, start_place=0, end_place=0)
            for number in range(1, self.vehicles + 1)
        ]
        return Problem(
            stops=tuple(stops),
            vehicles=tuple(vehicles),
            places=tuple(places),
            travel=travel,
            objective=Objective(),
        )


def planned(problem, **options):
    """Return a plan and what is told of it."""
    return timed(lambda: solve(problem, SolveOptions(**({"time_limit_s": None, "seed": 1} | options))))


def timed(make):
    """Return a plan and what is told of it; the seconds on the processor are those of this process alone."""
    began, began_cpu_s = time.perf_counter(), time.process_time()
    plan = make()
    return plan, {
        "took_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - began_cpu_s,
        "cost": plan.cost.total_cents / 100,
        "unserved": len(plan.unassigned),
        "routes": len(plan.routes),
        "iterations": sum(run.iterations for run in plan.runs),
    }


def search_mb():
    """Return the most memory that the search's processes have held, None where the system does not tell."""
    most = None
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            told = Path(f"/proc/{child}/status").read_text().splitlines()
            peak = next((int(line.split()[1]) / 1024 for line in told if line.startswith("VmHWM")), 0)
            most = max(most or 0, peak)
    return most


def growth(day, limits):
    """Return first plan, later plans and memory of one day."""
    problem = day.problem(day.stops, day.metric)
    told = {"stops": day.count, "vehicles": day.vehicles, "snap_s": day.snap_s, "tables_s": day.tables_s}
    _, at_once = timed(partial(repair, problem))
    _, first = planned(problem, iterations=1)
    plans = [planned(problem, time_limit_s=limit)[1] | {"limit_s": limit} for limit in limits]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told | {"at_once": at_once, "first": first, "plans": plans, "peak_mb": peak_mb, "search_mb": search_mb()}


def moved(stops, rng):
    """Return the stops with the windows of some moved by one or two hours."""
    chosen = set(rng.choice(len(stops), int(len(stops) * MOVED_SHARE), replace=False).tolist())
    changed = []
    for number, stop in enumerate(stops):
        if number in chosen:
            (window,) = stop.windows
            by_s = int(rng.choice([-2, -1, 1, 2])) * HOUR_S
            start_s = min(max(window.start_s + by_s, SHIFT.start_s + HOUR_S), SHIFT.end_s - 3 * HOUR_S)
            ends = TimeWindow(start_s=start_s, end_s=min(start_s + window.end_s - window.start_s, SHIFT.end_s))
            changed.append(replace(stop, windows=(ends,)))
        else:
            changed.append(stop)
    return changed


def slowed(day):
    """Return the metric with a district slowed: the box around the stops nearest to one of them."""
    lat, lon = (np.array([getattr(place, name) for place in day.places[: day.count + 1]]) for name in _DEGREES)
    away = np.hypot(lat - lat[1], (lon - lon[1]) * np.cos(np.radians(lat[1])))
    near = np.argsort(away)[: int(day.count * DISTRICT_SHARE)]
    south, north, west, east = lat[near].min(), lat[near].max(), lon[near].min(), lon[near].max()
    ring = ((south, west), (south, east), (north, east), (north, west), (south, west))
    where = InPolygon(rings_deg=(tuple((float(one), float(other)) for one, other in ring),))
    return apply_conditions(day.network, day.metric, [Slowdown(where=where, speed_factor=SLOWED)])


_DEGREES = ("lat_deg", "lon_deg")


def changes(day):
    """Return a plan and, for each change of its day, plans from it and afresh."""
    asked = day.problem(day.stops, day.metric)
    before, told = planned(asked, time_limit_s=BEFORE_S)
    old = {stop_id: vehicle for vehicle, order in before.orders().items() for stop_id in order}
    other_windows, slow = moved(day.stops, day.rng), slowed(day)
    new = [drawn_stop(day.count + 1 + number, day.rng) for number in range(NEW_STOPS)]
    ways = {
        "windows": (other_windows, day.metric),
        "new stops": (day.stops + new, day.metric),
        "slow roads": (day.stops, slow),
        "all": (other_windows + new, slow),
    }
    rows = []
    for change, (stops, metric) in ways.items():
        problem = day.problem(stops, metric, base=asked.travel)
        initial = tuple(before.orders().items())
        runs = [("plan", "repair", partial(timed, partial(repair, problem, initial)))]
        runs += [("plan", limit, partial(planned, problem, initial=initial, **each)) for limit, each in REPAIRED]
        runs.append(("nothing", f"{AFRESH_S:g} s", partial(planned, problem, time_limit_s=AFRESH_S)))
        for start, limit, run in runs:
            plan, row = run()
            held = {stop_id: vehicle for vehicle, order in plan.orders().items() for stop_id in order}
            left = sum(held.get(stop_id) != vehicle for stop_id, vehicle in old.items())
            rows.append(
                {"change": change, "start": start, "limit": limit, "tables_s": day.tables_s, "moved": left} | row
            )
    return {"stops": day.count, "vehicles": day.vehicles, "before": told, "changes": rows}


def main():
    """Print the figures that the arguments ask for."""
    what, network, points, times, seed, count, *limits = sys.argv[1:]
    day = Day(network, points, times, int(seed), int(count))
    # Compiling and starting the search's process happens once, and is not what grows.
    small = day.problem(day.stops[:WARM_UP_STOPS], day.metric)
    planned(small, iterations=1)
    repair(small)
    print(json.dumps(growth(day, [float(limit) for limit in limits]) if what == "growth" else changes(day)))


if __name__ == "__main__":
    main()
