import itertools
import tempfile
from pathlib import Path

import networkx as nx
import numpy as np
from ascii_map import build
from hypothesis import example, given, settings
from hypothesis import strategies as st

from routing.errors import InputError
from routing.network.location import Location
from routing.network.road_network import ACCESS_ENTRY, ACCESS_EXIT, ACCESS_THROUGH, ACCESS_VIA
from routing.network.snap import snap

GRID = """
a-b-c-d
| | | |
e-f-g-h
| | | |
i-j-k-l
"""
ACROSS = ["ab", "bc", "cd", "ef", "fg", "gh", "ij", "jk", "kl"]
DOWN = ["ae", "bf", "cg", "dh", "ei", "fj", "gk", "hl"]
kinds = st.sampled_from(
    [
        None,
        {},
        {},
        {"oneway": "yes"},
        {"oneway": "-1"},
        {"access": "destination"},
        {"motor_vehicle": "private", "oneway": "yes"},
        {"vehicle:backward": "delivery"},
    ]
)
barriers = st.sampled_from([{}, {}, {"barrier": "bollard"}, {"highway": "traffic_signals"}, {"barrier": "gate"}])
kinds_of_turn = st.sampled_from(["no_left_turn", "no_straight_on", "only_right_turn", "no_u_turn"])
restrictions = st.tuples(kinds_of_turn, st.sampled_from(ACROSS + DOWN), st.sampled_from(ACROSS + DOWN))
FOLLOWED = [
    (one, via, other)
    for one, via, other in itertools.permutations(ACROSS + DOWN, 3)
    if set(one) & set(via) and set(via) & set(other) and not set(one) & set(via) & set(other)
]


@st.composite
def towns(draw):
    roads = {street: draw(kinds) for street in ACROSS + DOWN}
    ways = {street: {"highway": "residential", **tags} for street, tags in roads.items() if tags is not None}
    nodes = {letter: draw(barriers) for letter in "bfg"}
    bans = [
        (kind, start, via, end)
        for kind, start, end in draw(st.lists(restrictions, max_size=4))
        for via in sorted(set(start) & set(end))[:1]
        if start in ways and end in ways
    ]
    over_ways = draw(st.lists(st.tuples(kinds_of_turn, st.sampled_from(FOLLOWED)), max_size=4))
    bans += [(kind, *streets) for kind, streets in over_ways if all(street in ways for street in streets)]
    return ways, nodes, bans


@settings(max_examples=60, deadline=None)
@given(towns())
@example(({street: {"highway": "residential"} for street in ("cd", "gh", "cg", "dh")}, {}, []))  # one ring, no dead end
def test_any_town_gives_a_network_on_which_all_can_be_served(town):
    ways, nodes, bans = town
    with tempfile.TemporaryDirectory() as folder:
        try:
            network = build(Path(folder), GRID, ways, nodes=nodes, restrictions=bans)
        except InputError as error:
            if error.issues[0].code not in ("MAP_WITHOUT_NETWORK", "MAP_WITHOUT_ROADS"):
                raise
            return
    source = np.repeat(np.arange(network.arc_count), np.diff(network.turn_first))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.arc_count))
    graph.add_edges_from(zip(source.tolist(), network.turn_to.tolist(), strict=True))
    by_access = {kind: set(np.flatnonzero(network.arc_access == kind).tolist()) for kind in range(4)}
    through = by_access[ACCESS_THROUGH] | by_access[ACCESS_VIA]
    assert nx.is_strongly_connected(graph.subgraph(through))
    assert by_access[ACCESS_ENTRY] <= nx.descendants(graph, min(through))
    assert by_access[ACCESS_EXIT] <= nx.ancestors(graph, min(through))
    # nobody who came from the through roads gets back to them over an entry
    for entry in by_access[ACCESS_ENTRY]:
        assert nx.descendants(graph, entry) <= by_access[ACCESS_ENTRY]
    # whatever road a stop snaps to, it can be left and arrived at
    places = [Location(lat_deg=lat, lon_deg=lon) for lat in (0.0, -0.0012, -0.003) for lon in (0.0005, 0.003, 0.006)]
    snapped = snap(network, places, radius_m=2_000)
    assert snapped.usable.all()
    assert (np.diff(snapped.leave_first) > 0).all()
    assert (np.diff(snapped.arrive_first) > 0).all()
