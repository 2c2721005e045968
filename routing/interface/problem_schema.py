"""A problem field by field: what `problem.json` holds.

Times are ISO 8601 with offset, durations whole seconds, distances whole metres, money whole cents, positions WGS 84
degrees. What is left out has its default. A field that is not known is refused, so that nothing is lost in silence;
whatever changes the meaning of one raises `format_version`.

`problem.schema.json` beside this file says the same as JSON Schema, written by
`routing problem schema > routing/interface/problem.schema.json`.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from routing.export.schema import Latitude, Longitude, TimeZone
from routing.network.location import Approach
from routing.problem.access_walk import AccessWalk
from routing.problem.driving_rules import DrivingRules
from routing.problem.model import Objective


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time wants an offset, such as 2026-11-23T08:30:00+01:00")
    if not 1900 <= moment.year < 2200:
        raise ValueError("a time lies in the years 1900 to 2199")
    if moment.microsecond:
        raise ValueError("a time is told in whole seconds")
    return text


Instant = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
Span = tuple[Instant, Instant]
Natural = Annotated[int, Field(ge=0, le=2**53 - 1)]
Positive = Annotated[int, Field(gt=0, le=2**53 - 1)]
Cell = Annotated[int, Field(ge=0, le=2**31 - 1)] | None
"""Of a matrix."""
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = tuple[Name, ...]
AmountsByName = dict[Name, Natural]

_PRICES, _RULES, _WALK = Objective(), DrivingRules(), AccessWalk()


class Part(BaseModel):
    """Hold a part of the document: frozen, strict about types and names, without NaN."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class PlacePart(Part):
    """Name a point on the earth."""

    id: Name
    lat_deg: Latitude
    lon_deg: Longitude
    approach: Approach = "either"
    """On which side of the vehicle it must lie when that arrives; `curb`: the side on which the country drives."""
    heading_deg: float | None = None
    """Clockwise from north; keeps only roads driven that way."""
    off_road_m: Annotated[float, Field(ge=0)] | None = 0.0
    """With matrices: how far it lies from the road of vehicles without a matrix of their own, so that the walk to the
    door is timed; null: not known."""
    usable: bool = True
    """With matrices: false where it lies too far from any road to be served."""


class ObjectivePart(Part):
    """Say what each thing costs, in cents."""

    duty_cents_per_h: Natural = _PRICES.duty_cents_per_h
    distance_cents_per_km: Natural = _PRICES.distance_cents_per_km
    vehicle_cents: Natural = _PRICES.vehicle_cents
    lateness_cents_per_min: Natural = _PRICES.lateness_cents_per_min
    unserved_cents: Natural = _PRICES.unserved_cents
    """Of a stop of priority 0; grows by a tenth of itself per point of priority."""
    other_driver_cents: Natural = _PRICES.other_driver_cents
    """For each stop that has preferred drivers and is served by another one."""
    balance_cents_per_h2: Natural = _PRICES.balance_cents_per_h2
    """For the square of each route's hours of duty."""


class AccessWalkPart(Part):
    """Say how walks from the road to doors are timed."""

    speed_m_per_h: Positive = _WALK.speed_m_per_h
    free_m: Natural = _WALK.free_m
    """Metres that no time is added for."""


class BreakPart(Part):
    """Give the driver a break that begins within a window."""

    id: Name
    window: Span
    duration_s: Natural


class DrivingRulesPart(Part):
    """Limit driving and duty; the defaults are those of Regulation (EC) No 561/2006, null is no such limit."""

    driving_until_break_s: Natural | None = _RULES.driving_until_break_s
    break_s: Natural = _RULES.break_s
    split_s: tuple[Natural, Natural] | None = _RULES.split_s
    """Two parts, in this order, that may replace the break; null: it is not split."""
    driving_limit_s: Natural | None = _RULES.driving_limit_s
    span_limit_s: Natural | None = _RULES.span_limit_s
    week_limit_s: Natural | None = _RULES.week_limit_s
    fortnight_limit_s: Natural | None = _RULES.fortnight_limit_s


class DrivingClocksPart(Part):
    """Tell what the driver brings in from before the route."""

    driving_since_break_s: Natural = 0
    split_taken: bool = False
    driving_today_s: Natural = 0
    on_duty_since: Instant | None = None
    """When the last daily rest ended; null: when the route begins."""
    driving_week_s: Natural = 0
    driving_fortnight_s: Natural = 0
    """Of this week and the one before it together."""


class VehiclePart(Part):
    """Offer a vehicle with its driver; prices that are null are those of the objective."""

    id: Name
    profile: Name = "van"
    """On which roads it drives: which matrix, or which network of the map."""
    shift: Span
    start_place: Name
    end_place: Name | None = None
    """null: the place where it starts."""
    open_start: bool = False
    """Its route begins at its first halt."""
    open_end: bool = False
    """Its route ends with its last visit."""
    start_fixed: bool = False
    """It is on duty from the start of its shift on."""
    capacity: Natural = 0
    """Units of the load without a name."""
    capacities: AmountsByName = {}
    """Of further loads; one that is not named it cannot carry."""
    on_board_load: Natural = 0
    on_board_loads: AmountsByName = {}
    skills: Names = ()
    type: str = ""
    """See a stop's `service_by_type`."""
    driver: str = ""
    territories: Names | None = None
    """Where it is at home; null: everywhere."""
    territory_fee_cents: Natural | None = None
    """What each stop elsewhere costs; null: it serves none there."""
    start_depot: Name | None = None
    """The depot whose stock its first trip takes from."""
    reload_depots: Names = ()
    """Depots where it may load for a further trip."""
    reloads_limit: Natural | None = None
    breaks: tuple[BreakPart, ...] = ()
    driving_rules: DrivingRulesPart | None = None
    """`{}` is a day under Regulation (EC) No 561/2006."""
    driving_clocks: DrivingClocksPart = DrivingClocksPart()
    duration_limit_s: Natural | None = None
    distance_limit_m: Natural | None = None
    driving_limit_s: Natural | None = None
    stops_limit: Natural | None = None
    overtime_allowed: bool = False
    overtime_limit_s: Natural | None = None
    vehicle_cents: Natural | None = None
    duty_cents_per_h: Natural | None = None
    distance_cents_per_km: Natural | None = None
    overtime_cents_per_h: Natural | None = None
    """null: the objective's price of lateness."""
    lifo: bool = False
    """Only what was loaded last can be unloaded."""
    pickups_last: bool = False
    """Within a trip it delivers everything from the depot before it collects."""
    used: bool = False
    """It is already out: its fixed cost is spent and it must drive home."""
    committed: Names = ()
    """Stops that must be its first visits, in this order."""


