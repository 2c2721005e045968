"""How planning grows with the stops of a day on real roads, and how soon a changed day is planned again.

    python tests/benchmarks/solver_growth.py --map MAP [growth|change|all] [--stops 50 200 …] [--seconds 10 60]

Stops lie on residential streets of the map, windows, services and loads are drawn by a seed, and one vehicle comes to
twenty stops. Each day is planned in a process of its own, by the library as users call it, with one thread on one core;
every plan is verified. Results are kept part by part, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from roads import Kept
from roads_maps import find_map, random_places
from roads_peers import default_cache, one_thread, pinned
from roads_speed import worker

from routing import read_osm

STOPS = (50, 100, 200, 500, 1000, 2000, 5000)
CHANGED = 300
STREETS = frozenset({"residential", "living_street", "unclassified"})


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("growth", "change", "all"), nargs="?", default="all")
    parser.add_argument("--map", default="porto", help="name or path of the map")
    parser.add_argument("--maps", type=Path, help="folder of the maps that are not embedded")
    parser.add_argument("--stops", nargs="+", type=int, default=list(STOPS))
    parser.add_argument("--seconds", nargs="+", type=float, default=[10.0, 60.0])
    parser.add_argument("--times", choices=("free", "day"), default="free", help="one table, or those of the day")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--keep", type=Path, help="file of results; in the cache folder if not given")
    parser.add_argument("--again", action="store_true", help="make the asked parts anew")
    parser.add_argument("--core", type=int, default=0)
    return parser.parse_args()


def files(options):
    """Return the saved network of the map and the file of its places, made where they are not there."""
    source, folder = find_map(options.map, options.maps), options.cache / "growth"
    if source is None:
        raise SystemExit(f"{options.map}: no such map here; name its folder with --maps")
    folder.mkdir(parents=True, exist_ok=True)
    name, count = source.name.split(".")[0], max(*options.stops, CHANGED) + 10
    saved, points = folder / f"{name}.network", folder / f"{name}-streets-{count}-{options.seed}.json"
    if not saved.exists():
        worker(options.core, "build", source, saved)
    if not points.exists():
        points.write_text(json.dumps(random_places(read_osm(source), count, options.seed, STREETS)))
    return saved, points


def day(options, what, saved, points, *words):
    """Return what one measured process tells."""
    script = Path(__file__).with_name("solver_growth_day.py")
    command = [sys.executable, str(script), what, str(saved), str(points), options.times, str(options.seed)]
    done = subprocess.run(
        [*pinned(options.core), *command, *map(str, words)], capture_output=True, text=True, env=one_thread()
    )
    if done.returncode:
        return {"failed": done.stderr.strip()[-300:]}
    return json.loads(done.stdout.splitlines()[-1])


def print_growth(rows):
    """Print one line for each count of stops and limit.

    `at once` and `first s` are the times to a verified plan, after the tables: by insertions alone, and by one step of
    a search, with the start of its process. `all MB` adds what the processes held at most.
    """
    print(
        f"{'stops':>6}{'vehicles':>9}{'snap s':>8}{'tables s':>9}{'at once':>8}{'first s':>8}{'unserved':>9}"
        f"{'limit':>7}{'took s':>8}{'cost':>11}{'of first':>9}{'unserved':>9}{'routes':>7}{'steps':>9}"
        f"{'own MB':>8}{'search MB':>10}{'all MB':>8}"
    )
    for told in rows:
        if "failed" in told:
            print(told["failed"])
            continue
        for plan in told["plans"]:
            print(
                f"{told['stops']:>6}{told['vehicles']:>9}{told['snap_s']:>8.2f}{told['tables_s']:>9.2f}"
                f"{told['at_once']['took_s']:>8.2f}{told['first']['took_s']:>8.2f}{told['first']['unserved']:>9}"
                f"{plan['limit_s']:>7.0f}{plan['took_s']:>8.1f}{plan['cost']:>11.2f}"
                f"{plan['cost'] / told['first']['cost']:>9.1%}"
                f"{plan['unserved']:>9}{plan['routes']:>7}{plan['iterations']:>9}{told['peak_mb']:>8.0f}"
                f"{told['search_mb'] or 0:>10.0f}{told['peak_mb'] + (told['search_mb'] or 0):>8.0f}"
            )


def print_changes(told):
    """Print what each change of the day costs, from the old plan and afresh."""
    if "failed" in told:
        print(told["failed"])
        return
    print(f"{told['stops']} stops, {told['vehicles']} vehicles; the plan before: {told['before']['cost']:.2f}")
    print(
        f"{'change':<12}{'from':<8}{'limit':>7}{'tables s':>9}{'took s':>8}{'cpu s':>7}"
        f"{'cost':>11}{'unserved':>9}{'moved':>7}"
    )
    for row in told["changes"]:
        print(
            f"{row['change']:<12}{row['start']:<8}{row['limit']:>7}{row['tables_s']:>9.2f}{row['took_s']:>8.3f}"
            f"{row['cpu_s']:>7.3f}{row['cost']:>11.2f}{row['unserved']:>9}{row['moved']:>7}"
        )


def main():
    """Make what is missing and print the tables."""
    options = read_options()
    kept = Kept(options.keep or options.cache / "solver-growth.json", options.again)
    saved, points = files(options)
    told = f"{saved.stem} {options.times} {options.seed}"
    if options.part in ("growth", "all"):
        limits = " ".join(f"{limit:g}" for limit in options.seconds)
        rows = [
            kept.of(
                f"growth {told} {stops} for {limits}",
                lambda stops=stops: day(options, "growth", saved, points, stops, *options.seconds),
            )
            for stops in options.stops
        ]
        print(f"== a day on {saved.stem}, times: {options.times}")
        print_growth(rows)
    if options.part in ("change", "all"):
        print(f"== a changed day on {saved.stem}, times: {options.times}; moved: stops that change vehicle")
        print_changes(kept.of(f"change {told}", lambda: day(options, "change", saved, points, CHANGED)))


if __name__ == "__main__":
    main()
