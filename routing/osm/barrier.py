"""What stands on a node of the road (https://wiki.openstreetmap.org/wiki/Key:barrier)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from routing.osm.access import Access, access_of_value, access_value

_PASSABLE = frozenset(
    {"no", "entrance", "cattle_grid", "border_control", "toll_booth", "sally_port", "height_restrictor", "arch"}
)
_GATES = frozenset({"gate", "lift_gate"})


class Passage(Enum):
    """Say what a node does to a vehicle that comes along its road."""

    FREE = "free"
    GATE = "gate"
    """Opened with a loss of time."""
    BLOCKED = "blocked"


def node_passage(tags: Mapping[str, str], keys: Iterable[str]) -> Passage:
    """Return what a node with these tags does to a vehicle with these access keys.

    An access tag on the node decides before the kind of barrier does; a restricted one (private, destination)
    still leaves the gate to be opened. Which barriers are passable is the choice of OSRM's car profile.
    """
    barrier = tags.get("barrier")
    found = access_value(tags, keys, "forward")
    if found is not None:
        level = access_of_value(found[1])
        if level is Access.CLOSED:
            return Passage.BLOCKED
        return Passage.GATE if level is Access.RESTRICTED and barrier in _GATES else Passage.FREE
    if barrier is None or barrier in _PASSABLE:
        return Passage.FREE
    if barrier in _GATES:
        return Passage.BLOCKED if tags.get("locked") == "yes" else Passage.GATE
    if barrier == "bollard" and tags.get("bollard") == "rising":
        return Passage.FREE
    if barrier == "kerb" and (tags.get("kerb") in ("lowered", "flush") or tags.get("highway") == "crossing"):
        return Passage.FREE
    return Passage.BLOCKED


def signal_directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return whether traffic signals on a node hold up those who come forward and backward along their way.

    https://wiki.openstreetmap.org/wiki/Key:traffic_signals:direction; without it they hold up both.
    """
    if tags.get("highway") != "traffic_signals":
        return False, False
    direction = tags.get("traffic_signals:direction", tags.get("direction"))
    return direction != "backward", direction != "forward"
