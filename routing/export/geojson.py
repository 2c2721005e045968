"""GeoJSON (RFC 7946): routes as LineStrings, stops as Points, longitude first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.lines import route_line
from routing.export.schema import PlanDocument, RouteDocument, UnassignedDocument, VisitDocument
from routing.units import COORDINATE_DECIMALS

Json = dict[str, Any]


def export_geojson(
    document: PlanDocument, out_dir: Path, *, vehicle_id: str | None = None, changes: tuple[Change, ...] = ()
) -> tuple[Path, ...]:
    """Write one file per driver, and plan.geojson of all unless a vehicle is named; return the paths."""
    chosen = chosen_routes(document, vehicle_id)
    paths = [
        write_whole(out_dir / f"{stem}.geojson", _text(document, _route_features(route, changes)))
        for stem, route in chosen
    ]
    if vehicle_id is None:
        features = [feature for _, route in chosen for feature in _route_features(route, changes)]
        features += [_unassigned_feature(left, changes) for left in document.unassigned]
        paths.append(write_whole(out_dir / "plan.geojson", _text(document, features)))
    return tuple(paths)


def _text(document: PlanDocument, features: list[Json]) -> str:
    collection = {
        "type": "FeatureCollection",
        "attribution": document.map.attribution,
        "plan": {"version": document.version, "date": document.date, "time_zone": document.time_zone},
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _route_features(route: RouteDocument, changes: tuple[Change, ...]) -> list[Json]:
    told = [change.text for change in changes if change.vehicle_id == route.vehicle_id]
    line = {
        "kind": "route",
        "vehicle_id": route.vehicle_id,
        "start": route.start.time,
        "end": route.end.time,
        "capacity": route.capacity,
        "load": route.load,
        "overtime_s": route.overtime_s,
        **route.model_dump(mode="json", include={"capacities", "loads", "profile", "rests"}),
        **route.totals.model_dump(),
        **({"changes": told} if told else {}),
    }
    coordinates = [_position(lat_deg, lon_deg) for lat_deg, lon_deg in route_line(route)]
    return [
        _feature("LineString", coordinates, line),
        _end_feature(route, "start"),
        *(
            _visit_feature(route, number, visit, changes)
            for number, visit in zip(route.numbers, route.visits, strict=True)
        ),
        _end_feature(route, "end"),
    ]


def _end_feature(route: RouteDocument, kind: str) -> Json:
    end = route.start if kind == "start" else route.end
    properties = {"kind": kind, "vehicle_id": route.vehicle_id, "time": end.time}
    return _feature("Point", _position(end.lat_deg, end.lon_deg), properties)


def _visit_feature(route: RouteDocument, number: int | None, visit: VisitDocument, changes: tuple[Change, ...]) -> Json:
    told = [c.text for c in changes if c.stop_id == visit.stop_id and c.vehicle_id == route.vehicle_id]
    properties = {
        "kind": "visit" if number is not None else "reload",
        "vehicle_id": route.vehicle_id,
        "position": number,
        **visit.model_dump(mode="json", exclude={"lat_deg", "lon_deg"}),
        **({"changes": told} if told else {}),
    }
    return _feature("Point", _position(visit.lat_deg, visit.lon_deg), properties)


def _unassigned_feature(left: UnassignedDocument, changes: tuple[Change, ...]) -> Json:
    told = [change.text for change in changes if change.stop_id == left.stop_id and change.vehicle_id is None]
    properties = {
        "kind": "unassigned",
        **left.model_dump(mode="json", exclude={"lat_deg", "lon_deg"}),
        **({"changes": told} if told else {}),
    }
    return _feature("Point", _position(left.lat_deg, left.lon_deg), properties)


def _feature(kind: str, coordinates: list[Any], properties: Json) -> Json:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def _position(lat_deg: float, lon_deg: float) -> list[float]:
    return [round(lon_deg, COORDINATE_DECIMALS), round(lat_deg, COORDINATE_DECIMALS)]
