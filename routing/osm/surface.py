"""How fast the ground lets a way be driven.

https://wiki.openstreetmap.org/wiki/Key:surface, :tracktype and :smoothness.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUND_KEYS = ("surface", "tracktype", "smoothness")


def ground_kph(tags: Mapping[str, str], caps_kph: Mapping[str, Mapping[str, float]]) -> float | None:
    """Return the most that the ground of a way allows in km/h, given caps by key and value; None where any speed."""
    return min((caps_kph[key][tags[key]] for key in GROUND_KEYS if tags.get(key) in caps_kph[key]), default=None)
