"""Price every place at once where a stop could be added to standing routes, by the tables of the search.

A stretch of a route is summed up by its shortest duration and by when it may begin with that (duration segments after
Vidal, Crainic, Gendreau and Prins, 2013). Drives are taken as they are in the standing run, the new ones from the
table of the slice in which they leave: exact where there is one slice, near enough to rank places where there are more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing.plan.schedule import Clock, Run, drives_without_stops
from routing.problem.fees import start_fee_steps
from routing.problem.model import FollowFee, Stop, Vehicle

LAST, NEVER = 1e12, float("inf")
"""Added to the cents of a place that does not hold by the tables, but may in truth; stands where none can hold."""
FAR_S = 1 << 40
"""Beyond every instant."""
(VEHICLE, POSITION, BEFORE, AFTER, LEAVE_S, DURATION_S, LATE_S, METRES, ARRIVE_BY_S, CLOSES_S, TAIL_S, TAIL_EARLY_S,
 ROOM, COST, FORMER, WANTED, FEE, PAID) = range(18)  # fmt: skip
"""Rows of a gap's figures: its vehicle and the visit that it lies before; the places around it; when the vehicle leaves
the first at the earliest, the shortest duration up to there and the latest begin with it; metres of the leg; the
latest arrival at what comes after with which all the rest holds, and with which that alone could; duration and earliest
begin of the rest; the vehicle's room; what is saved by the route as it is, in cents; and of follow fees the number of
the visit before the gap, of the one that the visit after it wants there, that one's fee, and what it pays as it is."""
NOTHING, START = -2, -1
"""Numbers of no visit that could be wanted, and of the start of a route."""


