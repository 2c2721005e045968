"""Compiled ruin and recreate: the fast engine, and the one that carries every constraint of an instance.

An iteration is one ruin and one recreation. The temperature falls over the whole of a search, in hundredths of the
budget that its watch tells; they are all that the clock decides, and whoever tells them again repeats the search.
A late service is an option like a window, priced by its end, so proposals are never cheaper than they turn out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.insertion import recreate
from routing.plan.engines.interface import HUNDREDTHS, NO_ROAD_S, Found, Instance, Orders, Watch
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.engines.route_state import (
    AFTER,
    ALIKE,
    BEFORE,
    CAPACITY,
    CLOSES,
    END_OPTION,
    FIRST_OPTION,
    FIRST_S,
    FIXED,
    FREE,
    HOME_S,
    LAST_S,
    LOAD,
    OPENS,
    OPTION,
    OUT,
    PAID_HOME_S,
    ROUTE,
    STAY_S,
    UNITS_PER_CENT,
    UNSERVED,
    Data,
    Ints,
    State,
    copy_all,
    empty_state,
    orders_of,
    refresh,
)
from routing.plan.engines.ruin import BEST, ITERATION, LAST_GAIN, iterate, total_cost
from routing.plan.engines.warm_start import hold_in_instance

CHUNK = 200
"""Iterations between two looks at the watch."""
HOT, COLD = 5.0, 0.01
"""First and last temperature, as shares of the median cost of a short leg,"""
WARM = 0.1
"""and the first one where a search starts from a plan."""
NEAR, AROUND = 40, 120
LATE_STEPS_S = (60, 120, 180, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600, 7_200, 14_400, 57_600)
"""Lateness is priced by the end of the step it falls into."""
WAITING_SHARE = 5
"""Of waiting one part in so many makes a stop as far as a drive."""
ROWS_AT_A_TIME = 64
"""Of the tables of all pairs, whose keys would take gigabytes."""


@dataclass(frozen=True, slots=True)
class RuinRecreateEngine:
    """Search by slack induction by string removals with simulated annealing."""

    name: str = EngineName.RUIN_RECREATE
    carries: frozenset[Constraint] = CARRIES[EngineName.RUIN_RECREATE]

    def prepare(self) -> None:
        """Compile the kernels, or load them, by a search of one stop."""
        self.search(_smallest(), ((),), 0, _Once())

    def search(self, instance: Instance, start: Orders, seed: int, watch: Watch) -> Found:
        """Return the best orders found until the watch says stop."""
        count, fleet = instance.load.size, instance.capacity.size
        if count == 0 or fleet == 0:
            return Found(orders=((),) * fleet, iterations=0, last_gain=0, stopped_by="exhausted")
        data = _data(instance)
        now, kept, best = empty_state(data), empty_state(data), empty_state(data)
        numbers = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64) or 1], np.uint64)
        _begin(instance, data, now, start, numbers)
        copy_all(data, now, kept)
        copy_all(data, now, best)
        tally = np.array([total_cost(data, now), total_cost(data, now), 0, 0], np.int64)
        unit = _short_leg_cost(data, count)
        hot = WARM if any(start) else HOT
        pace: list[int] = []
        watch.offer(lambda: orders_of(data, best))
        while True:
            made = int(tally[ITERATION])
            unserved = int((best.node[:count, ROUTE] < 0).sum())
            reason = watch.stop(made, int(tally[BEST]) / UNITS_PER_CENT, unserved)
            if reason is not None:
                break
            pace += [made] * (watch.spent(made) - len(pace))
            temperature = unit * hot * (COLD / hot) ** (len(pace) / HUNDREDTHS)
            iterate(data, now, kept, best, numbers, tally, temperature, watch.allowance(made, CHUNK))
        return Found(
            orders=orders_of(data, best),
            iterations=made,
            last_gain=int(tally[LAST_GAIN]),
            stopped_by=reason,
            pace=tuple(pace) or (made,),
        )


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


def _data(instance: Instance) -> Data:
    count = instance.load.size
    first, options = _options(instance)
    duty = instance.duty_cents_per_h * (UNITS_PER_CENT // 3600)
    late = instance.lateness_cents_per_min * (UNITS_PER_CENT // 60) if instance.over_allowed.any() else 0
    travel = np.stack([instance.duration_s, instance.distance_m], axis=-1, dtype=np.int32)
    stops = {
        STAY_S: instance.service_s,
        LOAD: instance.load,
        UNSERVED: instance.unserved_cents * UNITS_PER_CENT,
        FIRST_OPTION: first[:-1],
        END_OPTION: first[1:],
        FREE: instance.allowed.all(axis=1),
    }
    fleet = {
        ALIKE: _alike(instance),
        CAPACITY: instance.capacity,
        FIRST_S: instance.start_first_s,
        LAST_S: instance.start_last_s,
        HOME_S: np.where(instance.over_allowed, NO_ROAD_S // 2, instance.end_s),
        PAID_HOME_S: instance.end_s,
        FIXED: instance.fixed_cents * UNITS_PER_CENT,
        OUT: instance.out,
    }
    return Data(
        travel=travel,
        travel_to=np.ascontiguousarray(travel.transpose(1, 0, 2)),
        stops=_columns(stops),
        options=options,
        fleet=_columns(fleet),
        allowed=instance.allowed,
        prices=np.array(
            [instance.distance_cents_per_km * (UNITS_PER_CENT // 1000), duty, late, duty + late > 0], np.int64
        ),
        near=_near(instance, min(NEAR, count - 1)),
        around=_around(instance, min(AROUND, count - 1)),
    )


def _options(instance: Instance) -> tuple[Ints, Ints]:
    """Return where each stop's options begin, and them: windows, and steps of lateness where allowed, with prices."""
    first, start_s, end_s, cost = [0], [], [], []
    for stop in range(instance.load.size):
        for window in range(instance.window_first[stop], instance.window_first[stop + 1]):
            start_s.append(int(instance.window_start_s[window]))
            end_s.append(int(instance.window_end_s[window]))
            cost.append(0)
        last_s = end_s[-1]
        for step_s in LATE_STEPS_S if instance.late_allowed[stop] else ():
            start_s.append(end_s[-1] + 1)
            end_s.append(last_s + step_s)
            cost.append(step_s * instance.lateness_cents_per_min * (UNITS_PER_CENT // 60))
        first.append(len(start_s))
    return np.array(first, np.int64), np.column_stack([start_s, end_s, cost]).astype(np.int64)


def _columns(facts: Mapping[int, Any]) -> Ints:
    """Return facts as the columns of their numbers."""
    return np.column_stack([facts[column] for column in range(len(facts))]).astype(np.int64)


def _near(instance: Instance, size: int) -> NDArray[np.int32]:
    """Return the stops nearest in space and time: the drive, some of the waiting, and the lateness between two."""
    count = instance.load.size
    opens_s = instance.window_start_s[instance.window_first[:-1]]
    closes_s = instance.window_end_s[instance.window_first[1:] - 1]

    def one_way(origin: slice, destination: slice) -> Ints:
        between_s = instance.service_s[origin, None] + instance.duration_s[origin, destination]
        waiting_s = np.maximum(0, opens_s[None, destination] - closes_s[origin, None] - between_s)
        late_s = np.maximum(0, opens_s[origin, None] + between_s - closes_s[None, destination])
        drive_s = instance.duration_s[origin, destination].astype(np.int64)
        return np.asarray(WAITING_SHARE * (drive_s + late_s) + waiting_s)

    every = slice(0, count)
    return _by_rank(lambda rows: np.minimum(one_way(rows, every), one_way(every, rows).T), count, size)


def _around(instance: Instance, size: int) -> NDArray[np.int32]:
    """Return the stops with the shortest drives there and back."""
    count, duration_s = instance.load.size, instance.duration_s
    return _by_rank(lambda rows: duration_s[rows, :count].astype(np.int64) + duration_s[:count, rows].T, count, size)


def _by_rank(keys_of: Callable[[slice], Ints], count: int, size: int) -> NDArray[np.int32]:
    """Return the column numbers of each row's smallest keys in order, itself left out; few rows at a time."""
    ranked = np.empty((count, size), np.int32)
    for begin in range(0, count, ROWS_AT_A_TIME):
        rows = slice(begin, min(begin + ROWS_AT_A_TIME, count))
        # With its column each key is unlike all others, so what is cut off is the same everywhere.
        keys = keys_of(rows) * count + np.arange(count)
        keys[np.arange(rows.stop - begin), np.arange(begin, rows.stop)] = -1
        least = np.partition(keys, min(size, count - 1), axis=1)[:, : size + 1]
        ranked[rows] = np.sort(least, axis=1)[:, 1:] % count
    return ranked


def _alike(instance: Instance) -> Ints:
    """Return for each vehicle the first one that is the same in all that an insertion depends on."""
    count, fleet = instance.load.size, instance.capacity.size
    seen: dict[tuple[object, ...], int] = {}
    same = []
    for vehicle in range(fleet):
        start, end = count + vehicle, count + fleet + vehicle
        figures = (
            instance.capacity[vehicle],
            instance.start_first_s[vehicle],
            instance.start_last_s[vehicle],
            instance.end_s[vehicle],
            instance.over_allowed[vehicle],
            instance.fixed_cents[vehicle],
            instance.out[vehicle],
        )
        places = (instance.duration_s[start, :count].tobytes(), instance.duration_s[:count, end].tobytes())
        same.append(seen.setdefault((*(int(figure) for figure in figures), *places), vehicle))
    return np.array(same, np.int64)


def _short_leg_cost(data: Data, count: int) -> float:
    """Return the median cost of a leg between neighbours, the measure of all temperatures."""
    legs = data.travel[np.arange(count)[:, None], data.near[:, : max(1, min(20, count - 1))]].astype(np.int64)
    cost = legs[..., 1] * data.prices[0] + legs[..., 0] * data.prices[1]
    return max(1.0, float(np.median(cost))) if cost.size else 1.0
