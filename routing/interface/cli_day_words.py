"""What a dispatcher asks and says: `routing day what-if`, `proposal`, `accept`, `reject`, `undo`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.day_command import (
    DayFile,
    EventFile,
    NowText,
    instant_of,
    proposal_values,
    read_events,
    search_budget,
    tell,
    tell_what_if,
)
from routing.interface.options import AsJson, Iterations, TimeLimit, Workers, one_budget

if TYPE_CHECKING:
    from collections.abc import Callable

    from routing.events.day import Day
    from routing.events.types import Event

ProposalId = Annotated[
    str | None, typer.Argument(metavar="PROPOSAL", help="Which one.", show_default="the one that waits")
]


def what_if(
    day_file: DayFile,
    event_file: EventFile,
    now: NowText = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Show what events would lead to, without telling the day: nothing is written.

    The file holds one JSON object, an array of them, or one object a line, as for `routing day event`.
    """
    one_budget(time_limit, iterations)
    from routing.plan.engines.worker import prepare

    prepare()
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.terminal import stage_progress
    from routing.store.sqlite_log import open_log

    with (
        open_log(day_file, read_only=True) as log,
        stage_progress() as status,
        stopped_by_interrupt() as interrupted,
    ):
        dispatcher = Dispatcher(log, budget=search_budget(time_limit, iterations, workers, status, interrupted))
        events = read_events(event_file, dispatcher.context())
        now_s = instant_of(now, dispatcher.day)
        status.update("weighing the plan …")
        outcome = dispatcher.what_if(events, now_s=now_s)
    tell_what_if(outcome, dispatcher.day, as_json=as_json)


def proposal(
    day_file: DayFile,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write its plan.json.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan that waits for your word, stop by stop, beside the orders that stand."""
    from routing.events.fold import replay
    from routing.export.files import write_whole
    from routing.interface.day_table import print_proposal
    from routing.interface.day_words import pending
    from routing.interface.plan_day import proposal_name
    from routing.interface.terminal import stdout
    from routing.store.sqlite_log import open_log

    with open_log(day_file, read_only=True) as log:
        day = replay(log.events())
        waits = pending(day, None)
        content = log.blob(proposal_name(waits.id))
    if out is not None:
        stdout().print(f"Written: {write_whole(out, content)}", soft_wrap=True)
    if as_json:
        typer.echo(json.dumps(proposal_values(waits), ensure_ascii=False, indent=1))
    elif out is None:
        print_proposal(stdout(), waits, day.started.time_zone)


def accept(day_file: DayFile, proposal_id: ProposalId = None, now: NowText = None, as_json: AsJson = False) -> None:
    """Accept the proposed plan: its orders stand from now on, with the times of now."""
    from routing.interface.day_words import accepting

    _say(day_file, lambda day, at_s: accepting(day, proposal_id, at_s), now, as_json=as_json)


def reject(day_file: DayFile, proposal_id: ProposalId = None, now: NowText = None, as_json: AsJson = False) -> None:
    """Reject the proposed plan: the orders stay, and the next news is weighed again."""
    from routing.interface.day_words import rejecting

    _say(day_file, lambda day, at_s: rejecting(day, proposal_id, at_s), now, as_json=as_json)


def undo(
    day_file: DayFile,
    event_id: Annotated[str, typer.Argument(metavar="EVENT", help="Id of the event to take back.")],
    now: NowText = None,
    time_limit: TimeLimit = None,
    iterations: Iterations = None,
    as_json: AsJson = False,
) -> None:
    """Take back a pin, a ban, a move, or a report of traffic, of a closure, of a reopening or of weather."""
    one_budget(time_limit, iterations)
    from routing.interface.day_words import undoing
    from routing.plan.engines.worker import prepare

    prepare()
    budget = (time_limit, iterations)
    _say(day_file, lambda day, at_s: undoing(day, event_id, at_s), now, budget=budget, as_json=as_json)


def _say(
    day_file: Path,
    word: Callable[[Day, int], Event],
    now: str | None,
    *,
    budget: tuple[float | None, int | None] = (None, None),
    as_json: bool,
) -> None:
    """Post the event of a word, known at the instant or else at the last one of the day, and tell what came of it."""
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.interrupts import stopped_by_interrupt
    from routing.interface.terminal import stage_progress
    from routing.store.sqlite_log import open_log

    with open_log(day_file) as log, stage_progress() as status, stopped_by_interrupt() as interrupted:
        dispatcher = Dispatcher(log, budget=search_budget(*budget, 1, status, interrupted))
        now_s = instant_of(now, dispatcher.day)
        at_s = dispatcher.default_now_s if now_s is None else now_s
        outcome = dispatcher.post([word(dispatcher.day, at_s)], now_s=now_s)
    tell(outcome, dispatcher.day, as_json=as_json)
