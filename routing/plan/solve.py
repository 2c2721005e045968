"""Solve a problem: search, give true times, repair, and say what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.errors import InputError
from routing.plan.cost import plan_cost
from routing.plan.engines.interface import Found
from routing.plan.engines.worker import Report, Search, run_searches, seconds
from routing.plan.finish import finished
from routing.plan.insert import Orders, add_quickly, add_unassigned
from routing.plan.instance import build_instance, committed_visits
from routing.plan.model import EngineRun, Plan, Route
from routing.plan.options import Progress, SolveOptions
from routing.plan.repair import checked, hold_bounds, known_orders, missing_ids, repaired, searched_stops
from routing.plan.schedule import Clock, schedule
from routing.problem.model import Problem, Stop
from routing.problem.validate import validate

ROUND_SHARES = (0.6, 0.25, 0.15)
"""How the budget is split where times change through the day; one round is enough where they do not."""

SEED_STEP = 1_000
"""Between the seeds of searches side by side; the rounds of one search count on by ones."""

DEFAULT_ITERATIONS = 50_000
"""Where neither seconds nor iterations bound the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """Hold orders that keep every bound under true times, with their routes and cost."""

    orders: Orders
    routes: tuple[Route, ...]
    cost_cents: int


def solve(problem: Problem, options: SolveOptions | None = None) -> Plan:
    """Return the best plan found within the options' budget; it holds, and what it leaves out has a reason.

    InputError with every fault of the problem; SolveError where an engine dies.
    """
    options = options or SolveOptions()
    counted = bool(options.replay) or options.iterations is not None
    ends_s = None if counted or options.time_limit_s is None else seconds() + options.time_limit_s
    issues = validate(problem)
    if issues:
        raise InputError(issues)
    clock = Clock(problem)
    committed = {vehicle.id: committed_visits(clock, vehicle) for vehicle in problem.vehicles}
    stops = searched_stops(problem)
    orders = known_orders(clock, options.initial, committed, stops)
    # From nothing the engine makes a better start, and sooner.
    given = any(stop_ids for _, stop_ids in options.initial)
    best = _settle(clock, repaired(clock, orders, committed, stops) if given else orders)
    runs: list[EngineRun] = []
    still_gaining = False
    settling_s = 0.0
    for number, (iterations, share) in enumerate(_rounds(problem, options) if stops else ()):
        span_s = None if ends_s is None else search_span_s(share, ends_s - seconds(), settling_s)
        if runs and (runs[-1].stopped_by == "cancelled" or span_s == 0):
            break
        search = Search(
            engine=options.engine,
            instance=build_instance(clock, stops, committed, best.routes),
            start=_indices(problem, stops, committed, best.orders),
            seed=options.replay[number].seed if options.replay else options.seed + number,
            iterations=iterations,
            time_limit_s=span_s,
            patience_iterations=None if options.replay else options.patience_iterations,
            pace=options.replay[number].pace if options.replay else (),
        )
        workers = 1 if options.replay else options.workers
        searches = [replace(search, seed=search.seed + SEED_STEP * worker) for worker in range(workers)]
        every = run_searches(searches, _reporter(options, runs), options.cancelled or _never)
        searched_s = seconds()
        proposals = [_propose(clock, _named(problem, stops, committed, found), committed) for found in every]
        winner = min(range(workers), key=lambda worker: proposals[worker].cost_cents)
        runs.append(_run(searches[winner], every[winner]))
        still_gaining = every[winner].last_gain > 0.9 * every[winner].iterations
        best = min(best, proposals[winner], key=lambda proposal: proposal.cost_cents)
        settling_s = seconds() - searched_s
    orders, left = add_unassigned(clock, best.orders, committed, missing_ids(stops, best.orders))
    plan = finished(clock, orders, left)
    gaining = ("The search was still finding better plans when its budget ended.",) if still_gaining else ()
    return checked(problem, replace(plan, runs=tuple(runs), notes=(*gaining, *plan.notes)))


def _never() -> bool:
    return False


def _rounds(problem: Problem, options: SolveOptions) -> list[tuple[int | None, Sequence[float]]]:
    """Return each round's iterations, None where seconds bound it, and the shares of it and of those after it."""
    if options.replay:
        return [(run.iterations, ()) for run in options.replay]
    changing = problem.travel.matrix.slice_start_s.size > 1 or options.engine == "ortools"
    shares = ROUND_SHARES if changing else (1.0,)
    counts: list[int | None] = [None] * len(shares)
    if options.iterations is not None or options.time_limit_s is None:
        wanted = DEFAULT_ITERATIONS if options.iterations is None else options.iterations
        later = [int(wanted * share) for share in shares[1:]]
        counts = [wanted - sum(later), *later]
    # So few iterations that nothing is left for a later round are not worth its settling.
    return [(count, shares[number:]) for number, count in enumerate(counts) if number == 0 or count != 0]


def search_span_s(shares: Sequence[float], left_s: float, settling_s: float) -> float:
    """Return the seconds that the first of the rounds to come may search, for all of them to end in what is left.

    After each search its orders get their true times, which takes `settling_s`. The last rounds are left out where
    they would settle for longer than they search; 0 where not even the first has time.
    """
    rounds = len(shares)
    while rounds > 1 and left_s < 2 * settling_s * rounds:
        rounds -= 1
    return max(0.0, left_s - settling_s * rounds) * shares[0] / sum(shares[:rounds])


def _indices(
    problem: Problem, stops: Sequence[Stop], committed: Mapping[str, Sequence[str]], orders: Orders
) -> tuple[tuple[int, ...], ...]:
    index = {stop.id: number for number, stop in enumerate(stops)}
    return tuple(
        tuple(index[stop_id] for stop_id in orders[vehicle.id][len(committed[vehicle.id]) :])
        for vehicle in problem.vehicles
    )


def _named(problem: Problem, stops: Sequence[Stop], committed: Mapping[str, Sequence[str]], found: Found) -> Orders:
    return {
        vehicle.id: (*committed[vehicle.id], *(stops[index].id for index in order))
        for vehicle, order in zip(problem.vehicles, found.orders, strict=True)
    }


def _propose(clock: Clock, orders: Orders, committed: Mapping[str, Sequence[str]]) -> _Proposal:
    """Return what becomes of orders under true times: late stops are taken out and added where they fit."""
    held = hold_bounds(clock, orders, committed)
    dropped = [stop_id for vehicle_id, order in orders.items() for stop_id in order if stop_id not in held[vehicle_id]]
    return _settle(clock, add_quickly(clock, held, committed, dropped) if dropped else held)


def _settle(clock: Clock, orders: Orders) -> _Proposal:
    routes = schedule(clock.problem, orders, clock)
    missing = missing_ids(clock.problem.stops, orders)
    return _Proposal(orders=orders, routes=routes, cost_cents=plan_cost(clock.problem, routes, missing).total_cents)


def _run(search: Search, found: Found) -> EngineRun:
    return EngineRun(
        engine=search.engine,
        seed=search.seed,
        iterations=found.iterations,
        stopped_by=found.stopped_by,
        pace=found.pace if found.stopped_by != "iterations" else (),
    )


def _reporter(options: SolveOptions, runs: Sequence[EngineRun]) -> Callable[[Report], None]:
    def report(news: Report) -> None:
        if options.on_progress is not None:
            options.on_progress(
                Progress(
                    engine=options.engine,
                    elapsed_s=news.elapsed_s,
                    iterations=news.iterations + sum(run.iterations for run in runs),
                    cost_cents=round(news.cost_cents),
                    unserved=news.unserved,
                )
            )

    return report
