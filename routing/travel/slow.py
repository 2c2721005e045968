"""Slow the arcs that conditions touch, row by row of a metric, and leave every other number as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from routing.travel.where import Touched

LEAST_KPH = 3.0
"""Slower than walking is no speed of traffic; only a closure stops it."""
LONGEST_MS = 1 << 28
"""Delays make no arc longer than these three days, so that times stay within their integers."""
FACTOR, SPEED, DELAY = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Say what happens to the arcs of a place in the rows from the first up to, but not including, the last."""

    kind: int
    """`FACTOR`, `SPEED` or `DELAY`."""
    touched: Touched
    rows: tuple[int, int]
    by_class: NDArray[np.float64] | None = None
    """Under `FACTOR`: share of speed that remains, for each of `ROAD_CLASSES`."""
    amount: float = 0.0
    """Under `SPEED` km/h, under `DELAY` milliseconds over the whole stretch."""
    faded: float = 0.0
    """Under `SPEED`: how far it has faded, from 0 up to 1."""
    once: NDArray[np.bool_] | None = None
    """Under `DELAY`: False for arcs that are copies of another one of the stretch."""


def slow(network: RoadNetwork, arc_ms: NDArray[np.int32], effects: Sequence[Effect]) -> None:
    """Change the times of k x a arcs in place; those that no effect touches keep theirs.

    Products of factors are formed in the order of the effects. A factor or a speed on a part of an arc slows that part;
    the rest keeps its time (their times add up, so the mean is harmonic).
    """
    if not effects:
        return
    places: dict[int, int] = {}
    parts: list[tuple[Touched, NDArray[np.bool_]]] = []
    for effect in effects:
        if id(effect.touched) not in places:
            places[id(effect.touched)] = len(parts)
            once = np.ones(effect.touched.arc.size, np.bool_) if effect.once is None else effect.once
            parts.append((effect.touched, once))
    by_class = np.ones((len(effects), len(ROAD_CLASSES)))
    for row, effect in enumerate(effects):
        if effect.by_class is not None:
            by_class[row] = effect.by_class
    _slow(
        np.array([effect.kind for effect in effects]),
        np.array([places[id(effect.touched)] for effect in effects]),
        np.array([effect.rows for effect in effects]),
        by_class,
        np.array([effect.amount for effect in effects], np.float64),
        np.array([effect.faded for effect in effects], np.float64),
        np.cumsum([0, *(part.arc.size for part, _ in parts)]),
        np.concatenate([part.arc for part, _ in parts]),
        np.concatenate([part.share for part, _ in parts]),
        np.concatenate([once for _, once in parts]),
        network.arc_class, network.arc_free_ms, network.arc_length_mm, arc_ms,
    )  # fmt: skip


@njit(cache=True)
def _slow(  # type: ignore[no-untyped-def]
    kind, place, rows, by_class, amount, faded, first, arc, share, once, arc_class, free_ms, length_mm, arc_ms,
):  # fmt: skip
    arcs = arc_ms.shape[1]
    seen, found, count = np.zeros(arcs, np.bool_), np.empty(arcs, np.int64), 0
    factor, walked_ms = np.empty(arcs), np.empty(arcs)
    slowest, extra = np.zeros(arcs), np.zeros(arcs, np.int64)
    for k in range(rows[:, 0].min(), rows[:, 1].max()):
        if (rows == k).any():
            # Other effects than in the row before: gather anew what is touched, and the product of its factors.
            for i in range(count):
                seen[found[i]] = False
            count = 0
            for effect in range(kind.size):
                if rows[effect, 0] <= k < rows[effect, 1]:
                    part = slice(first[place[effect]], first[place[effect] + 1])
                    for at in arc[part]:
                        if not seen[at]:
                            seen[at], factor[at], found[count] = True, 1.0, at
                            walked_ms[at] = np.ceil(length_mm[at] * 3.6 / LEAST_KPH)
                            count += 1
                    if kind[effect] == FACTOR:
                        _multiply(arc[part], share[part], by_class[effect], arc_class, factor)
        for effect in range(kind.size):
            if kind[effect] == SPEED and rows[effect, 0] <= k < rows[effect, 1]:
                part = slice(first[place[effect]], first[place[effect] + 1])
                kph, gone = amount[effect], faded[effect]
                _report(arc[part], share[part], kph, gone, free_ms, length_mm, factor, arc_ms[k], slowest)
        _settle(found[:count], factor, walked_ms, slowest, arc_ms[k])
        for effect in range(kind.size):
            if kind[effect] == DELAY and rows[effect, 0] <= k < rows[effect, 1]:
                part = slice(first[place[effect]], first[place[effect] + 1])
                _spread(arc[part], share[part], once[part], amount[effect], arc_ms[k], extra)
        if (kind == DELAY).any():
            for at in found[:count]:
                longest = max(np.int64(arc_ms[k, at]), LONGEST_MS)
                arc_ms[k, at] = min(arc_ms[k, at] + extra[at], longest)
                extra[at] = 0


@njit(cache=True)
def _multiply(arc, share, by_class, arc_class, factor):  # type: ignore[no-untyped-def]
    """Multiply the factors of speed of some arcs."""
    for i in range(arc.size):
        kept = by_class[arc_class[arc[i]]]
        factor[arc[i]] *= kept if share[i] == 1.0 else 1 / (1 - share[i] + share[i] / kept)


@njit(cache=True)
def _report(arc, share, kph, faded, free_ms, length_mm, factor, row_ms, slowest):  # type: ignore[no-untyped-def]
    """Raise the slowest reported time of some arcs to that of one more report."""
    for i in range(arc.size):
        at = arc[i]
        usual = row_ms[at] / factor[at]
        time = share[i] * max(np.ceil(length_mm[at] * 3.6 / kph), free_ms[at]) + (1 - share[i]) * usual
        if faded > 0:
            # The speed, not the time, goes back to its usual value in a straight line.
            time = 1 / ((1 - faded) / time + faded / usual)
        slowest[at] = max(slowest[at], time)


@njit(cache=True)
def _settle(found, factor, walked_ms, slowest, row_ms):  # type: ignore[no-untyped-def]
    """Write the times of what is touched, by report or by factor, and forget the reports."""
    for at in found:
        time = row_ms[at] / factor[at]
        if slowest[at] > 0:
            time, slowest[at] = slowest[at], 0.0
        row_ms[at] = min(max(np.ceil(time), 1.0), max(walked_ms[at], np.float64(row_ms[at])))


@njit(cache=True)
def _spread(arc, share, once, delay_ms, row_ms, extra):  # type: ignore[no-untyped-def]
    """Add a delay to a stretch, by undelayed times; all copies of a road alike."""
    total = 0.0
    for i in range(arc.size):
        if once[i]:
            total += share[i] * row_ms[arc[i]]
    for i in range(arc.size):
        extra[arc[i]] += np.int64(np.ceil(share[i] * row_ms[arc[i]] / total * delay_ms))
