"""From which kind of road a place is visited: tunnels, motorways and private roads only where there is need."""

import pytest
from ascii_map import STEP_DEG, arc_letters, build

from routing.network.location import Location
from routing.network.snap import snap
from routing.osm.frontage import Frontage, way_frontage

KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
ROAD = {"highway": "residential"}
TUNNEL = {**ROAD, "tunnel": "yes"}
MOTORWAY = {"highway": "motorway", "oneway": "no"}
PRIVATE = {**ROAD, "access": "private"}
LADDER = """
a-----b
c-----d
"""
"""Two roads of 600 m, 100 m apart."""


@pytest.mark.parametrize(
    ("tags", "frontage"),
    [
        ({}, Frontage.STREET),
        ({"tunnel": "yes"}, Frontage.TUNNEL),
        ({"tunnel": "yes", "highway": "service"}, Frontage.STREET),
        ({"tunnel": "yes", "highway": "service", "access": "private"}, Frontage.PRIVATE),
        ({"tunnel": "yes", "highway": "service", "service": "parking_aisle"}, Frontage.TUNNEL),
        ({"tunnel": "building_passage"}, Frontage.STREET),
        ({"tunnel": "no"}, Frontage.STREET),
        ({"location": "underground"}, Frontage.TUNNEL),
        ({"bridge": "yes", "layer": "1"}, Frontage.STREET),
        ({"highway": "motorway_link"}, Frontage.MOTOR_ROAD),
        ({"highway": "trunk"}, Frontage.STREET),
        ({"highway": "trunk", "motorroad": "yes"}, Frontage.MOTOR_ROAD),
        ({"route": "ferry"}, Frontage.MOTOR_ROAD),
        ({"access": "private"}, Frontage.PRIVATE),
        ({"access": "private", "motor_vehicle": "destination"}, Frontage.STREET),
    ],
)
def test_the_tags_of_a_way_tell_its_frontage(tags, frontage):
    assert way_frontage({**ROAD, **tags}, KEYS) is frontage


def _chosen(folder, upper, below_upper_m, heading_deg=None, radius_m=300.0):
    """Return on which road a place snaps that lies so far below the upper one, a-b, and the lower is a street."""
    network = build(folder, LADDER, {"ab": upper, "ac": ROAD, "bd": ROAD, "cd": ROAD})
    place = Location(lat_deg=-STEP_DEG * below_upper_m / 100, lon_deg=3 * STEP_DEG, heading_deg=heading_deg)
    snapped = snap(network, [place], radius_m=radius_m)
    return {"".join(sorted(arc_letters(network)[arc])) for arc in snapped.arrive_arc} or None


def test_of_two_streets_the_nearest(tmp_path):
    assert _chosen(tmp_path, ROAD, 49) == {"ab"}
    assert _chosen(tmp_path, ROAD, 51) == {"cd"}


def test_what_stands_above_a_tunnel_has_no_door_in_it(tmp_path):
    assert _chosen(tmp_path, TUNNEL, 5) == {"cd"}
    # within a metre of its line one is in it, and so is who drives there
    assert _chosen(tmp_path, TUNNEL, 0.5) == {"ab"}
    assert _chosen(tmp_path, TUNNEL, 5, heading_deg=90) == {"ab"}
    # 95 m to the street is beyond this radius, and 5 m to the tunnel is not
    assert _chosen(tmp_path, TUNNEL, 5, radius_m=90) == {"ab"}


def test_beside_a_motorway_is_not_on_it(tmp_path):
    assert _chosen(tmp_path, MOTORWAY, 19) == {"ab"}
    assert _chosen(tmp_path, MOTORWAY, 21) == {"cd"}
    assert _chosen(tmp_path, MOTORWAY, 21, radius_m=75) == {"ab"}


def test_a_private_road_must_save_more_than_thirty_metres(tmp_path):
    # 34 m to the private road, 66 m to the street: 32 m saved; at 36 m it is 28 m
    assert _chosen(tmp_path, PRIVATE, 34) == {"ab"}
    assert _chosen(tmp_path, PRIVATE, 36) == {"cd"}


def test_a_snapped_point_snaps_to_where_it_is(tmp_path):
    network = build(tmp_path, LADDER, {"ab": PRIVATE, "ac": TUNNEL, "bd": MOTORWAY, "cd": ROAD})
    on_line = [(-0.0, 3), (-0.5, 0), (-0.5, 6), (-1.0, 3)]
    places = [Location(lat_deg=row * STEP_DEG, lon_deg=column * STEP_DEG) for row, column in on_line]
    assert snap(network, places).distance_m.max() < 0.1
