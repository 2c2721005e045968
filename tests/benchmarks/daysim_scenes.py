"""The maps of the simulated days: their networks, depots, and the speeds that everybody expects there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from roads_maps import find_map

from routing.interface.calibration import calibrate_traces
from routing.interface.network_cache import NetworkCache
from routing.interface.planning import network_for
from routing.interface.read_inputs import open_map, time_zone_of
from routing.interface.read_speed_tables import speed_lines
from routing.interface.read_traces import read_traces
from routing.network.location import Location
from routing.simulate.scenario import CLASSES, Scenario
from routing.travel.speed_table import DEFAULT_SPEED_TABLE
from routing.units import wall_clock_instant

FRIDAY = date(2026, 11, 27)
DEPOTS = {
    "monaco": Location(lat_deg=43.7285, lon_deg=7.4145),
    "porto": Location(lat_deg=41.1722, lon_deg=-8.6530),
}
"""Fontvieille; the industrial zone of Ramalde."""
TRACES = {"porto": "traffic/porto_taxi_1000/train-1000.csv"}
"""Taxi trips from which the rush hour of a map is learned; other maps take the built-in table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Hold a map ready to be simulated on."""

    name: str
    network: object
    time_zone: str
    contents: dict
    sha256: dict

    def scenario(self, *, kind, size, windows, seed):
        """Return a scenario on this map; calm days are Sundays."""
        day = FRIDAY + timedelta(days=2) if CLASSES[kind].sunday else FRIDAY
        return Scenario(
            kind=kind,
            size=size,
            windows=windows,
            seed=seed,
            date=day.isoformat(),
            time_zone=self.time_zone,
            depot=DEPOTS[self.name],
            midnight_s=wall_clock_instant(day, 0, self.time_zone),
        )


def open_scene(name, data, cache):
    """Return a map by name; `data` is the folder of maps and traces that are not embedded."""
    file = find_map(name, data / "maps" if data else None)
    if file is None:
        raise SystemExit(f"no map {name}: give --data FOLDER, which holds maps/ and traffic/")
    kept = NetworkCache.at(None)
    network = network_for(open_map(file, cache=kept, on_progress=_silent), "van", cache=kept)
    zone = time_zone_of(network.bbox_deg)
    digests = {file.name: _sha256(file)}
    contents = {}
    if name in TRACES:
        traces = data / TRACES[name]
        digests[traces.name] = _sha256(traces)
        contents = {"speeds": _learned(network, traces, zone, cache / f"{name}-{digests[traces.name][:12]}.csv")}
    return Scene(name=name, network=network, time_zone=zone, contents=contents, sha256=digests)


def _learned(network, traces, zone, kept: Path):
    """Return the table of speeds that traces teach, as CSV; learned once."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = calibrate_traces(network, read_traces(traces, time_zone=zone), DEFAULT_SPEED_TABLE, time_zone=zone)
        partial = kept.with_suffix(".partial")
        partial.write_text("".join(f"{line}\n" for line in speed_lines(made.table)))
        partial.rename(kept)
    return kept.read_bytes()


def _sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _silent(*_):
    return None
