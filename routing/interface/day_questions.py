"""What a dispatcher asks of a day under way: can it take one more stop, and why is a stop where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.errors import InputError, Issue
from routing.events.asked import DayStop
from routing.events.day import Day
from routing.events.fold import apply
from routing.events.options import ReplanOptions
from routing.events.published import Change
from routing.events.types import StopAdded
from routing.interface.day_remaining import remaining_of
from routing.interface.day_roads import Roads, worlds_of
from routing.plan.model import Visit
from routing.problem.model import TimeWindow
from routing.replan.assess import retime, with_left_out
from routing.replan.lateness import LatenessSplit, split_lateness
from routing.replan.progress import Lines
from routing.replan.quote import Quote, hours, quote
from routing.replan.risk import availability_of, chances
from routing.replan.why import Why, why

QUOTED = "routing:quote"
"""Id of the event that a quote takes for told; no log holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Say where a stop stands and why."""

    stop_id: str
    state: str
    vehicle_id: str | None
    visit: Visit | None
    """Under the facts of now; None where it is not planned."""
    on_time_probability: float | None
    p10_s: int | None
    p90_s: int | None
    why: Why | None
    """Where it is late or unassigned."""
    lateness: LatenessSplit | None
    """Where it is late."""
    change: Change | None
    """What the current plan did about it."""


def quote_stop(
    day: Day, roads: Roads, stop: DayStop, windows: Sequence[TimeWindow], *, now_s: int, lines: Lines
) -> Quote:
    """Return which windows can take a stop that the day does not have yet; none named: each hour until the last shift.

    InputError where the day has a stop of that id. Nothing is written.
    """
    asked = apply(day, StopAdded(id=QUOTED, known_at_s=now_s, effective_at_s=now_s, stop=stop))
    rest = remaining_of(asked, roads, now_s=now_s, lines=lines)
    known = (*rest.problem.stops, *(left for left, _ in rest.left_out))
    added = next(each for each in known if each.id == stop.id)
    return quote(rest, retime(asked, rest), added, windows or hours(rest), seed=day.started.replan.seed)


def answer(day: Day, roads: Roads, stop_id: str, *, now_s: int, lines: Lines) -> Answer:
    """Return where a stop stands in the current plan, under the facts of now; InputError where nobody knows it."""
    state = day.stops.get(stop_id)
    if state is None:
        action = "Name a stop of this day; `routing day show` counts them."
        raise InputError(
            [Issue(code="STOP_UNKNOWN", where="STOP", cause=f"the day has no stop {stop_id!r}", action=action)]
        )
    rest = remaining_of(day, roads, now_s=now_s, lines=lines)
    old = retime(day, rest)
    plan = with_left_out(rest, old)
    visits = {visit.stop_id: (route, visit) for route in plan.routes for visit in route.visits}
    route, visit = visits.get(stop_id, (None, None))
    told = why(rest, plan, [stop_id])
    splits = split_lateness(day, rest, plan, worlds_of(day, roads)) if visit is not None and visit.lateness_s else ()
    options = day.started.replan
    risk = chances(
        rest, plan, draws=options.draws or ReplanOptions().draws, seed=options.seed, availability=availability_of(day)
    )
    row = risk.stop_ids.index(stop_id) if visit is not None else None
    changes = day.plan.changes if day.plan is not None else ()
    return Answer(
        stop_id=stop_id,
        state=state.state,
        vehicle_id=route.vehicle_id if route is not None else state.vehicle_id,
        visit=visit,
        on_time_probability=None if row is None else float(risk.on_time_probability[row]),
        p10_s=None if row is None else int(risk.p10_s[row]),
        p90_s=None if row is None else int(risk.p90_s[row]),
        why=told[0] if told else None,
        lateness=next((each for each in splits if each.stop_id == stop_id), None),
        change=next((change for change in changes if change.stop_id == stop_id), None),
    )
