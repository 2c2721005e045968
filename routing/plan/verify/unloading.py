"""Unloading order: last in, first out, and collecting after delivering."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven
from routing.problem.model import Stop


def lifo(driven: Driven) -> Iterator[Violation]:
    """Find what is unloaded while something is on board that was loaded after it.

    Goods from a depot, and those that were on board before the route, are loaded in reverse order of delivery, so
    they only lie behind what was collected or picked up since.
    """
    if not driven.vehicle.lifo:
        return
    for trip in driven.trips:
        since: list[str] = []
        for _, stop in trip.served:
            shipment = driven.asked.shipments.get(stop.id)
            if gives(stop) and since:
                yield _behind(stop, since[-1])
            if shipment is not None and shipment.delivery_stop_id == stop.id and shipment.pickup_stop_id in since:
                if since[-1] != shipment.pickup_stop_id:
                    yield _behind(stop, since[-1])
                since.remove(shipment.pickup_stop_id)
            if takes(stop) or (shipment is not None and shipment.pickup_stop_id == stop.id):
                since.append(stop.id)


def _behind(stop: Stop, later: str) -> Violation:
    cause = f"is given goods that lie behind those loaded at {later}"
    return Violation(code="LIFO", where=f"stop {stop.id}", cause=cause)


def pickups_last(driven: Driven) -> Iterator[Violation]:
    """Find deliveries from a depot after a stop of the same trip that collects."""
    if not driven.vehicle.pickups_last:
        return
    for trip in driven.trips:
        collected = None
        for _, stop in trip.served:
            if collected is not None and gives(stop):
                cause = f"is delivered to after goods were collected at {collected}"
                yield Violation(code="PICKUPS_LAST", where=f"stop {stop.id}", cause=cause)
            collected = stop.id if takes(stop) else collected


def gives(stop: Stop) -> bool:
    """Tell whether goods from a depot are handed over."""
    return stop.load > 0 or any(units > 0 for _, units in stop.loads)


def takes(stop: Stop) -> bool:
    """Tell whether goods are collected for the end of the trip."""
    return stop.pickup_load > 0 or any(units > 0 for _, units in stop.pickup_loads)
