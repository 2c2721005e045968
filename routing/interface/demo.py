"""The embedded day, start to end: a real map, its stops and fleet, and everything that goes otherwise."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import routing
from routing.errors import InputError, Issue
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import Event
from routing.export.document import parse_document
from routing.export.files import write_whole
from routing.export.formats import ExportFormat, export_document
from routing.export.schema import PlanDocument
from routing.interface.day_roads import NETWORK
from routing.interface.dispatcher import Dispatcher
from routing.interface.event_schema import parse_events
from routing.interface.new_day import new_day
from routing.interface.plan_day import Budget, document_name
from routing.interface.read_inputs import PlanFiles
from routing.network.save import load_network
from routing.plan.engines.worker import prepare
from routing.store.sqlite_log import SqliteLog, open_log

DEMO_DATE = date(2026, 11, 23)
FIRST_BUDGET = Budget(iterations=80_000)
"""Iterations instead of seconds, so that every machine shows the same day."""
REPLAN_OPTIONS = ReplanOptions(time_limit_s=None, iterations=12_000)
FILES = ("stops.csv", "fleet.csv", "events.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Tell what one event led to; without a plan the old one stands."""

    event: Event
    plan: PlanPublished | None
    elapsed_s: float


def embedded(name: str) -> Path:
    """Return an embedded file: carried by the wheel, or in the checkout beside the package."""
    package = Path(routing.__file__).parent
    folder = "maps" if name.endswith(".pbf") else "examples"
    for root in (package / "embedded", package.parent):
        if (root / folder / name).is_file():
            return root / folder / name
    cause = f"the embedded file {folder}/{name} is neither in the package nor beside it"
    raise InputError([Issue(code="EMBEDDED_MISSING", where=str(package), cause=cause, action="Install routing again.")])


def begin(out: Path, on_stage: Callable[[str], None]) -> tuple[Dispatcher, SqliteLog, PlanDocument]:
    """Make the day's file in a folder, with its inputs beside it, and return its first plan."""
    prepare(roads=True)
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        write_whole(out / name, embedded(name).read_bytes())
    day_file = out / "day.db"
    for stale in (day_file, day_file.with_name("day.db-wal"), day_file.with_name("day.db-shm")):
        stale.unlink(missing_ok=True)
    files = PlanFiles(map=embedded("monaco.osm.pbf"), stops=out / "stops.csv", fleet=out / "fleet.csv", date=DEMO_DATE)
    on_stage("reading the map and planning the day …")
    made = new_day(day_file, files, REPLAN_OPTIONS, budget=FIRST_BUDGET)
    log = open_log(day_file)
    return Dispatcher(log), log, parse_document(made.document, name="plan 1")


def live(dispatcher: Dispatcher, out: Path, on_stage: Callable[[str], None]) -> Iterator[Step]:
    """Post the embedded events one after the other."""
    for event in parse_events((out / "events.jsonl").read_bytes(), context=dispatcher.context(), name="events.jsonl"):
        on_stage(f"{event.TYPE.replace('_', ' ')} …")
        began = time.perf_counter()
        outcome = dispatcher.post((event,))
        plan = outcome.plans[-1] if outcome.plans else None
        yield Step(event=event, plan=plan, elapsed_s=time.perf_counter() - began)


def export_all(dispatcher: Dispatcher, log: SqliteLog, out: Path) -> list[Path]:
    """Write the morning's plan and the day's last one in every format, and return the folders."""
    network = load_network(io.BytesIO(log.blob(NETWORK)))
    last = dispatcher.day.plan
    folders = []
    for version, folder in ((1, out / "morning"), (last.version if last else 1, out / "last")):
        content = log.blob(document_name(version))
        write_whole(folder / "plan.json", content)
        document = parse_document(content, name=f"plan {version}")
        for export_format in ExportFormat:
            export_document(document, export_format, folder, network=network)
        folders.append(folder)
    return folders
