"""Solve a problem: search, give true times, repair, and say what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from routing.errors import InputError
from routing.plan.cost import plan_cost
from routing.plan.engines.interface import Found, Instance
from routing.plan.engines.interface import Orders as IndexOrders
from routing.plan.engines.registry import CARRIES, EngineName, part_of
from routing.plan.engines.worker import DEAF, Search, engine_is_ready, prepare, run_searches, seconds
from routing.plan.finish import finished
from routing.plan.insert import add_quickly, add_unassigned
from routing.plan.instance import build_instance, committed_orders
from routing.plan.model import Cost, EngineRun, Plan, Route
from routing.plan.needs import needs, not_carried
from routing.plan.options import SolveOptions
from routing.plan.price import Orders
from routing.plan.repair import checked, hold_bounds, known_orders, missing_ids, repaired, searched_stops
from routing.plan.rounds import INSERTION, READY, Round, rounds_of, search_span_s
from routing.plan.schedule import Clock, schedule
from routing.plan.telling import NamedOrders, Teller
from routing.problem.model import Problem, Stop, Vehicle
from routing.problem.validate import validate

SEED_STEP = 1_000
"""Between the seeds of searches side by side; the rounds of one search count on by ones."""

CANCELLED = "cancelled"
POLL_S = 0.25
"""Between two looks whether an engine is compiled."""
LOAD_S = 2.5
"""A process that is not ready so long after it was asked to load an engine must be compiling it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """Hold orders that keep every bound under true times, with their routes and cost."""

    orders: Orders
    routes: tuple[Route, ...]
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """Hold what every round of a solve needs."""

    clock: Clock
    committed: Mapping[str, Sequence[str]]
    stops: tuple[Stop, ...]
    """Those that an engine knows, in the order of their indices: all that it shall place, and where routes must be
    walked the committed ones, too."""

    @classmethod
    def of(cls, clock: Clock) -> _Task:
        committed = committed_orders(clock)
        stops = searched_stops(clock.problem)
        if not clock.plain:
            known = {stop.id for stop in stops}.union(*committed.values())
            stops = tuple(stop for stop in clock.problem.stops if stop.id in known)
        return cls(clock=clock, committed=committed, stops=stops)

    @property
    def problem(self) -> Problem:
        return self.clock.problem

    def skipped(self, vehicle: Vehicle) -> int:
        """Return how many visits of a vehicle no engine knows."""
        return len(self.committed[vehicle.id]) if self.clock.plain else 0

    def given(self, options: SolveOptions) -> _Proposal:
        """Return the plan to start from; where none is given nothing is added, since the engine does it better."""
        orders = known_orders(self.clock, options.initial, self.committed, self.stops)
        if any(stop_ids for _, stop_ids in options.initial):
            orders = repaired(self.clock, orders, self.committed, self.stops)
        return self.settle(orders)

    def inserted(self, orders: Mapping[str, Sequence[str]]) -> _Proposal:
        """Return the plan that insertions make of orders at once."""
        return self.settle(repaired(self.clock, orders, self.committed, self.stops))

    def indices(self, orders: Orders) -> IndexOrders:
        index = {stop_id: number for number, stop_id in enumerate(self.halt_ids())}
        return tuple(
            tuple(index[stop_id] for stop_id in orders[vehicle.id][self.skipped(vehicle) :])
            for vehicle in self.problem.vehicles
        )

    def named(self, found: IndexOrders) -> Orders:
        halt_ids = self.halt_ids()
        return {
            vehicle.id: (*self.committed[vehicle.id][: self.skipped(vehicle)], *(halt_ids[index] for index in order))
            for vehicle, order in zip(self.problem.vehicles, found, strict=True)
        }

    def halt_ids(self) -> list[str]:
        """Return the ids of stops and depots in the order of their indices."""
        return [stop.id for stop in self.stops] + [depot.id for depot in self.problem.depots]

    def missing(self, orders: Orders) -> list[str]:
        return missing_ids(self.problem.stops, orders)

    def unplaced(self) -> tuple[int, int]:
        """Return how many stops no engine is asked to place, and what that costs in cents."""
        asked = {stop.id for stop in self.stops}.union(*self.committed.values())
        left = [stop.id for stop in self.problem.stops if stop.id not in asked]
        return len(left), plan_cost(self.problem, (), left).total_cents

    def propose(self, orders: NamedOrders) -> _Proposal:
        """Return what becomes of orders under true times: late stops are taken out and added where they fit."""
        held = hold_bounds(self.clock, orders, self.committed)
        planned = {stop_id for order in held.values() for stop_id in order}
        dropped = [each for order in orders.values() for each in order if each in self.clock.stops.keys() - planned]
        return self.settle(add_quickly(self.clock, held, self.committed, dropped) if dropped else held)

    def settle(self, orders: Orders) -> _Proposal:
        routes = schedule(self.problem, orders, self.clock)
        return _Proposal(orders=orders, routes=routes, cost=plan_cost(self.problem, routes, self.missing(orders)))


