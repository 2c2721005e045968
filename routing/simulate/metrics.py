"""The figures of a simulated day, each by its formula.

N counts the stops that somebody still wanted at the end of the day: those that were cancelled do not count, whoever
was there before. For the plans k and k + 1 that were published one after the other, U is the set of stops that stand
in both and nobody had begun to serve.

| figure | formula |
|---|---|
| on time | stops whose first visit began no later than its last window's end / N |
| OTIF | stops served, on time / N |
| lateness | sum of what served stops began late, in minutes |
| cost J | duty + distance + lateness + overtime + vehicles + missed stops, at the prices of the day's `Objective` |
| reassigned | mean over plans of the share of U that changed vehicle |
| successors | mean over plans of the share of U whose next stop changed |
| Kendall | mean over plans and vehicles of the pairs of U on the same vehicle in both whose order was turned |
| ETA shift | mean over plans and U of how much the planned start moved, in minutes |
| promise breaks | how often a planned start left the interval last promised; a new one is promised then |
| churn | how often a vehicle was sent elsewhere than where it drove to, or stood |
| nervousness | (reassigned stops + churn without closure or cancellation + promise breaks) / N, over all plans |

Recovered value and the gap to hindsight compare days: `recovered` and `closed_gap`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, zip_longest
from statistics import fmean

import numpy as np

from routing.problem.model import Objective, TimeWindow
from routing.simulate.record import Attempt, DayRecord, Snapshot
from routing.simulate.world import World

PROMISE_S = 1_800
"""A promise reaches from so long before the planned start until so long after it, within the windows."""
LATE_15_S = 900
REASSIGNED_WEIGHT, CHURN_WEIGHT, BREAK_WEIGHT = 1.0, 1.0, 1.0
"""Of nervousness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Split the cost of a day as it was, in cents."""

    duty_cents: int
    distance_cents: int
    lateness_cents: int
    vehicle_cents: int
    missed_cents: int

    @property
    def total_cents(self) -> int:
        """Return J."""
        return self.duty_cents + self.distance_cents + self.lateness_cents + self.vehicle_cents + self.missed_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Say how much plans changed on the way."""

    plans: int
    reassigned: int
    reassigned_ratio: float
    successor_ratio: float
    kendall_ratio: float
    shift_min: float
    shift_p95_min: float
    promise_breaks: int
    churn: int
    churn_excused: int
    """The part of churn where the stop was closed off or cancelled."""
    nervousness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Hold the figures of one day under one policy."""

    asked: int
    """N."""
    served: int
    first_attempts: int
    """Served at the first visit."""
    on_time_ratio: float
    otif_ratio: float
    late_15_ratio: float
    lateness_min: float
    spent: Spent
    duty_h: float
    distance_km: float
    vehicles: int
    decisions: int
    stability: Stability


def figures_of(world: World, record: DayRecord, objective: Objective) -> DayFigures:
    """Return the figures of a day."""
    asked = {key: each for key, each in world.customers.items() if each.cancelled_s is None}
    first: dict[str, Attempt] = {}
    for attempt in record.attempts:
        first.setdefault(attempt.stop_id, attempt)
    served = {each.stop_id: each for each in record.attempts if each.served and each.stop_id in asked}
    count = max(1, len(asked))
    lateness_s = [each.lateness_s for each in served.values()]
    duty_s = sum(each.back_s - each.left_s for each in record.duties)
    distance_m = sum(each.distance_m for each in record.driven)
    over_s = sum(each.overtime_s for each in record.duties)
    vehicles = len({each.vehicle_id for each in record.duties})
    missed = [each.stop.priority for key, each in asked.items() if key not in served]
    spent = Spent(
        duty_cents=round(duty_s * objective.duty_cents_per_h / 3600),
        distance_cents=round(distance_m * objective.distance_cents_per_km / 1000),
        lateness_cents=round((sum(lateness_s) + over_s) * objective.lateness_cents_per_min / 60),
        vehicle_cents=vehicles * objective.vehicle_cents,
        missed_cents=sum(objective.unserved_stop_cents(priority) for priority in missed),
    )
    return DayFigures(
        asked=len(asked),
        served=len(served),
        first_attempts=sum(first[key].served for key in served),
        on_time_ratio=sum(first[key].lateness_s == 0 for key in asked if key in first) / count,
        otif_ratio=sum(late_s == 0 for late_s in lateness_s) / count,
        late_15_ratio=sum(late_s > LATE_15_S for late_s in lateness_s) / count,
        lateness_min=sum(lateness_s) / 60,
        spent=spent,
        duty_h=duty_s / 3600,
        distance_km=distance_m / 1000,
        vehicles=vehicles,
        decisions=record.decisions,
        stability=stability(world, record, len(asked)),
    )


def stability(world: World, record: DayRecord, asked: int) -> Stability:
    """Return how much the plans of a day changed, one against the next."""
    pairs = [_Pair(before, after) for before, after in pairwise(record.snapshots)]
    shifts_s = [abs(pair.shift_s(stop_id)) for pair in pairs for stop_id in pair.both]
    reassigned = sum(len(pair.reassigned()) for pair in pairs)
    breaks = promise_breaks(world, record.snapshots)
    excused = sum(each.excused for each in record.turned)
    weighted = REASSIGNED_WEIGHT * reassigned + CHURN_WEIGHT * (len(record.turned) - excused) + BREAK_WEIGHT * breaks
    return Stability(
        plans=len(record.snapshots),
        reassigned=reassigned,
        reassigned_ratio=_mean([len(pair.reassigned()) / len(pair.both) for pair in pairs if pair.both]),
        successor_ratio=_mean([pair.successors() / len(pair.both) for pair in pairs if pair.both]),
        kendall_ratio=_mean([pair.kendall() for pair in pairs]),
        shift_min=_mean(shifts_s) / 60,
        shift_p95_min=float(np.percentile(shifts_s, 95)) / 60 if shifts_s else 0.0,
        promise_breaks=breaks,
        churn=len(record.turned),
        churn_excused=excused,
        nervousness=weighted / max(1, asked),
    )


class _Pair:
    """Compare a plan with the next one on the stops that stand in both and nobody has begun to serve."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self._was, self._now = _places(before), _places(after)
        self._after_was, self._after_now = _successors(before), _successors(after)
        self.both = [key for key in self._was if key in self._now and key in after.not_started]

    def shift_s(self, stop_id: str) -> int:
        return self._now[stop_id][2] - self._was[stop_id][2]

    def reassigned(self) -> list[str]:
        return [key for key in self.both if self._was[key][0] != self._now[key][0]]

    def successors(self) -> int:
        return sum(self._after_was[key] != self._after_now[key] for key in self.both)

    def kendall(self) -> float:
        """Return the mean over vehicles of the share of turned pairs."""
        shares = []
        for vehicle_id in sorted({self._was[key][0] for key in self.both}):
            mine = [key for key in self.both if self._was[key][0] == vehicle_id == self._now[key][0]]
            if len(mine) > 1:
                turned = sum(
                    (self._was[a][1] < self._was[b][1]) != (self._now[a][1] < self._now[b][1])
                    for a, b in combinations(mine, 2)
                )
                shares.append(turned / (len(mine) * (len(mine) - 1) / 2))
        return _mean(shares)


