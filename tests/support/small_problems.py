"""Problems on a line of places, with sums that fit in a comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix

POSITIONS_KM = (0, 1, 2, 4, 7)
"""Place 0 is the depot; a kilometre takes 100 s."""


def window(start_s: int, end_s: int) -> TimeWindow:
    return TimeWindow(start_s=start_s, end_s=end_s)


def line_travel(
    positions_km: Sequence[int] = POSITIONS_KM, cut_off: Sequence[int] = (), factors: Sequence[int] = (1,)
) -> MatrixTravel:
    """Return a road along which slices of 10,000 s are `factors` times as slow; places in `cut_off` have no road."""
    km = np.array(positions_km)
    between_km = np.abs(km[:, None] - km[None])
    reachable = np.ones(between_km.shape, np.bool_)
    for place in cut_off:
        reachable[place, :] = reachable[:, place] = False
        reachable[place, place] = True
    return MatrixTravel(
        matrix=TravelMatrix(
            duration_s=np.stack([between_km * 100 * factor for factor in factors]).astype(np.int32),
            distance_m=np.stack([between_km * 1000] * len(factors)).astype(np.int32),
            reachable=np.stack([reachable] * len(factors)),
            slice_start_s=np.arange(len(factors), dtype=np.int64) * 10_000,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OffRoadTravel(MatrixTravel):
    """Travel between places that lie so far from the road."""

    off_road_m: tuple[float, ...]

    @property
    def snap_distance_m(self) -> NDArray[np.float64]:
        return np.array(self.off_road_m)


def van(**changes: Any) -> Vehicle:
    fields: dict[str, Any] = {
        "id": "V0",
        "profile": "van",
        "capacity": 10,
        "shift": window(0, 20_000),
        "start_place": 0,
        "end_place": 0,
    }
    return Vehicle(**{**fields, **changes})


def line_problem(
    stops: Sequence[Stop], vehicles: Sequence[Vehicle] = (), travel: MatrixTravel | None = None
) -> Problem:
    travel = travel or line_travel()
    return Problem(
        stops=tuple(stops),
        vehicles=tuple(vehicles) or (van(),),
        places=tuple(Location(lat_deg=0.0, lon_deg=0.0) for _ in range(travel.usable.size)),
        travel=travel,
    )
