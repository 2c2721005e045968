"""How fast a way may be driven (https://wiki.openstreetmap.org/wiki/Key:maxspeed).

The figures for implicit limits are those of OSRM's car profile, so that our durations can be held against OSRM's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from routing.osm.access import directed, directed_clauses
from routing.osm.conditional import Holds, clause_holds
from routing.osm.vehicle import Vehicle

_MPH_KPH = 1.609344
_KNOT_KPH = 1.852
_LEAST_KPH = 1.0
"""No sign shows less: it is a slip of the pen, and would make of a street a journey of days."""
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|mp/h|knots|km/h|kmh|kph)?\Z")
_WORDS_KPH = {"none": 140.0, "walk": 7.0}
_ZONE_KPH = {"urban": 50.0, "rural": 90.0, "trunk": 110.0, "motorway": 130.0, "living_street": 10.0}
"""Implicit limits by the last word of values such as FR:urban (https://wiki.openstreetmap.org/wiki/Speed_limits)."""
_COUNTRY_ZONE_KPH = {
    "ar:rural": 110.0,
    "ar:urban": 40.0,
    "at:rural": 100.0,
    "at:trunk": 100.0,
    "be:motorway": 120.0,
    "be-bru:rural": 70.0,
    "be-bru:urban": 30.0,
    "be-vlg:rural": 70.0,
    "bg:motorway": 140.0,
    "by:motorway": 110.0,
    "by:urban": 60.0,
    "ca-on:rural": 80.0,
    "ch:rural": 80.0,
    "ch:trunk": 100.0,
    "ch:motorway": 120.0,
    "de:living_street": 7.0,
    "de:rural": 100.0,
    "de:motorway": 140.0,
    "dk:rural": 80.0,
    "es:trunk": 90.0,
    "fr:rural": 80.0,
    "gb:nsl_single": 60 * _MPH_KPH,
    "gb:nsl_dual": 70 * _MPH_KPH,
    "gb:motorway": 70 * _MPH_KPH,
    "lv:living_street": 20.0,
    "nl:rural": 80.0,
    "nl:trunk": 100.0,
    "no:rural": 80.0,
    "no:motorway": 110.0,
    "ph:motorway": 100.0,
    "ph:rural": 80.0,
    "ph:urban": 40.0,
    "pl:expressway": 120.0,
    "pl:motorway": 140.0,
    "pl:rural": 100.0,
    "pl:trunk": 120.0,
    "ro:trunk": 100.0,
    "ru:living_street": 20.0,
    "ru:urban": 60.0,
    "ru:motorway": 110.0,
    "za:rural": 100.0,
    "za:urban": 60.0,
}
_ZONE_NUMBER = re.compile(r"(?:[a-z-]+:)?zone:?(\d+)\Z")
_LIMIT_KEYS = ("maxspeed", "source:maxspeed", "maxspeed:type")


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
        kph = float(number[1]) * factor
        return kph if kph >= _LEAST_KPH else None
    if text in _WORDS_KPH:
        return _WORDS_KPH[text]
    zone = _ZONE_NUMBER.match(text)
    if zone is not None:
        return float(zone[1]) or None
    text = text.replace("uk:", "gb:")
    return _COUNTRY_ZONE_KPH.get(text, _ZONE_KPH.get(text.rpartition(":")[2]) if ":" in text else None)


def limit_kph(tags: Mapping[str, str], direction: str, vehicle: Vehicle) -> float | None:
    """Return the limit of a way in a direction (`forward`, `backward`) in km/h; None where no tag tells it.

    Advice (https://wiki.openstreetmap.org/wiki/Key:maxspeed:advisory) beats the law for all, the lower of it and
    maxspeed:<vehicle> counts where there are both.
    """
    if not any(key.startswith(("maxspeed", "source:maxspeed")) for key in tags):
        return None
    own = _first_limit(tags, direction, (f"maxspeed:{key}" for key in vehicle.own_keys))
    advised = _first_limit(tags, direction, ("maxspeed:advisory",))
    if own is not None and advised is not None:
        return min(own, advised)
    return own or advised or _first_limit(tags, direction, _LIMIT_KEYS)


def timed_limits(
    tags: Mapping[str, str], direction: str, vehicle: Vehicle
) -> tuple[float | None, tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Return the limit that maxspeed:conditional sets at all hours, those at some hours, and what is of no use.

    https://wiki.openstreetmap.org/wiki/Key:maxspeed:conditional; of clauses for a vehicle that is not this one nothing
    remains.
    """
    at_all_hours: float | None = None
    timed: list[tuple[str, float]] = []
    unused = []
    for key in ("maxspeed", *(f"maxspeed:{own}" for own in reversed(vehicle.own_keys))):
        for name, clause in directed_clauses(tags, key, direction):
            holds = clause_holds(clause, vehicle)
            limit = parse_maxspeed_kph(clause.value)
            if holds is Holds.NO:
                continue
            if holds is not Holds.YES or limit is None:
                unused.append(f"{name}={tags[name]}")
            elif clause.hours is None:
                at_all_hours = limit
            else:
                timed.append((clause.hours, limit))
    return at_all_hours, tuple(timed), tuple(dict.fromkeys(unused))


def unclear_limits(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the limits of a way that are no speed, such as maxspeed=signals, as they are mapped."""
    keys = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
    return tuple(f"{key}={tags[key]}" for key in keys if key in tags and parse_maxspeed_kph(tags[key]) is None)


def _first_limit(tags: Mapping[str, str], direction: str, keys: Iterable[str]) -> float | None:
    for key in keys:
        value = directed(tags, key, direction)
        limit = None if value is None else parse_maxspeed_kph(value)
        if limit is not None:
            return limit
    return None
