import numpy as np
import osmnx
import pytest
from ascii_map import build
from real_maps import network

from routing.network.bridge import from_networkx, to_networkx
from routing.network.profile import Profile

ROAD = {"highway": "residential"}


def _lanes(built):
    """Return the lanes with what a round trip must keep; the copies of a restricted lane come once."""
    ids = built.node_id
    columns = (
        built.arc_way_id.tolist(),
        ids[built.arc_tail].tolist(),
        ids[built.arc_head].tolist(),
        built.arc_length_mm.tolist(),
        built.arc_free_ms.tolist(),
        built.arc_class.tolist(),
        (built.arc_access > 0).tolist(),
        [built.names[name] for name in built.arc_name.tolist()],
    )
    return set(zip(*columns, strict=True))


def test_edges_say_what_osmnx_would(tmp_path):
    ways = {
        "abc": {**ROAD, "name": "Rue Basse", "maxspeed": "50"},
        "ad": {**ROAD, "access": "destination"},
        "cd": {**ROAD, "oneway": "-1"},
    }
    drawing = """
a---b
|   |
d---c
"""
    graph = to_networkx(build(tmp_path, drawing, ways))
    a, c, d = ord("a"), ord("c"), ord("d")
    edge = graph.edges[a, c, 0]
    assert (edge["osmid"], edge["name"], edge["highway"]) == (1, "Rue Basse", "residential")
    assert (edge["oneway"], edge["reversed"], graph.edges[c, a, 0]["reversed"]) == (False, False, True)
    # 400 m + 200 m at 0.8 x 50 = 40 km/h: 54 s
    assert edge["length"] == pytest.approx(600, abs=0.05)
    assert (edge["speed_kph"], edge["maxspeed"]) == (40.0, "50")
    assert edge["travel_time"] == pytest.approx(54, abs=0.01)
    assert len(edge["geometry"].coords) == 3
    assert "geometry" not in graph.edges[d, c, 0]
    assert (graph.edges[d, c, 0]["oneway"], graph.edges[d, c, 0]["reversed"]) == (True, True)
    assert graph.number_of_edges(a, d) == 1  # exit and entry copy once
    assert graph.edges[a, d, 0]["access"] == "destination"
    assert graph.nodes[a] == {"x": 0.0, "y": 0.0}


@pytest.mark.parametrize("name", ["monaco", "helsinki"])
def test_a_round_trip_keeps_the_arcs(name):
    built = network(name)
    back = from_networkx(to_networkx(built), Profile.van())
    assert _lanes(back) == _lanes(built)
    assert "turn restrictions" in back.report.lacks


def test_osmnx_itself_takes_the_graph(tmp_path):
    built = network("helsinki")
    graph = to_networkx(built)
    osmnx.save_graphml(graph, tmp_path / "helsinki.graphml")
    loaded = osmnx.load_graphml(tmp_path / "helsinki.graphml")
    assert (len(loaded), loaded.number_of_edges()) == (len(graph), graph.number_of_edges())
    assert _lanes(from_networkx(loaded, Profile.van())) == _lanes(built)
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (len(graph), graph.number_of_edges())
    np.testing.assert_allclose(
        edges.to_crs(3067).length.sum(), edges["length"].sum(), rtol=5e-3
    )  # UTM metres beside ours


def test_osmnx_finds_the_way_that_costs_least(tmp_path):
    # a-b-c-d is 1200 m of primary (65 km/h), a-d 400 m of residential (25 km/h):
    # 1200 x 3.6 / 65 = 66.5 s against 400 x 3.6 / 25 = 57.6 s; at 20 km/h a-d takes 72 s and loses
    drawing = """
b---c
|   |
|   |
|   |
a---d
"""
    for maxspeed, expected in [("31.25", "ad"), ("25", "abcd")]:
        ways = {"ab": {"highway": "primary"}, "bc": {"highway": "primary"}, "cd": {"highway": "primary"}}
        graph = to_networkx(build(tmp_path, drawing, {**ways, "ad": {**ROAD, "maxspeed": maxspeed}}))
        path = osmnx.routing.shortest_path(graph, ord("a"), ord("d"), weight="travel_time")
        assert "".join(chr(node) for node in path) == expected
