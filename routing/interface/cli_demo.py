"""`routing demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from routing.interface.demo import Step


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the day's file and all exports.")] = Path("demo"),
) -> None:
    """Run the embedded day: Monaco and its neighbours, 150 stops, six vans, sixteen events."""
    import time

    from routing.interface.demo import begin, export_all, live
    from routing.interface.plan_table import print_plan
    from routing.interface.terminal import stage_progress, stdout

    began = time.perf_counter()
    console = stdout()
    with stage_progress() as status:
        dispatcher, log, first = begin(out, status.update)
        with log:
            print_plan(console, first)
            steps = list(live(dispatcher, out, status.update))
            status.update("writing maps, sheets and files …")
            folders = export_all(dispatcher, log, out)
        day = dispatcher.day
    console.print()
    console.print(_table(steps, day.started.time_zone))
    console.print(
        "Each row: the old orders under the news → what was decided. Lateness is that of the whole day, driving that "
        "of what remains of it.\n",
        style="dim",
    )
    for step in steps:
        if step.plan and step.plan.adopted:
            console.print(f"Plan {step.plan.version}: {step.plan.reason}", highlight=False)
    console.print(f"\n{time.perf_counter() - began:.0f} s in all. Look at:", highlight=False)
    for folder in folders:
        console.print(f"  {folder / 'map.html'}   and a sheet, GPX, GeoJSON and CSV per van beside it", highlight=False)
    day_file = out / "day.db"
    console.print(f"  routing day show {day_file}   ·   routing day replay {day_file}", highlight=False)


def _table(steps: list[Step], time_zone: str) -> Table:
    from rich import box
    from rich.table import Table

    from routing.units import format_clock

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, title="The day", title_justify="left")
    for name in ("Known", "What happened", "Answer"):
        table.add_column(name, no_wrap=name == "Known")
    for name in ("On time", "Late", "Min late", "Unserved", "Drive h", "Moved", "s"):
        table.add_column(name, justify="right", no_wrap=True)
    for step in steps:
        cells = [format_clock(step.event.known_at_s, time_zone), _event_words(step)]
        plan = step.plan
        if plan is None:
            table.add_row(*cells, "plan stands", "", "", "", "", "", "", f"{step.elapsed_s:.1f}", style="dim")
            continue
        before, after = plan.before, plan.after
        answer = f"plan {plan.version}: " + ("new orders" if plan.adopted else "new times")
        moved = sum(change.kind in ("vehicle", "order") for change in plan.changes)
        table.add_row(
            *cells,
            answer,
            _pair(before.on_time, after.on_time),
            _pair(before.late, after.late),
            _pair(round(before.lateness_s / 60), round(after.lateness_s / 60)),
            _pair(before.unassigned, after.unassigned),
            _pair(round(before.drive_s / 3600, 1), round(after.drive_s / 3600, 1)),
            str(moved),
            f"{step.elapsed_s:.1f}",
        )
    return table


def _pair(before: float, after: float) -> str:
    return f"{after}" if before == after else f"{before} → {after}"


def _event_words(step: Step) -> str:
    event = step.event
    subject = getattr(event, "stop_id", None) or getattr(event, "vehicle_id", None)
    if subject is None and hasattr(event, "stop"):
        subject = event.stop.id
    return event.TYPE.replace("_", " ") + (f" {subject}" if subject else "")
