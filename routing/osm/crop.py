"""Cut the roads of a town out of a country's map."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import osmium
import shapely

from routing.errors import InputError, Issue
from routing.osm.area import Area
from routing.osm.read import OSM_SUFFIXES, check_map_file, damaged

_BATCH = 20_000
_EVERYTHING = osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION


def crop_map(source: str | Path, target: str | Path, area: Area) -> None:
    """Write the roads of a map that touch an area to a new file: whole ways, their nodes, their turn restrictions.

    What is no road is left behind. The area's bounds become the new file's bounding box. The target appears
    only when it is complete; a file of that name is replaced.

    Raises
    ------
    InputError
        Where the source cannot be read, no road of it touches the area, or the target's kind is not known.
    """
    source, target = Path(source), Path(target)
    check_map_file(source)
    for file in (source, target):
        if not file.name.lower().endswith(OSM_SUFFIXES):
            raise _fault(file, "MAP_KIND", "is no OSM file that can be cut", f"use one of {', '.join(OSM_SUFFIXES)}")
    if not target.parent.is_dir():
        raise _fault(target, "FOLDER_MISSING", "there is no such folder", "make the folder first")
    try:
        ways = _ways_in(source, area)
        if not ways:
            raise _fault(source, "CROP_EMPTY", "no road of it touches the area", "check that the area is on the map")
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            part = Path(folder) / target.name
            _write(source, part, ways, area)
            part.replace(target)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise damaged(source, error) from error
    except OSError as error:
        cause = f"cannot be written ({error.strerror or error})"
        raise _fault(target, "FILE_WRITE", cause, "choose another place or free some space") from error


def _ways_in(source: Path, area: Area) -> set[int]:
    """Return the ids of the highway ways that touch an area."""
    shapely.prepare(area)
    lines = _highway_lines(source)
    touching: set[int] = set()
    while batch := list(islice(lines, _BATCH)):
        ids, shapes = zip(*batch, strict=True)
        touches = shapely.intersects(shapely.from_wkb(np.array(shapes, dtype=object)), area)
        touching.update(np.array(ids)[touches].tolist())
    return touching


def _highway_lines(source: Path) -> Iterator[tuple[int, str]]:
    """Yield id and geometry (WKB in hexadecimal) of the ways that have any."""
    factory = osmium.geom.WKBFactory()
    highways = osmium.filter.KeyFilter("highway")
    ways = osmium.filter.EntityFilter(osmium.osm.WAY)
    found = osmium.FileProcessor(str(source), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in found.with_filter(ways).with_filter(highways):
        if not isinstance(way, osmium.osm.Way):
            continue
        try:
            yield way.id, factory.create_linestring(way, osmium.geom.use_nodes.ALL)
        except (osmium.InvalidLocationError, RuntimeError):  # some of its nodes are not in the map, or it has but one
            known = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            if known:
                yield way.id, shapely.to_wkb(shapely.MultiPoint(known), hex=True)


def _write(source: Path, target: Path, ways: set[int], area: Area) -> None:
    kept_ways = osmium.filter.IdFilter(list(ways))
    kept_ways.enable_for(osmium.osm.WAY)
    nodes = osmium.IdTracker()
    restrictions: list[int] = []
    restriction = osmium.filter.TagFilter(("type", "restriction"))
    restriction.enable_for(osmium.osm.RELATION)
    passed = osmium.FileProcessor(str(source), osmium.osm.WAY | osmium.osm.RELATION)
    for item in passed.with_filter(kept_ways).with_filter(restriction):
        if isinstance(item, osmium.osm.Way):
            nodes.add_references(item)
        elif isinstance(item, osmium.osm.Relation) and any(
            member.type == "w" and member.ref in ways for member in item.members
        ):
            restrictions.append(item.id)
    kept_nodes = nodes.id_filter()
    kept_nodes.enable_for(osmium.osm.NODE)
    kept_relations = osmium.filter.IdFilter(restrictions)
    kept_relations.enable_for(osmium.osm.RELATION)
    header = osmium.io.Header()
    west, south, east, north = area.bounds
    header.add_box(osmium.osm.Box(west, south, east, north))
    kept = osmium.FileProcessor(str(source), _EVERYTHING)
    with osmium.SimpleWriter(str(target), header=header) as writer:
        for item in kept.with_filter(kept_nodes).with_filter(kept_ways).with_filter(kept_relations):
            writer.add(item)


def _fault(file: Path, code: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=str(file), cause=cause, action=action)])
