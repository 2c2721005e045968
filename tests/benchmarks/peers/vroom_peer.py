"""Solve an instance with VROOM: vroom_peer.py INSTANCE.json SECONDS; prints routes and seconds as JSON.

Wants `pyvroom` 1.15. The most thorough exploration, cut by the limit; VROOM knows no seed.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import vroom


def main():
    """Print the answer."""
    given = json.loads(Path(sys.argv[1]).read_text())
    window, asked = given["window"], vroom.Input()
    distance = np.array(given["distance"], np.uint32)
    asked.set_durations_matrix("car", distance)
    asked.set_costs_matrix("car", distance)
    for vehicle in range(given["vehicles"]):
        asked.add_vehicle(
            vroom.Vehicle(
                vehicle, start=0, end=0, capacity=[given["capacity"]], time_window=vroom.TimeWindow(*window[0])
            )
        )
    for stop in range(1, len(window)):
        asked.add_job(
            vroom.Job(
                stop,
                location=stop,
                default_service=given["service"][stop],
                delivery=vroom.Amount([given["demand"][stop]]),
                time_windows=[vroom.TimeWindow(*window[stop])],
            )
        )
    began = time.perf_counter()
    answer = asked.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=float(sys.argv[2])))
    spent = time.perf_counter() - began
    routes = {}
    for vehicle, kind, job in zip(answer.routes["vehicle_id"], answer.routes["type"], answer.routes["id"], strict=True):
        if kind == "job":
            routes.setdefault(int(vehicle), []).append(int(job))
    print(json.dumps({"routes": list(routes.values()), "solve_s": spent}))


if __name__ == "__main__":
    main()
