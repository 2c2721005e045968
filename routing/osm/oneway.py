"""Which way a way may be driven (https://wiki.openstreetmap.org/wiki/Key:oneway)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})


def open_directions(tags: Mapping[str, str], keys: Iterable[str]) -> tuple[bool, bool]:
    """Return whether a way may be driven forward and backward by a vehicle with these access keys.

    oneway:<vehicle> beats oneway. Motorways and roundabouts are one-way unless said otherwise
    (https://wiki.openstreetmap.org/wiki/Tag:junction%3Droundabout). A reversible lane changes its direction by
    the hour and is not used at all, an alternating one serves both directions.
    """
    value = next((tags[f"oneway:{key}"] for key in keys if f"oneway:{key}" in tags), tags.get("oneway"))
    if value in _FORWARD:
        return True, False
    if value in _BACKWARD:
        return False, True
    if value == "reversible":
        return False, False
    implied = tags.get("highway") == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return True, value is not None or not implied
