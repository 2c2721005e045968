"""Read what a plan says beside what was asked: the few facts that several rules look at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from routing.plan.model import Plan, Route, Visit
from routing.problem.model import LOAD, Amounts, Depot, Problem, Shipment, Stop, Travel, Vehicle


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a problem by the names of what is in it."""

    problem: Problem
    stops: dict[str, Stop] = field(init=False)
    vehicles: dict[str, Vehicle] = field(init=False)
    depots: dict[str, Depot] = field(init=False)
    shipments: dict[str, Shipment] = field(init=False)
    """By the id of each of their two stops."""
    to_door_m: list[int] = field(init=False)
    """From each place to the road, whole metres."""

    def __post_init__(self) -> None:
        problem = self.problem
        object.__setattr__(self, "stops", {stop.id: stop for stop in problem.stops})
        object.__setattr__(self, "vehicles", {vehicle.id: vehicle for vehicle in problem.vehicles})
        object.__setattr__(self, "depots", {depot.id: depot for depot in problem.depots})
        both = {shipment.pickup_stop_id: shipment for shipment in problem.shipments}
        both |= {shipment.delivery_stop_id: shipment for shipment in problem.shipments}
        object.__setattr__(self, "shipments", both)
        object.__setattr__(self, "to_door_m", np.rint(problem.travel.snap_distance_m).astype(np.int64).tolist())

    def travel(self, vehicle: Vehicle) -> Travel:
        """Return the travel times of a vehicle's profile."""
        return dict(self.problem.profile_travel).get(vehicle.profile, self.problem.travel)

    def walk_s(self, stop: Stop) -> int:
        """Return the seconds on foot to the door and back, beyond what the service takes for granted."""
        known_s, walk, to_door_m = 2 * stop.walk_s, self.problem.access_walk, self.to_door_m[stop.place]
        # So it is for nearly every stop, and fractions are slow.
        if walk is None or to_door_m <= walk.free_m:
            return known_s
        there_and_back_m = 2 * (to_door_m - walk.free_m)
        return known_s + math.ceil(Fraction(there_and_back_m, walk.speed_m_per_h) * 3600)

    def service_s(self, stop: Stop, vehicle: Vehicle) -> int:
        """Return how long a vehicle's service at a stop takes, without any walk."""
        own = [service_s for of_type, service_s in stop.service_by_type if of_type == vehicle.type]
        return own[0] if own else stop.service_s


def delivered(stop: Stop, name: str) -> int:
    """Return how much a stop is given of a load, from a depot or from what was on board before."""
    return stop.load if name == LOAD else amount(stop.loads, name)


def collected(stop: Stop, name: str) -> int:
    """Return how much of a load is collected at a stop, to be unloaded where the trip ends."""
    return stop.pickup_load if name == LOAD else amount(stop.pickup_loads, name)


def amount(amounts: Amounts, name: str) -> int:
    """Return an amount by name, 0 where the name is missing."""
    return next((units for other, units in amounts if other == name), 0) if amounts else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Hold what a vehicle does between two loadings."""

    reload: Visit | None
    """The one that it begins with; None for the first trip."""
    served: tuple[tuple[Visit, Stop], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Hold a route of a known vehicle that visits known stops and depots only."""

    asked: Asked
    vehicle: Vehicle
    route: Route
    halts: tuple[tuple[Visit, Stop | None], ...]
    """Each visit with its stop; None where it is a reload."""
    served: tuple[tuple[Visit, Stop], ...] = field(init=False)
    trips: tuple[Trip, ...] = field(init=False)
    """The first one begins without a reload."""
    where: str = field(init=False)
    boards: dict[str, list[int]] = field(default_factory=dict)
    """Filled by the rules of loads: by name, what is on board when the route starts and after each visit."""

    def __post_init__(self) -> None:
        served = tuple((visit, stop) for visit, stop in self.halts if stop is not None)
        object.__setattr__(self, "served", served)
        object.__setattr__(self, "trips", _trips(self.halts, served))
        object.__setattr__(self, "where", f"vehicle {self.vehicle.id}")

    @property
    def straight_home(self) -> bool:
        """Tell whether the vehicle only drives home, at once: it is out and must, whatever limit that breaks."""
        return not self.route.visits and self.route.start_s == self.vehicle.shift.start_s

    def depot(self, visit: Visit) -> Depot:
        """Return the depot of a reload."""
        return self.asked.depots[visit.stop_id]

    def place(self, visit: Visit, stop: Stop | None) -> int:
        """Return where a visit is."""
        return self.depot(visit).place if stop is None else stop.place


def _trips(halts: tuple[tuple[Visit, Stop | None], ...], served: tuple[tuple[Visit, Stop], ...]) -> tuple[Trip, ...]:
    if len(served) == len(halts):
        return (Trip(reload=None, served=served),)
    cuts, found = [number for number, (_, stop) in enumerate(halts) if stop is None], []
    for first, end in zip([0, *cuts], [*cuts, len(halts)], strict=True):
        reload = halts[first][0] if first < end and halts[first][1] is None else None
        members = tuple((visit, stop) for visit, stop in halts[first:end] if stop is not None)
        found.append(Trip(reload=reload, served=members))
    return tuple(found)


def driven_routes(asked: Asked, plan: Plan) -> Iterator[Driven]:
    """Yield the routes that can be judged; the others name something that the problem does not have."""
    for route in plan.routes:
        vehicle = asked.vehicles.get(route.vehicle_id)
        known = all(visit.stop_id in (asked.depots if visit.reload else asked.stops) for visit in route.visits)
        if vehicle is not None and known:
            halts = tuple((visit, None if visit.reload else asked.stops[visit.stop_id]) for visit in route.visits)
            yield Driven(asked=asked, vehicle=vehicle, route=route, halts=halts)
