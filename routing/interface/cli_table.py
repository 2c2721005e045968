"""`routing table`: our tables of speeds and weather, to begin one's own with."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class TableName(StrEnum):
    """Name the tables that can be given in place of ours."""

    SPEEDS = "speeds"
    WEATHER_FACTORS = "weather-factors"


def table(
    name: Annotated[TableName, typer.Argument(metavar="speeds|weather-factors", help="Which table.")],
) -> None:
    """Print a table that plans use where none is given, as CSV to edit and to give as --speeds or --weather-factors."""
    from routing.interface.read_speed_tables import speed_lines, weather_lines
    from routing.travel.speed_table import DEFAULT_SPEED_TABLE
    from routing.travel.weather import DEFAULT_WEATHER

    lines = speed_lines(DEFAULT_SPEED_TABLE) if name is TableName.SPEEDS else weather_lines(DEFAULT_WEATHER)
    typer.echo("\n".join(lines))
