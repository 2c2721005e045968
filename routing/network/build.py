"""Build the road network of a profile from an extract."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.hierarchy import build_hierarchy
from routing.network.layers import Layers, find_layers
from routing.network.nodes import read_nodes
from routing.network.profile import ROAD_CLASSES, Profile
from routing.network.restrictions import ban_turns
from routing.network.road_network import BuildReport, RoadNetwork
from routing.network.runs import Runs, cut_runs
from routing.network.timed_rules import timed_rules
from routing.network.turns import find_turns, lane_nodes
from routing.network.via_ways import Copied, copy_lanes
from routing.network.ways import WayMeaning, read_ways
from routing.osm.driving_side import drives_on_left
from routing.osm.extract import Extract, OnProgress
from routing.osm.permission import Access


def build_network(extract: Extract, profile: Profile, *, on_progress: OnProgress | None = None) -> RoadNetwork:
    """Build the network of the roads that a profile may use.

    Progress is told with the shares of time that the stages take on a city's map.

    Raises
    ------
    InputError
        Where no road can be left and come back to, so that nothing could be routed.
    """
    tell = on_progress or (lambda what, share: None)
    tell("build the network", 0.0)
    ways = read_ways(extract, profile)
    drivable = (ways.access != Access.CLOSED).any(axis=1)
    nodes = read_nodes(extract, drivable, profile)
    if not drivable.any():
        raise _nothing_to_drive(extract, profile)
    tell("build the network", 0.15)
    runs = cut_runs(extract, drivable, nodes.blocked | (nodes.delay_s > 0).any(axis=1))
    lane_access = ways.access[runs.way].ravel()
    ring, street = _rings(extract)[runs.way], _streets(ways)[runs.way]
    on_left = drives_on_left(extract)
    turns = find_turns(
        runs, lane_access != Access.CLOSED, nodes.delay_s, nodes.blocked, ring, street, profile, drives_on_left=on_left
    )
    banned = ban_turns(extract, runs, turns, profile.vehicle)
    copied = copy_lanes(turns, lane_access.size, ~banned.turn, banned.timed, banned.paths)
    layers = find_layers(copied, lane_access != Access.CLOSED, lane_access == Access.RESTRICTED)
    if not layers.lane.size:
        raise _nothing_to_drive(extract, profile)
    tell("build the network", 0.4)
    report = BuildReport(
        ways_read=_distinct(extract.way_id),
        ways_drivable=_distinct(extract.way_id[drivable]),
        ways_cut=extract.ways_cut,
        nodes_missing=extract.nodes_missing,
        restrictions_read=len(extract.restrictions),
        restrictions_applied=banned.applied,
        restrictions_via_way=banned.applied_via_way,
        restrictions_timed=banned.applied_timed,
        restrictions_ignored=banned.ignored,
        arcs_dropped=int((lane_access != Access.CLOSED).sum()) - _distinct(layers.lane),
        lacks=extract.lacks,
        tags_ignored=(*ways.ignored, *nodes.ignored),
    )
    return _assemble(extract, profile, ways, runs, layers, copied, report, on_left=on_left)


def _rings(extract: Extract) -> NDArray[np.bool_]:
    """Return which ways are roundabouts, inside which no traffic comes the other way, w."""
    return np.array([tags.get("junction") in ("roundabout", "circular") for tags in extract.way_tags], dtype=np.bool_)


def _streets(ways: WayMeaning) -> NDArray[np.int64]:
    """Return a number for each way that ways of the same name and class share, below 0 without a name, w."""
    is_named = np.array([bool(name) for name in ways.names], dtype=np.bool_)[ways.name]
    return np.where(is_named, ways.name * len(ROAD_CLASSES) + ways.road_class.astype(np.int64), -1)


def _distinct(increasing: NDArray[np.int64]) -> int:
    """Return how many different values stand in an array that does not decrease."""
    return 1 + int(np.count_nonzero(np.diff(increasing)))


def _nothing_to_drive(extract: Extract, profile: Profile) -> InputError:
    issue = Issue(
        code="MAP_WITHOUT_NETWORK",
        where=extract.source,
        cause=f"no two of its roads can be driven from one to the other and back by a {profile.name}",
        action="take a map of a larger area, or another profile",
    )
    return InputError([issue])


def _assemble(
    extract: Extract,
    profile: Profile,
    ways: WayMeaning,
    runs: Runs,
    layers: Layers,
    copied: Copied,
    report: BuildReport,
    *,
    on_left: bool,
) -> RoadNetwork:
    run, backward = layers.lane >> 1, layers.lane & 1
    way = runs.way[run]
    speed_kph = ways.speed_kph[way, backward]
    length_mm = runs.length_mm[run]
    free_ms = np.maximum(np.rint(length_mm * 3.6 / speed_kph), 1).astype(np.int32)
    tail, head = (ends[layers.lane] for ends in lane_nodes(runs))
    nodes, (arc_tail, arc_head) = _numbered(extract.node_id.size, tail, head)
    shape_first, shape_node = _shapes(runs, run, backward.astype(np.bool_))
    turn_first = np.searchsorted(layers.source, np.arange(layers.lane.size + 1)).astype(np.int64)
    turn_to = layers.target.astype(np.int32)
    rules = timed_rules(ways.timed, way, copied, layers)
    names, (name,) = _numbered(len(ways.names), ways.name[way])
    shape_lat_deg, shape_lon_deg = extract.node_lat_deg[shape_node], extract.node_lon_deg[shape_node]
    return RoadNetwork(
        node_id=extract.node_id[nodes],
        node_lat_deg=extract.node_lat_deg[nodes],
        node_lon_deg=extract.node_lon_deg[nodes],
        arc_tail=arc_tail,
        arc_head=arc_head,
        arc_length_mm=length_mm,
        arc_speed_kph=speed_kph,
        arc_free_ms=free_ms,
        arc_class=ways.road_class[way],
        arc_frontage=ways.frontage[way],
        arc_access=layers.access,
        arc_way_id=extract.way_id[way],
        arc_forward=backward == 0,
        arc_name=name,
        names=tuple(ways.names[index] for index in names.tolist()),
        shape_first=shape_first,
        shape_node_id=extract.node_id[shape_node],
        shape_lat_deg=shape_lat_deg,
        shape_lon_deg=shape_lon_deg,
        turn_first=turn_first,
        turn_to=turn_to,
        turn_ms=copied.turns.cost_ms[layers.turn],
        hierarchy=build_hierarchy(turn_first, turn_to),
        profile=profile,
        bbox_deg=extract.bbox_deg,
        source=extract.source,
        source_sha256=extract.source_sha256,
        attribution=extract.attribution,
        report=report,
        drives_on_left=on_left,
        rule_hours=rules.hours,
        rule_effect=rules.effect,
        rule_kph=rules.kph,
        rule_first=rules.first,
        rule_member=rules.member,
    )


def _numbered(size: int, *columns: NDArray[Any]) -> tuple[NDArray[np.int64], list[NDArray[np.int32]]]:
    """Return which of the numbers below `size` occur in the columns, and the columns as places among those."""
    used = np.zeros(size, dtype=np.bool_)
    for column in columns:
        used[column] = True
    place = np.cumsum(used, dtype=np.int32) - 1
    return np.flatnonzero(used), [place[column] for column in columns]


def _shapes(
    runs: Runs, run: NDArray[np.int64], backward: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where each arc's shape begins, and the nodes of all shapes, each from tail to head."""
    count = runs.last[run] - runs.first[run] + 1
    first = np.concatenate([[0], np.cumsum(count)])
    step = np.arange(first[-1]) - np.repeat(first[:-1], count)
    start = np.repeat(np.where(backward, runs.last[run], runs.first[run]), count)
    return first, runs.path_node[start + np.where(np.repeat(backward, count), -step, step)]
