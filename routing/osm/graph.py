"""Read a graph in the form of OSMnx (simplified or not) as an `Extract`.

https://osmnx.readthedocs.io/en/stable/user-reference.html: nodes with x and y in degrees, directed edges with osmid,
highway, oneway, reversed and, where they bend, geometry. Values come typed from memory, and as text from GraphML.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from routing.errors import InputError, Issue
from routing.osm.extract import Extract, Tags
from routing.osm.pieces import cut_ways

if TYPE_CHECKING:
    import networkx as nx

LACKS = ("turn restrictions", "barriers that are no end of an edge", "where along an edge its merged ways meet")
_NO_TAGS = frozenset(
    {"osmid", "length", "geometry", "reversed", "oneway", "speed_kph", "travel_time", "id", "from", "to"}
)
_NODE_TAGS = ("highway", "barrier", "access", "motor_vehicle", "traffic_signals:direction")
_DIRECTED_TAGS = frozenset({"maxspeed", "access", "motor_vehicle"})
"""What the two edges of a road may tell differently, each for its own direction."""
_WGS84 = "4326"

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(slots=True)
class _Road:
    """Collect the two directions of an edge, as its way is drawn."""

    way_id: int
    start: int
    end: int
    points: tuple[Point, ...]
    tags: dict[str, str] = field(default_factory=dict)
    open_directions: set[bool] = field(default_factory=set)
    """True: as drawn, False: against it."""


def extract_graph(graph: nx.Graph[Any], source: str, source_sha256: str) -> Extract:
    """Read a graph's roads; both directions of an edge become one way again.

    Of an edge that merges several ways the first highway class and name count, and the lowest limit.

    Raises
    ------
    InputError
        Where it is not directed, is projected, lies off the earth, or an edge or node lacks what OSMnx always writes.
    """
    crs = str(graph.graph.get("crs", _WGS84))
    if not graph.is_directed() or _WGS84 not in crs:
        cause = f"is projected ({crs})" if graph.is_directed() else "is not directed"
        raise _fault(source, "GRAPH_FORM", f"the graph {cause}", "save OSMnx's graph as it comes from OSM")
    try:
        places = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
        roads = _gather(graph, places)
        node_tags = {int(node): _tags(data, _NODE_TAGS) for node, data in graph.nodes(data=True)}
    except (KeyError, ValueError, TypeError, SyntaxError, shapely.errors.ShapelyError) as error:
        cause = f"a node or an edge is not as OSMnx writes it ({error!r})"
        raise _fault(source, "GRAPH_FORM", cause, "save the graph with OSMnx's save_graphml") from error
    if not roads:
        raise _fault(source, "MAP_WITHOUT_ROADS", "the graph has no edges", "take a graph of a larger area")
    return _flatten(roads, {node: tags for node, tags in node_tags.items() if tags}, source, source_sha256)


def _gather(graph: nx.Graph[Any], places: Mapping[Any, Point]) -> list[_Road]:
    roads: dict[tuple[Any, ...], _Road] = {}
    for tail, head, data in graph.edges(data=True):
        way_ids = [int(part) for part in _values(data["osmid"])]
        points = _points(data.get("geometry"), places[tail], places[head])
        against = {str(part) for part in _values(data.get("reversed"))}
        if against not in ({"True"}, {"False"}):  # unknown or mixed: any rule that both directions share will do
            against = {str((int(head), points[::-1]) < (int(tail), points))}
        drawn = "True" not in against
        start, end = (int(tail), int(head)) if drawn else (int(head), int(tail))
        points = points if drawn else points[::-1]
        key = (tuple(sorted(way_ids)), start, end, points)
        tags = _tags(data, data)
        road = roads.setdefault(key, _Road(way_id=way_ids[0], start=start, end=end, points=points))
        road.open_directions.add(drawn)
        for name, value in tags.items():
            suffix = (":forward" if drawn else ":backward") if name in _DIRECTED_TAGS else ""
            road.tags[name + suffix] = value
    return sorted(roads.values(), key=lambda road: (road.way_id, road.start, road.end, road.points))


def _flatten(roads: list[_Road], node_tags: Mapping[int, Tags], source: str, source_sha256: str) -> Extract:
    """Return roads as an extract; the points along edges, whose ids a graph does not tell, count down from its own."""
    node_ids: list[int] = []
    lowest = min(0, *(min(road.start, road.end) for road in roads))
    for road in roads:
        bends = range(lowest - 1, lowest + 1 - len(road.points), -1)
        lowest -= len(bends)
        node_ids += [road.start, *bends, road.end]
        road.tags["oneway"] = {2: "no", 1: "yes" if True in road.open_directions else "-1"}[len(road.open_directions)]
    points = np.array([point for road in roads for point in road.points], dtype=np.float64)
    if not (np.abs(points) <= (180.0, 90.0)).all():
        raise _fault(source, "GRAPH_FORM", "some coordinates are no degrees on the earth", "save it unprojected")
    return cut_ways(
        way_id=np.array([road.way_id for road in roads], dtype=np.int64),
        way_tags=[road.tags for road in roads],
        node_count=np.array([len(road.points) for road in roads], dtype=np.int64),
        node_id=np.array(node_ids, dtype=np.int64),
        lat_deg=points[:, 1],
        lon_deg=points[:, 0],
        node_tags=node_tags,
        restrictions=(),
        source=source,
        source_sha256=source_sha256,
        timestamp=None,
        lacks=LACKS,
    )


def _points(geometry: object, start: Point, end: Point) -> tuple[Point, ...]:
    """Return an edge's points; its ends are those of its nodes, so that edges meet exactly."""
    if geometry is None:
        return start, end
    line = shapely.from_wkt(geometry) if isinstance(geometry, str) else geometry
    inner = shapely.get_coordinates(line)[1:-1].tolist()  # type: ignore[call-overload]
    return start, *((x, y) for x, y in inner), end


def _tags(data: Mapping[str, Any], keys: Any) -> dict[str, str]:
    """Return text attributes as tags, lists by their first value, limits by all of them."""
    tags = {}
    for key in keys:
        if key in _NO_TAGS or data.get(key) is None:
            continue
        values = [str(value) for value in _values(data[key])]
        if values and values[0] not in ("", "nan"):
            tags[str(key)] = ";".join(values) if key.startswith("maxspeed") else values[0]
    return tags


def _values(value: object) -> list[Any]:
    """Return one or several values of an attribute, which GraphML writes as the text of a list."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        value = ast.literal_eval(value)
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _fault(source: str, code: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=source, cause=cause, action=action)])
