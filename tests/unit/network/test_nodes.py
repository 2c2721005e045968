"""What signs and barriers on nodes cost, and whom (OSRM's car profile: a stop sign 2 s, a give-way sign 1 s)."""

import pytest
from ascii_map import build, turn_costs_ms, write_map

from routing.network.nodes import read_nodes
from routing.network.profile import Profile
from routing.network.ways import read_ways
from routing.osm.permission import Access
from routing.osm.read import read_osm

ROAD = {"highway": "residential"}
STOP = {"highway": "stop"}


def delays(tmp_path, drawing, ways, nodes, profile=None):
    """Return the seconds forward and backward by letter."""
    extract = read_osm(write_map(tmp_path / "drawn.osm", drawing, ways, nodes=nodes))
    chosen = profile or Profile.car()
    drivable = (read_ways(extract, chosen).access != Access.CLOSED).any(axis=1)
    found = read_nodes(extract, drivable, chosen)
    return {chr(node): tuple(found.delay_s[row].tolist()) for row, node in enumerate(extract.node_id.tolist())}


def test_a_stop_sign_costs_a_turn_two_seconds(tmp_path):
    nodes = {"b": {**STOP, "direction": "forward"}}
    costs = turn_costs_ms(build(tmp_path, "a-b-c", {"abc": ROAD}, nodes=nodes))
    assert (costs["ab", "bc"], costs["cb", "ba"]) == (2_000, 0)


def near(tmp_path, *, ahead_m, behind_m, side=ROAD):
    """Return the delays of a stop between two junctions of a road."""
    from ascii_map import STEP_DEG, osm_xml

    # s lies between j and k; both are 100 m apart from it as drawn, and are moved along the road
    text = osm_xml("  x   y\n  |   |\na-j-s-k-b", {"ajskb": ROAD, "jx": side, "ky": side}, nodes={"s": STOP})
    middle = 4 * STEP_DEG
    for letter, column in (("j", 2), ("k", 6)):
        moved = middle + (ahead_m if letter == "k" else -behind_m) / 100 * STEP_DEG
        old, new = (
            f'id="{ord(letter)}" version="1" lat="{-2 * STEP_DEG:.7f}" lon="{lon:.7f}"'
            for lon in (column * STEP_DEG, moved)
        )
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "near.osm"
    path.write_text(text, encoding="utf-8")
    extract = read_osm(path)
    found = read_nodes(extract, (read_ways(extract, Profile.car()).access != Access.CLOSED).any(axis=1), Profile.car())
    return tuple(found.delay_s[extract.node_id.tolist().index(ord("s"))].tolist())


@pytest.mark.parametrize(
    ("behind_m", "ahead_m", "expected"),
    [(90, 10, (2, 0)), (10, 90, (0, 2)), (90, 90, (2, 2)), (10, 10, (2, 2))],
)
def test_a_stop_without_direction_stands_before_the_junction_beside_it(tmp_path, behind_m, ahead_m, expected):
    assert near(tmp_path, ahead_m=ahead_m, behind_m=behind_m) == expected


def test_a_footpath_makes_no_junction(tmp_path):
    assert near(tmp_path, ahead_m=10, behind_m=90, side={"highway": "footway"}) == (2, 2)


def test_what_a_car_does_not_count_a_profile_of_ones_own_may(tmp_path):
    nodes = {
        "b": {"highway": "crossing"},
        "c": {"highway": "mini_roundabout"},
        "d": {"railway": "level_crossing"},
        "e": {"highway": "give_way", "direction": "backward"},
    }
    text = 'name = "own"\nbased_on = "car"\ncrossing_s = 3\nmini_roundabout_s = 4\nlevel_crossing_s = 5'
    ways = {"abcdef": ROAD}
    free = delays(tmp_path, "a-b-c-d-e-f", ways, nodes)
    assert [free[letter] for letter in "bcde"] == [(0, 0), (0, 0), (0, 0), (0, 1)]
    counted = delays(tmp_path, "a-b-c-d-e-f", ways, nodes, Profile.from_toml(text))
    assert [counted[letter] for letter in "bcde"] == [(3, 3), (4, 4), (5, 5), (0, 1)]


def test_hours_of_a_node_are_told_as_not_used(tmp_path):
    nodes = {"b": {"barrier": "gate", "motor_vehicle:conditional": "no @ (22:00-06:00)"}}
    network = build(tmp_path, "a-b-c", {"abc": ROAD}, nodes=nodes)
    assert network.report.tags_ignored == ("motor_vehicle:conditional on a node (1)",)
