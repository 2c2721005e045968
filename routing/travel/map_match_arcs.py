"""When each arc of a matched trace was driven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.location import ARC_UNITS
from routing.network.road_network import RoadNetwork
from routing.travel.map_match import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenArcs:
    """Hold the d arcs of a match in the order in which they were driven."""

    piece: NDArray[np.int64]
    """Piece of the match to which each belongs, d."""
    arc: NDArray[np.int32]
    share: NDArray[np.float64]
    """Share of the arc that was driven: 1 save where a piece begins or ends, d."""
    turn_ms: NDArray[np.int64]
    """Time expected to be lost in the turn onto it, d."""
    enter_s: NDArray[np.float64]
    leave_s: NDArray[np.float64]
    """Between the fixes time runs as at free flow, turns included, all slower or faster alike, d."""


def driven_arcs(network: RoadNetwork, match: Match) -> DrivenArcs:
    """Return the arcs of a match, with the instants (Unix epoch) of their beginning and end."""
    step, arc = match.row_step, match.row_arc
    share = (match.row_to - match.row_from) / ARC_UNITS
    # A millisecond for each row, so that also a step on which nothing moves has a time to share out.
    moving_ms = np.maximum(share, 0.0) * network.arc_free_ms[arc] + 1.0
    first = np.flatnonzero(np.diff(step, prepend=-1))
    row_count = np.diff(np.append(first, step.size))
    passed_ms = np.cumsum(moving_ms + match.row_turn_ms)
    begun_ms = np.repeat((passed_ms - moving_ms - match.row_turn_ms)[first], row_count)
    whole_ms = np.repeat(np.add.reduceat(moving_ms + match.row_turn_ms, first), row_count)
    took_s = match.time_s[step + 1] - match.time_s[step]
    leave_s = match.time_s[step] + took_s * (passed_ms - begun_ms) / whole_ms
    enter_s = leave_s - took_s * moving_ms / whole_ms
    piece = match.piece[step]
    goes_on = np.zeros(step.size, np.bool_)
    goes_on[1:] = (
        (np.diff(step) > 0) & (np.diff(piece) == 0) & (np.diff(arc) == 0) & (match.row_from[1:] == match.row_to[:-1])
    )
    begin = np.flatnonzero(~goes_on)
    end = np.append(begin, step.size)[1:] - 1
    return DrivenArcs(
        piece=piece[begin],
        arc=arc[begin],
        share=np.add.reduceat(share, begin),
        turn_ms=match.row_turn_ms[begin],
        enter_s=enter_s[begin],
        leave_s=leave_s[end],
    )
