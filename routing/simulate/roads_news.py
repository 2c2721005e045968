"""What happens on the roads: incidents on real arcs and moving weather, as it truly is and as it becomes known.

A report tells the place and the factor as they are, late, with an end that is only estimated; a forecast tells a front
two hours ahead, somewhat beside its true way, until the nowcast at its beginning corrects it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from routing.events.types import ConditionWithdrawn, Event, RoadClosed, TrafficReported, WeatherReported
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import ACCESS_THROUGH, RoadNetwork
from routing.simulate.draws import Draws, sigma_of
from routing.simulate.scenario import Scenario
from routing.travel.conditions import Closure, Condition, InPolygon, OnWay, Slowdown, Weather

INCIDENTS_H = (7.0, 19.0)
CLASS_WEIGHT = {"motorway": 3.0, "trunk": 3.0, "primary": 2.0, "secondary": 1.5, "tertiary": 1.0}
"""Which roads incidents happen on, and how often on a metre of each class."""
SEVERITIES = ((0.95, 0.35), (0.81, 0.30), (0.35, 0.25), (0.0, 0.10))
"""Share of capacity that remains of two lanes (HCM 2010, Exhibit 10-17: shoulder disablement, shoulder accident, a
lane blocked, both blocked), and how often."""
PEAK_H = ((7.0, 9.5), (16.0, 19.0))
VOLUME_RATIO = (0.95, 0.65)
"""Traffic by capacity, in the rush hours and else: speed falls to remaining capacity by volume, never below a tenth."""
LEAST_FACTOR = 0.1
DURATION_S, DURATION_CV = 35 * 60, 0.8
"""Median and coefficient of variation of how long an incident lasts."""
JAM_M = (150.0, 900.0)
"""Radius of the jam around an incident, where nothing and where all of the capacity is lost; it slows half as much."""
DETECTED_MIN = (2.0, 12.0)
ESTIMATE_CV = 0.5
STEP_S = 1_800
"""Weather stands still for so long, then moves on."""
AHEAD_S = 7_200
FORECAST_ERROR_M = 2_000.0
FRONTS = (("rain_light", 2), ("rain", 3), ("rain_heavy", 2), ("snow_light", 1), ("snow", 1), ("fog", 1))
CORNERS = 16
_DEG_M = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadsTruth:
    """Hold what truly changes road times, and what becomes known of it."""

    conditions: tuple[Condition, ...]
    news: tuple[Event, ...]


def roads_truth(network: RoadNetwork, scenario: Scenario) -> RoadsTruth:
    """Return the incidents and the weather of a scenario."""
    parts = (*_incidents(network, scenario), *_fronts(network, scenario))
    return RoadsTruth(
        conditions=tuple(condition for part in parts for condition in part.conditions),
        news=tuple(event for part in parts for event in part.news),
    )


def _incidents(network: RoadNetwork, scenario: Scenario) -> Iterator[RoadsTruth]:
    streams, draws = scenario.streams, Draws(seed=scenario.seed, stream="incident")
    if not streams.incidents_per_100_km_10_h:
        return
    by_class = np.array([CLASS_WEIGHT.get(name.removesuffix("_link"), 0.0) for name in ROAD_CLASSES])
    weight = by_class[network.arc_class] * network.arc_length_mm * (network.arc_access == ACCESS_THROUGH)
    arterial_km = float(network.arc_length_mm[weight > 0].sum()) / 1e6
    hours = INCIDENTS_H[1] - INCIDENTS_H[0]
    mean = max(streams.incidents_per_100_km_10_h * arterial_km / 100 * hours / 10, streams.least_incidents)
    summed = np.cumsum(weight)
    for number in range(1, draws.poisson("count", mean) + 1):
        yield _incident(network, scenario, draws, number, draws.index(f"{number} arc", summed))


def _incident(network: RoadNetwork, scenario: Scenario, draws: Draws, number: int, arc: int) -> RoadsTruth:
    hour = draws.uniform(f"{number} at", *INCIDENTS_H)
    begin_s = scenario.at(hour)
    lasts_s = DURATION_S * math.exp(sigma_of(DURATION_CV) * draws.normal(f"{number} lasts"))
    end_s = begin_s + max(300, round(lasts_s))
    left = draws.chosen(f"{number} severity", [each for each, _ in SEVERITIES], [often for _, often in SEVERITIES])
    volume = VOLUME_RATIO[0] if any(first <= hour < last for first, last in PEAK_H) else VOLUME_RATIO[1]
    factor = min(max(left / volume, LEAST_FACTOR), 1.0)
    way = OnWay(
        way_id=int(network.arc_way_id[arc]), direction="forward" if bool(network.arc_forward[arc]) else "backward"
    )
    middle = int(network.shape_first[arc]) + int(network.shape_first[arc + 1] - network.shape_first[arc]) // 2
    at = float(network.shape_lat_deg[middle]), float(network.shape_lon_deg[middle])
    jam = InPolygon(rings_deg=(_disc(at, JAM_M[0] + (JAM_M[1] - JAM_M[0]) * (1 - factor)),))
    jam_factor = round((1 + factor) / 2, 3)
    key = f"incident-{number:02}"
    blocked = left == 0.0
    times = {"from_s": begin_s, "until_s": end_s}
    truth: list[Condition] = [Slowdown(where=jam, speed_factor=jam_factor, id=f"{key}-jam", **times)]
    if blocked:
        truth.append(Closure(where=way, id=key, **times))
    else:
        truth.append(Slowdown(where=way, speed_factor=round(factor, 3), id=key, **times))
    news: list[Event] = []
    known_s = begin_s + round(draws.uniform(f"{number} detected", *DETECTED_MIN) * 60)
    told_s, again = known_s, 0
    while told_s < end_s and again < 2:
        guess_s = (end_s - told_s) * draws.lognormal(f"{number} guess {again}", mean=1.0, sigma=sigma_of(ESTIMATE_CV))
        until_s = told_s + max(600, round(guess_s / 300) * 300)
        suffix = f"-{again}" if again else ""
        common = {"known_at_s": told_s, "effective_at_s": begin_s if again == 0 else told_s, "until_s": until_s}
        news.append(TrafficReported(id=f"{key}-jam{suffix}", where=jam, speed_factor=jam_factor, **common))
        if blocked:
            news.append(RoadClosed(id=f"{key}{suffix}", where=way, **common))
        else:
            news.append(TrafficReported(id=f"{key}{suffix}", where=way, speed_factor=round(factor, 3), **common))
        cleared_s = end_s + round(draws.uniform(f"{number} cleared", 60, 300))
        if until_s > cleared_s:
            news += [
                ConditionWithdrawn(
                    id=f"{event.id}-cleared", known_at_s=cleared_s, effective_at_s=end_s, event_id=event.id
                )
                for event in news[-2:]
            ]
            break
        told_s, again = until_s, again + 1
    return RoadsTruth(conditions=tuple(truth), news=tuple(news))


def _fronts(network: RoadNetwork, scenario: Scenario) -> Iterator[RoadsTruth]:
    least, most = scenario.streams.fronts
    draws = Draws(seed=scenario.seed, stream="weather")
    count = least + int(draws.uniform("count") * (most - least + 1)) if most else 0
    for number in range(1, count + 1):
        yield _front(network, scenario, draws, number)


def _front(network: RoadNetwork, scenario: Scenario, draws: Draws, number: int) -> RoadsTruth:
    """Return a disc that drifts over the middle of the map, nearly."""
    west, south, east, north = network.bbox_deg
    middle = (south + north) / 2, (west + east) / 2
    radius_m = draws.uniform(f"{number} radius", 2_000, 6_000)
    speed_mps = draws.uniform(f"{number} speed", 10, 30) / 3.6
    angle = draws.uniform(f"{number} angle", 0, 2 * math.pi)
    extent_m = (north - south) * _DEG_M / 2 + radius_m
    beside_m = draws.uniform(f"{number} beside", -0.5, 0.5) * extent_m
    steps = min(max(2, round(2 * extent_m / speed_mps / STEP_S)), 8)
    begin_s = scenario.at(draws.uniform(f"{number} at", 8.0, 16.0))
    condition = draws.chosen(f"{number} kind", [name for name, _ in FRONTS], [often for _, often in FRONTS])
    error_m = tuple(FORECAST_ERROR_M * draws.normal(f"{number} error {axis}") for axis in "xy")
    truth: list[Condition] = []
    forecast: list[Event] = []
    nowcast: list[Event] = []
    for step in range(steps):
        along_m = speed_mps * STEP_S * (step - (steps - 1) / 2)
        x_m = along_m * math.cos(angle) - beside_m * math.sin(angle)
        y_m = along_m * math.sin(angle) + beside_m * math.cos(angle)
        from_s, until_s = begin_s + step * STEP_S, begin_s + (step + 1) * STEP_S
        area = InPolygon(rings_deg=(_disc(_moved(middle, x_m, y_m), radius_m),))
        guess = InPolygon(rings_deg=(_disc(_moved(middle, x_m + error_m[0], y_m + error_m[1]), radius_m),))
        key = f"front-{number}-{step + 1}"
        truth.append(Weather(condition=condition, area=area, from_s=from_s, until_s=until_s, id=key))
        ahead_s = max(begin_s - AHEAD_S, scenario.at(6))
        told = WeatherReported(
            id=key, known_at_s=begin_s, effective_at_s=from_s, condition=condition, area=area, until_s=until_s
        )
        forecast.append(replace(told, id=f"{key}-forecast", known_at_s=ahead_s, area=guess))
        nowcast.append(
            ConditionWithdrawn(
                id=f"{key}-corrected", known_at_s=begin_s, effective_at_s=begin_s, event_id=f"{key}-forecast"
            )
        )
        nowcast.append(told)
    return RoadsTruth(conditions=tuple(truth), news=(*forecast, *nowcast))


def _moved(at: tuple[float, float], x_m: float, y_m: float) -> tuple[float, float]:
    return at[0] + y_m / _DEG_M, at[1] + x_m / (_DEG_M * math.cos(math.radians(at[0])))


def _disc(at: tuple[float, float], radius_m: float) -> tuple[tuple[float, float], ...]:
    """Return a closed ring of points around a point."""
    angles = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
    ring = [_moved(at, radius_m * math.cos(angle), radius_m * math.sin(angle)) for angle in angles]
    rounded = [(round(lat, 6), round(lon, 6)) for lat, lon in ring]
    return (*rounded, rounded[0])
