from datetime import date

import matplotlib as mpl
import networkx as nx
import numpy as np
import osmnx
import pytest
from ascii_map import build
from real_maps import network

from routing.network.bridge import from_networkx, route_nodes, to_networkx
from routing.network.location import Location
from routing.network.profile import Profile
from routing.travel.drive import drive
from routing.travel.speed_table import free_flow, time_of_day

mpl.use("agg")

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
    assert graph.nodes[a] == {"x": 0.0, "y": 0.0, "street_count": 2}


@pytest.mark.parametrize(
    ("name", "profile"), [("monaco", "van"), ("helsinki", "van"), ("monaco", "cargo_bike"), ("helsinki", "foot")]
)
def test_a_round_trip_keeps_the_arcs(name, profile):
    built = network(name, profile)
    back = from_networkx(to_networkx(built), Profile.named(profile))
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


def test_the_graph_is_as_osmnx_demands():
    graph = to_networkx(network("helsinki"))
    osmnx.convert.validate_graph(graph, strict=True)
    assert isinstance(graph, nx.MultiDiGraph)
    # OSMnx takes the two carriageways between two junctions for one street, so it counts no more than we do
    counted = osmnx.stats.count_streets_per_node(graph)
    assert all(counted[node] <= streets for node, streets in graph.nodes(data="street_count"))


def _square(tmp_path):
    """Return a ring abcd of which ab is slow; each side is 400 m."""
    drawing = """
a---b
|   |
|   |
|   |
d---c
"""
    slow = {**ROAD, "maxspeed": "12.5"}  # 10 km/h: 144 s
    fast = {**ROAD, "maxspeed": "50"}  # 40 km/h: 36 s
    return build(tmp_path, drawing, {"ab": slow, "bc": fast, "cd": fast, "da": fast})


def test_osmnx_ranks_paths_by_their_time(tmp_path):
    graph = to_networkx(_square(tmp_path))
    a, b = ord("a"), ord("b")
    paths = list(osmnx.routing.k_shortest_paths(graph, a, b, 2, weight="travel_time"))
    assert ["".join(map(chr, path)) for path in paths] == ["adcb", "ab"]
    frame = osmnx.routing.route_to_gdf(graph, paths[0], weight="travel_time")
    assert frame["travel_time"].sum() == pytest.approx(3 * 36, abs=0.01)


def test_a_metric_at_an_instant_gives_its_times_and_leaves_closed_arcs_out(tmp_path):
    built = _square(tmp_path)
    ids = built.node_id
    lanes = list(zip(ids[built.arc_tail].tolist(), ids[built.arc_head].tolist(), strict=True))
    doubled = np.where([lane == (ord("a"), ord("d")) for lane in lanes], 2, 1) * built.arc_free_ms
    closed = np.array([lane == (ord("d"), ord("c")) for lane in lanes])
    graph = to_networkx(built, arc_ms=doubled.astype(np.int32), closed=closed)
    edge = graph.edges[ord("a"), ord("d"), 0]
    assert (edge["travel_time"], edge["speed_kph"]) == (pytest.approx(72, abs=0.01), pytest.approx(20, abs=0.01))
    assert edge["maxspeed"] == "50"
    assert not graph.has_edge(ord("d"), ord("c"))
    assert graph.has_edge(ord("c"), ord("d"))
    path = osmnx.routing.shortest_path(graph, ord("a"), ord("b"), weight="travel_time")
    assert "".join(map(chr, path)) == "ab"


def test_a_slice_of_the_day_is_taken_as_it_is():
    built = network("helsinki")
    metric = time_of_day(built, date=date(2026, 11, 23), time_zone="Europe/Helsinki")
    k = int(metric.arc_ms.sum(axis=1, dtype=np.int64).argmax())
    graph = to_networkx(built, arc_ms=metric.arc_ms[k], closed=metric.closed[k])
    free = to_networkx(built)
    assert graph.number_of_edges() == free.number_of_edges()
    assert sum(time for *_, time in graph.edges(data="travel_time")) > sum(
        time for *_, time in free.edges(data="travel_time")
    )


def test_osmnx_draws_our_drives():
    built = network("helsinki")
    metric = free_flow(built)
    graph = to_networkx(built)
    west, south, east, north = built.bbox_deg
    west, east = west + (east - west) / 4, east - (east - west) / 4
    south, north = south + (north - south) / 4, north - (north - south) / 4
    corners = [Location(lat_deg=lat, lon_deg=lon) for lat in (south, north) for lon in (west, east)]
    drives = [drive(built, metric, corners[0], corner, 0) for corner in corners[1:]]
    routes = [route_nodes(built, found.arcs) for found in drives]
    for found, route in zip(drives, routes, strict=True):
        frame = osmnx.routing.route_to_gdf(graph, route, weight="travel_time")
        assert len(frame) == found.arcs.size
        # the route's ends are whole arcs, the drive's are not
        assert frame["length"].sum() >= found.distance_m - 1
    figure, _ = osmnx.plot_graph_routes(graph, routes, show=False, close=True)
    assert figure is not None


def test_the_route_of_a_drive_along_one_arc(tmp_path):
    built = _square(tmp_path)
    arc = int(np.flatnonzero(built.node_id[built.arc_tail] == ord("a"))[0])
    tail, head = (int(built.node_id[ends[arc]]) for ends in (built.arc_tail, built.arc_head))
    assert route_nodes(built, np.array([arc], np.int32)) == [tail, head]
