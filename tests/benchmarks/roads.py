"""Hold the roads beside OSRM, Valhalla, NetworkX and SciPy: agreement, speed, and growth with the map.

    python tests/benchmarks/roads.py [agreement|speed|growth|all] [--maps FOLDER] [--only porto …] [--keep FILE]

Peers run in virtual environments that this command makes with a Python of 3.12 or newer, in a cache folder; where
there is none it says so and goes on. Everything is pinned to one core. Results are kept in a file, part by part, so
that a run that was stopped goes on where it was; `--again` makes the asked parts anew.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from roads_agreement import agreement, print_agreement
from roads_growth import growth, print_growth, tiled
from roads_maps import NAMES, find_map
from roads_peers import default_cache, find_peer
from roads_speed import SpeedRun, print_speed

PARTS = ("agreement", "speed", "growth")


class Kept:
    """Keep results by part in a JSON file."""

    def __init__(self, file, again):
        self.file = file
        self.again = again
        self.parts = json.loads(file.read_text()) if file.exists() else {}

    def of(self, part, make):
        """Return a part's result, made and written where it is not there."""
        if part not in self.parts or self.again:
            print(f"… {part}", flush=True)
            self.parts[part] = make()
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(json.dumps(self.parts, indent=1))
        return self.parts[part]


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=(*PARTS, "all"), nargs="?", default="all")
    parser.add_argument("--maps", type=Path, help="folder of the maps that are not embedded")
    parser.add_argument("--only", nargs="+", default=list(NAMES), help="names of maps, or paths of others")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--keep", type=Path, help="file of results; in the cache folder if not given")
    parser.add_argument("--again", action="store_true", help="make the asked parts anew")
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--largest", type=int, default=10, help="how many differences to describe")
    parser.add_argument("--explain", choices=("routability", "duration"), default="routability")
    parser.add_argument("--speed-map", default="porto", help="map of the speed table and of the tiling")
    parser.add_argument("--core", type=int, default=0)
    return parser.parse_args()


def main():
    """Make and print the tables."""
    options = read_options()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})
    options.cache.mkdir(parents=True, exist_ok=True)
    kept = Kept(options.keep or options.cache / "results.json", options.again)
    osrm, valhalla = (find_peer(name, options.cache, options.core) for name in ("osrm", "valhalla"))
    found = {name: find_map(name, options.maps) for name in options.only}
    for name in [name for name, file in found.items() if file is None]:
        print(f"{name}: no such map here; name its folder with --maps")
    files = {name: file for name, file in found.items() if file is not None}
    if options.part in ("agreement", "all"):
        rows = []
        for name, file in files.items():
            part = f"agreement {name} {options.pairs} {options.seed}"
            some, words = kept.of(part, lambda file=file: agreement(file, osrm, valhalla, options))
            rows += some
            print("\n".join([f"== {name}", *words]))
        print_agreement(rows)
    if options.part in ("speed", "all"):
        for name in [options.speed_map] if options.speed_map in files else []:
            print(f"== speed on {name}")
            print_speed(SpeedRun(files[name], find_map("helsinki", None), osrm, valhalla, options, kept).run())
    if options.part in ("growth", "all"):
        print("== growth")
        if options.speed_map in files:
            files[f"{options.speed_map} tiled"] = tiled(files[options.speed_map], options.cache)
        print_growth(
            {
                name: kept.of(f"growth {name}", lambda name=name, file=file: growth(name, file, options))
                for name, file in files.items()
            }
        )


if __name__ == "__main__":
    main()
