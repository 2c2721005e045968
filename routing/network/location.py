"""Where something is: a point on the earth, and where it touches the road network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from routing.network.spread import spread

ARC_UNITS = 1 << 30
"""A position on an arc is an integer from 0 (tail) to ARC_UNITS (head): exact, whatever the arc's length."""


Approach = Literal["either", "right", "left", "curb"]
APPROACHES: tuple[str, ...] = get_args(Approach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Name a point in WGS 84 degrees; `heading_deg` (clockwise from north) keeps only arcs driven that way."""

    lat_deg: float
    lon_deg: float
    heading_deg: float | None = None
    approach: Approach = "either"
    """On which side of the vehicle it must lie: `right`, `left`, `either`, or `curb`, the side on which the country
    drives, where a one-way road counts from both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped:
    """Hold where n locations touch the network, as flat arrays (CSR over locations).

    A vehicle leaves location i from any of `leave_arc[leave_first[i]:leave_first[i + 1]]`, at the position
    of the same index, and arrives on any of its `arrive_` arcs. They differ where access is restricted: an
    exit copy may only be left, an entry copy only be arrived on (see `RoadNetwork.arc_access`).
    """

    leave_first: NDArray[np.int64]
    leave_arc: NDArray[np.int32]
    leave_position: NDArray[np.int64]
    arrive_first: NDArray[np.int64]
    arrive_arc: NDArray[np.int32]
    arrive_position: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    """The point on the road, n."""
    lon_deg: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    """Straight distance from the location to that point, n; also where it is too far to be used."""
    usable: NDArray[np.bool_]
    """False where no road that serves it lies within the radius; such a location has no arcs."""

    def __len__(self) -> int:
        return int(self.usable.size)

    def joined(self, other: Snapped) -> Snapped:
        """Return these locations and others behind them."""
        flat = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in (*_OFFERED, *_BY_LOCATION)
        }
        first = {
            name: np.concatenate([getattr(self, name), getattr(self, name)[-1] + getattr(other, name)[1:]])
            for name in ("leave_first", "arrive_first")
        }
        return Snapped(**first, **flat)

    def take(self, rows: NDArray[np.int64]) -> Snapped:
        """Return some of the locations, in the order in which they are named."""
        held = {name: getattr(self, name)[rows] for name in _BY_LOCATION}
        for side in ("leave", "arrive"):
            first = getattr(self, f"{side}_first")
            number, offered = spread(first[rows], first[rows + 1])
            held[f"{side}_first"] = np.searchsorted(number, np.arange(rows.size + 1)).astype(np.int64)
            held |= {f"{side}_{part}": getattr(self, f"{side}_{part}")[offered] for part in ("arc", "position")}
        for array in held.values():
            array.setflags(write=False)
        return Snapped(**held)


_OFFERED = ("leave_arc", "leave_position", "arrive_arc", "arrive_position")
_BY_LOCATION = ("lat_deg", "lon_deg", "distance_m", "usable")
