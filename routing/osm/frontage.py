"""Whether a stop can be made on a way: not in a tunnel, not on a motorway, not by choice on a private road.

OSRM's car profile starts and ends no journey on a ferry nor on a service road that is private (`startpoint` in its
`way_handlers.lua`), and Valhalla leaves tunnels out where it is asked to (`search_filter`). Bridges are left in, as
in both: many are plain streets over a brook, with doors beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

FRONTAGE_KEYS = ("highway", "service", "motorroad", "route", "tunnel", "location")
"""What is looked at beside the access keys."""
_MOTOR_HIGHWAYS = ("motorway", "motorway_link")
_OPEN_TUNNELS = ("no", "building_passage", "avalanche_protector", "culvert")
"""Values of https://wiki.openstreetmap.org/wiki/Key:tunnel that do not bury the road itself."""


class Frontage(IntEnum):
    """Say what kind of road a place would be visited from."""

    STREET = 0
    PRIVATE = 1
    """Access is private: whether a stranger may drive in is not known."""
    MOTOR_ROAD = 2
    """Nobody stops or walks there: a motorway, a road for motor vehicles only, a ferry."""
    TUNNEL = 3


def way_frontage(tags: Mapping[str, str], keys: Iterable[str]) -> Frontage:
    """Return the frontage of a way for a vehicle with these access keys, most specific first.

    A service road underground is there for the docks of the buildings above it, as under the shops of Helsinki's
    centre; the aisles of a garage are not. Trunk roads are motor roads where they are tagged so (https://wiki.openstreetmap.org/wiki/Key:motorroad).
    """
    buried = tags.get("tunnel", "no") not in _OPEN_TUNNELS or tags.get("location") == "underground"
    docks = tags.get("highway") == "service" and tags.get("service") != "parking_aisle"
    if buried and not docks:
        return Frontage.TUNNEL
    if tags.get("highway") in _MOTOR_HIGHWAYS or tags.get("motorroad") == "yes" or tags.get("route") == "ferry":
        return Frontage.MOTOR_ROAD
    access = next((tags[key] for key in keys if key in tags), "")
    return Frontage.PRIVATE if access == "private" else Frontage.STREET
