"""https://wiki.openstreetmap.org/wiki/Key:driving_side, and the country where no way tells it."""

from dataclasses import replace

import pytest
from ascii_map import write_map
from real_maps import extract

from routing.osm.driving_side import drives_on_left
from routing.osm.read import read_osm

ROAD = {"highway": "residential"}


@pytest.mark.parametrize(
    ("place", "lat_deg", "lon_deg", "left"),
    [
        ("London", 51.5, -0.12, True),
        ("Dublin", 53.35, -6.26, True),
        ("Nicosia", 35.15, 33.35, True),
        ("Valletta", 35.9, 14.5, True),
        ("Tokyo", 35.68, 139.7, True),
        ("Sydney", -33.87, 151.2, True),
        ("Auckland", -36.85, 174.76, True),
        ("Mumbai", 19.07, 72.87, True),
        ("Bangkok", 13.75, 100.5, True),
        ("Nairobi", -1.28, 36.82, True),
        ("Cape Town", -33.92, 18.42, True),
        ("Kingston", 17.98, -76.8, True),
        ("Hong Kong", 22.3, 114.17, True),
        ("Paris", 48.85, 2.35, False),
        ("New York", 40.7, -74.0, False),
        ("Yangon", 16.87, 96.2, False),
        ("Addis Ababa", 9.03, 38.74, False),
        ("Gibraltar", 36.14, -5.35, False),
        ("Shanghai", 31.23, 121.47, False),
    ],
)
def test_by_country(place, lat_deg, lon_deg, left):
    there = replace(extract("monaco"), bbox_deg=(lon_deg - 0.01, lat_deg - 0.01, lon_deg + 0.01, lat_deg + 0.01))
    assert drives_on_left(there) is left


def test_most_ways_beat_the_country_and_a_single_one_does_not(tmp_path):
    left = {**ROAD, "driving_side": "left"}
    most = read_osm(write_map(tmp_path / "most.osm", "a-b-c-d", {"ab": left, "bc": left, "cd": ROAD}))
    one = read_osm(write_map(tmp_path / "one.osm", "a-b-c-d", {"ab": left, "bc": ROAD, "cd": ROAD}))
    assert drives_on_left(most)
    assert not drives_on_left(one)
