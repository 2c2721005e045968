"""Choose among the requests that no walked route serves: which are tried, and what counts while a fleet shrinks.

After J. Christiaens and G. Vanden Berghe, "Slack induction by string removals for vehicle routing problems",
Transportation Science 54 (2020), section on fleet minimisation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.insertion import draw
from routing.plan.engines.ruin import loss_limit
from routing.plan.engines.walk_data import FIRST_STOP, LEFT_OUT, NEXT_OF_REQUEST, WalkData
from routing.plan.engines.walk_state import ROUTE, Number, WalkState

ABSENT_TRIED = 6
"""Of the requests that no route serves, at most this many are tried in one iteration."""
CALLED_PER_100 = 15
"""Of 100 iterations of a fleet that shrinks so many remove strings around an absent request and insert it first."""


@kernel
def list_absent(data: WalkData, state: WalkState, absent: NDArray[np.int64]) -> Number:
    """List the requests that no route serves; return how many there are."""
    out: Number = np.int64(0)
    for request in range(data.requests.shape[0]):
        if state.where[data.requests[request, FIRST_STOP], ROUTE] < 0:
            absent[out] = request
            out += 1
    return out


@kernel
def call(data: WalkData, seed: NDArray[np.uint64], absent: NDArray[np.int64], out: Number) -> Number:
    """Put an absent request first of them, now and then; return one of its stops, else -1."""
    if out == 0 or draw(seed, 100) >= CALLED_PER_100:
        return np.int64(-1)
    rank = draw(seed, out)
    absent[0], absent[rank] = absent[rank], absent[0]
    stop = data.requests[absent[0], FIRST_STOP]
    while data.stops[stop, NEXT_OF_REQUEST] >= 0 and draw(seed, 2) == 0:
        stop = data.stops[stop, NEXT_OF_REQUEST]
    return np.int64(stop)


@kernel
def add_absent(
    seed: NDArray[np.uint64],
    absent: NDArray[np.int64],
    out: Number,
    called: Number,
    moved: NDArray[np.int64],
    size: Number,
) -> Number:
    """Add some absent requests to those that are moved, a called one first; return how many there are then."""
    for rank in range(min(out, ABSENT_TRIED)):
        if rank > 0 or called < 0:
            other = rank + draw(seed, out - rank)
            absent[rank], absent[other] = absent[other], absent[rank]
        moved[size] = absent[rank]
        size += 1
    return size


@kernel
def put_first(moved: NDArray[np.int64], request: Number) -> None:
    """Put one of the moved requests before all others, which keep their order."""
    at = 0
    while moved[at] != request:
        at += 1
    while at > 0:
        moved[at] = moved[at - 1]
        at -= 1
    moved[0] = request


@kernel
def fewer_absences(
    data: WalkData,
    before: WalkState,
    after: WalkState,
    seed: NDArray[np.uint64],
    moved: NDArray[np.int64],
    size: Number,
    absences: NDArray[np.int64],
    gain: Number,
    temperature: float,
) -> bool:
    """Tell whether an iteration is accepted while a fleet shrinks, and count who is absent after it.

    It is where those that are absent after it have been absent less often than those before, or where they are not
    more and what the routes cost allows it.
    """
    more, weight = np.int64(0), np.int64(0)
    for rank in range(size):
        request = moved[rank]
        stop, left_out = data.requests[request, FIRST_STOP], data.requests[request, LEFT_OUT]
        if before.where[stop, ROUTE] < 0:
            more, weight, gain = more - 1, weight - absences[request], gain - left_out
        if after.where[stop, ROUTE] < 0:
            more, weight, gain = more + 1, weight + absences[request], gain + left_out
            absences[request] += 1
    return bool(weight < 0 or (more <= 0 and -gain < loss_limit(seed, temperature)))
