"""Who may drive on a way (https://wiki.openstreetmap.org/wiki/Key:access).

A more specific key beats a more general one (motorcar before motor_vehicle before vehicle before access), and
within a key a value for the direction beats the value for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

CLOSED_VALUES = frozenset(
    {
        "no",
        "agricultural",
        "agriculture",
        "forestry",
        "emergency",
        "psv",
        "bus",
        "taxi",
        "military",
        "use_sidepath",
    }
)
RESTRICTED_VALUES = frozenset({"private", "destination", "delivery", "customers", "permit", "residents"})
"""Open to those who have business there, so for the ends of a journey (Key:access, section values)."""

ROAD_HIGHWAYS = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
)
"""Open to motor vehicles unless tags say otherwise (https://wiki.openstreetmap.org/wiki/Key:highway)."""

OPENABLE_HIGHWAYS = frozenset({"pedestrian", "track", "road", "footway", "cycleway", "path", "busway"})
"""Closed to motor vehicles unless a key of theirs opens them, as on many pedestrian streets at delivery hours."""

_UNBUILT = ("construction", "proposed")
_BUILT_VALUES = frozenset({"no", "minor", "widening"})


class Access(IntEnum):
    """Say how far a way may be used."""

    CLOSED = 0
    RESTRICTED = 1
    OPEN = 2


def access_of_value(value: str) -> Access:
    """Return what one access value allows; of several (`a;b`) the most open, and open where it is not known."""
    levels = []
    for word in (part.strip() for part in value.split(";")):
        if word in CLOSED_VALUES:
            levels.append(Access.CLOSED)
        else:
            levels.append(Access.RESTRICTED if word in RESTRICTED_VALUES else Access.OPEN)
    return max(levels)


def access_value(tags: Mapping[str, str], keys: Iterable[str], direction: str) -> tuple[str, str] | None:
    """Return the key and value that decide for a direction (`forward`, `backward`), keys most specific first."""
    for key in keys:
        value = tags.get(f"{key}:{direction}", tags.get(key))
        if value is not None:
            return key, value
    return None


def way_access(tags: Mapping[str, str], keys: Iterable[str], direction: str) -> Access:
    """Return how far a way may be used in a direction by a vehicle with these access keys.

    A private service road is closed, as in OSRM's car profile: it is a driveway or a works yard far more often
    than a street with front doors. A road under construction or only proposed is closed
    (https://wiki.openstreetmap.org/wiki/Key:construction), so is an area (area=yes is a square, not a road).
    """
    highway = tags.get("highway")
    if tags.get("area") == "yes" or tags.get("impassable") == "yes" or tags.get("status") == "impassable":
        return Access.CLOSED
    if any(key in tags and tags[key] not in _BUILT_VALUES for key in _UNBUILT):
        return Access.CLOSED
    if tags.get("service") == "emergency_access":
        return Access.CLOSED
    found = access_value(tags, keys, direction)
    if highway in OPENABLE_HIGHWAYS:
        return access_of_value(found[1]) if found is not None and found[0] != "access" else Access.CLOSED
    if highway not in ROAD_HIGHWAYS:
        return Access.CLOSED
    if found is None:
        return Access.OPEN
    if highway == "service" and found[1] == "private":
        return Access.CLOSED
    return access_of_value(found[1])