class Gaps:
    """Hold the gaps of all routes, from the committed visits on."""

    def __init__(self, clock: Clock, orders: Mapping[str, Sequence[str]], committed: Mapping[str, Sequence[str]]):
        self._clock, self._committed = clock, committed
        matrix, size = clock.travel.matrix, len(clock.problem.places)
        self._starts_s = matrix.slice_start_s
        self._duration_s, self._distance_m, self._reachable = (
            table.reshape(-1, size, size) for table in (matrix.duration_s, matrix.distance_m, matrix.reachable)
        )
        self._number = {vehicle.id: number for number, vehicle in enumerate(clock.problem.vehicles)}
        self._stop_number = {stop.id: number for number, stop in enumerate(clock.problem.stops)}
        self.runs: dict[str, Run | None] = {}
        """By vehicle id, where it leaves at the start of its shift."""
        self._blocks = [
            self._block(number, vehicle, orders.get(vehicle.id, ()))
            for number, vehicle in enumerate(clock.problem.vehicles)
        ]
        self._all: NDArray[np.int64] | None = None

    def change(self, vehicle_id: str, order: Sequence[str], run: Run | None = None) -> None:
        """Take another order for the standing one of a vehicle, with its earliest run where that is known."""
        number = self._number[vehicle_id]
        self._blocks[number] = self._block(number, self._clock.problem.vehicles[number], order, run)
        self._all = None

    def ranked(self, stop: Stop) -> Iterator[tuple[float, int, int]]:
        """Yield about what the stop adds in cents at each place, the vehicle's number and the position, cheapest first.

        Lateness, overtime and other stops' start fees are not in it. Only places that no bound forbids stand there;
        those that do not hold by the tables, where there are several slices, come after all others.
        """
        if self._all is None:
            self._all = np.concatenate(self._blocks, axis=1)
        gaps = self._all[:, self._all[ROOM] >= stop.load]
        if stop.allowed_vehicles is not None:
            gaps = gaps[:, np.isin(gaps[VEHICLE], [self._number[key] for key in stop.allowed_vehicles])]
        cents = self._cents(gaps, stop) + self._fees_cents(gaps, stop)
        for gap in np.argsort(cents, kind="stable")[: np.count_nonzero(cents < NEVER)]:
            yield float(cents[gap]), int(gaps[VEHICLE, gap]), int(gaps[POSITION, gap])

    def _fees_cents(self, gaps: NDArray[np.int64], stop: Stop) -> NDArray[np.int64]:
        """Return what the stop adds in fees of vehicles and of what comes after what."""
        me, follow = self._stop_number[stop.id], stop.follow_fee
        added: NDArray[np.int64] = np.where(gaps[WANTED] == me, 0, gaps[FEE]) - gaps[PAID]
        tolls = np.zeros(len(self._number), np.int64)
        for vehicle_id, fee_cents in stop.vehicle_fees:
            tolls[self._number[vehicle_id]] = fee_cents
        added += tolls[gaps[VEHICLE]]
        if follow is not None:
            wanted = self._wanted(follow, self._number[follow.vehicle_id])
            added += np.where(
                (gaps[VEHICLE] == self._number[follow.vehicle_id]) & (gaps[FORMER] == wanted), 0, follow.cents
            )
        return added

    def _wanted(self, follow: FollowFee, vehicle: int) -> int:
        """Return the number of the visit that must come before for a follow fee not to be due on a vehicle."""
        if self._number[follow.vehicle_id] != vehicle:
            return NOTHING
        return START if follow.after_stop_id is None else self._stop_number[follow.after_stop_id]

    def _cents(self, gaps: NDArray[np.int64], stop: Stop) -> NDArray[np.float64]:
        prices, stay_s, place = self._clock.problem.objective, self._clock.stay_s[stop.id], stop.place
        last = self._starts_s.size - 1
        row = np.clip(np.searchsorted(self._starts_s, gaps[LEAVE_S], side="right") - 1, 0, last)
        to_s, to_m = self._duration_s[row, gaps[BEFORE], place], self._distance_m[row, gaps[BEFORE], place]
        joined = self._reachable[row, gaps[BEFORE], place]
        arrive_s = gaps[LEAVE_S] + to_s
        best = np.full(gaps.shape[1], NEVER)
        steps = start_fee_steps(stop)
        fees_from_s, fees_cents = np.array([s for s, _ in steps]), np.array([0, *(cents for _, cents in steps)])
        windows = [(window.start_s, window.end_s) for window in stop.windows] or [(-FAR_S, FAR_S)]
        if stop.lateness_allowed:
            windows.append((windows[-1][1] + 1, FAR_S))
        for opens_s, closes_s in windows:
            begin_s = np.maximum(arrive_s, opens_s)
            leave_s = begin_s + stay_s
            row = np.clip(np.searchsorted(self._starts_s, leave_s, side="right") - 1, 0, last)
            on_s, on_m = self._duration_s[row, place, gaps[AFTER]], self._distance_m[row, place, gaps[AFTER]]
            shift_s = gaps[DURATION_S] + to_s
            wait_s = np.maximum(opens_s - shift_s - gaps[LATE_S], 0)
            late_s = np.minimum(closes_s - shift_s, gaps[LATE_S])
            duration_s = shift_s + stay_s + on_s + wait_s
            duration_s += gaps[TAIL_S] + np.maximum(gaps[TAIL_EARLY_S] - duration_s - late_s, 0)
            cents = duration_s * (prices.duty_cents_per_h / 3600) - gaps[COST]
            cents += (to_m + on_m - gaps[METRES]) * (prices.distance_cents_per_km / 1000)
            if steps:
                cents += fees_cents[np.searchsorted(fees_from_s, begin_s, side="right")]
            holds = joined & self._reachable[row, place, gaps[AFTER]]
            holds &= (arrive_s <= closes_s) & (leave_s + on_s <= gaps[ARRIVE_BY_S])
            # With several slices later drives may be quicker: only what no drive could mend is out of the question.
            possible = np.maximum(gaps[LEAVE_S], opens_s) + stay_s <= gaps[CLOSES_S]
            possible &= (gaps[LEAVE_S] <= closes_s) & (last > 0)
            best = np.minimum(best, np.where(holds, cents, np.where(possible, cents + LAST, NEVER)))
        return best

    def _block(self, number: int, vehicle: Vehicle, order: Sequence[str], run: Run | None = None) -> NDArray[np.int64]:
        """Return the figures of a vehicle's gaps, 18 x gaps."""
        clock, prices = self._clock, self._clock.problem.objective
        first = len(self._committed[vehicle.id])
        visits = [clock.stops[stop_id] for stop_id in order]
        run = self.runs[vehicle.id] = run or clock.follow(vehicle, order, vehicle.shift.start_s)
        if run is None and order:
            return np.zeros((18, 0), np.int64)
        places = np.array([vehicle.start_place, *(visit.place for visit in visits), vehicle.end_place])
        block = np.zeros((18, len(order) + 1), np.int64)
        block[VEHICLE], block[POSITION] = number, np.arange(len(order) + 1)
        block[BEFORE], block[AFTER] = places[:-1], places[1:]
        block[FORMER] = [START, *(self._stop_number[stop_id] for stop_id in order)]
        for gap, visit in enumerate(visits):
            if visit.follow_fee is not None:
                block[WANTED, gap], block[FEE, gap] = self._wanted(visit.follow_fee, number), visit.follow_fee.cents
        block[PAID] = np.where(block[WANTED] == block[FORMER], 0, block[FEE])
        block[ROOM] = vehicle.capacity - sum(visit.load for visit in visits)
        used = [
            _window(visit, start_s) for visit, (_, start_s, _) in zip(visits, run.times_s if run else (), strict=True)
        ]
        block[LEAVE_S : LATE_S + 1] = self._heads(vehicle, visits, run, used)
        block[ARRIVE_BY_S : TAIL_EARLY_S + 1] = self._tails(vehicle, visits, run, used)
        if run is not None and (order or drives_without_stops(vehicle)):
            row = np.clip(np.searchsorted(self._starts_s, block[LEAVE_S], side="right") - 1, 0, None)
            block[METRES] = self._distance_m[row, block[BEFORE], block[AFTER]]
            block[COST] = (block[DURATION_S, -1] + run.drives_s[-1]) * prices.duty_cents_per_h // 3600
        elif not vehicle.used:
            block[COST] = -prices.vehicle_cents
        return block[:, first:]

    def _heads(
        self, vehicle: Vehicle, visits: Sequence[Stop], run: Run | None, used: Sequence[tuple[int, int]]
    ) -> NDArray[np.int64]:
        """Return when each gap is reached at the earliest, the shortest duration up to it and its latest begin."""
        late_s = vehicle.shift.start_s if vehicle.start_fixed else max(vehicle.shift.start_s, vehicle.shift.end_s)
        duration_s, heads = 0, [(vehicle.shift.start_s, 0, late_s)]
        for number, (visit, (opens_s, closes_s)) in enumerate(zip(visits, used, strict=True)):
            assert run is not None, "there are visits"
            shift_s = duration_s + run.drives_s[number]
            wait_s = max(opens_s - shift_s - late_s, 0)
            duration_s = shift_s + self._clock.stay_s[visit.id] + wait_s
            late_s = min(closes_s - shift_s, late_s)
            heads.append((run.times_s[number][2], duration_s, late_s))
        return np.array(heads, np.int64).T

    def _tails(
        self, vehicle: Vehicle, visits: Sequence[Stop], run: Run | None, used: Sequence[tuple[int, int]]
    ) -> NDArray[np.int64]:
        """Return until when what follows each gap may be reached, by all bounds and by its own, and the rest's sums."""
        by_s = closes_s = FAR_S if vehicle.overtime_allowed else vehicle.shift.end_s
        tail_s, early_s = 0, -FAR_S
        tails = [(by_s, closes_s, tail_s, early_s)]
        for number in range(len(visits) - 1, -1, -1):
            assert run is not None, "there are visits"
            visit, (opens_s, used_to_s) = visits[number], used[number]
            shift_s = self._clock.stay_s[visit.id] + run.drives_s[number + 1]
            by_s = _arrive_by_s(visit, by_s - shift_s)
            closes_s = visit.windows[-1].end_s if visit.windows and not visit.lateness_allowed else FAR_S
            wait_s = max(early_s - shift_s - used_to_s, 0)
            tail_s += shift_s + wait_s
            early_s = max(early_s - shift_s, opens_s) - wait_s
            tails.append((by_s, closes_s, tail_s, early_s))
        return np.array(tails[::-1], np.int64).T


def _window(visit: Stop, start_s: int) -> tuple[int, int]:
    """Return the window in which a service starts, open at the end where it is late."""
    for window in visit.windows:
        if start_s <= window.end_s:
            return window.start_s, window.end_s
    return (visit.windows[-1].end_s, FAR_S) if visit.windows else (-FAR_S, FAR_S)


def _arrive_by_s(visit: Stop, start_by_s: int) -> int:
    """Return the latest arrival from which service starts by an instant."""
    if not visit.windows or (visit.lateness_allowed and start_by_s > visit.windows[-1].end_s):
        return start_by_s
    fitting = [min(window.end_s, start_by_s) for window in visit.windows if window.start_s <= start_by_s]
    return fitting[-1] if fitting else -FAR_S
