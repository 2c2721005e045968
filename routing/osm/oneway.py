"""Which way a way may be driven (https://wiki.openstreetmap.org/wiki/Key:oneway)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from routing.osm.access import directed_clauses
from routing.osm.permission import ALWAYS, Access, Permission, settle
from routing.osm.vehicle import Vehicle

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_RINGS = ("roundabout", "circular")
_CONTRAFLOW_KEYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")


def oneway_permission(tags: Mapping[str, str], vehicle: Vehicle, direction: str) -> Permission:
    """Return whether, and when, a way may be driven in a direction (`forward`, `backward`).

    oneway:<vehicle> beats oneway. Motorways and roundabouts are one-way unless said otherwise
    (https://wiki.openstreetmap.org/wiki/Tag:junction%3Droundabout). A reversible lane changes its direction by
    the hour and is used only where oneway:conditional tells the hours; an alternating one serves both directions.
    cycleway=opposite and its kin let bicycles ride against the traffic
    (https://wiki.openstreetmap.org/wiki/Key:cycleway).
    """
    keys = [f"oneway:{key}" for key in vehicle.own_keys]
    if not vehicle.ignores_oneway:
        keys.append("oneway")
    key = next((key for key in keys if key in tags or f"{key}:conditional" in tags), None)
    value = None if key is None else tags.get(key)
    level_of = partial(_level, direction)
    if value is None and not vehicle.ignores_oneway:
        value = tags.get("oneway")
        implied = tags.get("highway") == "motorway" or tags.get("junction") in _RINGS
        value = "yes" if value is None and implied else value
    base = Access.OPEN if value is None else level_of(value)
    if base is Access.CLOSED and key in (None, "oneway") and direction == "backward" and _is_contraflow(tags, vehicle):
        base = Access.OPEN
    if key is None or f"{key}:conditional" not in tags:
        return ALWAYS if base is Access.OPEN else Permission(level=base)
    return settle(base, directed_clauses(tags, key, direction), vehicle, level_of)


def _level(direction: str, value: str) -> Access:
    against = _BACKWARD if direction == "forward" else _FORWARD
    return Access.CLOSED if value in against or value == "reversible" else Access.OPEN


def _is_contraflow(tags: Mapping[str, str], vehicle: Vehicle) -> bool:
    return "bicycle" in vehicle.access_keys and any(
        tags.get(key, "").startswith("opposite") or tags.get(f"{key}:oneway") in ("-1", "no")
        for key in _CONTRAFLOW_KEYS
    )
