"""Restrictions over ways as via: copies of lanes against a search that remembers the lanes driven."""

import random

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from road_oracle import shortest_with_memory

from routing.network.turns import Turns
from routing.network.via_ways import ViaPath, copy_lanes

LANES = 14


def _drawn(rng):
    """Return random turns between lanes, and restrictions over random walks, some of which overlap."""
    follow = {lane: rng.sample(range(LANES), rng.randint(1, 3)) for lane in range(LANES)}
    turns = {lane: {onto: rng.randint(1, 30) for onto in sorted(follow[lane])} for lane in range(LANES)}
    paths = []
    for _ in range(rng.randint(0, 6)):
        begin = rng.choice(paths)[0][rng.randrange(2) :] if paths and rng.random() < 0.5 else (rng.randrange(LANES),)
        walk = list(begin)
        while len(walk) < len(begin) + rng.randint(0, 2) or len(walk) < 2:
            walk.append(rng.choice(follow[walk[-1]]))
        named = rng.choice(follow[walk[-1]])
        forbidden = {named} if rng.random() < 0.6 else set(follow[walk[-1]]) - {named}
        paths.append((tuple(walk), forbidden))
    return turns, paths


def _as_arrays(turns):
    rows = [(lane, onto, cost) for lane in sorted(turns) for onto, cost in turns[lane].items()]
    source, target, cost = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    none = np.zeros(source.size, dtype=bool)
    return Turns(source=source, target=target, is_u_turn=none, at_dead_end_only=none, cost_ms=cost.astype(np.int32))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 100_000))
def test_copies_equal_a_search_that_remembers(seed):
    turns, bans = _drawn(random.Random(seed))
    arrays = _as_arrays(turns)
    paths = [
        ViaPath(
            lanes=walk,
            banned=np.flatnonzero((arrays.source == walk[-1]) & np.isin(arrays.target, sorted(forbidden))),
            hours=None,
        )
        for walk, forbidden in bans
    ]
    copied = copy_lanes(arrays, LANES, np.ones(arrays.source.size, dtype=bool), (), paths)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(copied.lane.size))
    columns = (copied.turns.source, copied.turns.target, copied.turns.cost_ms, copied.allowed)
    for source, target, cost, allowed in zip(*(column.tolist() for column in columns), strict=True):
        if allowed:
            graph.add_edge(source, target, weight=cost)
    for start in range(LANES):
        found = {}
        for onto, data in graph[start].items():
            for vertex, further in nx.single_source_dijkstra_path_length(graph, onto).items():
                lane, cost = int(copied.lane[vertex]), data["weight"] + further
                found[lane] = min(cost, found.get(lane, cost))
        assert found == shortest_with_memory(turns, bans, start)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 100_000))
def test_what_holds_at_times_forbids_the_same_turns_as_what_always_holds(seed):
    turns, bans = _drawn(random.Random(seed))
    arrays = _as_arrays(turns)
    everywhere = np.ones(arrays.source.size, dtype=bool)
    always, at_times = (
        [ViaPath(lanes=walk, banned=np.flatnonzero(arrays.source == walk[-1])[:1], hours=hours) for walk, _ in bans]
        for hours in (None, "07:00-09:00")
    )
    node_rule = np.array([0])
    everywhere[node_rule] = False
    forbidden = ~copy_lanes(arrays, LANES, everywhere, (), always).allowed
    everywhere[node_rule] = True
    timed = copy_lanes(arrays, LANES, everywhere, [("07:00-09:00", node_rule)], at_times)
    assert timed.allowed.all()
    assert set(np.concatenate([rows for _, rows in timed.timed]).tolist()) == set(np.flatnonzero(forbidden).tolist())
