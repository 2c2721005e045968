"""Hold the solver beside PyVRP, VROOM and plain OR-Tools on real and classic instances, and beside the best known.

    python tests/benchmarks/solver.py --data FOLDER [--family ortec …] [--seconds 10] [--seeds 1 2] [--solvers ours …]

FOLDER has `bks.json` and the folders `ortec`, `homberger` and `solomon`. Ours is the command `routing vrplib` as users
have it; the peers (the extra `bench`) search for the same seconds. Everything runs with one thread, pinned to one core.
The seconds count from where the data is ready: importing, compiling and reading are outside for all.
All solutions are checked and priced by code that shares nothing with ours. Each run is a line of a file, so that a
benchmark that was stopped, or is run in parts, goes on where it was; `--again SOLVER` makes the asked runs anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from roads_peers import SCRIPTS, default_cache, one_thread, pinned
from solver_instances import FAMILIES, instances
from solver_tables import print_tables

PLANS = {"ortec": ((10, 60), (1, 2)), "homberger": ((60,), (1,)), "solomon": ((5,), (1,))}
"""Seconds and seeds of each family."""
SOLVERS = ("ours", "ortools", "pyvrp", "vroom")
SEEDLESS = "vroom"
ROUTING = "from routing.interface.cli import main; main()"
SLACK_S = 300
"""A run that ends so much later than asked for is given up."""


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of bks.json and the families")
    parser.add_argument("--family", nargs="+", choices=FAMILIES, default=FAMILIES)
    parser.add_argument("--only", nargs="+", default=[], help="words of names of instances")
    parser.add_argument("--seconds", nargs="+", type=float, help="other limits than each family's own")
    parser.add_argument("--seeds", nargs="+", type=int)
    parser.add_argument("--solvers", nargs="+", choices=SOLVERS, default=SOLVERS)
    parser.add_argument("--keep", type=Path, help="file of results, a line each; in the cache folder if not given")
    parser.add_argument("--again", nargs="+", choices=SOLVERS, default=[], help="make the runs of these anew")
    parser.add_argument("--report", action="store_true", help="run nothing, print what is kept")
    parser.add_argument("--core", type=int, default=0)
    return parser.parse_args()


def command(solver, asked, given, seconds, seed):
    """Return the words that make one run."""
    if solver in ("pyvrp", "vroom"):
        return [sys.executable, str(SCRIPTS / f"{solver}_peer.py"), str(given), str(seconds), str(seed)]
    engine = ["--engine", "ortools"] if solver == "ortools" else []
    limits = ["--time-limit", str(seconds), "--seed", str(seed), "--json"]
    return [sys.executable, "-c", ROUTING, "vrplib", str(asked.path), *limits, *engine]


def run(solver, asked, seconds, seed, core):
    """Return the record of one run, checked."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "instance.json"
        figures = ("capacity", "vehicles", "distance", "demand", "service", "window")
        given.write_text(json.dumps({name: getattr(asked, name) for name in figures}))
        words = [*pinned(core), *command(solver, asked, given, seconds, seed)]
        began = time.perf_counter()
        try:
            done = subprocess.run(
                words, capture_output=True, text=True, env=one_thread(), timeout=seconds * 2 + SLACK_S
            )
        except subprocess.TimeoutExpired:
            return {"failed": f"no answer after {seconds * 2 + SLACK_S:g} s"}
        wall_s = time.perf_counter() - began
    if done.returncode:
        return {"failed": done.stderr.strip()[-500:]}
    told = json.loads(done.stdout.splitlines()[-1])
    cost, unserved, faults = asked.checked(told["routes"])
    return {
        "cost": cost,
        "vehicles": len(told["routes"]),
        "unserved": unserved,
        "faults": faults[:3],
        "best": asked.best,
        "stops": asked.stops,
        "solve_s": told["solve_s"],
        "wall_s": wall_s,
        "iterations": sum(each["iterations"] for each in told.get("runs", [])),
    }


def version():
    """Return the commit that is measured, empty where there is none."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    return done.stdout.strip()


def wanted(options):
    """Yield what is asked for: family, instance, seconds, seed and solver."""
    for family in options.family:
        seconds, seeds = PLANS[family]
        for asked in instances(options.data, family, options.only):
            for limit in options.seconds or seconds:
                for seed in options.seeds or seeds:
                    for solver in options.solvers:
                        if solver != SEEDLESS or seed == (options.seeds or seeds)[0]:
                            yield asked, float(limit), seed, solver


def key(record):
    """Return what tells one run from another."""
    return tuple(record[name] for name in ("family", "instance", "seconds", "seed", "solver"))


def read_kept(file):
    """Return the last record of each run."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {key(record): record for record in map(json.loads, lines)}


def main():
    """Make what is missing and print the tables."""
    options = read_options()
    file = options.keep or default_cache() / "solver.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    kept, code = read_kept(file), version()
    for asked, seconds, seed, solver in [] if options.report else wanted(options):
        told = {"family": asked.family, "instance": asked.name, "seconds": seconds, "seed": seed, "solver": solver}
        if key(told) in kept and solver not in options.again:
            continue
        print(f"… {asked.name} {solver} {seconds:g} s, seed {seed}", end=" ", flush=True)
        record = told | {"version": code} | run(solver, asked, seconds, seed, options.core)
        kept[key(record)] = record
        with file.open("a") as lines:
            lines.write(json.dumps(record) + "\n")
        print(record.get("failed") or f"{record['cost']:g}, {record['unserved']} unserved {record['faults'] or ''}")
    print_tables([record for record in kept.values() if record["family"] in options.family])


if __name__ == "__main__":
    main()
