import math

import pytest
from ascii_map import build, turn_costs_ms

ROAD = {"highway": "residential"}
CROSS = """
    n
    |
w---x---e
    |
    s
"""
ARMS = {"wx": ROAD, "xe": ROAD, "nx": ROAD, "xs": ROAD}


def _sigmoid_ms(angle_deg: float) -> int:
    """7.5 s / (1 + exp(-(13 / bias x angle / 180 - 6.5 x bias))), bias 1.075 to the right and 1 / 1.075 to the left."""
    bias = 1.075 if angle_deg >= 0 else 1 / 1.075
    return round(7500 / (1 + math.exp(-(13 / bias * abs(angle_deg) / 180 - 6.5 * bias))))


def test_left_costs_more_than_right_and_straight_nearly_nothing(tmp_path):
    costs = turn_costs_ms(build(tmp_path, CROSS, ARMS))
    # coming from the south: left is west, right is east
    assert costs["sx", "xw"] == pytest.approx(_sigmoid_ms(-90) + 1925, abs=1)
    assert costs["sx", "xe"] == pytest.approx(_sigmoid_ms(90), abs=1)
    assert costs["sx", "xn"] == pytest.approx(_sigmoid_ms(0), abs=1)
    # by hand for 90 degrees right: 13 / 1.075 / 2 - 6.5 x 1.075 = 6.0465 - 6.9875 = -0.9410;
    # 7.5 / (1 + e^0.9410) = 7.5 / 3.5626 = 2.105 s; left: 6.9875 - 6.0465 = 0.9410; 7.5 / 1.3902 = 5.395 s,
    # and for crossing the oncoming traffic 2 / (1 + e^(3.25 - 13 / 2)) = 2 / 1.0388 = 1.925 s
    assert costs["sx", "xe"] == pytest.approx(2105, abs=2)
    assert costs["sx", "xw"] == pytest.approx(5395 + 1925, abs=2)


def test_u_turns_only_at_dead_ends(tmp_path):
    costs = turn_costs_ms(build(tmp_path, CROSS, ARMS))
    assert ("sx", "xs") not in costs
    # 180 degrees to the right is nearly all of the 7.5 s: 13 / 1.075 - 6.9875 = 5.1055; 7.5 / (1 + e^-5.1055) = 7.455,
    # and 20 s more
    assert costs["xs", "sx"] == pytest.approx(20_000 + 7_455, abs=2)


def test_who_comes_over_the_only_road_in_may_turn_round(tmp_path):
    # at b the street goes on one-way; in the second map another one-way street leads there too
    drawing = """
w---x
|   |
b---a
|   |
e---y
"""
    oneway = {**ROAD, "oneway": "yes"}
    ways = {"ab": ROAD, "be": oneway, "eya": ROAD, "axw": ROAD}
    alone = turn_costs_ms(build(tmp_path, drawing, ways))
    assert alone["ab", "ba"] == pytest.approx(27_455, abs=2)
    assert ("ab", "ba") not in turn_costs_ms(build(tmp_path, drawing, {**ways, "wb": oneway}))


def test_a_bend_and_a_change_of_ways_cost_nothing(tmp_path):
    drawing = """
a---b
    |
    c
"""
    costs = turn_costs_ms(build(tmp_path, drawing, {"ab": ROAD, "bc": ROAD}))
    assert costs["ab", "bc"] == 0


def test_signals_hold_up_whoever_passes(tmp_path):
    costs = turn_costs_ms(build(tmp_path, "a-b-c", {"abc": ROAD}, nodes={"b": {"highway": "traffic_signals"}}))
    assert costs["ab", "bc"] == costs["cb", "ba"] == 2_000


def test_signals_for_one_direction(tmp_path):
    signals = {"highway": "traffic_signals", "traffic_signals:direction": "backward"}
    costs = turn_costs_ms(build(tmp_path, "a-b-c", {"abc": ROAD}, nodes={"b": signals}))
    assert (costs["ab", "bc"], costs["cb", "ba"]) == (0, 2_000)


