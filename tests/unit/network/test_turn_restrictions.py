import numpy as np
import pytest
from ascii_map import arc_letters, arcs_by_access, build, turn_costs_ms

from routing.network.profile import Profile
from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH, TURN_CLOSED_WITHIN

ROAD = {"highway": "residential"}
CROSS = """
    n
    |
w---x---e
    |
    s
"""
ARMS = {"wx": ROAD, "xe": ROAD, "nx": ROAD, "xs": ROAD}


def _from_south(network):
    return {target for source, target in turn_costs_ms(network) if source == "sx"}


@pytest.mark.parametrize(
    ("kind", "to", "left"),
    [
        ("no_left_turn", "wx", {"xn", "xe"}),
        ("no_straight_on", "nx", {"xw", "xe"}),
        ("only_right_turn", "xe", {"xe"}),
        ("only_straight_on", "nx", {"xn"}),
    ],
)
def test_no_and_only(tmp_path, kind, to, left):
    network = build(tmp_path, CROSS, ARMS, restrictions=[(kind, "xs", "x", to)])
    assert _from_south(network) == left
    assert (network.report.restrictions_read, network.report.restrictions_applied) == (1, 1)
    assert network.report.restrictions_ignored == ()


def test_others_who_come_to_the_junction_are_free(tmp_path):
    free = turn_costs_ms(build(tmp_path, CROSS, ARMS))
    bound = turn_costs_ms(build(tmp_path, CROSS, ARMS, restrictions=[("no_left_turn", "xs", "x", "wx")]))
    assert set(free) - set(bound) == {("sx", "xw")}


def test_no_u_turn_at_a_dead_end(tmp_path):
    network = build(tmp_path, CROSS, ARMS, restrictions=[("no_u_turn", "xs", "s", "xs")])
    # nobody turns round in s, so the road is no way through; a stop on it can still be entered and left
    assert arcs_by_access(network, ACCESS_THROUGH) == {"wx", "xw", "xe", "ex", "nx", "xn"}
    assert arcs_by_access(network, ACCESS_ENTRY) == {"xs"}
    assert arcs_by_access(network, ACCESS_EXIT) == {"sx"}


def test_exceptions_and_vehicles(tmp_path):
    but_goods = {"restriction": "no_left_turn", "except": "goods"}
    for_goods = {"restriction:goods": "no_left_turn"}
    for tags, bound, free in [(but_goods, Profile.car(), Profile.van()), (for_goods, Profile.van(), Profile.car())]:
        restrictions = [(tags, "xs", "x", "wx")]
        assert "xw" not in _from_south(build(tmp_path, CROSS, ARMS, bound, restrictions=restrictions))
        assert "xw" in _from_south(build(tmp_path, CROSS, ARMS, free, restrictions=restrictions))


@pytest.mark.parametrize(
    ("restriction", "words"),
    [
        (("no_left_turn", "xs", "nx", "wx"), "do not follow each other"),
        (({"restriction:conditional": "no_left_turn @ wet"}, "xs", "x", "wx"), "conditions that are not understood"),
        (("no_left_turn", "xs", "s", "wx"), "do not end at their via node"),
        (("turn_gently", "xs", "x", "wx"), "unknown kind"),
        (("no_right_turn_on_red", "xs", "x", "xe"), "red light"),
    ],
)
def test_what_cannot_be_applied_is_counted_in_words(tmp_path, restriction, words):
    network = build(tmp_path, CROSS, ARMS, restrictions=[restriction])
    assert network.report.restrictions_applied == 0
    (line,) = network.report.restrictions_ignored
    assert line.startswith("1 turn restriction")
    assert words in line
    assert _from_south(network) == {"xw", "xn", "xe"}


def test_an_only_that_leads_nowhere_closes_nothing(tmp_path):
    ways = {**ARMS, "xe": {"highway": "residential", "oneway": "-1"}}
    network = build(tmp_path, CROSS, ways, restrictions=[("only_right_turn", "xs", "x", "xe")])
    assert _from_south(network) == {"xw", "xn"}
    assert "may not be driven anyway" in network.report.restrictions_ignored[0]


def _timed_turns(network):
    """Return the hours of each turn that is forbidden at times, by the letters of its arcs."""
    names = arc_letters(network)
    found = {}
    for rule, hours in enumerate(network.rule_hours):
        assert network.rule_effect[rule] == TURN_CLOSED_WITHIN
        for turn in network.rule_member[network.rule_first[rule] : network.rule_first[rule + 1]]:
            source = int(np.searchsorted(network.turn_first, turn, side="right")) - 1
            found[names[source], names[network.turn_to[turn]]] = hours
    return found


def test_turns_that_are_forbidden_at_times_stay_and_carry_their_hours(tmp_path):
    tags = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}
    only = {"restriction:conditional": "only_straight_on @ (Sa 10:00-12:00)"}
    network = build(tmp_path, CROSS, ARMS, restrictions=[(tags, "xs", "x", "wx"), (only, "nx", "x", "xs")])
    assert _from_south(network) == {"xw", "xn", "xe"}
    assert _timed_turns(network) == {
        ("sx", "xw"): "Mo-Fr 07:00-09:00",
        ("nx", "xw"): "Sa 10:00-12:00",
        ("nx", "xe"): "Sa 10:00-12:00",
    }
    assert (network.report.restrictions_applied, network.report.restrictions_timed) == (2, 2)
    assert network.report.restrictions_ignored == ()


def test_rules_of_the_same_hours_are_one(tmp_path):
    tags = {"restriction:conditional": "no_left_turn @ (07:00-09:00)"}
    network = build(tmp_path, CROSS, ARMS, restrictions=[(tags, "xs", "x", "wx"), (tags, "nx", "x", "xe")])
    assert network.rule_hours == ("07:00-09:00",)
    assert set(_timed_turns(network)) == {("sx", "xw"), ("nx", "xe")}


def test_hours_bind_the_turns_of_all_copies(tmp_path):
    # the road to the south is open to those alone who live there: they leave it over its exit copy
    ways = {**ARMS, "xs": {**ROAD, "access": "destination"}}
    tags = {"restriction:conditional": "no_left_turn @ (07:00-09:00)", "except": "psv"}
    network = build(tmp_path, CROSS, ways, restrictions=[(tags, "xs", "x", "wx"), (tags, "wx", "x", "xs")])
    assert set(_timed_turns(network)) == {("sx", "xw"), ("wx", "xs")}
