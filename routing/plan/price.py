"""What a route costs, and the place that was found for a stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.plan.cost import plan_cost
from routing.plan.schedule import Clock, drives_without_stops
from routing.problem.model import Stop, Vehicle

Orders = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """Name the cheapest place found for a request: what it adds in cents, and the order of the vehicle with it."""

    added_cents: int
    vehicle_id: str
    stop_ids: tuple[str, ...]


def may_serve(vehicle: Vehicle, stop: Stop) -> bool:
    """Tell whether a stop of a lowered problem allows a vehicle."""
    return stop.allowed_vehicles is None or vehicle.id in stop.allowed_vehicles


def route_cents(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str]) -> int:
    """Return what a vehicle's route costs in cents, 0 where it need not leave."""
    if not stop_ids and not (drives_without_stops(vehicle) and clock.best_run(vehicle, ()) is not None):
        return 0
    return plan_cost(clock.problem, [clock.route(vehicle, stop_ids)], ()).total_cents
