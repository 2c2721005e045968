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


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential", "oneway": "yes"}, True, False),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, True, True),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, True, True),
        ({"highway": "residential", "oneway": "yes", "cycleway:left:oneway": "-1"}, True, True),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "yes", "cycleway": "opposite"}, True, False),
        ({"highway": "cycleway", "oneway": "-1"}, False, True),
    ],
)
def test_directions_of_a_bicycle(tags, forward, backward):
    assert open_directions(tags, BIKE) == (forward, backward)


def test_walkers_go_both_ways_unless_told_otherwise():
    assert open_directions({"highway": "residential", "oneway": "yes", "junction": "roundabout"}, FOOT) == (True, True)
    assert open_directions({"highway": "footway", "oneway:foot": "yes"}, FOOT) == (True, False)


def test_oneway_by_the_hour():
    opened = {"highway": "residential", "oneway": "yes", "oneway:conditional": "no @ (22:00-06:00)"}
    backward = oneway_permission(opened, CAR, "backward")
    assert (backward.level, backward.closed_outside) == (Access.OPEN, ("22:00-06:00",))
    assert oneway_permission(opened, CAR, "forward").level is Access.OPEN
    morning = {"highway": "residential", "oneway:conditional": "yes @ (Mo-Fr 07:00-09:00)"}
    assert oneway_permission(morning, CAR, "backward").closed_within == ("Mo-Fr 07:00-09:00",)


def test_a_reversible_lane_is_used_at_the_hours_that_are_told():
    tags = {
        "highway": "primary",
        "oneway": "reversible",
        "oneway:conditional": "yes @ (06:00-10:00); -1 @ (15:00-19:00)",
    }
    forward, backward = (oneway_permission(tags, CAR, direction) for direction in ("forward", "backward"))
    assert (forward.level, forward.closed_outside) == (Access.OPEN, ("06:00-10:00; 15:00-19:00 off",))
    assert (backward.level, backward.closed_outside) == (Access.OPEN, ("15:00-19:00",))
