import pytest

from routing.network.profile import Profile
from routing.osm.speed import limit_kph, parse_maxspeed_kph, timed_limits, unclear_limits

CAR, TRUCK = Profile.car().vehicle, Profile.named("truck").vehicle


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
        ("0.01", None),
        ("-50", None),
        ("", None),
        ("urban", None),
    ],
)
def test_limits(value, kph):
    assert parse_maxspeed_kph(value) == (None if kph is None else pytest.approx(kph))


def test_limit_of_a_direction_beats_that_of_both_and_advice_beats_law():
    tags = {"maxspeed": "50", "maxspeed:backward": "30"}
    assert limit_kph(tags, "forward", CAR) == 50.0
    assert limit_kph(tags, "backward", CAR) == 30.0
    assert limit_kph({"maxspeed": "80", "maxspeed:advisory": "40"}, "forward", CAR) == 40.0


def test_an_unclear_limit_falls_back_to_the_zone_and_then_to_the_class():
    assert limit_kph({"maxspeed": "signals", "maxspeed:type": "FR:urban"}, "forward", CAR) == 50.0
    assert limit_kph({"maxspeed": "signals"}, "forward", CAR) is None


def test_the_lower_of_advice_and_the_law_for_this_vehicle_counts():
    tags = {"maxspeed": "100", "maxspeed:hgv": "60"}
    assert limit_kph(tags, "forward", TRUCK) == 60.0
    assert limit_kph(tags, "forward", CAR) == 100.0
    assert limit_kph({**tags, "maxspeed:advisory": "40"}, "forward", TRUCK) == 40.0
    assert limit_kph({**tags, "maxspeed:advisory": "80"}, "forward", TRUCK) == 60.0


def test_limits_by_the_hour_and_by_the_weight():
    school = {"maxspeed": "30 mph", "maxspeed:conditional": "20 mph @ (Mo-Fr 07:00-17:00)"}
    at_all_hours, timed, unused = timed_limits(school, "forward", CAR)
    assert (at_all_hours, unused) == (None, ())
    assert timed == (("Mo-Fr 07:00-17:00", pytest.approx(32.18688)),)
    heavy = {"maxspeed:conditional": "60 @ (weight>7.5); 80 @ wet"}
    assert timed_limits(heavy, "forward", TRUCK) == (60.0, (), ("maxspeed:conditional=60 @ (weight>7.5); 80 @ wet",))
    assert timed_limits(heavy, "forward", CAR)[0] is None
    backward = {"maxspeed:backward:conditional": "30 @ (22:00-06:00)"}
    assert timed_limits(backward, "forward", CAR)[1] == ()
    assert timed_limits(backward, "backward", CAR)[1] == (("22:00-06:00", 30.0),)


def test_what_is_no_speed_is_told():
    assert unclear_limits({"maxspeed": "signals", "maxspeed:backward": "50"}) == ("maxspeed=signals",)
