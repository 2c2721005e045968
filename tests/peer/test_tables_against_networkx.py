"""Whole tables of a real map against NetworkX's Dijkstra over arcs and turns, in exact integers."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import real_maps

from routing import (
    Closure,
    Location,
    OnWay,
    Slowdown,
    apply_conditions,
    free_flow,
    snap,
    travel_matrix,
)

ARC_UNITS = 1 << 30
MICROMETRES = 1 << 40
"""Weights are milliseconds times this plus micrometres of road, so the shorter of two equally quick drives counts."""
PLACES = 20


def places_on(network, seed):
    """Return places up to some 30 m beside random nodes of the network."""
    rng = np.random.default_rng(seed)
    nodes = rng.integers(0, network.node_id.size, PLACES)
    off = rng.normal(0, 1e-4, (PLACES, 2))
    lat, lon = network.node_lat_deg[nodes] + off[:, 0], network.node_lon_deg[nodes] + off[:, 1]
    return [Location(lat_deg=float(a), lon_deg=float(b)) for a, b in zip(lat, lon, strict=True)]


class Judge:
    """Find the least weight between snapped places."""

    def __init__(self, network, metric):
        self.network = network
        self.arc_ms, self.closed = metric.arc_ms[0].tolist(), metric.closed[0].tolist()
        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(range(network.arc_count))
        for arc in range(network.arc_count):
            for onto, turn_ms in self.turns(arc):
                self.graph.add_edge(arc, onto, weight=turn_ms * MICROMETRES + self.part(onto, ARC_UNITS))

    def turns(self, arc):
        """Yield the open arcs that an arc leads into, and the cost of the turn."""
        for turn in range(int(self.network.turn_first[arc]), int(self.network.turn_first[arc + 1])):
            onto = int(self.network.turn_to[turn])
            if not self.closed[onto]:
                yield onto, int(self.network.turn_ms[turn])

    def part(self, arc, units):
        """Return the weight of a part of an arc, its time to the nearest millisecond."""
        time_ms = (units * self.arc_ms[arc] + ARC_UNITS // 2) // ARC_UNITS
        return time_ms * MICROMETRES + int(self.network.arc_length_mm[arc]) * 1000 * units // ARC_UNITS

    def row(self, snapped, origin):
        """Return the least weight from a place to every place, None where no road leads there."""
        leaves = _offers(snapped.leave_first, snapped.leave_arc, snapped.leave_position, origin)
        graph = self.graph
        for arc, position in leaves:
            for onto, turn_ms in self.turns(arc):
                weight = self.part(arc, ARC_UNITS - position) + turn_ms * MICROMETRES + self.part(onto, ARC_UNITS)
                known = graph.get_edge_data("start", onto, {"weight": weight})["weight"]
                graph.add_edge("start", onto, weight=min(weight, known))
        reached = nx.single_source_dijkstra_path_length(graph, "start") if "start" in graph else {}
        graph.remove_nodes_from(["start"])
        found = []
        for target in range(len(snapped)):
            ways = []
            for arc, position in _offers(snapped.arrive_first, snapped.arrive_arc, snapped.arrive_position, target):
                if self.closed[arc]:
                    continue
                if arc in reached:
                    ways.append(reached[arc] - self.part(arc, ARC_UNITS) + self.part(arc, position))
                ways += [self.part(arc, position - at) for other, at in leaves if other == arc and at <= position]
            found.append(min(ways, default=None))
        found[origin] = 0 if snapped.usable[origin] else None
        return found


def _offers(first, arcs, positions, place):
    rows = slice(int(first[place]), int(first[place + 1]))
    return list(zip(arcs[rows].tolist(), positions[rows].tolist(), strict=True))


def check(network, metric, places):
    """Hold every entry of the table against the judge's; return how many pairs have no road."""
    table, snapped, judge = travel_matrix(network, metric, places), snap(network, places), Judge(network, metric)
    for origin in range(len(places)):
        for target, weight in enumerate(judge.row(snapped, origin)):
            assert table.reachable[origin, target] == (weight is not None)
            if weight is not None:
                assert table.duration_s[origin, target] == -(-(weight // MICROMETRES) // 1000)
                # Arcs are measured to the centimetre, drives told to the metre.
                assert table.distance_m[origin, target] == pytest.approx(weight % MICROMETRES / 1e6, abs=1)
    return int((~table.reachable).sum())


@pytest.mark.parametrize("profile", ["car", "van"])
def test_each_entry_of_an_empty_map_is_the_quickest_drive(profile):
    network = real_maps.network("helsinki", profile)
    assert check(network, free_flow(network), places_on(network, 7)) == 0


def test_each_entry_under_closures_and_jams_is_the_quickest_drive():
    network = real_maps.network("helsinki", "car")
    ways = np.random.default_rng(3).permutation(np.unique(network.arc_way_id)).tolist()
    conditions = [
        *(Closure(where=OnWay(way_id=way)) for way in ways[:40]),
        *(Slowdown(where=OnWay(way_id=way), speed_factor=0.3) for way in ways[40:120]),
    ]
    cut = check(network, apply_conditions(network, free_flow(network), conditions), places_on(network, 11))
    assert 0 < cut < PLACES * PLACES
