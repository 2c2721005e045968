"""The events of a delivery day, one frozen type each; `TYPE` is its name at the edges and in the log.

`known_at_s` is when the dispatcher could know it, `effective_at_s` when the world changed: a forecast is known
before, a late report after.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from routing.network.location import Location
from routing.plan.model import EngineRun, Visit
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, TimeWindow
from routing.travel.conditions import InPolygon, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStop:
    """Hold what a customer asked for, with its point on the earth instead of a place of some problem."""

    id: str
    location: Location
    windows: tuple[TimeWindow, ...] = ()
    service_s: int = 0
    load: int = 0
    priority: int = 0
    address: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVehicle:
    """Hold a vehicle of the day's fleet."""

    id: str
    profile: str
    capacity: int
    shift: TimeWindow
    start: Location
    end: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanOptions:
    """Say when a change of plan is worth its trouble, and how long to look for it."""

    gain_cents: int = 300
    """What a change must gain beyond its price; 300 are 7.5 minutes of duty at 2,400 an hour."""
    vehicle_change_cents: int = 100
    """Price of a stop that goes to another vehicle."""
    place_change_cents: int = 25
    """Price of a stop that another one now precedes or follows on the same vehicle."""
    publish_shift_s: int = 60
    """New arrival times are published where one moves by this much."""
    time_limit_s: float | None = 10.0
    patience_iterations: int | None = 5_000
    """What a search under a time limit does without a gain before it ends, after an event: who waits wants it soon."""
    iterations: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRoute:
    """Hold what a plan says of one vehicle: what it is taken to have done, and what remains."""

    vehicle_id: str
    left: bool
    """True where it has left its start: its goods are on board."""
    start: Location
    """Where the remaining part begins."""
    start_s: int
    end_s: int
    assumed: tuple[Visit, ...] = ()
    """Visits without a report that are taken as made or going on, by the times of the plan before."""
    visits: tuple[Visit, ...] = ()
    """Visits that remain, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sum up the day as one plan sees it: what was done, and what it expects."""

    on_time: int
    late: int
    lateness_s: int
    unassigned: int
    drive_s: int
    """Driving that remains."""
    cost_cents: int
    """Cost of what remains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Name one stop that a plan treats in another way than the plan before."""

    stop_id: str
    kind: str
    """`added`, `reopened` (the plan before took it for served), `dropped`, `vehicle`, `order` or `time`."""
    from_vehicle: str | None = None
    to_vehicle: str | None = None
    shift_s: int = 0
    """By how much the start of its service moved, where both plans serve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Hold what every event has."""

    TYPE: ClassVar[str]

    id: str
    known_at_s: int
    effective_at_s: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPublished(Occurrence):
    """Publish a plan: what every vehicle does from now on, what changed and why, and how to compute it again."""

    TYPE: ClassVar[str] = "plan_published"

    version: int
    base_version: int | None
    request: str
    """What asked for it: `start`, `event`, `retime` (no search wanted) or `replan` (search in any case)."""
    reason: str
    """Why it differs from the plan before, in words."""
    routes: tuple[PublishedRoute, ...]
    unassigned: tuple[tuple[str, str, str], ...]
    """Stop id, reason and detail."""
    on_board: tuple[tuple[str, str], ...] = ()
    """Stop id and vehicle id of all goods that have left the depot and are not delivered."""
    seed: int = 0
    searched: bool = False
    adopted: bool = False
    """True where the search's plan was taken; False where the old orders stay, with new times."""
    failure: str = ""
    """Why the search gave nothing, where it died."""
    runs: tuple[EngineRun, ...] = ()
    """What the engines did, also where their plan was not taken."""
    before: Figures
    """The old orders under the new facts."""
    after: Figures
    changes: tuple[Change, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    """Of what may decide about a plan, as they stand in its document."""
    document_sha256: str
    """Digest of plan.json, which is kept beside the log."""


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
)

EVENT_TYPES: tuple[type[Event], ...] = (
    DayStarted,
    VehicleLocated,
    VisitStarted,
    VisitServed,
    VisitFailed,
    TrafficReported,
    RoadClosed,
    RoadReopened,
    WeatherReported,
    ConditionWithdrawn,
    WindowChanged,
    CustomerUnavailable,
    StopAdded,
    StopCancelled,
    VehicleOutOfService,
    PlanPublished,
)
