"""https://wiki.openstreetmap.org/wiki/Relation:restriction#Members: restrictions with a way as via."""

import numpy as np
import pytest
from ascii_map import STEP_DEG, arc_letters, arcs_by_access, build

from routing.network.location import Location
from routing.network.road_network import (
    ACCESS_ENTRY,
    ACCESS_EXIT,
    ACCESS_THROUGH,
    ACCESS_VIA,
    TURN_CLOSED_WITHIN,
)
from routing.network.roads import road_starts
from routing.network.snap import snap
from routing.travel.conditions import BetweenNodes, OnWay
from routing.travel.where import arcs_of

ROAD = {"highway": "residential"}
H = """
a---b---c
    |
    |
d---e---f
"""
WAYS = {"ab": ROAD, "bc": ROAD, "be": ROAD, "de": ROAD, "ef": ROAD}


def drives(network, start, arcs):
    """Return the letters of all drives of so many arcs that begin with a through or exit arc."""
    names = arc_letters(network)
    begin = [arc for arc, name in enumerate(names) if name == start and network.arc_access[arc] < ACCESS_ENTRY]
    found = [(arc,) for arc in begin]
    for _ in range(arcs - 1):
        found = [
            (*path, int(onto))
            for path in found
            for onto in network.turn_to[network.turn_first[path[-1]] : network.turn_first[path[-1] + 1]]
        ]
    return {" ".join(names[arc] for arc in path) for path in found}


def test_no_turn_after_a_way_binds_who_came_over_it(tmp_path):
    network = build(tmp_path, H, WAYS, restrictions=[("no_left_turn", "ab", "be", "ef")])
    assert drives(network, "ab", 3) == {"ab bc cb", "ab be ed"}
    assert drives(network, "cb", 3) == {"cb ba ab", "cb be ed", "cb be ef"}
    assert arcs_by_access(network, ACCESS_VIA) == {"be"}
    assert (network.report.restrictions_applied, network.report.restrictions_via_way) == (1, 1)
    assert network.report.restrictions_ignored == ()


def test_only_one_turn_after_a_way(tmp_path):
    network = build(tmp_path, H, WAYS, restrictions=[("only_left_turn", "ab", "be", "ef")])
    # who does not take the way is not bound
    assert drives(network, "ab", 3) == {"ab bc cb", "ab be ef"}
    assert drives(network, "cb", 3) == {"cb ba ab", "cb be ed", "cb be ef"}


def test_several_ways_as_via_in_any_order(tmp_path):
    drawing = """
a---b---c
    |
d---e---f
    |
g---h---i
"""
    ways = {**WAYS, "eh": ROAD, "gh": ROAD, "hi": ROAD}
    for vias in (("be", "eh"), ("eh", "be")):
        network = build(tmp_path, drawing, ways, restrictions=[("no_left_turn", "ab", vias, "hi")])
        assert {path for path in drives(network, "ab", 4) if "eh" in path} == {"ab be eh hg"}
        assert {path for path in drives(network, "cb", 4) if "eh" in path} == {"cb be eh hg", "cb be eh hi"}
        assert drives(network, "ed", 4) >= {"ed de eh hi", "ed de eh hg"}
        assert arcs_by_access(network, ACCESS_VIA) == {"be", "eh"}


def test_a_via_way_of_several_runs(tmp_path):
    # the road to x cuts the way b-x-e into two runs
    drawing = """
a---b---c
    |
    x---y
    |
d---e---f
"""
    ways = {"ab": ROAD, "bc": ROAD, "bxe": ROAD, "de": ROAD, "ef": ROAD, "xy": ROAD}
    network = build(tmp_path, drawing, ways, restrictions=[("no_left_turn", "ab", "bxe", "ef")])
    assert {path for path in drives(network, "ab", 4) if "bx xe" in path} == {"ab bx xe ed"}
    # to leave the path on the way and come back is another drive
    assert "xy yx xe ef" in drives(network, "xy", 4)
    assert "ab bx xy yx" in drives(network, "ab", 4)


def test_restrictions_that_share_their_ways_all_hold(tmp_path):
    # two relations that make a longer one together (https://github.com/Project-OSRM/osrm-backend/issues/4518)
    drawing = """
a---b---c
    |
d---e---f
    |
g---h---i
"""
    ways = {**WAYS, "eh": ROAD, "gh": ROAD, "hi": ROAD}
    restrictions = [
        ("no_left_turn", "ab", "be", "ef"),
        ("no_right_turn", "ab", ("be", "eh"), "gh"),
        ("only_straight_on", "bc", "be", "eh"),
        ("no_left_turn", "be", "eh", "hi"),
    ]
    network = build(tmp_path, drawing, ways, restrictions=restrictions)
    assert network.report.restrictions_applied == 4
    # right is forbidden after a-b, left after b-e: there is no way on, so one turns round
    assert {path for path in drives(network, "ab", 4) if path.startswith("ab be")} == {"ab be ed de", "ab be eh he"}
    assert {path for path in drives(network, "cb", 4) if path.startswith("cb be")} == {"cb be eh hg"}
    assert "de eh hi" in drives(network, "de", 3)


