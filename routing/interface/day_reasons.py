"""How sure a published plan is and why it is as it is: what its document says beyond times and orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from routing.events.day import Day
from routing.events.published import Change
from routing.export.schema import ChancesDocument, Natural, RouteDocument
from routing.interface.day_document import DayDocument
from routing.plan.model import Plan
from routing.replan.lateness import LatenessSplit, Worlds, split_lateness
from routing.replan.remaining import Remaining
from routing.replan.risk import Risk, availability_of, chances
from routing.replan.why import Why, bound_words, why
from routing.units import format_instant

_DIGITS = 4
"""Of a chance; a thousand draws tell no more."""


def _is_none(value: object) -> bool:
    return value is None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class ObstacleDocument(_Part):
    """Say what keeps a vehicle from serving a stop in time."""

    vehicle_id: str
    reason: str
    detail: str


class SplitDocument(_Part):
    """Split a lateness by where it comes from; a part is negative where a condition made the way quicker."""

    weather_s: int
    traffic_s: int
    service_s: int
    """Of services before that took longer than asked."""
    earlier_s: int
    """Of all else: decisions, changed windows, late departures."""


class WhyDocument(_Part):
    """Explain a stop that is late or unassigned."""

    stop_id: str
    lateness_s: Natural | None
    """None: unassigned."""
    words: str
    needed: tuple[str, ...]
    """What would have to give, all of it; empty where nothing would help or nothing has to."""
    obstacles: tuple[ObstacleDocument, ...]
    lateness: Annotated[SplitDocument | None, Field(exclude_if=_is_none)] = None
    """None where it is unassigned."""


class ChangeDocument(_Part):
    """Say what became of a stop against the plan before, and why."""

    stop_id: str
    kind: str
    from_vehicle: str | None
    to_vehicle: str | None
    shift_s: int
    causes: tuple[str, ...]
    staying_cents: int | None
    words: str


class ReasonedDocument(DayDocument):
    """Hold a plan of a day under way with its chances and reasons."""

    changes: tuple[ChangeDocument, ...]
    """Of stops that both plans or either serve; empty for the first plan."""
    expected_late_stops: float
    expected_failures: float
    """Visits in vain, for want of somebody to receive."""
    why: tuple[WhyDocument, ...]


def with_reasons(
    document: DayDocument, day: Day, rest: Remaining, plan: Plan, changes: tuple[Change, ...], worlds: Worlds
) -> ReasonedDocument:
    """Return a plan's document with the chances of its visits, its changes, and why stops are late or unassigned.

    `worlds` give the roads with and without weather and traffic, to split lateness by.
    """
    options, zone = day.started.replan, day.started.time_zone
    risk = chances(rest, plan, draws=options.draws, seed=options.seed, availability=availability_of(day))
    told = changes if day.plan is not None else ()
    rows = _rows(risk)
    parts = {split.stop_id: split for split in split_lateness(day, rest, plan, worlds)}
    return ReasonedDocument.model_validate(
        {
            **dict(document),
            "changes": tuple(_change(change) for change in told),
            "expected_late_stops": round(risk.expected_late_stops, _DIGITS),
            "expected_failures": round(risk.expected_failures, _DIGITS),
            "routes": tuple(_with_chances(route, rows, zone) for route in document.routes),
            "why": tuple(_why(rest, each, parts.get(each.stop_id)) for each in why(rest, plan)),
        }
    )


def _rows(risk: Risk) -> dict[str, tuple[float, float, int, int, int]]:
    columns = (risk.on_time_probability, risk.at_home_ratio, risk.p10_s, risk.p50_s, risk.p90_s)
    return dict(zip(risk.stop_ids, zip(*(column.tolist() for column in columns), strict=True), strict=True))


def _with_chances(
    route: RouteDocument, rows: Mapping[str, tuple[float, float, int, int, int]], zone: str
) -> RouteDocument:
    """Return a route whose visits of customers say how sure they are."""
    visits = []
    for visit in route.visits:
        on_time, at_home, p10_s, p50_s, p90_s = rows[visit.stop_id]
        chances = ChancesDocument(
            on_time=round(on_time, _DIGITS),
            at_home=round(at_home, _DIGITS),
            start_p10=format_instant(p10_s, zone),
            start_p50=format_instant(p50_s, zone),
            start_p90=format_instant(p90_s, zone),
        )
        visits.append(visit if visit.transfer else visit.model_copy(update={"chances": chances}))
    return route.model_copy(update={"visits": tuple(visits)})


def _why(rest: Remaining, told: Why, split: LatenessSplit | None) -> WhyDocument:
    bounds = () if told.relaxation is None else told.relaxation.bounds
    return WhyDocument(
        stop_id=told.stop_id,
        lateness_s=told.lateness_s,
        words=told.words,
        needed=tuple(bound_words(rest.problem, bound) for bound in bounds),
        obstacles=tuple(
            ObstacleDocument(vehicle_id=each.vehicle_id, reason=each.reason, detail=each.detail)
            for each in told.obstacles
        ),
        lateness=None
        if split is None
        else SplitDocument(
            weather_s=split.weather_s,
            traffic_s=split.traffic_s,
            service_s=split.service_s,
            earlier_s=split.earlier_s,
        ),
    )


def _change(change: Change) -> ChangeDocument:
    return ChangeDocument(
        stop_id=change.stop_id,
        kind=change.kind,
        from_vehicle=change.from_vehicle,
        to_vehicle=change.to_vehicle,
        shift_s=change.shift_s,
        causes=change.causes,
        staying_cents=change.staying_cents,
        words=change.words,
    )
