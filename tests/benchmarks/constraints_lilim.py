"""Li and Lim's pickup and delivery by `routing vrplib`, read and checked without the package's code."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from itertools import pairwise
from statistics import mean

from constraints_keep import on_cores
from roads_peers import one_thread, pinned

ROUTING = "from routing.interface.cli import main; main()"
SECONDS = 60.0
SLACK_S = 400
"""A run that ends so much later than asked for is given up: the first one compiles."""
NEAR = 1e-6
BAR_RATIO, BAR_COUNT = 1.01, 5


def run_lilim(options, kept):
    """Run what is missing."""
    if options.data is None:
        print("lilim: name the folder of bks.json and lilim with --data")
        return
    best = json.loads((options.data / "bks.json").read_text())["lilim"]
    seconds = options.seconds or SECONDS
    names = [name for name in sorted(best) if not options.only or any(word in name for word in options.only)]

    def work(name, core):
        path = options.data / "lilim" / f"{name}.txt"
        told = {"part": "lilim", "name": name, "solver": "ours", "limit": f"{seconds:g} s, seed {options.seed}"}
        known = {"best_vehicles": best[name]["sintef"]["vehicles"], "best_cost": best[name]["sintef"]["distance"]}
        kept.of(told, lambda: known | _solved(path, seconds, options.seed, core))

    on_cores(options.cores, names, work)


def _solved(path, seconds, seed, core):
    words = [sys.executable, "-c", ROUTING, "vrplib", str(path), "--time-limit", str(seconds), "--seed", str(seed)]
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [*pinned(core), *words, "--json"],
            capture_output=True,
            text=True,
            env=one_thread(),
            timeout=seconds + SLACK_S,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"no answer after {seconds + SLACK_S:g} s"}
    if done.returncode:
        return {"failed": done.stderr.strip()[-500:] or done.stdout.strip()[-500:]}
    told = json.loads(done.stdout.splitlines()[-1])
    distance, unserved, faults = checked(path.read_text(), told["routes"])
    return {
        "vehicles": len(told["routes"]),
        "cost": distance,
        "unserved": unserved,
        "faults": faults[:3],
        "iterations": sum(run["iterations"] for run in told["runs"]),
        "solve_s": told["solve_s"],
        "wall_s": time.perf_counter() - began,
    }


def checked(text, routes):
    """Return the distance of routes, how many tasks are unserved, and what is wrong in words."""
    (most, capacity, _), *tasks = [[int(cell) for cell in line.split()] for line in text.splitlines() if line.strip()]
    faults, total, seen = [], 0.0, {}
    for number, route in enumerate(routes, start=1):
        now, load, at = float(tasks[0][4]), 0, 0
        for before, task in pairwise([0, *route, 0]):
            leg = math.dist(tasks[before][1:3], tasks[task][1:3])
            total += leg
            now = max(now + leg, tasks[task][4])
            if now > tasks[task][5] + NEAR:
                faults.append(f"route {number} is at {task} {now - tasks[task][5]:.3f} too late")
            now, load = now + tasks[task][6], load + tasks[task][3]
            if load > capacity:
                faults.append(f"route {number} carries {load}")
            if task:
                if task in seen:
                    faults.append(f"task {task} is served twice")
                seen[task] = (number, at)
                at += 1
    for task, (*_, pickup, delivery) in enumerate(tasks):
        if task and delivery and seen.get(task, (0, 0))[0] != seen.get(delivery, (0, 0))[0]:
            faults.append(f"{task} and {delivery} are on two routes")
        if pickup and seen.get(task, (0, 1))[1] < seen.get(pickup, (0, 0))[1]:
            faults.append(f"{task} comes before {pickup}")
    if len(routes) > most:
        faults.append(f"{len(routes)} routes with {most} vehicles")
    return total, len(tasks) - 1 - len(seen), faults


def print_lilim(records):
    """Print one line for each instance, and whether the bar is kept."""
    print("\n== Li and Lim, vehicles first, then distance")
    print(f"{'instance':<12}{'limit':>14}{'best known':>16}{'ours':>16}{'distance':>9}{'unserved':>9}{'steps':>10}")
    good = []
    for record in sorted(records, key=lambda record: record["name"]):
        if "failed" in record:
            print(f"{record['name']:<12}{record['limit']:>14}  {record['failed']}")
            continue
        ratio = record["cost"] / record["best_cost"]
        print(
            f"{record['name']:<12}{record['limit']:>14}{record['best_vehicles']:>5}{record['best_cost']:>11.2f}"
            f"{record['vehicles']:>5}{record['cost']:>11.2f}{ratio - 1:>+9.2%}{record['unserved']:>9}"
            f"{record['iterations']:>10,}  {' '.join(record['faults'])}"
        )
        if record["vehicles"] <= record["best_vehicles"] and not record["unserved"] and not record["faults"]:
            good.append(ratio)
    near = sum(ratio <= BAR_RATIO for ratio in good)
    print(f"best known vehicles on {len(good)} of {len(records)}", end="")
    print(f", there mean distance {mean(good) - 1:+.2%}, within 1 % on {near}" if good else "")
    print(f"bar: best known vehicles on 5 of 6, distance within 1 %: {'kept' if near >= BAR_COUNT else 'MISSED'}")
