"""The roads of a day: its network, and the metric under the conditions in force."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

from routing.events.day import Day
from routing.events.types import DayStarted
from routing.interface.traffic import Traffic, is_traffic, parse_traffic
from routing.network.location import Location
from routing.network.road_network import RoadNetwork
from routing.network.save import load_network
from routing.problem.model import Travel
from routing.replan.lateness import Worlds
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Condition, Weather
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel
from routing.travel.where import Places

NETWORK = "network"
"""Name of the saved road network beside the log, so that a day's file stands alone."""
KEPT_METRICS = 4
"""Metrics of earlier conditions that are kept: news often leaves them as they are."""


class Roads:
    """Hold a day's road network and make its metric under the conditions in force."""

    def __init__(self, network: RoadNetwork, started: DayStarted, traffic: Traffic) -> None:
        self.network = network
        self._radius_m = started.radius_m
        self.weather = traffic.weather
        day = date.fromisoformat(started.date)
        self._base = traffic.metric(network, date=day, time_zone=started.time_zone)
        self.places = Places(network)
        self._derived: dict[tuple[Condition, ...], tuple[int, Metric]] = {}
        """By conditions: from when on a metric knows the slices, and the metric."""
        self._travel: RoadTravel | None = None

    @classmethod
    def of_day(cls, started: DayStarted, blob: Callable[[str], bytes]) -> Roads:
        """Return the roads of a day from what is kept beside its log, by name."""
        contents = {name: blob(input_name(name)) for name, _ in started.inputs if is_traffic(name)}
        traffic = parse_traffic(contents, day=date.fromisoformat(started.date), time_zone=started.time_zone)
        return cls(load_network(io.BytesIO(blob(NETWORK))), started, traffic)

    def travel(
        self, conditions: tuple[Condition, ...], places: tuple[Location, ...], horizon_s: tuple[int, int]
    ) -> Travel:
        """Return travel between places under conditions; the next one takes over what it has of this one's tables."""
        self._travel = self._made(conditions, places, horizon_s)
        return self._travel

    def travel_aside(
        self, conditions: tuple[Condition, ...], places: tuple[Location, ...], horizon_s: tuple[int, int]
    ) -> Travel:
        """Return travel between places under conditions for a question aside, which leaves the kept tables alone."""
        return self._made(conditions, places, horizon_s)

    def _made(
        self, conditions: tuple[Condition, ...], places: tuple[Location, ...], horizon_s: tuple[int, int]
    ) -> RoadTravel:
        metric = self._metric(conditions, horizon_s[0])
        return RoadTravel(self.network, metric, places, radius_m=self._radius_m, horizon_s=horizon_s, base=self._travel)

    def _metric(self, conditions: tuple[Condition, ...], first_s: int) -> Metric:
        """Return the metric under conditions without the slices that are past."""
        if not conditions:
            return self._base
        known = self._derived.pop(conditions, None)
        if known is None or first_s < known[0]:
            known = (
                first_s,
                apply_conditions(
                    self.network, self._base, conditions, places=self.places, weather=self.weather, from_s=first_s
                ),
            )
        # What was asked for last stands last.
        self._derived[conditions] = known
        while len(self._derived) > KEPT_METRICS:
            del self._derived[next(iter(self._derived))]
        return known[1]


def input_name(name: str) -> str:
    """Return the name under which the bytes of one of a day's inputs are kept beside the log."""
    return f"input/{name}"


def worlds_of(day: Day, roads: Roads) -> Worlds:
    """Return travel as the day's reports have it, without weather, and without any report."""
    conditions = day.conditions()
    dry = tuple(each for each in conditions if not isinstance(each, Weather))
    return Worlds(
        real=lambda places, horizon_s: roads.travel_aside(conditions, places, horizon_s),
        dry=lambda places, horizon_s: roads.travel_aside(dry, places, horizon_s),
        free=lambda places, horizon_s: roads.travel_aside((), places, horizon_s),
    )
