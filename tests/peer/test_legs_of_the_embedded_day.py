"""Every leg of the embedded day's plan against a plain time-dependent Dijkstra over arcs and turns."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from road_oracle import RoadOracle

import routing
from routing.interface.planning import assemble
from routing.interface.read_inputs import PlanFiles
from routing.network.snap import snap
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Closure, OnWay, Slowdown, Weather
from routing.travel.road_travel import RoadTravel
from routing.units import great_circle_m, parse_instant

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 23)


def at(clock):
    return parse_instant(clock, DAY, "Europe/Paris")


@pytest.fixture(scope="module")
def day():
    files = PlanFiles(
        map=ROOT / "maps/monaco.osm.pbf",
        stops=ROOT / "examples/stops.csv",
        fleet=ROOT / "examples/fleet.csv",
        date=DAY,
    )
    assembly = assemble(files)
    plan = routing.solve(assembly.problem, routing.SolveOptions(time_limit_s=None, iterations=5_000))
    legs = [leg for route in plan.routes for leg in route.legs]
    assert len(legs) >= 150
    return assembly, legs


def test_each_leg_takes_as_long_as_the_judge_finds(day):
    assembly, legs = day
    oracle = RoadOracle(assembly.network, assembly.metric)
    snapped = snap(assembly.network, assembly.problem.places)
    for leg in legs:
        expected_s = oracle.duration_s(snapped, leg.from_place, leg.to_place, leg.depart_s)
        assert abs(leg.duration_s - expected_s) <= 1


def test_each_leg_under_jams_closures_and_rain_too(day):
    assembly, legs = day
    network, places = assembly.network, assembly.problem.places
    conditions = (
        Slowdown(where=OnWay(way_id=91917704), speed_factor=0.35, from_s=at("08:20"), until_s=at("10:30")),
        Closure(where=OnWay(way_id=123008091), from_s=at("09:20"), until_s=at("12:00")),
        Weather(condition="rain", from_s=at("07:00"), until_s=at("11:00")),
    )
    metric = apply_conditions(network, assembly.metric, conditions)
    oracle, travel, snapped = RoadOracle(network, metric), RoadTravel(network, metric, places), snap(network, places)
    slower = 0
    for leg in legs[::2]:
        found = travel.leg(leg.from_place, leg.to_place, leg.depart_s)
        expected_s = oracle.duration_s(snapped, leg.from_place, leg.to_place, leg.depart_s)
        assert found is not None
        assert abs(found.duration_s - expected_s) <= 1
        slower += found.duration_s > leg.duration_s
    assert slower > 10


def test_the_line_of_a_leg_is_as_long_as_the_leg(day):
    assembly, legs = day
    for leg in legs[:40]:
        line = assembly.problem.travel.geometry(leg.from_place, leg.to_place, leg.depart_s)
        metres = sum(float(great_circle_m(*a, *b)) for a, b in pairwise(line))
        assert metres == pytest.approx(leg.distance_m, rel=0.005, abs=2)
