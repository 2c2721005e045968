"""What the tag rules must know of a vehicle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Hold what signs and barriers speak of; None where a limit of that kind never binds it."""

    access_keys: tuple[str, ...]
    """Keys of https://wiki.openstreetmap.org/wiki/Key:access that bind it, most specific first, last `access`."""
    open_highways: tuple[str, ...] = ()
    """Highways that are open to it unless tags say otherwise."""
    openable_highways: tuple[str, ...] = ()
    """Highways that are closed to it unless a key of its own opens them."""
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
    ignores_oneway: bool = False
    """Is bound by oneway:<its own key> alone, as walkers are."""
    avoid_toll: bool = False
    avoid_ferry: bool = False
    barriers_passed: tuple[str, ...] = ()
    """Barriers that do not hold it up."""
    barrier_delay_s: tuple[tuple[str, float], ...] = ()
    """Barriers that it passes with a loss of time; all others block it."""

    @property
    def own_keys(self) -> tuple[str, ...]:
        """Return the access keys that name a vehicle, all but the last, `access`."""
        return self.access_keys[:-1]

    @property
    def is_motor(self) -> bool:
        """Return whether it is a motor vehicle."""
        return "motor_vehicle" in self.access_keys
