import dataclasses
import json

import pytest

from routing.errors import InputError
from routing.network import profile_text
from routing.network.profile import PROFILE_NAMES, ROAD_CLASSES, Profile


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_shipped_profiles_have_a_speed_for_every_class_in_order(name):
    profile = Profile.named(name)
    assert profile.name == name
    assert tuple(each for each, _ in profile.class_speed_kph) == ROAD_CLASSES


def test_the_car_is_osrms_stock_car():
    # profiles/car.lua of osrm-backend 26.7
    car = Profile.car()
    assert car == Profile.named("car")
    assert dict(car.class_speed_kph) | {"other": 10.0} == {
        **{"motorway": 90, "motorway_link": 45, "trunk": 85, "trunk_link": 40, "primary": 65, "primary_link": 30},
        **{"secondary": 55, "secondary_link": 25, "tertiary": 40, "tertiary_link": 20, "unclassified": 25},
        **{"residential": 25, "living_street": 10, "service": 15, "ferry": 5},
        **dict.fromkeys(("track", "pedestrian", "footway", "cycleway", "path", "steps", "other"), 10),
    }
    assert (car.turn_s, car.turn_bias_ratio, car.oncoming_turn_s, car.u_turn_s) == (7.5, 1.075, 2.0, 20.0)
    assert (car.signal_s, car.stop_s, car.give_way_s) == (2.0, 2.0, 1.0)
    assert (car.crossing_s, car.mini_roundabout_s, car.level_crossing_s) == (0.0, 0.0, 0.0)
    assert dict(car.barrier_delay_s) == {"gate": 60.0, "lift_gate": 60.0}
    assert (car.height_m, car.width_m, car.length_m, car.weight_kg) == (2.0, 1.9, 4.8, 2000.0)
    assert car.limit_ratio == 0.8


def test_van_and_truck_are_slower_and_turn_like_the_car():
    car, van, truck = (Profile.named(name) for name in ("car", "van", "truck"))
    assert truck.max_speed_kph < van.max_speed_kph < car.max_speed_kph
    for each in (van, truck):
        assert each.class_speed_kph == car.class_speed_kph
        assert each.junction_delays == car.junction_delays


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(InputError) as caught:
        Profile.named("hovercraft")
    (issue,) = caught.value.issues
    assert issue.code == "UNKNOWN_PROFILE"
    assert "car" in issue.action
    assert "van" in issue.action


def test_a_profile_of_ones_own_takes_the_rest_from_its_base():
    text = """
    name = "long van"
    based_on = "van"
    length_m = 8
    avoid_toll = true

    [class_speed_kph]
    residential = 20
    """
    own, van = Profile.from_toml(text), Profile.van()
    assert (own.name, own.length_m, own.avoid_toll) == ("long van", 8.0, True)
    changed = [a for a, b in zip(own.class_speed_kph, van.class_speed_kph, strict=True) if a != b]
    assert changed == [("residential", 20.0)]
    rest = {"name": van.name, "length_m": van.length_m, "avoid_toll": False, "class_speed_kph": van.class_speed_kph}
    assert dataclasses.replace(own, **rest) == van


def test_a_profile_may_stand_alone():
    text = """
    name = "tractor"
    access_keys = ["agricultural", "motor_vehicle", "vehicle", "access"]
    open_highways = ["track"]
    max_speed_kph = 40
    [class_speed_kph]
    track = 15
    other = 30
    """
    speeds = dict(Profile.from_toml(text).class_speed_kph)
    assert (speeds["track"], speeds["primary"]) == (15.0, 30.0)


def test_every_fault_is_named_at_once():
    text = """
    name = ""
    wheels = 6
    height_m = 40
    hazmat = "yes"
    limit_ratio = true
    restricted_use = "sometimes"
    access_keys = ["hgv"]
    barriers_passed = "gate"
    class_speed_kph = { autobahn = 100, primary = -1 }
    """
    with pytest.raises(InputError) as caught:
        Profile.from_toml(text, where="my.toml")
    assert sorted((issue.code, issue.where.removeprefix("my.toml:")) for issue in caught.value.issues) == sorted(
        [
            ("PROFILE_FORM", "name"),
            ("PROFILE_UNKNOWN_KEY", "wheels"),
            ("PROFILE_RANGE", "height_m"),
            ("PROFILE_FORM", "hazmat"),
            ("PROFILE_RANGE", "limit_ratio"),
            ("PROFILE_FORM", "restricted_use"),
            ("PROFILE_FORM", "access_keys"),
            ("PROFILE_FORM", "barriers_passed"),
            ("PROFILE_UNKNOWN_CLASS", "class_speed_kph.autobahn"),
            ("PROFILE_RANGE", "class_speed_kph.primary"),
            ("PROFILE_LACKS", "class_speed_kph"),
            ("PROFILE_LACKS", "open_highways"),
            ("PROFILE_LACKS", "max_speed_kph"),
        ]
    )


@pytest.mark.parametrize(("text", "code"), [("name = ", "PROFILE_FORM"), ('based_on = "sled"', "UNKNOWN_PROFILE")])
def test_text_that_cannot_be_read(text, code):
    with pytest.raises(InputError) as caught:
        Profile.from_toml(text)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_every_field_can_be_written_in_toml():
    parts = ("_WORDS", "_CHOICES", "_FLAGS", "_LISTS", "_TABLES", "_NUMBERS")
    known = {key for part in parts for key in getattr(profile_text, part)}
    assert known == {each.name for each in dataclasses.fields(Profile)}


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_profiles_go_through_json(name):
    def tuples(value):
        return tuple(map(tuples, value)) if isinstance(value, list) else value

    profile = Profile.named(name)
    fields = json.loads(json.dumps(dataclasses.asdict(profile)))
    assert Profile(**{key: tuples(value) for key, value in fields.items()}) == profile
