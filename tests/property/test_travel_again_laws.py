"""Laws of what a question takes over from the one before: the answers are those of a question that stands alone."""

from __future__ import annotations

import random
from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from real_maps import network
from tiny_network import random_network

from routing.network.location import Location
from routing.network.snap import snap
from routing.travel.apply import apply_conditions
from routing.travel.conditions import Closure, OnWay, Slowdown, Weather
from routing.travel.road_travel import SEARCH_SLICES, RoadTravel, searched_slices
from routing.travel.speed_table import time_of_day

FEW = settings(max_examples=15, deadline=None, derandomize=True)
MONACO = network("monaco")
WEST, SOUTH, EAST, NORTH = MONACO.bbox_deg


def beside_roads(rng, roads, count):
    """Return places on, beside and far from roads, some of them vehicles with a heading."""
    point = [rng.randrange(roads.shape_lat_deg.size) for _ in range(count)]
    return [
        Location(
            lat_deg=float(roads.shape_lat_deg[k]) + rng.choice((0, 0, 1e-4, 0.1)),
            lon_deg=float(roads.shape_lon_deg[k]) + rng.choice((0, 1e-4)),
            heading_deg=rng.choice((None, None, None, rng.uniform(0, 360))),
        )
        for k in point
    ]


def conditions_of(rng, roads):
    """Return a few conditions within the first hours of 1970."""
    found = []
    for number in range(rng.randint(0, 3)):
        where = OnWay(way_id=int(roads.arc_way_id[rng.randrange(roads.arc_count)]))
        begin_s, end_s = rng.randint(0, 7200), rng.choice((None, rng.randint(7201, 20_000)))
        kind = rng.choice(("closed", "slow", "snow"))
        if kind == "closed":
            found.append(Closure(where=where, from_s=begin_s, until_s=end_s, id=str(number)))
        elif kind == "slow":
            found.append(Slowdown(where=where, speed_factor=0.2, from_s=begin_s, until_s=end_s, id=str(number)))
        else:
            found.append(Weather(condition="snow", from_s=begin_s, until_s=end_s, id=str(number)))
    return tuple(found)


def assert_same(one, other, rng, count):
    """Compare tables, snapped places and some legs of two travels."""
    for each in fields(one.matrix):
        np.testing.assert_array_equal(getattr(one.matrix, each.name), getattr(other.matrix, each.name))
    np.testing.assert_array_equal(one.snap_distance_m, other.snap_distance_m)
    np.testing.assert_array_equal(one.usable, other.usable)
    legs = [(rng.randrange(count), rng.randrange(count), rng.randint(0, 20_000)) for _ in range(12)]
    assert [one.leg(*leg) for leg in legs] == [other.leg(*leg) for leg in legs]
    assert one.geometries(legs) == other.geometries(legs)


@FEW
@given(st.integers(0, 10_000))
def test_a_chain_of_questions_answers_as_each_alone(seed):
    rng = random.Random(seed)
    roads = random_network(rng, side=5)
    base = time_of_day(roads, days=1)
    pool, known, travel = beside_roads(rng, roads, 30), [()], None
    places = rng.sample(pool, rng.randint(8, 20))
    metrics = {(): base}
    for _ in range(4):
        # A few come, a few go, the others stand elsewhere in the list.
        places = rng.sample(places, max(2, len(places) - rng.randint(0, 2)))
        places += [place for place in rng.sample(pool, rng.randint(0, 4)) if place not in places]
        told = rng.choice((*known, conditions_of(rng, roads)))
        known.append(told)
        metrics.setdefault(told, apply_conditions(roads, base, told))
        asked = {"radius_m": 500.0, "horizon_s": (rng.randint(0, 7200), rng.randint(7201, 20_000))}
        before = travel
        travel = RoadTravel(roads, metrics[told], places, **asked, base=before)
        if rng.random() < 0.8:
            alone = RoadTravel(roads, metrics[told], places, **asked)
            assert_same(travel, alone, rng, len(places))


@FEW
@given(st.integers(0, 10_000))
def test_rows_and_columns_of_new_places_are_those_of_the_whole_table_on_a_map(seed):
    rng = random.Random(seed)
    places = beside_roads(rng, MONACO, rng.randint(15, 40))
    metric = apply_conditions(MONACO, time_of_day(MONACO, days=1), conditions_of(rng, MONACO))
    old = rng.sample(places, len(places) - rng.randint(1, 3))
    before = RoadTravel(MONACO, metric, old, horizon_s=(0, 10_000))
    assert before.matrix.duration_s.shape[-1] == len(old)
    after = RoadTravel(MONACO, metric, places, horizon_s=(0, 10_000), base=before)
    assert_same(after, RoadTravel(MONACO, metric, places, horizon_s=(0, 10_000)), rng, len(places))


@FEW
@given(st.integers(0, 10_000))
def test_places_found_in_parts_are_those_found_together(seed):
    rng = random.Random(seed)
    places = beside_roads(rng, MONACO, 20)
    whole = snap(MONACO, places)
    parts = snap(MONACO, places[:7]).joined(snap(MONACO, places[7:]))
    chosen = np.array(rng.sample(range(20), 12))
    for each in fields(whole):
        np.testing.assert_array_equal(getattr(parts, each.name), getattr(whole, each.name))
        alone = snap(MONACO, [places[k] for k in chosen])
        np.testing.assert_array_equal(getattr(whole.take(chosen), each.name), getattr(alone, each.name))


@given(st.lists(st.integers(0, 90_000), min_size=2, max_size=200, unique=True).map(sorted), st.integers(0, 1000))
def test_the_slices_of_the_search_are_few_and_begin_with_the_present_one(starts, seed):
    first, last = seed % len(starts), len(starts) - 1
    chosen = searched_slices(np.array(starts), first, last)
    assert (chosen[0], chosen[-1]) == (first, last)
    assert chosen.size <= SEARCH_SLICES
    assert (np.diff(chosen) > 0).all()
    assert chosen.size == last - first + 1 or last - first >= SEARCH_SLICES


def test_the_slices_of_the_search_stay_as_the_day_goes_on():
    # One every four minutes from 0:00 to 2:00 are 31. The last of each ten minutes, 0:08, 0:16, 0:28, 0:36 …, are 14
    # with the first, too many; so it is the last of each twenty, until ten minutes will do.
    starts_s = 240 * np.arange(31)
    assert (searched_slices(starts_s, 0, 30) * 4).tolist() == [0, 16, 36, 56, 76, 96, 116, 120]
    assert (searched_slices(starts_s, 3, 30) * 4).tolist() == [12, 16, 36, 56, 76, 96, 116, 120]
    assert (searched_slices(starts_s, 4, 30) * 4).tolist() == [16, 28, 36, 48, 56, 68, 76, 88, 96, 108, 116, 120]
