"""Instances of our own roads: drawn days, and the arrival-time functions that our drives amount to.

Between changes of the speeds a drive takes as long as the table says, until it would end after the change. From there
on departures are halved until straight lines are within a second of the drives between them.
"""

from __future__ import annotations

import gzip
import json

import numpy as np
from roads_maps import find_map, random_places
from roads_speed import worker
from time_dependent_instances import SECOND_MS, at, read_instance

from routing import Location, RoadTravel, free_flow, load_network, read_osm, time_of_day, travel_matrix

HOUR_S = 3_600
SHIFT_S = (6 * HOUR_S, 12 * HOUR_S)
"""The morning's rush of the built-in speed table lasts from 7:00 to 9:30."""
OPENS_H = (6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0)
STREETS = frozenset({"residential", "living_street", "unclassified"})
FLEET_S = 4_500
"""What a vehicle costs at the default prices, in seconds of duty."""
CAPACITY = 90
NEAR_ENOUGH_S, FINEST_S = 1, 8
"""Lines are drawn until they miss a drive in their middle by no more, or are that short."""
DAYS = ("lauf-20-1h", "lauf-50-1h", "lauf-50-2h", "lauf-100-1h", "lauf-100-2h")
"""Map, stops and the length of all windows.

A drive into the rush is searched in 0.3 ms here, in 30 ms on Porto: the functions of `porto-20-1h` take about a quarter
of an hour, those of more stops more by the square.
"""


class RoadDay:
    """Hold a day on a map: its travel on the roads, and the instance that says the same in functions."""

    def __init__(self, name, options):
        map_name, count, hours = name.split("-")
        self.name, self.count, self.hours = name, int(count), int(hours[:-1])
        source, folder = find_map(map_name, options.maps), options.cache / "time-dependent"
        if source is None:
            raise SystemExit(f"{map_name}: no such map here; name its folder with --maps")
        folder.mkdir(parents=True, exist_ok=True)
        saved = folder / f"{map_name}.network"
        if not saved.exists():
            worker(options.core, "build", source, saved)
        network = load_network(saved)
        points = random_places(read_osm(source), 2 * self.count, options.seed, STREETS)
        self.places = joined(network, [Location(lat_deg=lat, lon_deg=lon) for lon, lat in points])[: self.count + 1]
        self.metric = time_of_day(network)
        self.travel = RoadTravel(network, self.metric, self.places, horizon_s=SHIFT_S)
        functions = folder / f"{map_name}-{count}-{options.seed}.atf.json.gz"
        if not functions.exists():
            self.write_functions(functions)
        path = folder / f"{name}-{options.seed}.vrp.json"
        self.write(path, functions, np.random.default_rng(options.seed))
        self.instance = read_instance(path)

    def about(self, functions):
        """Return what both files of an instance say."""
        name = functions.name.removesuffix(".atf.json.gz")
        horizon = [instant * SECOND_MS for instant in SHIFT_S]
        return {
            "instance_name": name,
            "benchmark_name": "Blauth2024",
            "num_customers": self.count,
            "horizon": horizon,
        }

    def write_functions(self, file):
        """Write the drives of all pairs in the form of MAMUT-routing."""
        content = {"format": "mamut-td-atf", "format_version": 1} | self.about(file) | {"arcs": self.arcs()}
        with gzip.open(file, "wt") as opened:
            json.dump(content, opened)

    def write(self, path, functions, rng):
        """Write stops and vehicles in the form of MAMUT-routing."""
        shift = [instant * SECOND_MS for instant in SHIFT_S]
        opens = (rng.choice(OPENS_H, self.count) * HOUR_S * SECOND_MS).astype(int).tolist()
        asked = self.about(functions) | {
            "instance_origin": "Blauth2024",
            "num_vehicles": None,
            "vehicle_capacity": CAPACITY,
            "coordinates": [[place.lon_deg, place.lat_deg] for place in self.places],
            "demands": [0, *rng.integers(1, 5, self.count).tolist()],
            "service_times": [0, *(rng.integers(60, 241, self.count) * SECOND_MS).tolist()],
            "depot": 0,
            "fleet_fixed_cost": FLEET_S * SECOND_MS,
            "time_windows": [shift, *([first, first + self.hours * HOUR_S * SECOND_MS] for first in opens)],
            "td": {"model": "atf-ndcpwlf", "atf_path": functions.name},
        }
        path.write_text(json.dumps(asked, indent=1))

    def arcs(self):
        """Return [from, to, departures, arrivals] of all pairs, in milliseconds."""
        size = len(self.places)
        pairs = [(i, j) for j in range(size) for i in range(size) if i != j]
        found = {pair: {} for pair in pairs}
        changes = [int(start) for start in self.metric.slice_start_s if SHIFT_S[0] < start < SHIFT_S[1]]
        # One slice after another, since the roads are prepared for each.
        ends_s = [*(change - 1 for change in changes), SHIFT_S[1]]
        for begin_s, end_s in zip([SHIFT_S[0], *changes], ends_s, strict=True):
            for pair in pairs:
                self.draw(pair, begin_s, end_s, found[pair])
        return [
            [*pair, *([each * SECOND_MS for each in side] for side in zip(*sorted(found[pair].items()), strict=True))]
            for pair in sorted(pairs)
        ]

    def draw(self, pair, begin_s, end_s, found):
        """Add departures and arrivals of a slice, between which the arrivals are all but on a line."""

        def arrive(depart_s):
            if depart_s not in found:
                found[depart_s] = depart_s + self.travel.leg(*pair, depart_s).duration_s
            return found[depart_s]

        turn_s = max(begin_s, end_s - (arrive(begin_s) - begin_s))
        pieces = [(turn_s, end_s)]
        while pieces:
            low_s, high_s = pieces.pop()
            middle_s = (low_s + high_s) // 2
            line_s = arrive(low_s) + (arrive(high_s) - arrive(low_s)) * (middle_s - low_s) / max(1, high_s - low_s)
            if high_s - low_s > FINEST_S and abs(arrive(middle_s) - line_s) > NEAR_ENOUGH_S:
                pieces += [(low_s, middle_s), (middle_s, high_s)]

    def missed_s(self, count, seed):
        """Return by how many seconds the functions miss drives at random departures, half of them before changes."""
        rng = np.random.default_rng(seed)
        pairs = sorted(self.instance.arcs)
        changes = [int(start) for start in self.metric.slice_start_s if SHIFT_S[0] < start < SHIFT_S[1]]
        missed = []
        for number in range(count):
            pair = pairs[rng.integers(len(pairs))]
            depart_s = int(rng.integers(*SHIFT_S))
            if number % 2:
                depart_s = int(rng.choice(changes) - rng.integers(0, self.travel.leg(*pair, depart_s).duration_s + 1))
            function_s = at(depart_s * SECOND_MS, *self.instance.arcs[pair]) / SECOND_MS
            missed.append(function_s - depart_s - self.travel.leg(*pair, depart_s).duration_s)
        return missed


def joined(network, places):
    """Return the places that have roads to and from the one that most have roads to and from."""
    reached = travel_matrix(network, free_flow(network), places).reachable
    both = reached & reached.T
    return [place for place, kept in zip(places, both[both.sum(axis=1).argmax()], strict=True) if kept]
