"""`routing vrplib`: solve the benchmark files of others with the engines that plan our days."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.feeds.vrplib_options import Aim, Rounding
from routing.interface.options import AsJson, Iterations, Seed, TimeLimit, Workers, budget_s
from routing.plan.engines.registry import EngineName

if TYPE_CHECKING:
    from collections.abc import Callable

    from routing.feeds.vrplib_instance import VrpInstance
    from routing.plan.model import Plan
    from routing.plan.options import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """Hold what was found, and what is told of it."""

    instance: VrpInstance
    plan: Plan
    routes: list[list[int]]
    cost: float
    solve_s: float
    best_known: float | None

    @property
    def gap(self) -> float | None:
        """Return how far the cost lies over the best known one, as a share of that."""
        return None if not self.best_known or self.plan.unassigned else self.cost / self.best_known - 1


def vrplib(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="VRPLIB (CVRP, ACVRP, VRPTW), Solomon, Homberger or Li-Lim; also .gz."),
    ],
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    seed: Seed = 1,
    workers: Workers = 1,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="The engine that searches.")
    ] = EngineName.RUIN_RECREATE,
    objective: Annotated[
        Aim | None,
        typer.Option(
            "--objective",
            help="Least distance, or vehicles first and then distance.",
            show_default="distance; Li-Lim's: vehicles",
        ),
    ] = None,
    rounding: Annotated[
        Rounding | None,
        typer.Option(
            "--rounding",
            help="Of distances between points.",
            show_default="the file's own; Solomon's: dimacs, or double where vehicles come first; Li-Lim's: double",
        ),
    ] = None,
    best_known: Annotated[
        float | None, typer.Option("--best-known", min=0.0, help="Cost to tell the gap to, in the file's unit.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Solution to write, as CVRPLIB has them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Solve a benchmark file of vehicle routing and write its solution.

    The seconds count from where the engine is loaded. Ctrl-C ends the search with the best solution so far.
    """
    time_limit = budget_s(time_limit, iterations)
    from routing.export.files import write_whole
    from routing.feeds.vrplib_files import read_instance
    from routing.feeds.vrplib_problem import vrp_problem
    from routing.feeds.vrplib_solution import solution_cost, solution_text
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.table import read_bytes
    from routing.interface.terminal import stage_progress
    from routing.plan.engines.worker import prepare
    from routing.plan.options import SolveOptions
    from routing.plan.solve import solve

    prepare(engine.value)
    with stage_progress() as status:
        watch = Stopwatch(on_stage=lambda stage: status.update(f"{stage} …"))
        watch.start("read")
        instance = read_instance(
            read_bytes(file, "instance"),
            name=str(file),
            rounding=rounding,
            solomon_rounding=Rounding.DOUBLE if objective is Aim.VEHICLES else Rounding.DIMACS,
        )
        asked = vrp_problem(instance, objective or (Aim.VEHICLES if instance.carried else Aim.DISTANCE))

        watch.start("load the engine")
        prepare(engine.value, wait=True)
        watch.start("solve")
        with stopped_by_interrupt() as interrupted:
            plan = solve(
                asked.problem,
                SolveOptions(
                    time_limit_s=time_limit,
                    iterations=iterations,
                    seed=seed,
                    engine=engine.value,
                    workers=workers,
                    on_progress=None if status.console.quiet else _shown(status.update, asked.scale),
                    cancelled=interrupted,
                ),
            )
        watch.stop()
    routes = [[int(visit.stop_id) for visit in route.visits] for route in plan.routes]
    if out is not None:
        write_whole(out, solution_text(instance, routes))
    answer = _Answer(
        instance=instance,
        plan=plan,
        routes=routes,
        cost=solution_cost(instance, routes),
        solve_s=dict(watch.stages)["solve"],
        best_known=best_known,
    )
    if as_json:
        typer.echo(json.dumps(_values(answer)))
    else:
        _show(answer, out)


def _shown(update: Callable[[str], None], scale: float) -> Callable[[Progress], None]:
    def show(progress: Progress) -> None:
        told = f"search … {progress.elapsed_s:.0f} s, {progress.iterations:,} steps; best plan, by {progress.engine}: "
        cost = f"cost {progress.cost_cents / scale:g}, " if not progress.unserved else ""
        update(f"{told}{progress.vehicles} routes, {cost}{progress.unserved} unserved")

    return show


def _values(answer: _Answer) -> dict[str, object]:
    return {
        "name": answer.instance.name,
        "kind": answer.instance.kind,
        "rounding": answer.instance.rounding,
        "stops": answer.instance.stops,
        "cost": answer.cost,
        "vehicles": len(answer.routes),
        "unserved": [int(left.stop_id) for left in answer.plan.unassigned],
        "gap": answer.gap,
        "solve_s": round(answer.solve_s, 3),
        "runs": [
            {"engine": run.engine, "seed": run.seed, "iterations": run.iterations, "stopped_by": run.stopped_by}
            for run in answer.plan.runs
        ],
        "routes": answer.routes,
    }


def _show(answer: _Answer, out: Path | None) -> None:
    from routing.feeds.vrplib_solution import shown_decimals, solution_text
    from routing.interface.terminal import stdout

    console, instance, plan = stdout(), answer.instance, answer.plan
    console.print(solution_text(instance, answer.routes).rstrip(), soft_wrap=True)
    gap = "" if answer.gap is None else f", {answer.gap:+.2%} of the best known"
    steps = ", ".join(f"{run.iterations} iterations of {run.engine} ({run.stopped_by})" for run in plan.runs)
    console.print(
        f"{instance.name}: {instance.kind}, {instance.stops} stops, distances {instance.rounding}; "
        f"{len(answer.routes)} routes, cost {answer.cost:.{shown_decimals(instance)}f}{gap}; "
        f"{answer.solve_s:.1f} s, {steps}",
        soft_wrap=True,
    )
    for left in plan.unassigned:
        console.print(f"unserved: {left.stop_id}  {left.reason}  {left.detail}", soft_wrap=True, style="yellow")
    if out is not None:
        console.print(f"Written: {out}", soft_wrap=True)
