"""Ask the walked kernel what an order of one vehicle costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.plan.engines.route_state import NOWHERE, UNITS_PER_CENT
from routing.plan.engines.walk import walk
from routing.plan.engines.walk_data import walk_data
from routing.plan.engines.walk_state import empty_walk_state, new_scratch
from routing.plan.instance import build_instance
from routing.plan.schedule import Clock
from routing.problem.model import Problem


class WalkedRoutes:
    """Hold the tables of a problem whose routes must be walked."""

    def __init__(self, clock: Clock) -> None:
        problem: Problem = clock.problem
        instance = build_instance(clock, problem.stops, {vehicle.id: () for vehicle in problem.vehicles}, ())
        assert instance.rules is not None
        self.data = walk_data(instance, instance.rules)
        self.state, self.own = empty_walk_state(self.data), new_scratch(self.data)
        self.vehicles = [vehicle.id for vehicle in problem.vehicles]
        self.entries = [stop.id for stop in problem.stops] + [depot.id for depot in problem.depots]

    def cents(self, vehicle_id: str, order: Sequence[str]) -> float | None:
        """Return what an order costs in cents, None where it breaks a rule."""
        trial = np.zeros(len(self.own.trial), np.int32)
        trial[: len(order)] = [self.entries.index(each) for each in order]
        units = walk(self.data, self.state, self.own, trial, len(order), self.vehicles.index(vehicle_id))
        return None if units >= NOWHERE else int(units) / UNITS_PER_CENT
