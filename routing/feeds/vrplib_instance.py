"""What benchmark files of vehicle routing ask, whatever their format: one depot, stops, alike vehicles, a table.

Such files know neither roads nor clocks. Their distances and times share one unit, and published costs hold for one
way of rounding distances only; so the way belongs to the instance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.feeds.vrplib_options import Rounding

DOUBLE_DECIMALS = 4
"""Of distances that are not rounded so many decimals are searched with, where the numbers allow it."""
LARGEST = 2**31 - 1
"""Travel tables hold 32 bits."""
MOST_CENTS = 10**12
"""All prices of a problem together, so that 64 bits hold what engines count with (millionths of a cent)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VrpInstance:
    """Hold an instance of n stops; entry 0 is the depot, and all figures are in the file's own unit.

    Weights are n + 1 x n + 1, distance and time alike; `decimals` tells how many of them count, in weights, windows
    and services, None where weights are not rounded.
    """

    name: str
    kind: str
    """CVRP, ACVRP, VRPTW or PDPTW."""
    rounding: str
    """The way of rounding, or `explicit` where the file gives the weights."""
    capacity: int
    vehicles: int | None
    """How many there are at most; None where the file does not say."""
    weight: NDArray[np.float64]
    decimals: int | None
    demand: NDArray[np.int64]
    """Delivered from the depot; where goods are carried between stops what is picked up, below zero where delivered."""
    service: NDArray[np.float64]
    window_start: NDArray[np.float64]
    window_end: NDArray[np.float64]
    """Infinite where the file sets no end."""
    longest: float | None = None
    """What a route may take at most, services and all."""
    carried: tuple[tuple[int, int], ...] = ()
    """The stop where goods are picked up and the one that they are carried to; none where all come from the depot."""

    @property
    def stops(self) -> int:
        """Return how many stops there are."""
        return self.demand.size - 1

    @property
    def farthest(self) -> float:
        """Return a length that no plan exceeds: of each place the longest way on."""
        return float(self.weight.max(axis=1).sum())


def point_weights(x: NDArray[np.float64], y: NDArray[np.float64], rounding: Rounding) -> NDArray[np.float64]:
    """Return the rounded Euclidean distances of n points, n x n."""
    squared = (x[:, None] - x[None]) ** 2 + (y[:, None] - y[None]) ** 2
    if rounding is Rounding.DIMACS:
        # One root of a hundredfold: whole numbers stay whole, where ten times a root may fall below them.
        return np.floor(np.sqrt(100 * squared)) / 10
    root = np.sqrt(squared)
    if rounding is Rounding.ROUND:
        return np.floor(root + 0.5)
    if rounding is Rounding.TRUNC:
        return np.floor(root)
    return np.ceil(root) if rounding is Rounding.CEIL else root


def rounded_decimals(rounding: Rounding) -> int | None:
    """Return how many decimals weights of a rounding have, None for all of them."""
    if rounding in (Rounding.DOUBLE, Rounding.EXACT):
        return None
    return 1 if rounding is Rounding.DIMACS else 0
