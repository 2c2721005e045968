"""Simulate days under several policies and hold them beside each other: cost, punctuality, stability, latency.

    python tests/benchmarks/daysim.py --map monaco --kind D5 --size M --seeds 1-20 --out results/ [--jobs 2]
    python tests/benchmarks/daysim.py --out results/ --report

Each row of `results/days.jsonl` is one day under one policy; days that stand there already are not run again, so a
run may be ended and begun again at any time. The manifest beside it names commit, versions, CPU and inputs. The report
prints the table over the seeds that every policy has, and draws cost against nervousness.

Wants the extras `bench` and `test`. The other map, Porto, and its taxi trips are found in `--data FOLDER`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

from daysim_peers import afresh, pyvrp_policy, vroom_policy
from daysim_report import report, write_manifest
from daysim_scenes import open_scene
from roads_peers import default_cache

from routing.events.options import ReplanOptions
from routing.interface.plan_day import Budget
from routing.interface.replay_day import replay_plans
from routing.interface.simulate_day import begin_morning, simulate
from routing.plan.engines.worker import prepare
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.simulate.hindsight import drive_plan, driven_orders, hindsight_problem
from routing.simulate.metrics import figures_of
from routing.simulate.policies import greedy, retiming
from routing.store.sqlite_log import open_log

PRICES = (0.0, 0.25, 0.5, 2.0, 4.0, 8.0)
"""What changes cost beside the default prices, for the curve of cost against nervousness."""
OURS = ("ours", *(f"ours x{price:g}" for price in PRICES))
POLICIES = ("static", "retime", "greedy", "resolve", "vroom", "pyvrp", *OURS, "hindsight")
HINDSIGHT_FACTOR = 20
"""How many decisions' seconds the plan in hindsight is searched for, from each of some starts."""


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--map", default="monaco", choices=("monaco", "porto"))
    parser.add_argument("--kind", default="D5", help="D0 to D6")
    parser.add_argument("--size", default="M", choices=("XS", "S", "M", "L"))
    parser.add_argument("--windows", default="W2", choices=("W0", "W1", "W2"))
    parser.add_argument("--seeds", default="1-20", help="as 1-20 or 3,5,8")
    parser.add_argument("--policies", default=",".join(POLICIES), help="of: " + ", ".join(POLICIES))
    parser.add_argument("--budget", type=float, default=1.0, help="seconds a decision")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2), help="seeds side by side, one core each")
    parser.add_argument("--out", type=Path, required=True, help="folder of the results")
    parser.add_argument("--data", type=Path, help="folder with maps/ and traffic/")
    parser.add_argument("--cache", type=Path, default=default_cache() / "daysim")
    parser.add_argument("--replay", action="store_true", help="compute every plan of our days again, byte for byte")
    parser.add_argument("--report", action="store_true", help="only print and draw what stands in the results")
    return parser.parse_args()


def seeds_of(text):
    """Return the numbers that a text like 1-20 or 3,5,8 names."""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def day_options(budget_s, price=1.0):
    """Return our options: every visit is reported, two attempts a day; all prices of changes times a number."""
    usual = ReplanOptions()
    return replace(
        usual,
        time_limit_s=budget_s,
        assumes_visits=False,
        attempts_per_day=2,
        vehicle_change_cents=round(usual.vehicle_change_cents * price),
        place_change_cents=round(usual.place_change_cents * price),
        next_stop_cents=round(usual.next_stop_cents * price),
        promise_break_cents=round(usual.promise_break_cents * price),
    )


