"""A town of five by five streets, 400 m apart, for days that are simulated: all of it is made in a moment."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from ascii_map import build

from routing.network.location import Location
from routing.network.road_network import RoadNetwork
from routing.simulate.scenario import Scenario
from routing.simulate.world import World, make_world
from routing.travel.speed_table import time_of_day

ROWS = ("ABCDE", "FGHIJ", "KLMNO", "PQRST", "UVWXY")
DRAWING = "\n\n\n\n".join("   ".join(row) for row in ROWS)
MIDNIGHT_S = 1_795_737_600
"""2026-11-27 00:00 UTC, a Friday."""
DEPOT = Location(lat_deg=-0.0001, lon_deg=0.0001)


@cache
def town() -> RoadNetwork:
    columns = ["".join(row[number] for row in ROWS) for number in range(5)]
    ways = {row: {"highway": "residential"} for row in ROWS} | {line: {"highway": "tertiary"} for line in columns}
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder), DRAWING, ways)


def scenario(kind="D5", *, size="S", seed=1, windows="W2") -> Scenario:
    return Scenario(kind=kind, size=size, windows=windows, seed=seed, depot=DEPOT, midnight_s=MIDNIGHT_S)


@cache
def world(kind="D5", seed=1) -> World:
    base = time_of_day(town(), date=date(2026, 11, 27), time_zone="UTC")
    return make_world(town(), base, scenario(kind, seed=seed))
