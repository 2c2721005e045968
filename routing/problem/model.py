"""What is asked: stops to visit, vehicles to visit them with, and what each thing costs.

Every type of a problem can be imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location
from routing.problem.access_walk import AccessWalk
from routing.problem.driving_rules import DrivingClocks, DrivingRules
from routing.problem.goods import Depot, Shipment
from routing.problem.stop import Amounts, FollowFee, StartFee, Stop
from routing.problem.vehicle import Break, Vehicle
from routing.problem.window import TimeWindow, merge_windows

if TYPE_CHECKING:
    # Only named here; loading it would load the compiler, which a log of events has no use for.
    from routing.travel.matrix import LegTime, TravelMatrix

__all__ = [
    "Amounts",
    "Break",
    "Depot",
    "DrivingClocks",
    "DrivingRules",
    "FollowFee",
    "Objective",
    "Problem",
    "Shipment",
    "StartFee",
    "Stop",
    "TimeWindow",
    "Travel",
    "Vehicle",
    "merge_windows",
]

LOAD = "load"
"""Stands for the load without a name where all loads are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Say what each thing costs, in cents."""

    duty_cents_per_h: int = 2_400
    """From leaving the start place to arriving at the end place."""
    distance_cents_per_km: int = 35
    vehicle_cents: int = 3_000
    """For each vehicle that leaves."""
    lateness_cents_per_min: int = 50
    unserved_cents: int = 10_000
    """For an unserved stop of priority 0; grows by a tenth of itself per point of priority."""
    other_driver_cents: int = 0
    """For each stop that has preferred drivers and is served by another one."""
    balance_cents_per_h2: int = 0
    """For the square of each route's hours of duty: the sum of squares is least where all work alike."""

    def unserved_stop_cents(self, priority: int) -> int:
        """Return the cost in cents of leaving a stop of this priority unserved."""
        return self.unserved_cents * (10 + priority) // 10


class Travel(Protocol):
    """Tell times and distances between places; engines search with the tables, `leg` is the truth."""

    @property
    def matrix(self) -> TravelMatrix:
        """Return the tables, one per slice of time, over all places of the problem."""
        ...

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        """Return how far each place lies from the road, n."""
        ...

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return which places are near enough to a usable road, n."""
        ...

    def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
        """Return time and distance of the quickest drive that leaves at an instant, None where there is none."""
        ...

    def duration_s(self, origin: int, destination: int, depart_s: int) -> int | None:
        """Return the seconds of that leg, to be asked for often: where a table tells them, no road is searched."""
        ...

    def geometry(self, origin: int, destination: int, depart_s: int) -> tuple[tuple[float, float], ...]:
        """Return that drive's line as (lat_deg, lon_deg) points, rounded; empty where only a matrix is known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Ask for the cheapest plan that serves the stops with the vehicles."""

    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    places: tuple[Location, ...]
    travel: Travel
    objective: Objective = field(default_factory=Objective)
    time_zone: str = "UTC"
    access_walk: AccessWalk | None = field(default_factory=AccessWalk)
    """None: the walk to the door is never timed, as in plans that were made before it was."""
    depots: tuple[Depot, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    incompatible_goods: tuple[tuple[str, str], ...] = ()
    """Pairs of kinds of goods that are never on board together."""
    required_goods: tuple[tuple[str, str], ...] = ()
    """Of each pair a route that serves a stop with the first kind serves one with the second, too."""
    profile_travel: tuple[tuple[str, Travel], ...] = ()
    """Travel of vehicles of certain profiles, over the same places, instead of `travel`."""

    def travel_of(self, vehicle: Vehicle) -> Travel:
        """Return the travel of a vehicle's profile."""
        for profile, travel in self.profile_travel:
            if profile == vehicle.profile:
                return travel
        return self.travel

    def unserved_cents(self, stop: Stop) -> int:
        """Return what leaving a stop unserved costs in cents."""
        own = stop.unserved_cents
        return self.objective.unserved_stop_cents(stop.priority) if own is None else own

    def access_walk_s(self, stop: Stop) -> int:
        """Return the seconds of the walk to a stop's door and back that its service does not take for granted."""
        distance_m = float(self.travel.snap_distance_m[stop.place])
        return self.access_walk.added_s(distance_m) if self.access_walk is not None else 0

    def stay_s(self, stop: Stop, vehicle_type: str = "") -> int:
        """Return the seconds from the start of a stop's service by a type of vehicle to the departure."""
        service_s = dict(stop.service_by_type).get(vehicle_type, stop.service_s)
        return service_s + self.access_walk_s(stop) + 2 * stop.walk_s
