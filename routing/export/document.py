"""From a plan to plan.json and back."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as installed_version
from pathlib import Path

from pydantic import ValidationError

from routing.errors import InputError, Issue
from routing.export.document_routes import RouteWriter
from routing.export.schema import (
    AccessWalkDocument,
    CostDocument,
    MapDocument,
    PlanDocument,
    PlanTotals,
    RouteDocument,
    RouteTotals,
    RunDocument,
)
from routing.export.way_back import plan_from_document
from routing.plan.model import Plan
from routing.problem.model import Problem
from routing.units import format_instant

__all__ = [
    "PlanContext",
    "PlanDocument",
    "document_bytes",
    "installed_versions",
    "parse_document",
    "plan_document",
    "plan_from_document",
    "read_document",
]

_WITHOUT_LINES = {"routes": {"__all__": {"legs": {"__all__": {"geometry"}}}}}
_NO_LINE = '"geometry": null'
"""No text holds this: its quotes are written with a backslash before them."""
_FORMAT = "a plan.json as `routing plan` writes it"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """Say where a plan comes from: what a problem and a plan do not know themselves."""

    date: date
    version: int = 1
    created_for_s: int | None = None
    """The instant the plan is made for; never read from a clock."""
    profile: str
    map_source: str
    map_sha256: str
    map_attribution: str
    inputs: tuple[tuple[str, str], ...] = ()
    """Name and SHA-256 of each input."""
    seed: int = 0
    versions: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    splits_cost: bool = False
    """True where the plan tells what each part of its cost is spent on."""


def installed_versions() -> tuple[tuple[str, str], ...]:
    """Return the versions that may decide about a plan, for `PlanContext.versions`."""
    packages = tuple((name, installed_version(name)) for name in ("routing", "ortools", "numpy"))
    return (*packages, ("python", platform.python_version()))


def plan_document(problem: Problem, plan: Plan, *, context: PlanContext) -> PlanDocument:
    """Return the published form of a plan; it reads nothing but its arguments.

    The problem must hold every stop and vehicle that the plan names, unassigned stops too.
    """
    writer = RouteWriter(problem, splits_cost=context.splits_cost)
    routes = tuple(writer.route(route) for route in plan.routes)
    unassigned = tuple(writer.unassigned(left) for left in plan.unassigned)
    zone, created_for_s = problem.time_zone, context.created_for_s
    return PlanDocument(
        format="routing-plan",
        format_version=1,
        version=context.version,
        date=context.date.isoformat(),
        time_zone=zone,
        created_for=None if created_for_s is None else format_instant(created_for_s, zone),
        profile=context.profile,
        map=MapDocument(source=context.map_source, sha256=context.map_sha256, attribution=context.map_attribution),
        inputs=dict(sorted(context.inputs)),
        seed=context.seed,
        runs=tuple(
            RunDocument(
                engine=run.engine,
                seed=run.seed,
                iterations=run.iterations,
                stopped_by=run.stopped_by,
                pace=run.pace,
            )
            for run in plan.runs
        ),
        versions=dict(sorted(context.versions)),
        access_walk=_access_walk(problem),
        cost=CostDocument(
            duty_cents=plan.cost.duty_cents,
            distance_cents=plan.cost.distance_cents,
            vehicle_cents=plan.cost.vehicle_cents,
            lateness_cents=plan.cost.lateness_cents,
            unserved_cents=plan.cost.unserved_cents,
            preference_cents=plan.cost.preference_cents,
            balance_cents=plan.cost.balance_cents,
            total_cents=plan.cost.total_cents,
            split=writer.split(plan.routes, [left.stop_id for left in plan.unassigned]),
        ),
        totals=_plan_totals(routes, len(unassigned)),
        notes=plan.notes,
        warnings=context.warnings,
        routes=routes,
        unassigned=unassigned,
    )


def document_bytes(document: PlanDocument) -> bytes:
    """Return plan.json as UTF-8: fields in the order of the schema, one line per geometry."""
    content = document.model_dump(mode="json", exclude=_WITHOUT_LINES)
    for route in content["routes"]:
        for leg in route["legs"]:
            leg["geometry"] = None
    # Written one by one, lines take a tenth of the time that the encoder needs for what it indents.
    between = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).split(_NO_LINE)
    written = [
        f'"geometry": {json.dumps(leg.geometry, separators=(",", ":"), allow_nan=False)}'
        for route in document.routes
        for leg in route.legs
    ]
    text = "".join(part for pair in zip(between, [*written, ""], strict=True) for part in pair)
    return f"{text}\n".encode()


def read_document(path: Path) -> PlanDocument:
    """Read a plan.json; InputError with every fault and the path of its field."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        cause = error.strerror or "it cannot be read"
        raise InputError([_fault("PLAN_UNREADABLE", str(path), cause, f"name {_FORMAT}")]) from error
    return parse_document(content, name=str(path))


def parse_document(content: bytes, *, name: str = "plan.json") -> PlanDocument:
    """Read the bytes of a plan.json; `name` stands in front of each fault's place."""
    try:
        return PlanDocument.model_validate_json(content)
    except ValidationError as error:
        raise InputError(
            _fault(
                "PLAN_NOT_JSON" if fault["type"] == "json_invalid" else "PLAN_FIELD",
                f"{name}: {_dotted(fault['loc'])}" if fault["loc"] else name,
                fault["msg"].removeprefix("Value error, "),
                f"give {_FORMAT}",
            )
            for fault in error.errors(include_url=False)
        ) from error


def _access_walk(problem: Problem) -> AccessWalkDocument | None:
    walk = problem.access_walk
    return None if walk is None else AccessWalkDocument(speed_m_per_h=walk.speed_m_per_h, free_m=walk.free_m)


def _plan_totals(routes: tuple[RouteDocument, ...], unassigned: int) -> PlanTotals:
    summed = {name: sum(getattr(route.totals, name) for route in routes) for name in RouteTotals.model_fields}
    return PlanTotals(**summed, stops=summed["served"] + unassigned, unassigned=unassigned, routes=len(routes))


def _dotted(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def _fault(code: str, where: str, cause: str, action: str) -> Issue:
    return Issue(code=code, where=where, cause=cause, action=action)
