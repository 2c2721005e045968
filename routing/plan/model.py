"""What is answered: routes of visits with times, and the stops that are left out, each with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from routing.problem.stop import Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Drive from one place to the next."""

    from_place: int
    to_place: int
    depart_s: int
    duration_s: int
    """Of driving, as the roads say for one who leaves at `depart_s`; a rest on the way does not change it."""
    distance_m: int
    pause_s: int = 0
    """Of rests on the way or on arrival, and of waiting for one that may not begin yet."""

    @property
    def arrive_s(self) -> int:
        """Return the instant of arrival, rests included."""
        return self.depart_s + self.duration_s + self.pause_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Rest on a leg, or on arrival at its end: a break of the vehicle, or one that its driving rules ask for."""

    leg: int
    """Index in `Route.legs`."""
    start_s: int
    end_s: int
    break_id: str | None = None
    """None: for the driving rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Serve a stop, or load again at a depot: arrive, set up, wait for the window, start, depart after the service."""

    stop_id: str
    """The depot's id where it is a reload."""
    arrive_s: int
    start_s: int
    depart_s: int
    waiting_s: int
    lateness_s: int
    load_after: int
    """Units still on board when it departs."""
    loads_after: Amounts = ()
    """The same of further loads: all that the vehicle has a capacity for."""
    setup_s: int = 0
    """Between the arrival and the waiting."""
    reload: bool = False
    """True where the vehicle loads again at a depot: no stop is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Hold the visits of one vehicle in order; `legs` has one more entry than `visits`.

    Where a vehicle's start or end is open, its first or last leg leads from a place to itself and takes no time.
    """

    vehicle_id: str
    start_s: int
    end_s: int
    visits: tuple[Visit, ...]
    legs: tuple[Leg, ...]
    overtime_s: int = 0
    rests: tuple[Rest, ...] = ()
    """In order of time."""

    @property
    def served(self) -> tuple[Visit, ...]:
        """Return the visits that serve a stop: all but reloads."""
        return tuple(visit for visit in self.visits if not visit.reload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """Leave a stop out, for a reason (a code of `REASONS`) and with a detail in words."""

    stop_id: str
    reason: str
    detail: str


REASONS = {
    "UNREACHABLE": "No usable road within the radius, or no road leads there and back.",
    "WINDOW": "No vehicle that may take it can be there within its windows, even on a route of its own.",
    "CAPACITY": "Its load is more than any vehicle that may take it can carry.",
    "SHIFT": "No vehicle that may take it can be back before the end of its shift, even on a route of its own.",
    "NO_VEHICLE": "No vehicle that may take it is in service.",
    "GOODS_NOT_ON_BOARD": "Its goods are at the depot and every vehicle has left.",
    "GOODS_STRANDED": "Its goods are on board a vehicle that is out of service.",
    "CUSTOMER_UNAVAILABLE": "The customer cannot receive it any more today.",
    "FLEET_FULL": "Some vehicle could take it alone, but none can add it to this plan and keep every rule.",
    "FAILED_ONCE": "A visit failed, and the next search may try again.",
    "NOT_PLANNED": "It came after the plan was searched for; the next search finds a place for it.",
    "COST": "It could be added to this plan, but that costs more than leaving it out.",
    "SKILL": "No vehicle in service has the skills that it asks for, and none that it refuses.",
    "TERRITORY": "No vehicle that may take it drives to its territory.",
    "OTHER_BOARD": "Its goods are on board a vehicle that cannot serve it.",
    "TOGETHER": "Another stop of its group cannot be served, or the group does not fit between others.",
    "SHIPMENT": "The other stop of its shipment cannot be served, or no order of the two fits.",
    "STOPS_LIMIT": "Any vehicle that may take it would serve more stops than it may.",
    "RELOADS": "It would need a reload that no vehicle may make.",
    "DEPOT_WINDOW": "It would need a reload while the depot is closed.",
    "STOCK": "The depots do not hold enough for it besides what this plan takes.",
    "LIFO": "Its goods would lie behind others on any vehicle that may take it.",
    "PICKUPS_LAST": "It would be delivered after something has been collected.",
    "GOODS_APART": "Its goods may not be on board together with others that they would meet.",
    "GOODS_REQUIRED": "Its goods require others on the same route.",
    "RELEASE": "Its goods are not ready before any vehicle that may take it has to leave.",
    "LATENESS_LIMIT": "It would be later than its lateness may be.",
    "DUE": "No vehicle that may take it can be done with its service in time.",
    "BREAK": "A break would come too late on any vehicle that may take it.",
    "DRIVING_RULES": "Legal driving times do not leave enough on any vehicle that may take it.",
    "DRIVING_LIMIT": "Any vehicle that may take it would drive for too long.",
    "DISTANCE_LIMIT": "Any vehicle that may take it would drive too far.",
    "DURATION_LIMIT": "Any vehicle that may take it would be out for too long.",
    "OVERTIME_LIMIT": "Any vehicle that may take it would be back later than its overtime may last.",
}
"""Codes are never used again for something else. Rules that an order breaks (`Breach`) have the same codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Split a plan's cost, in cents; each part is rounded once."""

    duty_cents: int
    distance_cents: int
    vehicle_cents: int
    lateness_cents: int
    unserved_cents: int
    preference_cents: int = 0
    """Fees of stops for when, by whom and after which other stop they are served, of stops outside a vehicle's
    territories and of drivers that are not the preferred ones."""
    balance_cents: int = 0
    """For the squares of the routes' hours of duty."""

    @property
    def total_cents(self) -> int:
        """Return the sum of the parts."""
        paid_cents = self.duty_cents + self.distance_cents + self.vehicle_cents + self.lateness_cents
        return paid_cents + self.unserved_cents + self.preference_cents + self.balance_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRun:
    """Record what an engine was given and did, enough to run it again to the same plan."""

    engine: str
    seed: int
    iterations: int
    stopped_by: str
    """`iterations`, `time_limit`, `settled` (nothing gained for long), `cancelled`, `exhausted`, or `ready`: it bridged
    the compilation of the chosen engine."""
    pace: tuple[int, ...] = ()
    """How many iterations were made when each further hundredth of the budget was seen to be spent, where seconds were
    the budget: what the search cooled down by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Answer a problem: one route per vehicle that leaves, in the order of the fleet."""

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    cost: Cost
    runs: tuple[EngineRun, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know: a time limit that cut the search, lateness that remains."""

    def orders(self) -> dict[str, tuple[str, ...]]:
        """Return the stop ids of each route in order, by vehicle id; a reload stands there as its depot's id."""
        return {route.vehicle_id: tuple(visit.stop_id for visit in route.visits) for route in self.routes}
