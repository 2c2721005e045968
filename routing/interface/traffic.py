"""What a day knows of speeds and weather before it begins: files that are read once and kept with the day as they were.

| file | option | kept as |
|---|---|---|
| speeds by class and time of the week (`read_speed_tables`) | `--speeds` | speeds |
| speeds of single ways (`read_speed_tables`) | `--ways` | ways |
| speeds by pairs of nodes (`feeds.osrm_speeds`), several | `--node-speeds` | node-speeds/1 … |
| weather as Open-Meteo gives it (`feeds.open_meteo`), several | `--weather` | weather/1 … |
| what weather does (`read_speed_tables`) | `--weather-factors` | weather-factors |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from routing.errors import InputError, Issue
from routing.feeds.open_meteo import read_open_meteo
from routing.feeds.osrm_speeds import read_osrm_speeds
from routing.interface.read_speed_tables import read_speeds, read_ways, read_weather_factors
from routing.interface.table import read_bytes
from routing.network.road_network import RoadNetwork
from routing.travel.apply import apply_conditions, check_conditions
from routing.travel.conditions import Weather
from routing.travel.metric import Metric
from routing.travel.overrides import NO_OVERRIDES, Overrides, unmatched
from routing.travel.speed_table import SpeedTable, time_of_day
from routing.travel.weather import DEFAULT_WEATHER, WeatherTable

SPEEDS, WAYS, NODE_SPEEDS, WEATHER, WEATHER_FACTORS = "speeds", "ways", "node-speeds", "weather", "weather-factors"
_KINDS = (SPEEDS, WAYS, NODE_SPEEDS, WEATHER, WEATHER_FACTORS)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficFiles:
    """Name the files; none of them is needed."""

    speeds: Path | None = None
    ways: Path | None = None
    node_speeds: tuple[Path, ...] = ()
    weather: tuple[Path, ...] = ()
    weather_factors: Path | None = None

    def by_name(self) -> dict[str, Path]:
        """Return the files by the names under which a day keeps them."""
        single = {SPEEDS: self.speeds, WAYS: self.ways, WEATHER_FACTORS: self.weather_factors}
        several = {NODE_SPEEDS: self.node_speeds, WEATHER: self.weather}
        named = {name: path for name, path in single.items() if path is not None}
        return named | {
            f"{name}/{number}": path for name, paths in several.items() for number, path in enumerate(paths, start=1)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Hold what the files say."""

    table: SpeedTable | None = None
    overrides: Overrides = NO_OVERRIDES
    forecast: tuple[Weather, ...] = ()
    weather: WeatherTable = DEFAULT_WEATHER

    def metric(self, network: RoadNetwork, *, date: date, time_zone: str) -> Metric:
        """Return the metric of a day before anything is reported."""
        usual = time_of_day(network, self.table, date=date, time_zone=time_zone, overrides=self.overrides)
        return apply_conditions(network, usual, self.forecast, weather=self.weather) if self.forecast else usual

    def warnings(self, network: RoadNetwork) -> tuple[str, ...]:
        """Return what of it has no road on the map."""
        return tuple(f"Ignored: {line}." for line in unmatched(network, self.overrides))


NO_TRAFFIC = Traffic()


def read_contents(files: TrafficFiles) -> tuple[dict[str, bytes], list[Issue]]:
    """Return the bytes of the files by the names under which a day keeps them, and what is wrong with the others."""
    issues: list[Issue] = []
    contents = {}
    for name, path in files.by_name().items():
        try:
            contents[name] = read_bytes(path, "speeds or weather")
        except InputError as error:
            issues += error.issues
    return contents, issues


def is_traffic(name: str) -> bool:
    """Tell whether one of a day's inputs is a file of speeds or weather."""
    return name.partition("/")[0] in _KINDS


def parse_traffic(
    contents: Mapping[str, bytes], *, day: date, time_zone: str, paths: Mapping[str, Path] | None = None
) -> Traffic:
    """Return what files say; InputError with the faults of all of them, each under its path or its name."""
    issues: list[Issue] = []

    def read(kind: str, parse: Callable[[bytes, str], _Result]) -> list[_Result]:
        numbered = sorted(
            (int(name.partition("/")[2] or 0), name) for name in contents if name.partition("/")[0] == kind
        )
        shown = {name: str((paths or {}).get(name, name)) for _, name in numbered}
        found = (_gather(lambda name=name: parse(contents[name], shown[name]), issues) for _, name in numbered)  # type: ignore[misc]
        return [each for each in found if each is not None]

    tables = read(SPEEDS, lambda content, name: read_speeds(content, name=name))
    ways = read(WAYS, lambda content, name: read_ways(content, name=name, day=day, time_zone=time_zone))
    nodes = read(NODE_SPEEDS, lambda content, name: read_osrm_speeds(content, name=name, day=day, time_zone=time_zone))
    weather = read(WEATHER_FACTORS, lambda content, name: read_weather_factors(content, name=name))
    forecast = _chained(read(WEATHER, lambda content, name: read_open_meteo(content, name=name)))
    effects = weather[0] if weather else DEFAULT_WEATHER
    if not issues:
        _gather(lambda: check_conditions(forecast, effects), issues)
    if issues:
        raise InputError(issues)
    return Traffic(
        table=tables[0] if tables else None,
        overrides=Overrides(ways=_chained(ways), nodes=_chained(nodes)),
        forecast=forecast,
        weather=effects,
    )


def _chained(parts: Iterable[tuple[_Result, ...]]) -> tuple[_Result, ...]:
    return tuple(chain.from_iterable(parts))


def _gather(read: Callable[[], _Result], issues: list[Issue]) -> _Result | None:
    try:
        return read()
    except InputError as error:
        issues += error.issues
        return None
