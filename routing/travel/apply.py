"""Derive the metric that conditions leave of another; taking one back is deriving again without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.road_network import RoadNetwork
from routing.network.roads import lane_numbers
from routing.travel.conditions import WEATHER_FACTORS, Closure, Condition, InPolygon, Slowdown, Weather
from routing.travel.metric import Metric
from routing.travel.where import arcs_of

LEAST_KPH = 3.0
"""Slower than walking is no speed of traffic; only a closure stops it."""
LONGEST_MS = 1 << 28
"""Delays make no arc longer than these three days, so that times stay within their integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Say how many arcs a condition touches; none means that the map has no such road."""

    condition_id: str
    arcs: int


def apply_conditions(network: RoadNetwork, metric: Metric, conditions: Sequence[Condition]) -> Metric:
    """Return the metric under all conditions together, in whatever order they are given.

    Speed factors (of traffic and weather) multiply. A reported speed takes the place of table and factors, the lowest
    of several, never above free flow. Delays are then spread over their stretches and added. Traffic keeps at least
    3 km/h unless the arc is closed. The slices are cut where a condition begins or ends. InputError names every
    condition that says nothing or contradicts itself; one whose place is not on the map changes nothing (see
    `matches`).
    """
    check_conditions(conditions)
    starts = _cut(metric.slice_start_s, conditions)
    base = np.maximum(np.searchsorted(metric.slice_start_s, starts, side="right") - 1, 0)
    factor = np.ones((starts.size, network.arc_count))
    speed_kph = np.full((starts.size, network.arc_count), np.inf)
    closed = metric.closed[base].copy()
    arcs = [_arcs(network, condition) for condition in conditions]
    # Products of floats depend on their order in the last digit: the order here is that of the conditions' own words.
    for condition, touched in sorted(zip(conditions, arcs, strict=True), key=lambda pair: repr(pair[0])):
        rows = _rows(starts, condition)
        block = np.ix_(rows, touched)
        if isinstance(condition, Closure):
            closed[block] = True
        elif isinstance(condition, Weather):
            factor[block] *= WEATHER_FACTORS[condition.condition]
        elif condition.speed_factor is not None:
            factor[block] *= condition.speed_factor
        elif condition.speed_kph is not None:
            speed_kph[block] = np.minimum(speed_kph[block], condition.speed_kph)
    undelayed_ms = _times(network, metric.arc_ms[base], factor, speed_kph).astype(np.int64)
    arc_ms = undelayed_ms.copy()
    for condition, touched in zip(conditions, arcs, strict=True):
        if isinstance(condition, Slowdown) and condition.delay_s is not None:
            _spread(network, undelayed_ms, arc_ms, _rows(starts, condition), touched, condition.delay_s)
    arc_ms = np.minimum(arc_ms, np.maximum(undelayed_ms, LONGEST_MS))
    return Metric(slice_start_s=starts, arc_ms=arc_ms.astype(np.int32), closed=closed)


def matches(network: RoadNetwork, conditions: Sequence[Condition]) -> tuple[Match, ...]:
    """Return how many arcs each condition touches."""
    return tuple(Match(condition_id=each.id, arcs=int(_arcs(network, each).size)) for each in conditions)


def _arcs(network: RoadNetwork, condition: Condition) -> NDArray[np.int64]:
    if isinstance(condition, Weather):
        return arcs_of(network, condition.area) if condition.area else np.arange(network.arc_count)
    return arcs_of(network, condition.where)


def _cut(starts: NDArray[np.int64], conditions: Sequence[Condition]) -> NDArray[np.int64]:
    edges = [edge for each in conditions for edge in (each.from_s, each.until_s) if edge is not None]
    if edges and min(edges) <= starts[0]:
        # The first slice stands for all time before it: without one more, the condition would always have held.
        edges.append(min(edges) - 1)
    return np.unique(np.concatenate((starts, np.array(edges, np.int64))))


def _rows(starts: NDArray[np.int64], condition: Condition) -> NDArray[np.int64]:
    begin = 0 if condition.from_s is None else np.searchsorted(starts, condition.from_s)
    end = starts.size if condition.until_s is None else np.searchsorted(starts, condition.until_s)
    return np.arange(begin, end)


def _times(
    network: RoadNetwork,
    arc_ms: NDArray[np.int32],
    factor: NDArray[np.float64],
    speed_kph: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Return the times at the changed speeds; untouched arcs keep theirs to the millisecond."""
    length_mm = network.arc_length_mm
    slowest_ms = np.maximum(np.ceil(length_mm * 3.6 / LEAST_KPH), arc_ms)
    changed = np.ceil(arc_ms / factor)
    measured = np.maximum(np.ceil(length_mm * 3.6 / speed_kph), network.arc_free_ms)
    changed = np.where(np.isfinite(speed_kph), measured, changed)
    return np.where((factor != 1.0) | np.isfinite(speed_kph), np.clip(changed, 1, slowest_ms), arc_ms).astype(np.int32)


def _spread(
    network: RoadNetwork,
    undelayed_ms: NDArray[np.int64],
    arc_ms: NDArray[np.int64],
    rows: NDArray[np.int64],
    arcs: NDArray[np.int64],
    delay_s: int,
) -> None:
    """Add a delay to each driving direction of a stretch, by their undelayed times; all copies of a road alike."""
    lane = lane_numbers(network)
    for forward in (False, True):
        stretch = arcs[network.arc_forward[arcs] == forward]
        once = stretch[np.unique(lane[stretch], return_index=True)[1]]
        block = np.ix_(rows, stretch)
        share = undelayed_ms[block] / undelayed_ms[np.ix_(rows, once)].sum(axis=1, keepdims=True)
        arc_ms[block] += np.ceil(share * min(delay_s * 1000, LONGEST_MS)).astype(np.int64)


def check_conditions(conditions: Sequence[Condition]) -> None:
    """Raise one InputError that names every fault of the conditions."""
    issues = [issue for condition in conditions for issue in _faults(condition)]
    if issues:
        raise InputError(issues)


def _faults(condition: Condition) -> list[Issue]:
    found = []

    def fault(code: str, cause: str, action: str) -> None:
        found.append(Issue(code=code, where=f"condition {condition.id or '(without id)'}", cause=cause, action=action))

    if condition.from_s is not None and condition.until_s is not None and condition.until_s <= condition.from_s:
        fault("CONDITION_TIMES", "it ends before it begins", "Give an end later than the beginning, or none.")
    if isinstance(condition, Weather) and condition.condition not in WEATHER_FACTORS:
        known = ", ".join(WEATHER_FACTORS)
        fault("WEATHER_UNKNOWN", f"the weather {condition.condition!r} is not known", f"Use one of: {known}.")
    if isinstance(condition, Slowdown):
        given = [
            value for value in (condition.speed_factor, condition.speed_kph, condition.delay_s) if value is not None
        ]
        if len(given) != 1:
            fault(
                "SLOWDOWN_VALUE",
                f"{len(given)} of factor, speed and delay are given",
                "Give exactly one of them.",
            )
        elif not np.isfinite(given[0]) or given[0] <= 0:
            fault(
                "SLOWDOWN_VALUE",
                f"the value {given[0]} is not above 0",
                "Report a road that stands still as closed.",
            )
        if condition.delay_s is not None and isinstance(condition.where, InPolygon):
            fault(
                "SLOWDOWN_DELAY",
                "a delay is given for an area",
                "Give a factor, or the stretch as a way or a line.",
            )
    return found
