"""https://wiki.openstreetmap.org/wiki/Key:driving_side, and the country where no way tells it."""

from dataclasses import replace

import numpy as np
import pytest
from ascii_map import write_map
from real_maps import extract

from routing.osm.driving_side import drives_on_left
from routing.osm.extract import Extract
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
    assert drives_on_left(moved([(lat_deg, lon_deg)])) is left


def moved(places: list[tuple[float, float]]) -> Extract:
    """Return a map whose nodes lie at these places in turn."""
    monaco = extract("monaco")
    lat_deg, lon_deg = np.resize(np.array(places), (monaco.node_id.size, 2)).T
    return replace(monaco, node_lat_deg=lat_deg, node_lon_deg=lon_deg)


def test_islands_on_both_sides_of_a_sea():
    assert drives_on_left(moved([(35.68, 139.7), (26.2, 127.7), (43.06, 141.35)]))  # Tokyo, Okinawa, Sapporo
    assert drives_on_left(moved([(-18.14, 178.44), (-16.8, -179.98), (-17.8, 177.4)]))  # Fiji, over the date line


def test_most_ways_beat_the_country_and_a_single_one_does_not(tmp_path):
    left = {**ROAD, "driving_side": "left"}
    most = read_osm(write_map(tmp_path / "most.osm", "a-b-c-d", {"ab": left, "bc": left, "cd": ROAD}))
    one = read_osm(write_map(tmp_path / "one.osm", "a-b-c-d", {"ab": left, "bc": ROAD, "cd": ROAD}))
    assert drives_on_left(most)
    assert not drives_on_left(one)
