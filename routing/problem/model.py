"""What is asked: stops to visit, vehicles to visit them with, and what each thing costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location
from routing.problem.access_walk import AccessWalk

if TYPE_CHECKING:
    # Only named here; loading it would load the compiler, which a log of events has no use for.
    from routing.travel.matrix import LegTime, TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """Bind the start of service between two instants (Unix epoch), both included."""

    start_s: int
    end_s: int


def merge_windows(windows: Iterable[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Return windows in order, those that touch or overlap as one."""
    merged: list[TimeWindow] = []
    for window in sorted(windows, key=lambda window: (window.start_s, window.end_s)):
        if merged and window.start_s <= merged[-1].end_s:
            merged[-1] = TimeWindow(start_s=merged[-1].start_s, end_s=max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFee:
    """Charge a start of service between two instants, both included."""

    from_s: int
    until_s: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowFee:
    """Charge a stop wherever it does not come right after a given one, on a given vehicle."""

    vehicle_id: str
    after_stop_id: str | None
    """None: it is the first stop of the vehicle."""
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Ask for one customer visit: a delivery of `load` units that takes `service_s` at the door.

    Its place says on which side of the vehicle it must lie (`Location.approach`).
    """

    id: str
    place: int
    """Index of its location in `Problem.places` and in the travel tables."""
    windows: tuple[TimeWindow, ...] = ()
    """Service starts within one of them; none means at any time. Sorted, not overlapping."""
    service_s: int = 0
    load: int = 0
    priority: int = 0
    """0 to 100; scales what it costs to leave the stop unserved."""
    address: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Further columns of the source, kept for the exports."""
    allowed_vehicles: tuple[str, ...] | None = None
    """Only these may serve it (its goods are on board there); None: any."""
    lateness_allowed: bool = False
    """True where a start after the last window is paid by the minute instead of forbidden."""
    start_fees: tuple[StartFee, ...] = ()
    """What its service costs by when it starts; sorted, not overlapping, 0 between them. Nobody waits for a lower one:
    a vehicle that is there begins as soon as a window is open."""
    vehicle_fees: tuple[tuple[str, int], ...] = ()
    """Vehicle id and what it costs in cents that this vehicle serves it; 0 for the others."""
    follow_fee: FollowFee | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Offer one route between two places within a shift."""

    id: str
    profile: str
    capacity: int
    shift: TimeWindow
    """It leaves its start place no earlier and is at its end place no later."""
    start_place: int
    end_place: int
    committed: tuple[str, ...] = ()
    """Stop ids that must be its first visits, in this order."""
    used: bool = False
    """True for a vehicle that is already out: its fixed cost is spent and it must drive to its end place."""
    start_fixed: bool = False
    """True where it is on duty from `shift.start_s` on, so that a later departure saves nothing."""
    overtime_allowed: bool = False
    """True where it may return after its shift, paid like lateness: it is out and must come home."""


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

    def access_walk_s(self, stop: Stop) -> int:
        """Return the seconds of the walk to a stop's door and back that its service does not take for granted."""
        distance_m = float(self.travel.snap_distance_m[stop.place])
        return self.access_walk.added_s(distance_m) if self.access_walk is not None else 0

    def stay_s(self, stop: Stop) -> int:
        """Return the seconds from the start of a stop's service to the departure."""
        return stop.service_s + self.access_walk_s(stop)
