import pytest

from routing.network.profile import Profile
from routing.osm.barrier import barrier_delay_s

CAR, VAN, TRUCK, BIKE, FOOT = (Profile.named(name).vehicle for name in ("car", "van", "truck", "cargo_bike", "foot"))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, 0),
        ({"highway": "crossing"}, 0),
        ({"barrier": "bollard"}, None),
        ({"barrier": "bollard", "bollard": "rising"}, 0),
        ({"barrier": "block"}, None),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, 0),
        ({"barrier": "cattle_grid"}, 0),
        ({"barrier": "toll_booth"}, 0),
        ({"barrier": "gate"}, 60),
        ({"barrier": "lift_gate"}, 60),
        ({"barrier": "gate", "locked": "yes"}, None),
        ({"barrier": "gate", "access": "no"}, None),
        ({"barrier": "gate", "access": "private"}, 0),
        ({"barrier": "gate", "access": "yes"}, 0),
        ({"barrier": "gate", "access": "no", "motorcar": "yes"}, 0),
        ({"barrier": "kerb", "kerb": "lowered"}, 0),
        ({"barrier": "kerb"}, None),
        ({"access": "no"}, None),
        ({"barrier": "fence", "sensory": "audible"}, 0),
        ({"barrier": "yes"}, None),
        ({"barrier": "height_restrictor"}, 0),
        ({"barrier": "height_restrictor", "maxheight": "1.9"}, None),  # a car is 2.0 m high
        ({"barrier": "height_restrictor", "maxheight": "2.1"}, 0),
        ({"barrier": "bollard", "motor_vehicle": "yes", "maxwidth": "1.8"}, None),
        ({"barrier": "gate", "width": "1"}, 60),
    ],
)
def test_passage_of_a_car(tags, expected):
    assert barrier_delay_s(tags, CAR) == expected


@pytest.mark.parametrize(
    ("tags", "bike", "foot"),
    [
        ({"barrier": "bollard"}, 0, 0),
        ({"barrier": "gate"}, 15, 0),
        ({"barrier": "kissing_gate"}, None, 0),
        ({"barrier": "stile"}, None, 0),
        ({"barrier": "wall"}, None, None),
        ({"barrier": "cycle_barrier"}, 0, 0),
        ({"barrier": "cycle_barrier", "maxwidth:physical": "0.8"}, None, 0),  # the box is 0.9 m wide
        ({"barrier": "cycle_barrier", "maxwidth:physical": "1.2"}, 0, 0),
        ({"barrier": "gate", "bicycle": "no"}, None, 0),
        ({"barrier": "sliding_gate"}, None, 0),
        ({"highway": "crossing", "bicycle": "no"}, 0, 0),
        ({"highway": "traffic_signals", "crossing": "traffic_signals", "foot": "no"}, 0, 0),
        ({"highway": "crossing", "barrier": "stile", "bicycle": "yes"}, None, 0),
    ],
)
def test_passage_of_a_cargo_bike_and_on_foot(tags, bike, foot):
    assert (barrier_delay_s(tags, BIKE), barrier_delay_s(tags, FOOT)) == (bike, foot)


def test_a_restrictor_for_cars_holds_up_what_is_higher():
    tags = {"barrier": "height_restrictor", "maxheight": "3"}
    assert barrier_delay_s(tags, VAN) == 0
    assert barrier_delay_s(tags, TRUCK) is None