def solve(problem: Problem, options: SolveOptions | None = None) -> Plan:
    """Return the best plan found within the options' budget; it holds, and what it leaves out has a reason.

    A time limit counts from the call, without the loading of the engine. Where the engine must be compiled first,
    OR-Tools searches meanwhile, and what it cannot carry is priced when its plan is done; what it would break it is
    not given: then the limit counts from when the engine is compiled, and a note says so. InputError with every fault
    of the problem; SolveError where an engine dies.
    """
    options, began_s = options or SolveOptions(), seconds()
    issues = (*validate(problem), *not_carried(problem, options.engine))
    if issues:
        raise InputError(issues)
    limit_s = None if options.replay or options.iterations is not None else options.time_limit_s
    clock = Clock(problem)
    if limit_s is not None:
        prepare(part_of(options.engine, walked=not clock.plain))
    task = _Task.of(clock)
    committed = task.committed
    given = best = task.given(options)
    teller = Teller(options.on_progress, lambda orders: task.propose(orders).cost, task.unplaced(), began_s)
    first, ready, waited_s, runs = _begin(task, options, given, teller, timed=limit_s is not None)
    ends_s = None if limit_s is None else began_s + waited_s + limit_s
    rounds = rounds_of(problem, options, ready=ready) if task.stops else []
    if rounds and (rounds[0].engine == EngineName.ORTOOLS or runs):
        best = first
    if runs and runs[-1].stopped_by == CANCELLED:
        rounds = []
    still_gaining, settling_s = False, 0.0
    for each in rounds:
        if each.silent:
            continue
        # Another engine's plan would cool the first search of this one; it stays where nothing better is found.
        start = best if runs and runs[-1].engine == each.engine else given
        instance = build_instance(clock, task.stops, committed, best.routes)
        span_s = None if ends_s is None else search_span_s(each.shares, ends_s - seconds(), settling_s)
        if runs and span_s == 0:
            break
        searches = _searches(each, options, span_s, instance, task.indices(start.orders))
        every = _run_all(task, each, options, searches, teller)
        searched_s = seconds()
        proposals = [task.propose(task.named(found.orders)) for found in every]
        winner = proposals.index(_cheapest(*proposals))
        best = _cheapest(best, proposals[winner])
        made = sum(found.iterations for found in every)
        teller.settle(each.engine, made, best.cost, best.orders, len(task.missing(best.orders)))
        runs.append(_run(searches[winner], every[winner]))
        still_gaining = every[winner].last_gain > 0.9 * every[winner].iterations
        settling_s = seconds() - searched_s
        if runs[-1].stopped_by == CANCELLED or (each.bridge and not options.replay and runs[-1].stopped_by != READY):
            break
    # What is repeated must become the same plan with the same words, so the record says how it ended.
    record = options.replay or tuple(runs)
    if record and record[-1].stopped_by == CANCELLED and missing_ids(task.stops, best.orders):
        best = _cheapest(best, task.inserted(best.orders))
    orders, left = add_unassigned(clock, best.orders, committed, missing_ids(task.stops, best.orders))
    plan = finished(clock, orders, left)
    return checked(
        problem, replace(plan, runs=tuple(runs), notes=(*_notes(problem, options, record, still_gaining), *plan.notes))
    )


def _cheapest(*proposals: _Proposal) -> _Proposal:
    return min(proposals, key=lambda proposal: proposal.cost.total_cents)


