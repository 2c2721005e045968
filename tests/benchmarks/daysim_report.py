"""What simulated days amount to: the table over seeds, the curve of cost against nervousness, the manifest."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np

from routing.simulate.calibration import Calibration
from routing.simulate.metrics import closed_gap

VERSIONS = ("routing", "numpy", "numba", "ortools", "pyvrp", "pyvroom")
SINGLE_STOP = {
    "stop_added", "stop_cancelled", "window_changed", "stop_changed", "customer_unavailable", "visit_failed",
    "vehicle_position", "visit_started", "visit_served", "vehicle_arrived", "vehicle_departed",
}  # fmt: skip
"""Events that leave road times as they are."""
DEAR = 1.5
"""Policies that cost so many times as much as ours would press all others into one corner of the picture."""
CALM = 0.2
"""Nervousness at which costs are compared, in changes per stop and day."""


def write_manifest(options, scene):
    """Write what the results were made with, once for each map and commit."""
    told = {
        "commit": _run("git", "rev-parse", "HEAD"),
        "changed_files": _run("git", "status", "--porcelain", "--untracked-files=no").splitlines(),
        "versions": {name: _version(name) for name in VERSIONS} | {"python": platform.python_version()},
        "cpu": _cpu(),
        "map": scene.name,
        "jobs": options.jobs,
        "sha256": scene.sha256,
    }
    file = options.out / "manifest.jsonl"
    line = json.dumps(told, sort_keys=True)
    if not file.exists() or line not in file.read_text().splitlines():
        with file.open("a") as opened:
            opened.write(line + "\n")


def report(options):
    """Print a table for each map, kind, size, windows and budget, and draw its curve."""
    file = options.out / "days.jsonl"
    groups = defaultdict(lambda: defaultdict(dict))
    for line in file.read_text().splitlines() if file.exists() else ():
        row = json.loads(line)
        key = tuple(row[name] for name in ("map", "kind", "size", "windows", "budget_s"))
        groups[key][row["policy"]][row["seed"]] = row
    for key, by_policy in groups.items():
        shared = set.intersection(*(set(rows) for rows in by_policy.values()))
        name = "-".join(map(str, key))
        print(f"\n{name}: {len(shared)} seeds that all of {len(by_policy)} policies have")
        if not shared:
            for policy, rows in by_policy.items():
                print(f"  {policy}: seeds {sorted(rows)}")
            continue
        seeds = sorted(shared)
        rows = {policy: [by_policy[policy][seed] for seed in seeds] for policy in by_policy}
        if "hindsight" in rows:
            rows["hindsight"] = [best_known(by_policy, seed) for seed in seeds]
        print_table(rows)
        print_bars(rows, seeds)
        draw(rows, options.out / f"{name}.svg", name)


def best_known(by_policy, seed):
    """Return the cheapest row of a seed: what somebody drove without knowing all can be known in hindsight too."""
    return min((rows[seed] for rows in by_policy.values() if seed in rows), key=cost)


def cost(row):
    """Return J in euros."""
    return sum(row["figures"]["spent"].values()) / 100


def print_table(rows):
    """Print a line for each policy."""
    heads = "J mean (95 %)", "p95", "worst", "on time", "OTIF", "late min", ">15 min", "missed", "nervous", "moved"
    more = "succ.", "tau", "shift", "breaks", "churn", "plans", "decisions", "recovered"
    print("  ".join((f"{'policy':12}", f"{heads[0]:>26}", *(f"{head:>8}" for head in (*heads[1:], *more)))))
    for policy, mine in rows.items():
        costs = np.array([cost(row) for row in mine])
        low, high = _bootstrap(costs)
        figures = [row["figures"] for row in mine]
        stable = [each["stability"] for each in figures]
        values = (
            f"{_mean(each['on_time_ratio'] for each in figures):8.3f}",
            f"{_mean(each['otif_ratio'] for each in figures):8.3f}",
            f"{_mean(each['lateness_min'] for each in figures):8.0f}",
            f"{_mean(each['late_15_ratio'] for each in figures):8.3f}",
            f"{_mean(each['asked'] - each['served'] for each in figures):8.2f}",
            f"{_mean(each['nervousness'] for each in stable):8.2f}",
            f"{_mean(each['reassigned'] for each in stable):8.1f}",
            f"{_mean(each['successor_ratio'] for each in stable):8.4f}",
            f"{_mean(each['kendall_ratio'] for each in stable):8.4f}",
            f"{_mean(each['shift_min'] for each in stable):8.2f}",
            f"{_mean(each['promise_breaks'] for each in stable):8.1f}",
            f"{_mean(each['churn'] - each['churn_excused'] for each in stable):8.2f}",
            f"{_mean(each['plans'] for each in stable):8.1f}",
            f"{_mean(each['decisions'] for each in figures):8.1f}",
            f"{_recovered(rows, policy):8.3f}",
        )
        told = f"{costs.mean():9.2f} ({low:7.2f}, {high:7.2f})"
        print(
            "  ".join(
                (f"{policy:12}", f"{told:>26}", f"{np.percentile(costs, 95):8.2f}", f"{costs.max():8.2f}", *values)
            )
        )


def print_bars(rows, seeds):
    """Print what must be reached, as far as these rows tell it."""
    for policy in rows:
        if not policy.startswith("ours"):
            continue
        waits = [each for row in rows[policy] for each in row["latencies"]]
        single = [each["repaired_s"] for each in waits if each["repaired_s"] and set(each["kinds"]) <= SINGLE_STOP]
        roads = [each["whole_s"] for each in waits if not set(each["kinds"]) <= SINGLE_STOP]
        whole = [each["whole_s"] for each in waits]
        told = f"{policy}: event to first repaired plan, single stops {_quantiles(single)}; answers {_quantiles(whole)}"
        print(f"{told}; with roads changed {_quantiles(roads)}")
        for name in ("chances", "kept_chances"):
            total = _added(rows[policy], name)
            print(
                f"  {name.replace('_', ' ')}: Brier {total.brier:.4f}, skill {total.skill:.3f} of {total.chances}; "
                f"80 % intervals cover {total.coverage:.3f} of {total.intervals}, {total.early} early and "
                f"{total.late} late"
            )
        lost = sum(len(row["impossible"]) for row in rows[policy])
        if lost:
            print(f"  {lost} visits were asked for that no vehicle could make")
    if {"greedy", "ours", "hindsight"} <= set(rows):
        series = [dict(zip(seeds, map(cost, rows[name]), strict=True)) for name in ("greedy", "ours", "hindsight")]
        print(f"(greedy - ours) / (greedy - hindsight) = {closed_gap(*series):.3f}")
        gains = [(a - b) / (a - c) for a, b, c in zip(*(each.values() for each in series), strict=True) if a - c > 1e-9]
        if gains:
            print(f"  by seed: median {np.median(gains):.3f}, least {min(gains):.3f}, most {max(gains):.3f}")
    calm = [name for name in rows if name.startswith("ours") and _nervous(rows[name]) <= CALM]
    others = [name for name in rows if not name.startswith(("ours", "hindsight", "static"))]
    if calm and others:
        best = min(calm, key=lambda name: _mean(map(cost, rows[name])))
        cheapest = min(others, key=lambda name: _mean(map(cost, rows[name])))
        print(
            f"at a nervousness of at most {CALM}: {best} {_mean(map(cost, rows[best])):.2f}; the cheapest other "
            f"at any: {cheapest} {_mean(map(cost, rows[cheapest])):.2f} at {_nervous(rows[cheapest]):.2f}"
        )


def draw(rows, file, title):
    """Draw mean cost against mean nervousness; the prices of our changes are a line."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 5))
    ours = sorted((name for name in rows if name.startswith("ours")), key=lambda name: _nervous(rows[name]))
    points = {name: (_nervous(mine), _mean(map(cost, mine))) for name, mine in rows.items()}
    if ours:
        axes.plot(*zip(*(points[name] for name in ours), strict=True), "o-", color="#0072b2", label="ours, by price")
        for name in ours:
            axes.annotate(name.partition(" ")[2] or "x1", points[name], xytext=(4, 4), textcoords="offset points")
    for name in rows:
        if name not in (*ours, "hindsight", "static") and points[name][1] < DEAR * points[(*ours, name)[0]][1]:
            axes.plot(*points[name], "s", color="#d55e00")
            axes.annotate(name, points[name], xytext=(5, -10), textcoords="offset points")
    for name, style in (("hindsight", "--"), ("static", ":")):
        if name in rows and (name == "hindsight" or not ours or points[name][1] < DEAR * points[ours[0]][1]):
            axes.axhline(points[name][1], linestyle=style, color="#5c4a3d", label=name)
    axes.axvline(CALM, color="#bbbbbb", linewidth=0.8)
    axes.set_xscale("symlog", linthresh=0.5)
    axes.set(xlabel="nervousness (changes per stop and day)", ylabel="cost of the day", title=title, xlim=(0, 100))
    axes.legend()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
    print(f"drawn: {file}")


def _added(rows, name):
    """Return the chances of all days added up."""
    total = Calibration()
    for row in rows:
        if row.get(name):
            told = {**row[name], "bins": tuple(map(tuple, row[name]["bins"]))}
            total = total.plus(Calibration(**told))
    return total


def _recovered(rows, policy):
    if not {"static", "hindsight"} <= set(rows):
        return float("nan")
    static, mine, best = (sum(map(cost, rows[name])) for name in ("static", policy, "hindsight"))
    return (static - mine) / (static - best) if static != best else 0.0


def _bootstrap(values, draws=2_000):
    """Return the 95 % interval of the mean."""
    source = np.random.default_rng(0)
    means = values[source.integers(values.size, size=(draws, values.size))].mean(axis=1)
    return np.percentile(means, [2.5, 97.5])


def _quantiles(values):
    if not values:
        return "none"
    return "p50 {:.3f} p95 {:.3f} p99 {:.3f} s".format(*np.percentile(values, [50, 95, 99]))


def _nervous(rows):
    return _mean(row["figures"]["stability"]["nervousness"] for row in rows)


def _mean(values):
    return float(np.mean(list(values)))


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cpu():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def _run(*command):
    folder = Path(__file__).parent
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stdout.strip()
