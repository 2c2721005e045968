"""The delivery day as far as it is known: what the events amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from routing.events.asked import DayStop, DayVehicle
from routing.events.published import PlanPublished
from routing.events.types import (
    DayStarted,
    Event,
    RoadClosed,
    RoadReopened,
    TrafficReported,
    VehicleOutOfService,
    WeatherReported,
)
from routing.network.location import Location
from routing.problem.model import TimeWindow
from routing.travel.conditions import Closure, Condition, Reopening, Slowdown, Weather

Report = TrafficReported | RoadClosed | RoadReopened | WeatherReported
"""What changes road times."""

SERVED: Final = "served"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
PLANNED: Final = "planned"
UNASSIGNED: Final = "unassigned"
STATES = (SERVED, FAILED, CANCELLED, PLANNED, UNASSIGNED)
"""A stop is in exactly one of them at any time."""
OPEN = (PLANNED, UNASSIGNED)
"""A stop in one of these is still to be served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopState:
    """Hold one stop with what happened to it."""

    stop: DayStop
    state: str = UNASSIGNED
    vehicle_id: str | None = None
    """Who was there, or is there, or is planned to come."""
    started_s: int | None = None
    """When the service was reported to begin."""
    ended_s: int | None = None
    """When it was reported served, failed or cancelled."""
    delivered_load: int | None = None
    reason: str = ""
    detail: str = ""
    """Why it is unassigned (reason code and words), or (words) why it failed."""
    unavailable: tuple[tuple[int, int | None], ...] = ()
    """From when until when nobody can receive; None: not any more today."""
    on_board: str | None = None
    """Vehicle that carries its goods, as far as the last plan knew."""
    promise: TimeWindow | None = None
    """Between which instants its customer was told to expect the start of service."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be served."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """Hold what a driver reported of a stop."""

    stop_id: str
    kind: str
    """`started`, `served` or `failed`."""
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """Hold one vehicle with its reports."""

    vehicle: DayVehicle
    location: Location | None = None
    """Where it last reported to be, at `located_s`."""
    located_s: int | None = None
    out: VehicleOutOfService | None = None
    last_report: VisitReport | None = None
    """The report of the latest instant, whenever it came."""
    reported_since_plan: bool = False
    """True where `last_report` is news to the last plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold the state of the day; the mappings are never changed in place."""

    started: DayStarted
    now_s: int
    """The latest instant at which something became known."""
    stops: Mapping[str, StopState]
    vehicles: Mapping[str, VehicleState]
    reports: tuple[Report, ...] = ()
    """What changes road times, in the order of the log, what was taken back left out."""
    withdrawn: frozenset[str] = frozenset()
    plan: PlanPublished | None = None
    since_plan: tuple[Event, ...] = ()
    """Events that the last plan does not know."""
    seen: Mapping[str, Event] = field(default_factory=dict)

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions that the reports amount to; a condition's id is its event's."""
        return tuple(_condition(report) for report in self.reports)

    def in_state(self, *states: str) -> tuple[StopState, ...]:
        """Return the stops in one of some states, in the order in which they became known."""
        return tuple(stop for stop in self.stops.values() if stop.state in states)


def _condition(report: Report) -> Condition:
    if isinstance(report, RoadReopened):
        return Reopening(where=report.where, from_s=report.effective_at_s, until_s=report.until_s, id=report.id)
    if isinstance(report, RoadClosed):
        return Closure(where=report.where, from_s=report.effective_at_s, until_s=report.until_s, id=report.id)
    if isinstance(report, WeatherReported):
        return Weather(
            condition=report.condition,
            area=report.area,
            from_s=report.effective_at_s,
            until_s=report.until_s,
            fade_s=report.fade_s,
            id=report.id,
        )
    return Slowdown(
        where=report.where,
        speed_factor=report.speed_factor,
        speed_kph=report.speed_kph,
        delay_s=report.delay_s,
        from_s=report.effective_at_s,
        until_s=report.until_s,
        fade_s=report.fade_s,
        id=report.id,
    )
