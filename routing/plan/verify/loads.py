"""Loads: what is on board after each departure, by name."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven, amount, collected, delivered
from routing.problem.model import LOAD, Amounts


def capacity(driven: Driven) -> Iterator[Violation]:
    """Find loads that are more than the vehicle can carry, at the start or after any visit."""
    vehicle = driven.vehicle
    for name in _names(driven):
        most, room = max(on_board(driven, name)), vehicle.capacity if name == LOAD else amount(vehicle.capacities, name)
        if most > room:
            cause = f"is loaded with {most}{'' if name == LOAD else f' of {name}'}, it can carry {room}"
            yield Violation(code="CAPACITY", where=driven.where, cause=cause)


def load_told(driven: Driven) -> Iterator[Violation]:
    """Find visits that tell another load without a name than what is on board after them."""
    for visit, units in zip(driven.route.visits, on_board(driven, LOAD)[1:], strict=True):
        if visit.load_after != units:
            cause = f"leaves {units} on board, not {visit.load_after}"
            yield Violation(code="LOAD", where=f"stop {visit.stop_id}", cause=cause)


def loads_told(driven: Driven) -> Iterator[Violation]:
    """Find visits that tell other further loads than what is on board after them."""
    names = [name for name, _ in driven.vehicle.capacities]
    for number, visit in enumerate(driven.route.visits, start=1):
        if names or visit.loads_after:
            true = tuple((name, on_board(driven, name)[number]) for name in names)
            if visit.loads_after != true:
                cause = f"leaves {_in_words(true)} on board, not {_in_words(visit.loads_after)}"
                yield Violation(code="LOADS", where=f"stop {visit.stop_id}", cause=cause)


def _names(driven: Driven) -> list[str]:
    """Return the names of all loads that the vehicle may have on board, the one without a name first."""
    shipments, named = driven.asked.shipments, [driven.vehicle.capacities, driven.vehicle.on_board_loads]
    for _, stop in driven.served:
        if stop.loads or stop.pickup_loads:
            named += [stop.loads, stop.pickup_loads]
        if stop.id in shipments:
            named.append(shipments[stop.id].loads)
    return [LOAD, *sorted({name for amounts in named for name, _ in amounts})]


def on_board(driven: Driven, name: str) -> list[int]:
    """Return how much of a load is on board when the route starts and after each visit."""
    if name not in driven.boards:
        driven.boards[name] = _on_board(driven, name)
    return driven.boards[name]


def _on_board(driven: Driven, name: str) -> list[int]:
    vehicle, shipments = driven.vehicle, driven.asked.shipments
    own = vehicle.on_board_load if name == LOAD else amount(vehicle.on_board_loads, name)
    brought = sum(delivered(stop, name) for _, stop in driven.served if stop.on_board is not None)
    units, found = own + brought, []
    for trip in driven.trips:
        if trip.reload is not None:
            units = brought
        units += sum(delivered(stop, name) for _, stop in trip.served if stop.on_board is None)
        found.append(units)
        for _, stop in trip.served:
            given = delivered(stop, name)
            units += collected(stop, name) - given
            if stop.on_board is not None:
                brought -= given
            if stop.id in shipments:
                shipment = shipments[stop.id]
                carried = shipment.load if name == LOAD else amount(shipment.loads, name)
                units += carried if shipment.pickup_stop_id == stop.id else -carried
            found.append(units)
    return found


def _in_words(amounts: Amounts) -> str:
    return ", ".join(f"{units} {name}" for name, units in amounts) or "nothing"
