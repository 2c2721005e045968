"""What a dispatcher asks: `routing day quote` and `routing day why`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.day_command import DayFile, NowText, instant_of
from routing.interface.options import AsJson

if TYPE_CHECKING:
    from routing.events.day import Day
    from routing.interface.day_questions import Answer
    from routing.problem.model import TimeWindow
    from routing.replan.quote import Quote

NEW_STOP = "new"
"""Id of the stop that is asked about."""


def quote(
    day_file: DayFile,
    lat: Annotated[float, typer.Option("--lat", min=-90, max=90, help="Degrees north.")],
    lon: Annotated[float, typer.Option("--lon", min=-180, max=180, help="Degrees east.")],
    window: Annotated[
        list[str] | None,
        typer.Option(
            "--window", help="FROM-TO, such as 10:00-12:00; may be given several times.", show_default="each hour"
        ),
    ] = None,
    load: Annotated[int, typer.Option("--load", min=0, help="Units from the depot; 0: nothing to load.")] = 0,
    service_s: Annotated[int, typer.Option("--service-s", min=0, help="Seconds at the door.")] = 0,
    now: NowText = None,
    as_json: AsJson = False,
) -> None:
    """Show which windows can still take a new stop today, at what cost and risk; nothing is written."""
    from routing.events.asked import DayStop
    from routing.interface.dispatcher import Dispatcher
    from routing.network.location import Location
    from routing.store.sqlite_log import open_log

    stop = DayStop(id=NEW_STOP, location=Location(lat_deg=lat, lon_deg=lon), load=load, service_s=service_s)
    with open_log(day_file, read_only=True) as log:
        dispatcher = Dispatcher(log)
        day = dispatcher.day
        windows = tuple(_window(text, day) for text in window or ())
        told = dispatcher.quote(stop, windows, now_s=instant_of(now, day))
    if as_json:
        typer.echo(json.dumps(asdict(told), ensure_ascii=False, indent=1))
    else:
        _tell_quote(told, day)


def why(
    day_file: DayFile,
    stop: Annotated[str, typer.Argument(metavar="STOP", help="Id of a stop.")],
    now: NowText = None,
    as_json: AsJson = False,
) -> None:
    """Show where a stop stands, how sure that is, what changed for it, and why it is late or unassigned."""
    from routing.interface.dispatcher import Dispatcher
    from routing.store.sqlite_log import open_log

    with open_log(day_file, read_only=True) as log:
        dispatcher = Dispatcher(log)
        told = dispatcher.why(stop, now_s=instant_of(now, dispatcher.day))
        zone = dispatcher.day.started.time_zone
    if as_json:
        typer.echo(json.dumps(asdict(told), ensure_ascii=False, indent=1))
    else:
        _tell_why(told, zone)


def _window(text: str, day: Day) -> TimeWindow:
    from routing.errors import InputError, Issue
    from routing.interface.time_cells import Calendar, TimePair, read_window
    from routing.units import parse_date

    start, _, end = text.partition("-") if text.count("-") == 1 else text.partition("/")
    pair = TimePair(start=start.strip(), end=end.strip(), start_column="from", end_column="to")
    shifts = tuple(state.vehicle.shift for state in day.vehicles.values())
    calendar = Calendar(day=parse_date(day.started.date), time_zone=day.started.time_zone, shifts=shifts)
    found, issues = read_window(pair, calendar, "--window")
    if found is None:
        action = "Write it as 10:00-12:00, or as two full ISO 8601 times with a slash between them."
        raise InputError(
            issues or [Issue(code="WINDOW_FORMAT", where="--window", cause=f"{text!r} is no window", action=action)]
        )
    return found


def _tell_quote(told: Quote, day: Day) -> None:
    from rich import box
    from rich.table import Table

    from routing.interface.terminal import stdout
    from routing.units import format_cents, format_clock, format_duration

    if told.refusal:
        stdout().print(f"Nobody can serve it today: {told.refusal}.", soft_wrap=True)
        return
    zone = day.started.time_zone
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Window", "Vehicle", "There", "Costs", "In time", "Others later", "Others late"):
        table.add_column(name, justify="right" if name in ("Costs", "In time", "Others later") else "left")
    for offer in told.offers:
        if offer is None:
            continue
        late = ", ".join(offer.becomes_late)
        risk = f"{round(offer.expected_late_stops, 2) + 0.0:+.2f} expected"  # no -0.00
        table.add_row(
            f"{format_clock(offer.window.start_s, zone)}-{format_clock(offer.window.end_s, zone)}",
            offer.vehicle_id,
            format_clock(offer.start_s, zone),
            format_cents(offer.added_cents),
            f"{offer.on_time_probability:.0%}",
            format_duration(offer.later_s),
            f"{late} ({risk})" if late else risk,
        )
    count = sum(offer is None for offer in told.offers)
    if count < len(told.offers):
        stdout().print(table)
    if count:
        stdout().print(f"{count} of {len(told.offers)} windows: nobody can, as the orders are.")


def _tell_why(told: Answer, zone: str) -> None:
    from routing.interface.terminal import stdout
    from routing.units import format_clock, format_duration

    console, visit = stdout(), told.visit
    line = f"{told.stop_id} is {told.state}"
    if visit is not None and told.p10_s is not None and told.p90_s is not None:
        line += f" with {told.vehicle_id} at {format_clock(visit.start_s, zone)}"
        line += f" ({format_clock(told.p10_s, zone)} to {format_clock(told.p90_s, zone)} in 8 of 10 cases)"
        line += f", in time with {told.on_time_probability:.0%}"
    console.print(f"{line}.", soft_wrap=True)
    if told.change is not None and told.change.words:
        console.print(f"The current plan: {told.change.words}.", soft_wrap=True)
    if told.why is not None:
        console.print(told.why.words, soft_wrap=True)
        for each in told.why.obstacles:
            console.print(f"  {each.vehicle_id}: {each.reason}: {each.detail}", soft_wrap=True)
    if told.lateness is not None:
        split = told.lateness
        parts = {
            "weather": split.weather_s,
            "traffic": split.traffic_s,
            "services that took longer": split.service_s,
            "what came before": split.earlier_s,
        }
        shares = [
            f"{'-' if seconds < 0 else ''}{format_duration(abs(seconds))} {name}" for name, seconds in parts.items()
        ]
        console.print(f"{format_duration(split.lateness_s)} late: {', '.join(shares)}.", soft_wrap=True)
