"""Ferries (https://wiki.openstreetmap.org/wiki/Tag:route%3Dferry)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from routing.osm.permission import Access
from routing.osm.vehicle import Vehicle

_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?\Z")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)(?:\s*min(?:utes)?)?\Z")
_ISO = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?\Z", re.IGNORECASE)
_LONGEST_S = 7 * 86400
"""No ferry takes longer; what is told beyond that is a slip of the pen."""
_PASSENGERS = ("foot", "bicycle")
_CARRIED = ("motorcar", "hgv", "goods")
"""Motor vehicles that a ferry names where it has a deck for them."""


def ferry_base(tags: Mapping[str, str], vehicle: Vehicle) -> Access:
    """Return the access to a ferry where no key of the vehicle's tells it.

    A ferry that names its walkers or bicycles and no motor vehicle carries none, as GraphHopper has it. One with a deck
    for cars takes vans too.
    """
    names_passengers = any(key in tags for key in _PASSENGERS)
    carries_motors = any(tags.get(key, "no") != "no" for key in _CARRIED)
    return Access.CLOSED if vehicle.is_motor and names_passengers and not carries_motors else Access.OPEN


def parse_duration_s(value: str) -> float | None:
    """Return a duration in seconds: `HH:MM`, `HH:MM:SS`, minutes, `PT1H30M`; None where it is none, or over a week.

    https://wiki.openstreetmap.org/wiki/Key:duration
    """
    text = value.strip()
    clock = _CLOCK.match(text) or _ISO.match(text)
    minutes_only = _MINUTES.match(text)
    duration_s = 0.0
    if clock is not None:
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        duration_s = hours * 3600 + minutes * 60 + seconds
    elif minutes_only is not None:
        duration_s = float(minutes_only[1]) * 60
    return duration_s if 0 < duration_s <= _LONGEST_S else None
