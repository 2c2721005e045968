"""What a live day carries of what a plan may be asked for; the rest is refused when a day is begun, not dropped.

A day knows where goods are by vehicle and stop and times what remains by its own reports. What is told here as not
carried would need more: what has been collected, loaded again, rested or driven so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Final

from routing.errors import Issue
from routing.plan.engines.registry import Constraint
from routing.problem.model import Objective, Stop, Vehicle

NOT_OF_DAY: Final[Mapping[str, Constraint]] = {
    "pickup_load": Constraint.PICKUPS,
    "pickup_loads": Constraint.PICKUPS,
    "together": Constraint.TOGETHER,
    "goods": Constraint.GOODS_APART,
    "start_fees": Constraint.START_FEES,
    "follow_fee": Constraint.FOLLOW_FEES,
    "open_start": Constraint.OPEN_START,
    "open_end": Constraint.OPEN_END,
    "start_depot": Constraint.STOCK,
    "reload_depots": Constraint.RELOADS,
    "reloads_limit": Constraint.RELOADS,
    "breaks": Constraint.BREAKS,
    "driving_rules": Constraint.DRIVING_RULES,
    "driving_clocks": Constraint.DRIVING_RULES,
    "duration_limit_s": Constraint.DURATION_LIMIT,
    "distance_limit_m": Constraint.DISTANCE_LIMIT,
    "driving_limit_s": Constraint.DRIVING_LIMIT,
    "lifo": Constraint.LIFO,
    "pickups_last": Constraint.PICKUPS_LAST,
    "balance_cents_per_h2": Constraint.BALANCE,
}
"""Fields of stops, vehicles and objectives that a day has no place for, and what each asks for."""

CARRIED_BY_DAY: Final[frozenset[Constraint]] = frozenset(Constraint) - {
    *NOT_OF_DAY.values(),
    Constraint.SHIPMENTS,
    Constraint.GOODS_REQUIRED,
    Constraint.PROFILES,
}
"""What may be asked of a day when it begins, or of a stop or vehicle that comes later."""


def not_of_day(where: str, value: Stop | Vehicle | Objective) -> Iterator[Issue]:
    """Yield a fault for each field of a value that asks for what a day cannot carry."""
    for field in fields(value):
        absent = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name in NOT_OF_DAY and getattr(value, field.name) != absent:
            yield refused(f"{where}:{field.name}", NOT_OF_DAY[field.name])


def refused(where: str, constraint: Constraint) -> Issue:
    """Return the fault of what asks for a constraint that a day cannot carry."""
    return Issue(
        code="DAY_CANNOT",
        where=where,
        cause=f"It asks for {constraint}, which a live day cannot carry.",
        action="Leave it out, or make the plan without a day (`routing plan`).",
    )