def test_journeys_end_on_a_copy_and_leave_the_road_unbound(tmp_path):
    network = build(tmp_path, H, WAYS, restrictions=[("no_left_turn", "ab", "be", "ef")])
    snapped = snap(network, [Location(lat_deg=-STEP_DEG, lon_deg=4 * STEP_DEG)])
    names = arc_letters(network)
    leave = [(names[arc], int(network.arc_access[arc])) for arc in snapped.leave_arc]
    arrive = [(names[arc], int(network.arc_access[arc])) for arc in snapped.arrive_arc]
    both = [("be", ACCESS_THROUGH), ("eb", ACCESS_THROUGH)]
    assert sorted(leave) == both
    assert sorted(arrive) == sorted([*both, ("be", ACCESS_VIA)])


def test_reports_on_the_road_mean_its_copies(tmp_path):
    drawing = """
a---b---c
    |
    x---y
    |
d---e---f
"""
    ways = {"ab": ROAD, "bc": ROAD, "bxe": ROAD, "de": ROAD, "ef": ROAD, "xy": ROAD}
    network = build(tmp_path, drawing, ways, restrictions=[("no_left_turn", "ab", "bxe", "ef")])
    names = np.array(arc_letters(network))
    for where in (OnWay(way_id=3, direction="forward"), BetweenNodes(from_osm_id=ord("b"), to_osm_id=ord("e"))):
        assert sorted(names[arcs_of(network, where)]) == ["bx", "bx", "xe", "xe"]
    assert road_starts(network).size == 7


def test_a_way_that_is_entered_over_the_path_alone(tmp_path):
    # a-b-e is one-way, so only copies of b-e are ever reached; stops on it can still be left and arrived at
    ways = {"ab": {**ROAD, "oneway": "yes"}, "be": {**ROAD, "oneway": "yes"}, "de": ROAD, "ef": ROAD}
    ways["ad"] = ROAD
    drawing = """
a---b
|   |
d---e---f
"""
    network = build(tmp_path, drawing, ways, restrictions=[("no_left_turn", "ab", "be", "ef")])
    assert arcs_by_access(network, ACCESS_VIA) == {"be"}
    assert arcs_by_access(network, ACCESS_EXIT) == {"be"}
    assert "be" not in arcs_by_access(network, ACCESS_THROUGH) | arcs_by_access(network, ACCESS_ENTRY)
    snapped = snap(network, [Location(lat_deg=-STEP_DEG, lon_deg=4 * STEP_DEG)])
    assert snapped.usable.all()
    assert drives(network, "be", 2) == {"be ed", "be ef"}


def test_a_restriction_that_begins_on_a_restricted_road(tmp_path):
    ways = {**WAYS, "ab": {**ROAD, "access": "destination"}}
    network = build(tmp_path, H, ways, restrictions=[("no_left_turn", "ab", "be", "ef")])
    assert drives(network, "ab", 3) == {"ab bc cb", "ab be ed"}
    assert drives(network, "cb", 3) == {"cb ba ab", "cb be ed", "cb be ef"}
    # and nobody comes off it who only came to call
    entry = [arc for arc, name in enumerate(arc_letters(network)) if network.arc_access[arc] == ACCESS_ENTRY]
    onto = {int(to) for arc in entry for to in network.turn_to[network.turn_first[arc] : network.turn_first[arc + 1]]}
    assert {int(network.arc_access[arc]) for arc in onto} <= {ACCESS_ENTRY}
    assert {arc_letters(network)[arc] for arc in entry} == {"ab", "ba"}


def test_hours_of_a_restriction_over_a_way(tmp_path):
    tags = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}
    network = build(tmp_path, H, WAYS, restrictions=[(tags, "ab", "be", "ef")])
    assert network.rule_hours == ("Mo-Fr 07:00-09:00",)
    assert network.rule_effect.tolist() == [TURN_CLOSED_WITHIN]
    assert network.rule_first.tolist() == [0, 1]
    (turn,) = network.rule_member.tolist()
    source = int(np.searchsorted(network.turn_first, turn, side="right")) - 1
    names = arc_letters(network)
    assert (names[source], names[network.turn_to[turn]]) == ("be", "ef")
    assert network.arc_access[source] == ACCESS_VIA
    assert "ab be ef" in drives(network, "ab", 3)
    assert (network.report.restrictions_via_way, network.report.restrictions_timed) == (1, 1)


@pytest.mark.parametrize(
    ("restriction", "words"),
    [
        (("no_left_turn", "ab", "de", "ef"), "do not follow each other end to end"),
        (("no_left_turn", "ab", "be", "bc"), "do not follow each other end to end"),
        (("turn_gently", "ab", "be", "ef"), "unknown kind"),
    ],
)
def test_what_cannot_be_applied_is_counted_in_words(tmp_path, restriction, words):
    network = build(tmp_path, H, WAYS, restrictions=[restriction])
    assert (network.report.restrictions_applied, network.report.restrictions_via_way) == (0, 0)
    (line,) = network.report.restrictions_ignored
    assert line.startswith("1 turn restriction")
    assert words in line
    assert not arcs_by_access(network, ACCESS_VIA)


def test_a_path_against_a_one_way_street_is_not_driven_anyway(tmp_path):
    ways = {**WAYS, "be": {**ROAD, "oneway": "-1"}}
    network = build(tmp_path, H, ways, restrictions=[("no_left_turn", "ab", "be", "ef")])
    assert "may not be driven anyway" in network.report.restrictions_ignored[0]
