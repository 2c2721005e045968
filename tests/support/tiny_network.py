"""Road networks made by hand, for sums that can be worked out on paper."""

from __future__ import annotations

import numpy as np

from routing.network.hierarchy import build_hierarchy
from routing.network.location import ARC_UNITS, Snapped
from routing.network.profile import ROAD_CLASSES, Profile
from routing.network.road_network import BuildReport, RoadNetwork
from routing.travel.customize import Weights
from routing.travel.drive import Driver
from routing.travel.matrix import slice_matrices

METRES_PER_DEG = 111_194.93


def network_of(nodes, roads, *, turn_ms=0, forbidden=(), road_class="residential"):
    """Build a network of straight roads.

    `nodes` maps a name to (x_m, y_m) near the equator; `roads` lists (tail, head, seconds) for each direction. Turns
    back onto the same road are left out, `forbidden` names (tail, via, head) turns that are not allowed.
    """
    names = list(nodes)
    x_m, y_m = (np.array([nodes[name][axis] for name in names], float) for axis in (0, 1))
    lat, lon = y_m / METRES_PER_DEG, x_m / METRES_PER_DEG
    tail = np.array([names.index(a) for a, _, _ in roads], np.int32)
    head = np.array([names.index(b) for _, b, _ in roads], np.int32)
    first, to = [0], []
    for a, via, _ in roads:
        for index, (b, c, _) in enumerate(roads):
            if b == via and c != a and (a, via, c) not in forbidden:
                to.append(index)
        first.append(len(to))
    ends = np.stack((tail, head), axis=1).ravel()
    length_mm = np.rint(np.hypot(x_m[head] - x_m[tail], y_m[head] - y_m[tail]) * 1000).astype(np.int64)
    free_ms = np.array([round(seconds * 1000) for _, _, seconds in roads], np.int32)
    turn_first, turn_to = np.array(first, np.int64), np.array(to, np.int32)
    ones = np.ones(len(roads))
    return RoadNetwork(
        node_id=np.arange(1, len(names) + 1),
        node_lat_deg=lat,
        node_lon_deg=lon,
        arc_tail=tail,
        arc_head=head,
        arc_length_mm=length_mm,
        arc_speed_kph=length_mm / free_ms * 3.6,
        arc_free_ms=free_ms,
        arc_class=(ones * ROAD_CLASSES.index(road_class)).astype(np.uint8),
        arc_access=np.zeros(len(roads), np.uint8),
        arc_way_id=np.arange(100, 100 + len(roads)),
        arc_forward=ones.astype(bool),
        arc_name=np.zeros(len(roads), np.int32),
        names=("",),
        shape_first=np.arange(0, 2 * len(roads) + 1, 2),
        shape_node_id=ends.astype(np.int64) + 1,
        shape_lat_deg=lat[ends],
        shape_lon_deg=lon[ends],
        turn_first=turn_first,
        turn_to=turn_to,
        turn_ms=np.full(len(to), turn_ms, np.int32),
        hierarchy=build_hierarchy(turn_first, turn_to),
        profile=Profile.car(),
        bbox_deg=(lon.min(), lat.min(), lon.max(), lat.max()),
        source="by hand",
        source_sha256="",
        attribution="",
        report=BuildReport(
            ways_read=0,
            ways_drivable=0,
            ways_cut=0,
            nodes_missing=0,
            restrictions_read=0,
            restrictions_applied=0,
            restrictions_ignored=(),
            arcs_dropped=0,
            lacks=(),
        ),
    )


def on_arcs(places):
    """Return places that lie on one arc each, given as (arc, share of its length)."""
    count = len(places)
    arcs = np.array([arc for arc, _ in places], np.int32)
    positions = np.array([round(share * ARC_UNITS) for _, share in places], np.int64)
    return Snapped(
        leave_first=np.arange(count + 1),
        leave_arc=arcs,
        leave_position=positions,
        arrive_first=np.arange(count + 1),
        arrive_arc=arcs,
        arrive_position=positions,
        lat_deg=np.zeros(count),
        lon_deg=np.zeros(count),
        distance_m=np.zeros(count),
        usable=np.ones(count, bool),
    )


def driver_of(network, metric, snapped):
    """Return a driver between snapped places."""
    return Driver(network, metric, Weights(network, metric).of, snapped)


def tables_of(network, metric, snapped, slices):
    """Return the tables between snapped places."""
    return slice_matrices(network, metric, Weights(network, metric), snapped, slices)


def random_network(rng, side=7, keep=0.9):
    """Return a network of a side x side grid with some streets one-way or missing, slopes of speed and dear turns."""
    nodes = {
        f"{x}.{y}": (100 * x + rng.uniform(-20, 20), 100 * y + rng.uniform(-20, 20))
        for x in range(side)
        for y in range(side)
    }
    roads = []
    for x in range(side):
        for y in range(side):
            for other in (f"{x + 1}.{y}", f"{x}.{y + 1}"):
                if other in nodes:
                    for a, b in ((f"{x}.{y}", other), (other, f"{x}.{y}")):
                        if rng.random() < keep:
                            roads.append((a, b, rng.uniform(5, 40)))
    forbidden = {(a, b, c) for a, b, _ in roads for b2, c, _ in roads if b == b2 and rng.random() < 0.1}
    return network_of(nodes, roads, turn_ms=1500, forbidden=forbidden)
