"""Export a day's current plan, with what changed since it was exported last."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from routing.errors import InputError, Issue
from routing.events.day import FAILED, SERVED
from routing.events.fold import replay
from routing.export.changes import Change, document_changes
from routing.export.document import parse_document
from routing.export.formats import ExportFormat, export_document
from routing.interface.day_roads import NETWORK
from routing.interface.plan_day import document_name
from routing.network.save import load_network
from routing.store.sqlite_log import SqliteLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Hold what was written, and in words what changed since the last export."""

    paths: tuple[Path, ...]
    changes: tuple[str, ...]


def export_day(
    log: SqliteLog, formats: Sequence[ExportFormat], out: Path, *, vehicle_id: str | None = None
) -> Exported:
    """Write the current plan in some formats, of one vehicle or all, and remember its version as exported."""
    day = replay(log.events())
    if day.plan is None:
        action = "Make the day again with `routing day new`."
        raise InputError([Issue(code="NO_PLAN", where="day", cause="the day has no plan yet", action=action)])
    version = day.plan.version
    document = parse_document(log.blob(document_name(version)), name=f"plan {version}")
    # Who was given the whole day was given each vehicle's route.
    before = log.exported()
    last = max(before.get("", 0), before.get(vehicle_id or "", 0))
    since = parse_document(log.blob(document_name(last)), name=f"plan {last}") if last else None
    # A cancelled stop is not done: its driver must read that it is taken off.
    done = {stop.stop.id for stop in (*day.in_state(SERVED), *day.in_state(FAILED))}
    done |= {visit.stop_id for route in day.plan.routes for visit in route.assumed}
    network = load_network(io.BytesIO(log.blob(NETWORK)))
    paths = [
        path
        for export_format in formats
        for path in export_document(
            document, export_format, out, vehicle_id=vehicle_id, network=network, since=since, done=done
        )
    ]
    log.note_export(vehicle_id or "", version)
    told = () if since is None else document_changes(since, document, done=done)
    return Exported(
        paths=tuple(paths),
        changes=tuple(
            change.text if vehicle_id is not None else _with_vehicle(change)
            for change in told
            if vehicle_id is None or change.vehicle_id in (vehicle_id, None)
        ),
    )


def _with_vehicle(change: Change) -> str:
    """Return a change in words that say whose it is: the dispatcher reads those of all vehicles in one list."""
    if change.vehicle_id is None or change.text.startswith(change.vehicle_id):
        return change.text
    return f"{change.vehicle_id}: {change.text}"
