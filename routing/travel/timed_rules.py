"""What the map opens, closes or slows at some hours only, in the slices of a metric."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.road_network import (
    CLOSED_OUTSIDE,
    CLOSED_WITHIN,
    SPEED_WITHIN,
    TURN_CLOSED_WITHIN,
    RoadNetwork,
)
from routing.travel.hours import Span

Pieces = tuple[tuple[int, int], ...]
"""From when until when something holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTimes:
    """Hold when each of a network's r timed rules holds during a span."""

    network: RoadNetwork
    pieces: tuple[Pieces, ...]

    def holding(self, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rules hold in slices that begin at `starts`, r x k; they must be cut at all `edges`."""
        rows = [holding(each, starts) for each in self.pieces]
        return np.array(rows, np.bool_).reshape(len(rows), starts.size)

    def closed(self, holding: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which arcs the rules close, k x a."""
        closed = np.zeros((holding.shape[1], self.network.arc_count), dtype=np.bool_)
        for rule, effect in enumerate(self.network.rule_effect.tolist()):
            if effect in (CLOSED_WITHIN, CLOSED_OUTSIDE):
                rows = np.flatnonzero(holding[rule] == (effect == CLOSED_WITHIN))
                closed[np.ix_(rows, self._members(rule))] = True
        return closed

    def free_ms(self, holding: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the free-flow times of the arcs under some rules (r), a; of several speeds the last one counts."""
        network, free_ms = self.network, self.network.arc_free_ms
        for rule in np.flatnonzero(holding & (network.rule_effect == SPEED_WITHIN)).tolist():
            if free_ms is network.arc_free_ms:
                free_ms = free_ms.copy()
            members = self._members(rule)
            time_ms = np.rint(network.arc_length_mm[members] * 3.6 / network.rule_kph[rule])
            free_ms[members] = np.maximum(time_ms, 1)
        return free_ms

    def turns(self, holding: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the turns that some rule forbids, u, and when, k x u."""
        rules = np.flatnonzero(self.network.rule_effect == TURN_CLOSED_WITHIN).tolist()
        timed = np.unique(np.concatenate([np.zeros(0, np.int32), *(self._members(rule) for rule in rules)]))
        closed = np.zeros((holding.shape[1], timed.size), dtype=np.bool_)
        for rule in rules:
            closed[np.ix_(np.flatnonzero(holding[rule]), np.searchsorted(timed, self._members(rule)))] = True
        return timed.astype(np.int32), closed

    def _members(self, rule: int) -> NDArray[np.int32]:
        first = self.network.rule_first
        return self.network.rule_member[first[rule] : first[rule + 1]]


def rule_times(network: RoadNetwork, span: Span) -> RuleTimes:
    """Return when a network's timed rules hold; each wording is worked out once."""
    of = {hours: span.within(hours) for hours in dict.fromkeys(network.rule_hours)}
    return RuleTimes(network=network, pieces=tuple(of[hours] for hours in network.rule_hours))


def edges(pieces: Iterable[Pieces]) -> list[int]:
    """Return every instant at which something begins or ends to hold."""
    return [edge for each in pieces for piece in each for edge in piece]


def holding(pieces: Pieces, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether something holds in slices that are cut at its edges, k."""
    holds = np.zeros(starts.size, dtype=np.bool_)
    for begin_s, end_s in pieces:
        holds |= (starts >= begin_s) & (starts < end_s)
    return holds
