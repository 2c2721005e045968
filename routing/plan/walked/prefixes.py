"""Remember runs, so that orders that begin alike are followed from where they differ."""

from __future__ import annotations

from routing.plan.price import Orders
from routing.plan.schedule import Clock, Run
from routing.plan.walked.places import Place
from routing.problem.model import Vehicle


class Prefixes:
    """Hold earliest runs of standing orders, and of those with a pickup in them whose delivery is still to come."""

    def __init__(self, clock: Clock, orders: Orders) -> None:
        """Take orders that the caller may change; `forget` must be told."""
        self._clock, self._orders = clock, orders
        self._runs: dict[tuple[str, tuple[str, ...]], Run | None] = {}

    def forget(self, vehicle_id: str) -> None:
        """Forget the runs of a vehicle."""
        for key in [key for key in self._runs if key[0] == vehicle_id]:
            del self._runs[key]

    def run(self, vehicle: Vehicle) -> Run | None:
        """Return the run of the standing order, None where there is no order or a road is missing."""
        return self._of(vehicle, self._orders[vehicle.id])

    def like(self, place: Place) -> tuple[Run | None, int]:
        """Return a run, and how many of the first halts of a place it makes, too; no run where it makes none."""
        if not place.later:
            return (self.run(place.vehicle) if place.alike else None), place.alike
        order = self._orders[place.vehicle.id]
        picked = (*place.stop_ids[: place.later], *order[place.later - place.added :])
        return self._of(place.vehicle, picked), place.later

    def _of(self, vehicle: Vehicle, order: tuple[str, ...]) -> Run | None:
        key = (vehicle.id, order)
        if key not in self._runs:
            self._runs[key] = self._clock.follow(vehicle, order, vehicle.shift.start_s) if order else None
        return self._runs[key]
