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

    Reports of drivers are still taken; closing again writes the file anew.
    """
    from routing.events.carry_over import carried_over
    from routing.export.files import write_whole
    from routing.interface.dispatcher import Dispatcher, last_shift_s
    from routing.interface.next_day import WINDOWS, stops_text
    from routing.interface.terminal import stdout
    from routing.store.sqlite_log import open_log
    from routing.units import days_later

    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        now_s, zone = instant_of(now, dispatcher.day), dispatcher.day.started.time_zone
        last_s = days_later(last_shift_s(dispatcher.day), 1, zone)
        # A closed day stays closed: a file that cannot be written is told of before.
        write_whole(next_stops, stops_text(carried_over(dispatcher.day), zone, last_s=last_s))
        stops = dispatcher.close(now_s=now_s)
    path = write_whole(next_stops, stops_text(stops, zone, last_s=last_s))
    tried = sum(stop.attempts > 0 for stop in stops)
    console = stdout()
    console.print(f"The day is closed: {len(stops)} stops go over, {tried} of them tried before.")
    cut = [stop.id for stop in stops if len(stop.windows) > WINDOWS]
    if cut:
        console.print(f"Only the first {WINDOWS} windows have columns, of: {', '.join(cut)}.", soft_wrap=True)
    console.print(f"Written: {path}", soft_wrap=True)
