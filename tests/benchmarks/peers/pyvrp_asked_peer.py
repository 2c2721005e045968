"""Solve what `constraints_asked` describes with PyVRP: pyvrp_asked_peer.py ASKED.json TABLES.npz SECONDS SEED.

Wants `pyvrp` 0.14; prints JSON. The clock starts when the data is ready. Every client is optional, for the prize that
leaving it out costs.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

HOUR_S = 3_600
BOUNDLESS = np.iinfo(np.int64).max


def kind(vehicle):
    """Return what vehicles have in common that are of one type to PyVRP."""
    depots = [int(depot[1:]) for depot in vehicle["reload_depots"]]
    limit = vehicle["duration_limit_s"]
    return {
        "capacity": tuple(vehicle["capacity"]),
        "start_depot": vehicle["start"],
        "end_depot": vehicle["end"],
        "fixed_cost": vehicle["fixed_cents"],
        "tw_early": vehicle["shift"][0],
        "tw_late": vehicle["shift"][1],
        "shift_duration": BOUNDLESS if limit is None else limit,
        "unit_distance_cost": vehicle["unit_cents"],
        "reload_depots": tuple(depots),
        "max_reloads": vehicle["reloads_limit"] or 0,
    }


def given(asked, duration_s, distance_m):
    """Return PyVRP's data; depot k is at place k, and clients stand in the order of the stops."""
    count = Counter(tuple(kind(vehicle).items()) for vehicle in asked["vehicles"])
    types = [
        pyvrp.VehicleType(
            number,
            unit_duration_cost=asked["duty_cents_per_h"] // HOUR_S,
            **{name: list(value) if isinstance(value, tuple) else value for name, value in alike},
        )
        for alike, number in count.items()
    ]
    clients = [
        pyvrp.Client(
            stop["place"],
            delivery=stop["load"],
            pickup=stop["pickup"],
            service_duration=stop["service_s"],
            tw_early=stop["windows"][0][0],
            tw_late=stop["windows"][0][1],
            prize=stop["unserved_cents"],
            required=False,
        )
        for stop in asked["stops"]
    ]
    depots = [pyvrp.Depot(depot["place"]) for depot in asked["depots"]]
    places = [pyvrp.Location(0, 0) for _ in asked["places"]]
    data = pyvrp.ProblemData(places, clients, depots, types, [distance_m], [duration_s])
    return data, list(count)


def orders_of(asked, kinds, solution):
    """Return ids of stops and depots by vehicle; a route goes to the first idle vehicle of its type."""
    idle = [[each["id"] for each in asked["vehicles"] if tuple(kind(each).items()) == alike] for alike in kinds]
    orders = {}
    for route in solution.routes():
        halts = [
            asked["stops"][each.idx]["id"] if each.is_client() else asked["depots"][each.idx]["id"]
            for each in list(route)
        ]
        orders[idle[route.vehicle_type()].pop(0)] = halts[1:-1]
    return orders


def main():
    """Print the answer."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    with np.load(sys.argv[2]) as tables:
        pairs = np.ix_(asked["places"], asked["places"])
        duration_s, distance_m = (tables[name][pairs].astype(np.int64) for name in ("duration_s", "distance_m"))
    data, kinds = given(asked, duration_s, distance_m)
    began = time.perf_counter()
    found = pyvrp.solve(data, MaxRuntime(float(sys.argv[3])), seed=int(sys.argv[4]), display=False)
    spent = time.perf_counter() - began
    orders = orders_of(asked, kinds, found.best)
    print(json.dumps({"orders": orders, "solve_s": spent, "cost": found.cost()}))


if __name__ == "__main__":
    main()
