"""`routing day what-if`: ask before it happens."""

from __future__ import annotations

from routing.interface.day_command import (
    DayFile,
    EventFile,
    NowText,
    instant_of,
    read_events,
    search_budget,
    tell_what_if,
)
from routing.interface.options import AsJson, Iterations, TimeLimit, Workers, one_budget


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
