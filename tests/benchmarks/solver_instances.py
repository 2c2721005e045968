"""The instances of the solver's benchmark, read and checked without the package's code.

All numbers are whole: Euclidean distances are cut after the first decimal and counted in tenths, as in the DIMACS
challenge of 2022, and so are windows and services; EURO Meets NeurIPS 2022 (ORTEC) gives whole seconds.
"""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import dataclass

FAMILIES = ("ortec", "homberger", "solomon")
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold one instance: entry 0 is the depot, `unit` parts make one of the file's."""

    family: str
    name: str
    path: object
    unit: int
    capacity: int
    vehicles: int
    distance: list
    demand: list
    service: list
    window: list
    best: float

    @property
    def stops(self):
        """Return how many stops there are."""
        return len(self.demand) - 1

    def checked(self, routes):
        """Return cost in the file's unit, how many stops are unserved, and what is wrong in words."""
        faults, served, total = [], [], 0
        for number, route in enumerate(routes, start=1):
            now, at, load = self.window[0][0], 0, 0
            for stop in [*route, 0]:
                total += self.distance[at][stop]
                now = max(now + self.distance[at][stop], self.window[stop][0])
                if now > self.window[stop][1]:
                    faults.append(f"route {number} is at {stop} {now - self.window[stop][1]} too late")
                now, at, load = now + self.service[stop], stop, load + self.demand[stop]
            if load > self.capacity:
                faults.append(f"route {number} carries {load}")
            served += route
        if len(set(served)) < len(served) or not set(served) <= set(range(1, self.stops + 1)):
            faults.append("a stop is served twice or unknown")
        if len(routes) > self.vehicles:
            faults.append(f"{len(routes)} routes with {self.vehicles} vehicles")
        return total / self.unit, self.stops - len(set(served)), faults


def instances(folder, family, only):
    """Return the instances of a family whose names hold one of some words, in the order of their size."""
    best = json.loads((folder / "bks.json").read_text())[family]
    key = "best_known_cost" if family == "ortec" else "dimacs_distance"
    found = []
    for path in sorted((folder / family).iterdir()):
        name = path.name.removesuffix(".gz").removesuffix(".txt")
        if name in best and (not only or any(word in name for word in only)):
            read = _vrplib if family == "ortec" else _solomon
            found.append(Asked(family=family, name=name, path=path, best=best[name][key], **read(path)))
    return sorted(found, key=lambda asked: asked.stops)


def _vrplib(path):
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    where = {line.split()[0]: at for at, line in enumerate(lines) if line.strip()}
    count = int(lines[where["DIMENSION"]].split(":")[1])

    def rows(section):
        begin = where[section] + 1
        return [[int(cell) for cell in line.split()] for line in lines[begin : begin + count]]

    return {
        "unit": 1,
        "capacity": int(lines[where["CAPACITY"]].split(":")[1]),
        "vehicles": int(lines[where["VEHICLES"]].split(":")[1]),
        "distance": rows("EDGE_WEIGHT_SECTION"),
        "demand": [row[1] for row in rows("DEMAND_SECTION")],
        "service": [row[1] for row in rows("SERVICE_TIME_SECTION")],
        "window": [row[1:] for row in rows("TIME_WINDOW_SECTION")],
    }


def _solomon(path):
    rows = [line.split() for line in path.read_text().split("\n")]
    numbers = [[int(cell) for cell in row] for row in rows if row and all(cell.lstrip("-").isdigit() for cell in row)]
    (vehicles, capacity), places = numbers[0], numbers[1:]
    tenths = TENTHS * TENTHS
    return {
        "unit": TENTHS,
        "capacity": capacity,
        "vehicles": vehicles,
        "distance": [
            [math.isqrt(tenths * ((one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2)) for other in places]
            for one in places
        ],
        "demand": [place[3] for place in places],
        "service": [TENTHS * place[6] for place in places],
        "window": [[TENTHS * place[4], TENTHS * place[5]] for place in places],
    }
