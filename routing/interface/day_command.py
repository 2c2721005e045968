"""What the commands of a day share: its file and instant, the budget of a search, the telling of what came of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routing.errors import InputError, Issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.status import Status

    from routing.events.day import Day
    from routing.events.published import PlanProposed
    from routing.events.types import Event
    from routing.interface.dispatcher import Outcome
    from routing.interface.event_bodies import EventContext
    from routing.interface.plan_day import Budget

DayFile = Annotated[Path, typer.Argument(metavar="DAY.DB", help="The day's file, as `day new` makes it.")]
NowText = Annotated[
    str | None,
    typer.Option("--now", help="Instant to plan for, HH:MM or ISO 8601.", show_default="that of the last event"),
]
Propose = Annotated[
    bool | None,
    typer.Option(
        "--propose/--publish",
        help="Let a plan that changes more than times wait for your word, or not.",
        show_default="as the day's options say",
    ),
]
EventFile = Annotated[str, typer.Argument(metavar="EVENT.JSON|-", help="Events as JSON; - for stdin.")]


def read_events(event_file: str, context: EventContext) -> tuple[Event, ...]:
    """Return the events of a file, or of stdin where it is named -."""
    from routing.interface.event_schema import parse_events
    from routing.interface.table import read_bytes

    content = sys.stdin.buffer.read() if event_file == "-" else read_bytes(Path(event_file), "events")
    return tuple(parse_events(content, context=context, name="stdin" if event_file == "-" else event_file))


def search_budget(
    time_limit_s: float | None, iterations: int | None, workers: int, status: Status, interrupted: Callable[[], bool]
) -> Budget:
    """Return the budget of a search that reports to the terminal and ends at an interrupt."""
    from routing.interface.plan_day import Budget
    from routing.interface.search_words import search_words

    return Budget(
        time_limit_s=time_limit_s,
        iterations=iterations,
        workers=workers,
        on_progress=None if status.console.quiet else search_words(status.update),
        cancelled=interrupted,
    )


def instant_of(text: str | None, day: Day) -> int | None:
    """Return the instant that `--now` names; InputError where it names none."""
    if text is None:
        return None
    from routing.interface.time_cells import Calendar, read_instant
    from routing.units import parse_date

    shifts = tuple(vehicle.shift for vehicle in day.started.vehicles)
    calendar = Calendar(day=parse_date(day.started.date), time_zone=day.started.time_zone, shifts=shifts)
    try:
        return read_instant(text, calendar)
    except ValueError as error:
        action = "Write it as 10:30, or as 2026-11-23T10:30:00+01:00."
        raise InputError([Issue(code="TIME_FORMAT", where="--now", cause=str(error), action=action)]) from error


def tell(outcome: Outcome, day: Day, *, as_json: bool) -> None:
    """Tell what some events led to, as JSON or in words."""
    from routing.interface.day_table import print_proposal, print_published
    from routing.interface.terminal import stderr, stdout

    version = day.plan.version if day.plan else None
    if as_json:
        typer.echo(json.dumps({**_values(outcome), "version": version}, ensure_ascii=False, indent=1))
        return
    for warning in outcome.warnings:
        stderr().print(f"Note: {warning}", style="yellow", soft_wrap=True)
    if outcome.accepted:
        stdout().print(f"{len(outcome.accepted)} event{'' if len(outcome.accepted) == 1 else 's'} appended.")
    for proposal in outcome.proposals:
        print_proposal(stdout(), proposal, day.started.time_zone)
    print_published(stdout(), outcome.plans, day.started.time_zone)
    if not outcome.plans:
        stdout().print(f"Nothing changes: plan {version} stands.")


def tell_what_if(outcome: Outcome, day: Day, *, as_json: bool) -> None:
    """Tell what some events would lead to: the figures of now, of the old orders then and of the new plan."""
    from routing.interface.day_table import print_figures, print_published
    from routing.interface.terminal import stderr, stdout

    now, plans = day.plan.after if day.plan else None, outcome.plans
    if as_json:
        told = _values(outcome)
        for values, plan in zip(told["plans"], plans, strict=True):
            values |= {"before": asdict(plan.before), "after": asdict(plan.after)}
            values["changes"] = [asdict(change) for change in plan.changes]
        typer.echo(json.dumps({**told, "now": asdict(now) if now else None}, ensure_ascii=False, indent=1))
        return
    for warning in outcome.warnings:
        stderr().print(f"Note: {warning}", style="yellow", soft_wrap=True)
    print_published(stdout(), plans, day.started.time_zone)
    if now is not None and plans:
        then = {"If so, same orders": plans[-1].before, "If so, new plan": plans[-1].after}
        print_figures(stdout(), {"Now": now, **then})
    if not plans:
        stdout().print("Nothing would change: the current plan would stand.")
    stdout().print("Nothing was written.")


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "accepted": outcome.accepted,
        "known": outcome.known,
        "warnings": outcome.warnings,
        "plans": [{"version": plan.version, "adopted": plan.adopted, "reason": plan.reason} for plan in outcome.plans],
        "proposals": [proposal_values(proposal) for proposal in outcome.proposals],
    }


def proposal_values(proposal: PlanProposed) -> dict[str, Any]:
    """Return a proposal as JSON values."""
    plan = proposal.plan
    return {
        "id": proposal.id,
        "reason": plan.reason,
        "before": asdict(plan.before),
        "after": asdict(plan.after),
        "changes": [asdict(change) for change in plan.changes],
    }
