"""Decide: keep the orders with new times, or take others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from routing.errors import SolveError
from routing.events.day import Day
from routing.events.options import ReplanOptions
from routing.events.published import Change, Figures
from routing.plan.model import EngineRun, Plan
from routing.replan.assess import Assessment, with_left_out
from routing.replan.compare import changes, figures, orders_of
from routing.replan.remaining import Remaining
from routing.units import format_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Make plans of a remaining problem; each raises SolveError where it cannot."""

    repair: Callable[[Remaining], Plan]
    """Return a plan that holds, near the current orders, at once."""
    search: Callable[[Remaining, Plan | None], Plan]
    """Return the best plan that the budget finds, beginning from a plan or, with None, from the current orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Hold what is to be decided about, and the means."""

    day: Day
    rest: Remaining
    """With the transfers that pay, where other orders are wanted."""
    assessment: Assessment
    """Of the current orders."""
    wanted: bool
    """True where other orders are asked for: by what has happened, or by the caller in any case."""
    planner: Planner | None
    """None where the orders must stay."""
    as_is: Remaining | None = None
    """What remains without new transfers: what the current orders are of; None: that is `rest`."""

    @property
    def current(self) -> Remaining:
        """Return what remains as the current orders know it."""
        return self.rest if self.as_is is None else self.as_is


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold the plan that is to stand from now on, and how it came about."""

    plan: Plan
    """With the stops that were left out of the problem."""
    rest: Remaining
    """What it is a plan of."""
    searched: bool = False
    adopted: bool = False
    """True where other orders are taken than the old ones."""
    failure: str = ""
    """Why no search was made to its end, where it died."""
    runs: tuple[EngineRun, ...] = ()
    before: Figures
    after: Figures
    changes: tuple[Change, ...]


Decider = Callable[[Question], Decision]
"""Chooses what is to stand; `decide` is ours."""


def decide(question: Question) -> Decision:
    """Return the decision: the old orders, their repair, or the best plan that a search finds from there.

    Each of them takes the place of the one before where it gains more than `gain_cents`; what its changes cost is part
    of its own cost. Old orders that break a bound by now or have lost a stop give way in any case.
    """
    old, day = question.assessment.plan, question.day
    least_cents = day.started.replan.gain_cents
    must = day.plan is None or bool(question.assessment.violations) or question.assessment.lost > 0
    standing, note = old, ""
    others, failure = _others(question)
    stands_cents = with_left_out(question.current, old).cost.total_cents
    for other in others:
        other_cents = with_left_out(question.rest, other).cost.total_cents
        gain_cents, note = stands_cents - other_cents, ""
        if must or gain_cents > least_cents:
            standing, stands_cents, must = other, other_cents, False
        elif gain_cents > 0:
            note = (
                f"A search found a plan that is {format_cents(gain_cents)} better with all its changes paid for; "
                f"that is not worth them (the least gain is {format_cents(least_cents)})."
            )
    if failure:
        kept = "the repaired plan stands" if standing is not old else "the old orders stay"
        note = f"The search failed, {kept}: {failure}"
    if others and standing is old:
        # The search knows better than an older one why the same stops are left out.
        newer = {left.stop_id: left for left in others[-1].unassigned}
        standing = replace(old, unassigned=tuple(newer.get(left.stop_id, left) for left in old.unassigned))
    searched = bool(others) and not failure
    return settled(
        question,
        replace(standing, notes=(*standing.notes, note) if note else standing.notes),
        searched=searched,
        adopted=any(standing is other for other in others),
        runs=others[-1].runs if searched else (),
        failure=failure,
    )


def _others(question: Question) -> tuple[list[Plan], str]:
    """Return the plans that may take the place of the old orders, and why the last of them is missing if it is.

    SolveError where there is no plan yet to go on with.
    """
    planner, found = question.planner, list[Plan]()
    if planner is None or not question.wanted:
        return found, ""
    try:
        if question.day.plan is not None:
            found.append(planner.repair(question.rest))
        found.append(planner.search(question.rest, found[-1] if found else None))
    except SolveError as error:
        if question.day.plan is None:
            raise
        return found, str(error).splitlines()[0]
    return found, ""


def accept(question: Question) -> Decision:
    """Return what the dispatcher has decided: the accepted orders, repaired where news has overtaken them."""
    day, planner = question.day, question.planner
    assert day.accepted is not None  # who asks has looked
    if planner is None:
        return decide(question)
    try:
        plan = planner.repair(replace(question.rest, orders=orders_of(day.accepted.plan)))
    except SolveError as error:
        failure = str(error).splitlines()[0]
        return settled(question, question.assessment.plan, searched=False, adopted=False, failure=failure)
    return settled(question, plan, searched=False, adopted=True)


def settled(
    question: Question,
    plan: Plan,
    *,
    searched: bool,
    adopted: bool,
    runs: tuple[EngineRun, ...] = (),
    failure: str = "",
) -> Decision:
    """Return the decision for a plan of the remaining problem, with what it changes and its figures.

    One that is not adopted is of the current orders; these may have been given the new transfers all the same.
    """
    day, rest = question.day, question.rest
    known = {stop.id for stop in question.current.problem.stops}
    if not adopted and all(visit.stop_id in known for route in plan.routes for visit in route.visits):
        rest = question.current
    full = with_left_out(rest, plan)
    return Decision(
        plan=full,
        rest=rest,
        searched=searched,
        adopted=adopted,
        failure=failure,
        runs=runs,
        before=figures(day, question.current, with_left_out(question.current, question.assessment.plan)),
        after=figures(day, rest, full),
        changes=_changes(day, rest, full, day.started.replan),
    )


def worth_publishing(day: Day, decision: Decision) -> bool:
    """Tell whether a decision says anything that the current plan does not."""
    base = day.plan
    if base is None or decision.changes or day.accepted is not None:
        return True
    # What a search has weighed is put on record, or every later event would ask for the same search again.
    proposed = day.proposal is not None and day.proposal.plan.base_version == base.version
    if day.since_plan and (decision.searched or proposed):
        return True
    planned = {visit.stop_id for route in decision.plan.routes for visit in route.visits}
    was = {visit.stop_id for route in base.routes for visit in route.visits}
    gone = {stop_id for stop_id in was - planned if not day.stops[stop_id].is_open}
    left = tuple((left.stop_id, left.reason) for left in decision.plan.unassigned)
    return bool(gone) or left != tuple((stop_id, reason) for stop_id, reason, _ in base.unassigned)


def _changes(day: Day, rest: Remaining, plan: Plan, options: ReplanOptions) -> tuple[Change, ...]:
    open_ids = [stop.id for stop in rest.problem.stops] + [stop.id for stop, _ in rest.left_out]
    routes = day.plan.routes if day.plan else ()
    return changes(routes, plan, open_ids=open_ids, shift_s=options.publish_shift_s)
