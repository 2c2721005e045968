"""How far the chances that were told came true.

Of every published plan each visit still to be made tells a chance to begin in time and an interval for its start that
holds in four cases of five. Chances are judged on stops with windows (others are never late). Plans change: a visit
counts as kept where its vehicle then went to just those stops before it that the plan had named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing.simulate.record import Attempt, DayRecord

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold what a plan said of one visit."""

    at_s: int
    """When the plan was published."""
    vehicle_id: str
    stop_id: str
    before: tuple[str, ...]
    """Stops that the vehicle was to go to first."""
    on_time: float | None
    """None: the stop has no window."""
    p10_s: int
    p90_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Hold sums, so that days can be added up."""

    chances: int = 0
    squares: float = 0.0
    """Sum of (chance - outcome)²."""
    on_time: int = 0
    """How many of these began in time."""
    intervals: int = 0
    early: int = 0
    """Starts before the interval,"""
    late: int = 0
    """and after it."""
    bins: tuple[tuple[int, float, int], ...] = ((0, 0.0, 0),) * BINS
    """Of the chances in each tenth: how many, their sum, and how many began in time."""

    def plus(self, other: Calibration) -> Calibration:
        """Return the sums of both."""
        return Calibration(
            chances=self.chances + other.chances,
            squares=self.squares + other.squares,
            on_time=self.on_time + other.on_time,
            intervals=self.intervals + other.intervals,
            early=self.early + other.early,
            late=self.late + other.late,
            bins=tuple((a + x, b + y, c + z) for (a, b, c), (x, y, z) in zip(self.bins, other.bins, strict=True)),
        )

    @property
    def brier(self) -> float:
        """Return the mean of (chance - outcome)²."""
        return self.squares / max(1, self.chances)

    @property
    def skill(self) -> float:
        """Return 1 - Brier score / that of who always tells the mean; 0 where all came in time, or none."""
        mean = self.on_time / max(1, self.chances)
        return 1 - self.brier / (mean * (1 - mean)) if 0 < mean < 1 else 0.0

    @property
    def coverage(self) -> float:
        """Return the share of starts within their intervals."""
        return 1 - (self.early + self.late) / max(1, self.intervals)


def judged(told: Iterable[Told], record: DayRecord, *, kept_only: bool) -> Calibration:
    """Return how what was told compares with the next visit to each stop."""
    visits: dict[str, list[Attempt]] = {}
    for attempt in sorted(record.attempts, key=lambda each: each.start_s):
        visits.setdefault(attempt.stop_id, []).append(attempt)
    by_vehicle: dict[str, list[Attempt]] = {}
    for attempt in sorted(record.attempts, key=lambda each: each.start_s):
        by_vehicle.setdefault(attempt.vehicle_id, []).append(attempt)
    total = Calibration()
    for one in told:
        real = next((each for each in visits.get(one.stop_id, ()) if each.start_s >= one.at_s), None)
        if real is None:
            continue
        if kept_only and not _is_kept(one, real, by_vehicle[real.vehicle_id]):
            continue
        total = total.plus(_single(one, real))
    return total


def _is_kept(one: Told, real: Attempt, driven: list[Attempt]) -> bool:
    between = {each.stop_id for each in driven if one.at_s <= each.start_s < real.start_s}
    return real.vehicle_id == one.vehicle_id and between == set(one.before)


def _single(one: Told, real: Attempt) -> Calibration:
    in_time = real.lateness_s == 0
    bins = [(0, 0.0, 0)] * BINS
    chance = one.on_time
    if chance is not None:
        bins[min(int(chance * BINS), BINS - 1)] = (1, chance, int(in_time))
    return Calibration(
        chances=int(chance is not None),
        squares=0.0 if chance is None else (chance - in_time) ** 2,
        on_time=int(chance is not None and in_time),
        intervals=1,
        early=int(real.start_s < one.p10_s),
        late=int(real.start_s > one.p90_s),
        bins=tuple(bins),
    )
