"""Look up what a problem says of stops, depots, shipments and goods, by id."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from routing.plan.loads import Loads, loads_of
from routing.plan.requests import Request, requests_of
from routing.problem.lower import refusals
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
    joined: frozenset[str] = field(init=False)
    """Ids of stops whose requests have others."""
    refused: dict[tuple[str, str], tuple[tuple[str, str], ...]] = field(init=False, default_factory=dict)
    """Why a vehicle may not serve a stop, by their ids: codes and causes, as far as that was asked."""
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
        joined = (request.stop_ids for request in requests if len(request.stop_ids) > 1)
        object.__setattr__(self, "joined", frozenset(itertools.chain.from_iterable(joined)))
        object.__setattr__(self, "loads", loads_of(problem))
        object.__setattr__(self, "goods", dict(_kinds(problem, self.stops, shipments)))

    def refusals(self, vehicle: Vehicle, stop: Stop) -> tuple[tuple[str, str], ...]:
        """Return why a vehicle may not serve a stop whatever its route: codes and causes, see `refusals`."""
        key = (vehicle.id, stop.id)
        if key not in self.refused:
            self.refused[key] = tuple(refusals(vehicle, stop))
        return self.refused[key]

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

    def halt_places(self, stop_ids: Sequence[str]) -> list[int]:
        """Return the places of stops and depots."""
        return [self.stops[each].place if each in self.stops else self.depots[each].place for each in stop_ids]

    def places(self, vehicle: Vehicle, stop_ids: Sequence[str]) -> list[int]:
        """Return the places of a route in order, without a start or an end that is open."""
        first, last = ([] if vehicle.open_start else [vehicle.start_place]), [vehicle.end_place]
        return [*first, *self.halt_places(stop_ids), *([] if vehicle.open_end else last)]


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
