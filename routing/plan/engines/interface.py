"""What engines are given and what they give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.registry import Constraint
from routing.plan.engines.rules import Rules

NO_ROAD_S = 10_000_000
"""Stands in an instance's durations where no road leads: beyond every horizon, and sums of it still fit."""

HUNDREDTHS = 100
"""A search cools in so many steps of its budget."""

Orders = tuple[tuple[int, ...], ...]
"""The stops of each vehicle in order, as indices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Hold a problem as engines want it: n stops, v vehicles, instants in seconds from `origin_s`.

    Rows and columns of the tables stand for the n stops, then the v starts, then the v ends. A vehicle's committed
    visits are folded into it: it starts where and when the last of them ends, with the room that is left.
    """

    origin_s: int
    horizon_s: int
    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    service_s: NDArray[np.int64]
    """With the walk to the door and back that is timed."""
    load: NDArray[np.int64]
    unserved_cents: NDArray[np.int64]
    window_first: NDArray[np.int64]
    """The windows of stop i are `window_first[i]` to `window_first[i + 1]`; each stop has one at least."""
    window_start_s: NDArray[np.int64]
    window_end_s: NDArray[np.int64]
    late_allowed: NDArray[np.bool_]
    """Stops that may be served late, n."""
    allowed: NDArray[np.bool_]
    """Which vehicle may serve which stop, n x v."""
    toll_cents: NDArray[np.int64]
    """What it costs that a vehicle serves a stop, n x v."""
    follow_cents: NDArray[np.int64]
    """What a stop costs that does not come right after a certain node on a certain vehicle, n."""
    follow_node: NDArray[np.int64]
    """That node: a stop or a start, -1 where nothing that is searched for can be before it, n."""
    follow_vehicle: NDArray[np.int64]
    fee_first: NDArray[np.int64]
    """The start fees of stop i are `fee_first[i]` to `fee_first[i + 1]`."""
    fee_from_s: NDArray[np.int64]
    """From when each holds, until the next one of the stop does; before the first there is none."""
    fee_cents: NDArray[np.int64]
    capacity: NDArray[np.int64]
    start_first_s: NDArray[np.int64]
    start_last_s: NDArray[np.int64]
    """A vehicle leaves its start between these; they are one instant where it is on duty anyway, v."""
    end_s: NDArray[np.int64]
    over_allowed: NDArray[np.bool_]
    """Vehicles that may end after `end_s`, v."""
    fixed_cents: NDArray[np.int64]
    out: NDArray[np.bool_]
    """Vehicles that drive to their end even without stops, v."""
    duty_cents_per_h: int
    distance_cents_per_km: int
    lateness_cents_per_min: int
    rules: Rules | None = None
    """Where routes must be walked: then the tables of `rules` count, and nothing is folded into vehicles; None: the
    problem is a plain one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Answer a search: the best orders, after how many iterations, and when the last of them gained something."""

    orders: Orders
    iterations: int
    last_gain: int
    stopped_by: str
    pace: tuple[int, ...] = ()
    """How many iterations were made when each further hundredth of the budget was seen to be spent."""


class Watch(Protocol):
    """Tell an engine when to stop, and hear of its progress."""

    def offer(self, incumbent: Callable[[], Orders]) -> None:
        """Take a way to read the best orders, which is used within `stop` where somebody wants to see them."""
        ...

    def stop(self, iterations: int, cost_cents: float | None, unserved: int) -> str | None:
        """Return why the search ends now (`iterations`, `time_limit`, `settled`, `cancelled`), None to go on.

        The cost is that of the best orders so far, None as long as there are none.
        """
        ...

    def allowance(self, iterations: int, wanted: int) -> int:
        """Return how many of the wanted further iterations the budget still holds."""
        ...

    def spent(self, iterations: int) -> int:
        """Return how many hundredths of the budget are spent, at most `HUNDREDTHS`."""
        ...


class Engine(Protocol):
    """Search orders; the same instance, start, seed and count of iterations give the same orders."""

    @property
    def name(self) -> str:
        """Return the name that stands in `EngineRun.engine`."""
        ...

    @property
    def carries(self) -> frozenset[Constraint]:
        """Return the constraints that it can carry; no other problem is handed to it."""
        ...

    def prepare(self, *, walked: bool = False) -> None:
        """Do once what takes time and is no search, such as compiling, for instances with or without rules."""
        ...

    def search(self, instance: Instance, start: Orders, seed: int, watch: Watch) -> Found:
        """Return the best orders found until the watch says stop, starting from orders that may be empty."""
        ...