def run_seed(options, seed, wanted, core):
    """Run one seed under the policies that it lacks, one after the other; append a row for each."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    prepare(roads=True)
    scene = open_scene(options.map, options.data, options.cache)
    scenario = scene.scenario(kind=options.kind, size=options.size, windows=options.windows, seed=seed)
    base = day_options(options.budget)
    morning = begin_morning(scene.network, scenario, base, contents=scene.contents)
    for policy in wanted:
        began_s = time.perf_counter()
        if policy == "hindsight":
            row = in_hindsight(options, morning, rows_of(options, seed))
        else:
            row = under_policy(options, morning, policy)
        row = {**key_of(options, seed, policy), **row, "took_s": round(time.perf_counter() - began_s, 1)}
        with results_file(options).open("a") as file:
            file.write(json.dumps(row) + "\n")
        spent = row["figures"]["spent"]
        print(
            f"{options.map} {options.kind} {options.size} seed {seed:2} {policy:12} "
            f"J {sum(spent.values()) / 100:8.2f}  on time {row['figures']['on_time_ratio']:.3f}  "
            f"nervousness {row['figures']['stability']['nervousness']:.2f}  {row['took_s']:6.1f} s",
            flush=True,
        )


def under_policy(options, morning, policy):
    """Return the row of a day under a policy that is told events as they come."""
    deciders = {
        "static": lambda: retiming,
        "retime": lambda: retiming,
        "greedy": lambda: greedy,
        "resolve": lambda: afresh(options.budget),
        "vroom": lambda: vroom_policy(options.budget),
        "pyvrp": lambda: pyvrp_policy(options.budget),
    }
    ours = policy.startswith("ours")
    price = float(policy.partition(" x")[2] or 1.0)
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder) / "day.db"
        chosen = {} if ours else {"decider": deciders[policy]()}
        found = simulate(
            morning,
            log_file,
            decides=policy != "static",
            options=day_options(options.budget, price),
            budget=Budget(),
            **chosen,
        )
        replayed = None
        if options.replay and ours:
            with open_log(log_file) as log:
                replayed = sum(1 for _ in replay_plans(log))
    return {
        "figures": asdict(found.figures),
        "orders": {key: list(order) for key, order in driven_orders(found.record).items()},
        "latencies": [asdict(each) for each in found.latencies],
        "impossible": list(found.record.impossible),
        "turned": [asdict(each) for each in found.record.turned],
        "chances": asdict(found.chances),
        "kept_chances": asdict(found.kept_chances),
        "replayed": replayed,
    }


def in_hindsight(options, morning, others):
    """Return the row of the best plan known when everything is: searched from nothing and from what others drove."""
    objective = morning.started.objective
    problem = hindsight_problem(morning.world, objective)
    limit_s = HINDSIGHT_FACTOR * options.budget
    starts = [()] + [tuple(orders.items()) for orders in _cheapest_orders(others)]
    plans = [repair(problem, start) for start in starts[1:]]
    for number, start in enumerate(starts):
        plans.append(solve(problem, SolveOptions(time_limit_s=limit_s, initial=start, seed=number)))
    best = min(plans, key=lambda plan: plan.cost.total_cents)
    best = solve(problem, SolveOptions(time_limit_s=limit_s, initial=tuple(best.orders().items()), seed=99))
    record = drive_plan(morning.world, best)
    return {
        "figures": asdict(figures_of(morning.world, record, objective)),
        "orders": {key: list(order) for key, order in driven_orders(record).items()},
        "latencies": [],
        "impossible": list(record.impossible),
        "chances": None,
        "kept_chances": None,
        "replayed": None,
    }


def _cheapest_orders(rows):
    """Return what the two cheapest policies drove."""
    ranked = sorted(rows, key=lambda row: sum(row["figures"]["spent"].values()))
    return [{key: tuple(order) for key, order in row["orders"].items()} for row in ranked[:2]]


def key_of(options, seed, policy):
    """Return what names a row."""
    return {
        "map": options.map,
        "kind": options.kind,
        "size": options.size,
        "windows": options.windows,
        "budget_s": options.budget,
        "seed": seed,
        "policy": policy,
    }


def results_file(options):
    """Return the file of all rows."""
    return options.out / "days.jsonl"


def rows_of(options, seed):
    """Return the rows of a seed, hindsight left out."""
    same = key_of(options, seed, "")
    file = results_file(options)
    rows = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [
        row
        for row in rows
        if row["policy"] != "hindsight" and all(row[name] == value for name, value in same.items() if name != "policy")
    ]


def main():
    """Run what is missing, then report."""
    options = read_options()
    options.out.mkdir(parents=True, exist_ok=True)
    policies = [name.strip() for name in options.policies.split(",")]
    unknown = set(policies) - set(POLICIES)
    if unknown:
        raise SystemExit(f"no policy {', '.join(sorted(unknown))}; known: {', '.join(POLICIES)}")
    if not options.report:
        file = results_file(options)
        known = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        scene = open_scene(options.map, options.data, options.cache)
        write_manifest(options, scene)
        work = []
        for seed in seeds_of(options.seeds):
            missing = [
                name
                for name in policies
                if not any(all(row[k] == v for k, v in key_of(options, seed, name).items()) for row in known)
            ]
            if missing:
                work.append((seed, missing))
        if options.jobs == 1:
            for seed, missing in work:
                run_seed(options, seed, missing, None)
        else:
            with ProcessPoolExecutor(max_workers=options.jobs, max_tasks_per_child=1) as pool:
                waiting = [
                    pool.submit(run_seed, options, seed, missing, number % options.jobs)
                    for number, (seed, missing) in enumerate(work)
                ]
                for each in waiting:
                    each.result()
    report(options)


if __name__ == "__main__":
    main()
