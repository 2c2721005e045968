import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from ascii_map import write_map

from routing.errors import InputError
from routing.osm.graph import extract_graph
from routing.osm.read import read_osm

DRAWING = """
a-b-c-d
    |
    e
"""
WAYS = {
    "ab": {"highway": "residential", "maxspeed": "30", "name": "East"},
    "bc": {"highway": "tertiary", "maxspeed": "50", "name": "West"},
    "cd": {"highway": "primary", "oneway": "-1"},
    "ce": {"highway": "residential"},
}


def _graphml(folder, *, simplify):
    path = write_map(folder / "drawn.osm", DRAWING, WAYS, nodes={"c": {"highway": "traffic_signals"}})
    graph = osmnx.graph_from_xml(path, simplify=simplify, retain_all=True)
    osmnx.save_graphml(graph, folder / "drawn.graphml")
    return folder / "drawn.graphml"


def _roads(extract):
    """Return the way's oneway tag by the letters of its two ends."""
    ends = zip(extract.way_node[extract.way_first[:-1]], extract.way_node[extract.way_first[1:] - 1], strict=True)
    letters = ["".join(chr(extract.node_id[node]) for node in pair) for pair in ends]
    return {pair: tags["oneway"] for pair, tags in zip(letters, extract.way_tags, strict=True)}


def test_an_unsimplified_graph(tmp_path):
    extract = read_osm(_graphml(tmp_path, simplify=False))
    # OSMnx turns ways with oneway=-1 round and does not say so
    assert _roads(extract) == {"ab": "no", "bc": "no", "dc": "yes", "ce": "no"}
    assert extract.way_id.tolist() == [1, 2, 3, 4]
    assert extract.node_tags == ({"highway": "traffic_signals"},)


def test_a_simplified_graph_whose_edges_merge_ways(tmp_path):
    extract = read_osm(_graphml(tmp_path, simplify=True))
    roads = _roads(extract)
    assert sorted("".join(sorted(pair)) for pair in roads) == ["ac", "cd", "ce"]
    row = next(index for index, pair in enumerate(roads) if set(pair) == {"a", "c"})
    first, end = extract.way_first[row], extract.way_first[row + 1]
    assert end - first == 3  # b is a bend now; its id is not told
    assert extract.node_id[extract.way_node[first + 1]] < 0
    tags = extract.way_tags[row]
    assert tags["highway"] in ("residential", "tertiary")
    assert sorted(tags["maxspeed:forward"].split(";")) == ["30", "50"]


def test_bends_get_ids_that_no_node_has():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, x in [(-1, 0.0), (-2, 0.003)]:  # as in a map of edits that were not uploaded
        graph.add_node(node, x=x, y=0.0)
    line = shapely.LineString([(0, 0), (0.001, 0.001), (0.002, 0.001), (0.003, 0)])
    for tail, head, drawn in [(-1, -2, line), (-2, -1, line.reverse())]:
        graph.add_edge(tail, head, osmid=7, highway="residential", reversed=tail == -2, length=400.0, geometry=drawn)
    extract = extract_graph(graph, "edits", "")
    assert extract.node_id.tolist() == [-4, -3, -2, -1]
    assert extract.node_id[extract.way_node].tolist() == [-1, -3, -4, -2]


def test_it_says_what_it_lacks(tmp_path):
    assert "turn restrictions" in read_osm(_graphml(tmp_path, simplify=True)).lacks


def test_geometry_is_that_of_the_map(tmp_path):
    graph = read_osm(_graphml(tmp_path, simplify=True))
    plain = read_osm(tmp_path / "drawn.osm")
    np.testing.assert_allclose(graph.bbox_deg, plain.bbox_deg)


def test_a_projected_graph_is_refused(tmp_path):
    graph = osmnx.project_graph(osmnx.load_graphml(_graphml(tmp_path, simplify=True)))
    with pytest.raises(InputError, match="projected"):
        extract_graph(graph, "projected", "")


@pytest.mark.parametrize("x", [float("nan"), 500_000.0])
def test_places_off_the_earth_are_refused(x):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([(1, {"x": 7.4, "y": 43.7}), (2, {"x": x, "y": 43.7})])
    graph.add_edge(1, 2, osmid=1, highway="residential")
    with pytest.raises(InputError, match="no degrees on the earth"):
        extract_graph(graph, "drawn", "")


def test_graphs_that_are_not_osmnxs():
    graph = nx.MultiDiGraph()
    graph.add_edge(1, 2)
    with pytest.raises(InputError, match="GRAPH_FORM"):
        extract_graph(graph, "bare", "")
    with pytest.raises(InputError, match="not directed"):
        extract_graph(nx.MultiGraph(), "undirected", "")
    with pytest.raises(InputError, match="no edges"):
        extract_graph(nx.MultiDiGraph(), "empty", "")
