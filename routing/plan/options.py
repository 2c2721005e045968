"""How to solve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from routing.plan.model import EngineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Report a better plan while the search goes on."""

    engine: str
    elapsed_s: float
    iterations: int
    cost_cents: int
    unserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveOptions:
    """Bound and seed the search; with `iterations` the plan is the same on every machine.

    `replay` gives the runs of an earlier plan (`Plan.runs`), and so repeats it exactly, whatever ended them.
    """

    time_limit_s: float | None = 10.0
    iterations: int | None = None
    patience_iterations: int | None = None
    """End a round where so many iterations bring nothing; None: use the whole budget."""
    seed: int = 0
    engine: str = "ruin_recreate"
    """`ruin_recreate` or `ortools`."""
    workers: int = 1
    """How many processes search side by side, each with a seed of its own; the best of them counts. One a core."""
    replay: tuple[EngineRun, ...] = ()
    initial: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """A plan to start from: vehicle id and stop ids in order."""
    on_progress: Callable[[Progress], None] | None = field(default=None, compare=False)
    cancelled: Callable[[], bool] | None = field(default=None, compare=False)
    """Polled while the search runs; True ends it with the best plan so far."""
