"""`routing day close`: end a day and hand over what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from routing.interface.day_command import DayFile, NowText, instant_of


def close(
    day_file: DayFile,
    next_stops: Annotated[
        Path, typer.Option("--next", help="stops.csv to write for the next day: what was not served.")
    ],
    now: NowText = None,
) -> None:
    """End the day: nothing is planned any more, and what was not served goes over, its failed visits counted.

    No event is taken after that; closing again writes the file anew.
    """
    from routing.events.carry_over import carried_over, undelivered
    from routing.export.files import write_whole
    from routing.interface.dispatcher import Dispatcher
    from routing.interface.next_day import next_calendar, stops_text
    from routing.interface.terminal import stderr, stdout
    from routing.store.sqlite_log import open_log

    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        now_s, calendar = instant_of(now, dispatcher.day), next_calendar(dispatcher.day)
        # A closed day stays closed: a file that cannot be written is told of before.
        write_whole(next_stops, stops_text(carried_over(dispatcher.day), calendar))
        stops, day = dispatcher.close(now_s=now_s), dispatcher.day
    path = write_whole(next_stops, stops_text(stops, calendar))
    tried = sum(stop.attempts > 0 for stop in stops)
    console = stdout()
    console.print(f"The day is closed: {len(stops)} stops go over, {tried} of them tried before.")
    console.print(f"Written: {path}", soft_wrap=True)
    for stop_id, missing in undelivered(day):
        words = f"stop {stop_id} was served without {missing} units; add it to the file if they are still wanted"
        stderr().print(f"Note: {words}", style="yellow", soft_wrap=True)
