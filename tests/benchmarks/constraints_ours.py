"""Solve with the package what `constraints_asked` describes: constraints_ours.py TABLES.npz, JSON lines in and out.

A line asks for a problem, seconds and a seed: {"asked": …, "seconds": …, "seed": …}. With `peer`, another's orders,
it also tells what `verify` finds in them once `schedule` has timed them, and what the package says that they cost.
Each problem is first searched for one iteration, outside its seconds: kernels are compiled once on a machine.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from constraints_asked import problem_of

from routing import SolveOptions, solve
from routing.errors import RoutingError
from routing.plan.cost import plan_cost
from routing.plan.engines.worker import prepare
from routing.plan.model import Plan, Unassigned
from routing.plan.schedule import schedule
from routing.plan.verify import verify


def second_opinion(problem, orders):
    """Return codes of what is wrong with another's orders by the package's own clock and checker, and their cost."""
    served = {each for order in orders.values() for each in order}
    left = [stop.id for stop in problem.stops if stop.id not in served]
    routes = schedule(problem, orders)
    plan = Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=each, reason="COST", detail="left out by another") for each in left),
        cost=plan_cost(problem, routes, left),
    )
    wrong = sorted({f"{each.code} {each.where}" for each in verify(problem, plan)})
    return {"peer_faults": wrong, "peer_cost": plan.cost.total_cents}


def answer(told, tables):
    """Return what is found, or the words of the refusal."""
    problem = problem_of(told["asked"], tables)
    options = SolveOptions(time_limit_s=told["seconds"], seed=told["seed"], engine=told.get("engine", "ruin_recreate"))
    try:
        solve(problem, SolveOptions(time_limit_s=None, iterations=1, engine=options.engine))
        began = time.perf_counter()
        plan = solve(problem, options)
        found = {
            "orders": {name: list(order) for name, order in plan.orders().items()},
            "solve_s": time.perf_counter() - began,
            "cost": plan.cost.total_cents,
            "iterations": sum(run.iterations for run in plan.runs),
            "engines": [run.engine for run in plan.runs],
        }
    except RoutingError as error:
        found = {"failed": f"{type(error).__name__}: {error}"[:500]}
    if "peer" in told:
        try:
            found |= second_opinion(problem, told["peer"])
        except RoutingError as error:
            found |= {"peer_faults": [f"{type(error).__name__}: {error}"[:300]], "peer_cost": None}
    return found


def main():
    """Answer line by line."""
    with np.load(sys.argv[1]) as kept:
        tables = (kept["duration_s"], kept["distance_m"])
    prepare("ruin_recreate", wait=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), tables)), flush=True)


if __name__ == "__main__":
    main()
