import pytest

from routing.osm.speed import driven_kph, limit_kph, parse_maxspeed_kph


@pytest.mark.parametrize(
    ("value", "kph"),
    [
        ("50", 50.0),
        ("7.5", 7.5),
        ("50 km/h", 50.0),
        ("30 mph", 48.28032),  # 30 x 1.609344
        ("30mph", 48.28032),
        ("10 knots", 18.52),  # 10 x 1.852
        ("walk", 7.0),
        ("none", 140.0),
        ("FR:urban", 50.0),
        ("FR:rural", 80.0),
        ("DE:rural", 100.0),
        ("XX:motorway", 130.0),
        ("UK:nsl_dual", 112.65408),  # 70 x 1.609344
        ("DE:zone30", 30.0),
        ("FR:zone:20", 20.0),
        ("zone30", 30.0),
        ("50;30", 30.0),
        ("50; signals", 50.0),
        ("signals", None),
        ("variable", None),
        ("0", None),
        ("-50", None),
        ("", None),
        ("urban", None),
    ],
)
def test_limits(value, kph):
    assert parse_maxspeed_kph(value) == (None if kph is None else pytest.approx(kph))


def test_limit_of_a_direction_beats_that_of_both_and_advice_beats_law():
    tags = {"maxspeed": "50", "maxspeed:backward": "30"}
    assert limit_kph(tags, "forward") == 50.0
    assert limit_kph(tags, "backward") == 30.0
    assert limit_kph({"maxspeed": "80", "maxspeed:advisory": "40"}, "forward") == 40.0


def test_an_unclear_limit_falls_back_to_the_zone_and_then_to_the_class():
    assert limit_kph({"maxspeed": "signals", "maxspeed:type": "FR:urban"}, "forward") == 50.0
    assert limit_kph({"maxspeed": "signals"}, "forward") is None
    assert driven_kph({"maxspeed": "signals"}, 25.0, "forward") == 25.0


def test_four_fifths_of_the_limit_are_driven_also_above_the_class_speed():
    assert driven_kph({"maxspeed": "50"}, 25.0, "forward") == pytest.approx(40.0)  # 0.8 x 50


def test_rough_ground_caps_the_speed():
    assert driven_kph({"maxspeed": "100", "surface": "cobblestone"}, 25.0, "forward") == 30.0
    assert driven_kph({"surface": "asphalt"}, 25.0, "forward") == 25.0
    assert driven_kph({"surface": "gravel", "smoothness": "very_bad"}, 65.0, "forward") == 20.0
    assert driven_kph({"tracktype": "grade5"}, 65.0, "forward") == 20.0
