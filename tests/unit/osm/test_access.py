import pytest

from routing.network.profile import Profile
from routing.osm.access import way_access
from routing.osm.permission import Access

CAR, VAN, TRUCK, BIKE, FOOT = (Profile.named(name).vehicle for name in ("car", "van", "truck", "cargo_bike", "foot"))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, Access.OPEN),
        ({"highway": "motorway_link"}, Access.OPEN),
        ({"highway": "footway"}, Access.CLOSED),
        ({"highway": "steps", "motor_vehicle": "yes"}, Access.CLOSED),
        ({"highway": "residential", "access": "no"}, Access.CLOSED),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, Access.OPEN),
        ({"highway": "residential", "access": "yes", "motor_vehicle": "no"}, Access.CLOSED),
        ({"highway": "residential", "motor_vehicle": "no", "motorcar": "yes"}, Access.OPEN),
        ({"highway": "residential", "access": "destination"}, Access.RESTRICTED),
        ({"highway": "residential", "access": "private"}, Access.RESTRICTED),
        ({"highway": "residential", "vehicle": "delivery"}, Access.RESTRICTED),
        ({"highway": "service", "access": "customers"}, Access.RESTRICTED),
        ({"highway": "service", "access": "permit"}, Access.RESTRICTED),
        ({"highway": "service", "access": "private"}, Access.RESTRICTED),
        ({"highway": "service", "service": "emergency_access"}, Access.CLOSED),
        ({"highway": "residential", "access": "agricultural;forestry"}, Access.CLOSED),
        ({"highway": "residential", "access": "agricultural;destination"}, Access.RESTRICTED),
        ({"highway": "pedestrian"}, Access.CLOSED),
        ({"highway": "pedestrian", "access": "yes"}, Access.CLOSED),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, Access.RESTRICTED),
        ({"highway": "track", "motor_vehicle": "yes"}, Access.OPEN),
        ({"highway": "construction", "construction": "primary"}, Access.CLOSED),
        ({"highway": "primary", "construction": "primary"}, Access.CLOSED),
        ({"highway": "primary", "construction": "minor"}, Access.OPEN),
        ({"highway": "proposed", "proposed": "primary"}, Access.CLOSED),
        ({"highway": "tertiary", "proposed": "secondary"}, Access.OPEN),
        ({"highway": "residential", "area": "yes"}, Access.CLOSED),
        ({"highway": "residential", "access": "a_value_of_tomorrow"}, Access.OPEN),
    ],
)
def test_access_of_a_car(tags, expected):
    assert way_access(tags, CAR, "forward").level is expected


@pytest.mark.parametrize(
    ("tags", "bike", "foot"),
    [
        ({"highway": "pedestrian", "area": "yes"}, Access.OPEN, Access.OPEN),
        ({"highway": "service", "service": "emergency_access"}, Access.OPEN, Access.OPEN),
        ({"highway": "path", "smoothness": "impassable"}, Access.CLOSED, Access.OPEN),
        ({"highway": "path", "impassable": "yes"}, Access.CLOSED, Access.CLOSED),
    ],
)
def test_walkers_and_bicycles_cross_squares_and_walkers_any_ground(tags, bike, foot):
    assert (way_access(tags, BIKE, "forward").level, way_access(tags, FOOT, "forward").level) == (bike, foot)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"foot": "yes", "motorcar": "yes"}, Access.OPEN),
        ({"foot": "yes", "motorcar": "no", "hgv": "no"}, Access.CLOSED),
        ({"bicycle": "yes"}, Access.CLOSED),
        ({}, Access.OPEN),
    ],
)
def test_a_ferry_with_a_deck_for_cars_takes_vans(tags, expected):
    for vehicle in (CAR, VAN):
        assert way_access({"route": "ferry", **tags}, vehicle, "forward").level is expected


def test_value_for_a_direction_beats_the_value_for_both():
    tags = {"highway": "residential", "motor_vehicle": "yes", "motor_vehicle:backward": "no"}
    assert way_access(tags, CAR, "forward").level is Access.OPEN
    assert way_access(tags, CAR, "backward").level is Access.CLOSED


def test_a_van_heeds_the_signs_for_goods_and_not_those_for_cars():
    no_cars = {"highway": "residential", "motorcar": "no"}
    no_goods = {"highway": "residential", "goods": "no"}
    assert way_access(no_cars, VAN, "forward").level is Access.OPEN
    assert way_access(no_goods, VAN, "forward").level is Access.CLOSED
    assert way_access(no_goods, CAR, "forward").level is Access.OPEN


def test_signs_for_goods_vehicles_of_up_to_three_and_a_half_tonnes_do_not_bind_a_truck():
    no_goods = {"highway": "residential", "goods": "no"}
    goods_alone = {"highway": "residential", "motor_vehicle": "no", "goods": "yes"}
    assert way_access(no_goods, TRUCK, "forward").level is Access.OPEN
    assert way_access(goods_alone, TRUCK, "forward").level is Access.CLOSED
