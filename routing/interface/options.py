"""The options that several commands share, each written once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.errors import InputError, Issue

if TYPE_CHECKING:
    from routing.interface.traffic import TrafficFiles
    from routing.problem.access_walk import AccessWalk

MapFile = Annotated[
    Path,
    typer.Option("--map", "-m", help="Map: .osm.pbf, .osm, .osm.gz, .osm.bz2, OSMnx .graphml or a saved .npz."),
]
StopsFile = Annotated[Path, typer.Option("--stops", "-s", help="Stops, one line each (CSV).")]
FleetFile = Annotated[Path, typer.Option("--fleet", "-f", help="Vehicles, one line each (CSV).")]
AskedMap = Annotated[
    Path | None,
    typer.Option("--map", "-m", help="Map: .osm.pbf, .osm, .osm.gz, .osm.bz2, OSMnx .graphml or a saved .npz."),
]
AskedStops = Annotated[Path | None, typer.Option("--stops", "-s", help="Stops, one line each (CSV).")]
AskedFleet = Annotated[Path | None, typer.Option("--fleet", "-f", help="Vehicles, one line each (CSV).")]
DepotsFile = Annotated[
    Path | None, typer.Option("--depots", help="Depots where vehicles load for a further trip, one line each (CSV).")
]
ProblemFile = Annotated[
    Path | None,
    typer.Option(
        "--problem", "-p", help="All of it in one problem.json, instead of stops, fleet, depots and objective."
    ),
]
DateText = Annotated[
    str | None,
    typer.Option("--date", help="Date of times of day, YYYY-MM-DD.", show_default="the fleet's own, or today"),
]
ZoneName = Annotated[
    str | None,
    typer.Option("--time-zone", help="Clocks of times without offset.", show_default="that of the map's place"),
]
ObjectiveFile = Annotated[
    Path | None, typer.Option("--objective", help="What each thing costs, in cents (TOML or JSON).")
]
ReplanFile = Annotated[
    Path | None,
    typer.Option(
        "--replan-options", help="What changes of plan cost, and what may not change any more (TOML or JSON)."
    ),
]
TimeLimit = Annotated[float | None, typer.Option("--time-limit", min=0.1, help="Seconds to search.", show_default="10")]
Iterations = Annotated[
    int | None,
    typer.Option("--iterations", min=1, help="Search so many steps instead: the same plan on every machine."),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        min=1,
        max=64,
        help="Searches side by side, each on a core with a seed of its own; the best counts.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Seed of the search.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts instead of tables.")]
SpeedsFile = Annotated[
    Path | None,
    typer.Option(
        "--speeds", help="Speeds by class of road and time of the week (CSV).", show_default="a table of our own"
    ),
]
WaysFile = Annotated[Path | None, typer.Option("--ways", help="Speeds of single ways, with their times (CSV).")]
NodeSpeedFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--node-speeds", help="OSRM's speed file: from_osm_id,to_osm_id,speed_kmh; may be given several times."
    ),
]
WeatherFiles = Annotated[
    list[Path] | None,
    typer.Option("--weather", help="Weather as Open-Meteo gives it (JSON); may be given several times."),
]
WeatherFactorsFile = Annotated[
    Path | None,
    typer.Option("--weather-factors", help="What weather does to speeds (CSV).", show_default="a table of our own"),
]
WalkingSpeed = Annotated[
    float,
    typer.Option(
        "--walking-speed",
        min=0.1,
        max=20.0,
        metavar="KM/H",
        help="Of drivers, to doors more than 30 m off the road and back.",
    ),
]
CachePlace = Annotated[
    str | None,
    typer.Option(
        "--cache",
        envvar="ROUTING_CACHE",
        metavar="FOLDER|off",
        help="Keep built road networks here.",
        show_default="the user's cache folder",
    ),
]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.JSON", help="The plan.")]
OutDir = Annotated[Path, typer.Option("--out", "-o", help="Folder for the files; made as needed.")]

DEFAULT_TIME_LIMIT_S = 10.0
DEFAULT_WALKING_KPH = 5.0


def date_of(text: str | None) -> date | None:
    """Return the date of an option; InputError where it is none."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or not 1970 < found.year < 2200:
        cause, action = f"{text!r} is not a date of our time.", "Write it as 2026-11-23."
        raise InputError([Issue(code="DATE", where="--date", cause=cause, action=action)])
    return found


def one_budget(time_limit_s: float | None, iterations: int | None) -> None:
    """Refuse both kinds of budget at once: a time limit would make the iterations differ between machines."""
    if time_limit_s is not None and iterations is not None:
        raise typer.BadParameter("give --time-limit or --iterations, not both")


def budget_s(time_limit_s: float | None, iterations: int | None) -> float | None:
    """Return the time limit in seconds, the default where neither budget is given; refuse both at once."""
    one_budget(time_limit_s, iterations)
    return DEFAULT_TIME_LIMIT_S if time_limit_s is None and iterations is None else time_limit_s


def access_walk_at(walking_speed_kph: float) -> AccessWalk:
    """Return how walks from the road to doors are timed at a driver's speed on foot."""
    from routing.problem.access_walk import AccessWalk

    return AccessWalk(speed_m_per_h=round(walking_speed_kph * 1000))


def traffic_files(
    speeds: Path | None,
    ways: Path | None,
    node_speeds: list[Path] | None,
    weather: list[Path] | None,
    weather_factors: Path | None,
) -> TrafficFiles:
    """Return the files of speeds and weather that the options name."""
    from routing.interface.traffic import TrafficFiles

    return TrafficFiles(
        speeds=speeds,
        ways=ways,
        node_speeds=tuple(node_speeds or ()),
        weather=tuple(weather or ()),
        weather_factors=weather_factors,
    )
