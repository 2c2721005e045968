"""What each way of an extract means to a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network.profile import OTHER_CLASS, ROAD_CLASSES, Profile
from routing.osm.access import Access, way_access
from routing.osm.extract import Extract
from routing.osm.oneway import open_directions
from routing.osm.speed import driven_kph

_NAME_KEYS = ("name", "ref")
_UNTOLD_PREFIXES = ("name", "addr:", "source:name", "is_in", "note", "wikipedia", "wikidata", "tiger:", "int_ref")
"""Tags that say nothing about driving; left out so that ways with the same meaning are judged once."""

_Meaning = tuple[int, Access, Access, float, float]
"""Class, access and speed in km/h forward and backward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWay:
    """Hold what is different on some ways at some hours."""

    hours: str
    """In the words of https://wiki.openstreetmap.org/wiki/Key:opening_hours."""
    effect: int
    """CLOSED_WITHIN, CLOSED_OUTSIDE or SPEED_WITHIN of `road_network`."""
    speed_kph: float
    """Driven speed under SPEED_WITHIN, else 0."""
    rows: NDArray[np.int64]
    """Ways that it binds, as rows of the extract, increasing."""
    forward: bool
    backward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMeaning:
    """Hold for w ways how they may be driven; column 0 is forward, 1 backward."""

    road_class: NDArray[np.uint8]
    access: NDArray[np.uint8]
    """Values of `Access`, w x 2."""
    speed_kph: NDArray[np.float64]
    """w x 2."""
    name: NDArray[np.int32]
    """Index into `names`, w."""
    names: tuple[str, ...]
    timed: tuple[TimedWay, ...] = ()
    """Rules that hold at some hours; of ways that are closed but for some hours the access stands for those hours."""
    ignored: tuple[str, ...] = ()
    """One line per kind of tag that could not be used, with its count."""


def read_ways(extract: Extract, profile: Profile) -> WayMeaning:
    """Judge every way of an extract by its tags."""
    judged: dict[tuple[tuple[str, str], ...], _Meaning] = {}
    meanings: list[_Meaning] = []
    for tags in extract.way_tags:
        told = tuple(item for item in tags.items() if not item[0].startswith(_UNTOLD_PREFIXES))
        if told not in judged:
            judged[told] = _judge(tags, profile)
        meanings.append(judged[told])
    way_names = [next((tags[key] for key in _NAME_KEYS if key in tags), "") for tags in extract.way_tags]
    names = sorted(set(way_names))
    number = {name: index for index, name in enumerate(names)}
    road_class, forward, backward, forward_kph, backward_kph = zip(*meanings, strict=True)
    return WayMeaning(
        road_class=np.array(road_class, dtype=np.uint8),
        access=np.array([forward, backward], dtype=np.uint8).T,
        speed_kph=np.array([forward_kph, backward_kph], dtype=np.float64).T,
        name=np.array([number[name] for name in way_names], dtype=np.int32),
        names=tuple(names),
    )


def _judge(tags: Mapping[str, str], profile: Profile) -> _Meaning:
    highway = tags.get("highway", "")
    road_class = ROAD_CLASSES.index(highway if highway in ROAD_CLASSES else OTHER_CLASS)
    class_kph = profile.class_speed_kph[road_class][1]
    ways_open = open_directions(tags, profile.vehicle_keys)
    access: list[Access] = []
    speed_kph: list[float] = []
    for direction, is_open in zip(("forward", "backward"), ways_open, strict=True):
        access.append(way_access(tags, profile.access_keys, direction) if is_open else Access.CLOSED)
        speed_kph.append(min(driven_kph(tags, class_kph, direction), profile.max_speed_kph))
    return road_class, access[0], access[1], speed_kph[0], speed_kph[1]
