"""Hold plans under changing times beside KAYROS and the best known: who plans better, and whose clock is right.

    python tests/benchmarks/time_dependent.py [cities|roads|all] --data FOLDER [--maps FOLDER] [--seconds 10]

`cities` are the ten of FOLDER (`blauth2024_n10_atf`: drives of real roads as arrival-time functions, best known
values); `roads` are days drawn on our own maps, their drives written as such functions. Ours plans the cities by the
functions and the days by the roads. All plans are judged by the functions, exactly, by code of this folder that shares
nothing with ours, and by the checker that KAYROS ships with; plans of the days are timed by our clock as well.

KAYROS runs in an environment that this command makes in a cache folder; where that cannot be it says so and goes on.
Results are kept run by run, so that a benchmark that was stopped goes on where it was. Costs are seconds.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
from roads import Kept
from roads_peers import default_cache, find_peer
from time_dependent_instances import SECOND_MS, problem_of, read_instance
from time_dependent_roads import DAYS, RoadDay

from routing import SolveOptions, solve
from routing.plan.cost import plan_cost
from routing.plan.engines.registry import EngineName
from routing.plan.engines.worker import engine_is_ready, prepare
from routing.plan.schedule import schedule

DRIVES_CHECKED = 1_000
SUFFIX = ".vrp.json"
SOLVERS = ("ours", "kayros")
COMPILED_WITHIN_S = 600


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("cities", "roads", "all"), nargs="?", default="all")
    parser.add_argument("--data", type=Path, help="folder of the cities")
    parser.add_argument("--maps", type=Path, help="folder of the maps that are not embedded")
    parser.add_argument("--only", nargs="+", default=[], help="words of names of cities")
    parser.add_argument("--days", nargs="+", default=list(DAYS), help="map, stops and hours of windows of days")
    parser.add_argument("--seconds", nargs="+", type=float, default=[10.0])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--seed", type=int, default=20261123, help="of the days' places and windows")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--keep", type=Path, help="file of results; in the cache folder if not given")
    parser.add_argument("--again", action="store_true", help="make the asked runs anew")
    parser.add_argument("--core", type=int, default=0)
    return parser.parse_args()


def ours(problem, seconds, seed):
    """Return our plan of a problem."""
    began = time.perf_counter()
    plan = solve(problem, SolveOptions(time_limit_s=seconds, seed=seed))
    return {
        "routes": [[int(stop_id) for stop_id in order] for order in plan.orders().values() if order],
        "solve_s": time.perf_counter() - began,
        "claimed_s": plan.cost.total_cents,
    }


def clocked(problem, routes):
    """Return what our clock makes of routes, in seconds, and how late they are by it."""
    orders = {vehicle.id: tuple(map(str, route)) for vehicle, route in zip(problem.vehicles, routes, strict=False)}
    timed = schedule(problem, orders)
    late_s = sum(visit.lateness_s for route in timed for visit in route.visits)
    return plan_cost(problem, timed, ()).total_cents, late_s + sum(route.overtime_s for route in timed)


def run(solver, instance, problem, peer, seconds, seed):
    """Return the record of one run, judged by all."""
    if solver == "ours":
        told = ours(problem, seconds, seed)
    else:
        told = peer.ask("solve", instance.path, seconds, seed)
        told["claimed_s"] = told.pop("cost") / SECOND_MS
    cost, _, _, faults = instance.judged(told["routes"])
    clock_s, late_s = clocked(problem, told["routes"])
    told |= {"cost_s": cost / SECOND_MS, "faults": faults, "clock_s": clock_s, "late_s": late_s}
    if peer.python is not None:
        (other,), _ = peer.give("judge", instance.path, content=[told["routes"]])
        told["checker_s"] = other["cost"] and other["cost"] / SECOND_MS
        told["checker_fault"] = other["fault"]
    return told


def runs(instance, problem, peer, options, kept):
    """Yield (solver, seconds, seed, record) of all runs of an instance."""
    for seconds in options.seconds:
        for seed in options.seeds:
            for solver in SOLVERS if peer.python is not None else SOLVERS[:1]:
                part = f"{instance.path.name} {solver} {seconds:g} {seed}"
                made = kept.of(part, lambda way=(solver, seconds, seed): run(way[0], instance, problem, peer, *way[1:]))
                yield solver, seconds, seed, made


def print_runs(instance, found, best_s):
    """Print a line for each run: the judge's cost, over the best, and how far the others' clocks are from it."""
    for solver, seconds, seed, made in found:
        least_s = best_s or min(other["cost_s"] for *_, other in found if not other["faults"])
        checker = f"{made['checker_s'] - made['cost_s']:>+10.3f}" if made.get("checker_s") else f"{'-':>10}"
        print(
            f"{instance.path.name.removesuffix(SUFFIX)[:26]:<27}{solver:<8}{seconds:>5g}{seed:>5}{len(made['routes']):>7}{made['cost_s']:>11.1f}"
            f"{made['cost_s'] / least_s - 1:>9.3%}{made['clock_s'] - made['cost_s']:>+9.1f}{made['late_s']:>6}{checker}"
            f"  {'; '.join(made['faults'][:2])}"
        )


def head():
    """Print the names of the columns."""
    print(
        f"{'instance':<27}{'solver':<8}{'s':>5}{'seed':>5}{'routes':>7}{'cost s':>11}{'over':>9}{'clock':>9}{'late':>6}"
        f"{'checker':>10}   (cost: exact, with the fleet's; clock, checker: less that cost)"
    )


def departures(instance, problem):
    """Return by how many seconds our clock's best departures of the best known routes are above the least."""
    _, durations, _, _ = instance.judged(instance.best)
    clock_s, _ = clocked(problem, instance.best)
    fleet_s = len(instance.best) * problem.objective.vehicle_cents
    return clock_s - fleet_s - sum(durations) / SECOND_MS, sum(durations) / SECOND_MS


