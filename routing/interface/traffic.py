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
from routing.travel.hours import Span
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
    """Of the days that the metric knows."""
    weather: WeatherTable = DEFAULT_WEATHER
    other_weather: int = 0
    """How many conditions were told for other days, where none was for these."""

    def metric(self, network: RoadNetwork, *, date: date, time_zone: str) -> Metric:
        """Return the metric of a day before anything is reported."""
        usual = time_of_day(network, self.table, date=date, time_zone=time_zone, overrides=self.overrides)
        return apply_conditions(network, usual, self.forecast, weather=self.weather) if self.forecast else usual

    def warnings(self, network: RoadNetwork) -> tuple[str, ...]:
        """Return what of it has no road on the map, or not its day."""
        ignored = [*unmatched(network, self.overrides)]
        if self.other_weather:
            ignored.append(f"the weather is of other days: {self.other_weather} conditions")
        return tuple(f"Ignored: {line}." for line in ignored)


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
        found = []
        for name in sorted((name for name in contents if name.partition("/")[0] == kind), key=_number):
            try:
                found.append(parse(contents[name], str((paths or {}).get(name, name))))
            except InputError as error:
                issues.extend(error.issues)
        return found

    tables = read(SPEEDS, lambda content, name: read_speeds(content, name=name))
    ways = read(WAYS, lambda content, name: read_ways(content, name=name, day=day, time_zone=time_zone))
    nodes = read(NODE_SPEEDS, lambda content, name: read_osrm_speeds(content, name=name, day=day, time_zone=time_zone))
    weather = read(WEATHER_FACTORS, lambda content, name: read_weather_factors(content, name=name))
    forecast = _chained(read(WEATHER, lambda content, name: read_open_meteo(content, name=name)))
    effects = weather[0] if weather else DEFAULT_WEATHER
    if issues:
        raise InputError(issues)
    check_conditions(forecast, effects)
    span = Span(day=day, time_zone=time_zone)
    ours = tuple(each for each in forecast if _meets(each, span))
    return Traffic(
        table=tables[0] if tables else None,
        overrides=Overrides(ways=_chained(ways), nodes=_chained(nodes)),
        forecast=ours,
        weather=effects,
        other_weather=0 if ours else len(forecast),
    )


def _chained(parts: Iterable[tuple[_Result, ...]]) -> tuple[_Result, ...]:
    return tuple(chain.from_iterable(parts))


def _number(name: str) -> int:
    return int(name.partition("/")[2] or 0)


def _meets(weather: Weather, span: Span) -> bool:
    """Tell whether a forecast says something of a span: a week's hours would be slices that nobody drives in."""
    begins, ends = weather.from_s, weather.until_s
    return (begins is None or begins < span.end_s) and (ends is None or ends > span.begin_s)
