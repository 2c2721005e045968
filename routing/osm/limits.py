"""What is too high, wide, long or heavy for a road, or too dangerous.

https://wiki.openstreetmap.org/wiki/Key:maxheight, :maxwidth, :maxlength, :maxweight, :maxweightrating, :maxaxleload and
:hazmat; narrow=yes and the comparison of a width by `<=` are OSRM's car profile's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from routing.osm.access import access_of_value, directed, directed_clauses
from routing.osm.measure import length_m, weight_kg
from routing.osm.permission import ALWAYS, Access, Permission, all_of, settle
from routing.osm.vehicle import Vehicle

LIMIT_KEYS = frozenset(
    {
        *("maxheight", "maxwidth", "maxlength", "maxweight", "maxweightrating", "maxaxleload"),
        *("width", "est_width", "narrow", "hazmat"),
    }
)
"""First words of the keys that are read here."""

_DEFAULT_HEIGHT_M = 4.5
"""What signs would show where the tag says only that there is no sign (Key:maxheight, non-numerical values)."""
_UNSIGNED = frozenset({"default", "unsigned", "no_sign", "no-sign", "no_indications"})
_NO_LIMIT = frozenset({"none", "no", "unlimited"})
_NARROW_M = 2.2


def size_permission(tags: Mapping[str, str], vehicle: Vehicle, direction: str) -> Permission:
    """Return how far a vehicle of this size, weight and load may use a way or node in a direction.

    Both bind, what the sign says and what the bridge leaves (https://wiki.openstreetmap.org/wiki/Key:maxheight:physical).
    `maxweight:conditional=none @ destination` leaves the road to the ends of a journey.
    """
    parts = [
        _limit(tags, vehicle, direction, "maxheight", vehicle.height_m, _height_m),
        _limit(tags, vehicle, direction, "maxheight:physical", vehicle.height_m, _height_m),
        _limit(tags, vehicle, direction, "maxwidth", vehicle.width_m, _below_width_m),
        _limit(tags, vehicle, direction, "maxwidth:physical", vehicle.width_m, _below_width_m),
        _limit(tags, vehicle, direction, "maxlength", vehicle.length_m, length_m),
        _limit(tags, vehicle, direction, "maxweight", vehicle.weight_kg, weight_kg),
        _limit(tags, vehicle, direction, "maxweightrating", vehicle.rated_weight_kg, weight_kg),
        _limit(tags, vehicle, direction, "maxaxleload", vehicle.axle_load_kg, weight_kg),
        _hazmat(tags, vehicle, direction),
        _narrow(tags, vehicle, direction),
    ]
    return all_of(parts)


def _limit(
    tags: Mapping[str, str],
    vehicle: Vehicle,
    direction: str,
    name: str,
    fact: float | None,
    measure: Callable[[str], float | None],
) -> Permission:
    """Return the permission that one kind of limit gives; a limit for this vehicle beats the one for all."""
    if fact is None:
        return ALWAYS
    fits = fact
    keys = [*(f"{name}:{own}" for own in vehicle.own_keys), name]

    def level_of(value: str) -> Access:
        limit = None if value in _NO_LIMIT else measure(value)
        return Access.CLOSED if limit is not None and limit < fits else Access.OPEN

    clauses = [found for key in reversed(keys) for found in directed_clauses(tags, key, direction)]
    key, value = next(
        ((key, value) for key in keys if (value := directed(tags, key, direction)) is not None), (name, None)
    )
    if value is None and not clauses:
        return ALWAYS
    settled = settle(Access.OPEN if value is None else level_of(value), clauses, vehicle, level_of)
    if value is None or value in _NO_LIMIT or value in _UNSIGNED or measure(value) is not None:
        return settled
    return all_of([settled, Permission(level=Access.OPEN, unused=(f"{key}={value}",))])


def _height_m(value: str) -> float | None:
    return _DEFAULT_HEIGHT_M if value in _UNSIGNED else length_m(value)


def _below_width_m(value: str) -> float | None:
    """Return a width a hair less than it says: who is as wide as the gap does not get through."""
    width_m = length_m(value)
    return None if width_m is None else width_m - 1e-9


def _narrow(tags: Mapping[str, str], vehicle: Vehicle, direction: str) -> Permission:
    """Return what the width of the road itself leaves, where it is told (https://wiki.openstreetmap.org/wiki/Key:width)."""
    if vehicle.width_m is None:
        return ALWAYS
    told = next((value for key in ("width", "est_width") if (value := directed(tags, key, direction)) is not None), "")
    is_narrow = "narrow" in (told, "narrow" if tags.get("narrow") == "yes" else "")
    width_m = _NARROW_M if is_narrow else length_m(told)
    return ALWAYS if width_m is None or width_m > vehicle.width_m else Permission(level=Access.CLOSED)


def _hazmat(tags: Mapping[str, str], vehicle: Vehicle, direction: str) -> Permission:
    if not vehicle.hazmat:
        return ALWAYS
    value = directed(tags, "hazmat", direction)
    base = Access.OPEN if value is None else access_of_value(value)
    return settle(base, directed_clauses(tags, "hazmat", direction), vehicle, access_of_value)
