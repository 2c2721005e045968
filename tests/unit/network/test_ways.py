"""What tags mean to a profile, direction by direction; the rules themselves are tested one by one beside them."""

import re

import pytest
from ascii_map import build, write_map

from routing.network.build import build_network
from routing.network.profile import Profile
from routing.network.road_network import CLOSED_OUTSIDE, CLOSED_WITHIN, SPEED_WITHIN
from routing.network.ways import read_ways
from routing.osm.permission import Access
from routing.osm.read import read_osm

ROAD = {"highway": "residential"}


def meaning(tmp_path, ways, profile="van", drawing="a-b-c-d-e"):
    extract = read_osm(write_map(tmp_path / "drawn.osm", drawing, ways))
    return read_ways(extract, Profile.named(profile) if isinstance(profile, str) else profile)


def rules(found):
    return [(each.hours, each.effect, each.rows.tolist(), each.forward, each.backward) for each in found.timed]


def speeds(found):
    return found.speed_kph.tolist()


def test_limits_and_ground(tmp_path):
    ways = {
        "ab": {**ROAD, "maxspeed": "50"},  # 0.8 x 50, above the 25 of the class
        "bc": {**ROAD, "maxspeed": "100", "surface": "cobblestone"},
        "cd": {"highway": "primary", "maxspeed": "signals"},
        "de": {"highway": "motorway", "oneway": "no", "maxspeed": "120"},
    }
    assert speeds(meaning(tmp_path, ways, "car")) == [[40.0, 40.0], [30.0, 30.0], [65.0, 65.0], [96.0, 96.0]]
    assert speeds(meaning(tmp_path, ways, "truck"))[3] == [80.0, 80.0]
    # a bicycle does not ride at the limit, it is only held by a lower one
    slow = {"ab": {**ROAD, "maxspeed": "10"}, "bc": {**ROAD, "maxspeed": "50"}}
    assert speeds(meaning(tmp_path, slow, "cargo_bike")) == [[10.0, 10.0], [15.0, 15.0]]


def test_a_delivery_street_is_there_for_its_hours(tmp_path):
    street = {"highway": "pedestrian", "motor_vehicle:conditional": "delivery @ (06:00-10:00)"}
    found = meaning(tmp_path, {"ab": ROAD, "bc": street, "cd": {**street, "oneway": "yes"}})
    assert found.access.tolist() == [
        [Access.OPEN, Access.OPEN],
        [Access.RESTRICTED, Access.RESTRICTED],
        [Access.RESTRICTED, Access.CLOSED],
    ]
    assert rules(found) == [
        ("06:00-10:00", CLOSED_OUTSIDE, [1], True, True),
        ("06:00-10:00", CLOSED_OUTSIDE, [2], True, False),
    ]


def test_ways_under_one_rule_stand_together(tmp_path):
    night = {**ROAD, "vehicle:conditional": "no @ (22:00-06:00)"}
    found = meaning(tmp_path, {"ab": night, "bc": ROAD, "cd": {**night, "name": "High Street"}})
    assert rules(found) == [("22:00-06:00", CLOSED_WITHIN, [0, 2], True, True)]


def test_a_speed_by_the_hour(tmp_path):
    school = {**ROAD, "maxspeed": "50", "maxspeed:forward:conditional": "30 @ (Mo-Fr 07:00-17:00)"}
    found = meaning(tmp_path, {"ab": school})
    assert speeds(found) == [[40.0, 40.0]]
    assert rules(found) == [("Mo-Fr 07:00-17:00", SPEED_WITHIN, [0], True, False)]
    assert found.timed[0].speed_kph == 24.0  # 0.8 x 30


def test_a_way_that_is_closed_has_no_rules(tmp_path):
    tags = {**ROAD, "motor_vehicle": "no", "maxspeed:conditional": "30 @ (22:00-06:00)"}
    assert meaning(tmp_path, {"ab": tags}).timed == ()


