"""`routing day`: a day from its first plan through everything that goes otherwise."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.errors import InputError, Issue
from routing.interface import cli_day_close, cli_day_quote, cli_day_words
from routing.interface.day_command import (
    DayFile,
    EventFile,
    NowText,
    Propose,
    instant_of,
    read_events,
    search_budget,
    tell,
)
from routing.interface.options import (
    DEFAULT_WALKING_KPH,
    AsJson,
    CachePlace,
    DateText,
    FleetFile,
    Iterations,
    MapFile,
    NodeSpeedFiles,
    ObjectiveFile,
    OutDir,
    ReplanFile,
    Seed,
    SpeedsFile,
    StopsFile,
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
    one_budget,
    traffic_files,
)

if TYPE_CHECKING:
    from routing.store.sqlite_log import SqliteLog

app = typer.Typer(help="Run a delivery day: plan it, tell what happens, see and export what changes.")


@app.command("new")
def new(
    day_file: DayFile,
    map_file: MapFile,
    stops: StopsFile,
    fleet: FleetFile,
    date: DateText = None,
    time_zone: ZoneName = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    seed: Seed = 0,
    workers: Workers = 1,
    objective: ObjectiveFile = None,
    replan_options: ReplanFile = None,
    walking_speed: WalkingSpeed = DEFAULT_WALKING_KPH,
    speeds: SpeedsFile = None,
    ways: WaysFile = None,
    node_speeds: NodeSpeedFiles = None,
    weather: WeatherFiles = None,
    weather_factors: WeatherFactorsFile = None,
    cache: CachePlace = None,
) -> None:
    """Begin a day: read map, stops and fleet, plan it, and keep all of it in one file.

    Seed, budget and what changes of plan cost hold for every later search of the day too.
    """
    time_limit = budget_s(time_limit, iterations)
    from routing.events.options import ReplanOptions
    from routing.interface.column_notes import column_notes
    from routing.interface.day_table import print_published
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.network_cache import NetworkCache
    from routing.interface.new_day import new_day
    from routing.interface.read_inputs import PlanFiles
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import print_notes, stage_progress, stdout
    from routing.plan.engines.worker import prepare

    prepare(roads=True)
    files = PlanFiles(
        map=map_file,
        stops=stops,
        fleet=fleet,
        objective=objective,
        replan=replan_options,
        date=date_of(date),
        time_zone=time_zone,
        cache=NetworkCache.at(cache),
        access_walk=access_walk_at(walking_speed),
        traffic=traffic_files(speeds, ways, node_speeds, weather, weather_factors),
    )
    options = ReplanOptions(time_limit_s=time_limit, iterations=iterations, seed=seed)
    with stage_progress() as status, stopped_by_interrupt() as interrupted:
        budget = search_budget(time_limit, iterations, workers, status, interrupted)
        watch = Stopwatch(on_stage=lambda stage: status.update(f"{stage} …"))
        made = new_day(day_file, files, options, budget=budget, stopwatch=watch)
    print_notes(column_notes(stops, fleet))
    print_published(stdout(), (made.plan,), made.started.time_zone)
    for warning in made.started.warnings:
        stdout().print(f"Map: {warning}", style="dim", soft_wrap=True)
    stdout().print(f"Written: {day_file}", soft_wrap=True)


@app.command("event")
def event(
    day_file: DayFile,
    event_file: EventFile,
    no_replan: Annotated[bool, typer.Option("--no-replan", help="Append and give new times; search nothing.")] = False,
    propose: Propose = None,
    now: NowText = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Tell what happened: append it, give the plan new times, and re-plan if it pays.

    The file holds one JSON object, an array of them, or one object a line.
    """
    one_budget(time_limit, iterations)
    if not no_replan:
        from routing.plan.engines.worker import prepare

        prepare()
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.terminal import stage_progress
    from routing.store.sqlite_log import open_log

    with open_log(day_file) as log, stage_progress() as status, stopped_by_interrupt() as interrupted:
        dispatcher = Dispatcher(log, budget=search_budget(time_limit, iterations, workers, status, interrupted))
        events = read_events(event_file, dispatcher.context())
        now_s = instant_of(now, dispatcher.day)
        status.update("weighing the plan …")
        outcome = dispatcher.post(events, replan=not no_replan, proposes=propose, now_s=now_s)
    tell(outcome, dispatcher.day, as_json=as_json)


