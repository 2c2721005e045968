"""Hand a road network to OSMnx and NetworkX, and take graphs of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network.build import build_network
from routing.network.profile import OTHER_CLASS, ROAD_CLASSES, Profile
from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, RoadNetwork
from routing.network.roads import lane_numbers, road_starts
from routing.osm.graph import extract_graph
from routing.osm.highway import FERRY


def to_networkx(
    network: RoadNetwork, *, arc_ms: NDArray[np.int32] | None = None, closed: NDArray[np.bool_] | None = None
) -> nx.MultiDiGraph[Any]:
    """Return the arcs as a MultiDiGraph that OSMnx's functions accept; the copies of a restricted road come once.

    Nodes are OSM ids with `x` and `y` in degrees and street_count, the ends of roads that meet there. Edges have
    osmid, highway, name, oneway, reversed, length (m), speed_kph, travel_time (s), geometry where they bend, and
    `access` where they are restricted. What the signs said is not kept in a network, so `maxspeed` is the limit at
    which the profile would drive the edge's free-flow speed. Turn costs and restrictions have no place in such a
    graph.

    Times are those of free flow. For those of an instant give one slice of a metric, `metric.arc_ms[k]` and
    `metric.closed[k]` (a each) with k = `metric.slice_at(instant_s)`; closed arcs are left out.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(
        crs="epsg:4326", simplified=True, created_with="routing", attribution=network.attribution
    )
    columns = (network.node_id, network.node_lon_deg, network.node_lat_deg, _street_counts(network))
    nodes = zip(*(column.tolist() for column in columns), strict=True)
    graph.add_nodes_from((node, {"x": x, "y": y, "street_count": streets}) for node, x, y, streets in nodes)
    arcs, two_way = _lanes(network)
    if closed is not None:
        arcs, two_way = arcs[~closed[arcs]], two_way[~closed[arcs]]
    tails, heads = (network.node_id[ends[arcs]].tolist() for ends in (network.arc_tail, network.arc_head))
    edge_data = _edge_data(network, arcs, two_way, network.arc_free_ms if arc_ms is None else arc_ms)
    graph.add_edges_from(zip(tails, heads, edge_data, strict=True))
    return graph


def route_nodes(network: RoadNetwork, arcs: NDArray[np.int32]) -> list[int]:
    """Return the OSM ids of the nodes along a drive's arcs, from the first arc's tail to the last one's head.

    This is what OSMnx calls a route: `osmnx.plot_graph_route(to_networkx(network), route_nodes(network, drive.arcs))`.
    A drive begins and ends along an arc, its route at whole arcs.
    """
    along = np.concatenate((network.arc_tail[arcs[:1]], network.arc_head[arcs]))
    found: list[int] = network.node_id[along].tolist()
    return found


def from_networkx(graph: nx.MultiDiGraph[Any], profile: Profile) -> RoadNetwork:
    """Build a network from a graph in the form of OSMnx, unprojected; its report says what such a graph lacks.

    Raises
    ------
    InputError
        Where the graph is not as OSMnx writes it, or nothing in it can be driven.
    """
    edges = sorted((str(tail), str(head), str(data.get("osmid"))) for tail, head, data in graph.edges(data=True))
    sha256 = hashlib.sha256(repr(edges).encode()).hexdigest()
    return build_network(extract_graph(graph, "a NetworkX graph", sha256), profile)


def _street_counts(network: RoadNetwork) -> NDArray[np.int64]:
    """Return how many ends of roads meet at each node, whatever their directions, n."""
    starts = road_starts(network)
    ends = np.concatenate((network.arc_tail[starts], network.arc_head[starts]))
    return np.bincount(ends, minlength=network.node_id.size)


def _lanes(network: RoadNetwork) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the first arc of each lane, and whether its road has a lane the other way."""
    starts = road_starts(network)
    first = np.diff(lane_numbers(network), prepend=-1) > 0
    lanes = np.add.reduceat(first.astype(np.int64), starts)
    two_way = np.repeat(lanes == 2, np.diff(np.append(starts, network.arc_count)))
    arcs = np.flatnonzero(first)
    return arcs, two_way[arcs]


def _edge_data(
    network: RoadNetwork, arcs: NDArray[np.int64], two_way: NDArray[np.bool_], arc_ms: NDArray[np.int32]
) -> Iterator[dict[str, Any]]:
    points = np.column_stack([network.shape_lon_deg, network.shape_lat_deg])
    length_m, time_s = network.arc_length_mm / 1000, arc_ms / 1000
    speed_kph = network.arc_speed_kph if arc_ms is network.arc_free_ms else length_m * 3.6 / time_s
    profile = network.profile
    limit_ratio = profile.limit_ratio if profile.drives_at_limit else 1.0
    opening_key = "motor_vehicle" if profile.vehicle.is_motor else profile.access_keys[0]
    for arc, both in zip(arcs.tolist(), two_way.tolist(), strict=True):
        road_class = ROAD_CLASSES[network.arc_class[arc]]
        data: dict[str, Any] = {
            "osmid": int(network.arc_way_id[arc]),
            "highway": "road" if road_class == OTHER_CLASS else road_class,
            "oneway": not both,
            "reversed": not network.arc_forward[arc],
            "length": float(length_m[arc]),
            "maxspeed": f"{network.arc_speed_kph[arc] / limit_ratio:.10g}",
            "speed_kph": float(speed_kph[arc]),
            "travel_time": float(time_s[arc]),
        }
        name = network.names[network.arc_name[arc]]
        if name:
            data["name"] = name
        restricted = network.arc_access[arc] in (ACCESS_EXIT, ACCESS_ENTRY)
        if road_class == FERRY:
            data["route"] = FERRY
        if road_class not in profile.open_highways:
            data[opening_key] = "destination" if restricted else "yes"
        elif restricted:
            data["access"] = "destination"
        first, end = network.shape_first[arc], network.shape_first[arc + 1]
        if end - first > 2:
            data["geometry"] = shapely.LineString(points[first:end])
        yield data
