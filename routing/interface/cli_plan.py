"""`routing plan` and `routing check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.options import (
    DEFAULT_WALKING_KPH,
    AsJson,
    AskedFleet,
    AskedMap,
    AskedStops,
    CachePlace,
    DateText,
    DepotsFile,
    Iterations,
    NodeSpeedFiles,
    ObjectiveFile,
    PlanFile,
    ProblemFile,
    Seed,
    SpeedsFile,
    TimeLimit,
    WalkingSpeed,
    WaysFile,
    WeatherFactorsFile,
    WeatherFiles,
    Workers,
    ZoneName,
    access_walk_at,
    budget_s,
    date_of,
    traffic_files,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routing.export.document import PlanDocument
    from routing.interface.asked import Asked
    from routing.interface.stopwatch import Stopwatch
    from routing.plan.bound import Bound
    from routing.plan.verify import Violation
    from routing.problem.model import Problem

FORESEEN_SHOWN = 20


def plan(
    map_file: AskedMap = None,
    stops: AskedStops = None,
    fleet: AskedFleet = None,
    depots: DepotsFile = None,
    problem: ProblemFile = None,
    date: DateText = None,
    time_zone: ZoneName = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    seed: Seed = 0,
    workers: Workers = 1,
    objective: ObjectiveFile = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Plan to write; - for stdout, with the table on stderr.")
    ] = Path("plan.json"),
    walking_speed: WalkingSpeed = DEFAULT_WALKING_KPH,
    speeds: SpeedsFile = None,
    ways: WaysFile = None,
    node_speeds: NodeSpeedFiles = None,
    weather: WeatherFiles = None,
    weather_factors: WeatherFactorsFile = None,
    cache: CachePlace = None,
    bound: Annotated[bool, typer.Option("--bound", help="Tell below which cost no plan can be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan a day: stops and fleet on a map, or a problem.json, become routes with times.

    Ctrl-C ends the search with the best plan so far.
    """
    time_limit = budget_s(time_limit, iterations)
    from routing.plan.engines.worker import prepare

    prepare(roads=True)  # while this process still imports and reads
    from routing.export.document import document_bytes, plan_document
    from routing.export.files import write_whole
    from routing.interface.asked import Source, read_asked
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.network_cache import NetworkCache
    from routing.interface.search_words import search_words
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import print_notes, stage_progress
    from routing.plan.bound import lower_bound
    from routing.plan.options import SolveOptions
    from routing.plan.solve import solve

    source = Source(
        map=map_file,
        stops=stops,
        fleet=fleet,
        depots=depots,
        problem=problem,
        objective=objective,
        date=date_of(date),
        time_zone=time_zone,
        cache=NetworkCache.at(cache),
        access_walk=access_walk_at(walking_speed),
        traffic=traffic_files(speeds, ways, node_speeds, weather, weather_factors),
    )
    with stage_progress() as status:
        watch = Stopwatch(on_stage=lambda stage: status.update(f"{stage} …"))
        asked = read_asked(source, watch, seed=seed)
        print_notes(asked.notes)
        _tell_foreseen(asked.problem)
        if bound:
            watch.start("bound")
        least = lower_bound(asked.problem) if bound else None
        watch.start("search")
        with stopped_by_interrupt() as interrupted:
            options = SolveOptions(
                time_limit_s=time_limit,
                iterations=iterations,
                seed=seed,
                workers=workers,
                on_progress=None if status.console.quiet else search_words(status.update),
                cancelled=interrupted,
            )
            found = solve(asked.problem, options)
        watch.start("write")
        document = plan_document(asked.problem, found, context=asked.context)
        content = document_bytes(document)
        if str(out) != "-":
            write_whole(out, content)
        watch.stop()
    if str(out) == "-":
        sys.stdout.buffer.write(content)
    _show(document, asked, watch, out, least, as_json=as_json)


