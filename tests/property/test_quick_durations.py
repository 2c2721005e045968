"""A leg taken from a table is the searched one to the second and metre, whatever changes with the time."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_network import random_network

from routing.network.location import Location
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Closure, OnWay, Slowdown
from routing.travel.road_travel import RoadTravel
from routing.travel.speed_table import free_flow


def reported(network, rng):
    """Return the metric of an hour in which roads slow down, close and recover."""
    conditions = []
    for number in range(rng.randint(0, 8)):
        where = OnWay(way_id=100 + rng.randrange(network.arc_count))
        begin, end = rng.choice((None, rng.randint(0, 600))), rng.choice((None, rng.randint(601, 3000)))
        if rng.random() < 0.4:
            conditions.append(Closure(where=where, from_s=begin, until_s=end, id=str(number)))
        else:
            factor = rng.uniform(0.05, 0.8)
            conditions.append(Slowdown(where=where, speed_factor=factor, from_s=begin, until_s=end, id=str(number)))
    return apply_conditions(network, free_flow(network), conditions)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_a_table_tells_what_a_search_finds(seed):
    rng = random.Random(seed)
    network = random_network(rng, side=rng.randint(3, 6))
    metric = reported(network, rng)
    nodes = rng.sample(range(network.node_lat_deg.size), 5)
    places = [Location(lat_deg=float(network.node_lat_deg[k]), lon_deg=float(network.node_lon_deg[k])) for k in nodes]
    places.append(Location(lat_deg=80.0, lon_deg=0.0))  # on no road
    with_tables, without = (RoadTravel(network, metric, places) for _ in range(2))
    assert with_tables.matrix.slice_start_s.size >= 1
    for depart_s in [-50, *np.linspace(0, 3100, 12).astype(int).tolist()]:
        for i in range(6):
            for j in range(6):
                leg = without.leg(i, j, depart_s)
                assert with_tables.leg(i, j, depart_s) == leg
                assert with_tables.duration_s(i, j, depart_s) == (None if leg is None else leg.duration_s)
                assert without.duration_s(i, j, depart_s) == (None if leg is None else leg.duration_s)
