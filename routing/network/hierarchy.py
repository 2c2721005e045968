"""Customizable contraction hierarchies: the part that depends on the topology alone.

Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies", 2016: vertices are contracted in a nested
dissection order that ignores weights; the shortcuts that this can ever need form a chordal graph. Any weights are
then pushed through it in a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """Hold the chordal graph over v vertices, numbered by rank (0 is contracted first)."""

    rank: NDArray[np.int32]
    """Rank of each vertex, v."""
    up_first: NDArray[np.int64]
    """Upward arcs of rank r are up_first[r] to up_first[r + 1]; v + 1."""
    up_head: NDArray[np.int32]
    """Their heads, as ranks, increasing within each tail; the first is the parent in the elimination tree."""


def build_hierarchy(turn_first: NDArray[np.int64], turn_to: NDArray[np.int32]) -> Hierarchy:
    """Order and complete the graph whose vertex i has edges to turn_to[turn_first[i]:turn_first[i + 1]]."""
    raise NotImplementedError
