"""Spread ranges of indices out, as every array in CSR form asks for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spread(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return beside each other i and every index from first[i] up to, and without, last[i]; i after i."""
    size = last - first
    begin = np.cumsum(size) - size
    return np.repeat(np.arange(first.size), size), np.repeat(first - begin, size) + np.arange(size.sum())
