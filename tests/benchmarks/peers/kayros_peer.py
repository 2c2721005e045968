"""KAYROS and the judge it ships with, on instances of MAMUT-routing; prints JSON.

kayros_peer.py solve INSTANCE SECONDS SEED      routes, cost and seconds; the clock starts when the data is ready
kayros_peer.py judge INSTANCE PLANS             PLANS: file with a list of plans, each a list of routes

Wants `kayros` 1.6 (MIT). Costs and durations are milliseconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import kayros
from mamut_routing_lib.enums import ObjectiveFunction
from mamut_routing_lib.models import BenchmarkSolution
from mamut_routing_lib.td import check_td_solution, load_td_instance


def solved(asked, seconds, seed):
    """Return what KAYROS finds under its own default search."""
    params = kayros.Params(objective="fleet_cost_duration")
    began = time.perf_counter()
    found = kayros.solve(asked, params, time_limit=seconds, seed=seed)
    return {"routes": found.routes, "cost": found.duration, "solve_s": time.perf_counter() - began}


def judged(asked, routes):
    """Return cost and durations of a plan by the reference checker, or what is wrong with it."""
    plan = BenchmarkSolution(instance_name=asked.instance.instance_name, routes=routes)
    told = check_td_solution(asked, plan, ObjectiveFunction.FLEET_COST_DURATION)
    return {
        "cost": told.routing_cost,
        "durations": [each.duration for each in told.route_evaluations],
        "fault": told.error_message,
    }


def main():
    """Print the answer."""
    verb, instance, *words = sys.argv[1:]
    asked = load_td_instance(Path(instance), verify_sha256=False)
    if verb == "solve":
        print(json.dumps(solved(asked, float(words[0]), int(words[1]))))
    else:
        print(json.dumps([judged(asked, routes) for routes in json.loads(Path(words[0]).read_text())]))


if __name__ == "__main__":
    main()
