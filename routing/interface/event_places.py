"""The forms in which an event names roads and areas.

One of `{"way_id": …, "direction": "forward" | "backward" | "both"}`, `{"from_osm_id": …, "to_osm_id": …}`, or a
GeoJSON LineString or Polygon (RFC 7946: longitude before latitude, rings closed).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from routing.interface.checked_row import LATITUDE, LONGITUDE
from routing.travel.conditions import AlongLine, BetweenNodes, InPolygon, OnWay

_Point = tuple[LONGITUDE, LATITUDE]
_Ring = Annotated[list[_Point], Field(min_length=4)]


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WayPlace(_Place):
    """Name an OSM way."""

    way_id: int
    direction: Literal["forward", "backward", "both"] = "both"

    def where(self) -> OnWay:
        """Return the place as conditions name it."""
        return OnWay(way_id=self.way_id, direction=self.direction)


class NodesPlace(_Place):
    """Name a road from one OSM node to another."""

    from_osm_id: int
    to_osm_id: int

    def where(self) -> BetweenNodes:
        """Return the place as conditions name it."""
        return BetweenNodes(from_osm_id=self.from_osm_id, to_osm_id=self.to_osm_id)


class LinePlace(_Place):
    """Name the roads along a line."""

    type: Literal["LineString"]
    coordinates: Annotated[list[_Point], Field(min_length=2)]

    def where(self) -> AlongLine:
        """Return the place as conditions name it."""
        return AlongLine(points_deg=tuple((lat, lon) for lon, lat in self.coordinates))


class AreaPlace(_Place):
    """Name the roads that touch an area."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[_Ring], Field(min_length=1)]

    def where(self) -> InPolygon:
        """Return the place as conditions name it."""
        return InPolygon(rings_deg=tuple(tuple((lat, lon) for lon, lat in ring) for ring in self.coordinates))


def _form(value: object) -> str | None:
    """Tell which form is meant, so that its faults are told and not those of all forms."""
    if not isinstance(value, Mapping):
        return None
    if "way_id" in value:
        return "way"
    if "from_osm_id" in value or "to_osm_id" in value:
        return "nodes"
    return {"LineString": "line", "Polygon": "area"}.get(str(value.get("type")))


Place = Annotated[
    Annotated[WayPlace, Tag("way")]
    | Annotated[NodesPlace, Tag("nodes")]
    | Annotated[LinePlace, Tag("line")]
    | Annotated[AreaPlace, Tag("area")],
    Discriminator(
        _form,
        custom_error_type="where_form",
        custom_error_message="Give way_id, or from_osm_id and to_osm_id, or a GeoJSON LineString or Polygon",
    ),
]
