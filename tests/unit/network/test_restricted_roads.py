import networkx as nx
from ascii_map import arc_letters, arcs_by_access, build

from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH

ROAD = {"highway": "residential"}
YARD = {"highway": "residential", "access": "destination"}
ONEWAY_YARD = {**YARD, "oneway": "yes"}
LADDER = """
a---b---c
|   |   |
d---e---f
"""


def _reaches(network, source, target):
    """Return whether an arc leads to another over turns, both as (letters, access)."""
    graph = nx.DiGraph()
    keys = list(zip(arc_letters(network), network.arc_access.tolist(), strict=True))
    for arc, key in enumerate(keys):
        graph.add_node(key)
        for turn in range(network.turn_first[arc], network.turn_first[arc + 1]):
            graph.add_edge(key, keys[network.turn_to[turn]])
    return nx.has_path(graph, source, target)


def test_a_restricted_road_comes_as_exit_and_entry_copies(tmp_path):
    network = build(tmp_path, LADDER, {"abc": ROAD, "adefc": ROAD, "be": YARD})
    assert arcs_by_access(network, ACCESS_EXIT) == {"be", "eb"}
    assert arcs_by_access(network, ACCESS_ENTRY) == {"be", "eb"}
    assert not arcs_by_access(network, ACCESS_THROUGH) & {"be", "eb"}


def test_it_serves_the_ends_of_a_journey_but_no_way_through(tmp_path):
    network = build(tmp_path, LADDER, {"abc": ROAD, "adefc": ROAD, "be": YARD})
    assert _reaches(network, ("ba", ACCESS_THROUGH), ("be", ACCESS_ENTRY))
    assert _reaches(network, ("be", ACCESS_EXIT), ("efc", ACCESS_THROUGH))
    for entry in ("be", "eb"):
        assert not _reaches(network, (entry, ACCESS_ENTRY), ("ba", ACCESS_THROUGH))
        assert not _reaches(network, ("ba", ACCESS_THROUGH), (entry, ACCESS_EXIT))


def test_chains_of_restricted_roads_are_kept_to_their_end(tmp_path):
    drawing = """
a---b---x
|   |
d---e---f---g
"""
    network = build(tmp_path, drawing, {"abeda": ROAD, "bx": ROAD, "ef": YARD, "fg": YARD})
    assert _reaches(network, ("xb", ACCESS_THROUGH), ("fg", ACCESS_ENTRY))
    assert _reaches(network, ("gf", ACCESS_EXIT), ("fe", ACCESS_EXIT))
    # at the dead end g both copies may turn round
    assert _reaches(network, ("fg", ACCESS_EXIT), ("gf", ACCESS_EXIT))
    assert _reaches(network, ("fg", ACCESS_ENTRY), ("gf", ACCESS_ENTRY))


def test_a_road_that_can_be_entered_but_not_left_serves_nobody_and_is_dropped(tmp_path):
    # one-way from e to g, where the road ends: it can be entered, but nobody gets out of it
    drawing = """
a---b---x
|   |
d---e---g
"""
    network = build(tmp_path, drawing, {"abeda": ROAD, "bx": ROAD, "eg": ONEWAY_YARD})
    assert arcs_by_access(network, ACCESS_ENTRY) == arcs_by_access(network, ACCESS_EXIT) == set()
    assert network.report.arcs_dropped == 1


def test_a_public_road_behind_a_restricted_one_can_be_served(tmp_path):
    # f-g is open to all, but can only be reached over e-f
    drawing = """
a---b---x
|   |
d---e---f---g
"""
    network = build(tmp_path, drawing, {"abeda": ROAD, "bx": ROAD, "ef": YARD, "fg": ROAD})
    assert arcs_by_access(network, ACCESS_ENTRY) == {"ef", "fe", "fg", "gf"}
    assert arcs_by_access(network, ACCESS_EXIT) == {"ef", "fe", "fg", "gf"}
    assert network.report.arcs_dropped == 0


def test_a_public_road_that_ends_at_a_restricted_one_turns_round_there(tmp_path):
    network = build(tmp_path, "a---b---c", {"ab": ROAD, "bc": YARD})
    assert arcs_by_access(network, ACCESS_THROUGH) == {"ab", "ba"}
    assert _reaches(network, ("ab", ACCESS_THROUGH), ("ba", ACCESS_THROUGH))
    assert _reaches(network, ("ab", ACCESS_THROUGH), ("bc", ACCESS_ENTRY))


def test_one_direction_alone_may_be_restricted(tmp_path):
    ways = {"abc": ROAD, "adefc": ROAD, "be": {**ROAD, "motor_vehicle:backward": "destination"}}
    network = build(tmp_path, LADDER, ways)
    assert "be" in arcs_by_access(network, ACCESS_THROUGH)
    assert arcs_by_access(network, ACCESS_EXIT) == {"eb"} == arcs_by_access(network, ACCESS_ENTRY)
