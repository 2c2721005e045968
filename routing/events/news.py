"""News of vehicles, visits and customers beyond the first ones, one frozen type each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from routing.events.asked import AvailabilityStep, DayVehicle
from routing.events.occurrence import Occurrence
from routing.network.location import Location
from routing.problem.model import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDeparted(Occurrence):
    """Report that a vehicle left its start, with its goods on board."""

    TYPE: ClassVar[str] = "vehicle_departed"

    vehicle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleArrived(Occurrence):
    """Report that a vehicle reached a stop; its service begins when it may."""

    TYPE: ClassVar[str] = "vehicle_arrived"

    stop_id: str
    vehicle_id: str | None = None
    """None: the vehicle that is planned to serve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDelayed(Occurrence):
    """Report that a service takes longer: it is expected to end at an instant."""

    TYPE: ClassVar[str] = "visit_delayed"

    stop_id: str
    until_s: int
    vehicle_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopChanged(Occurrence):
    """Ask otherwise for a stop; what is None stays as it was."""

    TYPE: ClassVar[str] = "stop_changed"

    stop_id: str
    windows: tuple[TimeWindow, ...] | None = None
    load: int | None = None
    location: Location | None = None
    address: str | None = None
    priority: int | None = None
    service_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAvailable(Occurrence):
    """Report that somebody can receive at a stop again, whatever absence was told before."""

    TYPE: ClassVar[str] = "customer_available"

    stop_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityTold(Occurrence):
    """Tell how likely somebody can receive at a stop, by time; it takes the place of what was told before."""

    TYPE: ClassVar[str] = "availability_told"

    stop_id: str
    steps: tuple[AvailabilityStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleBack(Occurrence):
    """Report that a vehicle that was out of service works again."""

    TYPE: ClassVar[str] = "vehicle_back"

    vehicle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDelayed(Occurrence):
    """Report that a vehicle cannot leave its start before an instant."""

    TYPE: ClassVar[str] = "vehicle_delayed"

    vehicle_id: str
    until_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleAdded(Occurrence):
    """Offer one more vehicle."""

    TYPE: ClassVar[str] = "vehicle_added"

    vehicle: DayVehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTaken(Occurrence):
    """Report that a driver takes a break from `effective_at_s` on until an instant."""

    TYPE: ClassVar[str] = "break_taken"

    vehicle_id: str
    until_s: int
