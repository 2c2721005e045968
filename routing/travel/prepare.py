"""Compile the kernels of drives and tables, or load them, before there is a map."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from routing.network.bridge import from_networkx
from routing.network.location import Location
from routing.network.profile import Profile
from routing.travel.matrix import weighted_tables
from routing.travel.road_travel import RoadTravel
from routing.travel.speed_table import time_of_day

AROUND_DEG = ((0.0, 0.0), (0.0, 0.001), (0.001, 0.001), (0.001, 0.0))
"""The corners of a block of houses."""
DAY_S = 86_400


def prepare_roads() -> None:
    """Make ready all kernels that a day's travel times need."""
    matrix = prepare_drives().matrix
    unknown, ever_s = np.full(len(AROUND_DEG), np.nan), np.full(len(AROUND_DEG), 0.0)
    weighted_tables(matrix, np.arange(len(AROUND_DEG)), (unknown, unknown), (ever_s, ever_s))


def prepare_drives() -> RoadTravel:
    """Drive round a block of houses, which makes ready the kernels of drives; return the block."""
    block: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (lat_deg, lon_deg) in enumerate(AROUND_DEG):
        block.add_node(node, x=lon_deg, y=lat_deg)
    for tail in range(4):
        head = (tail + 1) % 4
        data = {"osmid": tail, "highway": "residential", "length": 111.0}
        block.add_edge(tail, head, oneway=False, reversed=False, **data)
        block.add_edge(head, tail, oneway=False, reversed=True, **data)
    network = from_networkx(block, Profile.van())
    places = tuple(Location(lat_deg=lat_deg, lon_deg=lon_deg) for lat_deg, lon_deg in AROUND_DEG)
    travel = RoadTravel(network, time_of_day(network), places, horizon_s=(0, DAY_S))
    travel.leg(0, 2, 0)
    return travel
