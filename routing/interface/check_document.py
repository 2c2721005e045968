"""Judge what a plan.json says beyond the plan itself: totals, addresses, windows, lines and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from routing.export.document import PlanContext, plan_document
from routing.export.schema import PlanDocument
from routing.plan.model import Plan
from routing.plan.verify import Violation
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Problem

_DERIVED = {"routes", "unassigned", "totals", "cost"}


def document_violations(problem: Problem, plan: Plan, document: PlanDocument) -> tuple[Violation, ...]:
    """Return every derived field of a document that says another thing than its plan, written again."""
    context = PlanContext(
        date=date.fromisoformat(document.date),
        profile=document.profile,
        map_source=document.map.source,
        map_sha256=document.map.sha256,
        map_attribution=document.map.attribution,
        splits_cost=document.cost.split is not None,
    )
    again = plan_document(problem, plan, context=context)
    said, derived = document.model_dump(include=_DERIVED), again.model_dump(include=_DERIVED)
    return tuple(_differences(said, derived, ""))


def timed_walk(document: PlanDocument) -> AccessWalk | None:
    """Return how a plan timed the walks to doors; None where it did not."""
    walk = document.access_walk
    return None if walk is None else AccessWalk(speed_m_per_h=walk.speed_m_per_h, free_m=walk.free_m)


def stale_inputs(document: PlanDocument, hashes: Sequence[tuple[str, str]]) -> list[str]:
    """Return in words which inputs are not those that the plan was made from; none of a plan that names no inputs."""
    given, made_from = dict(hashes), document.inputs
    lines = []
    for name in dict.fromkeys((*given, *made_from)) if made_from else ():
        if name not in given:
            lines.append(f"the plan was made with {name}, of which nothing is given here")
        elif name not in made_from:
            lines.append(f"the plan was made without the {name} given here")
        elif given[name] != made_from[name]:
            lines.append(f"the {name} given here is not the one that the plan was made from")
    return lines


def _differences(said: object, derived: object, path: str) -> Iterator[Violation]:
    if isinstance(said, Mapping) and isinstance(derived, Mapping) and set(said) == set(derived):
        for key in said:
            yield from _differences(said[key], derived[key], f"{path}.{key}" if path else str(key))
    elif (
        isinstance(said, (tuple, list))
        and isinstance(derived, (tuple, list))
        and len(said) == len(derived)
        and not path.endswith("geometry")
    ):
        for number, (one, other) in enumerate(zip(said, derived, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif said != derived:
        cause = f"the plan says {_short(said)}, derived again it is {_short(derived)}"
        yield Violation(code="DOCUMENT", where=path, cause=cause)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
