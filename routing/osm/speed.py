"""How fast a way is driven (https://wiki.openstreetmap.org/wiki/Key:maxspeed, .../Key:surface).

The figures for surfaces, track types, smoothness and implicit limits are those of OSRM's car profile, so that our
durations can be held against OSRM's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAXSPEED_USED_RATIO = 0.8
"""Share of the limit that is driven on average; `speed_reduction` of OSRM's car profile."""

_MPH_KPH = 1.609344
_KNOT_KPH = 1.852
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|mp/h|knots|km/h|kmh|kph)?\Z")
_WORDS_KPH = {"none": 140.0, "walk": 7.0}
_ZONE_KPH = {"urban": 50.0, "rural": 90.0, "trunk": 110.0, "motorway": 130.0, "living_street": 10.0}
"""Implicit limits by the last word of values such as FR:urban (https://wiki.openstreetmap.org/wiki/Speed_limits)."""
_COUNTRY_ZONE_KPH = {
    "at:rural": 100.0,
    "at:trunk": 100.0,
    "be:motorway": 120.0,
    "be-bru:rural": 70.0,
    "be-bru:urban": 30.0,
    "be-vlg:rural": 70.0,
    "ch:rural": 80.0,
    "ch:trunk": 100.0,
    "ch:motorway": 120.0,
    "de:living_street": 7.0,
    "de:rural": 100.0,
    "de:motorway": 140.0,
    "dk:rural": 80.0,
    "fr:rural": 80.0,
    "gb:nsl_single": 60 * _MPH_KPH,
    "gb:nsl_dual": 70 * _MPH_KPH,
    "gb:motorway": 70 * _MPH_KPH,
    "nl:rural": 80.0,
    "nl:trunk": 100.0,
    "no:rural": 80.0,
    "no:motorway": 110.0,
    "pl:rural": 100.0,
    "pl:trunk": 120.0,
    "pl:motorway": 140.0,
    "ro:trunk": 100.0,
    "ru:living_street": 20.0,
    "ru:urban": 60.0,
    "ru:motorway": 110.0,
}
_ZONE_NUMBER = re.compile(r"(?:[a-z-]+:)?zone:?(\d+)\Z")
_LIMIT_KEYS = ("maxspeed:advisory", "maxspeed", "source:maxspeed", "maxspeed:type")

_SURFACE_KPH = {
    **dict.fromkeys(("cement", "compacted", "fine_gravel"), 80.0),
    **dict.fromkeys(("paving_stones", "metal", "bricks"), 60.0),
    **dict.fromkeys(
        (
            "grass",
            "wood",
            "sett",
            "grass_paver",
            "gravel",
            "unpaved",
            "ground",
            "dirt",
            "pebblestone",
            "tartan",
        ),
        40.0,
    ),
    **dict.fromkeys(("cobblestone", "clay"), 30.0),
    **dict.fromkeys(("earth", "stone", "rocky", "sand"), 20.0),
    "mud": 10.0,
}
_TRACKTYPE_KPH = {"grade1": 60.0, "grade2": 40.0, "grade3": 30.0, "grade4": 25.0, "grade5": 20.0}
_SMOOTHNESS_KPH = {
    "intermediate": 80.0,
    "bad": 40.0,
    "very_bad": 20.0,
    "horrible": 10.0,
    "very_horrible": 5.0,
}
_ROUGHNESS_KPH = (("surface", _SURFACE_KPH), ("tracktype", _TRACKTYPE_KPH), ("smoothness", _SMOOTHNESS_KPH))


def parse_maxspeed_kph(value: str) -> float | None:
    """Return a limit in km/h: `50`, `30 mph`, `5 knots`, `walk`, `none`, `FR:urban`, `DE:zone30`; None if unclear.

    Of several values (`50;30`) the lowest counts, for it cannot be told where each holds.
    """
    if ";" in value:
        parts = [kph for kph in (parse_maxspeed_kph(part) for part in value.split(";")) if kph is not None]
        return min(parts, default=None)
    text = value.strip().lower()
    number = _NUMBER.match(text)
    if number is not None:
        unit = number[2]
        factor = _MPH_KPH if unit in ("mph", "mp/h") else _KNOT_KPH if unit == "knots" else 1.0
        return float(number[1]) * factor or None
    if text in _WORDS_KPH:
        return _WORDS_KPH[text]
    zone = _ZONE_NUMBER.match(text)
    if zone is not None:
        return float(zone[1]) or None
    text = text.replace("uk:", "gb:")
    return _COUNTRY_ZONE_KPH.get(text, _ZONE_KPH.get(text.rpartition(":")[2]) if ":" in text else None)


def limit_kph(tags: Mapping[str, str], direction: str) -> float | None:
    """Return the limit of a way in a direction (`forward`, `backward`) in km/h; None where no tag tells it."""
    for key in _LIMIT_KEYS:
        value = tags.get(f"{key}:{direction}", tags.get(key))
        limit = None if value is None else parse_maxspeed_kph(value)
        if limit is not None:
            return limit
    return None


def driven_kph(tags: Mapping[str, str], class_kph: float, direction: str) -> float:
    """Return the speed in km/h that is driven on a way in a direction.

    A known limit, less the share that nobody drives, stands in place of the figure for the road's class; rough
    ground then caps it.
    """
    limit = limit_kph(tags, direction)
    speed_kph = class_kph if limit is None else limit * MAXSPEED_USED_RATIO
    caps = [table[tags[key]] for key, table in _ROUGHNESS_KPH if tags.get(key) in table]
    return min([speed_kph, *caps])
