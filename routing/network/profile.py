"""How a kind of vehicle uses the roads: the profile, as data."""

from __future__ import annotations

from dataclasses import dataclass

from routing.errors import InputError, Issue
from routing.osm.access import ROAD_HIGHWAYS

OTHER_CLASS = "other"
ROAD_CLASSES = (*ROAD_HIGHWAYS, OTHER_CLASS)
"""Classes of road; the index is an arc's class. `other` are pedestrian streets, tracks and so on that a tag opens."""

_CLASS_SPEED_KPH = (
    ("motorway", 90.0),
    ("motorway_link", 45.0),
    ("trunk", 85.0),
    ("trunk_link", 40.0),
    ("primary", 65.0),
    ("primary_link", 30.0),
    ("secondary", 55.0),
    ("secondary_link", 25.0),
    ("tertiary", 40.0),
    ("tertiary_link", 20.0),
    ("unclassified", 25.0),
    ("residential", 25.0),
    ("living_street", 10.0),
    ("service", 15.0),
    (OTHER_CLASS, 10.0),
)
"""Speeds in km/h where no limit is mapped: the table of OSRM's car profile (its default speed for `other`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Say how a kind of vehicle uses the roads.

    The turn model is that of OSRM's car profile: a sigmoid of the turn's angle that was fitted to real drives,
    where left turns cost a little more than right ones, and fixed times for signals, gates and U-turns.
    """

    name: str
    access_keys: tuple[str, ...]
    """Keys of https://wiki.openstreetmap.org/wiki/Key:access that bind it, most specific first."""
    class_speed_kph: tuple[tuple[str, float], ...]
    """Speed by class of road where no limit is mapped, in the order of `ROAD_CLASSES`."""
    max_speed_kph: float
    """Speed that it never exceeds."""
    turn_s: float = 7.5
    """Most that a turn's angle can cost."""
    turn_bias_ratio: float = 1.075
    """Above 1 a turn across the oncoming traffic costs more, where it keeps to the right."""
    oncoming_turn_s: float = 2.0
    """Most that waiting for a gap costs where a turn crosses the oncoming traffic."""
    u_turn_s: float = 20.0
    signal_s: float = 2.0
    gate_s: float = 60.0

    @property
    def vehicle_keys(self) -> tuple[str, ...]:
        """Return the access keys that name a vehicle, all but `access` itself."""
        return tuple(key for key in self.access_keys if key != "access")

    @classmethod
    def car(cls) -> Profile:
        """Return the profile of a passenger car."""
        return cls(
            name="car",
            access_keys=("motorcar", "motor_vehicle", "vehicle", "access"),
            class_speed_kph=_CLASS_SPEED_KPH,
            max_speed_kph=140.0,
        )

    @classmethod
    def van(cls) -> Profile:
        """Return the profile of a delivery van of up to 3.5 t.

        It heeds the signs for goods vehicles (https://wiki.openstreetmap.org/wiki/Key:goods) instead of those for
        cars. It is capped at 100 km/h, the low end of the limiters that fleets order, for a plan that
        counts on a loaded van at 130 km/h is late on every motorway.
        """
        return cls(
            name="van",
            access_keys=("goods", "motor_vehicle", "vehicle", "access"),
            class_speed_kph=_CLASS_SPEED_KPH,
            max_speed_kph=100.0,
        )

    @classmethod
    def named(cls, name: str) -> Profile:
        """Return the profile of a name; InputError, which names the known ones, where there is none."""
        known = {"car": cls.car, "van": cls.van}
        if name not in known:
            issue = Issue(
                code="UNKNOWN_PROFILE",
                where="profile",
                cause=f"there is no profile {name!r}",
                action=f"use one of {', '.join(sorted(known))}",
            )
            raise InputError([issue])
        return known[name]()
