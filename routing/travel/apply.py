"""Derive the metric that conditions leave of another; taking one back is deriving again without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from routing.travel.conditions import (
    Closure,
    Condition,
    InPolygon,
    NearestTo,
    OnWay,
    Reopening,
    Slowdown,
    Weather,
    Where,
    fading_s,
)
from routing.travel.metric import Metric
from routing.travel.slow import DELAY, FACTOR, LONGEST_MS, SPEED, Effect, slow
from routing.travel.weather import DEFAULT_WEATHER, WeatherTable, weather_faults
from routing.travel.where import Places, Touched

FADE_STEPS = 4
"""What fades does so in this many slices, each at the mean of its time: speeds stay piecewise constant."""
_LONG_AGO = -(1 << 62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Say how many arcs a condition touches; none means that the map has no such road."""

    condition_id: str
    arcs: int


def apply_conditions(
    network: RoadNetwork,
    metric: Metric,
    conditions: Sequence[Condition],
    *,
    places: Places | None = None,
    weather: WeatherTable = DEFAULT_WEATHER,
    from_s: int | None = None,
) -> Metric:
    """Return the metric under all conditions together, in whatever order they are given.

    Speed factors (of traffic and weather) multiply. A reported speed takes the place of table and factors, the lowest
    of several, never above free flow. On a part of an arc both count for that part; a closure always for the whole
    arc. Delays are then spread over their stretches and added. Traffic keeps at least 3 km/h unless the arc is closed
    (see `Reopening` for which word on that counts). The slices are cut where a condition begins, ends or fades;
    slices and arcs that none touches keep every number. Slices that end before `from_s`, where that is given, are left
    out: nobody drives then any more.

    `places` keeps what was found on the map for the next call. InputError names every condition that says nothing or
    contradicts itself; one whose place is not on the map changes nothing (see `matches`).
    """
    check_conditions(conditions, weather)
    found = places or Places(network)
    # Products of floats depend on their order in the last digit: the order here is that of the conditions' own words.
    ordered = sorted(conditions, key=repr)
    phases = [(condition, phase) for condition in ordered for phase in _phases(condition)]
    starts = _cut(metric.slice_start_s, [edge for _, phase in phases for edge in phase[:2] if edge is not None])
    if from_s is not None:
        starts = starts[max(0, int(np.searchsorted(starts, from_s, side="right")) - 1) :]
    base = np.maximum(np.searchsorted(metric.slice_start_s, starts, side="right") - 1, 0)
    arc_ms, closed = metric.arc_ms[base], metric.closed[base]
    effects: list[Effect] = []
    for condition, (from_s, until_s, faded) in phases:
        if isinstance(condition, (Slowdown, Weather)):
            rows = _rows(starts, from_s, until_s)
            effects += _effects(network, found, condition, rows, faded, weather)
    slow(network, arc_ms, effects)
    # The last word on an arc counts, so it is written last.
    said = [condition for condition in ordered if isinstance(condition, (Closure, Reopening))]
    for word in sorted(said, key=lambda each: (_began(each), isinstance(each, Closure))):
        begin, end = _rows(starts, word.from_s, word.until_s)
        closed[begin:end, found.touched(word.where).arc] = isinstance(word, Closure)
    turns = metric.turn_closed[base] if metric.timed_turn.size else metric.turn_closed
    return Metric(slice_start_s=starts, arc_ms=arc_ms, closed=closed, timed_turn=metric.timed_turn, turn_closed=turns)


def matches(
    network: RoadNetwork, conditions: Sequence[Condition], *, places: Places | None = None
) -> tuple[Match, ...]:
    """Return how many arcs each condition touches."""
    found = places or Places(network)
    return tuple(Match(condition_id=each.id, arcs=found.touched(_where(each)).arc.size) for each in conditions)


def _where(condition: Condition) -> Where | NearestTo | None:
    return condition.area if isinstance(condition, Weather) else condition.where


def _began(condition: Closure | Reopening) -> int:
    return _LONG_AGO if condition.from_s is None else condition.from_s


