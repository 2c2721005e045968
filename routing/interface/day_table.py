"""Show a day on the terminal as a dispatcher wants to see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from routing.events.published import Change, Figures, PlanProposed, PlanPublished
from routing.interface.day_view import DayView
from routing.units import format_cents, format_clock, format_duration

_SHOWN_PLANS = 12


def print_day(console: Console, view: DayView) -> None:
    """Print vehicles, stops by state, what is unassigned, conditions in force and the story of the plans."""
    stops = ", ".join(f"{count} {state}" for state, count in view.stops.items() if count)
    console.print(
        Text.assemble(
            (f"{view.date} at {_clock(view.now)}", "bold"), f" ({view.time_zone}), plan {view.version}: {stops}"
        )
    )
    table = _table(("Vehicle", "Now", "Next stop", "There", "Left", "Late", "Back"), right=("There", "Left", "Back"))
    for each in view.vehicles:
        late = f"{each.late} ({format_duration(each.lateness_s)})" if each.late else ""
        stop = f"{each.next_stop} {each.next_address}".strip() if each.next_stop else ""
        table.add_row(
            each.vehicle_id,
            each.activity,
            stop,
            _clock(each.next_arrival),
            str(each.stops_left),
            Text(late, style="red"),
            _clock(each.back),
        )
    console.print(table)
    for left in view.unassigned:
        console.print(
            f"Unassigned: {left['stop_id']} {left['address']} - {left['reason']}: {left['detail']}", soft_wrap=True
        )
    if view.proposal is not None:
        console.print(f"Proposal: {view.proposal} waits for your word (`routing day proposal`).")
    if view.closed:
        console.print("The day is closed.")
    for condition in view.conditions:
        until = f"until {_clock(condition['until'])}" if condition["until"] else "until withdrawn"
        console.print(
            f"In force: {condition['event_id']} {condition['what']}, from {_clock(condition['from'])} {until}"
        )
    console.print(_plans(view))
    console.print(replan_words(view.replan), style="dim", soft_wrap=True)


def replan_words(options: Mapping[str, int | float | bool | None]) -> str:
    """Return in words what changes of plan cost and what is frozen; what is off or left to the search is not told."""
    prices = {
        "vehicle_change": "another vehicle",
        "place_change": "another place in the order",
        "promise_break": "a broken promise",
        "next_stop": "another next stop",
        "gain": "a plan must gain beyond its changes",
    }
    *rising, next_stop, gain = (
        f"{text} {format_cents(int(options[f'{name}_cents'] or 0))}" for name, text in prices.items()
    )
    when_near = f"up to {options['near_factor']:g} times as much when near"
    words = f"Changes cost: {', '.join(rising)}, {when_near}; {next_stop}; {gain}."
    kept = {"all": "order and time", "order": "order", "vehicle": "vehicle"}
    frozen = []
    for name, text in kept.items():
        span_s, stops = int(options[f"freeze_{name}_s"] or 0), int(options[f"freeze_{name}_stops"] or 0)
        spans = [format_duration(span_s)] if span_s else []
        spans += [f"{stops} stops"] if stops else []
        if spans:
            frozen.append(f"{text} for {' and '.join(spans)}")
    return f"{words} Frozen: {', '.join(frozen)}." if frozen else words


def print_published(console: Console, plans: Sequence[PlanPublished], time_zone: str) -> None:
    """Print what was published, each with the figures before and after it."""
    for plan in plans:
        console.print(
            Text.assemble((f"Plan {plan.version}, {format_clock(plan.known_at_s, time_zone)}: ", "bold"), plan.reason),
            soft_wrap=True,
        )
        if plan.base_version is not None:
            was, now = plan.before, plan.after
            console.print(
                f"  on time {was.on_time} → {now.on_time}, late {was.late} → {now.late} "
                f"({format_duration(was.lateness_s)} → {format_duration(now.lateness_s)}), unassigned "
                f"{was.unassigned} → {now.unassigned}, driving ahead {format_duration(was.drive_s)} → "
                f"{format_duration(now.drive_s)}",
                soft_wrap=True,
            )


def print_proposal(console: Console, proposal: PlanProposed, time_zone: str) -> None:
    """Print a plan that waits for the dispatcher's word: its figures and every change."""
    plan = proposal.plan
    opening = (f"{proposal.id} of {format_clock(proposal.known_at_s, time_zone)} waits for your word: ", "bold")
    console.print(Text.assemble(opening, plan.reason), soft_wrap=True)
    print_figures(console, {"As it stands": plan.before, "Proposed": plan.after})
    for change in plan.changes:
        console.print(f"  {change_words(change)}", soft_wrap=True)
    console.print("Say `routing day accept` or `routing day reject`.")


def change_words(change: Change) -> str:
    """Return what is otherwise for a stop."""
    if change.words:
        return f"{change.stop_id}: {change.words}"
    match change.kind:
        case "vehicle":
            what = f"from {change.from_vehicle} to {change.to_vehicle}"
        case "order":
            what = f"to another place in the order of {change.to_vehicle}"
        case "added" | "reopened":
            what = f"to {change.to_vehicle}"
        case "dropped":
            return f"{change.stop_id}: taken off {change.from_vehicle}"
        case _:
            what = "new time"
    shift = f", {format_duration(abs(change.shift_s))} {'later' if change.shift_s > 0 else 'earlier'}"
    return f"{change.stop_id}: {what}{shift if change.shift_s else ''}"


def print_figures(console: Console, columns: Mapping[str, Figures]) -> None:
    """Print the figures of some plans beside each other."""
    table = _table(("", *columns), right=tuple(columns))
    rows: dict[str, Callable[[Figures], str]] = {
        "on time": lambda figures: str(figures.on_time),
        "late": lambda figures: f"{figures.late} ({format_duration(figures.lateness_s)})" if figures.late else "0",
        "unassigned": lambda figures: str(figures.unassigned),
        "driving ahead": lambda figures: format_duration(figures.drive_s),
        "cost ahead": lambda figures: format_cents(figures.cost_cents),
    }
    for name, value in rows.items():
        table.add_row(name, *(value(figures) for figures in columns.values()))
    console.print(table)


def _plans(view: DayView) -> Table:
    table = _table(
        ("Plan", "At", "On time", "Late", "Unassigned", "Moved", "Why"), right=("On time", "Unassigned", "Moved")
    )
    for plan in view.plans[-_SHOWN_PLANS:]:
        late = f"{plan.late} ({format_duration(plan.lateness_s)})" if plan.late else ""
        table.add_row(
            str(plan.version),
            _clock(plan.published),
            str(plan.on_time),
            Text(late, style="red"),
            str(plan.unassigned or ""),
            str(plan.moved or ""),
            plan.reason,
        )
    return table


def _table(names: Sequence[str], *, right: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name, justify="right" if name in right else "left")
    return table


def _clock(instant: str | None) -> str:
    return f"{datetime.fromisoformat(instant):%H:%M}" if instant else ""
