"""Rules that hold at some hours, on the arcs of a network."""

from ascii_map import arc_letters, build

from routing.network.road_network import (
    ACCESS_ENTRY,
    ACCESS_EXIT,
    ACCESS_THROUGH,
    ACCESS_VIA,
    CLOSED_WITHIN,
    SPEED_WITHIN,
)

ROAD = {"highway": "residential"}
H = """
a---b---c
    |
d---e---f
"""
WAYS = {"ab": ROAD, "bc": ROAD, "be": ROAD, "de": ROAD, "ef": ROAD}


def rules(network):
    """Return the arcs of each rule as (letters, access), by effect, hours and speed."""
    names = arc_letters(network)
    found = {}
    for rule, hours in enumerate(network.rule_hours):
        arcs = network.rule_member[network.rule_first[rule] : network.rule_first[rule + 1]].tolist()
        key = (int(network.rule_effect[rule]), hours, float(network.rule_kph[rule]))
        assert key not in found
        found[key] = sorted((names[arc], int(network.arc_access[arc])) for arc in arcs)
    return found


def test_a_rule_binds_both_directions_and_all_runs_of_a_way(tmp_path):
    shut = {**ROAD, "motor_vehicle:conditional": "no @ (07:00-09:00)"}
    network = build(tmp_path, H, {"abc": shut, "be": ROAD, "de": ROAD, "ef": ROAD})
    arcs = [(arc, ACCESS_THROUGH) for arc in ("ab", "ba", "bc", "cb")]
    assert rules(network) == {(CLOSED_WITHIN, "07:00-09:00", 0.0): arcs}


def test_a_rule_for_one_direction_binds_that_one(tmp_path):
    slow = {**ROAD, "maxspeed": "50", "maxspeed:backward:conditional": "30 @ (22:00-06:00)"}
    network = build(tmp_path, H, {**WAYS, "be": slow})
    # 0.8 of the limit, as always
    assert rules(network) == {(SPEED_WITHIN, "22:00-06:00", 24.0): [("eb", ACCESS_THROUGH)]}


def test_a_rule_binds_every_copy_of_a_road(tmp_path):
    shut = {**ROAD, "motor_vehicle:conditional": "no @ (07:00-09:00)"}
    only_ends = {**shut, "access": "destination"}
    network = build(
        tmp_path, H, {**WAYS, "be": shut, "ef": only_ends}, restrictions=[("no_left_turn", "ab", "be", "ef")]
    )
    assert rules(network) == {
        (CLOSED_WITHIN, "07:00-09:00", 0.0): [
            ("be", ACCESS_THROUGH),
            ("be", ACCESS_VIA),
            ("eb", ACCESS_THROUGH),
            *((arc, copy) for arc in ("ef", "fe") for copy in (ACCESS_EXIT, ACCESS_ENTRY)),
        ]
    }
