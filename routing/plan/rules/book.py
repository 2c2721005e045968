"""Look up what a problem says of stops, depots, shipments and goods, by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from routing.plan.loads import Loads, loads_of
from routing.plan.requests import Request, requests_of
from routing.problem.model import LOAD, Amounts, Depot, Problem, Shipment, Stop, Vehicle


@dataclass(frozen=True, slots=True)
class Book:
    """Hold a problem by ids."""

    problem: Problem
    stops: dict[str, Stop] = field(init=False)
    depots: dict[str, Depot] = field(init=False)
    vehicles: dict[str, Vehicle] = field(init=False)
    shipments: dict[str, Shipment] = field(init=False)
    """By the id of either stop."""
    requests: tuple[Request, ...] = field(init=False)
    request_of: dict[str, Request] = field(init=False)
    """By stop id."""
    loads: Loads = field(init=False)
    goods: dict[str, str] = field(init=False)
    """Kinds by stop id, of stops that have one; both stops of a shipment have that of its pickup."""

    def __post_init__(self) -> None:
        problem = self.problem
        object.__setattr__(self, "stops", {stop.id: stop for stop in problem.stops})
        object.__setattr__(self, "depots", {depot.id: depot for depot in problem.depots})
        object.__setattr__(self, "vehicles", {vehicle.id: vehicle for vehicle in problem.vehicles})
        ends = ((shipment.pickup_stop_id, shipment.delivery_stop_id) for shipment in problem.shipments)
        shipments = {
            stop_id: shipment for shipment, pair in zip(problem.shipments, ends, strict=True) for stop_id in pair
        }
        object.__setattr__(self, "shipments", shipments)
        requests = requests_of(problem)
        object.__setattr__(self, "requests", requests)
        object.__setattr__(
            self, "request_of", {stop_id: request for request in requests for stop_id in request.stop_ids}
        )
        object.__setattr__(self, "loads", loads_of(problem))
        object.__setattr__(self, "goods", dict(_kinds(problem, self.stops, shipments)))

    def trips(self, stop_ids: Sequence[str]) -> list[list[Stop]]:
        """Return the stops of each trip of an order; there is one more trip than reloads."""
        trips: list[list[Stop]] = [[]]
        for stop_id in stop_ids:
            stop = self.stops.get(stop_id)
            if stop is None:
                trips.append([])
            else:
                trips[-1].append(stop)
        return trips

    def reloads(self, stop_ids: Sequence[str]) -> list[Depot]:
        """Return the depots of an order's reloads."""
        return [self.depots[stop_id] for stop_id in stop_ids if stop_id not in self.stops]

    def places(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> list[int]:
        """Return the places of a route in order, without a start or an end that is open."""
        first = [] if vehicle.open_start else [vehicle.start_place]
        halts = [self.stops[each].place if each in self.stops else self.depots[each].place for each in stop_ids]
        return [*first, *halts, *([] if vehicle.open_end else [vehicle.end_place])]


def _kinds(problem: Problem, stops: dict[str, Stop], shipments: dict[str, Shipment]) -> list[tuple[str, str]]:
    found = []
    for stop in problem.stops:
        shipment = shipments.get(stop.id)
        goods = stop.goods if shipment is None else stops[shipment.pickup_stop_id].goods
        if goods:
            found.append((stop.id, goods))
    return found


def delivers(stop: Stop) -> bool:
    """Tell whether a stop hands over goods that were loaded before the trip."""
    return bool(stop.load or any(amount for _, amount in stop.loads))


def collects(stop: Stop) -> bool:
    """Tell whether goods come on board at a stop that stay there until the trip ends."""
    return bool(stop.pickup_load or any(amount for _, amount in stop.pickup_loads))


def delivered(stop: Stop) -> Amounts:
    """Return what a stop hands over from before the trip, by name."""
    return ((LOAD, stop.load), *stop.loads) if stop.load else stop.loads
