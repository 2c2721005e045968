"""How sure a plan is: the chance of each stop to be served in time, and when it is served in most draws.

The chances are counted in simulated days (see `draws`). Sums of normal distributions cannot replace them: they miss
that waiting makes up for delays, and were off by up to 0.24 where 1,000 draws are off by 0.02 (facts/dynamic.md 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.events.asked import AvailabilityStep
from routing.events.day import Day
from routing.plan.model import Plan
from routing.replan.draws import Draws, Uncertainty, simulate
from routing.replan.remaining import Remaining

QUANTILES = (0.1, 0.5, 0.9)

Availability = Mapping[str, Sequence[AvailabilityStep]]
"""How likely somebody can receive, by stop id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Hold the chances of the visits of a plan: one row a visit, in the order of its routes."""

    stop_ids: tuple[str, ...]
    on_time_probability: NDArray[np.float64]
    """That service starts before the last window has ended."""
    p10_s: NDArray[np.int64]
    p50_s: NDArray[np.int64]
    p90_s: NDArray[np.int64]
    """Start of service (Unix epoch) that 10, 50 and 90 % of the draws do not exceed."""
    at_home_ratio: NDArray[np.float64]
    """How likely somebody can receive when service starts."""

    @property
    def expected_late_stops(self) -> float:
        """Return how many stops are to be expected late."""
        return float((1 - self.on_time_probability).sum())

    @property
    def expected_failures(self) -> float:
        """Return how many visits are to be expected in vain, for want of somebody to receive."""
        return float((1 - self.at_home_ratio).sum())


def availability_of(day: Day) -> Availability:
    """Return what is known of who can receive when, without the stops of which nothing is."""
    return {key: state.stop.availability for key, state in day.stops.items() if state.stop.availability}


def chances(
    rest: Remaining,
    plan: Plan,
    *,
    draws: int,
    seed: int,
    uncertainty: Uncertainty | None = None,
    availability: Availability | None = None,
) -> Risk:
    """Return the chances of every visit of a plan of the remaining problem; the same arguments give the same bytes."""
    visits = [visit for route in plan.routes for visit in route.visits]
    stop_ids, known = tuple(visit.stop_id for visit in visits), availability or {}
    planned = {visit.stop_id: np.array([float(visit.start_s)]) for visit in visits}
    absence = {key: 1 - _at_home_ratio(steps, planned[key]) for key, steps in known.items() if key in planned}
    spread = uncertainty or Uncertainty()
    starts_s = simulate(rest, plan, draws=draws, seed=seed, uncertainty=spread, absence=absence)
    windows = {stop.id: stop.windows for stop in rest.problem.stops}
    last_s = np.array([windows[key][-1].end_s if windows[key] else np.inf for key in stop_ids])
    ranks = [max(0, int(np.ceil(share * draws)) - 1) for share in QUANTILES]
    # Sorting whole rows is quicker than numpy's partition.
    starts_s.sort(axis=1)
    quantiles_s = np.rint(starts_s[:, ranks]).astype(np.int64)
    return Risk(
        stop_ids=stop_ids,
        on_time_probability=np.count_nonzero(starts_s <= last_s[:, None], axis=1) / draws,
        p10_s=quantiles_s[:, 0],
        p50_s=quantiles_s[:, 1],
        p90_s=quantiles_s[:, 2],
        at_home_ratio=np.array(
            [_at_home_ratio(known.get(key, ()), row) for key, row in zip(stop_ids, starts_s, strict=True)]
        ),
    )


def _at_home_ratio(steps: Sequence[AvailabilityStep], starts_s: Draws) -> float:
    """Return how likely somebody can receive, the mean over sorted starts; surely so where no step holds."""
    edges = starts_s.searchsorted([edge for step in steps for edge in (step.from_s, step.until_s)]).tolist()
    counts = [until - since for since, until in zip(edges[::2], edges[1::2], strict=True)]
    missing = [(1 - step.at_home_ratio) * count for step, count in zip(steps, counts, strict=True)]
    return 1 - float(sum(missing)) / starts_s.size
