"""Tell problems whose routes are summed up in constant time from those whose routes must be walked."""

from __future__ import annotations

from dataclasses import fields

from routing.problem.model import Problem, Stop, Vehicle

_PLAIN_STOP = (
    *("id", "place", "windows", "service_s", "load", "priority", "address", "columns", "allowed_vehicles"),
    *("lateness_allowed", "start_fees", "vehicle_fees", "follow_fee", "on_board", "unserved_cents", "walk_s", "goods"),
)
_PLAIN_VEHICLE = (
    *("id", "profile", "capacity", "shift", "start_place", "end_place", "committed", "used", "start_fixed"),
    *("overtime_allowed", "skills", "type", "driver", "start_depot", "driving_clocks"),
)
"""Fields that a plain problem may use: goods, depots and driving clocks mean nothing without what limits them."""


def is_plain(problem: Problem) -> bool:
    """Tell whether a lowered problem asks only for what sums of stretches of routes carry.

    That is one load that is delivered, windows, shifts, committed visits and fees, all of it on one road profile.
    """
    if problem.shipments or problem.profile_travel or problem.objective.balance_cents_per_h2:
        return False
    if problem.incompatible_goods or problem.required_goods:
        return False
    if any(depot.stock is not None for depot in problem.depots):
        return False
    return all(map(_stop_is_plain, problem.stops)) and all(map(_vehicle_is_plain, problem.vehicles))


_STOP_DEFAULTS = {field.name: field.default for field in fields(Stop) if field.name not in _PLAIN_STOP}
_VEHICLE_DEFAULTS = {field.name: field.default for field in fields(Vehicle) if field.name not in _PLAIN_VEHICLE}


def _stop_is_plain(stop: Stop) -> bool:
    return all(getattr(stop, name) == default for name, default in _STOP_DEFAULTS.items())


def _vehicle_is_plain(vehicle: Vehicle) -> bool:
    return all(getattr(vehicle, name) == default for name, default in _VEHICLE_DEFAULTS.items())
