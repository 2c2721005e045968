"""Solve what `constraints_asked` describes with VROOM: vroom_asked_peer.py ASKED.json TABLES.npz EXPLORATION SECONDS.

Wants `pyvroom` 1.15; prints JSON. The clock starts when the data is ready; VROOM knows no seed, and ends by itself
where no seconds are given (0).
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import vroom


def step(stop):
    """Return one end of a shipment."""
    windows = [vroom.TimeWindow(*window) for window in stop["windows"]]
    return vroom.ShipmentStep(
        int(stop["id"][1:]), location=stop["place"], default_service=stop["service_s"], time_windows=windows
    )


def given(asked, duration_s):
    """Return VROOM's input."""
    wanted = vroom.Input()
    wanted.set_durations_matrix("car", duration_s)
    stops = {stop["id"]: stop for stop in asked["stops"]}
    skills = {skill: number for number, skill in enumerate(sorted({s for v in asked["vehicles"] for s in v["skills"]}))}
    of_shipments = {shipment[side] for shipment in asked["shipments"] for side in ("pickup", "delivery")}
    for number, vehicle in enumerate(asked["vehicles"]):
        costs = vroom.VehicleCosts(fixed=vehicle["fixed_cents"], per_hour=3_600 * vehicle["unit_cents"])
        wanted.add_vehicle(
            vroom.Vehicle(
                number,
                start=vehicle["start"],
                end=vehicle["end"],
                capacity=vehicle["capacity"],
                skills={skills[skill] for skill in vehicle["skills"]},
                time_window=vroom.TimeWindow(*vehicle["shift"]),
                breaks=[
                    vroom.Break(index, time_windows=[vroom.TimeWindow(opens, closes)], service=seconds)
                    for index, (opens, closes, seconds) in enumerate(vehicle["breaks"])
                ],
                costs=costs,
            )
        )
    for stop in asked["stops"]:
        if stop["id"] not in of_shipments:
            wanted.add_job(
                vroom.Job(
                    int(stop["id"][1:]),
                    location=stop["place"],
                    default_service=stop["service_s"],
                    delivery=vroom.Amount(stop["load"]),
                    pickup=vroom.Amount(stop["pickup"]),
                    skills={skills.get(skill, len(skills)) for skill in stop["skills"]},
                    priority=stop["priority"],
                    time_windows=[vroom.TimeWindow(*window) for window in stop["windows"]],
                )
            )
    for shipment in asked["shipments"]:
        pickup, delivery = stops[shipment["pickup"]], stops[shipment["delivery"]]
        wanted.add_shipment(
            step(pickup),
            step(delivery),
            amount=vroom.Amount(shipment["amount"]),
            skills={skills.get(skill, len(skills)) for skill in pickup["skills"]},
            priority=pickup["priority"],
        )
    return wanted


def main():
    """Print the answer."""
    asked = json.loads(Path(sys.argv[1]).read_text())
    with np.load(sys.argv[2]) as tables:
        duration_s = tables["duration_s"][np.ix_(asked["places"], asked["places"])].astype(np.uint32)
    wanted = given(asked, duration_s)
    began = time.perf_counter()
    limit = timedelta(seconds=float(sys.argv[4])) if float(sys.argv[4]) else None
    answer = wanted.solve(exploration_level=int(sys.argv[3]), nb_threads=1, timeout=limit)
    spent = time.perf_counter() - began
    told = answer.to_dict()
    orders = {
        asked["vehicles"][route["vehicle"]]["id"]: [
            f"S{each['id']}" for each in route["steps"] if each["type"] in ("job", "pickup", "delivery")
        ]
        for route in told["routes"]
    }
    print(json.dumps({"orders": orders, "solve_s": spent, "cost": told["summary"]["cost"]}))


if __name__ == "__main__":
    main()
