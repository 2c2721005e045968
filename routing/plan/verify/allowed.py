"""Vehicles, skills and territories: who may serve a stop."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven


def allowed(driven: Driven) -> Iterator[Violation]:
    """Find stops that do not allow the vehicle, or forbid it."""
    vehicle_id = driven.vehicle.id
    for _, stop in driven.served:
        if stop.allowed_vehicles is not None and vehicle_id not in stop.allowed_vehicles:
            cause = f"is served by {vehicle_id}, allowed are {', '.join(stop.allowed_vehicles)}"
            yield Violation(code="NOT_ALLOWED", where=f"stop {stop.id}", cause=cause)
        if vehicle_id in stop.forbidden_vehicles:
            cause = f"is served by {vehicle_id}, which it forbids"
            yield Violation(code="NOT_ALLOWED", where=f"stop {stop.id}", cause=cause)


def other_board(driven: Driven) -> Iterator[Violation]:
    """Find stops whose goods another vehicle has."""
    for _, stop in driven.served:
        if stop.on_board is not None and stop.on_board != driven.vehicle.id:
            cause = f"is served by {driven.vehicle.id}, its goods are on board {stop.on_board}"
            yield Violation(code="OTHER_BOARD", where=f"stop {stop.id}", cause=cause)


def skills(driven: Driven) -> Iterator[Violation]:
    """Find stops that need a skill which is missing, or that do not take one which is there."""
    has = set(driven.vehicle.skills)
    for _, stop in driven.served:
        where, who = f"stop {stop.id}", driven.vehicle.id
        if stop.skills_all and not has.issuperset(stop.skills_all):
            cause = f"needs {', '.join(stop.skills_all)}, {who} has {', '.join(driven.vehicle.skills) or 'no skill'}"
            yield Violation(code="SKILL", where=where, cause=cause)
        if stop.skills_one_of and has.isdisjoint(stop.skills_one_of):
            yield Violation(code="SKILL", where=where, cause=f"{who} has none of {', '.join(stop.skills_one_of)}")
        if stop.skills_none_of and not has.isdisjoint(stop.skills_none_of):
            unwanted = [skill for skill in stop.skills_none_of if skill in has]
            yield Violation(code="SKILL", where=where, cause=f"does not take {', '.join(unwanted)}, which {who} has")


def territories(driven: Driven) -> Iterator[Violation]:
    """Find stops outside the territories of a vehicle that does not leave them at any price."""
    home = driven.vehicle.territories
    if home is None or driven.vehicle.territory_fee_cents is not None:
        return
    for _, stop in driven.served:
        if stop.territory and stop.territory not in home:
            cause = f"lies in {stop.territory}, {driven.vehicle.id} stays in {', '.join(home) or 'none'}"
            yield Violation(code="TERRITORY", where=f"stop {stop.id}", cause=cause)
