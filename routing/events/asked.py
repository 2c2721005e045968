"""What a day begins with: the stops that are asked for and the vehicles that are offered."""

from __future__ import annotations

from dataclasses import dataclass

from routing.network.location import Location
from routing.problem.model import Amounts, TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityStep:
    """Say how likely somebody can receive at a stop between two instants, the latter left out."""

    from_s: int
    until_s: int
    at_home_ratio: float


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
    availability: tuple[AvailabilityStep, ...] = ()
    """How likely somebody can receive, by time; where no step holds, somebody surely can."""
    attempts: int = 0
    """Visits that failed on earlier days."""
    skills_all: tuple[str, ...] = ()
    """This and what follows as in `routing.problem.stop.Stop`."""
    skills_one_of: tuple[str, ...] = ()
    skills_none_of: tuple[str, ...] = ()
    allowed_vehicles: tuple[str, ...] | None = None
    forbidden_vehicles: tuple[str, ...] = ()
    preferred_drivers: tuple[str, ...] = ()
    territory: str = ""
    unserved_cents: int | None = None
    walk_s: int = 0
    vehicle_fees: tuple[tuple[str, int], ...] = ()
    lateness_allowed: bool = False
    """From the first plan on; what a plan has promised or a vehicle has on board may be late in any case."""

    loads: Amounts = ()
    release_s: int | None = None
    """As long as its goods are at the depot."""
    due_s: int | None = None
    """As long as its vehicle is not committed to it."""
    lateness_cents_per_min: int | None = None
    lateness_limit_s: int | None = None
    """As long as its vehicle is not committed to it."""
    service_by_type: tuple[tuple[str, int], ...] = ()
    setup_s: int = 0
    on_board: str | None = None
    """When it became known; from then on the day follows its goods."""

    @property
    def has_goods(self) -> bool:
        """Tell whether something is delivered from a depot."""
        return self.load > 0 or any(amount > 0 for _, amount in self.loads)

    def stay_s(self, vehicle_type: str = "") -> int:
        """Return the seconds of the service by a type of vehicle, with the walk to the door and back."""
        return dict(self.service_by_type).get(vehicle_type, self.service_s) + 2 * self.walk_s


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVehicle:
    """Hold a vehicle of the day's fleet."""

    id: str
    profile: str
    capacity: int
    shift: TimeWindow
    start: Location
    end: Location
    skills: tuple[str, ...] = ()
    """This and what follows as in `routing.problem.vehicle.Vehicle`."""
    driver: str = ""
    territories: tuple[str, ...] | None = None
    territory_fee_cents: int | None = None
    start_fixed: bool = False
    """As long as it has not left; later it is on duty in any case."""
    overtime_allowed: bool = False
    """As long as it has not left; later it must come home in any case."""
    overtime_limit_s: int | None = None
    """As long as it has not left."""
    type: str = ""
    capacities: Amounts = ()
    on_board_load: int = 0
    """Until it is back."""
    on_board_loads: Amounts = ()
    stops_limit: int | None = None
    """Of the whole day; to take goods over or to reload counts as a stop."""
    vehicle_cents: int | None = None
    duty_cents_per_h: int | None = None
    distance_cents_per_km: int | None = None
    overtime_cents_per_h: int | None = None
