"""Plan a day again: from the log so far to the next published plan, and nothing else.

Everything here follows from the events, the roads, the plan before, and the seed and iterations of the engines; so a
plan can be computed again, byte for byte, from the log alone.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from routing.errors import SolveError
from routing.events.day import Day
from routing.events.published import PlanPublished, PublishedRoute
from routing.events.types import DayStarted
from routing.export.document import PlanContext, document_bytes
from routing.interface.day_document import day_document
from routing.interface.traffic import Traffic, is_traffic, parse_traffic
from routing.network.location import Location
from routing.network.road_network import RoadNetwork
from routing.network.save import load_network
from routing.plan.model import Plan
from routing.plan.options import Progress, SolveOptions
from routing.plan.solve import solve
from routing.problem.model import Travel
from routing.replan.assess import assess
from routing.replan.compare import reason_in_words
from routing.replan.progress import Lines
from routing.replan.remaining import Remaining, remaining
from routing.replan.replan import Decision, decide, worth_publishing
from routing.travel.apply import apply_conditions, matches
from routing.travel.conditions import Closure, Condition
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel
from routing.travel.where import Places

PREFIX = "routing:"
"""Begins the ids of our own events, so that they meet no other's."""
NETWORK = "network"
"""Name of the saved road network beside the log, so that a day's file stands alone."""
START, EVENT, RETIME, REPLAN = "start", "event", "retime", "replan"
"""What asks for a plan: the day's beginning, news, news without a search, a search in any case."""


KEPT_METRICS = 4
"""Metrics of earlier conditions that are kept: news often leaves them as they are."""


class Roads:
    """Hold a day's road network and make its metric under the conditions in force."""

    def __init__(self, network: RoadNetwork, started: DayStarted, traffic: Traffic) -> None:
        self.network = network
        self._radius_m = started.radius_m
        self.weather = traffic.weather
        day = date.fromisoformat(started.date)
        self._base = traffic.metric(network, date=day, time_zone=started.time_zone)
        self.places = Places(network)
        self._derived: dict[tuple[Condition, ...], Metric] = {(): self._base}
        self._travel: RoadTravel | None = None

    @classmethod
    def of_day(cls, started: DayStarted, blob: Callable[[str], bytes]) -> Roads:
        """Return the roads of a day from what is kept beside its log, by name."""
        contents = {name: blob(input_name(name)) for name, _ in started.inputs if is_traffic(name)}
        traffic = parse_traffic(contents, day=date.fromisoformat(started.date), time_zone=started.time_zone)
        return cls(load_network(io.BytesIO(blob(NETWORK))), started, traffic)

    def travel(
        self, conditions: tuple[Condition, ...], places: tuple[Location, ...], horizon_s: tuple[int, int]
    ) -> Travel:
        """Return travel between places under conditions."""
        if conditions not in self._derived:
            if len(self._derived) > KEPT_METRICS:
                self._derived = {(): self._base}
            self._derived[conditions] = apply_conditions(
                self.network, self._base, conditions, places=self.places, weather=self.weather
            )
        metric = self._derived[conditions]
        self._travel = RoadTravel(
            self.network, metric, places, radius_m=self._radius_m, horizon_s=horizon_s, base=self._travel
        )
        return self._travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bound a search; both None: as the day's options say."""

    time_limit_s: float | None = None
    iterations: int | None = None
    workers: int = 1
    on_progress: Callable[[Progress], None] | None = field(default=None, compare=False)
    cancelled: Callable[[], bool] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Hold a plan to be published: its event and its document."""

    event: PlanPublished
    document: bytes


def plan_day(
    day: Day,
    roads: Roads,
    *,
    request: str,
    now_s: int,
    lines: Lines,
    versions: tuple[tuple[str, str], ...],
    budget: Budget | None = None,
    recorded: PlanPublished | None = None,
) -> Publication | None:
    """Return the next plan of a day at an instant, None where the current one says all there is to say.

    With `recorded` the search is repeated as that plan's was: same seed, same iterations, or none.
    """
    conditions = day.conditions()
    not_closed = tuple(each for each in conditions if not isinstance(each, Closure))
    rest = remaining(
        day,
        now_s,
        lines,
        lambda places, horizon_s: roads.travel(conditions, places, horizon_s),
        (lambda places, horizon_s: roads.travel(not_closed, places, horizon_s)) if not_closed != conditions else None,
    )
    options = day.started.replan
    assessment = assess(day, rest, options)
    wanted = request in (START, REPLAN) or (request == EVENT and bool(assessment.causes))
    if recorded is not None:
        wanted = recorded.searched
    search = None
    if wanted and rest.problem.vehicles:
        patience = options.patience_iterations if request == EVENT else None
        search = partial(_search, day, budget or Budget(), recorded, patience)
    failure = recorded.failure if recorded else ""
    try:
        decision = decide(day, rest, assessment, options, search)
    except SolveError as error:
        if request == START:
            raise
        # The day goes on with the old orders and their new times.
        decision = decide(day, rest, assessment, options, None)
        failure = str(error).splitlines()[0]
    if failure:
        note = f"The search failed, the old orders stay: {failure}"
        decision = replace(decision, plan=replace(decision.plan, notes=(*decision.plan.notes, note)))
    if request != START and recorded is None and not worth_publishing(day, decision):
        return None
    found = _publication(day, roads, rest, decision, request=request, now_s=now_s, versions=versions)
    return replace(found, event=replace(found.event, failure=failure))


def lines_of(document: bytes) -> Lines:
    """Return the lines of a published plan's legs, by vehicle."""
    content = json.loads(document)
    return {route["vehicle_id"]: [leg["geometry"] for leg in route["legs"]] for route in content["routes"]}


