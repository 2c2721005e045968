"""Tell problems whose routes are summed up in constant time from those whose routes must be walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter

from routing.problem.model import Problem, Stop, Vehicle

_PLAIN_STOP = (
    *("id", "place", "windows", "service_s", "load", "priority", "address", "columns", "allowed_vehicles"),
    *("lateness_allowed", "start_fees", "vehicle_fees", "follow_fee", "on_board", "unserved_cents", "walk_s", "goods"),
    "territory",
)
_PLAIN_VEHICLE = (
    *("id", "profile", "capacity", "shift", "start_place", "end_place", "committed", "used", "start_fixed"),
    *("overtime_allowed", "skills", "type", "driver", "start_depot", "driving_clocks"),
    "territory_fee_cents",
)
"""Fields that a plain problem may use: goods, depots, territories and driving clocks mean nothing without what limits
them."""


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


def _besides(kind: type[Stop] | type[Vehicle], plain: tuple[str, ...]) -> tuple[Callable[[object], object], object]:
    """Return what tells the other fields of a stop or vehicle, and what it tells where none of them is used."""
    others = [each for each in fields(kind) if each.name not in plain]
    return attrgetter(*(each.name for each in others)), tuple(each.default for each in others)


_STOP_ASKS, _STOP_ASKS_NOTHING = _besides(Stop, _PLAIN_STOP)
_VEHICLE_ASKS, _VEHICLE_ASKS_NOTHING = _besides(Vehicle, _PLAIN_VEHICLE)


def _stop_is_plain(stop: Stop) -> bool:
    return _STOP_ASKS(stop) == _STOP_ASKS_NOTHING


def _vehicle_is_plain(vehicle: Vehicle) -> bool:
    return _VEHICLE_ASKS(vehicle) == _VEHICLE_ASKS_NOTHING
