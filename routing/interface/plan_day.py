"""Plan a day again: from the log so far to the next published plan, and nothing else.

Everything here follows from the events, the roads, the plan before, and the seed and iterations of the engines; so a
plan can be computed again, byte for byte, from the log alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from routing.errors import SolveError
from routing.events.day import Day
from routing.events.published import PlanProposed, PlanPublished, PublishedRoute
from routing.export.document import PlanContext, document_bytes
from routing.interface.day_document import day_document
from routing.interface.day_reasons import with_reasons
from routing.interface.day_remaining import remaining_of
from routing.interface.day_roads import Roads, worlds_of
from routing.plan.model import Plan
from routing.plan.options import Progress, SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.replan.assess import assess
from routing.replan.by_hand import unheld
from routing.replan.causes import explained
from routing.replan.compare import reason_in_words
from routing.replan.progress import Lines
from routing.replan.promises import promises
from routing.replan.remaining import Remaining
from routing.replan.replan import Decider, Decision, Planner, Question, accept, decide, worth_publishing
from routing.replan.transfers import with_transfers
from routing.travel.apply import matches

PREFIX = "routing:"
"""Begins the ids of our own events, so that they meet no other's."""
START, EVENT, RETIME, REPLAN = "start", "event", "retime", "replan"
"""What asks for a plan: the day's beginning, news, news without a search, a search in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bound a search; both None: as the day's options say."""

    time_limit_s: float | None = None
    iterations: int | None = None
    workers: int = 1
    on_progress: Callable[[Progress], None] | None = field(default=None, compare=False)
    on_repaired: Callable[[Plan], None] | None = field(default=None, compare=False)
    """Told of the first plan after news that holds, which repair makes at once, before the search goes on from it."""
    cancelled: Callable[[], bool] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Hold a plan to be published: its event and its document."""

    event: PlanPublished
    document: bytes
    lines: Lines = field(compare=False)
    """Those of the document, see `lines_of`."""


def plan_day(
    day: Day,
    roads: Roads,
    *,
    request: str,
    now_s: int,
    lines: Lines,
    versions: tuple[tuple[str, str], ...],
    budget: Budget | None = None,
    decider: Decider = decide,
    recorded: PlanPublished | None = None,
) -> Publication | None:
    """Return the next plan of a day at an instant, None where the current one says all there is to say.

    The old orders are timed anew; where it may pay they are repaired, and a search goes on from there; what stands in
    the end is for `decider` to say, or for the dispatcher who has accepted a proposal. With `recorded` the search is
    repeated as that plan's was: same seed, same iterations, or none.
    """
    rest = remaining_of(day, roads, now_s=now_s, lines=lines)
    assessment = assess(day, rest, day.started.replan)
    wanted = request in (START, REPLAN) or (request == EVENT and bool(assessment.causes))
    if recorded is not None:
        wanted = recorded.searched or bool(recorded.failure)
    planner = None
    if (request != RETIME or day.accepted is not None) and rest.problem.vehicles:
        planner = _planner(day, request, budget or Budget(), recorded)
    as_is = rest
    if planner is not None and day.plan is not None and (wanted or day.accepted is not None):
        rest = with_transfers(day, rest)
    question = Question(day=day, rest=rest, as_is=as_is, assessment=assessment, wanted=wanted, planner=planner)
    decision = decider(question) if day.accepted is None else accept(question)
    notes = unheld(day, decision.rest.problem, decision.plan)
    if day.proposal is not None:
        notes = (*notes, f"{day.proposal.id} waits for the dispatcher's word.")
    decision = replace(decision, plan=replace(decision.plan, notes=(*decision.plan.notes, *notes)))
    if request != START and recorded is None and not worth_publishing(day, decision):
        return None
    if day.started.replan.draws:
        changes = explained(day, decision.rest, assessment.plan, decision.plan, decision.changes)
        decision = replace(decision, changes=changes)
    return _publication(day, roads, decision, request=request, now_s=now_s, versions=versions)


def _planner(day: Day, request: str, budget: Budget, recorded: PlanPublished | None) -> Planner:
    """Return what repairs and searches within a budget, or as a recorded plan's search did."""

    def repaired(rest: Remaining) -> Plan:
        plan = repair(rest.problem, tuple(rest.orders.items()))
        if budget.on_repaired is not None:
            budget.on_repaired(plan)
        return plan

    def searched(rest: Remaining, start: Plan | None) -> Plan:
        if recorded is not None and recorded.failure:
            raise SolveError(recorded.failure)
        orders = rest.orders if start is None else start.orders()
        found = solve(rest.problem, _search_options(day, request, budget, orders, recorded))
        # The record says what ended the first search; a repeated one is ended by its iterations.
        return replace(found, runs=recorded.runs) if recorded else found

    return Planner(repair=repaired, search=searched)


