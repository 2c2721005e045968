import pytest

from routing.network.profile import Profile
from routing.osm.oneway import oneway_permission
from routing.osm.permission import Access

CAR, BIKE, FOOT = (Profile.named(name).vehicle for name in ("car", "cargo_bike", "foot"))


def open_directions(tags, vehicle):
    found = [oneway_permission(tags, vehicle, direction) for direction in ("forward", "backward")]
    return tuple(permission.level is Access.OPEN for permission in found)


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential"}, True, True),
        ({"highway": "residential", "oneway": "yes"}, True, False),
        ({"highway": "residential", "oneway": "1"}, True, False),
        ({"highway": "residential", "oneway": "-1"}, False, True),
        ({"highway": "residential", "oneway": "no"}, True, True),
        ({"highway": "residential", "oneway": "reversible"}, False, False),
        ({"highway": "residential", "oneway": "alternating"}, True, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
        ({"highway": "motorway_link"}, True, True),
        ({"highway": "residential", "junction": "roundabout"}, True, False),
        ({"highway": "residential", "junction": "circular"}, True, False),
        ({"highway": "residential", "junction": "roundabout", "oneway": "-1"}, False, True),
        ({"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"}, True, True),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, True, False),
    ],
)
def test_directions(tags, forward, backward):
    assert open_directions(tags, CAR) == (forward, backward)
