"""Plan whole days on real maps, stage by stage, and price the plans beside VROOM's on the same matrix.

    python tests/benchmarks/first_day.py --map MAP --stops stops.csv --fleet fleet.csv [--time-limit 10] [--seeds 2]

Both sides get the noon table of the map as their only matrix, the same objective, and one thread; VROOM (PyPI
`pyvroom`, not a dependency of the package) explores at its most thorough level within the same wall time. Both
plans are timed and priced by the same code and verified.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

import routing
from routing.interface.planning import assemble
from routing.interface.read_inputs import PlanFiles
from routing.interface.stopwatch import Stopwatch
from routing.plan.cost import plan_cost
from routing.plan.schedule import schedule
from routing.travel.matrix import TravelMatrix


def vroom_orders(problem, seconds):
    """Return VROOM's orders for a problem of one table."""
    import vroom

    table = problem.travel.matrix
    # A pair without a road gets a drive longer than any shift.
    times = np.where(table.reachable[0], table.duration_s[0], 200_000)
    asked = vroom.Input()
    asked.set_durations_matrix("van", times.astype(np.uint32))
    asked.set_distances_matrix("van", table.distance_m[0].astype(np.uint32))
    start_s = min(vehicle.shift.start_s for vehicle in problem.vehicles)
    costs = vroom.VehicleCosts(
        fixed=problem.objective.vehicle_cents,
        per_hour=problem.objective.duty_cents_per_h,
        per_km=problem.objective.distance_cents_per_km,
    )
    for number, vehicle in enumerate(problem.vehicles):
        asked.add_vehicle(
            vroom.Vehicle(
                number,
                start=vehicle.start_place,
                end=vehicle.end_place,
                profile="van",
                capacity=[vehicle.capacity],
                time_window=vroom.TimeWindow(vehicle.shift.start_s - start_s, vehicle.shift.end_s - start_s),
                costs=costs,
            )
        )
    for number, stop in enumerate(problem.stops):
        windows = [vroom.TimeWindow(max(0, w.start_s - start_s), w.end_s - start_s) for w in stop.windows]
        asked.add_job(
            vroom.Job(
                number,
                location=stop.place,
                default_service=stop.service_s,
                delivery=vroom.Amount([stop.load]),
                time_windows=windows,
                priority=stop.priority,
            )
        )
    answer = asked.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    orders = {vehicle.id: [] for vehicle in problem.vehicles}
    for vehicle, kind, job in zip(answer.routes["vehicle_id"], answer.routes["type"], answer.routes["id"], strict=True):
        if kind == "job":
            orders[problem.vehicles[int(vehicle)].id].append(problem.stops[int(job)].id)
    return {vehicle: order for vehicle, order in orders.items() if order}


def noon_only(problem):
    """Return the problem with one table, that of the middle of its day, as the truth."""
    table = problem.travel.matrix
    middle = table.slice_start_s.size // 2
    rows = slice(middle, middle + 1)
    single = TravelMatrix(
        duration_s=table.duration_s[rows],
        distance_m=table.distance_m[rows],
        reachable=table.reachable[rows],
        slice_start_s=table.slice_start_s[rows],
    )
    return replace(problem, travel=routing.MatrixTravel(matrix=single))


def priced(problem, orders):
    """Return the cost in cents of orders and how many stops they leave out."""
    routes = schedule(problem, orders)
    served = {visit.stop_id for route in routes for visit in route.visits}
    left = [stop.id for stop in problem.stops if stop.id not in served]
    return plan_cost(problem, routes, left).total_cents, len(left)


def main():
    """Print the stages of the real day and the pair of costs per seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--map", "--stops", "--fleet"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--time-limit", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    watch = Stopwatch()
    files = PlanFiles(map=options.map, stops=options.stops, fleet=options.fleet, date=date(2026, 11, 23))
    problem = assemble(files, watch).problem
    watch.start("search")
    plan = routing.solve(problem, routing.SolveOptions(time_limit_s=options.time_limit))
    watch.start("verify")
    violations = routing.verify(problem, plan)
    watch.stop()
    stages = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in watch.stages)
    print(f"{len(problem.stops)} stops, {len(problem.vehicles)} vehicles on {options.map.name}: {stages}")
    print(f"time-dependent plan: {plan.cost.total_cents} cents, {len(plan.unassigned)} left out, {violations=}")
    single = noon_only(problem)
    print(f"{'seed':>4} {'ours':>8} {'left':>4} {'VROOM':>8} {'left':>4} {'ratio':>6} {'s':>5} {'VROOM s':>7}")
    for seed in range(options.seeds):
        began = time.perf_counter()
        ours = routing.solve(single, routing.SolveOptions(time_limit_s=options.time_limit, seed=seed))
        middle = time.perf_counter()
        theirs, theirs_left = priced(single, vroom_orders(single, options.time_limit))
        spent, theirs_spent = middle - began, time.perf_counter() - middle
        assert routing.verify(single, ours) == ()
        ratio = ours.cost.total_cents / theirs
        print(
            f"{seed:>4} {ours.cost.total_cents:>8} {len(ours.unassigned):>4} {theirs:>8} {theirs_left:>4} "
            f"{ratio:>6.3f} {spent:>5.1f} {theirs_spent:>7.1f}"
        )


if __name__ == "__main__":
    main()
