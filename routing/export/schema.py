"""The published plan, field by field: what plan.json holds.

Times are local ISO 8601 with offset, durations whole seconds, distances whole metres, money whole cents,
positions WGS 84 degrees. A reader skips fields that it does not know; whatever changes the meaning of one
raises `format_version`.
"""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from routing.network.location import Approach


def _with_offset(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time wants an offset, such as 2026-11-23T08:30:00+01:00")
    return text


def _known_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not the name of a time zone, such as Europe/Monaco") from error
    return text


def _is_empty(value: object) -> bool:
    return not value


def _is_none(value: object) -> bool:
    return value is None


def _is_either(value: object) -> bool:
    return value == "either"


Instant = Annotated[str, AfterValidator(_with_offset)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Natural = Annotated[int, Field(ge=0)]
FurtherNatural = Annotated[int, Field(ge=0, exclude_if=_is_empty)]
"""Left out where it is 0."""
AmountsByName = Annotated[dict[str, Natural], Field(exclude_if=_is_empty)]
"""Of loads with a name; left out where there are none."""


class _Part(BaseModel):
    """Hold a part of the document: frozen, strict about types, without NaN."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class MapDocument(_Part):
    """Name the map that the plan was made on."""

    source: str
    sha256: str
    attribution: str


class RunDocument(_Part):
    """Record what an engine was given and did."""

    engine: str
    seed: int
    iterations: Natural
    stopped_by: str
    pace: Annotated[tuple[int, ...], Field(exclude_if=_is_empty)] = ()


class CostSplitDocument(_Part):
    """Split a cost by what it is spent on, in cents; the parts sum up to the whole."""

    driving_cents: int
    """Duty on the road."""
    waiting_cents: int
    service_cents: int
    """Duty at stops and depots: setup, service, walks and reloads."""
    rest_cents: int
    distance_cents: int
    vehicle_cents: int
    lateness_cents: int
    overtime_cents: int
    preference_cents: int
    unserved_cents: int
    balance_cents: int


class CostDocument(_Part):
    """Split the cost of the plan, in cents."""

    duty_cents: int
    distance_cents: int
    vehicle_cents: int
    lateness_cents: int
    unserved_cents: int
    preference_cents: Annotated[int, Field(exclude_if=_is_empty)] = 0
    """Fees of stops for when, by whom and after which other stop they are served."""
    balance_cents: Annotated[int, Field(exclude_if=_is_empty)] = 0
    """For the squares of the routes' hours of duty."""
    total_cents: int
    split: Annotated[CostSplitDocument | None, Field(exclude_if=_is_none)] = None
    """None in plans that did not split it."""


class AccessWalkDocument(_Part):
    """Say how walks from the road to doors were timed."""

    speed_m_per_h: Annotated[int, Field(gt=0)]
    free_m: Natural
    """Metres that no time was added for."""


class RouteTotals(_Part):
    """Sum up one route."""

    served: Natural
    on_time: Natural
    late: Natural
    lateness_s: Natural
    waiting_s: Natural
    drive_s: Natural
    service_s: Natural
    duty_s: Natural
    distance_m: Natural
    setup_s: FurtherNatural = 0
    pause_s: FurtherNatural = 0
    """Of rests, and of waiting for one that may not begin yet."""
    reloads: FurtherNatural = 0
    reload_s: FurtherNatural = 0


class PlanTotals(RouteTotals):
    """Sum up the whole plan."""

    stops: Natural
    unassigned: Natural
    routes: Natural


class EndDocument(_Part):
    """Say where and when a route starts or ends."""

    lat_deg: Latitude
    lon_deg: Longitude
    time: Instant


class ShipmentDocument(_Part):
    """Say what is carried from one stop of the route to another."""

    id: str
    role: Literal["pickup", "delivery"]
    """Which of the two this stop is."""
    other_stop_id: str
    load: Natural
    loads: AmountsByName = {}


class _StopFacts(_Part):
    """Hold what the stop asked for."""

    stop_id: str
    lat_deg: Latitude
    lon_deg: Longitude
    address: str
    windows: tuple[tuple[Instant, Instant], ...]
    columns: dict[str, str]
    """Further columns of the source, in its order."""
    load: Natural
    service_s: Natural
    priority: Natural
    approach: Annotated[Approach, Field(exclude_if=_is_either)] = "either"
    """On which side of the vehicle it lies when that arrives."""
    loads: AmountsByName = {}
    """Further loads that are delivered from a depot, by name; `load` is the one without a name."""
    pickup_load: FurtherNatural = 0
    """Collected here and brought to a depot or the end."""
    pickup_loads: AmountsByName = {}
    shipment: Annotated[ShipmentDocument | None, Field(exclude_if=_is_none)] = None
    on_board: Annotated[bool, Field(exclude_if=_is_empty)] = False
    """True where its goods were on board before the route began, so that no depot loads them."""
    release: Annotated[Instant | None, Field(exclude_if=_is_none)] = None
    """Its goods leave the depot no earlier."""
    due: Annotated[Instant | None, Field(exclude_if=_is_none)] = None
    """Its service is over by then."""


class ChancesDocument(_Part):
    """Say how sure a visit is, by the simulated days of the plan."""

    on_time: Annotated[float, Field(ge=0, le=1)]
    """How likely service starts before the last window has ended."""
    at_home: Annotated[float, Field(ge=0, le=1)]
    """How likely somebody can receive then."""
    start_p10: Instant
    start_p50: Instant
    start_p90: Instant
    """Service has started by then in 10, 50 and 90 % of the days."""


class TransferDocument(_Part):
    """Say what is taken over at a visit that is no customer's stop."""

    from_vehicle: str | None
    """None: from the depot."""
    stop_ids: tuple[str, ...]


class VisitDocument(_StopFacts):
    """Say when a stop is served, and by when the vehicle leaves it; or when it loads again at a depot."""

    arrival: Instant
    start: Instant
    departure: Instant
    waiting_s: Natural
    lateness_s: Natural
    load_after: Natural
    loads_after: AmountsByName = {}
    """The same of further loads."""
    setup_s: FurtherNatural = 0
    """Spent on arrival, before any waiting."""
    walk_s: FurtherNatural = 0
    """One way on foot from where the vehicle stands, as the stop says; the departure counts it there and back."""
    reload: Annotated[bool, Field(exclude_if=_is_empty)] = False
    """True where `stop_id` is a depot at which the vehicle loads for a further trip: no stop is served."""
    snap_distance_m: float | None
    """How far the stop lies from the road; None where that is not known."""
    access_walk_m: Annotated[Natural | None, Field(exclude_if=_is_none)] = None
    """Metres on foot from the road to the door, straight; None in plans that did not time it."""
    access_walk_s: Annotated[Natural | None, Field(exclude_if=_is_none)] = None
    """Seconds of that walk, there and back, which the departure counts beyond the service."""
    promised: Annotated[tuple[Instant, Instant] | None, Field(exclude_if=_is_none)] = None
    """From when until when the customer was told to expect the start of service; None where nothing was told."""
    chances: Annotated[ChancesDocument | None, Field(exclude_if=_is_none)] = None
    """None in plans of which they were not counted."""
    transfer: Annotated[TransferDocument | None, Field(exclude_if=_is_none)] = None
    """None for a customer's stop."""


class LegDocument(_Part):
    """Give a drive with its line of [lat_deg, lon_deg] points, empty where only a matrix was known."""

    duration_s: Natural
    distance_m: Natural
    depart: Instant
    arrive: Instant
    pause_s: FurtherNatural = 0
    """Of rests on the way or on arrival, and of waiting for one that may not begin yet; no part of `duration_s`."""
    geometry: tuple[tuple[Latitude, Longitude], ...]


class RestDocument(_Part):
    """Say when the driver rests."""

    leg: Natural
    """Index in `legs`: on this drive, or on arrival at its end."""
    start: Instant
    end: Instant
    break_id: Annotated[str | None, Field(exclude_if=_is_none)] = None
    """None: for the driving rules."""


class RouteDocument(_Part):
    """Hold one vehicle's route: visits in order and one leg more than visits."""

    vehicle_id: str
    capacity: Natural
    load: Natural
    """Units on board when it starts."""
    capacities: AmountsByName = {}
    """Of further loads."""
    loads: AmountsByName = {}
    """Further loads on board when it starts."""
    profile: Annotated[str | None, Field(exclude_if=_is_none)] = None
    """Of its vehicle, where vehicles of several profiles drive; None: the plan's."""
    overtime_s: Natural = 0
    start: EndDocument
    end: EndDocument
    visits: tuple[VisitDocument, ...]
    legs: tuple[LegDocument, ...]
    rests: Annotated[tuple[RestDocument, ...], Field(exclude_if=_is_empty)] = ()
    """In order of time."""
    totals: RouteTotals
    cost: Annotated[CostSplitDocument | None, Field(exclude_if=_is_none)] = None
    """Of this route alone, each sum rounded for itself; None in plans that did not split it."""

    @property
    def served(self) -> tuple[VisitDocument, ...]:
        """Return the visits that serve a stop: all but reloads."""
        return tuple(visit for visit in self.visits if not visit.reload)

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Return the number of each visit among the stops of the route, from 1; None for a reload."""
        served = itertools.count(1)
        return tuple(None if visit.reload else next(served) for visit in self.visits)

    def rests_on(self, leg: int) -> tuple[RestDocument, ...]:
        """Return the rests of a leg."""
        return tuple(rest for rest in self.rests if rest.leg == leg)

    @model_validator(mode="after")
    def _one_leg_more(self) -> Self:
        if len(self.legs) != len(self.visits) + 1:
            raise ValueError(f"{len(self.visits)} visits want one leg more, but there are {len(self.legs)} legs")
        return self


class UnassignedDocument(_StopFacts):
    """Say which stop is left out and why."""

    reason: str
    detail: str


class PlanDocument(_Part):
    """Hold a published plan, standing alone."""

    format: Literal["routing-plan"]
    format_version: Literal[1]
    version: Annotated[int, Field(ge=1)]
    """Number of the plan within its day; 1 for a fresh one."""
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    time_zone: TimeZone
    created_for: Instant | None
    """The instant the plan was made for; the clock of the machine is never read."""
    profile: str
    map: MapDocument
    inputs: dict[str, str]
    """SHA-256 of each input, by its name."""
    seed: int
    runs: tuple[RunDocument, ...]
    versions: dict[str, str]
    access_walk: Annotated[AccessWalkDocument | None, Field(exclude_if=_is_none)] = None
    """None in plans that did not time it."""
    cost: CostDocument
    totals: PlanTotals
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    routes: tuple[RouteDocument, ...]
    unassigned: tuple[UnassignedDocument, ...]
