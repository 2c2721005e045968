"""Split the budget of a solve into rounds: which engine searches, from which seed and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.plan.engines.registry import EngineName
from routing.plan.engines.worker import DEAF
from routing.plan.options import SolveOptions
from routing.problem.model import Problem

ROUND_SHARES = (0.6, 0.25, 0.15)
"""How the budget is split where times change through the day; one round is enough where they do not."""

DEFAULT_ITERATIONS = 50_000
"""Where neither seconds nor iterations bound the search."""

READY = "ready"
"""Why a round ended that another engine made until the chosen one was compiled."""
INSERTION = "insertion"
"""The name under which the plan is told that insertions make before an engine has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Ask an engine for one search: by count of iterations or, where that is None, for a share of the seconds left."""

    engine: str
    seed: int
    iterations: int | None = None
    shares: Sequence[float] = (1.0,)
    """The share of this round and of those after it."""
    pace: tuple[int, ...] = ()
    bridge: bool = False
    """True where it bridges the compilation of the chosen engine, until that is ready."""
    silent: bool = False
    """True where an engine was ended before it had told of any plan: there is nothing to repeat."""


def rounds_of(problem: Problem, options: SolveOptions, *, ready: bool) -> list[Round]:
    """Return the rounds of a solve; where its engine is not ready, OR-Tools begins.

    So few iterations that nothing is left for a later round are not worth its settling.
    """
    if options.replay:
        return [
            Round(
                engine=run.engine,
                seed=run.seed,
                iterations=run.iterations,
                pace=run.pace,
                bridge=run.engine != options.engine,
                silent=run.iterations == 0 and run.engine in (*DEAF, INSERTION) and run.stopped_by != "exhausted",
            )
            for run in options.replay
        ]
    tables = [travel.matrix for travel in (problem.travel, *(travel for _, travel in problem.profile_travel))]
    changing = any(table.slice_start_s.size > 1 for table in tables) or options.engine == EngineName.ORTOOLS
    shares = ROUND_SHARES if changing else (1.0,)
    counts: list[int | None] = [None] * len(shares)
    if options.iterations is not None or options.time_limit_s is None:
        wanted = DEFAULT_ITERATIONS if options.iterations is None else options.iterations
        later = [int(wanted * share) for share in shares[1:]]
        counts = [wanted - sum(later), *later]
    rounds = [
        Round(engine=options.engine, seed=options.seed + number, iterations=count, shares=shares[number:])
        for number, count in enumerate(counts)
        if number == 0 or count != 0
    ]
    first = Round(engine=EngineName.ORTOOLS, seed=options.seed, bridge=True)
    return rounds if ready else [first, *rounds]


def search_span_s(shares: Sequence[float], left_s: float, settling_s: float) -> float:
    """Return the seconds that the first of the rounds to come may search, for all of them to end in what is left.

    After each search its orders get their true times, which takes `settling_s`. The last rounds are left out where
    they would settle for longer than they search; 0 where not even the first has time.
    """
    rounds = len(shares)
    while rounds > 1 and left_s < 2 * settling_s * rounds:
        rounds -= 1
    return max(0.0, left_s - settling_s * rounds) * shares[0] / sum(shares[:rounds])