def test_gates_cost_a_minute_and_bollards_block(tmp_path):
    ring = """
a-b-c
|   |
f-e-d
"""
    ways = {"abcdefa": ROAD}
    gate = turn_costs_ms(build(tmp_path, ring, ways, nodes={"b": {"barrier": "gate"}}))
    assert gate["ab", "bcdefa"] == 60_000
    bollard = turn_costs_ms(build(tmp_path, ring, ways, nodes={"b": {"barrier": "bollard"}}))
    assert ("ab", "bcdefa") not in bollard
    assert bollard["ab", "ba"] == pytest.approx(27_455, abs=2)  # turning round before the bollard


def test_a_jag_at_the_corner_does_not_count_as_the_turn(tmp_path):
    # x to y is 1 m aside of a road that goes on straight for 200 m; the angle is taken 10 m further on
    import re

    from ascii_map import osm_xml

    from routing.network.build import build_network
    from routing.network.profile import Profile
    from routing.osm.read import read_osm

    text = osm_xml("a-x-y-c\n  s", {"ax": ROAD, "xyc": ROAD, "xs": ROAD})
    x = re.search(r'id="120" version="1" lat="([^"]+)" lon="([^"]+)"', text)
    assert x is not None
    aside = f'id="121" version="1" lat="{float(x[1]) - 0.00001:.7f}" lon="{float(x[2]):.7f}"'
    path = tmp_path / "jag.osm"
    path.write_text(re.sub(r'id="121" version="1" lat="[^"]+" lon="[^"]+"', aside, text))
    costs = turn_costs_ms(build_network(read_osm(path), Profile.car()))
    assert costs["ax", "xyc"] < 100


def test_no_traffic_comes_the_other_way_on_a_roundabout(tmp_path):
    drawing = """
  n
  |
w-x-e
"""
    ring = {**ROAD, "junction": "roundabout", "oneway": "no"}
    ways = {"wx": ROAD, "xe": ROAD, "nx": ring}
    costs = turn_costs_ms(build(tmp_path, drawing, ways))
    assert costs["nx", "xe"] == pytest.approx(_sigmoid_ms(-90), abs=1)


def test_where_traffic_keeps_left_turns_cost_what_their_mirror_images_cost(tmp_path):
    left = {**ROAD, "driving_side": "left"}
    network = build(tmp_path, CROSS, dict.fromkeys(ARMS, left))
    costs = turn_costs_ms(network)
    assert network.drives_on_left
    assert costs["sx", "xw"] == pytest.approx(2105, abs=2)
    assert costs["sx", "xe"] == pytest.approx(5395 + 1925, abs=2)


def test_from_one_carriageway_to_the_other_of_the_same_street_is_a_u_turn(tmp_path):
    # the street from the west splits at x: the carriageway from b comes 300 m west and 100 m south, that to c leaves
    # likewise; a turn of 143 degrees to the left, for atan(1 / 3) is 18.4
    drawing = """
       b
w---x
       c
"""
    oneway = {**ROAD, "oneway": "yes"}
    angle_ms = _sigmoid_ms(-(180 - 2 * math.degrees(math.atan2(1, 3))))
    oncoming_ms = 2000 / (1 + math.exp(3.25 - 13 * 143.13 / 180))
    for name, expected_ms in (({"name": "Avenue"}, angle_ms + 20_000), ({}, angle_ms + oncoming_ms)):
        ways = {"wx": {**ROAD, **name}, "xc": {**oneway, **name}, "bx": {**oneway, **name}, "cb": oneway}
        assert turn_costs_ms(build(tmp_path, drawing, ways))["bx", "xc"] == pytest.approx(expected_ms, abs=2)


def test_a_carriageway_whose_line_doubles_back_goes_on_and_does_not_turn_round(tmp_path):
    # one way from b over x to c, where a ramp leaves: the same 143 degrees as between two carriageways, no U-turn
    drawing = """
       b
w---x
       c
"""
    oneway = {**ROAD, "oneway": "yes", "name": "Freeway"}
    angle_ms = _sigmoid_ms(-(180 - 2 * math.degrees(math.atan2(1, 3))))
    oncoming_ms = 2000 / (1 + math.exp(3.25 - 13 * 143.13 / 180))
    ways = {"bxc": oneway, "xw": {**ROAD, "oneway": "yes"}, "wb": ROAD, "cw": ROAD}
    assert turn_costs_ms(build(tmp_path, drawing, ways))["bx", "xc"] == pytest.approx(angle_ms + oncoming_ms, abs=2)
