"""What may be driven: the topology of the roads as flat, read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.network.hierarchy import Hierarchy
from routing.network.profile import Profile

ACCESS_THROUGH = 0
ACCESS_EXIT = 1
ACCESS_ENTRY = 2
ACCESS_VIA = 3
"""A copy of a through arc, entered where a restriction over a way as via begins; journeys end on it, none starts."""

CLOSED_WITHIN = 0
CLOSED_OUTSIDE = 1
SPEED_WITHIN = 2
TURN_CLOSED_WITHIN = 3
"""Effects of a timed rule: on arcs (closed within, or outside of, its hours; another free-flow speed), or on turns."""


def _none(dtype: str, size: int = 0) -> NDArray[Any]:
    return np.zeros(size, dtype=dtype)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """Say what of the map was used and what was not, so that nothing is hidden."""

    ways_read: int
    ways_drivable: int
    ways_cut: int
    """Ways that point to nodes which the map does not hold."""
    nodes_missing: int
    restrictions_read: int
    restrictions_applied: int
    restrictions_ignored: tuple[str, ...]
    """One line per kind that is not understood, with its count."""
    arcs_dropped: int
    """Arcs outside the largest strongly connected part."""
    lacks: tuple[str, ...]
    """What the source cannot tell, such as turn restrictions in a GraphML file."""
    tags_ignored: tuple[str, ...] = ()
    """One line per tag that binds the profile and could not be used as it stands, with the count of ways or nodes."""
    restrictions_via_way: int = 0
    """Those of the applied ones that lead over ways,"""
    restrictions_timed: int = 0
    """and those of them that hold at some times only."""


class _Derived:
    """Give a network a place for what is made of it on first use; no field, so neither stored nor compared."""

    __slots__ = ("road_index",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNetwork(_Derived):
    """Hold n nodes, a directed arcs and t allowed turns between arcs.

    An arc runs from junction to junction in one direction. The turns form the arc-expanded graph on which
    every search runs: its vertices are the arcs, so turn costs and restrictions are exact.

    A road that may only be used at the ends of a journey (access=destination, private, delivery) comes as
    two arcs: an exit copy (`ACCESS_EXIT`), from which a journey may start and reach the through roads, and an
    entry copy (`ACCESS_ENTRY`), which is entered from the through roads and never left for them. No
    turn leads from a through road to an exit copy or from an entry copy to a through road.
    """

    node_id: NDArray[np.int64]
    """OSM node ids, n."""
    node_lat_deg: NDArray[np.float64]
    node_lon_deg: NDArray[np.float64]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_length_mm: NDArray[np.int64]
    arc_speed_kph: NDArray[np.float64]
    """Free-flow speed of the profile, a."""
    arc_free_ms: NDArray[np.int32]
    """Free-flow time of the whole arc, at least 1, a."""
    arc_class: NDArray[np.uint8]
    """Index into `profile.ROAD_CLASSES`, a."""
    arc_access: NDArray[np.uint8]
    arc_way_id: NDArray[np.int64]
    arc_forward: NDArray[np.bool_]
    """True where the arc runs in its way's own direction, a."""
    arc_name: NDArray[np.int32]
    """Index into `names`, a."""
    names: tuple[str, ...]
    shape_first: NDArray[np.int64]
    """Arc i's geometry is shape[shape_first[i]:shape_first[i + 1]], tail to head, both included; a + 1."""
    shape_node_id: NDArray[np.int64]
    shape_lat_deg: NDArray[np.float64]
    shape_lon_deg: NDArray[np.float64]
    turn_first: NDArray[np.int64]
    """Turns out of arc i are turn_first[i] to turn_first[i + 1]; a + 1."""
    turn_to: NDArray[np.int32]
    turn_ms: NDArray[np.int32]
    """Time lost in the turn, whatever the traffic, t."""
    hierarchy: Hierarchy
    """Contraction order and shortcuts of the arc-expanded graph; depends on the topology alone."""
    profile: Profile
    bbox_deg: tuple[float, float, float, float]
    """West, south, east, north of the map's roads."""
    source: str
    source_sha256: str
    attribution: str
    report: BuildReport
    drives_on_left: bool = False
    rule_hours: tuple[str, ...] = ()
    """When each of r timed rules holds, in the words of https://wiki.openstreetmap.org/wiki/Key:opening_hours."""
    rule_effect: NDArray[np.uint8] = field(default_factory=lambda: _none("u1"))
    """CLOSED_WITHIN and so on, r."""
    rule_kph: NDArray[np.float64] = field(default_factory=lambda: _none("f8"))
    """Free-flow speed under SPEED_WITHIN, else 0, r."""
    rule_first: NDArray[np.int64] = field(default_factory=lambda: _none("i8", 1))
    """Arcs (or turns, under TURN_CLOSED_WITHIN) of rule i are rule_member[rule_first[i]:rule_first[i + 1]]; r + 1."""
    rule_member: NDArray[np.int32] = field(default_factory=lambda: _none("i4"))
    arc_frontage: NDArray[np.uint8] = field(default_factory=lambda: _none("u1"))
    """Values of `osm.frontage.Frontage`: what kind of road a place is visited from, a; streets where not given."""

    def __post_init__(self) -> None:
        """Seal the arrays."""
        if not self.arc_frontage.size:
            object.__setattr__(self, "arc_frontage", _none("u1", self.arc_tail.size))
        for each in fields(self):
            array = getattr(self, each.name)
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    @property
    def arc_count(self) -> int:
        """Return the number of directed arcs."""
        return int(self.arc_tail.size)
