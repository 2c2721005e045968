"""What the tag rules must know of a vehicle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Hold the facts of a vehicle that signs speak of; None where a limit of that kind never binds it."""

    access_keys: tuple[str, ...]
    """Keys of https://wiki.openstreetmap.org/wiki/Key:access that bind it, most specific first, last `access`."""
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

    @property
    def own_keys(self) -> tuple[str, ...]:
        """Return the access keys that name a vehicle, all but `access` itself."""
        return tuple(key for key in self.access_keys if key != "access")
