"""Compile kernels that allocate nothing, without the counting of references to their arrays.

A compiled call counts references to every array that it is given, and a loop to each that it passes on: up to half of
the time of a search. `_nrt=False` leaves Numba's memory runtime out; a kernel that allocates is refused then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile a function that allocates no array."""
    compiled: Kernel = njit(cache=True, _nrt=False)(function)  # type: ignore[call-overload]
    return compiled
