"""Read a map file of any accepted kind into an `Extract`."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.osm import opl
from routing.osm.extract import Extract, OnProgress, Tags
from routing.osm.highway import FERRY
from routing.osm.josm import deleted_objects
from routing.osm.pieces import cut_ways
from routing.osm.restriction import Restriction, parse_restriction

OSM_SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPHML_SUFFIX = ".graphml"
PROGRESS_LINES = 20_000
"""Progress is told after so many roads."""
_NODE_KEYS = (
    *("highway", "barrier", "railway", "access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "bicycle"),
    *("foot", "maxheight", "maxwidth", "maxweight"),
)


@dataclass(slots=True)
class _Roads:
    """Collect what one pass over a file finds."""

    ways: dict[int, tuple[Tags, str]] = field(default_factory=dict)
    nodes: dict[int, Tags] = field(default_factory=dict)
    restrictions: dict[int, Restriction] = field(default_factory=dict)
    replicated: str = ""
    """Age of the data as the file's header tells it."""
    newest: str = ""


def read_osm(path: str | Path, *, on_progress: OnProgress | None = None) -> Extract:
    """Read the roads of a map: .osm.pbf, .osm, .osm.gz, .osm.bz2 or OSMnx's .graphml.

    Edits that JOSM has saved and not uploaded are taken as they are: new objects, whose ids are below zero, and
    deletions. Ways that point to nodes which the file does not hold are cut there and counted.

    Raises
    ------
    InputError
        Where the file is missing, empty, of another kind, damaged, or holds no road.
    """
    file = Path(path)
    content_sha256 = check_map_file(file)
    if file.name.lower().endswith(GRAPHML_SUFFIX):
        from routing.osm.graphml import extract_graphml  # NetworkX takes its time to import

        return extract_graphml(file, content_sha256)
    try:
        roads = _read_roads(file, on_progress)
        if not roads.ways:
            raise _fault(file, "MAP_WITHOUT_ROADS", "holds no way with a highway tag", "take a map with roads")
        return _assemble(roads, file, content_sha256)
    except InputError:
        raise
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
        raise damaged(file, error) from error


def check_map_file(file: Path) -> str:
    """Return the SHA-256 of a map file; InputError where it is missing, empty or of no accepted kind."""
    kinds = (*OSM_SUFFIXES, GRAPHML_SUFFIX)
    if not file.is_file():
        raise _fault(file, "MAP_MISSING", "there is no such file", "check the path of the map")
    if not file.name.lower().endswith(kinds):
        raise _fault(file, "MAP_KIND", "is no kind of map that is understood", f"give one of {', '.join(kinds)}")
    if file.stat().st_size == 0:
        raise _fault(file, "MAP_EMPTY", "the file is empty", "download the map again")
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(file: Path, error: Exception) -> InputError:
    """Return the report of a file that the parser could not follow to its end."""
    cause = f"is damaged, cut short or no map ({error})"
    return _fault(file, "MAP_DAMAGED", cause, "download the map again, or check that it is an OSM file")


def _fault(file: Path, code: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=str(file), cause=cause, action=action)])


def _read_roads(file: Path, on_progress: OnProgress | None) -> _Roads:
    """Let osmium write the roads, with their coordinates, as text, and parse that."""
    ways = osmium.filter.KeyFilter("highway", "route")  # ferries are routes
    ways.enable_for(osmium.osm.WAY)
    nodes = osmium.filter.KeyFilter(*_NODE_KEYS)
    nodes.enable_for(osmium.osm.NODE)
    relations = osmium.filter.TagFilter(("type", "restriction"))
    relations.enable_for(osmium.osm.RELATION)
    found = osmium.FileProcessor(str(file)).with_locations()
    found = found.with_filter(ways).with_filter(nodes).with_filter(relations)
    roads = _Roads(replicated=found.header.get("osmosis_replication_timestamp", ""))
    tell = on_progress or (lambda stage, share: None)
    tell("read the map", 0.0)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "roads.opl"
        with osmium.SimpleWriter(osmium.io.File(str(text), "opl,locations_on_ways=true")) as writer:
            count = 0
            for item in found:
                writer.add(item)
                count += 1
        deleted = deleted_objects(file) if found.header.get("generator", "").startswith("JOSM") else frozenset()
        with text.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines):
                if number % PROGRESS_LINES == 0:
                    tell("read the roads", number / count)
                _keep(roads, line.rstrip("\n"), deleted)
    return roads


def _keep(roads: _Roads, line: str, deleted: frozenset[tuple[str, int]]) -> None:
    letter, ref, fields = opl.parse_fields(line)
    if (letter, ref) in deleted:
        return
    tags = opl.parse_tags(fields.get("T", ""))
    roads.newest = max(roads.newest, fields.get("t", ""))
    if letter == "w":
        if "highway" not in tags and tags.get("route") != FERRY:
            return
        roads.ways[ref] = (tags, fields.get("N", ""))
    elif letter == "n":
        roads.nodes[ref] = tags
    else:
        roads.restrictions[ref] = parse_restriction(ref, tags, opl.parse_members(fields.get("M", "")))


def _assemble(roads: _Roads, file: Path, content_sha256: str) -> Extract:
    way_ids = sorted(roads.ways)
    count, node_id, lon_deg, lat_deg = opl.parse_way_nodes([roads.ways[way][1] for way in way_ids])
    _fill_coordinates(file, node_id, lat_deg, lon_deg)
    return cut_ways(
        way_id=np.array(way_ids, dtype=np.int64),
        way_tags=[roads.ways[way][0] for way in way_ids],
        node_count=count,
        node_id=node_id,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        node_tags=roads.nodes,
        restrictions=tuple(roads.restrictions[ref] for ref in sorted(roads.restrictions)),
        source=file.name,
        source_sha256=content_sha256,
        timestamp=roads.replicated or roads.newest or None,
        lacks=(),
    )


def _fill_coordinates(
    file: Path, node_id: NDArray[np.int64], lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]
) -> None:
    """Look again for nodes without a place that osmium passed by.

    Some writers put all nodes behind the ways that use them, and ids below zero are not kept in osmium's index.
    """
    absent = np.isnan(lat_deg)
    if not absent.all():
        absent &= node_id < 0
    wanted = np.unique(node_id[absent]).tolist()
    if not wanted:
        return
    nodes = osmium.FileProcessor(str(file), osmium.osm.NODE)
    if wanted[0] >= 0:  # the filter knows no others
        nodes = nodes.with_filter(osmium.filter.IdFilter(wanted))
    kept = set(wanted)
    places = {
        node.id: (node.location.lat, node.location.lon)
        for node in nodes
        if node.id in kept and isinstance(node, osmium.osm.Node) and node.location.valid()
    }
    for index in np.flatnonzero(absent).tolist():
        lat_deg[index], lon_deg[index] = places.get(int(node_id[index]), (np.nan, np.nan))
