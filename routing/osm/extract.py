"""What a map holds about roads, whatever file it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.osm.restriction import Restriction

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

Tags = Mapping[str, str]

OnProgress = Callable[[str, float], None]
"""Is told by long work what is being done, and which share of it is done, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Hold n road nodes, w ways and the turn restrictions of a map.

    A way that points to nodes which the map does not hold comes as one row for each piece that is there, so a
    way id can stand in several rows; the pieces of a way follow each other in its own direction.
    """

    node_id: NDArray[np.int64]
    """OSM ids of the nodes that some way uses, increasing, n."""
    node_lat_deg: NDArray[np.float64]
    node_lon_deg: NDArray[np.float64]
    tagged_node: NDArray[np.int32]
    """Indices of the nodes that have tags of their own, increasing."""
    node_tags: tuple[Tags, ...]
    """Their tags, in the same order."""
    way_id: NDArray[np.int64]
    """OSM ids, not decreasing, w."""
    way_first: NDArray[np.int64]
    """Nodes of way i are way_node[way_first[i]:way_first[i + 1]], at least two; w + 1."""
    way_node: NDArray[np.int32]
    """Indices of nodes."""
    way_tags: tuple[Tags, ...]
    """Tags of each way, w."""
    restrictions: tuple[Restriction, ...]
    ways_cut: int
    """Ways that point to nodes which the map does not hold."""
    nodes_missing: int
    """Those nodes, each counted once."""
    bbox_deg: tuple[float, float, float, float]
    """West, south, east, north of the road nodes."""
    source: str
    """Name of the file."""
    source_sha256: str
    timestamp: str | None
    """Age of the data as the file tells it, or of its newest road; ISO 8601."""
    lacks: tuple[str, ...]
    """What this kind of source cannot tell, in words."""
    attribution: str = ATTRIBUTION

    def __post_init__(self) -> None:
        arrays = (self.node_id, self.node_lat_deg, self.node_lon_deg, self.tagged_node)
        for array in (*arrays, self.way_id, self.way_first, self.way_node):
            array.setflags(write=False)