def _begin(
    task: _Task, options: SolveOptions, given: _Proposal, teller: Teller, *, timed: bool
) -> tuple[_Proposal, bool, float, list[EngineRun]]:
    """Return the first plan, whether the engine is ready, how many seconds of loading that took, and a record of it.

    Insertions make a plan at once where the engine has none for a while: OR-Tools may take seconds to its first one,
    and an engine that is not loaded yet takes longer. Where routes must be walked nothing is inserted before the
    search; the record is empty unless its engine was waited for.
    """
    if not task.stops:
        return given, True, 0.0, []
    slow = (options.replay[0].engine if options.replay else options.engine) == EngineName.ORTOOLS
    if not task.clock.plain:
        seconds_waited, waited = _await_kernel(options, timed=timed and not slow)
        return given, True, seconds_waited, waited
    late = slow or (timed and not engine_is_ready(options.engine))
    first = _cheapest(given, task.inserted(given.orders)) if late else given
    if any(first.orders.values()):
        teller.settle(INSERTION, 0, first.cost, first.orders, len(task.missing(first.orders)))
    if slow or not late:  # OR-Tools is only loaded, never compiled
        return first, True, 0.0, []
    began_s = seconds()
    ready = engine_is_ready(options.engine, LOAD_S)
    return first, ready, seconds() - began_s if ready else 0.0, []


def _await_kernel(options: SolveOptions, *, timed: bool) -> tuple[float, list[EngineRun]]:
    """Wait for the kernel of walked routes; return the seconds and, where it was compiled meanwhile, a record of it.

    Insertions are no bridge: they walk routes one by one, slower than what they would bridge.
    """
    waited = [run for run in options.replay[:1] if run.engine == INSERTION]
    part, began_s, wait_s = part_of(options.engine, walked=True), seconds(), LOAD_S
    if not timed or engine_is_ready(part, LOAD_S):
        return seconds() - began_s, waited
    cancelled = options.cancelled or _never
    while not cancelled() and not engine_is_ready(part, wait_s):
        wait_s += POLL_S
    ended = CANCELLED if cancelled() else READY
    return seconds() - began_s, [EngineRun(engine=INSERTION, seed=options.seed, iterations=0, stopped_by=ended)]


def _searches(
    each: Round, options: SolveOptions, span_s: float | None, instance: Instance, start: IndexOrders
) -> list[Search]:
    """Return the searches of a round, which differ in their seeds."""
    search = Search(
        engine=each.engine,
        instance=instance,
        start=start,
        seed=each.seed,
        iterations=each.iterations,
        time_limit_s=span_s,
        patience_iterations=None if options.replay or each.bridge else options.patience_iterations,
        pace=each.pace,
        watched=each.engine in DEAF or options.on_progress is not None or options.cancelled is not None,
    )
    workers = 1 if options.replay or each.bridge else options.workers
    return [replace(search, seed=search.seed + SEED_STEP * worker) for worker in range(workers)]


def _run_all(
    task: _Task, each: Round, options: SolveOptions, searches: Sequence[Search], teller: Teller
) -> tuple[Found, ...]:
    """Return what the searches of a round find; one that bridges a compilation ends as soon as that is done."""
    cancelled = options.cancelled or _never
    hear = partial(teller.hear, each.engine, task.named)
    if not each.bridge:
        return run_searches(searches, hear, cancelled)
    # The first process is the one that compiles.
    part = part_of(options.engine, walked=not task.clock.plain)
    every = run_searches(searches, hear, lambda: cancelled() or engine_is_ready(part), 1)
    ready = not cancelled() and engine_is_ready(part)
    return tuple(replace(found, stopped_by=READY) if ready else found for found in every)


def _never() -> bool:
    return False


def _run(search: Search, found: Found) -> EngineRun:
    return EngineRun(
        engine=str(search.engine),
        seed=search.seed,
        iterations=found.iterations,
        stopped_by=found.stopped_by,
        pace=found.pace if found.stopped_by != "iterations" else (),
    )


def _notes(problem: Problem, options: SolveOptions, record: Sequence[EngineRun], still_gaining: bool) -> list[str]:
    notes = []
    if record and record[0].engine == INSERTION:
        notes.append(f"The search waited until {options.engine} was compiled, as it is once.")
    elif record and record[-1].engine != options.engine:
        bridge = record[-1].engine
        notes.append(f"{bridge} made this plan: {options.engine} was still being compiled, as it is once.")
        carried = CARRIES[EngineName(bridge)]
        notes += [f"{bridge} searched without {missed}." for missed in needs(problem) if missed not in carried]
    if record and record[-1].stopped_by == CANCELLED:
        notes.append("The search was interrupted: this is the best plan that it had found.")
    elif still_gaining:
        notes.append("The search was still finding better plans when its budget ended.")
    return notes