class DepotPart(Part):
    """Offer a place where vehicles load for a further trip."""

    id: Name
    place: Name | None = None
    """null: the place with its own id."""
    windows: tuple[Span, ...] = ()
    reload_s: Natural = 0
    stock: AmountsByName | None = None
    """What it holds, the load without a name as `load`; null: enough of all."""


class StartFeePart(Part):
    """Charge a start of service between two instants, both included."""

    start: Instant
    end: Instant
    cents: Natural


class FollowFeePart(Part):
    """Charge a stop wherever it does not come right after a given one, on a given vehicle."""

    vehicle_id: Name
    after_stop_id: Name | None = None
    """null: it is the first stop of the vehicle."""
    cents: Natural


class StopPart(Part):
    """Ask for one customer visit."""

    id: Name
    place: Name | None = None
    """null: the place with its own id."""
    address: str = ""
    windows: tuple[Span, ...] = ()
    """Service starts within one of them; none: at any time."""
    release: Instant | None = None
    """The trip that delivers its goods does not leave the depot before."""
    due: Instant | None = None
    """Its service is over by then."""
    lateness_allowed: bool = False
    lateness_limit_s: Natural | None = None
    lateness_cents_per_min: Natural | None = None
    service_s: Natural = 0
    service_by_type: dict[str, Natural] = {}
    """Seconds of service by type of vehicle, instead of `service_s`."""
    setup_s: Natural = 0
    """Spent on arrival, unless the halt before is at its place."""
    walk_s: Natural = 0
    """One way on foot to the door."""
    load: Natural = 0
    """Units delivered from a depot."""
    loads: AmountsByName = {}
    pickup_load: Natural = 0
    """Units collected for the depot."""
    pickup_loads: AmountsByName = {}
    on_board: Name | None = None
    """The vehicle on which its goods already are."""
    goods: str = ""
    """Their kind, see `incompatible_goods` and `required_goods`."""
    together: str = ""
    """Stops with the same word are served one right after the other."""
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    unserved_cents: Natural | None = None
    """What leaving it out costs; null: the objective's price by its priority."""
    skills_all: Names = ()
    skills_one_of: Names = ()
    skills_none_of: Names = ()
    allowed_vehicles: Names | None = None
    """null: any."""
    forbidden_vehicles: Names = ()
    preferred_drivers: tuple[str, ...] = ()
    territory: str = ""
    start_fees: tuple[StartFeePart, ...] = ()
    vehicle_fees: AmountsByName = {}
    follow_fee: FollowFeePart | None = None
    columns: dict[str, str] = {}
    """Further columns of the source, kept for the exports."""


class ShipmentPart(Part):
    """Carry goods from one stop to another on one trip."""

    id: Name
    pickup_stop_id: Name
    delivery_stop_id: Name
    load: Natural = 0
    loads: AmountsByName = {}


class MatrixPart(Part):
    """Give seconds and metres from each place (row) to each place (column), null where no road leads."""

    profile: Name | None = None
    """Whose vehicles it is for; null: all that have none of their own."""
    start: Instant | None = None
    """From when on it holds, until the next one of the same profile; only where there is one such matrix may it be
    missing."""
    durations_s: tuple[tuple[Cell, ...], ...]
    distances_m: tuple[tuple[Cell, ...], ...]


class ProblemDocument(Part):
    """Hold a problem, standing alone where it holds matrices; else a map tells the travel times."""

    format: Literal["routing-problem"]
    format_version: Literal[1]
    time_zone: TimeZone = "UTC"
    """In which plans of it tell their times."""
    objective: ObjectivePart = ObjectivePart()
    access_walk: AccessWalkPart | None = AccessWalkPart()
    """null: walks are not timed."""
    places: tuple[PlacePart, ...]
    vehicles: tuple[VehiclePart, ...]
    depots: tuple[DepotPart, ...] = ()
    stops: tuple[StopPart, ...]
    shipments: tuple[ShipmentPart, ...] = ()
    incompatible_goods: tuple[tuple[Name, Name], ...] = ()
    """Pairs of kinds that are never on board together."""
    required_goods: tuple[tuple[Name, Name], ...] = ()
    """A route that serves a stop of the first kind serves one of the second, too."""
    matrices: tuple[MatrixPart, ...] = ()
    """Rows and columns in the order of the places; none: the map tells."""


def schema_text() -> str:
    """Return the JSON Schema of the document, Draft 2020-12."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **ProblemDocument.model_json_schema()}
    return json.dumps(_untitled(schema), indent=1) + "\n"


def _untitled(value: object) -> object:
    """Return a schema without titles, which repeat the names of the fields."""
    if isinstance(value, dict):
        return {
            key: _untitled(inner) for key, inner in value.items() if not (key == "title" and isinstance(inner, str))
        }
    return [_untitled(inner) for inner in value] if isinstance(value, list) else value
