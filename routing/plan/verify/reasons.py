"""Reasons: each stop that is left out says why."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.model import REASONS, Plan
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Asked


def reasons(asked: Asked, plan: Plan) -> Iterator[Violation]:
    """Find stops that are left out for no reason of the table, or without words."""
    for unassigned in plan.unassigned:
        if unassigned.reason not in REASONS or not unassigned.detail:
            cause = f"is unassigned for {unassigned.reason!r}: {unassigned.detail!r}"
            yield Violation(code="REASON", where=f"stop {unassigned.stop_id}", cause=cause)
