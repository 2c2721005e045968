"""How sure a published plan is and why it is as it is: what its document says beyond times and orders."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from routing.events.day import Day
from routing.events.published import Change
from routing.export.schema import Instant, Natural
from routing.interface.day_document import DayDocument
from routing.plan.model import Plan
from routing.replan.remaining import Remaining
from routing.replan.risk import Risk, availability_of, chances
from routing.replan.why import Why, bound_words, why
from routing.units import format_instant

Ratio = Annotated[float, Field(ge=0, le=1)]
_DIGITS = 4
"""Of a chance; a thousand draws tell no more."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class ChanceDocument(_Part):
    """Say how sure the visit at a stop is."""

    stop_id: str
    on_time_probability: Ratio
    start_p10: Instant
    start_p50: Instant
    start_p90: Instant
    """When service has started in 10, 50 and 90 % of the simulated days."""
    at_home_ratio: Ratio
    """How likely somebody can receive then."""


class ObstacleDocument(_Part):
    """Say what keeps a vehicle from serving a stop in time."""

    vehicle_id: str
    reason: str
    detail: str


class WhyDocument(_Part):
    """Explain a stop that is late or unassigned."""

    stop_id: str
    lateness_s: Natural | None
    """None: unassigned."""
    words: str
    needed: tuple[str, ...]
    """What would have to give, all of it; empty where nothing would help or nothing has to."""
    obstacles: tuple[ObstacleDocument, ...]


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
    chances: tuple[ChanceDocument, ...]
    """Of the visits that remain, by route."""
    why: tuple[WhyDocument, ...]


def with_reasons(
    document: DayDocument, day: Day, rest: Remaining, plan: Plan, changes: tuple[Change, ...]
) -> ReasonedDocument:
    """Return a plan's document with the chances of its visits, its changes, and why stops are late or unassigned."""
    options, zone = day.started.replan, day.started.time_zone
    risk = chances(rest, plan, draws=options.draws, seed=options.seed, availability=availability_of(day))
    told = changes if day.plan is not None else ()
    return ReasonedDocument.model_validate(
        {
            **dict(document),
            "changes": tuple(_change(change) for change in told),
            "expected_late_stops": round(risk.expected_late_stops, _DIGITS),
            "expected_failures": round(risk.expected_failures, _DIGITS),
            "chances": tuple(_chances(risk, zone)),
            "why": tuple(_why(rest, each) for each in why(rest, plan)),
        }
    )


def _chances(risk: Risk, zone: str) -> list[ChanceDocument]:
    columns = (risk.on_time_probability, risk.p10_s, risk.p50_s, risk.p90_s, risk.at_home_ratio)
    return [
        ChanceDocument(
            stop_id=stop_id,
            on_time_probability=round(chance, _DIGITS),
            start_p10=format_instant(p10_s, zone),
            start_p50=format_instant(p50_s, zone),
            start_p90=format_instant(p90_s, zone),
            at_home_ratio=round(at_home, _DIGITS),
        )
        for stop_id, chance, p10_s, p50_s, p90_s, at_home in zip(
            risk.stop_ids, *(column.tolist() for column in columns), strict=True
        )
    ]


def _why(rest: Remaining, told: Why) -> WhyDocument:
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
