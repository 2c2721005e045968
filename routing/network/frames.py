"""Hand a road network to GeoPandas: its arcs and its nodes as frames (extra `geo`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.errors import UnavailableError
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import RoadNetwork

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

WGS84 = "EPSG:4326"
_ACCESS_NAMES = ("through", "exit", "entry", "via")
"""Words for `ACCESS_THROUGH` and the others, in their order."""


def arc_lines(network: RoadNetwork) -> NDArray[np.object_]:
    """Return the LineString of each arc from tail to head, longitude and latitude in degrees, a."""
    points = np.column_stack([network.shape_lon_deg, network.shape_lat_deg])
    arc = np.repeat(np.arange(network.arc_count), np.diff(network.shape_first))
    return np.asarray(shapely.linestrings(points, indices=arc))


def arcs_frame(
    network: RoadNetwork, *, arc_ms: NDArray[np.int32] | None = None, closed: NDArray[np.bool_] | None = None
) -> GeoDataFrame:
    """Return one row for each arc, copies of restricted roads included; the index is the arc.

    Columns: from_node and to_node (OSM ids), way_id, forward, road_class, name, access (through, exit, entry or via),
    length_m, free_kph, free_s and the geometry. With one slice of a metric, `metric.arc_ms[k]` and `metric.closed[k]`
    (a each), also travel_s, speed_kph and closed.

    Raises
    ------
    UnavailableError
        Where GeoPandas is not installed.
    """
    length_m = network.arc_length_mm / 1000
    columns: dict[str, Any] = {
        "from_node": network.node_id[network.arc_tail],
        "to_node": network.node_id[network.arc_head],
        "way_id": network.arc_way_id,
        "forward": network.arc_forward,
        "road_class": np.array(ROAD_CLASSES)[network.arc_class],
        "name": np.array(network.names, dtype=object)[network.arc_name],
        "access": np.array(_ACCESS_NAMES)[network.arc_access],
        "length_m": length_m,
        "free_kph": network.arc_speed_kph,
        "free_s": network.arc_free_ms / 1000,
    }
    if arc_ms is not None:
        columns |= {"travel_s": arc_ms / 1000, "speed_kph": length_m * 3600 / arc_ms}
    if closed is not None:
        columns["closed"] = closed
    return frame(columns, arc_lines(network), index_name="arc")


def nodes_frame(network: RoadNetwork) -> GeoDataFrame:
    """Return one row for each node: its OSM id as node_id, and its point; the index is the node.

    Raises
    ------
    UnavailableError
        Where GeoPandas is not installed.
    """
    points = shapely.points(network.node_lon_deg, network.node_lat_deg)
    return frame({"node_id": network.node_id}, np.asarray(points), index_name="node")


def frame(
    columns: dict[str, Any], geometry: NDArray[np.object_], *, index_name: str, index: Sequence[int] | None = None
) -> GeoDataFrame:
    """Return columns and shapes in degrees as a GeoDataFrame; UnavailableError where GeoPandas is not installed."""
    try:
        from geopandas import GeoDataFrame
        from pandas import Index
    except ImportError as error:
        raise UnavailableError("frames need GeoPandas\n    cure: pip install 'routing[geo]'") from error
    named = Index(range(geometry.size) if index is None else index, name=index_name)
    # A frame may be changed by its owner, so it gets arrays of its own.
    copied = {name: np.array(values) for name, values in columns.items()}
    return GeoDataFrame(copied, geometry=geometry, crs=WGS84, index=named)
