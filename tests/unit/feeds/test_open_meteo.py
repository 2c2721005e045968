"""Open-Meteo's documents as conditions of the weather."""

from __future__ import annotations

import json

import pytest
from tiny_network import network_of

from routing.errors import InputError
from routing.feeds.open_meteo import read_open_meteo
from routing.travel.apply import apply_conditions
from routing.travel.conditions import NearestTo
from routing.travel.speed_table import free_flow

NINE_S = 1795424400
"""2026-11-23T09:00 UTC, 10:00 in Berlin."""


def point(lat=52.5, lon=13.4, units=None, **hourly):
    hours = len(next(iter(hourly.values())))
    return {
        "latitude": lat,
        "longitude": lon,
        "utc_offset_seconds": 3600,
        "hourly_units": units or {},
        "hourly": {"time": [f"2026-11-23T{10 + hour}:00" for hour in range(hours)], **hourly},
    }


def told(document):
    """Return (condition, hours from 09:00 UTC, to) of each condition."""
    found = read_open_meteo(json.dumps(document).encode(), name="w.json")
    return [(each.condition, (each.from_s - NINE_S) / 3600, (each.until_s - NINE_S) / 3600) for each in found]


def test_amounts_are_of_the_hour_before_and_alike_hours_are_one_condition():
    rain = [0.0, 0.4, 2.5, 2.6, 6.4, 6.5, 0.0]
    assert told(point(rain=rain, weather_code=[3, 61, 61, 61, 63, 65, 3])) == [
        ("rain_light", 0, 2),
        ("rain", 2, 4),
        ("rain_heavy", 4, 5),
    ]


def test_snow_is_graded_by_its_depth_and_freezing_rain_is_ice():
    assert told(point(snowfall=[0.25, 0.3, 1.3, 0.0], weather_code=[71, 73, 75, 66], rain=[0, 0, 0, 1.0])) == [
        ("snow_light", -1, 0),
        ("snow", 0, 1),
        ("snow_heavy", 1, 2),
        ("ice", 2, 3),
    ]


def test_the_code_tells_where_no_amount_is_given():
    codes = [2, 45, 53, 81, 82, 77, 86]
    assert sorted(told(point(weather_code=codes)), key=lambda each: each[1]) == [
        ("fog", 0, 1),
        ("rain_light", 1, 2),
        ("rain", 2, 3),
        ("rain_heavy", 3, 4),
        ("snow_light", 4, 5),
        ("snow_heavy", 5, 6),
    ]


def test_other_units_are_understood_and_unknown_ones_refused():
    # 0.3 in/h are 7.6 mm/h, 1000 ft are 305 m, 20 m/s are 72 km/h
    units = {"precipitation": "inch", "visibility": "ft", "wind_gusts_10m": "m/s"}
    assert told(point(units=units, precipitation=[0.3], visibility=[1000], wind_gusts_10m=[20])) == [
        ("rain_heavy", -1, 0),
        ("fog", -1, 0),
        ("storm", -1, 0),
    ]
    with pytest.raises(InputError, match="furlong"):
        told(point(units={"visibility": "furlong"}, visibility=[1]))


def test_what_is_current_lasts_an_hour_and_its_amounts_are_rates():
    # 1.7 mm in a quarter of an hour are 6.8 mm/h
    now = {"time": "2026-11-23T10:00", "interval": 900, "rain": 1.7, "visibility": 36080.0, "weather_code": 65}
    assert told({"latitude": 52.5, "longitude": 13.4, "utc_offset_seconds": 3600, "current": now}) == [
        ("rain_heavy", 0, 1)
    ]


def test_every_road_has_the_weather_of_the_nearest_point():
    network = network_of({"w": (0, 0), "x": (600, 0), "y": (1200, 0)}, [("w", "x", 60), ("x", "y", 60)])
    document = [point(lat=0.0, lon=0.0, rain=[0.0]), point(lat=0.0, lon=0.01, rain=[9.0])]
    (heavy,) = read_open_meteo(json.dumps(document).encode(), name="w.json")
    assert heavy.area == NearestTo(points_deg=((0.0, 0.0), (0.0, 0.01)), index=1)
    # 60 s at 0.8 of the speed on the second road alone
    metric = apply_conditions(network, free_flow(network), [heavy])
    assert metric.arc_ms[metric.slice_at(heavy.from_s)].tolist() == [60_000, 75_000]


@pytest.mark.parametrize("content", [b"rain", b"[]", b"{}", b'{"latitude": 1, "longitude": 2}', b"\xff"])
def test_refuses_what_is_no_weather(content):
    with pytest.raises(InputError):
        read_open_meteo(content, name="w.json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"hourly": {"time": ["2026-11-23T10:00"], "rain": []}},
        {"hourly": {"time": ["2026-11-23T10:00"], "rain": None}},
        {"hourly": {"time": ["2026-11-23T10:00"], "weather_code": [float("nan")]}},
        {"hourly": {"time": ["2026-11-23T10:00"], "rain": [float("inf")]}},
        {"hourly": {"time": [10**30], "rain": [1.0]}},
        {"hourly": [], "hourly_units": None},
        {"hourly_units": []},
        {"hourly": None},
        {"hourly": {}, "current": {"time": "2026-11-23T10:00", "interval": 0}},
        {"latitude": 91.0},
        {"longitude": float("nan")},
    ],
)
def test_refuses_what_is_no_forecast_of_a_point(wrong):
    with pytest.raises(InputError) as caught:
        told([point(rain=[1.0]), {**point(rain=[1.0]), **wrong}])
    assert [(issue.where, issue.code) for issue in caught.value.issues] == [("w.json[1]", "WEATHER_FORM")]


def test_a_time_with_an_offset_is_taken_by_it():
    # 11:00 at +01:00 is 10:00 UTC, the end of the hour from 09:00 UTC on
    document = point(rain=[1.0])
    document["hourly"]["time"] = ["2026-11-23T11:00+01:00"]
    assert told({**document, "utc_offset_seconds": 0}) == [("rain_light", 0, 1)]
