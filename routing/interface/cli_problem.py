"""`routing problem`: problems as one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from routing.interface.options import (
    DEFAULT_WALKING_KPH,
    AskedMap,
    CachePlace,
    DateText,
    DepotsFile,
    FleetFile,
    MapFile,
    NodeSpeedFiles,
    ObjectiveFile,
    OutDir,
    SpeedsFile,
    StopsFile,
    WalkingSpeed,
    WaysFile,
    WeatherFactorsFile,
    WeatherFiles,
    ZoneName,
    access_walk_at,
    date_of,
    traffic_files,
)

app = typer.Typer(help="A whole problem as one file, problem.json.", no_args_is_help=True)

ProblemPath = Annotated[Path, typer.Argument(metavar="PROBLEM.JSON", help="The problem.")]


@app.command("write")
def write(
    map_file: MapFile,
    stops: StopsFile,
    fleet: FleetFile,
    depots: DepotsFile = None,
    date: DateText = None,
    time_zone: ZoneName = None,
    objective: ObjectiveFile = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Problem to write; - for stdout.")] = Path("problem.json"),
    matrices: Annotated[
        bool, typer.Option("--matrices", help="Write the travel times too, so that it needs no map.")
    ] = False,
    walking_speed: WalkingSpeed = DEFAULT_WALKING_KPH,
    speeds: SpeedsFile = None,
    ways: WaysFile = None,
    node_speeds: NodeSpeedFiles = None,
    weather: WeatherFiles = None,
    weather_factors: WeatherFactorsFile = None,
    cache: CachePlace = None,
) -> None:
    """Write stops, fleet, depots and prices as one problem.json."""
    from routing.export.files import write_whole
    from routing.interface.asked import Source, read_asked
    from routing.interface.network_cache import NetworkCache
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import print_notes, stage_progress, stdout
    from routing.interface.write_problem import problem_bytes, problem_document

    source = Source(
        map=map_file,
        stops=stops,
        fleet=fleet,
        depots=depots,
        objective=objective,
        date=date_of(date),
        time_zone=time_zone,
        cache=NetworkCache.at(cache),
        access_walk=access_walk_at(walking_speed),
        traffic=traffic_files(speeds, ways, node_speeds, weather, weather_factors),
    )
    with stage_progress() as status:
        asked = read_asked(source, Stopwatch(on_stage=lambda stage: status.update(f"{stage} …")))
        content = problem_bytes(problem_document(asked.problem, matrices=matrices))
    print_notes(asked.notes)
    if str(out) == "-":
        sys.stdout.buffer.write(content)
    else:
        stdout().print(f"Written: {write_whole(out, content)}", soft_wrap=True)


@app.command("tables")
def tables(problem: ProblemPath, out: OutDir) -> None:
    """Write a problem.json as stops.csv, fleet.csv, depots.csv and objective.toml, where tables can say it."""
    from routing.export.files import write_whole
    from routing.interface.problem_tables import tables_of
    from routing.interface.read_problem import read_problem_document
    from routing.interface.terminal import print_notes, stdout

    found = tables_of(read_problem_document(problem))
    for name, text in found.files.items():
        stdout().print(str(write_whole(out / name, text)), soft_wrap=True)
    print_notes(found.notes)


@app.command("check")
def check(problem: ProblemPath, map_file: AskedMap = None, cache: CachePlace = None) -> None:
    """Say what is wrong with a problem.json, all of it at once, and what no plan could serve."""
    from routing.interface.asked import Source, read_asked
    from routing.interface.network_cache import NetworkCache
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import stage_progress, stdout
    from routing.plan.foresee import foresee

    source = Source(problem=problem, map=map_file, cache=NetworkCache.at(cache))
    with stage_progress() as status:
        asked = read_asked(source, Stopwatch(on_stage=lambda stage: status.update(f"{stage} …")))
    stops, vehicles = len(asked.problem.stops), len(asked.problem.vehicles)
    stdout().print(f"{problem} is sound: {_count(stops, 'stop')}, {_count(vehicles, 'vehicle')}.", soft_wrap=True)
    for line in foresee(asked.problem).lines:
        stdout().print(line, soft_wrap=True)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of problem.json."""
    from routing.interface.problem_schema import schema_text

    sys.stdout.write(schema_text())
