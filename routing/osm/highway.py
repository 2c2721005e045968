"""What kind of road a way is (https://wiki.openstreetmap.org/wiki/Key:highway)."""

from __future__ import annotations

from collections.abc import Mapping

FERRY = "ferry"
OTHER_CLASS = "other"
ROAD_CLASSES = (
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
    "track",
    "pedestrian",
    "footway",
    "cycleway",
    "path",
    "steps",
    FERRY,
    OTHER_CLASS,
)
"""Classes that have a speed of their own, the index is an arc's class; `other` is every other highway."""


def way_highway(tags: Mapping[str, str]) -> str:
    """Return the highway value of a way, `ferry` for a ferry (https://wiki.openstreetmap.org/wiki/Tag:route%3Dferry)."""
    return FERRY if tags.get("route") == FERRY else tags.get("highway", "")


def class_index(highway: str) -> int:
    """Return the index into `ROAD_CLASSES` of a highway value."""
    return ROAD_CLASSES.index(highway if highway in ROAD_CLASSES else OTHER_CLASS)
