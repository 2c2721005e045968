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
from routing.network.road_network import ACCESS_THROUGH, ACCESS_VIA, RoadNetwork
from routing.network.roads import lane_numbers, road_starts
from routing.osm.graph import extract_graph
from routing.osm.speed import MAXSPEED_USED_RATIO


def to_networkx(network: RoadNetwork) -> nx.MultiDiGraph[Any]:
    """Return the arcs as a MultiDiGraph that OSMnx's functions accept; the copies of a restricted road come once.

    Nodes are OSM ids with `x` and `y` in degrees. Edges have osmid, highway, name, oneway, reversed, length (m),
    speed_kph, travel_time (s), geometry where they bend, and `access` where they are restricted. What the signs said
    is not kept in a network, so `maxspeed` is the limit at which the profile would drive the edge's speed. Turn costs
    and restrictions have no place in such a graph.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(
        crs="epsg:4326", simplified=True, created_with="routing", attribution=network.attribution
    )
    nodes = zip(network.node_id.tolist(), network.node_lon_deg.tolist(), network.node_lat_deg.tolist(), strict=True)
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, x, y in nodes)
    arcs, two_way = _lanes(network)
    ids = network.node_id
    columns = (
        ids[network.arc_tail[arcs]].tolist(),
        ids[network.arc_head[arcs]].tolist(),
        _edge_data(network, arcs, two_way),
    )
    graph.add_edges_from(zip(*columns, strict=True))
    return graph


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


def _lanes(network: RoadNetwork) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the first arc of each lane, and whether its road has a lane the other way."""
    starts = road_starts(network)
    first = np.diff(lane_numbers(network), prepend=-1) > 0
    lanes = np.add.reduceat(first.astype(np.int64), starts)
    two_way = np.repeat(lanes == 2, np.diff(np.append(starts, network.arc_count)))
    arcs = np.flatnonzero(first)
    return arcs, two_way[arcs]


def _edge_data(network: RoadNetwork, arcs: NDArray[np.int64], two_way: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    points = np.column_stack([network.shape_lon_deg, network.shape_lat_deg])
    lane = lane_numbers(network)
    is_public = np.isin(network.arc_access, (ACCESS_THROUGH, ACCESS_VIA))
    public = (np.bincount(lane[is_public], minlength=lane[-1] + 1) > 0)[lane]
    for arc, both in zip(arcs.tolist(), two_way.tolist(), strict=True):
        speed_kph = float(network.arc_speed_kph[arc])
        road_class = ROAD_CLASSES[network.arc_class[arc]]
        data: dict[str, Any] = {
            "osmid": int(network.arc_way_id[arc]),
            "highway": "road" if road_class == OTHER_CLASS else road_class,
            "oneway": not both,
            "reversed": not network.arc_forward[arc],
            "length": float(network.arc_length_mm[arc]) / 1000,
            "maxspeed": f"{speed_kph / MAXSPEED_USED_RATIO:.10g}",
            "speed_kph": speed_kph,
            "travel_time": float(network.arc_free_ms[arc]) / 1000,
        }
        name = network.names[network.arc_name[arc]]
        if name:
            data["name"] = name
        if road_class == OTHER_CLASS:
            data["motor_vehicle"] = "yes" if public[arc] else "destination"
        elif not public[arc]:
            data["access"] = "destination"
        first, end = network.shape_first[arc], network.shape_first[arc + 1]
        if end - first > 2:
            data["geometry"] = shapely.LineString(points[first:end])
        yield data
