"""Plain problems by this commit and by an earlier one, in pairs: the same iterations, and their pace."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean, median

from constraints_porto import kept_tables
from roads_peers import one_thread, pinned

ROUTING = "from routing.interface.cli import main; main()"
HERE = Path(__file__).parents[2]
FILES = (
    ("solomon", "r104"),
    ("solomon", "rc104"),
    ("solomon", "r208"),
    ("solomon", "rc204"),
    ("ortec", "ORTEC-VRPTW-ASYM-9016f313-d1-n200-k20"),
    ("ortec", "ORTEC-VRPTW-ASYM-d0b8103f-d1-n299-k21"),
    ("ortec", "ORTEC-VRPTW-ASYM-c0f56186-d1-n499-k31"),
)
DAY, DAY_STOPS = "porto day", 150
SECONDS = 5.0
BAR = 0.7


def run_speed(options, kept):
    """Run what is missing: first a run for the seconds tells how many iterations each pair makes."""
    if options.before is None:
        print("speed: name an earlier commit with --before")
        return
    before, core = _tree(options.before, options.cache), options.cores[0]
    seconds = options.seconds or SECONDS
    for name, words in _asked(options):
        if options.only and not any(word in name for word in options.only):
            continue
        told = {"part": "speed", "name": name, "limit": f"{seconds:g} s"}
        first = kept.of(
            told | {"solver": "count"}, lambda words=words: _one(HERE, words, ["--time-limit", str(seconds)], core)
        )
        count = ["--iterations", str(first["iterations"])]
        for number in range(options.rounds):
            # Whoever runs second may find the machine warmer.
            sides = (("now", HERE), ("before", before))[:: 1 if number % 2 else -1]
            for side, tree in sides:
                kept.of(
                    told | {"solver": f"{side} {number}"},
                    lambda words=words, tree=tree, count=count: _one(tree, words, count, core),
                )


def _asked(options):
    """Yield the name of each problem and the words that solve it, without its budget."""
    for family, name in FILES:
        found = [] if options.data is None else sorted((options.data / family).glob(f"{name}.txt*"))
        for path in found:
            yield name.removeprefix("ORTEC-VRPTW-ASYM-"), ["-c", ROUTING, "vrplib", str(path), "--json", "--seed", "1"]
    script = Path(__file__).with_name("constraints_plain_day.py")
    tables = kept_tables(options.cache, options.maps)
    yield f"{DAY}, {DAY_STOPS} stops", [str(script), str(tables), str(DAY_STOPS)]


def _one(tree, words, budget, core):
    environment = one_thread() | {"PYTHONPATH": str(tree)}
    done = subprocess.run(
        [*pinned(core), sys.executable, *words, *budget], capture_output=True, text=True, env=environment, cwd=tree
    )
    if done.returncode:
        raise SystemExit(f"{words}: {done.stderr.strip()[-1000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        "iterations": sum(run["iterations"] for run in told["runs"]),
        "solve_s": told["solve_s"],
        "cost": told["cost"],
        "vehicles": len(told["routes"]),
        "routes": told["routes"],
    }


def _tree(commit, cache):
    """Return a folder with the files of an earlier commit."""
    folder = cache / f"before-{commit}"
    if not folder.exists():
        folder.mkdir(parents=True)
        files = subprocess.run(["git", "archive", commit], cwd=HERE, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(folder)], input=files, check=True)
    return folder


def print_speed(records):
    """Print the pace of both sides of each pair, and whether the plans are the same."""
    print("\n== plain problems, now and before: the same iterations")
    print(f"{'problem':<24}{'iterations':>11}{'before /s':>11}{'now /s':>11}{'ratio':>8}{'of pairs':>18}  plans")
    problems = defaultdict(dict)
    for record in records:
        problems[record["name"], record["limit"]][record["solver"]] = record
    ratios = []
    for (name, _), runs in problems.items():
        numbers = sorted(
            int(solver.split()[1])
            for solver in runs
            if solver.startswith("now ") and solver.replace("now", "before") in runs
        )
        pairs = [(runs[f"before {number}"], runs[f"now {number}"]) for number in numbers]
        if not pairs:
            continue
        paces = [tuple(run["iterations"] / run["solve_s"] for run in pair) for pair in pairs]
        each = [now / before for before, now in paces]
        ratios.append(median(each))
        same = all(before["routes"] == now["routes"] for before, now in pairs)
        cost = f"other plans, cost {pairs[0][1]['cost'] / pairs[0][0]['cost'] - 1:+.2%}"
        before, now = (median(pace[side] for pace in paces) for side in (0, 1))
        print(
            f"{name:<24}{pairs[0][1]['iterations']:>11,}{before:>11,.0f}{now:>11,.0f}{ratios[-1]:>8.1%}"
            f"{min(each):>9.1%} to {max(each):.1%}  {'the same' if same else cost}"
        )
    if ratios:
        words = "kept" if min(ratios) >= BAR else "MISSED"
        print(f"mean {mean(ratios):.1%}, least {min(ratios):.1%}; bar: {BAR:.0%} at least: {words}")
