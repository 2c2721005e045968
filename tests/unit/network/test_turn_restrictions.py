import pytest
from ascii_map import arcs_by_access, build, turn_costs_ms

from routing.network.profile import Profile
from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH

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
        (("no_left_turn", "xs", "nx", "wx"), "a way as via"),
        (({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, "xs", "x", "wx"), "bound to times"),
        (("no_left_turn", "xs", "s", "wx"), "do not end at their via node"),
        (("turn_gently", "xs", "x", "wx"), "unknown kind"),
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
