"""Cut traces into journeys: what lies between two stops of a vehicle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from routing.travel.map_match import Trace, on_plane
from routing.travel.map_match_paths import LONGEST_GAP_S

STAND_M = 25.0
"""A vehicle that stays within this distance stands, whatever its receiver's noise."""
LONGEST_STAND_S = 180
"""Who stands longer has stopped; red lights and jams move on within three minutes."""


def journeys(traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """Return the journeys of traces: without the standing at their ends, cut at stops and at long silences.

    A journey keeps its trace's id; what never moved gives none.
    """
    return tuple(journey for trace in traces for journey in _journeys(trace))


def _journeys(trace: Trace) -> list[Trace]:
    if not trace.time_s.size:
        return []
    came, left = _stays(*on_plane(trace.lat_deg, trace.lon_deg), STAND_M)
    stood_s = trace.time_s[left] - trace.time_s[came]
    silent_s = np.append(trace.time_s[came[1:]] - trace.time_s[left[:-1]], 0)
    stays = np.arange(came.size)
    ends = np.unique(np.append(stays[(stood_s >= LONGEST_STAND_S) | (silent_s > LONGEST_GAP_S)], came.size - 1))
    # After a stop the next journey begins where the vehicle stood; after a silence where it is heard again.
    begins = np.append(0, np.where(silent_s[ends[:-1]] > LONGEST_GAP_S, ends[:-1] + 1, ends[:-1]))
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        fixes = slice(int(left[begin]), int(came[end]) + 1)
        if end > begin:
            found.append(
                Trace(
                    trace_id=trace.trace_id,
                    time_s=trace.time_s[fixes],
                    lat_deg=trace.lat_deg[fixes],
                    lon_deg=trace.lon_deg[fixes],
                )
            )
    return found


@njit(cache=True)
def _stays(x_m, y_m, radius_m):  # type: ignore[no-untyped-def]
    """Return the first and the last fix of each stay: fixes in a row that lie near the first of them."""
    came, left = [0], [0]
    for i in range(1, x_m.size):
        if np.hypot(x_m[i] - x_m[came[-1]], y_m[i] - y_m[came[-1]]) < radius_m:
            left[-1] = i
        else:
            came.append(i)
            left.append(i)
    return np.array(came), np.array(left)