def input_name(name: str) -> str:
    """Return the name under which the bytes of one of a day's inputs are kept beside the log."""
    return f"input/{name}"


def document_name(version: int) -> str:
    """Return the name under which a plan's document is kept beside the log."""
    return f"plan/{version}"


def _search(day: Day, budget: Budget, recorded: PlanPublished | None, patience: int | None, rest: Remaining) -> Plan:
    options = day.started.replan
    iterations = budget.iterations
    time_limit_s = budget.time_limit_s
    if iterations is None and time_limit_s is None:
        iterations, time_limit_s = options.iterations, options.time_limit_s
    found = solve(
        rest.problem,
        SolveOptions(
            time_limit_s=time_limit_s,
            iterations=iterations,
            patience_iterations=None if iterations is not None else patience,
            seed=options.seed,
            replay=recorded.runs if recorded else (),
            initial=tuple(rest.orders.items()),
            workers=budget.workers,
            on_progress=budget.on_progress,
            cancelled=None if recorded else budget.cancelled,
        ),
    )
    # The record says what ended the first search; a repeated one is ended by its iterations.
    return replace(found, runs=recorded.runs) if recorded else found


def _publication(
    day: Day,
    roads: Roads,
    rest: Remaining,
    decision: Decision,
    *,
    request: str,
    now_s: int,
    versions: tuple[tuple[str, str], ...],
) -> Publication:
    base, network, started = day.plan, roads.network, day.started
    version = 1 if base is None else base.version + 1
    unmatched = [
        match.condition_id for match in matches(network, day.conditions(), places=roads.places) if match.arcs == 0
    ]
    warnings = (*started.warnings, *(f"Event {key} names no road of the map and changes nothing." for key in unmatched))
    reason = reason_in_words(day, base, decision.before, decision.after, decision.changes, adopted=decision.adopted)
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
    figures = (decision.before, decision.after)
    document = document_bytes(day_document(day, rest, plan, context=context, reason=reason, figures=figures))
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
        runs=decision.runs,
        before=decision.before,
        after=decision.after,
        changes=decision.changes,
        versions=versions,
        document_sha256=hashlib.sha256(document).hexdigest(),
    )
    return Publication(event=event, document=document)


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
