"""What a live day carries of what a plan may be asked for; the rest is refused when a day is begun, not dropped.

A day knows where goods are by vehicle and stop and times what remains by its own reports. What is told here as not
carried would need more: what has been collected, loaded again, rested or driven so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from routing.errors import Issue
from routing.plan.engines.registry import Constraint

NOT_OF_DAY: Final[Mapping[str, Constraint]] = {
    "loads": Constraint.LOADS,
    "pickup_load": Constraint.PICKUPS,
    "pickup_loads": Constraint.PICKUPS,
    "on_board": Constraint.ON_BOARD,
    "release_s": Constraint.RELEASE,
    "due_s": Constraint.DUE,
    "lateness_cents_per_min": Constraint.OWN_LATENESS,
    "lateness_limit_s": Constraint.OWN_LATENESS,
    "service_by_type": Constraint.SERVICE_BY_TYPE,
    "setup_s": Constraint.SETUP,
    "together": Constraint.TOGETHER,
    "goods": Constraint.GOODS_APART,
    "start_fees": Constraint.START_FEES,
    "vehicle_fees": Constraint.VEHICLE_FEES,
    "follow_fee": Constraint.FOLLOW_FEES,
    "capacities": Constraint.LOADS,
    "on_board_load": Constraint.ON_BOARD,
    "on_board_loads": Constraint.ON_BOARD,
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
    "stops_limit": Constraint.STOPS_LIMIT,
    "vehicle_cents": Constraint.OWN_PRICES,
    "duty_cents_per_h": Constraint.OWN_PRICES,
    "distance_cents_per_km": Constraint.OWN_PRICES,
    "overtime_cents_per_h": Constraint.OWN_PRICES,
    "overtime_limit_s": Constraint.OWN_PRICES,
    "lifo": Constraint.LIFO,
    "pickups_last": Constraint.PICKUPS_LAST,
    "shipments": Constraint.SHIPMENTS,
    "depots": Constraint.RELOADS,
    "incompatible_goods": Constraint.GOODS_APART,
    "required_goods": Constraint.GOODS_REQUIRED,
    "profiles": Constraint.PROFILES,
    "balance_cents_per_h2": Constraint.BALANCE,
}
"""Fields of stops, vehicles, objectives and problems that a day has no place for, and what each asks for."""

CARRIED_BY_DAY: Final[frozenset[Constraint]] = frozenset(Constraint) - set(NOT_OF_DAY.values())
"""What may be asked of a day when it begins, or of a stop or vehicle that comes later."""


def not_of_day(where: str, asked: Mapping[str, object], absent: Mapping[str, object]) -> Iterator[Issue]:
    """Yield a fault for each field that asks for what a day cannot carry.

    `asked` and `absent` are values by field: the given one, and the one that asks for nothing.
    """
    for name, value in asked.items():
        if name in NOT_OF_DAY and value != absent[name]:
            yield Issue(
                code="DAY_CANNOT",
                where=f"{where}:{name}",
                cause=f"It asks for {NOT_OF_DAY[name]}, which a live day cannot carry.",
                action="Leave it out, or make the plan by itself (`routing plan`).",
            )
