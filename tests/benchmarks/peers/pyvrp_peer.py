"""Solve an instance with PyVRP: pyvrp_peer.py INSTANCE.json SECONDS SEED; prints routes and seconds as JSON.

Wants `pyvrp` 0.14. The clock starts when the data is ready, as it does for the others.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime


def main():
    """Print the answer."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    distance, window = np.array(asked["distance"]), asked["window"]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in window],
        [
            pyvrp.Client(
                stop,
                delivery=[asked["demand"][stop]],
                service_duration=asked["service"][stop],
                tw_early=window[stop][0],
                tw_late=window[stop][1],
            )
            for stop in range(1, len(window))
        ],
        [pyvrp.Depot(0, tw_early=window[0][0], tw_late=window[0][1])],
        [pyvrp.VehicleType(asked["vehicles"], [asked["capacity"]], 0, 0, tw_early=window[0][0], tw_late=window[0][1])],
        [distance],
        [distance],
    )
    began = time.perf_counter()
    found = pyvrp.solve(data, MaxRuntime(float(sys.argv[2])), seed=int(sys.argv[3]), display=False)
    spent = time.perf_counter() - began
    routes = [[int(activity.idx) + 1 for activity in route if activity.is_client()] for route in found.best.routes()]
    print(json.dumps({"routes": routes, "solve_s": spent}))


if __name__ == "__main__":
    main()
