"""The maps of the benchmarks, and random places beside their roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium

from routing.units import great_circle_m

EMBEDDED = Path(__file__).parents[2] / "maps"
NAMES = {
    "helsinki": "helsinki.osm.pbf",
    "monaco": "monaco.osm.pbf",
    "lauf": "lauf.osm.pbf",
    "liechtenstein": "liechtenstein.osm.pbf",
    "sao-paulo": "sao-paulo-centre.osm.pbf",
    "maribor": "maribor.osm.gz",
    "portland": "portland.osm.pbf",
    "kentucky": "northern-kentucky.osm.pbf",
    "porto": "porto.osm.pbf",
}
OFFSET_M = 8.0
"""Places lie beside the middle of their road by a normal distance of this deviation."""
_CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
_ROADS = frozenset({*_CLASSES, *(f"{name}_link" for name in _CLASSES[:5]), "living_street", "service"})
_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_SHUT = frozenset({"no", "private"})


def find_map(name, folder):
    """Return the file of a map: an embedded one, one of the folder, or any path."""
    known = NAMES.get(name, name)
    places = [EMBEDDED / known, *([folder / known] if folder else []), Path(known)]
    return next((place for place in places if place.is_file()), None)


def as_sorted_pbf(map_file, cache):
    """Return the map as .osm.pbf, its objects by type and id, for engines that read nothing else."""
    converted = cache / "data" / f"{map_file.name.split('.')[0]}.osm.pbf"
    if not converted.exists():
        converted.parent.mkdir(parents=True, exist_ok=True)
        partial = converted.with_name("partial.osm.pbf")
        reader = osmium.MergeInputReader()
        reader.add_file(str(map_file))
        with osmium.SimpleWriter(str(partial), overwrite=True) as writer:
            reader.apply(writer)
        partial.rename(converted)
    return converted


def random_places(extract, count, seed, classes=_ROADS):
    """Return `count` places as [[lon, lat], …] beside roads that no tag shuts, each metre of road as likely.

    The roads are chosen by class and access tags alone, not by what some engine makes of them.
    """
    rng = np.random.default_rng(seed)
    path_way = np.repeat(np.arange(extract.way_id.size), np.diff(extract.way_first))
    taken = np.array([_is_road(tags, classes) for tags in extract.way_tags])
    lat, lon = extract.node_lat_deg[extract.way_node], extract.node_lon_deg[extract.way_node]
    inside = (path_way[1:] == path_way[:-1]) & taken[path_way[1:]]
    step_m = np.where(inside, great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:]), 0.0)
    along_m = np.cumsum(step_m)
    at_m = rng.uniform(0, along_m[-1], count)
    step = np.searchsorted(along_m, at_m)
    share = (along_m[step] - at_m) / step_m[step]
    on_lat, on_lon = (values[step + 1] - share * (values[step + 1] - values[step]) for values in (lat, lon))
    off_m = rng.normal(0, OFFSET_M, (count, 2))
    degree_m = np.radians(1.0) * 6_371_000
    on_lat = on_lat + off_m[:, 0] / degree_m
    on_lon = on_lon + off_m[:, 1] / (degree_m * np.cos(np.radians(on_lat)))
    return np.column_stack([on_lon, on_lat]).round(6).tolist()


def _is_road(tags, classes):
    shut = any(tags.get(key) in _SHUT for key in _KEYS)
    return tags.get("highway") in classes and tags.get("area") != "yes" and not shut