@app.command("replan")
def replan(
    day_file: DayFile,
    propose: Propose = None,
    now: NowText = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Search for a better plan of what remains, whatever happened; taken only if it is worth its changes."""
    one_budget(time_limit, iterations)
    from routing.plan.engines.worker import prepare

    prepare()
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.terminal import stage_progress
    from routing.store.sqlite_log import open_log

    with open_log(day_file) as log, stage_progress() as status, stopped_by_interrupt() as interrupted:
        dispatcher = Dispatcher(log, budget=search_budget(time_limit, iterations, workers, status, interrupted))
        status.update("searching …")
        outcome = dispatcher.replan(proposes=propose, now_s=instant_of(now, dispatcher.day))
    tell(outcome, dispatcher.day, as_json=as_json)


@app.command("show")
def show(day_file: DayFile, now: NowText = None, as_json: AsJson = False) -> None:
    """Show where the vehicles are, what is late, what is in force and how the plan came about."""
    from routing.interface.day_table import print_day
    from routing.interface.day_view import day_view
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.terminal import stdout
    from routing.store.sqlite_log import open_log

    with open_log(day_file, read_only=True) as log:
        dispatcher = Dispatcher(log)
        now_s = instant_of(now, dispatcher.day)
        view = day_view(
            dispatcher.day, log.events(), dispatcher.lines(), dispatcher.default_now_s if now_s is None else now_s
        )
    if as_json:
        typer.echo(json.dumps(view.as_values(), ensure_ascii=False, indent=1))
    else:
        print_day(stdout(), view)


@app.command("plan")
def plan(
    day_file: DayFile,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Which plan.", show_default="the last")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; - for stdout.")] = Path("plan.json"),
) -> None:
    """Write a published plan as plan.json, as it was published."""
    from routing.export.files import write_whole
    from routing.interface.terminal import stdout
    from routing.store.sqlite_log import open_log

    with open_log(day_file, read_only=True) as log:
        chosen, content = _document(log, version)
    if str(out) == "-":
        sys.stdout.buffer.write(content)
    else:
        stdout().print(f"Plan {chosen} written: {write_whole(out, content)}", soft_wrap=True)


@app.command("replay")
def replay(
    day_file: DayFile,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for every plan as computed again.")] = None,
) -> None:
    """Compute every plan again from the log and compare it with the stored one; exit 1 at the first difference."""
    from routing.export.files import write_whole
    from routing.interface.replay_day import replay_plans
    from routing.interface.terminal import stage_progress, stdout
    from routing.store.sqlite_log import open_log

    count = 0
    with open_log(day_file, read_only=True) as log, stage_progress() as status:
        for found in replay_plans(log):
            count += 1
            status.update(f"plan {found.event.version} is the same …")
            if out is not None:
                write_whole(out / f"plan-{found.event.version}.json", found.document)
    stdout().print(f"{count} plan{'' if count == 1 else 's'} computed again: the same bytes.")


@app.command("export")
def export(
    day_file: DayFile,
    formats: Annotated[
        list[str], typer.Option("--format", help="gpx, geojson, csv, html, sheet or all; may be given several times.")
    ],
    out: OutDir,
    vehicle: Annotated[str | None, typer.Option("--vehicle", help="Only this vehicle's route.")] = None,
) -> None:
    """Write the current plan for drivers, with what changed since the last export."""
    from routing.interface.cli_export import chosen_formats
    from routing.interface.export_day import export_day
    from routing.interface.terminal import stage_progress, stdout
    from routing.store.sqlite_log import open_log

    chosen = chosen_formats(formats)
    with open_log(day_file) as log, stage_progress() as status:
        status.update("drawing …")
        exported = export_day(log, chosen, out, vehicle_id=vehicle)
    for path in exported.paths:
        stdout().print(str(path), soft_wrap=True)
    for line in exported.changes:
        stdout().print(line, soft_wrap=True)


app.command("quote")(cli_day_quote.quote)
app.command("why")(cli_day_quote.why)
app.command("what-if")(cli_day_words.what_if)
app.command("proposal")(cli_day_words.proposal)
app.command("accept")(cli_day_words.accept)
app.command("reject")(cli_day_words.reject)
app.command("undo")(cli_day_words.undo)
app.command("close")(cli_day_close.close)


def _document(log: SqliteLog, version: int | None) -> tuple[int, bytes]:
    """Return a plan's version and document, the last one where none is asked for."""
    from routing.events.published import PlanPublished
    from routing.interface.plan_day import document_name

    known = [event.version for event in log.events() if isinstance(event, PlanPublished)]
    if not known or (version is not None and version not in known):
        cause = f"there is no plan {version or 1} in this day"
        action = f"Give a version from 1 to {known[-1]}." if known else "Make the day again with `routing day new`."
        raise InputError([Issue(code="PLAN_VERSION", where="--version", cause=cause, action=action)])
    chosen = version or known[-1]
    return chosen, log.blob(document_name(chosen))
