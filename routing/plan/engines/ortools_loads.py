"""Loads along a route in OR-Tools' words: several by name, collected, carried, kept on board, reloaded, from stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.rules import BOUNDLESS

if TYPE_CHECKING:
    from routing.plan.engines.ortools_rules import RuledModel


def add_loads(model: RuledModel) -> None:
    """Add every load, by name, that anything is carried of."""
    rules = model.rules
    for load in range(rules.delivery.shape[1]):
        amounts = rules.delivery[:, load], rules.pickup[:, load], rules.carried[:, load], rules.initial[:, load]
        if any(amount.any() for amount in amounts):
            _Load(model, load).add()


def add_resetting(
    model: RuledModel,
    name: str,
    amounts: NDArray[Any],
    vehicles: NDArray[Any] | None = None,
    capacities: list[int] | None = None,
) -> Any:
    """Return the dimension that counts what stops add on these vehicles (all, where none are told) since the last load.

    It is 0 when a route begins and after each reload.
    """
    most = int(amounts.sum()) + 1
    counted = model.vector(amounts, -most)
    spared = model.vector(np.zeros_like(amounts), -most)
    evaluators = [counted if vehicles is None or vehicles[vehicle] else spared for vehicle in range(model.fleet)]
    dimension = _slack_at_reloads(model, name, evaluators, capacities or [most] * model.fleet, most, from_zero=True)
    for index in model.reload_index:
        model.solver.Add(dimension.SlackVar(index) + dimension.CumulVar(index) == most)
    return dimension


def _slack_at_reloads(
    model: RuledModel, name: str, evaluators: list[int], capacities: list[int], most: int, *, from_zero: bool
) -> Any:
    routing = model.routing
    slack = 2 * most if model.reloads else 0
    routing.AddDimensionWithVehicleTransitAndCapacity(evaluators, slack, capacities, from_zero, name)
    dimension = routing.GetDimensionOrDie(name)
    if model.reloads:
        for index in (*model.index.values(), *map(routing.Start, range(model.fleet))):
            dimension.SlackVar(index).SetValue(0)
    return dimension


class _Load:
    """Add one load: what is on board falls by what is delivered and rises by what is collected or picked up.

    A trip begins with what it delivers: it ends with what it collected, with goods for stops after the reload that were
    on board when the route began, and before the first reload with what the vehicle keeps.
    """

    def __init__(self, model: RuledModel, load: int) -> None:
        rules = model.rules
        self.model, self.name = model, f"load{load}"
        self.delivery, self.pickup, self.carried = (
            table[:, load] for table in (rules.delivery, rules.pickup, rules.carried)
        )
        self.initial, self.stock = rules.initial[:, load], rules.stock[:, load]
        self.capacities = np.maximum(rules.capacity[:, load], 0).tolist()
        self.most = max(1, *self.capacities)

    def add(self) -> None:
        """Add the dimension, and what its trips end with."""
        model, stocked = self.model, bool((self.stock < BOUNDLESS).any())
        aboard = np.where(model.rules.on_board, self.delivery, 0)
        parts: list[Any] = []
        self.aboard = self._aboard(aboard) if aboard.any() and (model.reloads or stocked) else None
        if not (self.pickup.any() or self.carried.any() or stocked or self.aboard or self._keeps_until_reload()):
            self._add_delivered()
            return
        transit = model.vector(self.carried + self.pickup - self.delivery, -self.most)
        self.load = _slack_at_reloads(
            model, self.name, [transit] * model.fleet, self.capacities, self.most, from_zero=False
        )
        if self.pickup.any():
            parts.append(add_resetting(model, f"{self.name} collected", self.pickup, capacities=self.capacities))
            # Says nothing new, but OR-Tools' insertions see bounds of dimensions and not the sums below.
            add_resetting(model, f"{self.name} delivered", self.delivery, capacities=self.capacities)
        parts += [self.aboard] if self.aboard is not None else []
        routing = model.routing
        for index in (*model.reload_index, *map(routing.End, range(model.fleet))):
            left = sum((part.CumulVar(index) for part in parts), self._kept(index))
            model.solver.Add(self.load.CumulVar(index) == left)
        if not self.delivery.any() and not model.reloads:
            for vehicle in range(model.fleet):
                self.load.CumulVar(routing.Start(vehicle)).SetValue(int(self.initial[vehicle]))
        if stocked:
            self._add_stock()

    def _keeps_until_reload(self) -> bool:
        return bool(self.model.reloads) and bool(self.initial.any())

    def _add_delivered(self) -> None:
        """Count what a trip has delivered, and what its vehicle keeps: simpler where nothing else is carried."""
        model = self.model
        transit = model.vector(self.delivery, -self.most)
        dimension = _slack_at_reloads(
            model, self.name, [transit] * model.fleet, self.capacities, self.most, from_zero=False
        )
        for vehicle in range(model.fleet):
            dimension.CumulVar(model.routing.Start(vehicle)).SetValue(int(self.initial[vehicle]))

    def _aboard(self, amounts: NDArray[Any]) -> Any:
        """Return the dimension of what is left of goods that are on board when the route begins."""
        model, most = self.model, int(amounts.sum())
        name = f"{self.name} aboard"
        model.routing.AddDimension(model.vector(-amounts), 0, most, False, name)
        dimension = model.routing.GetDimensionOrDie(name)
        for vehicle in range(model.fleet):
            dimension.CumulVar(model.routing.End(vehicle)).SetValue(0)
        return dimension

    def _kept(self, index: int) -> Any:
        """Return what the vehicle at an index keeps on board until it reloads."""
        model, initial = self.model, self.initial.tolist()
        if not self.initial.any():
            return 0
        vehicles = {model.routing.End(vehicle): vehicle for vehicle in range(model.fleet)}
        own = initial[vehicles[index]] if index in vehicles else None
        if not model.reloads:
            return own
        first_trip = model.solver.IsEqualCstVar(self._trip(index), 0)
        amount = (model.routing.VehicleVar(index) + 1).Var().IndexOf([0, *initial]) if own is None else own
        return first_trip * amount

    def _trip(self, index: int) -> Any:
        return self.model.routing.GetDimensionOrDie("trip").CumulVar(index)

    def _add_stock(self) -> None:
        """Bound what all trips that are loaded at a depot begin with, but for what they do not load there."""
        model, routing = self.model, self.model.routing
        for depot in np.flatnonzero(self.stock < BOUNDLESS):
            loaded = []
            for vehicle in np.flatnonzero(model.rules.start_depot == depot):
                start = routing.Start(int(vehicle))
                loaded.append(self._loaded(self.load.CumulVar(start) - int(self.initial[vehicle]), start))
            for index, place in zip(model.reload_index, model.reloads, strict=True):
                if place == depot:
                    after = self.load.CumulVar(index) + self.load.SlackVar(index) - self.most
                    loaded.append(self._loaded(after, index) * routing.ActiveVar(index))
            if loaded:
                model.solver.Add(sum(loaded) <= int(self.stock[depot]))

    def _loaded(self, begins_with: Any, index: int) -> Any:
        return begins_with if self.aboard is None else begins_with - self.aboard.CumulVar(index)
