"""Compiled ruin and recreate: the fast engine, and the one that carries every constraint of an instance.

An iteration is one ruin and one recreation. The temperature falls over the whole of a search, in hundredths of the
budget that its watch tells; they are all that the clock decides, and whoever tells them again repeats the search.
When stops start is priced to the second where vehicles are on duty anyway; one that may leave later is taken to leave
as late as it can without coming home later, which may be dearer than what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.insertion import recreate
from routing.plan.engines.interface import HUNDREDTHS, Found, Instance, Orders, Watch
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.engines.route_data import route_data, short_leg_cost
from routing.plan.engines.route_state import (
    AFTER,
    BEFORE,
    CLOSES,
    END_OPTION,
    FIRST_OPTION,
    OPENS,
    OPTION,
    ROUTE,
    UNITS_PER_CENT,
    Data,
    State,
    copy_all,
    empty_state,
    orders_of,
    refresh,
)
from routing.plan.engines.ruin import BEST, ITERATION, LAST_GAIN, iterate, total_cost
from routing.plan.engines.walk_search import WalkedSearch, prepare_walked
from routing.plan.engines.warm_start import hold_in_instance

CHUNK = 200
"""Iterations between two looks at the watch."""
HOT, COLD = 5.0, 0.01
"""First and last temperature, as shares of the median cost of a short leg,"""
WARM = 0.3
"""and the first one where a search starts from a plan."""


@dataclass(frozen=True, slots=True)
class RuinRecreateEngine:
    """Search by slack induction by string removals with simulated annealing."""

    name: str = EngineName.RUIN_RECREATE
    carries: frozenset[Constraint] = CARRIES[EngineName.RUIN_RECREATE]

    def prepare(self, *, walked: bool = False) -> None:
        """Compile the kernels for instances with or without rules, or load them, by a search of one stop."""
        if walked:
            prepare_walked()
        else:
            self.search(_smallest(), ((),), 0, _Once())

    def search(self, instance: Instance, start: Orders, seed: int, watch: Watch) -> Found:
        """Return the best orders found until the watch says stop."""
        count, fleet = instance.load.size, instance.capacity.size
        if count == 0 or fleet == 0:
            return Found(orders=((),) * fleet, iterations=0, last_gain=0, stopped_by="exhausted")
        numbers = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64) or 1], np.uint64)
        routes: _Searched = (
            _PlainSearch(instance, start, numbers)
            if instance.rules is None
            else WalkedSearch(instance, instance.rules, start, numbers)
        )
        tally, hot = routes.tally, WARM if any(start) else HOT
        pace: list[int] = []
        watch.offer(routes.orders)
        while True:
            made = int(tally[ITERATION])
            reason = watch.stop(made, int(tally[BEST]) / UNITS_PER_CENT, routes.unserved())
            if reason is not None:
                break
            pace += [made] * (watch.spent(made) - len(pace))
            temperature = routes.unit * hot * (COLD / hot) ** (len(pace) / HUNDREDTHS)
            routes.iterate(temperature, watch.allowance(made, CHUNK))
        return Found(
            orders=routes.orders(),
            iterations=made,
            last_gain=int(tally[LAST_GAIN]),
            stopped_by=reason,
            pace=tuple(pace) or (made,),
        )


class _Searched(Protocol):
    """Hold the states of a search: entries of the tally are those of `ruin`, the unit measures all temperatures."""

    tally: NDArray[np.int64]
    unit: float

    def iterate(self, temperature: float, count: int) -> None:
        """Make some iterations at a temperature."""
        ...

    def orders(self) -> Orders:
        """Return the best orders so far."""
        ...

    def unserved(self) -> int:
        """Return how many stops the best orders leave out."""
        ...


class _PlainSearch:
    """Search routes that are priced by sums of their stretches."""

    def __init__(self, instance: Instance, start: Orders, seed: NDArray[np.uint64]) -> None:
        data = route_data(instance)
        self.data, self.seed = data, seed
        self.now, self.kept, self.best = empty_state(data), empty_state(data), empty_state(data)
        _begin(instance, data, self.now, start, seed)
        copy_all(data, self.now, self.kept)
        copy_all(data, self.now, self.best)
        self.tally = np.array([total_cost(data, self.now), total_cost(data, self.now), 0, 0], np.int64)
        self.unit = short_leg_cost(instance, data.near)

    def iterate(self, temperature: float, count: int) -> None:
        iterate(self.data, self.now, self.kept, self.best, self.seed, self.tally, temperature, count)

    def orders(self) -> Orders:
        return orders_of(self.data, self.best)

    def unserved(self) -> int:
        return int((self.best.node[: len(self.data.stops), ROUTE] < 0).sum())


class _Once:
    """Watch a search for one iteration."""

    def offer(self, incumbent: Callable[[], Orders]) -> None:
        """Want to see nothing."""

    def stop(self, iterations: int, cost_cents: float | None, unserved: int) -> str | None:
        """Return `iterations` after the first one."""
        return "iterations" if iterations else None

    def allowance(self, iterations: int, wanted: int) -> int:
        """Return 1."""
        return 1

    def spent(self, iterations: int) -> int:
        """Return 0."""
        return 0


def _smallest() -> Instance:
    """Return an instance of one stop and one vehicle."""
    one, yes = np.ones(1, np.int64), np.ones(1, np.bool_)
    return Instance(
        origin_s=0,
        horizon_s=100,
        duration_s=np.ones((3, 3), np.int32),
        distance_m=np.ones((3, 3), np.int32),
        service_s=one,
        load=one,
        unserved_cents=one,
        window_first=np.array([0, 1], np.int64),
        window_start_s=one,
        window_end_s=one * 50,
        late_allowed=yes,
        allowed=yes.reshape(1, 1),
        toll_cents=one.reshape(1, 1),
        follow_cents=one,
        follow_node=one,
        follow_vehicle=one * 0,
        fee_first=np.array([0, 1], np.int64),
        fee_from_s=one,
        fee_cents=one,
        capacity=one,
        start_first_s=one,
        start_last_s=one,
        end_s=one * 99,
        over_allowed=yes,
        fixed_cents=one,
        out=yes,
        duty_cents_per_h=1,
        distance_cents_per_km=1,
        lateness_cents_per_min=1,
    )


def _begin(instance: Instance, data: Data, state: State, start: Orders, numbers: NDArray[np.uint64]) -> None:
    """Build the given orders as far as they hold and insert all other stops, those that close first first."""
    count, fleet = instance.load.size, instance.capacity.size
    first = np.append(data.stops[:, FIRST_OPTION], data.stops[-1:, END_OPTION])
    options = (first, data.options[:, OPENS], data.options[:, CLOSES])
    orders, taken = hold_in_instance(instance, start, options)
    for stop, option in taken.items():
        state.node[stop, OPTION] = option
    for vehicle, order in enumerate(orders):
        path = (count + vehicle, *order, count + fleet + vehicle)
        for before, after in pairwise(path):
            state.node[before, AFTER], state.node[after, BEFORE] = after, before
        refresh(data, state, vehicle)
    absent = np.flatnonzero(state.node[:count, ROUTE] < 0)
    absent = absent[np.argsort(data.options[data.stops[absent, END_OPTION] - 1, CLOSES], kind="stable")]
    recreate(data, state, numbers, absent, absent.size, absent.size, np.zeros(fleet, np.bool_))
