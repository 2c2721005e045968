"""Where places touch the roads beside them: projections, on which side a place lies, and which touch is best.

The nearest road is taken, as OSRM does, with these exceptions for places that say no heading, so for doors:

- a tunnel serves only where no other road lies within the radius, for what stands above it has no door there;
- so does a motor road (see `Frontage`), save for places within 20 m of its line, which are vehicles on it: no front
  door is that near (in Germany none within 40 m of a motorway's edge, FStrG section 9);
- a private road serves only where it saves more than 30 m on foot (`PRIVATE_DETOUR_M`).

A place within a metre of a line is on that road, whatever road it is.

A place that must lie on one side of the vehicle (`approach`) keeps the direction that has it there. For `curb` a
one-way road counts from both sides, as in OSRM (`approaches=curb`, `CheckApproach` in its `geospatial_query.hpp`):
nothing has to be crossed there but the road's own lane, and of a dual carriageway the nearer one is the right one.
`right` and `left` are meant for the vehicle's doors and bind on one-way roads too; where the nearest road has not that
side, one that is not 50 m further may serve (`SIDE_DETOUR_M`), else none does. A place that is not a metre off the
line, or straight ahead of a dead end, has no side, so every direction has it (Valhalla's `street_side_tolerance`, there
5 m; the issue https://github.com/Project-OSRM/osrm-backend/issues/5616 names the problem).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from routing.network.location import Location
from routing.network.road_network import RoadNetwork
from routing.network.roads import Roads, mercator
from routing.network.spread import spread
from routing.osm.frontage import Frontage

ON_LINE_M = 1.0
"""A place is on a line within this distance: coordinates of five decimals are off by up to 0.8 m."""
ON_MOTOR_ROAD_M = 20.0
"""A place is on a motor road within this distance: some lanes, and what a position of a satellite receiver is off."""
PRIVATE_DETOUR_M = 30.0
"""What a place may be further from a public road than from a private one and still be served from the public one."""
SIDE_DETOUR_M = 50.0
"""What a road that has a place on the wanted side may be further from it than the nearest road: the other carriageway
is, but the street behind the house is not meant."""
_SQUARE_ANGLE_SLACK = 1e-9
"""A road square to a heading counts as driven that way, whatever the rounding."""
_TIE_DIGITS = 6
"""Roads whose distances differ by less than a micrometre are equally near; the first one is taken."""

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Hold n places on the plane and what they ask of a road."""

    lat_deg: _Floats
    lon_deg: _Floats
    x: _Floats
    y: _Floats
    heading_deg: _Floats
    """NaN: any."""
    side: NDArray[np.int8]
    """1 where the place must lie to the right of the vehicle, -1 to the left, 0: either."""
    one_way_counts: _Bools
    """True where a one-way road serves it from both sides."""
    ground: _Floats
    """Metres on the ground of a metre on the plane."""
    reach: _Floats
    """The radius, on the plane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Hold projections of places on pieces of road between two points of its line."""

    place: _Ints
    road: _Ints
    point: _Ints
    """The piece's first point in `Roads`."""
    share: _Floats
    """How far along the piece, 0 to 1."""
    distance_m: _Floats
    beyond: _Bools
    """True where that is further than the radius."""
    along: _Bools
    """True where driving along the road's line is wanted, and possible."""
    against: _Bools

    @property
    def fits(self) -> _Bools:
        """Return where a direction is wanted and possible."""
        return self.along | self.against

    def take(self, rows: _Ints) -> Touches:
        """Return some of the touches."""
        return Touches(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def joined(self, other: Touches) -> Touches:
        """Return these touches and others."""
        return Touches(
            **{each.name: np.concatenate([getattr(side, each.name) for side in (self, other)]) for each in fields(self)}
        )


def places_on_plane(network: RoadNetwork, locations: Sequence[Location], radius_m: float) -> Places:
    """Return locations as arrays."""
    lat_deg = np.array([place.lat_deg for place in locations], dtype=np.float64)
    lon_deg = np.array([place.lon_deg for place in locations], dtype=np.float64)
    x, y = mercator(lat_deg, lon_deg)
    sides = {"either": 0, "right": 1, "left": -1, "curb": -1 if network.drives_on_left else 1}
    ground = np.cos(np.radians(lat_deg))
    return Places(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        x=x,
        y=y,
        heading_deg=np.array([place.heading_deg for place in locations], dtype=np.float64),
        side=np.array([sides[place.approach] for place in locations], dtype=np.int8),
        one_way_counts=np.array([place.approach == "curb" for place in locations], dtype=np.bool_),
        ground=ground,
        reach=radius_m / ground,
    )


def touch(roads: Roads, places: Places, place: _Ints, road: _Ints) -> Touches:
    """Project places on every piece of a road beside each of them; pairs of place and road come by place."""
    pair, point = spread(roads.first[road], roads.first[road + 1] - 1)
    place, road = place[pair], road[pair]
    dx, dy = roads.x[point + 1] - roads.x[point], roads.y[point + 1] - roads.y[point]
    from_x, from_y = places.x[place] - roads.x[point], places.y[place] - roads.y[point]
    square = dx * dx + dy * dy
    share = np.clip((from_x * dx + from_y * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    off_x, off_y = from_x - share * dx, from_y - share * dy
    distance = np.hypot(off_x, off_y)
    near = distance <= places.reach[place]
    heading_deg, side, serves = places.heading_deg[place], places.side[place], roads.serves[road]
    free = np.isnan(heading_deg) & (side == 0)
    cosine = np.cos(np.radians(np.where(np.isnan(heading_deg), 0.0, heading_deg)) - np.arctan2(dx, dy))
    headed = np.where(np.isnan(heading_deg), 0.0, cosine)
    first_in_road = np.concatenate([[True], (np.diff(place) != 0) | (np.diff(road) != 0)]) if place.size else place > 0
    left_m, counts = _left_of(dx, dy, off_x, off_y, share, first_in_road)
    left_m = np.where(places.one_way_counts[place] & ~serves.all(axis=1), 0.0, left_m * places.ground[place]) * side
    wanted = near & (counts | (side == 0))
    return Touches(
        place=place,
        road=road,
        point=point,
        share=share,
        distance_m=distance * places.ground[place],
        beyond=~near,
        along=free | (wanted & (headed >= -_SQUARE_ANGLE_SLACK) & (left_m <= ON_LINE_M) & serves[:, 0]),
        against=free | (wanted & (headed <= _SQUARE_ANGLE_SLACK) & (left_m >= -ON_LINE_M) & serves[:, 1]),
    )


def _left_of(
    dx: _Floats, dy: _Floats, off_x: _Floats, off_y: _Floats, share: _Floats, first_in_road: _Bools
) -> tuple[_Floats, _Bools]:
    """Return how far to the left of the line each place lies, on the plane, and where that means something.

    At a bend the line's direction is the mean of its pieces': beside a sharp one a place may lie to the left of one
    piece and to the right of the other. A touch at the end of a piece that the next one comes nearer than means
    nothing.
    """
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    unit_x, unit_y = dx / length, dy / length
    goes_on = ~first_in_road[1:]
    at_end, at_begin = share[:-1] >= 1, share[1:] <= 0
    bend = goes_on & at_end & at_begin
    mean_x, mean_y = unit_x.copy(), unit_y.copy()
    for mean, unit in ((mean_x, unit_x), (mean_y, unit_y)):
        mean[:-1] += np.where(bend, unit[1:], 0.0)
        mean[1:] += np.where(bend, unit[:-1], 0.0)
    counts = np.ones(share.size, dtype=np.bool_)
    counts[:-1] &= ~(goes_on & at_end & ~at_begin)
    counts[1:] &= ~(goes_on & at_begin & ~at_end)
    size = np.maximum(np.hypot(mean_x, mean_y), 1e-9)
    return (mean_x * off_y - mean_y * off_x) / size, counts


def best(roads: Roads, places: Places, touches: Touches, *, fitting: bool) -> Touches:
    """Return the best touch of each place, by place; of equally good ones the first.

    With `fitting` touches in a wanted direction come before all others.
    """
    frontage = roads.frontage[touches.road]
    door = np.isnan(places.heading_deg)[touches.place] & (touches.distance_m > ON_LINE_M)
    shunned = (frontage == Frontage.TUNNEL) | (
        (frontage == Frontage.MOTOR_ROAD) & (touches.distance_m > ON_MOTOR_ROAD_M)
    )
    rank = np.where(touches.beyond, 2, door & shunned)
    detour_m = np.where(door & (frontage == Frontage.PRIVATE), PRIVATE_DETOUR_M, 0.0)
    metres = np.round(touches.distance_m + detour_m, _TIE_DIGITS)
    unfit = ~touches.fits & fitting
    order = np.lexsort((touches.point, metres, rank, unfit, touches.place))
    _, first = np.unique(touches.place[order], return_index=True)
    return touches.take(order[first])
