"""How a kind of vehicle uses the roads: the profile, as data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from routing.errors import InputError, Issue
from routing.network.profile_text import profile_values
from routing.osm.highway import OTHER_CLASS, ROAD_CLASSES
from routing.osm.junction import JunctionDelays
from routing.osm.vehicle import Vehicle

__all__ = ["OTHER_CLASS", "PROFILE_NAMES", "ROAD_CLASSES", "Profile"]

PROFILE_NAMES = ("van", "car", "truck", "cargo_bike", "foot")
"""Profiles that are shipped, each as a TOML file beside this one, which also tells its sources."""

Figures = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Say how a kind of vehicle uses the roads.

    The turn model is that of OSRM's profiles: a sigmoid of the turn's angle that was fitted to real drives,
    where turns across the oncoming traffic cost a little more, and fixed times for signals, signs, barriers and
    U-turns. What is None never binds it.
    """

    name: str
    access_keys: tuple[str, ...]
    """Keys of https://wiki.openstreetmap.org/wiki/Key:access that bind it, most specific first."""
    class_speed_kph: Figures
    """Speed by class of road where no limit is mapped, in the order of `ROAD_CLASSES`."""
    max_speed_kph: float
    """Speed that it never exceeds."""
    open_highways: tuple[str, ...]
    """Values of https://wiki.openstreetmap.org/wiki/Key:highway that are open to it unless tags say otherwise."""
    openable_highways: tuple[str, ...] = ()
    """Values that are closed to it unless a key of its own opens them; all others stay closed."""
    restricted_use: str = "ends"
    """What roads for those who have business there (destination, delivery, private) serve: `ends` of a journey,
    `never`, or `through` traffic too."""
    ignores_oneway: bool = False
    """Is bound by oneway:<its own key> alone."""
    drives_at_limit: bool = True
    """A mapped limit stands in place of the class's figure; else it only caps it."""
    limit_ratio: float = 0.8
    """Share of the limit that is driven on average; `speed_reduction` of OSRM's car profile."""
    surface_kph: Figures = ()
    """Most that each surface allows."""
    tracktype_kph: Figures = ()
    smoothness_kph: Figures = ()
    height_m: float | None = None
    width_m: float | None = None
    length_m: float | None = None
    weight_kg: float | None = None
    """Actual weight, loaded."""
    rated_weight_kg: float | None = None
    """Permitted weight, on its papers."""
    axle_load_kg: float | None = None
    hazmat: bool = False
    """Carries dangerous goods that must be marked."""
    avoid_toll: bool = False
    """Uses toll roads only where no other road leads to an end of the journey."""
    avoid_ferry: bool = False
    barriers_passed: tuple[str, ...] = ()
    """Barriers that do not hold it up."""
    barrier_delay_s: Figures = ()
    """Barriers that it passes with a loss of time; all others block it."""
    turn_s: float = 7.5
    """Most that a turn's angle can cost."""
    turn_bias_ratio: float = 1.075
    """Above 1 a turn across the oncoming traffic costs more than one away from it."""
    oncoming_turn_s: float = 2.0
    """Most that waiting for a gap costs where a turn crosses the oncoming traffic."""
    u_turn_s: float = 20.0
    signal_s: float = 2.0
    stop_s: float = 2.0
    give_way_s: float = 1.0
    crossing_s: float = 0.0
    mini_roundabout_s: float = 0.0
    level_crossing_s: float = 0.0

    @property
    def vehicle(self) -> Vehicle:
        """Return what the tag rules must know of it."""
        return Vehicle(**{each.name: getattr(self, each.name) for each in dataclasses.fields(Vehicle)})

    @property
    def junction_delays(self) -> JunctionDelays:
        """Return what the rules of junctions cost it."""
        return JunctionDelays(**{each.name: getattr(self, each.name) for each in dataclasses.fields(JunctionDelays)})

    @classmethod
    def car(cls) -> Profile:
        """Return the profile of a passenger car, OSRM's stock one."""
        return cls.named("car")

    @classmethod
    def van(cls) -> Profile:
        """Return the profile of a delivery van of up to 3.5 t."""
        return cls.named("van")

    @classmethod
    def named(cls, name: str) -> Profile:
        """Return a shipped profile; InputError, which names them, where there is none of this name."""
        return cls(**_shipped(name))

    @classmethod
    def from_toml(cls, text: str, *, where: str = "profile") -> Profile:
        """Return the profile that a TOML text describes; its keys are the fields of this class.

        `based_on = "van"` takes every figure that the text does not give from a shipped profile.

        Raises
        ------
        InputError
            With every fault of the text at once, each at `where` and its key.
        """
        return cls(**profile_values(text, where, _shipped))


@cache
def _shipped(name: str) -> dict[str, Any]:
    if name not in PROFILE_NAMES:
        issue = Issue(
            code="UNKNOWN_PROFILE",
            where="profile",
            cause=f"there is no profile {name!r}",
            action=f"use one of {', '.join(PROFILE_NAMES)}, or a TOML file of your own",
        )
        raise InputError([issue])
    text = (resources.files("routing.network") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return profile_values(text, name, _shipped)
