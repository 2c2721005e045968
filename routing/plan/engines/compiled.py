"""Compile kernels that allocate nothing, without the counting of references to their arrays.

A compiled call counts references to every array that it is given, and a loop to each that it passes on: up to half of
the time of a search. `_nrt=False` leaves Numba's memory runtime out; a kernel that allocates is refused then. The
option is not a public one: a Numba without it compiles the same kernels, somewhat slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.core.options import DefaultOptions

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_UNCOUNTED = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}


def kernel(function: Kernel) -> Kernel:
    """Compile a function that allocates no array."""
    compiled: Kernel = njit(cache=True, **_UNCOUNTED)(function)  # type: ignore[call-overload]
    return compiled
