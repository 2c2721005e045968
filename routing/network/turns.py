"""Which lane leads into which, and what the turn costs.

A lane is one direction of a run: lane 2i is run i as its way is drawn, lane 2i + 1 the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.profile import Profile
from routing.network.runs import Runs

_CARRIAGEWAYS_DEG = 120.0
"""Least angle of a turn between the carriageways of one street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Hold t turns between lanes, by `source`, then by `target`."""

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    is_u_turn: NDArray[np.bool_]
    at_dead_end_only: NDArray[np.bool_]
    """True where a turn may not be made while another one leads on: U-turns where other roads lead to the node too."""
    cost_ms: NDArray[np.int32]


def lane_nodes(runs: Runs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the nodes where each lane starts and ends."""
    start, end = runs.path_node[runs.first], runs.path_node[runs.last]
    return np.column_stack([start, end]).ravel().astype(np.int64), np.column_stack([end, start]).ravel().astype(
        np.int64
    )


def find_turns(
    runs: Runs,
    lane_open: NDArray[np.bool_],
    node_delay_s: NDArray[np.float64],
    node_blocked: NDArray[np.bool_],
    run_is_ring: NDArray[np.bool_],
    run_street: NDArray[np.int64],
    profile: Profile,
    *,
    drives_on_left: bool,
) -> Turns:
    """Return every turn between open lanes, U-turns included; past a blocked node there are only U-turns.

    `node_delay_s` is what a node costs those who come to it forward and backward along their way, n x 2. `run_street`
    is the same number for runs of one name and class, below 0 without a name. Where traffic drives on the left, a turn
    costs what its mirror image costs elsewhere. Who comes over the only road that leads to a node disturbs nobody there
    and may turn round, as in OSRM (`intersection_analysis.cpp`, `isTurnAllowed`).
    """
    tail, head = lane_nodes(runs)
    lanes = np.flatnonzero(lane_open)
    out = lanes[np.argsort(tail[lanes], kind="stable")]
    out_count = np.bincount(tail[lanes], minlength=node_blocked.size)
    out_first = np.concatenate([[0], np.cumsum(out_count)])
    fan = out_count[head[lanes]]
    source = np.repeat(lanes, fan)
    place = np.arange(source.size) - np.repeat(np.cumsum(fan) - fan, fan)
    target = out[np.repeat(out_first[head[lanes]], fan) + place]
    is_u_turn = (source ^ 1) == target
    passable = is_u_turn | ~node_blocked[head[source]]
    source, target, is_u_turn = source[passable], target[passable], is_u_turn[passable]
    delay_s = node_delay_s[head[source], source & 1]
    roads = np.bincount(tail, minlength=node_blocked.size)
    junction = roads[head[source]] > 2
    angle_deg = _angle_deg(runs, source, target) * (-1 if drives_on_left else 1)
    delay_s = delay_s + np.where(junction | is_u_turn, _turn_s(angle_deg, profile), 0.0)
    to_other_carriageway = junction & _between_carriageways(runs, angle_deg, lane_open, run_street, source, target)
    turns_round = is_u_turn | to_other_carriageway
    crosses = junction & (angle_deg < 0) & ~turns_round & ~run_is_ring[source >> 1] & ~run_is_ring[target >> 1]
    delay_s = delay_s + np.where(crosses, _crossing_s(angle_deg, profile), 0.0)
    delay_s = delay_s + np.where(turns_round, profile.u_turn_s, 0.0)
    cost_ms = np.rint(delay_s * 1000).astype(np.int32)
    ways_in = np.bincount(head[lanes], minlength=node_blocked.size)
    return Turns(
        source=source,
        target=target,
        is_u_turn=is_u_turn,
        at_dead_end_only=is_u_turn & (ways_in[head[source]] > 1),
        cost_ms=cost_ms,
    )


def _angle_deg(runs: Runs, source: NDArray[np.int64], target: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the angle of each turn, straight on 0, to the right above it, a U-turn 180."""
    away_deg = np.column_stack([runs.start_bearing_deg, runs.end_bearing_deg]).ravel()
    return np.asarray(180.0 - (away_deg[source ^ 1] - away_deg[target]) % 360.0)


def _between_carriageways(
    runs: Runs,
    angle_deg: NDArray[np.float64],
    lane_open: NDArray[np.bool_],
    run_street: NDArray[np.int64],
    source: NDArray[np.int64],
    target: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return which turns lead from one carriageway of a street back onto its other one, and are U-turns by that.

    OSRM merges two one-way roads of one name that lie within 60 degrees into one road, and so counts them too
    (`mergable_road_detector.cpp`). A way that goes on through the node stays on its carriageway, however its line
    doubles back there.
    """
    is_oneway = lane_open[0::2] != lane_open[1::2]
    one, other = source >> 1, target >> 1
    same_street = (run_street[one] == run_street[other]) & (run_street[one] >= 0)
    goes_on = (runs.last[one] == runs.first[other]) | (runs.first[one] == runs.last[other])
    turns_back = np.abs(angle_deg) >= _CARRIAGEWAYS_DEG
    return np.asarray(same_street & is_oneway[one] & is_oneway[other] & turns_back & ~goes_on)


def _turn_s(angle_deg: NDArray[np.float64], profile: Profile) -> NDArray[np.float64]:
    """Return the cost of each turn's angle (OSRM's car profile, `process_turn`, for traffic on the right)."""
    bias = np.where(angle_deg >= 0, profile.turn_bias_ratio, 1.0 / profile.turn_bias_ratio)
    steepness = 13.0 / bias * np.abs(angle_deg) / 180.0 - 6.5 * bias
    return np.asarray(profile.turn_s / (1.0 + np.exp(-steepness)))


def _crossing_s(angle_deg: NDArray[np.float64], profile: Profile) -> NDArray[np.float64]:
    """Return what crossing the oncoming traffic costs at each angle (`oncoming_turn_penalty` of OSRM's profile)."""
    return np.asarray(profile.oncoming_turn_s / (1.0 + np.exp(3.25 - 13.0 * np.abs(angle_deg) / 180.0)))
