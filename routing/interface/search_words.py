"""Say in words how far a search is, what its best plan costs by part, and how good a plan can be at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from routing.units import format_cents

if TYPE_CHECKING:
    from routing.export.schema import CostDocument, CostSplitDocument
    from routing.plan.bound import Bound
    from routing.plan.cost_split import CostSplit
    from routing.plan.model import Cost
    from routing.plan.options import Progress

ENDS = {
    "iterations": "all of them made",
    "time_limit": "the time was up",
    "settled": "nothing gained any more",
    "cancelled": "interrupted",
    "exhausted": "nothing left to try",
    "ready": "until the next engine was compiled",
}
"""What ended a search, in words."""


def search_words(update: Callable[[str], None]) -> Callable[[Progress], None]:
    """Return what tells of each plan that a search has found."""

    def tell(progress: Progress) -> None:
        cost = progress.cost()
        total = format_cents(progress.cost_cents) if cost is None else cost_words(cost)
        vehicles = f"{progress.vehicles} vehicle{'' if progress.vehicles == 1 else 's'}"
        update(
            f"search … {progress.elapsed_s:.0f} s, {progress.iterations:,} steps; best plan, by {progress.engine}: "
            f"{vehicles}, {progress.unserved} unassigned, {total}"
        )

    return tell


def cost_words(cost: Cost | CostDocument) -> str:
    """Return a cost as the sum of its parts, `duty 5.00 + distance 1.00 = 6.00`; empty where there is none."""
    parts = [
        ("duty", cost.duty_cents),
        ("distance", cost.distance_cents),
        ("vehicles", cost.vehicle_cents),
        ("lateness", cost.lateness_cents),
        ("unserved stops", cost.unserved_cents),
        ("fees", cost.preference_cents),
        ("balance", cost.balance_cents),
    ]
    shown = " + ".join(f"{name} {format_cents(amount)}" for name, amount in parts if amount)
    return f"{shown} = {format_cents(cost.total_cents)}" if shown else ""


def split_words(split: CostSplit | CostSplitDocument) -> str:
    """Return what a cost is spent on, `driving 20.00, service 3.50`, without what costs nothing."""
    parts = {
        "driving": split.driving_cents,
        "waiting": split.waiting_cents,
        "service": split.service_cents,
        "rests": split.rest_cents,
        "distance": split.distance_cents,
        "vehicles": split.vehicle_cents,
        "lateness": split.lateness_cents,
        "overtime": split.overtime_cents,
        "preferences": split.preference_cents,
        "unserved stops": split.unserved_cents,
        "balance": split.balance_cents,
    }
    return ", ".join(f"{name} {format_cents(cents)}" for name, cents in parts.items() if cents) or "nothing"


def bound_words(bound: Bound, cost_cents: int) -> str:
    """Return below which cost no plan can be, and so how much dearer than the best one a plan is at most."""
    dearer = f": this one is at most {cost_cents / bound.cents - 1:.1%} dearer than the best" if bound.cents else ""
    speeds = "" if bound.sure else ", each drive taken at its best hour"
    return f"Bound: no plan costs less than {format_cents(bound.cents)}{speeds}{dearer}."
