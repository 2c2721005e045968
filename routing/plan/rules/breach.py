"""Name a rule that an order breaks."""

from __future__ import annotations

from dataclasses import dataclass

_UNIT_WEIGHTS = {"CAPACITY": 60, "STOCK": 60}
"""Of one unit in seconds: a unit of load weighs as much as a minute."""
SECONDS = frozenset(
    {
        "WINDOW",
        "LATENESS_LIMIT",
        "DUE",
        "RELEASE",
        "SHIFT",
        "OVERTIME_LIMIT",
        "BREAK",
        "DRIVING_RULES",
        "DURATION_LIMIT",
        "DRIVING_LIMIT",
        "DEPOT_WINDOW",
    }
)
"""Codes of rules whose bounds give by seconds."""
WHOLE_WEIGHT = 86_400
"""What has no amount weighs as much as a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Say which rule an order breaks (a code of `REASONS`), where, and by how much."""

    code: str
    vehicle_id: str
    stop_id: str | None
    """Where it shows; None: on the route as a whole, or at its end."""
    cause: str
    excess: int = 1
    """By so much would the bound have to give: seconds, units of load, metres, stops; 1 where there is no amount."""
    of: str = ""
    """What the bound belongs to besides vehicle and stop: a load's name, a break, a depot, a skill."""

    @property
    def weight(self) -> int:
        """Return how far from holding it is, in about seconds."""
        if self.code in SECONDS:
            return self.excess
        if self.code == "DISTANCE_LIMIT":
            return -(-self.excess // 10)
        return self.excess * _UNIT_WEIGHTS.get(self.code, WHOLE_WEIGHT)
