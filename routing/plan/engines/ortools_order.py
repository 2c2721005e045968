"""What must come before what on a route, in OR-Tools' words: shipments, releases, unloading; goods that need others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from routing.plan.engines.ortools_loads import add_resetting
from routing.plan.engines.rules import FAR_S

if TYPE_CHECKING:
    from routing.plan.engines.ortools_rules import RuledModel


def add_order_rules(model: RuledModel) -> None:
    """Add every rule about the order of stops that a problem asks for."""
    if (model.rules.partner >= 0).any():
        _add_shipments(model)
    if (model.rules.release_s > -FAR_S).any():
        _add_releases(model)
    if (model.rules.lifo | model.rules.pickups_last).any():
        _add_unloading(model)
    for kind, other in np.argwhere(model.rules.required):
        _add_required(model, int(kind), int(other))


def _add_shipments(model: RuledModel) -> None:
    """Serve both stops of a shipment on one trip, the pickup first."""
    routing, solver = model.routing, model.solver
    routing.AddDimension(model.vector([1] * model.count), 0, model.count, True, "position")
    position = routing.GetDimensionOrDie("position")
    for pickup in np.flatnonzero(model.rules.is_pickup):
        ends = [model.index[stop] for stop in (int(pickup), int(model.rules.partner[pickup]))]
        routing.AddPickupAndDelivery(*ends)
        solver.Add(routing.VehicleVar(ends[0]) == routing.VehicleVar(ends[1]))
        # Not by time: stops that are left out have times, too, and theirs may be in no such order.
        solver.Add(position.CumulVar(ends[0]) < position.CumulVar(ends[1]))
        if model.reloads:
            trips = [routing.GetDimensionOrDie("trip").CumulVar(index) for index in ends]
            solver.Add(trips[0] == trips[1])


def _add_releases(model: RuledModel) -> None:
    """Let a trip leave its loading no earlier than all that it delivers is released.

    A dimension that no stop changes holds the release of a trip, so that it is at least that of each of its stops.
    """
    routing, latest_s = model.routing, model.instance.horizon_s
    slack_s = 2 * latest_s if model.reloads else 0
    routing.AddDimension(model.vector([0] * model.count, -latest_s), slack_s, latest_s, False, "release")
    release = routing.GetDimensionOrDie("release")
    starts = [routing.Start(vehicle) for vehicle in range(model.fleet)]
    for stop, index in model.index.items():
        release_s = int(model.rules.release_s[stop])
        if release_s > latest_s:
            routing.VehicleVar(index).SetValues([-1])
        else:
            release.CumulVar(index).SetMin(max(0, release_s))
    if model.reloads:
        for index in (*model.index.values(), *starts):
            release.SlackVar(index).SetValue(0)
    for index in starts:
        model.solver.Add(release.CumulVar(index) <= model.time.CumulVar(index))
    for index in model.reload_index:
        after = release.CumulVar(index) + release.SlackVar(index) - latest_s
        model.solver.Add(after <= model.time.CumulVar(index))


def _add_unloading(model: RuledModel) -> None:
    """Deliver from the depot while nothing is on board that was collected, and unload what was loaded last."""
    rules, routing = model.rules, model.routing
    delivers = np.flatnonzero((rules.delivery > 0).any(axis=1))
    collects = (rules.pickup > 0).any(axis=1).astype("int64")
    bound = rules.lifo | rules.pickups_last
    if collects.any():
        collected = add_resetting(model, "collected", collects, bound)
        _set_none(model, collected, delivers)
    pickups = np.flatnonzero(rules.is_pickup)
    if not (rules.lifo.any() and pickups.size):
        return
    for vehicle in np.flatnonzero(rules.lifo):
        policy = pywrapcp.RoutingModel.PICKUP_AND_DELIVERY_LIFO
        routing.SetPickupAndDeliveryPolicyOfVehicle(policy, int(vehicle))
    picked_up = np.where(rules.partner < 0, 0, np.where(rules.is_pickup, 1, -1))
    counted, spared = model.vector(picked_up), model.vector(np.zeros_like(picked_up))
    evaluators = [counted if lifo else spared for lifo in rules.lifo]
    routing.AddDimensionWithVehicleTransits(evaluators, 0, model.count, True, "picked up")
    _set_none(model, routing.GetDimensionOrDie("picked up"), delivers)
    if collects.any():
        between = add_resetting(model, "collected over shipments", collects, rules.lifo)
        for pickup in pickups:
            ends = [model.index[stop] for stop in (int(pickup), int(rules.partner[pickup]))]
            model.solver.Add(between.CumulVar(ends[0]) == between.CumulVar(ends[1]))


def _set_none(model: RuledModel, dimension: Any, stops: Any) -> None:
    for stop in stops:
        dimension.CumulVar(model.index[int(stop)]).SetMax(0)


def _add_required(model: RuledModel, kind: int, other: int) -> None:
    """Let a route with one kind of goods have another, too.

    A dimension that no stop changes is 1 on routes with the kind, which is no more than the count of the other.
    """
    routing, goods = model.routing, model.rules.goods
    asks, counts = f"asks {kind} {other}", f"counts {kind} {other}"
    routing.AddDimension(model.vector([0] * model.count), 0, 1, False, asks)
    routing.AddDimension(model.vector(goods == other), 0, model.count, True, counts)
    for stop in np.flatnonzero(goods == kind):
        routing.GetDimensionOrDie(asks).CumulVar(model.index[int(stop)]).SetMin(1)
    for vehicle in range(model.fleet):
        end = routing.End(vehicle)
        asked, counted = (routing.GetDimensionOrDie(name).CumulVar(end) for name in (asks, counts))
        model.solver.Add(asked <= counted)
