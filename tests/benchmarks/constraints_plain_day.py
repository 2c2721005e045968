"""A plain day on Porto's tables, told only in what every version of the package can say; prints JSON.

constraints_plain_day.py TABLES.npz STOPS --iterations COUNT | --time-limit SECONDS
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from constraints_porto import PLACES

from routing import Location, Objective, Problem, SolveOptions, Stop, TimeWindow, Vehicle, solve
from routing.plan.engines.worker import prepare
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix

HOUR_S = 3_600
SHIFT = TimeWindow(start_s=7 * HOUR_S + 1_800, end_s=18 * HOUR_S + 1_800)
STOPS_A_VEHICLE, CAPACITY, SEED = 20, 90, 20261123


def day(tables, count):
    """Return the problem: windows of two hours or more, a few minutes, a few units."""
    rng = np.random.default_rng(SEED)
    chosen = rng.choice(PLACES, count + 1, replace=False)
    pairs = np.ix_(chosen, chosen)
    stops = []
    for number in range(1, count + 1):
        start_s = int(rng.choice([8, 8, 9, 10, 12, 14])) * HOUR_S
        end_s = min(start_s + int(rng.choice([2, 3, 4, 9])) * HOUR_S, SHIFT.end_s)
        stops.append(
            Stop(
                id=str(number),
                place=number,
                windows=(TimeWindow(start_s=start_s, end_s=end_s),),
                service_s=int(rng.integers(60, 241)),
                load=int(rng.integers(1, 5)),
            )
        )
    return Problem(
        stops=tuple(stops),
        vehicles=tuple(
            Vehicle(id=f"V{number}", profile="car", capacity=CAPACITY, shift=SHIFT, start_place=0, end_place=0)
            for number in range(1, count // STOPS_A_VEHICLE + 2)
        ),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * (count + 1),
        travel=MatrixTravel(
            matrix=TravelMatrix(
                duration_s=np.ascontiguousarray(tables["duration_s"][pairs]),
                distance_m=np.ascontiguousarray(tables["distance_m"][pairs]),
                reachable=np.ones((count + 1, count + 1), np.bool_),
                slice_start_s=np.zeros(1, np.int64),
            )
        ),
        objective=Objective(),
    )


def main():
    """Print the answer."""
    kept, count, budget, amount = sys.argv[1:]
    with np.load(kept) as tables:
        problem = day(tables, int(count))
    prepare("ruin_recreate", wait=True)
    counted = budget == "--iterations"
    options = SolveOptions(
        iterations=int(amount) if counted else None, time_limit_s=None if counted else float(amount), seed=1
    )
    began = time.perf_counter()
    plan = solve(problem, options)
    told = {
        "solve_s": time.perf_counter() - began,
        "cost": plan.cost.total_cents,
        "routes": [[visit.stop_id for visit in route.visits] for route in plan.routes],
        "runs": [{"iterations": run.iterations} for run in plan.runs],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
