"""Find everything that is wrong with a problem at once.

One file looks at one part of a problem; each fault comes with a code, where it is, its cause and its cure. What cannot
be combined is refused here, in words, so that nothing that was asked for is dropped later.
"""

from __future__ import annotations

from collections.abc import Iterator

from routing.errors import Issue
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, Problem
from routing.problem.validate.goods import committed_kind_issues, depot_issues, kind_issues
from routing.problem.validate.requests import committed_whole_issues, shipment_issues
from routing.problem.validate.stops import stop_issues
from routing.problem.validate.travel import travel_issues
from routing.problem.validate.vehicles import committed_issues, vehicle_issues

__all__ = ["validate"]


def validate(problem: Problem) -> tuple[Issue, ...]:
    """Return every fault of a problem, empty where it is sound."""
    return (
        *travel_issues(problem),
        *stop_issues(problem),
        *vehicle_issues(problem),
        *committed_issues(problem),
        *depot_issues(problem),
        *shipment_issues(problem),
        *committed_whole_issues(problem),
        *kind_issues(problem),
        *committed_kind_issues(problem),
        *_objective(problem.objective),
        *_access_walk(problem.access_walk),
    )


def _objective(objective: Objective) -> Iterator[Issue]:
    for name in Objective.__dataclass_fields__:
        value = getattr(objective, name)
        if value < 0:
            yield Issue(
                code="NEGATIVE",
                where=f"objective.{name}",
                cause=f"is {value}",
                action="Give zero or more cents.",
            )


def _access_walk(walk: AccessWalk | None) -> Iterator[Issue]:
    if walk is not None and walk.speed_m_per_h <= 0:
        cause, action = f"is {walk.speed_m_per_h}", "Give more than zero, or no access walk at all."
        yield Issue(code="WALKING_SPEED", where="access_walk.speed_m_per_h", cause=cause, action=action)
    if walk is not None and walk.free_m < 0:
        yield Issue(
            code="NEGATIVE", where="access_walk.free_m", cause=f"is {walk.free_m}", action="Give zero or more metres."
        )
