"""What is kept of a simulated day, for its figures and its map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.simulate.truth import Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Hold one visit to a door as it truly was."""

    stop_id: str
    vehicle_id: str
    arrive_s: int
    start_s: int
    end_s: int
    served: bool
    """False where nobody was at home."""
    lateness_s: int
    """Of its start, against the last window that held then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Hold a drive as far as it was driven."""

    vehicle_id: str
    trip: Trip
    until_s: int
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Hold one vehicle's time from leaving its start to its return, or to where it broke down."""

    vehicle_id: str
    left_s: int
    back_s: int
    overtime_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Hold a vehicle that was sent elsewhere than to the stop that it drove to or stood at."""

    vehicle_id: str
    stop_id: str
    at_s: int
    excused: bool
    """True where that stop was cancelled or a closure lay on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Hold a published plan as drivers and customers saw it."""

    at_s: int
    routes: Mapping[str, tuple[tuple[str, int], ...]]
    """Stop id and planned start of service, in order, by vehicle."""
    not_started: frozenset[str]
    """Stops that nobody had begun to serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Hold how long one decision took, in true seconds; None where it gave no plan."""

    at_s: int
    events: int
    kinds: tuple[str, ...]
    repaired_s: float | None
    """Until the first verified repaired plan,"""
    published_s: float | None
    """until the plan was published,"""
    whole_s: float
    """until the answer, also where the old plan stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """Hold a whole day as it was."""

    attempts: tuple[Attempt, ...]
    driven: tuple[Driven, ...]
    duties: tuple[Duty, ...]
    turned: tuple[Turned, ...]
    impossible: tuple[str, ...]
    """Visits that a plan asked for and no vehicle could make, in words: none, if whoever decides is right."""
    snapshots: tuple[Snapshot, ...]
    decisions: int
