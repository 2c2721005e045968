"""Show a published plan on the terminal as a dispatcher wants to see it."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from routing.export.schema import PlanDocument, RouteDocument, RunDocument
from routing.export.words import clock, windows_words
from routing.interface.search_words import ENDS, cost_words, split_words
from routing.units import format_cents

_SHOWN_UNASSIGNED = 30


def print_plan(console: Console, document: PlanDocument, *, unused: Sequence[str] = ()) -> None:
    """Print routes, cost, unassigned stops and what a reader must know; `unused` names vehicles that stay."""
    totals = document.totals
    console.print(
        Text.assemble(
            (f"Plan for {document.date}", "bold"),
            f" ({document.time_zone}), {document.profile}, on {document.map.source}: ",
            (f"{totals.served} of {totals.stops} stops", "bold green" if not totals.unassigned else "bold yellow"),
            f" on {totals.routes} route{'' if totals.routes == 1 else 's'}, ",
            f"{totals.on_time} on time, cost {format_cents(document.cost.total_cents)}",
        )
    )
    if document.routes:
        console.print(_route_table(document))
    if unused:
        console.print(f"Not used: {', '.join(unused)}")
    console.print(_cost_line(document))
    if document.cost.split is not None:
        console.print(Text(f"Spent on: {split_words(document.cost.split)}"), soft_wrap=True)
    if document.unassigned:
        console.print(_unassigned_table(document))
        hidden = len(document.unassigned) - _SHOWN_UNASSIGNED
        if hidden > 0:
            console.print(f"… and {hidden} more unassigned stops; the plan names them all.")
    for note in document.notes:
        console.print(f"Note: {note}", style="yellow")
    for warning in document.warnings:
        console.print(f"Map: {warning}", style="dim")


def print_stages(console: Console, stages: Sequence[tuple[str, float]]) -> None:
    """Print how long each stage took, in seconds."""
    parts = [f"{name} {seconds:.1f} s" for name, seconds in stages]
    console.print(f"Time: {', '.join(parts)}; {sum(seconds for _, seconds in stages):.1f} s in all", style="dim")


def _route_table(document: PlanDocument) -> Table:
    totals = document.totals
    late = totals.late > 0
    several = len(document.routes) > 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, show_footer=several)
    table.caption, table.caption_justify = "Drive, Serve, Wait and Duty in hours:minutes", "left"
    columns = [
        ("Vehicle", "Total"),
        ("Leaves", ""),
        ("Back", ""),
        ("On time", f"{totals.on_time}/{totals.served}"),
        *([("Late", hours_minutes(totals.lateness_s))] if late else []),
        *([("Trips", str(totals.reloads + totals.routes))] if totals.reloads else []),
        ("Load", str(sum(_loaded(route) for route in document.routes))),
        ("km", _km(totals.distance_m)),
        ("Drive", hours_minutes(totals.drive_s)),
        ("Serve", hours_minutes(totals.service_s)),
        *([("Reload", hours_minutes(totals.reload_s))] if totals.reloads else []),
        *([("Setup", hours_minutes(totals.setup_s))] if totals.setup_s else []),
        ("Wait", hours_minutes(totals.waiting_s)),
        *([("Rest", hours_minutes(totals.pause_s))] if totals.pause_s else []),
        ("Duty", hours_minutes(totals.duty_s)),
    ]
    for number, (name, total) in enumerate(columns):
        if number:
            table.add_column(name, total, justify="right", no_wrap=True)
        else:
            table.add_column(name, total, overflow="fold", min_width=6)
    for route in document.routes:
        table.add_row(*_route_row(document, route))
    return table


def _route_row(document: PlanDocument, route: RouteDocument) -> list[Text]:
    totals, whole = route.totals, document.totals
    style = "red" if totals.late else ""
    return [
        Text(route.vehicle_id),
        Text(clock(route.start.time, document.date)),
        Text(clock(route.end.time, document.date), style="red" if route.overtime_s else ""),
        Text(f"{totals.on_time}/{totals.served}", style=style),
        *([Text(hours_minutes(totals.lateness_s), style=style)] if whole.late else []),
        *([Text(str(totals.reloads + 1))] if whole.reloads else []),
        Text(f"{_loaded(route)}/{route.capacity}"),
        Text(_km(totals.distance_m)),
        Text(hours_minutes(totals.drive_s)),
        Text(hours_minutes(totals.service_s)),
        *([Text(hours_minutes(totals.reload_s))] if whole.reloads else []),
        *([Text(hours_minutes(totals.setup_s))] if whole.setup_s else []),
        Text(hours_minutes(totals.waiting_s)),
        *([Text(hours_minutes(totals.pause_s))] if whole.pause_s else []),
        Text(hours_minutes(totals.duty_s)),
    ]


def _loaded(route: RouteDocument) -> int:
    """Return the units on board at most, of the load without a name."""
    return max([route.load, *(visit.load_after for visit in route.visits)])


def print_search(console: Console, runs: Sequence[RunDocument]) -> None:
    """Print which engines searched, for how many steps, and what ended each."""
    if runs:
        told = (f"{run.engine} {run.iterations:,} steps ({ENDS.get(run.stopped_by, run.stopped_by)})" for run in runs)
        console.print(f"Search: {', '.join(told)}", style="dim")


def _cost_line(document: PlanDocument) -> Text:
    return Text(f"Cost: {cost_words(document.cost) or 'nothing'}")


def _unassigned_table(document: PlanDocument) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Unassigned", title_justify="left")
    for name in ("Stop", "Address", "Windows", "Reason", "Detail"):
        table.add_column(name, no_wrap=name in ("Stop", "Reason"), overflow="fold")
    for left in document.unassigned[:_SHOWN_UNASSIGNED]:
        table.add_row(
            Text(left.stop_id),
            Text(left.address),
            Text(windows_words(left.windows, document.date)),
            Text(left.reason, style="yellow"),
            Text(left.detail),
        )
    return table


def hours_minutes(duration_s: int) -> str:
    """Return a duration as `4:31`, rounded to the minute, `–` for none at all and `0:01` for less than one."""
    minutes = max(1, round(duration_s / 60))
    return f"{minutes // 60}:{minutes % 60:02}" if duration_s else "–"


def _km(distance_m: int) -> str:
    return f"{distance_m / 1000:.1f}"
