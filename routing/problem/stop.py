"""A stop: what one customer visit asks for."""

from __future__ import annotations

from dataclasses import dataclass

from routing.problem.window import TimeWindow

Amounts = tuple[tuple[str, int], ...]
"""Amounts of named loads, sorted by name, each name once; a name that is missing stands for none."""


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
    """Ask for one customer visit: goods are handed over, collected, or both, at a place.

    Its place says on which side of the vehicle it must lie (`Location.approach`).
    """

    id: str
    place: int
    """Index of the location where the vehicle stands, in `Problem.places` and in the travel tables."""
    windows: tuple[TimeWindow, ...] = ()
    """Service starts within one of them; none means at any time. Sorted, not overlapping."""
    service_s: int = 0
    load: int = 0
    """Units delivered from a depot; of a stop of a shipment 0, since the shipment says what is carried."""
    priority: int = 0
    """0 to 100; scales what it costs to leave the stop unserved."""
    address: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """Further columns of the source, kept for the exports."""
    allowed_vehicles: tuple[str, ...] | None = None
    """Only these may serve it; None: any."""
    lateness_allowed: bool = False
    """True where a start after the last window is paid by the minute instead of forbidden."""
    start_fees: tuple[StartFee, ...] = ()
    """What its service costs by when it starts; sorted, not overlapping, 0 between them. Nobody waits for a lower one:
    a vehicle that is there begins as soon as a window is open."""
    vehicle_fees: tuple[tuple[str, int], ...] = ()
    """Vehicle id and what it costs in cents that this vehicle serves it; 0 for the others."""
    follow_fee: FollowFee | None = None

    loads: Amounts = ()
    """Further loads delivered from a depot, by name."""
    pickup_load: int = 0
    """Units collected here, which stay on board until the vehicle is at a depot or at its end."""
    pickup_loads: Amounts = ()
    on_board: str | None = None
    """The vehicle whose load its goods already are: only that one may serve it, and they need room from the start."""
    release_s: int | None = None
    """Its goods leave the depot no earlier: nor does the trip that delivers them."""
    due_s: int | None = None
    """Its service is over by then; this is never paid off, whatever lateness is allowed."""
    lateness_cents_per_min: int | None = None
    """None: the objective's price."""
    lateness_limit_s: int | None = None
    """The most by which it may start after its last window, where lateness is allowed; None: any."""
    unserved_cents: int | None = None
    """What leaving it out costs: a penalty, or the prize that is missed; None: the objective's, by priority."""
    skills_all: tuple[str, ...] = ()
    """Its vehicle has all of these skills,"""
    skills_one_of: tuple[str, ...] = ()
    """one of these at least, if there are any,"""
    skills_none_of: tuple[str, ...] = ()
    """and none of these."""
    forbidden_vehicles: tuple[str, ...] = ()
    preferred_drivers: tuple[str, ...] = ()
    """Drivers who know it; any other costs `Objective.other_driver_cents`, unless there are none."""
    territory: str = ""
    """Where vehicles that are bound to territories are at home or not; empty: everywhere."""
    service_by_type: tuple[tuple[str, int], ...] = ()
    """Vehicle type and its seconds of service instead of `service_s`."""
    setup_s: int = 0
    """Parking, paperwork at the gate: spent on arrival, before any waiting, unless the halt before is at its place."""
    walk_s: int = 0
    """One way on foot from where the vehicle stands to the door; there and back are added to the service."""
    together: str = ""
    """Stops with the same word here are served one right after the other by one vehicle, in the order of the problem,
    or not at all."""
    goods: str = ""
    """The kind of its goods (of a shipment: of its pickup stop), see `Problem.incompatible_goods`."""
