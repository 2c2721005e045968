import sys

import numpy as np
import pytest
from ascii_map import build
from real_maps import network
from tiny_network import network_of

from routing.errors import UnavailableError
from routing.network.bridge import to_networkx
from routing.network.frames import arcs_frame, nodes_frame
from routing.network.location import Location
from routing.travel.drive import drive, line
from routing.travel.frames import drives_frame
from routing.travel.speed_table import free_flow


def test_arcs_say_what_they_are(tmp_path):
    ways = {
        "abc": {"highway": "residential", "name": "Rue Basse", "maxspeed": "50"},
        "cd": {"highway": "residential", "access": "destination"},
        "da": {"highway": "residential"},
    }
    built = build(tmp_path, "a---b\n|   |\nd---c", ways)
    frame = arcs_frame(built)
    assert (len(frame), frame.index.name, frame.crs.to_epsg()) == (built.arc_count, "arc", 4326)
    (there,) = frame[(frame["from_node"] == ord("a")) & (frame["to_node"] == ord("c"))].itertuples()
    assert (there.way_id, there.name, there.road_class, there.access, there.forward) == (
        1,
        "Rue Basse",
        "residential",
        "through",
        True,
    )
    # 400 m + 200 m at 0.8 x 50 = 40 km/h: 54 s
    assert there.length_m == pytest.approx(600, abs=0.05)
    assert (there.free_kph, there.free_s) == (40.0, pytest.approx(54, abs=0.01))
    assert len(there.geometry.coords) == 3
    lanes = frame[frame["way_id"] == 2]
    assert sorted(lanes["access"]) == ["entry", "entry", "exit", "exit"]
    # geometry in degrees, measured on the map's own plane
    metres = frame.to_crs(32631).length
    np.testing.assert_allclose(metres, frame["length_m"], rtol=1e-2)


def test_a_metric_adds_its_times_and_what_is_closed():
    built = network_of({"a": (0, 0), "b": (1000, 0)}, [("a", "b", 60), ("b", "a", 60)])
    frame = arcs_frame(built, arc_ms=np.array([120_000, 60_000], np.int32), closed=np.array([False, True]))
    assert frame["travel_s"].tolist() == [120, 60]
    np.testing.assert_allclose(frame["speed_kph"], [30, 60])
    np.testing.assert_allclose(frame["free_kph"], [60, 60])
    assert frame["closed"].tolist() == [False, True]
    assert "travel_s" not in arcs_frame(built)


def test_nodes_are_those_of_the_graph():
    built = network("helsinki")
    frame, graph = nodes_frame(built), to_networkx(built)
    assert set(frame["node_id"]) == set(graph.nodes)
    node = frame.iloc[7]
    assert (node.geometry.x, node.geometry.y) == (graph.nodes[node.node_id]["x"], graph.nodes[node.node_id]["y"])


def test_a_frame_may_be_changed_and_the_network_stays():
    built = network("helsinki")
    before = built.arc_speed_kph.copy()
    frame = arcs_frame(built)
    frame["free_kph"] += 1
    frame.loc[0, "free_kph"] = 7
    np.testing.assert_array_equal(built.arc_speed_kph, before)


def test_drives_with_their_lines():
    built = network_of(
        {"a": (0, 0), "b": (1000, 0), "c": (1000, 500)},
        [("a", "b", 60), ("b", "a", 60), ("b", "c", 30), ("c", "b", 30)],
    )
    start, end = Location(lat_deg=0, lon_deg=built.node_lon_deg[1] / 2), Location(lat_deg=0.004, lon_deg=0.009)
    found = drive(built, free_flow(built), start, end, 100)
    frame = drives_frame(built, [None, found])
    assert frame.index.tolist() == [1]
    (row,) = frame.itertuples()
    assert (row.depart_s, row.arrive_s, row.duration_s) == (100, 100 + found.duration_s, found.duration_s)
    assert row.distance_m == found.distance_m
    assert [(y, x) for x, y in row.geometry.coords] == list(line(built, found))
    assert drives_frame(built, []).empty


def test_the_cure_is_said_where_geopandas_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(UnavailableError, match=r"pip install 'routing\[geo\]'"):
        nodes_frame(network("helsinki"))
