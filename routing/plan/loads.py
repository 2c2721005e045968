"""Tell what is on board along an order of stops and reloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routing.problem.model import LOAD, Amounts, Problem

Vector = tuple[int, ...]
"""Amounts by the names of `Loads`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Tell what a stop does to what is on board."""

    delivered: Vector
    """Loaded before its trip, or on board from the start of the route, and handed over here."""
    collected: Vector
    """On board from here until the trip ends."""
    carried: Vector
    """Of a shipment: comes on board here, or leaves where it is negative."""
    on_board: bool
    """True where it is on board from the start of the route, whatever trip delivers it."""
    change: Vector
    """What is on board after the stop more than before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Hold what each stop of a problem hands over and takes, as it is asked, and what vehicles have room for."""

    names: tuple[str, ...]
    """The load without a name first, then those with one in alphabetical order."""
    handling: dict[str, Handling]
    """By stop id; what is not in it is a depot."""
    capacity: dict[str, Vector]
    """By vehicle id; 0 of what it is not said to carry."""
    listed: dict[str, frozenset[str]]
    """The further loads that a vehicle is said to carry, by its id."""
    initial: dict[str, Vector]
    """What a vehicle keeps on board until its first reload, by vehicle id."""

    def along(self, vehicle_id: str, order: Sequence[str]) -> list[Vector]:
        """Return what is on board at the start of the route and after each departure, one more than halts.

        At the start of a trip all that it delivers is on board; at a reload what was collected and kept leaves.
        """
        handled = [self.handling.get(each) for each in order]
        trips = self._delivered_by_trip(handled)
        ahead = carried = (0,) * len(self.names)  # on board for stops ahead, whatever their trips; of shipments
        for each in handled:
            if each is not None and each.on_board:
                ahead = _sum(ahead, each.delivered)
        now = _sum(_sum(self.initial[vehicle_id], ahead), next(trips))
        found = [now]
        for each in handled:
            if each is None:
                now = _sum(_sum(ahead, carried), next(trips))
            else:
                now = _sum(now, each.change)
                carried = _sum(carried, each.carried) if any(each.carried) else carried
                if each.on_board:
                    ahead = tuple(has - given for has, given in zip(ahead, each.delivered, strict=True))
            found.append(now)
        return found

    def named(self, vehicle_id: str, amounts: Vector) -> Amounts:
        """Return the amounts with names that a vehicle has a capacity for."""
        listed = self.listed[vehicle_id]
        return tuple((name, amount) for name, amount in zip(self.names, amounts, strict=True) if name in listed)

    def loaded(self, order: Sequence[str]) -> list[Vector]:
        """Return what each trip of an order loads at its depot, without what is on board from the start."""
        return list(self._delivered_by_trip([self.handling.get(each) for each in order]))

    def _delivered_by_trip(self, handled: Sequence[Handling | None]) -> Iterator[Vector]:
        total = [0] * len(self.names)
        for each in handled:
            if each is None:
                yield tuple(total)
                total = [0] * len(self.names)
            elif not each.on_board:
                for index, given in enumerate(each.delivered):
                    total[index] += given
        yield tuple(total)


def loads_of(problem: Problem) -> Loads:
    """Return the loads of a problem as it is asked."""
    told = [amounts for stop in problem.stops for amounts in (stop.loads, stop.pickup_loads)]
    told += [shipment.loads for shipment in problem.shipments]
    told += [amounts for vehicle in problem.vehicles for amounts in (vehicle.capacities, vehicle.on_board_loads)]
    names = (LOAD, *sorted({name for amounts in told for name, _ in amounts} - {LOAD}))

    def vector(load: int, amounts: Amounts) -> Vector:
        by_name = dict(amounts)
        return (load, *(by_name.get(name, 0) for name in names[1:]))

    nothing = (0,) * len(names)
    carried: dict[str, Vector] = {}
    for shipment in problem.shipments:
        amounts = vector(shipment.load, shipment.loads)
        carried[shipment.pickup_stop_id] = amounts
        carried[shipment.delivery_stop_id] = tuple(-amount for amount in amounts)
    handling = {}
    for stop in problem.stops:
        delivered, collected = vector(stop.load, stop.loads), vector(stop.pickup_load, stop.pickup_loads)
        moved = carried.get(stop.id, nothing)
        change = tuple(came + taken - given for came, taken, given in zip(collected, moved, delivered, strict=True))
        handling[stop.id] = Handling(
            delivered=delivered,
            collected=collected,
            carried=moved,
            on_board=stop.on_board is not None,
            change=change,
        )
    return Loads(
        names=names,
        handling=handling,
        capacity={vehicle.id: vector(vehicle.capacity, vehicle.capacities) for vehicle in problem.vehicles},
        listed={vehicle.id: frozenset(dict(vehicle.capacities)) for vehicle in problem.vehicles},
        initial={vehicle.id: vector(vehicle.on_board_load, vehicle.on_board_loads) for vehicle in problem.vehicles},
    )


def _sum(left: Vector, right: Vector) -> Vector:
    if len(left) == 1:  # nearly always, and asked for often
        return (left[0] + right[0],)
    return tuple(a + b for a, b in zip(left, right, strict=True))