def check(
    plan_file: PlanFile,
    map_file: AskedMap = None,
    stops: AskedStops = None,
    fleet: AskedFleet = None,
    depots: DepotsFile = None,
    problem: ProblemFile = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Date of times of day.", show_default="the plan's own")
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", help="Clocks of times without offset.", show_default="the plan's own"),
    ] = None,
    objective: ObjectiveFile = None,
    speeds: SpeedsFile = None,
    ways: WaysFile = None,
    node_speeds: NodeSpeedFiles = None,
    weather: WeatherFiles = None,
    weather_factors: WeatherFactorsFile = None,
    cache: CachePlace = None,
    as_json: AsJson = False,
) -> None:
    """Judge a plan: derive everything again from map, stops and fleet; exit 1 where a rule is broken."""
    from routing.export.document import plan_from_document, read_document
    from routing.interface.asked import Source, of_plan, read_asked
    from routing.interface.check_document import document_violations, stale_inputs
    from routing.interface.network_cache import NetworkCache
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import stage_progress, stderr, stdout
    from routing.plan.verify import verify

    document = read_document(plan_file)
    source = Source(
        map=map_file,
        stops=stops,
        fleet=fleet,
        depots=depots,
        problem=problem,
        objective=objective,
        date=date_of(date),
        time_zone=time_zone,
        cache=NetworkCache.at(cache),
        traffic=traffic_files(speeds, ways, node_speeds, weather, weather_factors),
    )
    with stage_progress() as status:
        asked = read_asked(of_plan(source, document), Stopwatch(on_stage=lambda stage: status.update(f"{stage} …")))
        status.update("check …")
        claimed = plan_from_document(asked.problem, document)
        violations = verify(asked.problem, claimed)
        if not violations:
            violations = document_violations(asked.problem, claimed, document)
    for line in stale_inputs(document, asked.context.inputs):
        stderr().print(f"Note: {line}")
    if as_json:
        typer.echo(json.dumps({"violations": _violation_values(violations)}, ensure_ascii=False, indent=1))
    elif violations:
        _print_violations(violations)
    else:
        totals = document.totals
        stdout().print(
            f"{plan_file} holds: {totals.served} of {totals.stops} stops on {totals.routes} routes, "
            f"{totals.unassigned} unassigned, no violations."
        )
    if violations:
        raise typer.Exit(1)


def _tell_foreseen(problem: Problem) -> None:
    """Say on stderr what no plan can serve, before any search."""
    from routing.interface.terminal import stderr
    from routing.plan.foresee import foresee

    lines = foresee(problem).lines
    for line in lines[:FORESEEN_SHOWN]:
        stderr().print(f"Before the search: {line}", style="yellow", soft_wrap=True)
    if len(lines) > FORESEEN_SHOWN:
        stderr().print(f"… and {len(lines) - FORESEEN_SHOWN} more; the plan names them all.", style="yellow")


def _show(
    document: PlanDocument,
    asked: Asked,
    watch: Stopwatch,
    out: Path,
    least: Bound | None,
    *,
    as_json: bool,
) -> None:
    from routing.interface.plan_table import print_plan, print_search, print_stages
    from routing.interface.search_words import bound_words
    from routing.interface.terminal import stderr, stdout

    console = stderr() if str(out) == "-" else stdout()
    if as_json:
        values = {
            "plan": str(out),
            "totals": document.totals.model_dump(),
            "cost": document.cost.model_dump(),
            "unassigned": [
                {"stop_id": left.stop_id, "reason": left.reason, "detail": left.detail} for left in document.unassigned
            ],
            "notes": document.notes,
            "warnings": document.warnings,
            "runs": [run.model_dump() for run in document.runs],
            **({"bound_cents": least.cents, "bound_sure": least.sure} if least else {}),
            "stages_s": {name: round(seconds, 3) for name, seconds in watch.stages},
        }
        console.print(json.dumps(values, ensure_ascii=False, indent=1), soft_wrap=True)
        return
    used = {route.vehicle_id for route in document.routes}
    unused = [vehicle.id for vehicle in asked.problem.vehicles if vehicle.id not in used]
    print_plan(console, document, unused=unused)
    if least is not None:
        console.print(bound_words(least, document.cost.total_cents))
    print_search(console, document.runs)
    print_stages(console, watch.stages)
    if str(out) != "-":
        console.print(f"Written: {out}", soft_wrap=True)


def _print_violations(violations: Sequence[Violation]) -> None:
    from routing.interface.terminal import stdout

    if violations:
        stdout().print(f"{len(violations)} violation{'' if len(violations) == 1 else 's'}", style="bold red")
    for violation in violations:
        stdout().print(str(violation), soft_wrap=True)


def _violation_values(violations: Sequence[Violation]) -> list[dict[str, str]]:
    return [{"code": found.code, "where": found.where, "cause": found.cause} for found in violations]