def _phases(condition: Condition) -> Iterator[tuple[int | None, int | None, float]]:
    """Yield from when until when a condition holds and how far it has faded then: once in full, then step by step."""
    fading = fading_s(condition)
    if fading is None:
        yield condition.from_s, condition.until_s, 0.0
        return
    begins_s, ends_s = fading
    if begins_s != condition.from_s:
        yield condition.from_s, begins_s, 0.0
    edges = [begins_s + (ends_s - begins_s) * step // FADE_STEPS for step in range(FADE_STEPS + 1)]
    for step in range(FADE_STEPS):
        if edges[step] < edges[step + 1]:
            yield edges[step], edges[step + 1], (step + 0.5) / FADE_STEPS


def _cut(starts: NDArray[np.int64], edges: list[int]) -> NDArray[np.int64]:
    if edges and min(edges) <= starts[0]:
        # The first slice stands for all time before it: without one more, the condition would always have held.
        edges.append(min(edges) - 1)
    return np.unique(np.concatenate((starts, np.array(edges, np.int64))))


def _rows(starts: NDArray[np.int64], from_s: int | None, until_s: int | None) -> tuple[int, int]:
    begin = 0 if from_s is None else int(np.searchsorted(starts, from_s))
    end = starts.size if until_s is None else int(np.searchsorted(starts, until_s))
    return begin, end


def _effects(
    network: RoadNetwork,
    places: Places,
    condition: Slowdown | Weather,
    rows: tuple[int, int],
    faded: float,
    weather: WeatherTable,
) -> Iterator[Effect]:
    """Yield what a condition does during one phase; nothing where the map has no such road."""
    touched = places.touched(_where(condition))
    if touched.arc.size == 0:
        return
    if isinstance(condition, Slowdown) and condition.speed_kph is not None:
        yield Effect(kind=SPEED, touched=touched, rows=rows, amount=condition.speed_kph, faded=faded)
    elif isinstance(condition, Slowdown) and condition.delay_s is not None:
        amount = min(condition.delay_s * 1000, LONGEST_MS) * (1 - faded)
        for stretch in _directions(network, condition, touched):
            once = np.zeros(stretch.arc.size, dtype=np.bool_)
            once[np.unique(places.lane[stretch.arc], return_index=True)[1]] = True
            yield Effect(kind=DELAY, touched=stretch, rows=rows, amount=amount, once=once)
    else:
        by_class = np.full(len(ROAD_CLASSES), condition.speed_factor if isinstance(condition, Slowdown) else 1.0)
        if isinstance(condition, Weather):
            by_class = weather.class_factors(condition.condition)
        yield Effect(kind=FACTOR, touched=touched, rows=rows, by_class=by_class + (1 - by_class) * faded)


def _directions(network: RoadNetwork, condition: Slowdown, touched: Touched) -> list[Touched]:
    """Return a stretch, or each driving direction of a way: a vehicle meets the delay of its own."""
    if not isinstance(condition.where, OnWay):
        return [touched]
    forward = network.arc_forward[touched.arc]
    sides = (Touched(arc=touched.arc[side], share=touched.share[side]) for side in (~forward, forward))
    return [side for side in sides if side.arc.size]


def check_conditions(conditions: Sequence[Condition], weather: WeatherTable = DEFAULT_WEATHER) -> None:
    """Raise one InputError that names every fault of the conditions, and of what is said of the weather."""
    issues = [*weather_faults(weather), *(issue for condition in conditions for issue in _faults(condition, weather))]
    if issues:
        raise InputError(issues)


def _faults(condition: Condition, weather: WeatherTable) -> list[Issue]:
    found = []

    def fault(code: str, cause: str, action: str) -> None:
        found.append(Issue(code=code, where=f"condition {condition.id or '(without id)'}", cause=cause, action=action))

    if condition.from_s is not None and condition.until_s is not None and condition.until_s <= condition.from_s:
        fault("CONDITION_TIMES", "it ends before it begins", "Give an end later than the beginning, or none.")
    if isinstance(condition, (Slowdown, Weather)) and condition.fade_s is not None:
        if condition.fade_s <= 0:
            fault("CONDITION_FADE", f"it fades over {condition.fade_s} s", "Give seconds above 0, or none.")
        elif condition.from_s is None and condition.until_s is None:
            fault("CONDITION_FADE", "it fades, but no time is given from which on", "Give its beginning or its end.")
    if isinstance(condition, Weather) and condition.condition not in weather.conditions:
        known = ", ".join(weather.conditions)
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
