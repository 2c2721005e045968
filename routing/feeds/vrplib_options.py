"""How a benchmark instance is asked: by which rounding of its distances, and for what."""

from __future__ import annotations

from enum import StrEnum


class Rounding(StrEnum):
    """Name how the distance of two points becomes a weight.

    `round` is TSPLIB's EUC_2D, the nearest whole number; `dimacs` cuts after the first decimal (DIMACS challenge on
    vehicle routing, 2022: all VRPTW instances); `double` leaves it as it is (SINTEF's lists), `exact` is the same.
    """

    ROUND = "round"
    TRUNC = "trunc"
    CEIL = "ceil"
    DIMACS = "dimacs"
    DOUBLE = "double"
    EXACT = "exact"


class Aim(StrEnum):
    """Name what is least: the distance, or the vehicles first and then the distance."""

    DISTANCE = "distance"
    VEHICLES = "vehicles"