def cities(options, peer, kept):
    """Print the cities, over the best known values."""
    files = sorted(options.data.glob(f"*{SUFFIX}"))
    head()
    gaps, lost = {}, []
    for instance in map(read_instance, files):
        if not all(word in instance.name for word in options.only):
            continue
        problem = problem_of(instance)
        best_s = instance.judged(instance.best)[0] / SECOND_MS
        lost.append(departures(instance, problem))
        found = list(runs(instance, problem, peer, options, kept))
        print_runs(instance, found, best_s)
        for solver, seconds, _, made in found:
            gaps.setdefault((solver, seconds), []).append(made["cost_s"] / best_s - 1)
    for (solver, seconds), every in gaps.items():
        reached = sum(gap < 1e-9 for gap in every)
        print(f"{solver} {seconds:g} s: mean {np.mean(every):.3%}, worst {max(every):.3%}, {reached}/{len(every)} best")
    worst = max(lost, key=lambda pair: pair[0] / pair[1])
    print(f"best known routes by our clock: at most {worst[0]:.1f} s of {worst[1]:.0f} s above the least duration")


def roads(options, peer, kept):
    """Print the days on our own roads."""
    for name in options.days:
        day = RoadDay(name, options)
        problem = problem_of(day.instance, day.travel)
        missed = kept.of(f"drives {name} {options.seed}", lambda day=day: day.missed_s(DRIVES_CHECKED, options.seed))
        off = np.abs(missed)
        print(
            f"== {name}: functions miss drives by {off.mean():.2f} s in the mean, {np.percentile(off, 99):.1f} s "
            f"at the 99th percentile, {off.max():.1f} s at most"
        )
        head()
        print_runs(day.instance, list(runs(day.instance, problem, peer, options, kept)), None)


def main():
    """Make what is missing and print the tables."""
    options = read_options()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})
    options.cache.mkdir(parents=True, exist_ok=True)
    kept = Kept(options.keep or options.cache / "time-dependent.json", options.again)
    peer = find_peer("kayros", options.cache, options.core)
    if peer.python is None:
        print(f"KAYROS is left out: {peer.cause}")
    prepare()
    engine_is_ready(EngineName.RUIN_RECREATE, COMPILED_WITHIN_S)
    if options.part in ("cities", "all"):
        if options.data is None:
            print("the cities are left out: name their folder with --data")
        else:
            cities(options, peer, kept)
    if options.part in ("roads", "all"):
        roads(options, peer, kept)


if __name__ == "__main__":
    main()
