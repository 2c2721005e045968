"""VROOM, PyVRP and our own engine from scratch as policies of a simulated day: each solves what remains at all news.

They are given what our engines are given (`Instance`: the same tables, weighted over the slices of the day, a vehicle's
start where it is and with the stop under way behind it, goods on board as skills or forbidden arcs) and the same
seconds. What they leave out, and what does not hold by the true times, goes through our `repair`, so that none loses
a stop that could be served late; the dearer of their plan and the current orders is not published.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from routing.errors import SolveError
from routing.plan.engines.interface import NO_ROAD_S
from routing.plan.instance import build_instance, committed_orders
from routing.plan.options import SolveOptions
from routing.plan.repair import known_orders, repair, searched_stops
from routing.plan.schedule import Clock, schedule
from routing.plan.solve import solve
from routing.simulate.policies import by_search

FORBIDDEN = 20_000_000
"""Metres of an arc that PyVRP must not take."""
CENT = 3_600
"""PyVRP counts whole numbers: costs are cents times this."""


class Task:
    """Hold a remaining problem as tables, and turn orders of indices into a plan."""

    def __init__(self, problem, orders):
        self.problem = problem
        clock = Clock(problem)
        self.committed = committed_orders(clock)
        self.stops = searched_stops(problem)
        self.known = known_orders(clock, tuple(orders.items()), self.committed, self.stops)
        self.tables = build_instance(clock, self.stops, self.committed, schedule(problem, self.known, clock))

    def start(self):
        """Return the current orders as indices, by vehicle."""
        index = {stop.id: number for number, stop in enumerate(self.stops)}
        return [
            [index[stop_id] for stop_id in self.known[vehicle.id][len(self.committed[vehicle.id]) :]]
            for vehicle in self.problem.vehicles
        ]

    def windows(self, stop):
        """Return the windows of a stop, in seconds from the tables' origin."""
        tables = self.tables
        span = slice(tables.window_first[stop], tables.window_first[stop + 1])
        pairs = zip(tables.window_start_s[span].tolist(), tables.window_end_s[span].tolist(), strict=True)
        return [(start_s, end_s) for start_s, end_s in pairs if end_s >= max(0, start_s)]

    def plan(self, routes):
        """Return the verified plan of orders of indices."""
        named = [
            (vehicle.id, (*self.committed[vehicle.id], *(self.stops[stop].id for stop in route)))
            for vehicle, route in zip(self.problem.vehicles, routes, strict=True)
        ]
        return repair(self.problem, named), ()


def afresh(limit_s, seed=0):
    """Return the policy that plans all that remains anew by our engine, with no thought of the current orders."""

    def solved(problem, orders):
        found = solve(problem, SolveOptions(time_limit_s=limit_s, seed=seed))
        return found, found.runs

    return by_search(solved)


def vroom_policy(limit_s):
    """Return the policy that asks VROOM."""
    import vroom

    def solved(problem, orders):
        task = Task(problem, orders)
        return task.plan(_vroom(vroom, task, limit_s) if task.stops else task.start())

    return by_search(solved)


