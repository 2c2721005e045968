"""Random numbers by name: each is a function of seed, stream and entity, never of the order in which it is drawn.

So two policies meet the same absent customer and the same late service, whoever comes there and whenever (common
random numbers).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

_NORMAL = NormalDist()
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draw for the entities of one stream."""

    seed: int
    stream: str

    def uniform(self, entity: object, low: float = 0.0, high: float = 1.0) -> float:
        """Return a number between two others, both left out."""
        key = f"{self.seed}\x1f{self.stream}\x1f{entity}".encode()
        whole = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") >> 11
        return low + (high - low) * (whole + 0.5) / (1 << 53)

    def normal(self, entity: object) -> float:
        """Return a standard normal number."""
        return _NORMAL.inv_cdf(self.uniform(entity))

    def lognormal(self, entity: object, *, mean: float, sigma: float) -> float:
        """Return a lognormal number of a mean, with `sigma` the deviation of its logarithm."""
        return mean * math.exp(sigma * self.normal(entity) - sigma * sigma / 2)

    def poisson(self, entity: object, mean: float) -> int:
        """Return a Poisson number, by inversion."""
        left, term, count = self.uniform(entity), math.exp(-mean), 0
        while left > term:
            left -= term
            count += 1
            term *= mean / count
            if term < 1e-12 and count > mean:
                break
        return count

    def chosen(self, entity: object, items: Sequence[_Item], weights: Sequence[float]) -> _Item:
        """Return one of some items, each as likely as its weight."""
        return items[self.index(entity, np.cumsum(np.asarray(weights, np.float64)))]

    def index(self, entity: object, summed: NDArray[np.float64]) -> int:
        """Return an index by weights that are summed up already."""
        at = self.uniform(entity) * float(summed[-1])
        return min(int(np.searchsorted(summed, at, side="right")), summed.size - 1)

    def lognormals(self, count: int, *, cv: float) -> NDArray[np.float64]:
        """Return lognormal numbers of mean 1 and a coefficient of variation, one for each of a count of entities.

        The n-th is a mixed hash of the key and n (Steele, Lea and Flood, 2014: SplitMix64).
        """
        key = hashlib.blake2b(f"{self.seed}\x1f{self.stream}".encode(), digest_size=8).digest()
        mixed = np.uint64(int.from_bytes(key, "big")) + np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        uniform = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / (1 << 53)
        sigma = sigma_of(cv)
        return np.exp(sigma * ndtri(uniform) - sigma * sigma / 2)


def sigma_of(cv: float) -> float:
    """Return the deviation of a lognormal's logarithm for a coefficient of variation."""
    return math.sqrt(math.log1p(cv * cv))
