"""Find where locations touch the roads: the exact projection onto the nearest road, never onto its next corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.network.junctions import at_junctions
from routing.network.location import APPROACHES, ARC_UNITS, Location, Snapped
from routing.network.road_network import ACCESS_ENTRY, ACCESS_VIA, RoadNetwork
from routing.network.roads import RoadIndex, Roads, road_index
from routing.network.spread import spread
from routing.network.touches import SIDE_DETOUR_M, Places, Touches, best, places_on_plane, touch
from routing.units import great_circle_m


def snap(network: RoadNetwork, locations: Sequence[Location], *, radius_m: float = 300.0) -> Snapped:
    """Find for each location the nearest point of a road that can be left and arrived at, within a radius in metres.

    `touches` tells which roads come before nearer ones. Both directions of the road and all its copies are offered, and
    on a junction those of all its roads (`junctions`).
    A `heading_deg` keeps the arcs that are driven within 90 degrees of it, an `approach` those that have the place on
    that side; the nearest road counts that has such arcs both to leave and to arrive on. Where there is no such road
    within the radius the location is not usable, and its distance is that to the nearest road at all.

    Raises
    ------
    InputError
        Where an approach is none of `APPROACHES`.
    """
    _check(locations)
    index = road_index(network)
    roads, places = index.roads, places_on_plane(network, locations, radius_m)
    touches = _chosen(index, places)
    ahead = touches.point + 1
    on_lat_deg, on_lon_deg = (
        values[touches.point] + touches.share * (values[ahead] - values[touches.point])
        for values in (roads.lat_deg, roads.lon_deg)
    )
    distance_m = great_circle_m(places.lat_deg, places.lon_deg, on_lat_deg, on_lon_deg)
    usable = touches.fits & (distance_m <= radius_m)
    offered = at_junctions(network, index, places, touches)
    leave_first, leave_arc, leave_position = _offer(network, roads, offered, usable, to_leave=True)
    arrive_first, arrive_arc, arrive_position = _offer(network, roads, offered, usable, to_leave=False)
    offers = (leave_first, leave_arc, leave_position, arrive_first, arrive_arc, arrive_position)
    for array in (*offers, on_lat_deg, on_lon_deg, distance_m, usable):
        array.setflags(write=False)
    return Snapped(
        leave_first=leave_first,
        leave_arc=leave_arc,
        leave_position=leave_position,
        arrive_first=arrive_first,
        arrive_arc=arrive_arc,
        arrive_position=arrive_position,
        lat_deg=on_lat_deg,
        lon_deg=on_lon_deg,
        distance_m=distance_m,
        usable=usable,
    )


def _check(locations: Sequence[Location]) -> None:
    issues = [
        Issue(
            code="APPROACH",
            where=f"location {number}",
            cause=f"{place.approach!r} is no approach",
            action=f"use one of {', '.join(APPROACHES)}",
        )
        for number, place in enumerate(locations)
        if place.approach not in APPROACHES
    ]
    if issues:
        raise InputError(issues)


def _chosen(index: RoadIndex, places: Places) -> Touches:
    """Return the touch of each place at which it is visited; where none fits, the nearest.

    Of each frontage only the nearest road can be the best one, unless it cannot be driven as the place asks for: only
    then all roads within reach are looked at.
    """
    points = np.asarray(shapely.points(places.x, places.y))
    nearest = best(index.roads, places, touch(index.roads, places, *index.nearest(points)), fitting=False)
    rows = np.flatnonzero(~nearest.fits)
    if not rows.size:
        return nearest
    furthest = (nearest.distance_m + SIDE_DETOUR_M) / places.ground
    asked = replace(places, reach=np.where(places.side == 0, places.reach, np.minimum(places.reach, furthest)))
    row, road = index.within(points[rows], asked.reach[rows])
    around = touch(index.roads, asked, rows[row], road)
    return best(index.roads, places, nearest.joined(around), fitting=True)


def _position(roads: Roads, touches: Touches) -> NDArray[np.int64]:
    """Return where on its road's line each touch lies, from 0 to ARC_UNITS, by length."""
    here_m, next_m = roads.along_m[touches.point], roads.along_m[touches.point + 1]
    total_m = roads.along_m[roads.first[touches.road + 1] - 1]
    share = (here_m + touches.share * (next_m - here_m)) / np.where(total_m > 0, total_m, 1.0)
    return np.rint(np.clip(share, 0.0, 1.0) * ARC_UNITS).astype(np.int64)


def _offer(
    network: RoadNetwork,
    roads: Roads,
    touches: Touches,
    usable: NDArray[np.bool_],
    *,
    to_leave: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return the arcs of each usable place and the positions on them, as CSR over places."""
    rows = np.flatnonzero(usable[touches.place])
    road = touches.road[rows]
    place, arc = spread(roads.arc_first[road], roads.arc_end[road])
    row = rows[place]
    against = roads.against[arc]
    offered = np.where(against, touches.against[row], touches.along[row])
    if to_leave:
        offered &= ~np.isin(network.arc_access[arc], (ACCESS_ENTRY, ACCESS_VIA))
    arc, row, against = arc[offered], row[offered], against[offered]
    first = np.searchsorted(touches.place[row], np.arange(usable.size + 1)).astype(np.int64)
    position = _position(roads, touches)
    on_arc = np.where(against, ARC_UNITS - position[row], position[row])
    if not to_leave:
        # Nobody arrives on an arc without entering it, so that a closed arc is closed for its very beginning too.
        on_arc = np.maximum(on_arc, 1)
    return first, arc.astype(np.int32), on_arc
