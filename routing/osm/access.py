"""Who may drive on a way (https://wiki.openstreetmap.org/wiki/Key:access).

A more specific key beats a more general one (motorcar before motor_vehicle before vehicle before access), and
within a key a value for the direction beats the value for both. A conditional value beats the plain ones of its own
key and of more general ones (https://wiki.openstreetmap.org/wiki/Conditional_restrictions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from routing.osm.conditional import Clause, parse_conditional
from routing.osm.ferry import ferry_base
from routing.osm.highway import FERRY, way_highway
from routing.osm.permission import NEVER, Access, Permission, all_of, settle
from routing.osm.vehicle import Vehicle

CLOSED_VALUES = frozenset(
    {
        "no",
        "agricultural",
        "agriculture",
        "forestry",
        "emergency",
        "emergency_vehicle",
        "psv",
        "bus",
        "minibus",
        "taxi",
        "share_taxi",
        "foot",
        "restricted",
        "official",
        "military",
        "use_sidepath",
    }
)
RESTRICTED_VALUES = frozenset({"private", "destination", "delivery", "customers", "permit", "residents", "unknown"})
"""Open to those who have business there, so for the ends of a journey (Key:access, section values); so is `unknown`,
as in OSRM's car profile."""

_BUILT_VALUES = frozenset({"no", "minor", "widening"})


def access_of_value(value: str) -> Access:
    """Return what one access value allows; of several (`a;b`) the most open, and open where it is not known."""
    levels = []
    for word in (part.strip() for part in value.split(";")):
        if word in CLOSED_VALUES:
            levels.append(Access.CLOSED)
        else:
            levels.append(Access.RESTRICTED if word in RESTRICTED_VALUES else Access.OPEN)
    return max(levels)


def directed(tags: Mapping[str, str], key: str, direction: str) -> str | None:
    """Return the value of a key for a direction (`forward`, `backward`), None where it has none."""
    return tags.get(f"{key}:{direction}", tags.get(key))


def directed_clauses(tags: Mapping[str, str], key: str, direction: str) -> list[tuple[str, Clause]]:
    """Return the conditional clauses of a key for a direction, each with the key; those of the direction are last."""
    return [
        (name, clause)
        for name in (f"{key}:conditional", f"{key}:{direction}:conditional")
        if name in tags
        for clause in parse_conditional(tags[name])
    ]


def access_value(tags: Mapping[str, str], keys: Iterable[str], direction: str) -> str | None:
    """Return the value that decides for a direction, most specific key first; None where no key does."""
    found = (directed(tags, key, direction) or _lanes_value(tags, key, direction) for key in keys)
    return next((value for value in found if value is not None), None)


def way_access(tags: Mapping[str, str], vehicle: Vehicle, direction: str) -> Permission:
    """Return how far a way may be used in a direction.

    A private service road, a driveway or a works yard, serves the ends of a journey like any other private road: much
    lies behind one, and where a stop is made on it is left to its frontage. A road under construction is closed
    (https://wiki.openstreetmap.org/wiki/Key:construction; one that is only proposed has highway=proposed, and on a road
    that exists `proposed` tells what it may become). What only vehicles with several people in them may use
    (https://wiki.openstreetmap.org/wiki/Key:hov) serves ends only.
    """
    highway = way_highway(tags)
    if highway != FERRY and highway not in vehicle.open_highways and highway not in vehicle.openable_highways:
        return NEVER
    if _is_impassable(tags, vehicle) or tags.get("construction", "no") not in _BUILT_VALUES:
        return NEVER
    keys = vehicle.access_keys
    base = Access.OPEN if highway in vehicle.open_highways else Access.CLOSED
    if highway == FERRY:
        base = ferry_base(tags, vehicle)
    elif highway in vehicle.openable_highways or (tags.get("motorroad") == "yes" and not vehicle.is_motor):
        keys, base = vehicle.own_keys, Access.CLOSED  # the general key opens nothing here

    clauses: list[tuple[str, Clause]] = []
    for key in keys:
        clauses[:0] = directed_clauses(tags, key, direction)
        value = access_value(tags, (key,), direction)
        if value is not None:
            base = access_of_value(value)
            break
    return all_of([settle(base, clauses, vehicle, access_of_value), *_asides(tags, highway, vehicle, direction)])


def _is_impassable(tags: Mapping[str, str], vehicle: Vehicle) -> bool:
    """Return whether nobody like this gets along a road.

    A square (area=yes) and a road for fire engines are closed to motor vehicles alone: walkers and bicycles cross
    them, along the outline as with OSRM's profiles. What is smoothness=impassable is so for all that rolls
    (https://wiki.openstreetmap.org/wiki/Key:smoothness).
    """
    if tags.get("impassable") == "yes" or tags.get("status") == "impassable":
        return True
    if tags.get("smoothness") == "impassable" and "vehicle" in vehicle.access_keys:
        return True
    return vehicle.is_motor and (tags.get("area") == "yes" or tags.get("service") == "emergency_access")


def _asides(tags: Mapping[str, str], highway: str, vehicle: Vehicle, direction: str) -> list[Permission]:
    """Return what restricts a road beside the access keys.

    A toll road stays usable (https://wiki.openstreetmap.org/wiki/Key:toll); who avoids tolls or ferries uses them
    only where no other road leads to an end of the journey.
    """
    tolls = (directed(tags, key, direction) for key in (*(f"toll:{key}" for key in vehicle.own_keys), "toll"))
    toll = next((value for value in tolls if value is not None), "no")
    is_avoided = (vehicle.avoid_toll and toll != "no") or (vehicle.avoid_ferry and highway == FERRY)
    is_shared = vehicle.is_motor and tags.get("hov") == "designated"
    return [Permission(level=Access.RESTRICTED)] if is_avoided or is_shared else []


def _lanes_value(tags: Mapping[str, str], key: str, direction: str) -> str | None:
    """Return `no` where every single lane is closed (https://wiki.openstreetmap.org/wiki/Lanes)."""
    lanes = directed(tags, f"{key}:lanes", direction)
    if lanes is None or any(access_of_value(lane) is not Access.CLOSED for lane in lanes.split("|")):
        return None
    return "no"
