"""Compare places with the map, and ids with each other."""

from __future__ import annotations

from collections.abc import Iterable

from routing.errors import Issue
from routing.network.location import Location

Bbox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_MARGIN_DEG = 0.01
"""About a kilometre: a place this near the map's edge may still be snapped to one of its roads."""


def is_near(lat_deg: float, lon_deg: float, bbox_deg: Bbox) -> bool:
    """Tell whether a point lies on the map, or hardly beyond its edge."""
    west, south, east, north = bbox_deg
    inside_lat = south - _MARGIN_DEG <= lat_deg <= north + _MARGIN_DEG
    return inside_lat and west - _MARGIN_DEG <= lon_deg <= east + _MARGIN_DEG


def swapped_issue(where: str, lat_deg: float, lon_deg: float) -> Issue:
    """Say that a place is on the map only with its coordinates exchanged."""
    cause = f"Latitude {lat_deg} and longitude {lon_deg} are swapped: exchanged they are on the map."
    action = f"Write {lon_deg} as the latitude and {lat_deg} as the longitude."
    return Issue(code="COORDINATES_SWAPPED", where=where, cause=cause, action=action)


def place_issues(place: Location, where: str, bbox_deg: Bbox | None, what: str) -> list[Issue]:
    """Return a fault where the place of a vehicle or depot is off the map, or on it only the other way round."""
    if bbox_deg is None or is_near(place.lat_deg, place.lon_deg, bbox_deg):
        return []
    if is_near(place.lon_deg, place.lat_deg, bbox_deg):
        return [swapped_issue(where, place.lat_deg, place.lon_deg)]
    west, south, east, north = bbox_deg
    cause = (
        f"The {what}'s place {place.lat_deg}, {place.lon_deg} is off the map "
        f"(latitude {south:.4f} to {north:.4f}, longitude {west:.4f} to {east:.4f})."
    )
    action = "Correct the coordinates, or use a map that holds the place."
    return [Issue(code=f"{what.upper()}_OFF_MAP", where=where, cause=cause, action=action)]


def duplicate_issues(ids: Iterable[tuple[str, str]], column: str) -> list[Issue]:
    """Return one Issue for each (where, id) whose id came before."""
    first: dict[str, str] = {}
    issues = []
    for where, found in ids:
        if found and found in first:
            cause = f"{found!r} stands already in {first[found]}."
            action = f"Give each line its own {column}, or remove one."
            issues.append(Issue(code="DUPLICATE_ID", where=f"{where}:{column}", cause=cause, action=action))
        first.setdefault(found, where)
    return issues