def _places(snapshot: Snapshot) -> dict[str, tuple[str, int, int]]:
    return {
        stop_id: (vehicle_id, number, start_s)
        for vehicle_id, visits in snapshot.routes.items()
        for number, (stop_id, start_s) in enumerate(visits)
    }


def _successors(snapshot: Snapshot) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for visits in snapshot.routes.values():
        ids = [stop_id for stop_id, _ in visits]
        found |= dict(zip_longest(ids, ids[1:]))
    return found


def promise_breaks(world: World, snapshots: tuple[Snapshot, ...]) -> int:
    """Return how often a planned start left the interval that was last promised."""
    promised: dict[str, tuple[int, int]] = {}
    breaks = 0
    for snapshot in snapshots:
        for stop_id, start_s in _starts(snapshot):
            customer = world.customers.get(stop_id)
            if customer is None:
                continue  # a place where goods change vehicle: nobody waits there
            known = promised.get(stop_id)
            if known is not None and known[0] <= start_s <= known[1]:
                continue
            breaks += known is not None
            promised[stop_id] = _promise(start_s, customer.windows_at(snapshot.at_s))
    return breaks


def _starts(snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    for visits in snapshot.routes.values():
        yield from (visit for visit in visits if visit[0] in snapshot.not_started)


def _promise(start_s: int, windows: tuple[TimeWindow, ...]) -> tuple[int, int]:
    """Return the planned start and some time on both sides, within the window that it lies in."""
    first_s, last_s = start_s - PROMISE_S, start_s + PROMISE_S
    for window in windows:
        if window.start_s <= start_s <= window.end_s:
            return max(first_s, window.start_s), min(last_s, window.end_s)
    return first_s, last_s


def recovered(static_cents: float, policy_cents: float, hindsight_cents: float) -> float:
    """Return the share of what hindsight gains over the plan driven as it is that a policy gains."""
    between = static_cents - hindsight_cents
    return (static_cents - policy_cents) / between if between else 0.0


def closed_gap(greedy_cents: Mapping[int, float], ours: Mapping[int, float], hindsight: Mapping[int, float]) -> float:
    """Return the share of the gap between greedy insertion and hindsight that a policy closes, over all its seeds."""
    seeds = greedy_cents.keys() & ours.keys() & hindsight.keys()
    between = sum(greedy_cents[seed] - hindsight[seed] for seed in seeds)
    return sum(greedy_cents[seed] - ours[seed] for seed in seeds) / between if between else 0.0


def _mean(values: list[float] | list[int]) -> float:
    return fmean(values) if values else 0.0
