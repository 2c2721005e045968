"""The delivery day as far as it is known: what the events amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from routing.events.asked import DayStop, DayVehicle
from routing.events.published import PlanProposed, PlanPublished, Transfer
from routing.events.seen import Seen
from routing.events.types import (
    DayStarted,
    Event,
    RoadClosed,
    RoadReopened,
    TrafficReported,
    VehicleOutOfService,
    WeatherReported,
)
from routing.events.words import StopMoved, StopPinned, VehicleForbidden
from routing.network.location import Location
from routing.problem.model import TimeWindow
from routing.travel.conditions import Closure, Condition, Reopening, Slowdown, Weather

Report = TrafficReported | RoadClosed | RoadReopened | WeatherReported
"""What changes road times."""
Word = StopPinned | StopMoved | VehicleForbidden
"""What a dispatcher says of one stop."""
Fault = tuple[str, str, str]
"""Code, cause and cure of what an event says against the day."""

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
    arrived_s: int | None = None
    """When that vehicle was reported to be there."""
    started_s: int | None = None
    """When the service was reported to begin, or first to be going on."""
    expected_end_s: int | None = None
    """When the service is expected to end, where it was reported to take longer."""
    ended_s: int | None = None
    """When it was reported served, failed or cancelled."""
    cancelled_s: int | None = None
    """When its customer cancelled it, whatever a driver did there then."""
    delivered_load: int | None = None
    reason: str = ""
    detail: str = ""
    """Why it is unassigned (reason code and words), or (words) why it failed."""
    attempts: int = 0
    """Visits that failed, those of earlier days included."""
    failed_s: int | None = None
    """When it last failed today."""
    not_before_s: int | None = None
    """No second attempt before."""
    unavailable: tuple[tuple[int, int | None], ...] = ()
    """From when until when nobody can receive; None: not any more today."""
    presence_told_s: int | None = None
    """When the last word about somebody's absence or presence became known."""
    on_board: str | None = None
    """Vehicle that carries its goods, as far as the last plan and the departures since then tell."""
    promise: TimeWindow | None = None
    """When the customer was last told to expect the start of service."""
    words: tuple[Word, ...] = ()
    """What the dispatcher said of it, in the order of the log, what was taken back left out; it amounts to:"""
    pinned_vehicle: str | None = None
    """Vehicle that it was pinned or moved to. Goods on board another vehicle win over it."""
    pinned_position: int | None = None
    """Place among the vehicle's free visits, 0 being the next; the first plan after a word settles one beyond 0."""
    moved_after: str | None = None
    """Stop that it comes right after, as long as that is open and with the same vehicle."""
    forbidden: frozenset[str] = frozenset()
    """Vehicles that may not serve it."""
    transfer: Transfer | None = None
    """What is taken over here, where it is not a customer's stop but a transfer of the plan."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be served."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """Hold what a driver reported of a stop."""

    stop_id: str
    kind: str
    """`arrived`, `started`, `served` or `failed`."""
    at_s: int
    location: Location
    """Where the stop was then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """Hold one vehicle with its reports."""

    vehicle: DayVehicle
    location: Location | None = None
    """Where it last reported to be, at `located_s`."""
    located_s: int | None = None
    out: VehicleOutOfService | None = None
    back_s: int | None = None
    """When it was last reported to work again; what was told of before counts no more."""
    departed_s: int | None = None
    """When it was last reported to leave its start."""
    delayed_until_s: int | None = None
    """It does not leave its start before; None once it left."""
    break_s: tuple[int, int] | None = None
    """From when until when its driver last took a break."""
    added: bool = False
    """True where it came during the day."""
    last_report: VisitReport | None = None
    """The report of the latest instant, whenever it came."""
    reported_since_plan: bool = False
    """True where `last_report`, or how long that service takes, is news to the last plan."""


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
    """Events that the last plan does not know, without proposals and what was said to them."""
    proposal: PlanProposed | None = None
    """The plan that waits for the dispatcher's word."""
    accepted: PlanProposed | None = None
    """The proposal that was accepted last, until a plan with its orders is published."""
    closed: bool = False
    """True once the day has ended: nothing is planned any more."""
    seen: Seen = field(default_factory=Seen)

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions that the reports amount to; a condition's id is its event's."""
        return tuple(_condition(report) for report in self.reports)

    def in_state(self, *states: str) -> tuple[StopState, ...]:
        """Return the customers' stops in one of some states, in the order in which they became known."""
        return tuple(stop for stop in self.asked_stops() if stop.state in states)

    def type_of(self, vehicle_id: str | None) -> str:
        """Return the type of a vehicle, that of none where there is no such vehicle."""
        state = self.vehicles.get(vehicle_id) if vehicle_id is not None else None
        return "" if state is None else state.vehicle.type

    def asked_stops(self) -> tuple[StopState, ...]:
        """Return the customers' stops, which a plan's transfers are not, in the order in which they became known."""
        return tuple(stop for stop in self.stops.values() if stop.transfer is None)


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
