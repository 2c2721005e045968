from dataclasses import replace

import numpy as np
import pyproj
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from real_maps import network

from routing.network.location import ARC_UNITS, Location
from routing.network.road_network import ACCESS_THROUGH
from routing.network.snap import snap
from routing.osm.frontage import Frontage

NETWORK = network("monaco")
WEST, SOUTH, EAST, NORTH = NETWORK.bbox_deg
THROUGH = NETWORK.arc_access == ACCESS_THROUGH
STREETS = np.flatnonzero(THROUGH & (NETWORK.arc_frontage == Frontage.STREET))
points = st.tuples(st.floats(SOUTH, NORTH), st.floats(WEST, EAST))


@settings(max_examples=40, deadline=None)
@given(points)
def test_no_through_street_is_nearer_than_the_road_chosen(point):
    lat_deg, lon_deg = point
    snapped = snap(NETWORK, [Location(lat_deg=lat_deg, lon_deg=lon_deg)], radius_m=20_000)
    # the oracle: every through street on an equidistant plane around the point, on the ellipsoid
    plane = pyproj.Proj(proj="aeqd", lat_0=lat_deg, lon_0=lon_deg, ellps="sphere")
    x, y = plane(NETWORK.shape_lon_deg, NETWORK.shape_lat_deg)
    owner = np.repeat(np.arange(NETWORK.arc_count), np.diff(NETWORK.shape_first))
    lines = shapely.linestrings(np.column_stack([x, y]), indices=owner)
    nearest_m = shapely.distance(lines[STREETS], shapely.Point(0, 0)).min()
    assert snapped.distance_m[0] <= nearest_m * 1.001 + 0.1
    chosen_m = shapely.distance(lines[snapped.leave_arc], shapely.Point(0, 0))
    np.testing.assert_allclose(chosen_m, snapped.distance_m[0], rtol=2e-3, atol=0.1)


@settings(max_examples=40, deadline=None)
@given(st.lists(points, min_size=1, max_size=8))
def test_the_point_on_the_road_is_at_the_position_on_the_arc(places):
    snapped = snap(NETWORK, [Location(lat_deg=lat, lon_deg=lon) for lat, lon in places], radius_m=20_000)
    assert snapped.usable.all()
    owner = np.repeat(np.arange(len(places)), np.diff(snapped.arrive_first))
    for place, arc, position in zip(owner, snapped.arrive_arc, snapped.arrive_position, strict=True):
        assert 0 <= position <= ARC_UNITS
        part = slice(NETWORK.shape_first[arc], NETWORK.shape_first[arc + 1])
        plane = pyproj.Proj(proj="aeqd", lat_0=snapped.lat_deg[place], lon_0=snapped.lon_deg[place], ellps="sphere")
        line = shapely.LineString(np.column_stack(plane(NETWORK.shape_lon_deg[part], NETWORK.shape_lat_deg[part])))
        there = line.interpolate(position / ARC_UNITS, normalized=True)
        assert there.distance(shapely.Point(0, 0)) < 0.5


@settings(max_examples=20, deadline=None)
@given(st.lists(points, min_size=2, max_size=6))
def test_a_location_snaps_alike_alone_and_in_company(places):
    locations = [Location(lat_deg=lat, lon_deg=lon) for lat, lon in places]
    together = snap(NETWORK, locations)
    for row, location in enumerate(locations):
        alone = snap(NETWORK, [location])
        part = slice(together.leave_first[row], together.leave_first[row + 1])
        np.testing.assert_array_equal(alone.leave_arc, together.leave_arc[part])
        np.testing.assert_array_equal(alone.leave_position, together.leave_position[part])
        assert alone.distance_m[0] == together.distance_m[row]


def _left_m(point, arc, position):
    """Return how far to the left of an arc a point lies, by the metre of its line around a position."""
    plane = pyproj.Proj(proj="aeqd", lat_0=point[0], lon_0=point[1], ellps="sphere")
    part = slice(NETWORK.shape_first[arc], NETWORK.shape_first[arc + 1])
    line = shapely.LineString(np.column_stack(plane(NETWORK.shape_lon_deg[part], NETWORK.shape_lat_deg[part])))
    at_m = position / ARC_UNITS * line.length
    (tail_x, tail_y), (head_x, head_y) = (
        shapely.get_coordinates(line.interpolate(min(max(at_m + step_m, 0.0), line.length)))[0]
        for step_m in (-0.5, 0.5)
    )
    x, y = (head_x + tail_x) / 2, (head_y + tail_y) / 2
    dx, dy = head_x - tail_x, head_y - tail_y
    return (dx * -y - dy * -x) / np.hypot(dx, dy)


@settings(max_examples=60, deadline=None)
@given(points, st.sampled_from(("right", "left", "curb")), st.booleans())
def test_what_is_served_on_a_side_lies_there(point, approach, on_left):
    network = replace(NETWORK, drives_on_left=on_left)
    place = Location(lat_deg=point[0], lon_deg=point[1], approach=approach)
    snapped, either = (snap(network, [each]) for each in (place, replace(place, approach="either")))
    assert snapped.distance_m[0] >= either.distance_m[0] - 1e-6
    directions = {bool(forward) for forward in NETWORK.arc_forward[either.arrive_arc]}
    if approach == "curb":
        # the kerb is never looked for on another road, and a one-way road has it on both sides
        np.testing.assert_array_equal(snapped.distance_m, either.distance_m)
        assert set(snapped.arrive_arc) <= set(either.arrive_arc)
        if len(directions) == 1:
            np.testing.assert_array_equal(snapped.arrive_arc, either.arrive_arc)
            return
    to_left = approach == "left" or (approach == "curb" and on_left)
    for arc, position in zip(snapped.arrive_arc, snapped.arrive_position, strict=True):
        assert _left_m(point, arc, position) * (1 if to_left else -1) > -1.5
