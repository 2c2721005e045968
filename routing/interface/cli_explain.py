"""`routing explain`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.options import (
    AsJson,
    AskedFleet,
    AskedMap,
    AskedStops,
    CachePlace,
    DateText,
    DepotsFile,
    NodeSpeedFiles,
    ObjectiveFile,
    PlanFile,
    ProblemFile,
    SpeedsFile,
    WaysFile,
    WeatherFactorsFile,
    WeatherFiles,
    ZoneName,
    date_of,
    traffic_files,
)

if TYPE_CHECKING:
    from rich.console import Console

    from routing.plan.explanation import Explanation


def explain(
    plan_file: PlanFile,
    stop_id: Annotated[str, typer.Argument(metavar="STOP", help="The id of the stop.")],
    map_file: AskedMap = None,
    stops: AskedStops = None,
    fleet: AskedFleet = None,
    depots: DepotsFile = None,
    problem: ProblemFile = None,
    date: DateText = None,
    time_zone: ZoneName = None,
    objective: ObjectiveFile = None,
    speeds: SpeedsFile = None,
    ways: WaysFile = None,
    node_speeds: NodeSpeedFiles = None,
    weather: WeatherFiles = None,
    weather_factors: WeatherFactorsFile = None,
    cache: CachePlace = None,
    as_json: AsJson = False,
) -> None:
    """Explain a stop of a plan: what keeps each vehicle from it, and the least that would have to give."""
    from routing.export.document import plan_from_document, read_document
    from routing.interface.asked import Source, of_plan, read_asked
    from routing.interface.check_document import stale_inputs
    from routing.interface.network_cache import NetworkCache
    from routing.interface.search_words import split_words
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import stage_progress, stderr, stdout
    from routing.plan.cost_split import split_cost
    from routing.plan.explain_stop import explain_stop

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
        status.update("explain …")
        claimed = plan_from_document(asked.problem, document)
        explanation = explain_stop(asked.problem, claimed, stop_id)
    for line in stale_inputs(document, asked.context.inputs):
        stderr().print(f"Note: {line}", soft_wrap=True)
    if as_json:
        typer.echo(json.dumps(asdict(explanation), ensure_ascii=False, indent=1))
        return
    _print(stdout(), explanation)
    for route in claimed.routes:
        if route.vehicle_id == explanation.vehicle_id:
            words = split_words(split_cost(asked.problem, [route]))
            stdout().print(f"The route of {route.vehicle_id} is spent on: {words}.", soft_wrap=True)


def _print(console: Console, explanation: Explanation) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from routing.units import format_cents

    served = explanation.vehicle_id is not None
    state = f"is served by {explanation.vehicle_id}" if served else f"is left out: {explanation.reason}"
    console.print(Text.assemble((explanation.stop_id, "bold"), f" {state}"))
    if explanation.detail:
        console.print(Text(f"{explanation.detail}."), soft_wrap=True)
    if explanation.binding:
        console.print("No slack:")
        for each in explanation.binding:
            console.print(Text.assemble("  ", (each.code, "yellow"), f" {each.words}"), soft_wrap=True)
    if explanation.obstacles:
        title = "Why no other vehicle serves it:" if served else "What keeps each vehicle from it, in its best place:"
        console.print(title)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("Vehicle", "Reason", "Detail", "Adds"):
            table.add_column(name, no_wrap=name != "Detail", justify="right" if name == "Adds" else "left")
        for obstacle in explanation.obstacles:
            cents = obstacle.added_cents
            row = (obstacle.vehicle_id, obstacle.code, obstacle.detail, "" if cents is None else format_cents(cents))
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
    if explanation.relaxations:
        console.print("Each of these alone would let it be served:")
        for number, relaxation in enumerate(explanation.relaxations, start=1):
            cost = f", for {format_cents(relaxation.added_cents)}" if relaxation.code != "COST" else ""
            words = f"  {number}. {relaxation.words}; then {relaxation.vehicle_id} serves it{cost}"
            console.print(Text(words), soft_wrap=True)
    elif not served:
        console.print("No single bound that gives would serve it.")
