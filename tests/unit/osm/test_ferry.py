import pytest

from routing.osm.ferry import parse_duration_s


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("00:20", 1200),
        ("1:30", 5400),
        ("00:02:30", 150),
        ("45", 2700),
        ("12.5 min", 750),
        ("PT1H30M", 5400),
        ("PT45S", 45),
        ("PT", None),
        ("0", None),
        ("168:00", 604_800),
        ("99999999:00", None),
        ("an hour", None),
    ],
)
def test_durations(value, seconds):
    assert parse_duration_s(value) == seconds