def test_what_cannot_be_used_is_counted(tmp_path):
    ways = {
        "ab": {**ROAD, "maxspeed": "signals"},
        "bc": {**ROAD, "maxspeed": "signals", "name": "Long Lane"},
        "cd": {**ROAD, "access:conditional": "no @ snow"},
        "de": {"highway": "footway", "access:conditional": "no @ snow"},
    }
    network = build(tmp_path, "a-b-c-d-e", ways, Profile.van())
    assert network.report.tags_ignored == ("access:conditional=no @ (snow) (1)", "maxspeed=signals (2)")


def test_a_ferry_takes_its_time_over_its_length(tmp_path):
    ferry = {"route": "ferry", "duration": "00:10"}
    found = meaning(tmp_path, {"abc": ferry, "cd": {"route": "ferry"}, "de": {**ferry, "foot": "yes"}})
    # 400 m in ten minutes; without a duration the 5 km/h of the profile
    assert speeds(found)[0] == pytest.approx([2.4, 2.4], rel=1e-4)
    assert speeds(found)[1] == [5.0, 5.0]
    assert found.access[2].tolist() == [Access.CLOSED, Access.CLOSED]


def test_a_duration_or_limit_beyond_belief_is_said_and_not_used(tmp_path):
    ways = {
        "ab": {"route": "ferry", "duration": "99999999:00"},
        "bc": {**ROAD, "maxspeed": "0.0001"},
        "cd": {"route": "ferry", "duration": "half an hour"},
    }
    network = build(tmp_path, "a-b-c-d", ways, Profile.van())
    assert network.report.tags_ignored == (
        *("duration=99999999:00 (1)", "duration=half an hour (1)", "maxspeed=0.0001 (1)"),
    )
    assert sorted(set(network.arc_speed_kph.tolist())) == [5.0, 25.0]


def test_a_ferry_between_nodes_at_one_place_is_crossed_at_once(tmp_path):
    drawn = write_map(tmp_path / "drawn.osm", "a-b-c", {"ab": {"route": "ferry", "duration": "00:10"}, "bc": ROAD})
    text = drawn.read_text(encoding="utf-8")
    here, there = (re.search(rf'<node id="{ord(letter)}".* (lon="[^"]*")', text)[1] for letter in "ab")
    drawn.write_text(text.replace(here, there), encoding="utf-8")
    network = build_network(read_osm(drawn), Profile.van())
    assert network.arc_free_ms.tolist()[:2] == [1, 1]


def test_other_routes_are_no_roads(tmp_path):
    extract = read_osm(write_map(tmp_path / "drawn.osm", "a-b-c", {"ab": ROAD, "bc": {"route": "ski"}}))
    assert extract.way_id.tolist() == [1]


@pytest.mark.parametrize(
    ("use", "levels"),
    [("ends", [Access.RESTRICTED] * 2), ("never", [Access.CLOSED] * 2), ("through", [Access.OPEN] * 2)],
)
def test_a_profile_says_what_restricted_roads_serve(tmp_path, use, levels):
    profile = Profile.from_toml(f'name = "own"\nbased_on = "van"\nrestricted_use = "{use}"')
    assert meaning(tmp_path, {"ab": {**ROAD, "access": "destination"}}, profile).access.tolist() == [levels]


def test_a_bicycle_is_pushed_where_its_rider_must_dismount(tmp_path):
    ways = {"ab": {**ROAD, "bicycle": "dismount"}, "bc": ROAD}
    assert speeds(meaning(tmp_path, ways, "cargo_bike")) == [[4.0, 4.0], [15.0, 15.0]]
    assert speeds(meaning(tmp_path, ways, "foot")) == [[5.0, 5.0], [5.0, 5.0]]


def test_a_bicycle_is_ridden_on_footways_that_are_open_to_it(tmp_path):
    footway = {"highway": "footway"}
    ways = {"ab": footway, "bc": {**footway, "bicycle": "designated"}, "cd": {"highway": "path", "bicycle": "yes"}}
    assert speeds(meaning(tmp_path, ways, "cargo_bike")) == [[4.0, 4.0], [15.0, 15.0], [13.0, 13.0]]


def test_a_movable_bridge_is_slow(tmp_path):
    ways = {"ab": {**ROAD, "bridge": "movable"}, "bc": {**ROAD, "bridge": "yes"}}
    assert speeds(meaning(tmp_path, ways)) == [[5.0, 5.0], [25.0, 25.0]]