def _search_options(
    day: Day, request: str, budget: Budget, orders: Mapping[str, tuple[str, ...]], recorded: PlanPublished | None
) -> SolveOptions:
    options = day.started.replan
    iterations, time_limit_s = budget.iterations, budget.time_limit_s
    if iterations is None and time_limit_s is None:
        iterations, time_limit_s = options.iterations, options.time_limit_s
    patience = options.patience_iterations if request == EVENT and iterations is None else None
    return SolveOptions(
        time_limit_s=time_limit_s,
        iterations=iterations,
        patience_iterations=patience,
        seed=options.seed,
        replay=recorded.runs if recorded else (),
        initial=tuple(orders.items()),
        workers=budget.workers,
        on_progress=budget.on_progress,
        cancelled=None if recorded else budget.cancelled,
    )


def lines_of(document: bytes) -> Lines:
    """Return the lines of a published plan's legs, by vehicle."""
    content = json.loads(document)
    return {route["vehicle_id"]: [leg["geometry"] for leg in route["legs"]] for route in content["routes"]}


def proposal_name(proposal_id: str) -> str:
    """Return the name under which a proposal's document is kept beside the log."""
    return f"proposal/{proposal_id}"


def document_name(version: int) -> str:
    """Return the name under which a plan's document is kept beside the log."""
    return f"plan/{version}"


def _publication(
    day: Day,
    roads: Roads,
    decision: Decision,
    *,
    request: str,
    now_s: int,
    versions: tuple[tuple[str, str], ...],
) -> Publication:
    base, network, started, rest = day.plan, roads.network, day.started, decision.rest
    version = 1 if base is None else base.version + 1
    unmatched = [
        match.condition_id for match in matches(network, day.conditions(), places=roads.places) if match.arcs == 0
    ]
    warnings = (*started.warnings, *(f"Event {key} names no road of the map and changes nothing." for key in unmatched))
    reason = reason_in_words(
        day,
        base,
        decision.before,
        decision.after,
        decision.changes,
        adopted=decision.adopted,
        transfers=rest.transfers,
    )
    context = PlanContext(
        date=date.fromisoformat(started.date),
        version=version,
        created_for_s=now_s,
        profile=network.profile.name,
        map_source=network.source,
        map_sha256=network.source_sha256,
        map_attribution=network.attribution,
        inputs=started.inputs,
        seed=started.replan.seed,
        versions=versions,
        warnings=warnings,
    )
    plan = replace(decision.plan, runs=decision.runs)
    figures, given = (decision.before, decision.after), promises(day, plan)
    told = day_document(day, rest, plan, context=context, reason=reason, figures=figures, promises=given)
    if started.replan.draws:
        told = with_reasons(told, day, rest, plan, decision.changes, worlds_of(day, roads))
    document = document_bytes(told)
    event = PlanPublished(
        id=f"{PREFIX}plan-{version}",
        known_at_s=now_s,
        effective_at_s=now_s,
        version=version,
        base_version=None if base is None else base.version,
        request=request,
        reason=reason,
        routes=published_routes(rest, plan),
        unassigned=tuple((left.stop_id, left.reason, left.detail) for left in plan.unassigned),
        on_board=tuple(rest.on_board.items()),
        seed=started.replan.seed,
        searched=decision.searched,
        adopted=decision.adopted,
        failure=decision.failure,
        runs=decision.runs,
        before=decision.before,
        after=decision.after,
        changes=decision.changes,
        promises=given,
        transfers=rest.transfers,
        versions=versions,
        document_sha256=hashlib.sha256(document).hexdigest(),
    )
    lines = {route.vehicle_id: [leg.geometry for leg in route.legs] for route in told.routes}
    return Publication(event=event, document=document, lines=lines)


def proposal_of(day: Day, found: Publication) -> PlanProposed:
    """Return the event that proposes a plan instead of publishing it."""
    number = 1 + sum(isinstance(event, PlanProposed) for event in day.seen.values())
    at_s = found.event.known_at_s
    return PlanProposed(id=f"{PREFIX}proposal-{number}", known_at_s=at_s, effective_at_s=at_s, plan=found.event)


def published_routes(rest: Remaining, plan: Plan) -> tuple[PublishedRoute, ...]:
    """Return every vehicle that is out or will leave: what it is taken to have done, and what remains."""
    routes = {route.vehicle_id: route for route in plan.routes}
    published = []
    for vehicle_id, each in rest.progress.items():
        route = routes.get(vehicle_id)
        if route is None and not each.left and not each.assumed:
            continue
        stands_s = each.last_s if each.activity == "returned" else each.free_s
        published.append(
            PublishedRoute(
                vehicle_id=vehicle_id,
                left=each.left,
                start=each.location,
                start_s=route.start_s if route else stands_s,
                end_s=route.end_s if route else stands_s,
                assumed=each.assumed,
                visits=route.visits if route else (),
            )
        )
    return tuple(published)
