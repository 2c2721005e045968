"""Access by the hour, by vehicle and by business (https://wiki.openstreetmap.org/wiki/Conditional_restrictions)."""

import pytest

from routing.network.profile import Profile
from routing.osm.access import way_access
from routing.osm.permission import Access, Permission

CAR, VAN, TRUCK = (Profile.named(name).vehicle for name in ("car", "van", "truck"))
ROAD = {"highway": "residential"}


def found(tags, vehicle=VAN, direction="forward"):
    return way_access({**ROAD, **tags}, vehicle, direction)


def closed_within(hours, level=Access.OPEN, unused=()):
    return Permission(level=level, closed_within=(hours,), unused=unused)


def open_within(hours, level=Access.OPEN, unused=()):
    return Permission(level=level, closed_outside=(hours,), unused=unused)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"motor_vehicle:conditional": "no @ (Su 05:00-15:00)"}, closed_within("Su 05:00-15:00")),
        (
            {"access": "destination", "vehicle:conditional": "no @ (22:00-06:00)"},
            closed_within("22:00-06:00", Access.RESTRICTED),
        ),
        # a pedestrian street that is open for delivery in the morning
        (
            {"highway": "pedestrian", "motor_vehicle": "no", "motor_vehicle:conditional": "delivery @ (06:00-10:00)"},
            open_within("06:00-10:00", Access.RESTRICTED),
        ),
        (
            {"highway": "pedestrian", "vehicle:conditional": "yes @ (delivery AND Mo-Fr 06:00-10:00)"},
            open_within("Mo-Fr 06:00-10:00", Access.RESTRICTED),
        ),
        # the general key opens nothing on a pedestrian street
        ({"highway": "pedestrian", "access:conditional": "yes @ (06:00-10:00)"}, Permission(level=Access.CLOSED)),
        (
            {"access": "no", "access:conditional": "yes @ (06:00-10:00); yes @ (Sa 14:00-16:00)"},
            open_within("06:00-10:00, Sa 14:00-16:00"),
        ),
        (
            {"access:conditional": "no @ (06:00-22:00); yes @ (Mo 10:00-12:00)"},
            closed_within("06:00-22:00; Mo 10:00-12:00 off"),
        ),
        # the specific key without a condition beats the general one with it
        ({"motor_vehicle": "yes", "vehicle:conditional": "no @ (22:00-06:00)"}, Permission(level=Access.OPEN)),
        # conditions on others, or on what the van is not
        ({"access:conditional": "no @ (weight>7.5)"}, Permission(level=Access.OPEN)),
        ({"access": "no", "access:conditional": "yes @ bus"}, Permission(level=Access.CLOSED)),
        # conditions without hours hold always
        ({"access": "no", "access:conditional": "yes @ destination"}, Permission(level=Access.RESTRICTED)),
        ({"goods:conditional": "no @ (length>6)"}, Permission(level=Access.CLOSED)),
        # what a network cannot say, or nobody understands, is told
        (
            {"access:conditional": "destination @ (06:30-08:30)"},
            Permission(
                level=Access.RESTRICTED,
                unused=("access:conditional=destination @ (06:30-08:30), taken for all hours",),
            ),
        ),
        (
            {"access:conditional": "no @ snow"},
            Permission(level=Access.OPEN, unused=("access:conditional=no @ (snow)",)),
        ),
        (
            {"access:conditional": "no @ (06:00-09:00); no @ (Mo 10:00-12:00; PH off)"},
            closed_within("06:00-09:00", unused=("access:conditional=no @ (Mo 10:00-12:00; PH off)",)),
        ),
    ],
)
def test_access_of_a_van(tags, expected):
    assert found(tags) == expected


def test_a_direction_may_have_its_own_condition():
    tags = {"motor_vehicle:backward:conditional": "no @ (Mo-Fr 07:00-09:00)"}
    assert found(tags).closed_within == ()
    assert found(tags, direction="backward").closed_within == ("Mo-Fr 07:00-09:00",)


def test_a_truck_is_kept_out_where_a_van_may_drive():
    tags = {"access:conditional": "no @ (weight>7.5 AND 22:00-06:00)", "hgv": "destination"}
    assert found(tags) == Permission(level=Access.OPEN)
    assert found(tags, TRUCK) == Permission(level=Access.RESTRICTED)
    assert found({"motor_vehicle:conditional": "no @ (weight>7.5 AND 22:00-06:00)"}, TRUCK).closed_within != ()


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ({"motor_vehicle:lanes": "no|no"}, Access.CLOSED),
        ({"motor_vehicle:lanes": "no|yes"}, Access.OPEN),
        ({"hov": "designated"}, Access.RESTRICTED),
        ({"smoothness": "impassable"}, Access.CLOSED),
        ({"toll": "yes"}, Access.OPEN),
    ],
)
def test_lanes_and_the_rest(tags, level):
    assert found(tags).level is level


def test_tolls_and_ferries_are_avoided_but_for_the_ends():
    text = 'name = "thrifty"\nbased_on = "van"\navoid_toll = true\navoid_ferry = true'
    thrifty = Profile.from_toml(text).vehicle
    assert found({"toll": "yes"}, thrifty).level is Access.RESTRICTED
    assert found({"toll": "no"}, thrifty).level is Access.OPEN
    assert found({"toll": "no", "toll:hgv": "yes"}, thrifty).level is Access.OPEN
    ferry = {"route": "ferry"}
    assert way_access(ferry, thrifty, "forward").level is Access.RESTRICTED
    assert way_access(ferry, VAN, "forward").level is Access.OPEN


@pytest.mark.parametrize(
    ("tags", "van", "bike"),
    [
        ({}, Access.OPEN, Access.OPEN),
        ({"foot": "yes"}, Access.CLOSED, Access.OPEN),
        ({"foot": "yes", "motor_vehicle": "yes", "bicycle": "no"}, Access.OPEN, Access.CLOSED),
        ({"access": "private"}, Access.RESTRICTED, Access.RESTRICTED),
    ],
)
def test_who_may_board_a_ferry(tags, van, bike):
    ferry = {"route": "ferry", **tags}
    assert way_access(ferry, VAN, "forward").level is van
    assert way_access(ferry, Profile.named("cargo_bike").vehicle, "forward").level is bike


@pytest.mark.parametrize(
    ("tags", "bike", "foot"),
    [
        ({"highway": "cycleway"}, Access.OPEN, Access.CLOSED),
        ({"highway": "cycleway", "foot": "yes"}, Access.OPEN, Access.OPEN),
        ({"highway": "steps"}, Access.CLOSED, Access.OPEN),
        ({"highway": "footway", "bicycle": "no"}, Access.CLOSED, Access.OPEN),
        ({"highway": "motorway"}, Access.CLOSED, Access.CLOSED),
        ({"highway": "primary", "motorroad": "yes"}, Access.CLOSED, Access.CLOSED),
        ({"highway": "residential", "vehicle": "no"}, Access.CLOSED, Access.OPEN),
        ({"highway": "residential", "bicycle": "use_sidepath"}, Access.CLOSED, Access.OPEN),
    ],
)
def test_bikes_and_walkers(tags, bike, foot):
    levels = [way_access(tags, Profile.named(name).vehicle, "forward").level for name in ("cargo_bike", "foot")]
    assert levels == [bike, foot]
