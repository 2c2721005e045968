"""What stands on a node of the road (https://wiki.openstreetmap.org/wiki/Key:barrier)."""

from __future__ import annotations

from collections.abc import Mapping

from routing.osm.access import access_of_value, access_value
from routing.osm.limits import LIMIT_KEYS, size_permission
from routing.osm.permission import Access
from routing.osm.vehicle import Vehicle


def barrier_delay_s(tags: Mapping[str, str], vehicle: Vehicle) -> float | None:
    """Return the seconds that what stands on a node costs a vehicle; None where it does not get through.

    An access tag on the node decides before the kind of barrier does, and alone, as in OSRM's car profile: who is let
    in at a gate (access=private, customers) finds it attended or has the key. A gap that is too low or too narrow,
    as of a height_restrictor or a cycle_barrier (https://wiki.openstreetmap.org/wiki/Tag:barrier%3Dcycle_barrier),
    blocks in any case. What a crossing says of access it says of those who cross the road, not of those on it (OSRM's
    bicycle profile, `process_node`).
    """
    barrier = tags.get("barrier")
    is_limited = any(key.partition(":")[0] in LIMIT_KEYS for key in tags)
    if is_limited and size_permission(_gap(tags), vehicle, "forward").level is not Access.OPEN:
        return None
    is_crossing = tags.get("highway") == "crossing" or "crossing" in tags
    found = None if is_crossing else access_value(tags, vehicle.access_keys, "forward")
    if found is not None:
        return None if access_of_value(found) is Access.CLOSED else 0.0
    if barrier is None or barrier in vehicle.barriers_passed or _is_flat(barrier, tags):
        return 0.0
    return None if tags.get("locked") == "yes" else dict(vehicle.barrier_delay_s).get(barrier)


def _is_flat(barrier: str, tags: Mapping[str, str]) -> bool:
    """Return whether a barrier is let down or was never up (the exceptions of OSRM's car profile)."""
    if barrier == "bollard":
        return tags.get("bollard") == "rising"
    if barrier == "fence":  # https://wiki.openstreetmap.org/wiki/Key:sensory, for cattle with collars
        return tags.get("sensory") in ("audible", "audio")
    is_kerb_of_crossing = tags.get("highway") == "crossing" or tags.get("kerb") in ("lowered", "flush")
    return barrier == "kerb" and is_kerb_of_crossing


def _gap(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tags without `width`, which on a barrier is that of the thing itself."""
    return {key: value for key, value in tags.items() if key not in ("width", "est_width")}
