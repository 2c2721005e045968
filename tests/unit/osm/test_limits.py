"""https://wiki.openstreetmap.org/wiki/Key:maxheight, :maxweight and their kin."""

import pytest

from routing.network.profile import Profile
from routing.osm.limits import size_permission
from routing.osm.permission import Access
from routing.osm.vehicle import Vehicle

CAR, VAN, TRUCK, BIKE = (Profile.named(name).vehicle for name in ("car", "van", "truck", "cargo_bike"))


@pytest.mark.parametrize(
    ("tags", "van", "truck"),
    [
        # van 2.8 m, 2.05 m, 7 m, 3.5 t; truck 4.0 m, 2.55 m, 12 m, 18 t, 11.5 t on an axle
        ({"maxheight": "3.8"}, Access.OPEN, Access.CLOSED),
        ({"maxheight": "4"}, Access.OPEN, Access.OPEN),
        ({"maxheight": "9'"}, Access.CLOSED, Access.CLOSED),  # 2.74 m
        ({"maxheight": "default"}, Access.OPEN, Access.OPEN),
        ({"maxheight": "none"}, Access.OPEN, Access.OPEN),
        ({"maxheight": "4.2", "maxheight:physical": "3.9"}, Access.OPEN, Access.CLOSED),
        ({"maxheight": "3.8", "maxheight:physical": "4.1"}, Access.OPEN, Access.CLOSED),
        ({"maxweight": "3.5"}, Access.OPEN, Access.CLOSED),
        ({"maxweight": "3"}, Access.CLOSED, Access.CLOSED),
        ({"maxweight": "20 st"}, Access.OPEN, Access.OPEN),  # 18.1 t
        ({"maxweightrating": "7.5"}, Access.OPEN, Access.CLOSED),
        ({"maxweightrating:hgv": "7.5"}, Access.OPEN, Access.CLOSED),
        ({"maxweight": "7.5", "maxweight:hgv": "none"}, Access.OPEN, Access.OPEN),
        ({"maxaxleload": "10"}, Access.OPEN, Access.CLOSED),
        ({"maxlength": "10"}, Access.OPEN, Access.CLOSED),
        ({"maxlength:bus": "10"}, Access.OPEN, Access.OPEN),
        ({"maxwidth": "2.05"}, Access.CLOSED, Access.CLOSED),  # as wide as the gap
        ({"maxwidth": "2.3"}, Access.OPEN, Access.CLOSED),
        ({"width": "2.5"}, Access.OPEN, Access.CLOSED),
        ({"narrow": "yes"}, Access.OPEN, Access.CLOSED),
        ({"maxweight": "7.5", "maxweight:conditional": "none @ destination"}, Access.OPEN, Access.RESTRICTED),
        ({"maxweight": "7.5", "maxweight:conditional": "none @ agricultural"}, Access.OPEN, Access.CLOSED),
        ({"hazmat": "no"}, Access.OPEN, Access.OPEN),
    ],
)
def test_van_and_truck(tags, van, truck):
    assert size_permission(tags, VAN, "forward").level is van
    assert size_permission(tags, TRUCK, "forward").level is truck


def test_each_direction_has_its_own_limit():
    tags = {"maxheight:backward": "3.8"}
    assert size_permission(tags, TRUCK, "forward").level is Access.OPEN
    assert size_permission(tags, TRUCK, "backward").level is Access.CLOSED


def test_limits_by_the_hour():
    found = size_permission({"maxweight:conditional": "3.5 @ (22:00-06:00)"}, TRUCK, "forward")
    assert (found.level, found.closed_within) == (Access.OPEN, ("22:00-06:00",))
    found = size_permission({"maxweight": "3.5", "maxweight:conditional": "none @ (06:00-10:00)"}, TRUCK, "forward")
    assert (found.level, found.closed_outside) == (Access.OPEN, ("06:00-10:00",))


def test_what_is_no_measure_is_told():
    found = size_permission({"maxheight": "below_default"}, TRUCK, "forward")
    assert (found.level, found.unused) == (Access.OPEN, ("maxheight=below_default",))


def test_dangerous_goods():
    tanker = Vehicle(access_keys=("hgv", "access"), hazmat=True)
    assert size_permission({"hazmat": "no"}, tanker, "forward").level is Access.CLOSED
    assert size_permission({"hazmat": "destination"}, tanker, "forward").level is Access.RESTRICTED
    assert size_permission({"hazmat": "designated"}, tanker, "forward").level is Access.OPEN


def test_a_bicycle_is_bound_by_width_alone():
    assert size_permission({"maxweight": "0.1", "maxheight": "1"}, BIKE, "forward").level is Access.OPEN
    assert size_permission({"width": "0.8"}, BIKE, "forward").level is Access.CLOSED