def _vroom(vroom, task, limit_s):
    tables, count = task.tables, len(task.stops)
    fleet = len(task.problem.vehicles)
    asked = vroom.Input()
    asked.set_durations_matrix("car", np.minimum(tables.duration_s, NO_ROAD_S).astype(np.uint32))
    asked.set_distances_matrix("car", tables.distance_m.astype(np.uint32))
    skills = {}
    for row in range(count):
        key = tuple(np.flatnonzero(tables.allowed[row]).tolist())
        if len(key) < fleet:
            skills.setdefault(key, len(skills) + 1)
    for number in range(fleet):
        last_s = int(tables.end_s[number] + (7_200 if tables.over_allowed[number] else 0))
        asked.add_vehicle(
            vroom.Vehicle(
                number,
                start=count + number,
                end=count + fleet + number,
                capacity=[int(tables.capacity[number])],
                skills={skill for key, skill in skills.items() if number in key},
                time_window=vroom.TimeWindow(
                    int(tables.start_first_s[number]), max(last_s, int(tables.start_first_s[number]))
                ),
                costs=vroom.vehicle.VehicleCosts(
                    fixed=int(tables.fixed_cents[number]),
                    per_hour=tables.duty_cents_per_h,
                    per_km=tables.distance_cents_per_km,
                ),
            )
        )
    for row in range(count):
        key = tuple(np.flatnonzero(tables.allowed[row]).tolist())
        windows = [vroom.TimeWindow(*window) for window in task.windows(row)]
        if not windows or (len(key) < fleet and not key):
            continue
        asked.add_job(
            vroom.Job(
                row + 1,
                location=row,
                default_service=int(tables.service_s[row]),
                delivery=vroom.Amount([int(tables.load[row])]),
                skills={skills[key]} if len(key) < fleet else set(),
                priority=min(100, int(tables.unserved_cents[row]) // 10_000),
                time_windows=windows,
            )
        )
    answer = asked.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=limit_s))
    routes = [[] for _ in range(fleet)]
    for vehicle, kind, job in zip(answer.routes["vehicle_id"], answer.routes["type"], answer.routes["id"], strict=True):
        if kind == "job":
            routes[int(vehicle)].append(int(job) - 1)
    return routes


def pyvrp_policy(limit_s, seed=0):
    """Return the policy that asks PyVRP, which starts from the current orders."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    def solved(problem, orders):
        task = Task(problem, orders)
        if not task.stops:
            return task.plan(task.start())
        data = _pyvrp_data(pyvrp, task)
        start = pyvrp.Solution(
            data,
            [pyvrp.Route(data, route, number) for number, route in enumerate(task.start()) if route],
        )
        found = pyvrp.solve(data, MaxRuntime(limit_s), seed=seed, collect_stats=False, initial_solution=start)
        if not found.best.is_feasible():
            raise SolveError("PyVRP found no feasible plan")
        routes = [[] for _ in problem.vehicles]
        for route in found.best.routes():
            routes[route.vehicle_type()] = [int(each.idx) for each in route if each.is_client()]
        return task.plan(routes)

    return by_search(solved)


def _pyvrp_data(pyvrp, task):
    """Return the problem with one type and one profile for each vehicle: arcs to stops that it may not serve are long.

    Of several windows only the first one's beginning and the last one's end are told.
    """
    tables, count = task.tables, len(task.stops)
    fleet = len(task.problem.vehicles)
    clients = []
    for row in range(count):
        windows = task.windows(row) or [(0, 0)]
        last_s = windows[-1][1]
        clients.append(
            pyvrp.Client(
                row,
                delivery=[int(tables.load[row])],
                service_duration=int(tables.service_s[row]),
                tw_early=min(windows[0][0], last_s),
                tw_late=last_s,
                required=False,
                prize=int(tables.unserved_cents[row]) * CENT,
            )
        )
    distance = tables.distance_m.astype(np.int64)
    duration = np.minimum(tables.duration_s, NO_ROAD_S).astype(np.int64)
    np.fill_diagonal(distance, 0)
    np.fill_diagonal(duration, 0)
    kinds, distances = [], []
    for number in range(fleet):
        own = distance.copy()
        own[:, :count][:, ~tables.allowed[:, number]] = FORBIDDEN
        np.fill_diagonal(own, 0)
        distances.append(own)
        first_s = int(tables.start_first_s[number])
        kinds.append(
            pyvrp.VehicleType(
                1,
                [int(tables.capacity[number])],
                number,
                fleet + number,
                fixed_cost=int(tables.fixed_cents[number]) * CENT,
                tw_early=first_s,
                tw_late=max(int(tables.end_s[number]), first_s) + (7_200 if tables.over_allowed[number] else 0),
                unit_distance_cost=tables.distance_cents_per_km * CENT // 1_000,
                unit_duration_cost=tables.duty_cents_per_h * CENT // 3_600,
                profile=number,
                start_late=max(int(tables.start_last_s[number]), first_s),
            )
        )
    places = [pyvrp.Location(0, 0) for _ in range(count + 2 * fleet)]
    depots = [pyvrp.Depot(count + number) for number in range(2 * fleet)]
    return pyvrp.ProblemData(places, clients, depots, kinds, distances, [duration] * fleet)
