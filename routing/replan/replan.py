"""Decide: keep the orders with new times, or take others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from routing.events.day import Day
from routing.events.options import ReplanOptions
from routing.events.published import Change, Figures
from routing.plan.model import EngineRun, Plan
from routing.plan.verify import verify
from routing.replan.assess import Assessment, with_left_out
from routing.replan.compare import change_cents, changes, figures
from routing.replan.remaining import Remaining
from routing.units import format_cents

Search = Callable[[Remaining], Plan]
"""Looks for a plan of the remaining problem, starting from its current orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold the plan that is to stand from now on, and how it came about."""

    plan: Plan
    """With the stops that were left out of the problem."""
    searched: bool
    adopted: bool
    runs: tuple[EngineRun, ...]
    before: Figures
    after: Figures
    changes: tuple[Change, ...]


def decide(
    day: Day, rest: Remaining, assessment: Assessment, options: ReplanOptions, search: Search | None
) -> Decision:
    """Return the decision; without a search the orders stay as they are.

    Other orders are taken where they gain more, in cents, than their changes cost and `gain_cents` on top; where the
    old orders break a bound by now, in any case. There is nothing to compare with before the first plan.
    """
    old = assessment.plan
    found = None if search is None else search(rest)
    taken = old
    note: tuple[str, ...] = ()
    if found is not None and not verify(rest.problem, found):
        price_cents = change_cents(_changes(day, rest, found, options), options)
        gain_cents = old.cost.total_cents - found.cost.total_cents
        if day.plan is None or assessment.violations or gain_cents > price_cents + options.gain_cents:
            taken = found
        elif gain_cents > 0:
            note = (
                f"A search found a plan that is {format_cents(gain_cents)} cheaper; its changes "
                f"are not worth it ({format_cents(price_cents)} and the least gain of "
                f"{format_cents(options.gain_cents)}).",
            )
    if found is not None and taken is old:
        # The search knows better than an older one why the same stops are left out.
        newer = {left.stop_id: left for left in found.unassigned}
        unassigned = tuple(newer.get(left.stop_id, left) for left in old.unassigned)
        taken = replace(old, unassigned=unassigned)
    full = with_left_out(rest, replace(taken, notes=(*taken.notes, *note)))
    return Decision(
        plan=full,
        searched=found is not None,
        adopted=taken is found,
        runs=found.runs if found is not None else (),
        before=figures(day, rest, with_left_out(rest, old)),
        after=figures(day, rest, full),
        changes=_changes(day, rest, full, options),
    )


def worth_publishing(day: Day, decision: Decision) -> bool:
    """Tell whether a decision says anything that the current plan does not."""
    base = day.plan
    if base is None or decision.changes or (decision.searched and day.since_plan):
        # What a search has weighed is put on record, or every later event would ask for the same search again.
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
