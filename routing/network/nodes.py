"""What each node of an extract means to a profile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.profile import Profile
from routing.osm.barrier import barrier_delay_s
from routing.osm.extract import Extract
from routing.osm.junction import is_stop_without_direction, junction_delay_s
from routing.units import great_circle_m

_STOP_REACH_M = 20.0
"""A stop sign stands no farther than this before its junction (OSRM's car profile, `process_turn`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMeaning:
    """Hold for n nodes what passing them costs."""

    delay_s: NDArray[np.float64]
    """Of those who come forward and backward along their way, n x 2."""
    blocked: NDArray[np.bool_]
    ignored: tuple[str, ...]
    """One line per kind of tag that could not be used, with its count."""


def read_nodes(extract: Extract, drivable: NDArray[np.bool_], profile: Profile) -> NodeMeaning:
    """Judge every node of an extract by its tags; `drivable` has one entry for each way."""
    delay_s = np.zeros((extract.node_id.size, 2))
    blocked = np.zeros(extract.node_id.size, dtype=np.bool_)
    vehicle, delays = profile.vehicle, profile.junction_delays
    stops = []
    ignored: Counter[str] = Counter()
    for index, tags in zip(extract.tagged_node.tolist(), extract.node_tags, strict=True):
        barrier_s = barrier_delay_s(tags, vehicle)
        if barrier_s is None:
            blocked[index] = True
            continue
        delay_s[index] = junction_delay_s(tags, delays)
        delay_s[index] += barrier_s
        if is_stop_without_direction(tags):
            stops.append(index)
        for key in tags:
            if key.endswith(":conditional") and key.partition(":")[0] in vehicle.access_keys:
                ignored[f"{key} on a node"] += 1
    if profile.stop_s:
        _free_who_leaves(extract, drivable, stops, delay_s, profile.stop_s)
    lines = tuple(f"{word} ({count})" for word, count in sorted(ignored.items()))
    return NodeMeaning(delay_s=delay_s, blocked=blocked, ignored=lines)


def _free_who_leaves(
    extract: Extract, drivable: NDArray[np.bool_], stops: list[int], delay_s: NDArray[np.float64], stop_s: float
) -> None:
    """Take the stop off those who come from a junction close behind and have none close ahead.

    A sign without a direction stands for those who drive to the junction beside it
    (https://wiki.openstreetmap.org/wiki/Tag:highway%3Dstop).
    """
    path_way = np.repeat(np.arange(extract.way_id.size), np.diff(extract.way_first))
    inside = drivable[path_way]
    path_way, path = path_way[inside], extract.way_node[inside]
    edge = np.concatenate([[True], path_way[1:] != path_way[:-1], [True]])
    arms = np.bincount(path, weights=2 - edge[:-1].astype(int) - edge[1:], minlength=extract.node_id.size)
    junction = arms > 2
    for place in np.flatnonzero(np.isin(path, stops)).tolist():
        if junction[path[place]]:
            continue
        behind_m = _to_junction_m(extract, path, path_way, junction, place, -1)
        ahead_m = _to_junction_m(extract, path, path_way, junction, place, 1)
        if behind_m < _STOP_REACH_M < ahead_m:
            delay_s[path[place], 0] -= stop_s
        elif ahead_m < _STOP_REACH_M < behind_m:
            delay_s[path[place], 1] -= stop_s


def _to_junction_m(
    extract: Extract,
    path: NDArray[np.int32],
    path_way: NDArray[np.int64],
    junction: NDArray[np.bool_],
    place: int,
    step: int,
) -> float:
    """Return the metres along a way to its next junction, infinite where it ends or the reach does before one."""
    lat, lon = extract.node_lat_deg, extract.node_lon_deg
    total_m = 0.0
    while total_m <= _STOP_REACH_M and 0 <= place + step < path.size and path_way[place + step] == path_way[place]:
        here, there = path[place], path[place + step]
        total_m += float(great_circle_m(lat[here], lon[here], lat[there], lon[there]))
        place += step
        if junction[there]:
            return total_m
    return np.inf
