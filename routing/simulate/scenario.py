"""What a simulated day is made of: its size, its windows, and how often which news comes.

Rates and laws are those of the benchmark's specification; the sources stand at their figures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from routing.network.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Count stops and vehicles."""

    stops: int
    vehicles: int


SIZES: Final = {
    "XS": Size(stops=12, vehicles=2),
    "S": Size(stops=40, vehicles=3),
    "M": Size(stops=150, vehicles=8),
    "L": Size(stops=500, vehicles=20),
}
WINDOWS_S: Final = {"W0": None, "W1": 3_600, "W2": 7_200}
"""How long the windows are; None: there are none."""
WINDOWED_RATIO: Final = 0.6
"""Share of the stops that have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Say what happens on a day, and how often."""

    incidents_per_100_km_10_h: float = 0.0
    """On arterials, each direction of a road counted;"""
    least_incidents: float = 0.0
    """on a small map so many are expected all the same."""
    fronts: tuple[int, int] = (0, 0)
    """Least and most weather fronts."""
    window_changed_ratio: float = 0.0
    cancelled_ratio: float = 0.0
    absences: bool = False
    """Whether customers may be away."""
    new_ratio: float = 0.0
    """New orders per stop that was asked for in the morning (the effective degree of dynamism)."""
    breakdown_ratio: float = 0.0
    """Chance of each vehicle to break down."""
    certain_breakdowns: int = 0
    """So many vehicles surely do."""
    long_services: bool = False
    """Whether services have a long tail (one in twenty takes twice its mean), or keep nearly to their plan."""
    deviation_ratio: float = 0.0
    """Chance of each visit that its driver makes the next one first."""
    sunday: bool = False
    """Whether the streets have no rush hours."""


_CALM = Streams(sunday=True)
_INCIDENTS = Streams(incidents_per_100_km_10_h=1.0, least_incidents=6.0)
_CUSTOMERS = Streams(window_changed_ratio=0.04, cancelled_ratio=0.02, new_ratio=0.10, absences=True, long_services=True)
CLASSES: Final = {
    "D0": _CALM,
    "D1": Streams(),
    "D2": _INCIDENTS,
    "D3": Streams(fronts=(1, 3)),
    "D4": _CUSTOMERS,
    "D5": replace(
        _CUSTOMERS,
        incidents_per_100_km_10_h=_INCIDENTS.incidents_per_100_km_10_h,
        least_incidents=_INCIDENTS.least_incidents,
        fronts=(1, 2),
        breakdown_ratio=0.02,
        deviation_ratio=0.03,
    ),
    "D6": Streams(certain_breakdowns=1),
}
"""Calm, rush hours only, incidents, weather, customers, all of it (a bad Friday), a breakdown."""
CLASS_WORDS: Final = {
    "D0": "calm",
    "D1": "rush hours",
    "D2": "incidents",
    "D3": "weather fronts",
    "D4": "customers",
    "D5": "bad Friday",
    "D6": "breakdown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Name one simulated day; the same scenario on the same map is the same world."""

    kind: str = "D5"
    """A key of `CLASSES`."""
    size: str = "M"
    windows: str = "W2"
    seed: int = 1
    date: str = "2026-11-27"
    """A Friday; calm days are the Sunday after it."""
    time_zone: str = "UTC"
    depot: Location
    midnight_s: int
    """The instant at which the day begins on the clocks of its zone."""

    @property
    def streams(self) -> Streams:
        """Return what happens."""
        return CLASSES[self.kind]

    def at(self, hour: float) -> int:
        """Return the instant of an hour of the day."""
        return self.midnight_s + round(hour * 3600)
