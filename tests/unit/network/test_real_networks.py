import networkx as nx
import numpy as np
import pytest
from real_maps import extract, network

from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH, ACCESS_VIA
from routing.osm.restriction import restriction_kind

MAPS = ["monaco", "helsinki"]
each_map = pytest.mark.parametrize("name", MAPS)


def _turns(built):
    source = np.repeat(np.arange(built.arc_count), np.diff(built.turn_first))
    return source, built.turn_to


def _turn_graph(built):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(built.arc_count))
    graph.add_edges_from(zip(*(column.tolist() for column in _turns(built)), strict=True))
    return graph


@each_map
def test_every_through_arc_reaches_every_other_and_the_copies_serve(name):
    built = network(name)
    graph = _turn_graph(built)
    through = set(np.flatnonzero(np.isin(built.arc_access, (ACCESS_THROUGH, ACCESS_VIA))).tolist())
    assert nx.is_strongly_connected(graph.subgraph(through))
    anchor = min(through)
    reached = nx.descendants(graph, anchor)
    reaching = nx.ancestors(graph, anchor)
    assert set(np.flatnonzero(built.arc_access == ACCESS_ENTRY).tolist()) <= reached
    assert set(np.flatnonzero(built.arc_access == ACCESS_EXIT).tolist()) <= reaching


@each_map
def test_nobody_drives_through_restricted_roads(name):
    built = network(name)
    source, target = _turns(built)
    access = np.where(built.arc_access == ACCESS_VIA, ACCESS_THROUGH, built.arc_access)
    pairs = set(zip(access[source].tolist(), access[target].tolist(), strict=True))
    allowed = {
        (ACCESS_THROUGH, ACCESS_THROUGH),
        (ACCESS_THROUGH, ACCESS_ENTRY),
        (ACCESS_ENTRY, ACCESS_ENTRY),
        (ACCESS_EXIT, ACCESS_EXIT),
        (ACCESS_EXIT, ACCESS_THROUGH),
    }
    assert pairs <= allowed


@each_map
def test_no_turn_breaks_a_restriction(name):
    built, keys = network(name), network(name).profile.vehicle.own_keys
    source, target = _turns(built)
    via = built.node_id[built.arc_head[source]]
    seen = 0
    for restriction in extract(name).restrictions:
        kind = restriction_kind(restriction, keys)
        if kind is None or len(restriction.via_node_ids) != 1:
            continue
        here = (via == restriction.via_node_ids[0]) & np.isin(built.arc_way_id[source], restriction.from_way_ids)
        goes_to = set(built.arc_way_id[target[here]].tolist())
        named = set(restriction.to_way_ids)
        if kind.startswith("only_"):
            assert not goes_to or goes_to <= named or not goes_to & named  # or the named way cannot be driven at all
            seen += bool(goes_to & named)
        elif kind != "no_u_turn":
            assert not goes_to & named
            seen += 1
    assert seen > 10


@each_map
def test_lengths_are_those_of_the_geometry(name):
    built = network(name)
    # the spherical law of cosines in plain Python, arc by arc
    from math import acos, cos, radians, sin

    lat, lon = np.radians(built.shape_lat_deg).tolist(), np.radians(built.shape_lon_deg).tolist()
    first = built.shape_first.tolist()
    for arc in range(0, built.arc_count, 7):
        metres = 0.0
        for i in range(first[arc], first[arc + 1] - 1):
            cosine = sin(lat[i]) * sin(lat[i + 1]) + cos(lat[i]) * cos(lat[i + 1]) * cos(lon[i + 1] - lon[i])
            metres += acos(min(1.0, cosine)) * 6_371_008.8
        # the law of cosines is good to some decimetres on such short steps
        assert built.arc_length_mm[arc] / 1000 == pytest.approx(metres, abs=0.2 * (first[arc + 1] - first[arc]))
    assert radians(180) == pytest.approx(np.pi)


@each_map
def test_shapes_begin_and_end_at_their_nodes_and_turns_meet(name):
    built = network(name)
    np.testing.assert_array_equal(built.shape_node_id[built.shape_first[:-1]], built.node_id[built.arc_tail])
    np.testing.assert_array_equal(built.shape_node_id[built.shape_first[1:] - 1], built.node_id[built.arc_head])
    source, target = _turns(built)
    np.testing.assert_array_equal(built.arc_head[source], built.arc_tail[target])
    assert (source != target).all()
    assert len(set(zip(source.tolist(), target.tolist(), strict=True))) == source.size


@each_map
def test_times_are_lengths_over_speeds(name):
    built = network(name)
    expected_ms = built.arc_length_mm / (built.arc_speed_kph / 3.6)  # 1 mm/ms is 1 m/s
    np.testing.assert_allclose(built.arc_free_ms, np.maximum(expected_ms, 1), atol=0.5)
    assert built.arc_free_ms.min() >= 1
    assert built.arc_speed_kph.max() <= built.profile.max_speed_kph


def test_counts_of_the_embedded_maps():
    monaco, helsinki = network("monaco").report, network("helsinki").report
    assert (monaco.ways_read, monaco.ways_cut, monaco.restrictions_read) == (2925, 0, 27)  # one of them a ferry
    assert (helsinki.ways_cut, helsinki.nodes_missing, helsinki.restrictions_read) == (192, 855, 45)
    assert monaco.restrictions_applied == 27
    assert monaco.arcs_dropped < 0.1 * network("monaco").arc_count
