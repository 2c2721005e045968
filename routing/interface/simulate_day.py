"""Simulate a day with the real dispatcher: its log, its plans, and what they were worth in the hidden world.

The first plan is made once for a scenario and driven by every policy; from then on each policy's dispatcher hears the
day's events through a log of its own, which can be replayed as any day's.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from routing.events.day import FAILED
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import DayStarted, Event
from routing.interface.day_roads import NETWORK, input_name
from routing.interface.dispatcher import Dispatcher, first_plan
from routing.interface.plan_day import PREFIX, Budget, Publication, document_name
from routing.interface.traffic import parse_traffic
from routing.network.road_network import RoadNetwork
from routing.network.save import save_network
from routing.plan.model import Plan
from routing.problem.model import Objective
from routing.replan.replan import Decider, decide
from routing.simulate.calibration import Calibration, Told, judged
from routing.simulate.metrics import DayFigures, figures_of
from routing.simulate.record import DayRecord, Latency
from routing.simulate.run import run_day
from routing.simulate.scenario import Scenario
from routing.simulate.world import World, make_world
from routing.store.sqlite_log import SqliteLog, create_log, open_log

FIRST_ITERATIONS = 60_000
"""Of the search for the morning's plan: the same on every machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """Hold a scenario's world and the plan that every policy begins with."""

    world: World
    started: DayStarted
    first: Publication
    blobs: Mapping[str, bytes]
    """What stands beside a log of this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Hold a simulated day: how it went, its figures, and how long each decision took."""

    record: DayRecord
    figures: DayFigures
    latencies: tuple[Latency, ...]
    chances: Calibration
    """How far the chances that plans told came true,"""
    kept_chances: Calibration
    """and those of visits whose orders stayed as they were when it was told."""


def begin_morning(
    network: RoadNetwork,
    scenario: Scenario,
    options: ReplanOptions,
    *,
    contents: Mapping[str, bytes] | None = None,
    objective: Objective | None = None,
    iterations: int = FIRST_ITERATIONS,
) -> Morning:
    """Return the world of a scenario and its first plan.

    `contents` are files of speeds by the names under which a day keeps them.
    """
    contents = contents or {}
    day = date.fromisoformat(scenario.date)
    traffic = parse_traffic(contents, day=day, time_zone=scenario.time_zone)
    world = make_world(network, traffic.metric(network, date=day, time_zone=scenario.time_zone), scenario)
    saved = io.BytesIO()
    save_network(network, saved)
    started = DayStarted(
        id=f"{PREFIX}day",
        known_at_s=scenario.midnight_s,
        effective_at_s=scenario.midnight_s,
        date=scenario.date,
        time_zone=scenario.time_zone,
        stops=tuple(each.stop for each in world.customers.values() if each.added_s is None),
        vehicles=world.vehicles,
        objective=objective or Objective(),
        network_sha256=hashlib.sha256(saved.getvalue()).hexdigest(),
        replan=options,
        inputs=tuple((name, hashlib.sha256(data).hexdigest()) for name, data in contents.items()),
        access_walk=world.access_walk,
    )
    _, first = first_plan(started, network, traffic, Budget(iterations=iterations))
    return Morning(
        world=world,
        started=started,
        first=first,
        blobs={
            NETWORK: saved.getvalue(),
            document_name(first.event.version): first.document,
            **{input_name(name): data for name, data in contents.items()},
        },
    )


def simulate(
    morning: Morning,
    log_file: Path,
    *,
    decider: Decider = decide,
    decides: bool = True,
    options: ReplanOptions | None = None,
    budget: Budget | None = None,
    on_decision: Callable[[int], None] | None = None,
) -> Simulated:
    """Run a day under one policy over a new log file; `options` take the place of those that the morning had."""
    started = replace(morning.started, replan=options) if options is not None else morning.started
    create_log(log_file, (started, morning.first.event), blobs=morning.blobs)
    with open_log(log_file) as log:
        operator = _Office(log, morning, decider, budget or Budget(), on_decision)
        record = run_day(morning.world, operator, decides=decides)
        told = [each for event in log.events() if isinstance(event, PlanPublished) for each in _told(log, event)]
    return Simulated(
        record=record,
        figures=figures_of(morning.world, record, started.objective),
        latencies=tuple(operator.latencies),
        chances=judged(told, record, kept_only=False),
        kept_chances=judged(told, record, kept_only=True),
    )


def _told(log: SqliteLog, plan: PlanPublished) -> Iterator[Told]:
    """Yield what a plan's document says of the visits to come."""
    for route in json.loads(log.blob(document_name(plan.version)))["routes"]:
        before: list[str] = []
        for visit in route["visits"]:
            chances = visit.get("chances")
            if chances is not None:
                yield Told(
                    at_s=plan.known_at_s,
                    vehicle_id=route["vehicle_id"],
                    stop_id=visit["stop_id"],
                    before=tuple(before),
                    on_time=chances["on_time"] if visit["windows"] else None,
                    p10_s=int(datetime.fromisoformat(chances["start_p10"]).timestamp()),
                    p90_s=int(datetime.fromisoformat(chances["start_p90"]).timestamp()),
                )
            before.append(visit["stop_id"])


class _Office:
    """Let a dispatcher decide over its log, and take its times."""

    def __init__(
        self,
        log: SqliteLog,
        morning: Morning,
        decider: Decider,
        budget: Budget,
        on_decision: Callable[[int], None] | None,
    ) -> None:
        self._first = morning.first.event
        self._repaired_s: float | None = None
        self._on_decision = on_decision
        self._dispatcher = Dispatcher(log, budget=replace(budget, on_repaired=self._note_repaired), decider=decider)
        self.latencies: list[Latency] = []

    def begin(self) -> PlanPublished:
        """Return the plan of the morning."""
        return self._first

    def hear(self, events: Sequence[Event], now_s: int) -> PlanPublished | None:
        """Post what is known and return the plan that is published, if any."""
        began_s, self._repaired_s = time.perf_counter(), None
        outcome = self._dispatcher.post(events, now_s=now_s)
        whole_s = time.perf_counter() - began_s
        plan = outcome.plans[-1] if outcome.plans else None
        self.latencies.append(
            Latency(
                at_s=now_s,
                events=len(events),
                kinds=tuple(sorted({event.TYPE for event in events})),
                repaired_s=None if self._repaired_s is None else self._repaired_s - began_s,
                published_s=None if plan is None else whole_s,
                whole_s=whole_s,
            )
        )
        if self._on_decision is not None:
            self._on_decision(now_s)
        return plan

    def given_up(self) -> frozenset[str]:
        """Return the stops that have failed for good."""
        return frozenset(stop.stop.id for stop in self._dispatcher.day.in_state(FAILED))

    def _note_repaired(self, plan: Plan) -> None:
        if self._repaired_s is None:
            self._repaired_s = time.perf_counter()
