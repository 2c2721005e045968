"""Compiled ruin and recreate: the fast engine, and the one that carries every constraint of an instance.

An iteration is one ruin and one recreation. Temperatures follow cycles whose lengths do not depend on the budget, so
that a search that a clock ended is the beginning of every longer one, and its count repeats it exactly. A late
service is an option like a window, priced by its end, so proposals are never cheaper than they turn out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import NO_ROAD_S, Found, Instance, Orders, Watch
from routing.plan.engines.route_state import UNITS_PER_CENT, Data, Ints, State, empty_state, refresh
from routing.plan.engines.ruin import BEST, CURRENT, ITERATION, LAST_GAIN, copy_all, iterate, recreate, total_cost
from routing.plan.engines.warm_start import hold_in_instance

CHUNK = 200
"""Iterations at one temperature, and between two looks at the watch."""
FIRST_CYCLE = 60_000
CYCLE_GROWTH = 2
HOT, COLD = 0.3, 0.002
"""First and last temperature of a cycle, as shares of the median cost of a short leg."""
NEAR, AROUND = 40, 120
LATE_STEPS_S = (60, 120, 180, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600, 7_200, 14_400, 57_600)
"""Lateness is priced by the end of the step it falls into."""
WAITING_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class RuinRecreateEngine:
    """Search by slack induction by string removals with simulated annealing."""

    name: str = "ruin_recreate"

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
        copy_all(now, kept)
        copy_all(now, best)
        tally = np.array([total_cost(data, now), total_cost(data, now), 0, 0], np.int64)
        unit = _short_leg_cost(data, count)
        cycle, first, length = 0, 0, FIRST_CYCLE
        while True:
            made = int(tally[ITERATION])
            unserved = int((best.route_of < 0).sum())
            reason = watch.stop(made, int(tally[BEST]) / UNITS_PER_CENT, unserved)
            if reason is not None:
                break
            if made - first >= length:
                cycle, first, length = cycle + 1, made, length * CYCLE_GROWTH
                copy_all(best, now)
                copy_all(best, kept)
                tally[CURRENT] = tally[BEST]
            hot = HOT if cycle == 0 and not any(start) else HOT / 3
            share = (made - first) / length
            wanted = min(CHUNK, first + length - made)
            temperature = unit * hot * (COLD / hot) ** share
            iterate(data, now, kept, best, numbers, tally, temperature, watch.allowance(made, wanted))
        orders = tuple(
            tuple(int(stop) for stop in best.order[vehicle, : best.length[vehicle]]) for vehicle in range(fleet)
        )
        return Found(orders=orders, iterations=made, last_gain=int(tally[LAST_GAIN]), stopped_by=reason)


class _Once:
    """Watch a search for one iteration."""

    def stop(self, iterations: int, cost_cents: float, unserved: int) -> str | None:
        """Return `iterations` after the first one."""
        return "iterations" if iterations else None

    def allowance(self, iterations: int, wanted: int) -> int:
        """Return 1."""
        return 1


def _smallest() -> Instance:
    """Return an instance of one stop and one vehicle."""
    one, yes = np.ones(1, np.int64), np.ones(1, np.bool_)
    return Instance(
        origin_s=0,
        horizon_s=100,
        duration_s=np.ones((3, 3), np.int64),
        distance_m=np.ones((3, 3), np.int64),
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
    options = (data.option_first, data.option_start_s, data.option_end_s)
    orders, taken = hold_in_instance(instance, start, options)
    for stop, option in taken.items():
        state.option[stop] = option
    for vehicle, order in enumerate(orders):
        state.order[vehicle, : len(order)] = order
        state.length[vehicle] = len(order)
        refresh(data, state, vehicle)
    absent = np.flatnonzero(state.route_of < 0)
    absent = absent[np.argsort(data.option_end_s[data.option_first[absent + 1] - 1], kind="stable")]
    recreate(data, state, numbers, absent, absent.size, np.zeros(data.capacity.size, np.bool_))


def _data(instance: Instance) -> Data:
    count = instance.load.size
    first, start_s, end_s, cost = _options(instance)
    arc_cost = instance.distance_m * (instance.distance_cents_per_km * (UNITS_PER_CENT // 1000))
    duty = instance.duty_cents_per_h * (UNITS_PER_CENT // 3600)
    late = instance.lateness_cents_per_min * (UNITS_PER_CENT // 60)
    return Data(
        time_s=instance.duration_s,
        arc_cost=arc_cost,
        service_s=instance.service_s,
        load=instance.load,
        unserved=instance.unserved_cents * UNITS_PER_CENT,
        option_first=first,
        option_start_s=start_s,
        option_end_s=end_s,
        option_cost=cost,
        allowed=instance.allowed,
        free=np.asarray(instance.allowed.all(axis=1)),
        alike=_alike(instance),
        capacity=instance.capacity,
        first_s=instance.start_first_s,
        last_s=instance.start_last_s,
        end_s=np.where(instance.over_allowed, NO_ROAD_S // 2, instance.end_s),
        paid_end_s=instance.end_s,
        fixed=instance.fixed_cents * UNITS_PER_CENT,
        out=instance.out,
        prices=np.array([duty, late], np.int64),
        near=_near(instance, min(NEAR, count - 1)),
        around=_by_rank((instance.duration_s + instance.duration_s.T)[:count, :count], min(AROUND, count - 1)),
    )


def _options(instance: Instance) -> tuple[Ints, Ints, Ints, Ints]:
    """Return each stop's windows, and its steps of lateness where that is allowed, with their prices."""
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
    return (
        np.array(first, np.int64),
        np.array(start_s, np.int64),
        np.array(end_s, np.int64),
        np.array(cost, np.int64),
    )


def _near(instance: Instance, size: int) -> Ints:
    """Return the stops nearest in space and time: the drive, some of the waiting, and the lateness between two."""
    count = instance.load.size
    drive_s = instance.duration_s[:count, :count].astype(np.float64)
    opens_s = instance.window_start_s[instance.window_first[:-1]].astype(np.float64)
    closes_s = instance.window_end_s[instance.window_first[1:] - 1].astype(np.float64)
    between_s = instance.service_s[:, None] + drive_s
    waiting_s = np.maximum(0.0, opens_s[None, :] - closes_s[:, None] - between_s)
    late_s = np.maximum(0.0, opens_s[:, None] + between_s - closes_s[None, :])
    one_way = drive_s + WAITING_WEIGHT * waiting_s + late_s
    return _by_rank(np.minimum(one_way, one_way.T), size)


def _by_rank(table: NDArray[np.float64] | Ints, size: int) -> Ints:
    """Return the column numbers of each row's smallest entries in order, itself left out."""
    ranked = table.astype(np.float64)
    np.fill_diagonal(ranked, -1.0)
    return np.argsort(ranked, axis=1, kind="stable")[:, 1 : size + 1].astype(np.int64)


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
    near = data.near[:, : max(1, min(20, count - 1))]
    rows = np.arange(count)[:, None]
    cost = data.arc_cost[rows, near] + data.time_s[rows, near] * data.prices[0]
    return float(np.median(cost)) if cost.size else 1.0
