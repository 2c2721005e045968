import numpy as np
import pytest
from ascii_map import arc_letters, build, write_map

from routing.errors import InputError
from routing.network.build import build_network
from routing.network.profile import ROAD_CLASSES, Profile
from routing.osm.read import read_osm

ROAD = {"highway": "residential"}
ONEWAY = {"highway": "residential", "oneway": "yes"}
RING = """
a-b-c
|   |
f-e-d
"""


def test_arcs_run_from_junction_to_junction_and_keep_the_bends(tmp_path):
    network = build(tmp_path, RING, {"abcdefa": ROAD, "be": ROAD})
    # b and e are junctions; a, which begins and ends the ring, is a way's end
    assert sorted(arc_letters(network)) == sorted(["ab", "ba", "bcde", "edcb", "efa", "afe", "be", "eb"])


def test_a_oneway_ring_has_arcs_one_way_only(tmp_path):
    network = build(tmp_path, RING, {"abcdefa": ONEWAY})
    # a ring that meets nothing is cut in its middle, d, so that no arc leads into itself
    assert sorted(arc_letters(network)) == ["abcd", "defa"]


def test_lengths_times_classes_and_names(tmp_path):
    ways = {"ab": {"highway": "primary", "name": "Rue du Port", "maxspeed": "50"}, "bc": {"highway": "residential"}}
    network = build(tmp_path, "a----b-c", ways)
    row = {letters: index for index, letters in enumerate(arc_letters(network))}
    ab, bc = row["ab"], row["bc"]
    # 5 steps of 100 m; 0.8 x 50 km/h = 40 km/h; 500 m / (40 / 3.6 m/s) = 45 s
    assert network.arc_length_mm[ab] == pytest.approx(500_000, abs=20)
    assert network.arc_speed_kph[ab] == 40.0
    assert network.arc_free_ms[ab] == pytest.approx(45_000, abs=2)
    # no limit: 25 km/h of the class; 200 m / (25 / 3.6 m/s) = 28.8 s
    assert network.arc_free_ms[bc] == pytest.approx(28_800, abs=2)
    assert [ROAD_CLASSES[network.arc_class[arc]] for arc in (ab, bc)] == ["primary", "residential"]
    assert [network.names[network.arc_name[arc]] for arc in (ab, bc)] == ["Rue du Port", ""]
    assert network.arc_forward[ab]
    assert not network.arc_forward[row["ba"]]


def test_a_van_is_capped_where_a_car_is_not(tmp_path):
    ways = {"ab": {"highway": "motorway", "oneway": "no", "maxspeed": "130"}}
    # 0.8 x 130 = 104 km/h
    assert build(tmp_path, "a-b", ways, Profile.car()).arc_speed_kph.tolist() == [104.0, 104.0]
    assert build(tmp_path, "a-b", ways, Profile.van()).arc_speed_kph.tolist() == [100.0, 100.0]


def test_each_direction_has_its_own_limit(tmp_path):
    network = build(tmp_path, "a-b", {"ab": {**ROAD, "maxspeed:forward": "50", "maxspeed:backward": "30"}})
    assert dict(zip(arc_letters(network), network.arc_speed_kph.tolist(), strict=True)) == {"ab": 40.0, "ba": 24.0}


def test_a_way_without_way_back_is_dropped_and_counted(tmp_path):
    # from d nobody comes back
    network = build(tmp_path, "a-b-c-d", {"abc": ROAD, "cd": ONEWAY})
    assert sorted(arc_letters(network)) == ["abc", "cba"]
    assert network.report.arcs_dropped == 1


def test_the_larger_of_two_islands_is_kept(tmp_path):
    network = build(tmp_path, "a-b-c  x-y", {"ab": ROAD, "bc": ROAD, "xy": ROAD})
    assert sorted(arc_letters(network)) == ["ab", "ba", "bc", "cb"]
    assert network.report.arcs_dropped == 2


def test_a_road_that_ends_where_the_map_does_can_still_turn_round(tmp_path):
    # at c the only way on is a one-way road that leaves the map: it goes, and c becomes a dead end
    network = build(tmp_path, "a-b-c-d", {"ab": ROAD, "bc": ROAD, "cd": ONEWAY})
    names = arc_letters(network)
    bc = names.index("bc")
    targets = [names[arc] for arc in network.turn_to[network.turn_first[bc] : network.turn_first[bc + 1]]]
    assert targets == ["cb"]


def test_a_map_on_which_nothing_can_be_driven(tmp_path):
    for number, ways in enumerate([{"ab": {"highway": "footway"}}, {"ab": ONEWAY}]):
        extract = read_osm(write_map(tmp_path / f"{number}.osm", "a-b", ways))
        with pytest.raises(InputError) as caught:
            build_network(extract, Profile.car())
        assert caught.value.issues[0].code == "MAP_WITHOUT_NETWORK"


def test_arrays_cannot_be_written_to(tmp_path):
    network = build(tmp_path, "a-b", {"ab": ROAD})
    with pytest.raises(ValueError, match="read-only"):
        network.arc_free_ms[0] = 1


def test_building_twice_gives_the_same(tmp_path):
    one, two = (build(tmp_path, RING, {"abcdefa": ROAD, "be": ROAD}) for _ in range(2))
    for name in ("node_id", "arc_tail", "arc_head", "arc_free_ms", "shape_node_id", "turn_to", "turn_ms"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_the_order_of_a_file_does_not_matter(tmp_path):
    path = write_map(tmp_path / "one.osm", RING, {"abcdefa": ROAD, "be": ROAD})
    lines = path.read_text().split("\n")
    ways = [line for line in lines if line.startswith("<way")]
    start = lines.index(ways[0])
    lines[start : start + 2] = ways[::-1]
    (tmp_path / "two.osm").write_text("\n".join(lines))
    one, two = (build_network(read_osm(tmp_path / name), Profile.car()) for name in ("one.osm", "two.osm"))
    np.testing.assert_array_equal(one.shape_node_id, two.shape_node_id)
    np.testing.assert_array_equal(one.turn_to, two.turn_to)
