"""The events of a delivery day, one frozen type each; `TYPE` is its name at the edges and in the log.

`known_at_s` is when the dispatcher could know it, `effective_at_s` when the world changed: a forecast is known
before, a late report after.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, get_args

from routing.events.asked import DayStop, DayVehicle
from routing.events.news import (
    AvailabilityTold,
    BreakTaken,
    CustomerAvailable,
    StopChanged,
    VehicleAdded,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.occurrence import Occurrence
from routing.events.options import ReplanOptions
from routing.events.published import PlanProposed, PlanPublished
from routing.events.words import (
    DayClosed,
    PlanAccepted,
    PlanRejected,
    StopMoved,
    StopPinned,
    VehicleForbidden,
    WordWithdrawn,
)
from routing.network.location import Location
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, TimeWindow
from routing.travel.conditions import InPolygon, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStarted(Occurrence):
    """Begin the day: what is asked, of whom, on which roads."""

    TYPE: ClassVar[str] = "day_started"

    date: str
    time_zone: str
    stops: tuple[DayStop, ...]
    vehicles: tuple[DayVehicle, ...]
    objective: Objective
    network_sha256: str
    """Digest of the saved road network."""
    radius_m: float = 300.0
    replan: ReplanOptions = field(default_factory=ReplanOptions)
    inputs: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    access_walk: AccessWalk | None = None
    """None in days that began before walks to the door were timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleLocated(Occurrence):
    """Report where a vehicle is."""

    TYPE: ClassVar[str] = "vehicle_position"

    vehicle_id: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitStarted(Occurrence):
    """Report that the service at a stop began."""

    TYPE: ClassVar[str] = "visit_started"

    stop_id: str
    vehicle_id: str | None = None
    """None: the vehicle that is planned to serve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitServed(Occurrence):
    """Report that a stop was served and its vehicle is free to go on."""

    TYPE: ClassVar[str] = "visit_served"

    stop_id: str
    vehicle_id: str | None = None
    delivered_load: int | None = None
    """None: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFailed(Occurrence):
    """Report that a stop could not be served and its vehicle is free to go on."""

    TYPE: ClassVar[str] = "visit_failed"

    stop_id: str
    vehicle_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficReported(Occurrence):
    """Report slow roads, by exactly one of factor, speed and delay."""

    TYPE: ClassVar[str] = "traffic_reported"

    where: Where
    speed_factor: float | None = None
    speed_kph: float | None = None
    delay_s: int | None = None
    until_s: int | None = None
    fade_s: int | None = None
    """How long it takes to fade away, after `until_s` or, where no end is known, from the beginning; None: at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosed(Occurrence):
    """Report a road that nothing passes."""

    TYPE: ClassVar[str] = "road_closed"

    where: Where
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadReopened(Occurrence):
    """Report a road that can be passed again, whatever has closed it before; see `Reopening`."""

    TYPE: ClassVar[str] = "road_reopened"

    where: Where
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherReported(Occurrence):
    """Report weather over an area, None being everywhere."""

    TYPE: ClassVar[str] = "weather_reported"

    condition: str
    area: InPolygon | None = None
    until_s: int | None = None
    fade_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionWithdrawn(Occurrence):
    """Take back a report of traffic, of a closure, of a reopening or of weather."""

    TYPE: ClassVar[str] = "condition_withdrawn"

    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChanged(Occurrence):
    """Give a stop other windows; none means at any time."""

    TYPE: ClassVar[str] = "window_changed"

    stop_id: str
    windows: tuple[TimeWindow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerUnavailable(Occurrence):
    """Report that nobody can receive at a stop from `effective_at_s` on, until an instant or (None) today."""

    TYPE: ClassVar[str] = "customer_unavailable"

    stop_id: str
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAdded(Occurrence):
    """Ask for one more stop."""

    TYPE: ClassVar[str] = "stop_added"

    stop: DayStop


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCancelled(Occurrence):
    """Ask no longer for a stop."""

    TYPE: ClassVar[str] = "stop_cancelled"

    stop_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleOutOfService(Occurrence):
    """Report a vehicle that cannot go on, until an instant or (None) today; it stays where it is."""

    TYPE: ClassVar[str] = "vehicle_out_of_service"

    vehicle_id: str
    location: Location | None = None
    """None: where it was last known to be."""
    until_s: int | None = None


Event = (
    DayStarted
    | VehicleLocated
    | VisitStarted
    | VisitServed
    | VisitFailed
    | TrafficReported
    | RoadClosed
    | RoadReopened
    | WeatherReported
    | ConditionWithdrawn
    | WindowChanged
    | CustomerUnavailable
    | StopAdded
    | StopCancelled
    | VehicleOutOfService
    | PlanPublished
    | VehicleDeparted
    | VehicleArrived
    | VisitDelayed
    | StopChanged
    | CustomerAvailable
    | AvailabilityTold
    | VehicleBack
    | VehicleDelayed
    | VehicleAdded
    | BreakTaken
    | StopPinned
    | VehicleForbidden
    | StopMoved
    | WordWithdrawn
    | PlanProposed
    | PlanAccepted
    | PlanRejected
    | DayClosed
)

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)
