"""Breaks in windows in OR-Tools' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from routing.plan.engines.ortools_rules import RuledModel


def add_breaks(model: RuledModel) -> None:
    """Give each vehicle its breaks, between services, from when its route begins until it ends.

    It is taken unless the route begins after its window or ends by the end of it; by itself OR-Tools would also take it
    before a route begins. A break may not lie within the setup before a service; where that is spared it
    is kept free as well, which loses few plans and no break.
    """
    rules, routing, solver = model.rules, model.routing, model.solver
    for vehicle in range(model.fleet):
        start, end = (model.time.CumulVar(index(vehicle)) for index in (routing.Start, routing.End))
        breaks = []
        for number in range(int(rules.break_count[vehicle])):
            opens_s, closes_s, lasts_s = (
                int(table[vehicle, number]) for table in (rules.break_open_s, rules.break_close_s, rules.break_s)
            )
            if closes_s < 0:
                continue
            each = solver.FixedDurationIntervalVar(max(0, opens_s), closes_s, lasts_s, True, f"{vehicle} {number}")
            begins = each.SafeStartExpr(model.instance.horizon_s).Var()
            solver.Add(start <= begins)
            over = solver.IsGreaterCstVar(start, closes_s) + solver.IsLessOrEqualCstVar(end, closes_s)
            solver.Add(each.PerformedExpr() + over >= 1)
            _keep_setups(model, vehicle, begins, lasts_s)
            breaks.append(each)
        if breaks:
            model.time.SetBreakIntervalsOfVehicle(breaks, vehicle, _stays_s(model, vehicle))


def _keep_setups(model: RuledModel, vehicle: int, begins: Any, lasts_s: int) -> None:
    solver = model.solver
    for stop in np.flatnonzero(model.rules.setup_s):
        index = model.index[int(stop)]
        cumul = model.time.CumulVar(index)
        elsewhere = solver.IsDifferentCstVar(model.routing.VehicleVar(index), vehicle)
        before = solver.IsLessOrEqualVar(begins + (lasts_s + int(model.rules.setup_s[stop])), cumul)
        after = solver.IsLessOrEqualVar(cumul, begins)
        solver.Add(elsewhere + before + after >= 1)


def _stays_s(model: RuledModel, vehicle: int) -> list[int]:
    """Return what of the way on from each index is no drive."""
    stays_s = [0] * model.routing.Size()
    for stop, index in model.index.items():
        stays_s[index] = int(model.rules.stay_s[stop, vehicle])
    for index, depot in zip(model.reload_index, model.reloads, strict=True):
        stays_s[index] = int(model.rules.reload_s[depot])
    return stays_s
