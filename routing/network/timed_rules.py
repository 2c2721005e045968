"""Put what holds at some times only on the arcs and turns of a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.layers import Layers
from routing.network.road_network import TURN_CLOSED_WITHIN
from routing.network.spread import spread
from routing.network.via_ways import Copied
from routing.network.ways import TimedWay

_Key = tuple[int, str, float]
"""Effect, hours and speed in km/h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedRules:
    """Hold r timed rules as `RoadNetwork` does."""

    hours: tuple[str, ...]
    effect: NDArray[np.uint8]
    kph: NDArray[np.float64]
    first: NDArray[np.int64]
    member: NDArray[np.int32]


def timed_rules(timed: Sequence[TimedWay], way: NDArray[np.int64], copied: Copied, layers: Layers) -> TimedRules:
    """Return the rules on the arcs and turns of a network, those of the same words together; all copies are meant.

    `way` is the row of each arc's way in the extract.
    """
    members: dict[_Key, list[NDArray[np.int64]]] = {}
    if timed:
        order = np.argsort(way, kind="stable")
        rows, backward = way[order], layers.lane[order] & 1
        for rule in timed:
            arcs = _between(rows, rule.rows)
            arcs = arcs[np.where(backward[arcs] == 1, rule.backward, rule.forward)]
            members.setdefault((rule.effect, rule.hours, rule.speed_kph), []).append(order[arcs])
    if copied.timed:
        order = np.argsort(layers.turn, kind="stable")
        rows = layers.turn[order]
        for hours, turns in copied.timed:
            members.setdefault((TURN_CLOSED_WITHIN, hours, 0.0), []).append(order[_between(rows, turns)])
    return _collect(members)


def _between(increasing: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the wanted values stand in an array that does not decrease."""
    return spread(np.searchsorted(increasing, wanted), np.searchsorted(increasing, wanted, side="right"))[1]


def _collect(members: dict[_Key, list[NDArray[np.int64]]]) -> TimedRules:
    found: Iterable[tuple[_Key, NDArray[np.int64]]] = (
        (key, np.unique(np.concatenate(members[key]))) for key in sorted(members)
    )
    kept = [(key, each) for key, each in found if each.size]
    return TimedRules(
        hours=tuple(hours for (_, hours, _), _ in kept),
        effect=np.array([effect for (effect, _, _), _ in kept], dtype=np.uint8),
        kph=np.array([kph for (_, _, kph), _ in kept], dtype=np.float64),
        first=np.cumsum([0, *(each.size for _, each in kept)], dtype=np.int64),
        member=np.concatenate([np.zeros(0, dtype=np.int64), *(each for _, each in kept)]).astype(np.int32),
    )
