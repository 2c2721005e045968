"""What the rules of a junction or crossing cost those who pass, each at its node.

https://wiki.openstreetmap.org/wiki/Tag:highway%3Dtraffic_signals, %3Dstop, %3Dgive_way, %3Dcrossing, %3Dmini_roundabout
and https://wiki.openstreetmap.org/wiki/Tag:railway%3Dlevel_crossing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JunctionDelays:
    """Give the seconds that each costs on average; 0 where it is not counted."""

    signal_s: float
    stop_s: float
    give_way_s: float
    crossing_s: float
    mini_roundabout_s: float
    level_crossing_s: float


def junction_delay_s(tags: Mapping[str, str], delays: JunctionDelays) -> tuple[float, float]:
    """Return the seconds that a node costs those who come to it forward and backward along their way.

    traffic_signals:direction and direction name those whom it holds up, without them it is both. A stop that binds the
    minor road alone (stop=minor, https://wiki.openstreetmap.org/wiki/Key:stop) stands on the junction and does not
    tell which road that is: it is not counted.
    """
    highway = tags.get("highway")
    direction = tags.get("direction")
    seconds = {
        "traffic_signals": delays.signal_s,
        "stop": 0.0 if tags.get("stop") == "minor" else delays.stop_s,
        "give_way": delays.give_way_s,
        "crossing": delays.crossing_s,
        "mini_roundabout": delays.mini_roundabout_s,
    }.get(highway or "", 0.0)
    if highway == "traffic_signals":
        direction = tags.get("traffic_signals:direction", direction)
    rails_s = delays.level_crossing_s if tags.get("railway") == "level_crossing" else 0.0
    return (
        rails_s + (0.0 if direction == "backward" else seconds),
        rails_s + (0.0 if direction == "forward" else seconds),
    )


def is_stop_without_direction(tags: Mapping[str, str]) -> bool:
    """Return whether a stop sign does not tell for which direction it stands."""
    return (
        tags.get("highway") == "stop"
        and tags.get("stop") != "minor"
        and tags.get("direction") not in ("forward", "backward")
    )
