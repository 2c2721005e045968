"""How to solve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from routing.plan.engines.registry import EngineName
from routing.plan.model import Cost, EngineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Report the best plan so far while the search goes on."""

    engine: str
    """The one that found it."""
    elapsed_s: float
    """Since `solve` was called."""
    iterations: int
    """Of all searches so far."""
    cost_cents: int
    """By the tables of the search; what `cost` returns is exact."""
    unserved: int
    orders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The plan itself, vehicle id and stop ids in order, as `SolveOptions.initial` takes it."""
    price: Callable[[], Cost] | None = field(default=None, compare=False, repr=False)

    @property
    def vehicles(self) -> int:
        """Return how many vehicles leave."""
        return sum(bool(stop_ids) for _, stop_ids in self.orders)

    def cost(self) -> Cost | None:
        """Return what it costs by its true times, split into parts; None where only its figure is known.

        It is timed when it is asked for, within the callback: some milliseconds for a few hundred stops.
        """
        return None if self.price is None else self.price()


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
    engine: str = EngineName.RUIN_RECREATE
    """A name of `EngineName`. The first time on a machine `ruin_recreate` must be compiled; within a time limit
    OR-Tools searches until it is."""
    workers: int = 1
    """How many processes search side by side, each with a seed of its own; the best of them counts. One a core."""
    replay: tuple[EngineRun, ...] = ()
    initial: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """A plan to start from: vehicle id and stop ids in order."""
    on_progress: Callable[[Progress], None] | None = field(default=None, compare=False)
    cancelled: Callable[[], bool] | None = field(default=None, compare=False)
    """Polled often while the search runs; True ends it with the best plan so far."""
