"""A vehicle with its driver: what it may do, must not do and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from routing.problem.driving_rules import DrivingClocks, DrivingRules
from routing.problem.stop import Amounts
from routing.problem.window import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Give the driver a break that begins within a window, on the road or on arrival at the next halt.

    It is due on a route that starts at or before `window.end_s` and ends after it; a vehicle's breaks are taken in
    their order. A break interrupts no service. Where a drive ends before the window opens, the driver waits there.
    """

    id: str
    window: TimeWindow
    duration_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Offer one route between two places within a shift; with reloads it has several trips."""

    id: str
    profile: str
    capacity: int
    """Units of the load without a name."""
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

    capacities: Amounts = ()
    """Of further loads by name; one that is not named it cannot carry."""
    on_board_load: int = 0
    """What it already carries and hands over at no stop, until it is at a depot or at its end."""
    on_board_loads: Amounts = ()
    skills: tuple[str, ...] = ()
    type: str = ""
    """See `Stop.service_by_type`."""
    driver: str = ""
    """See `Stop.preferred_drivers`."""
    territories: tuple[str, ...] | None = None
    """Where it is at home; None: everywhere. A stop without a territory is everywhere at home."""
    territory_fee_cents: int | None = None
    """What each stop outside its territories costs; None: it serves none there."""
    open_start: bool = False
    """True where its route begins at its first halt: nothing before it is driven or paid."""
    open_end: bool = False
    """True where its route ends with its last visit."""
    start_depot: str | None = None
    """The depot where its first trip is loaded, which counts for that depot's stock; None: no depot of the problem."""
    reload_depots: tuple[str, ...] = ()
    """Depots where it may begin a further trip."""
    reloads_limit: int | None = None
    """None: any number."""
    breaks: tuple[Break, ...] = ()
    """In order of time, none begins before the one before it can be over."""
    driving_rules: DrivingRules | None = None
    driving_clocks: DrivingClocks = field(default_factory=DrivingClocks)
    """What the driver brings in from before the route."""
    duration_limit_s: int | None = None
    """From the start of the route to its end."""
    distance_limit_m: int | None = None
    driving_limit_s: int | None = None
    stops_limit: int | None = None
    vehicle_cents: int | None = None
    """None here and below: the objective's price."""
    duty_cents_per_h: int | None = None
    distance_cents_per_km: int | None = None
    overtime_cents_per_h: int | None = None
    """None: the objective's price of lateness."""
    overtime_limit_s: int | None = None
    """None: any, where overtime is allowed."""
    lifo: bool = False
    """True where only what was loaded last can be unloaded; at a depot goods are loaded in reverse order of delivery,
    so that each delivery from it comes while nothing collected later is on board."""
    pickups_last: bool = False
    """True where within a trip all deliveries from the depot come before everything that is collected."""
