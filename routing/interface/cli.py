"""The command line: `routing`.

Exit codes: 0 done (also with unassigned stops), 1 violations found, 2 bad input or usage, 3 our fault.
Heavy modules are imported by the commands that need them, so that `routing --help` is quick.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from routing.interface import (
    cli_calibrate,
    cli_day,
    cli_demo,
    cli_explain,
    cli_export,
    cli_map,
    cli_plan,
    cli_prepare,
    cli_problem,
    cli_simulate,
    cli_table,
    cli_vrplib,
)
from routing.interface.command_group import RoutingGroup

app = typer.Typer(
    cls=RoutingGroup,
    name="routing",
    help="Plan deliveries on real roads, and plan the rest of the day again when it changes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _show_version(value: bool) -> None:
    if value:
        from routing import __version__

        typer.echo(f"routing {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="ROUTING_DEBUG", hidden=True, help="Show tracebacks.")
    ] = False,
) -> None:
    """Take the options of all commands; they act by their callbacks and in `RoutingGroup`."""


app.command("demo")(cli_demo.demo)
app.command("plan")(cli_plan.plan)
app.command("check")(cli_plan.check)
app.command("explain")(cli_explain.explain)
app.command("export")(cli_export.export)
app.command("calibrate")(cli_calibrate.calibrate)
app.command("table")(cli_table.table)
app.command("vrplib")(cli_vrplib.vrplib)
app.command("simulate")(cli_simulate.simulate)
app.command("prepare")(cli_prepare.prepare)
app.add_typer(cli_day.app, name="day")
app.add_typer(cli_map.app, name="map")
app.add_typer(cli_problem.app, name="problem")


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a street's name must not fail on an old terminal
    app()
