"""Areas to cut out of a map: a box, a GeoJSON file or a .poly file."""

from __future__ import annotations

import json
from pathlib import Path

import shapely

from routing.errors import InputError, Issue

Area = shapely.Polygon | shapely.MultiPolygon


def bbox_area(west_deg: float, south_deg: float, east_deg: float, north_deg: float) -> Area:
    """Return a box in degrees as an area; InputError where its sides are off the earth or the wrong way round."""
    if not (-180 <= west_deg < east_deg <= 180 and -90 <= south_deg < north_deg <= 90):
        cause = f"{west_deg},{south_deg},{east_deg},{north_deg} is no box on the earth"
        raise _fault("bbox", "AREA_BOX", cause, "give west,south,east,north in degrees, such as 7.40,43.72,7.44,43.75")
    return shapely.box(west_deg, south_deg, east_deg, north_deg)


def read_area(path: str | Path) -> Area:
    """Read the polygons of a GeoJSON file or of a .poly file.

    https://wiki.openstreetmap.org/wiki/Osmosis/Polygon_Filter_File_Format

    Raises
    ------
    InputError
        Where the file is missing, is neither, or holds no valid polygon.
    """
    file = Path(path)
    if not file.is_file():
        raise _fault(str(file), "AREA_MISSING", "there is no such file", "check the path of the polygon")
    try:
        text = file.read_text(encoding="utf-8")
        area = _read_poly(text) if file.suffix.lower() == ".poly" else _read_geojson(text)
    except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
        cause = f"is no polygon that is understood ({error})"
        raise _fault(str(file), "AREA_FORM", cause, "give a GeoJSON with a Polygon, or a .poly file") from error
    if area.is_empty or not area.is_valid:
        cause = f"its polygon is empty or crosses itself ({shapely.is_valid_reason(area)})"
        raise _fault(str(file), "AREA_FORM", cause, "draw the polygon again without crossings")
    return area


def _read_geojson(text: str) -> Area:
    """Return the union of all polygons of a geometry, a Feature or a FeatureCollection."""
    json.loads(text)  # shapely's message on text that is no JSON names no line
    parts = shapely.get_parts(shapely.from_geojson(text)).tolist()
    polygons = [part for part in parts if isinstance(part, shapely.Polygon | shapely.MultiPolygon)]
    if len(polygons) != len(parts) or not polygons:
        raise ValueError("it holds other things than polygons")
    return _polygonal(shapely.union_all(polygons))


def _read_poly(text: str) -> Area:
    """Return the rings of a .poly file, less those whose name starts with an exclamation mark."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][1:]
    area: shapely.Geometry = shapely.Polygon()
    while lines and lines[0] != "END":
        end = lines.index("END")
        ring = shapely.Polygon([tuple(map(float, line.split()[:2])) for line in lines[1:end]])
        area = (shapely.difference if lines[0].startswith("!") else shapely.union)(area, ring)
        lines = lines[end + 1 :]
    if not lines:
        raise ValueError("it does not end with END")
    return _polygonal(area)


def _polygonal(geometry: shapely.Geometry) -> Area:
    if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
        raise ValueError("it holds other things than polygons")
    return geometry


def _fault(where: str, code: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=where, cause=cause, action=action)])
