"""What was prepared for one question serves the next, and never changes its answer."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tiny_network import network_of, on_arcs, random_network, tables_of

from routing.network.location import Location
from routing.travel import customize, road_travel
from routing.travel.customize import Weights
from routing.travel.matrix import TravelMatrix, slice_matrices, travel_matrix, weighted_tables
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel
from routing.travel.table import BLOCK, TILE


@pytest.fixture(name="network")
def _network():
    return random_network(random.Random(5), side=6)


def metric_of(network, factors):
    """Return a metric of one hour a slice, all arcs slowed by the slice's factor."""
    arc_ms = np.array([np.ceil(network.arc_free_ms * factor) for factor in factors], np.int32)
    return Metric(slice_start_s=np.arange(len(factors)) * 3600, arc_ms=arc_ms, closed=np.zeros(arc_ms.shape, np.bool_))


def slowed(metric, row, arc):
    """Return the metric with one arc slower in one slice."""
    arc_ms = metric.arc_ms.copy()
    arc_ms[row, arc] += 60_000
    return replace(metric, arc_ms=arc_ms)


def places_of(network, count=9):
    return [
        Location(lat_deg=float(lat), lon_deg=float(lon))
        for lat, lon in zip(network.node_lat_deg[:count], network.node_lon_deg[:count], strict=True)
    ]


@pytest.fixture(name="customized")
def _customized(monkeypatch):
    """Count the slices that are customised."""
    made, really = [], customize.customize
    monkeypatch.setattr(customize, "customize", lambda *given, **named: made.append(1) or really(*given, **named))
    return made


def test_slices_with_equal_numbers_are_made_once(network, customized):
    metric = metric_of(network, (1, 2, 1, 2, 1))
    table = travel_matrix(network, metric, places_of(network))
    assert len(customized) == 2
    assert (table.duration_s[0] == table.duration_s[4]).all()
    assert (table.duration_s[1] != table.duration_s[0]).any()


def test_after_a_local_report_only_its_slice_is_made_again(network, customized):
    metric, places = metric_of(network, (1, 2, 3)), places_of(network)
    before = RoadTravel(network, metric, places)
    assert before.matrix.duration_s.shape == (3, 9, 9)
    assert len(customized) == 3
    reported = slowed(metric, 1, 7)
    after = RoadTravel(network, reported, places, base=before)
    np.testing.assert_array_equal(after.matrix.duration_s, RoadTravel(network, reported, places).matrix.duration_s)
    # One more for the travel with a base, three for the one without.
    assert len(customized) == 3 + 1 + 3
    moved = RoadTravel(network, reported, places[1:], base=after)
    np.testing.assert_array_equal(moved.matrix.distance_m, after.matrix.distance_m[:, 1:, 1:])
    assert len(customized) == 7


def test_tables_of_the_same_places_and_slices_are_not_filled_again(network, monkeypatch):
    metric, places = metric_of(network, (1, 2, 3)), places_of(network)
    before = RoadTravel(network, metric, places)
    expected = before.matrix
    monkeypatch.setattr("routing.travel.matrix.packed_table", lambda *given: pytest.fail("a table was made again"))
    monkeypatch.setattr(road_travel, "snap", lambda *given, **named: pytest.fail("places were snapped again"))
    again = RoadTravel(network, metric_of(network, (1, 2, 3)), places, base=before)
    np.testing.assert_array_equal(again.matrix.duration_s, expected.duration_s)
    np.testing.assert_array_equal(again.matrix.reachable, expected.reachable)


def test_what_does_not_fit_is_made_again(network, customized):
    weights = Weights(network, metric_of(network, (1, 2)), kept_bytes=0)
    first = weights.of(0)
    assert weights.of(1) is not first
    np.testing.assert_array_equal(weights.of(0).both, first.both)
    assert len(customized) == 3


def test_another_network_shares_nothing(network, customized):
    other = random_network(random.Random(5), side=6)
    base = Weights(network, metric_of(network, (1,)))
    base.of(0)
    Weights(other, metric_of(other, (1,)), base=base).of(0)
    assert len(customized) == 2


def test_many_lines_at_once_are_those_of_each(network):
    travel = RoadTravel(network, metric_of(network, (1, 2)), places_of(network))
    legs = [(i, j, 3500 + 10 * i) for i in range(9) for j in range(9)]
    assert travel.geometries(legs) == [travel.geometry(*leg) for leg in legs]
    assert travel.geometries([]) == []
    assert travel.geometry(3, 3, 0) == ()


def test_a_table_beyond_one_tile_is_that_of_its_parts(network):
    rng = random.Random(2)
    count = BLOCK * TILE + 9
    places = on_arcs([(rng.randrange(network.arc_count), rng.random()) for _ in range(count)])
    metric = metric_of(network, (1,))
    table = tables_of(network, metric, places, np.arange(1))
    for some in rng.sample(range(count), 12):
        pair = on_arcs(
            [(int(places.leave_arc[k]), int(places.leave_position[k]) / (1 << 30)) for k in (some, count - 1 - some)]
        )
        small = slice_matrices(network, metric, Weights(network, metric), pair, np.arange(1))
        assert small.duration_s[0, 0, 1] == table.duration_s[0, some, count - 1 - some]
        assert small.distance_m[0, 0, 1] == table.distance_m[0, some, count - 1 - some]


def test_a_drive_of_twelve_days_and_20_000_km_is_known_and_a_longer_one_is_not():
    # Three roads of 6,000 km and 95 hours each: 18,000 km in 285 hours; a fourth would make 380 hours.
    names = "abcde"
    network = network_of({name: (0, k) for k, name in enumerate(names)}, [(a, b, 342_000) for a, b in pairwise(names)])
    network = replace(network, arc_length_mm=np.full(4, 6_000_000_000))
    table = tables_of(network, metric_of(network, (1,)), on_arcs([(0, 0), (2, 1), (3, 1)]), np.arange(1))
    assert table.duration_s[0, 0, 1] == 3 * 342_000
    assert table.distance_m[0, 0, 1] == 18_000_000
    assert not table.reachable[0, 0, 2]


def test_weights_by_windows_leave_out_slices_without_a_road():
    matrix = TravelMatrix(
        duration_s=np.array([[[0, 100], [10, 0]], [[0, 200], [20, 0]]], np.int32),
        distance_m=np.array([[[0, 1000], [100, 0]], [[0, 1600], [100, 0]]], np.int32),
        reachable=np.array([[[True, True], [False, True]], [[True, True], [True, True]]]),
        slice_start_s=np.array([0, 3600]),
    )
    # From 0:45 to 1:15 both slices count alike; 100 and 200 make 150. The way back exists in the second slice only.
    both, nan, unknown = np.array([0, 1]), np.nan, np.full(2, np.nan)

    def weighted(arrive_s, leave_s=(unknown, unknown), places=both):
        return weighted_tables(matrix, places, leave_s, tuple(np.array(each, float) for each in arrive_s))

    seconds, metres, reachable = weighted(([2700, 2700], [4500, 4500]))
    assert seconds.tolist() == [[0, 150], [20, 0]]
    assert metres.tolist() == [[0, 1300], [100, 0]]
    assert reachable.all()
    # Within the first slice alone there is no way back: the mean of the others stands for it.
    assert weighted(([0, 0], [600, 600]))[0].tolist() == [[0, 100], [20, 0]]
    # A quarter of the hour in the first slice, three quarters in the second: 25 + 150. It holds by the destination,
    each = weighted(([0, 2700], [1, 6300]))
    assert each[0][0, 1] == 175
    # by the origin where that is known, and for a place that stands there twice.
    known = np.array([2700, nan, 2700]), np.array([6300, nan, 6300])
    again = weighted(([0, 0, 0], [1, 1, 1]), known, np.array([0, 1, 0]))
    assert again[0][:, 1].tolist() == [175, 0, 175]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_taken_over_from_a_near_slice_is_the_same_to_the_last_bit(seed, monkeypatch):
    monkeypatch.setattr(customize, "LOCAL_SHARE", 2)  # always, on a network as small as this
    draw = np.random.default_rng(seed)
    network = random_network(random.Random(seed), side=6)
    shut, turns = np.zeros(network.arc_count, np.bool_), np.zeros(0, np.int32)
    first = customize.customize(network, network.arc_free_ms, shut, turns)
    few = draw.choice(network.arc_count, 1 + seed // 3, replace=False)
    arc_ms, closed = network.arc_free_ms.copy(), shut.copy()
    arc_ms[few] = draw.integers(1, 90_000, few.size)
    closed[few[:1]] = True
    forbidden = np.sort(draw.choice(network.turn_to.size, seed % 3, replace=False)).astype(np.int32)
    again = customize.customize(network, arc_ms, closed, forbidden, near=(first,))
    np.testing.assert_array_equal(again.both, customize.customize(network, arc_ms, closed, forbidden).both)
    # Taking the report back is deriving again, and gives the very numbers from before.
    back = customize.customize(network, network.arc_free_ms, shut, turns, near=(again,))
    np.testing.assert_array_equal(back.both, first.both)
    assert (again.both != first.both).any()


def test_only_what_lies_above_a_change_is_made_again(network, monkeypatch):
    monkeypatch.setattr(customize, "LOCAL_SHARE", 2)
    open_arcs, turns = np.zeros(network.arc_count, np.bool_), np.zeros(0, np.int32)
    first = customize.customize(network, network.arc_free_ms, open_arcs, turns)
    # A mark that no weights can make, on the arcs of the lowest rank, which the change of the highest cannot touch.
    marked, own = first.both.copy(), slice(*network.hierarchy.up_first[:2])
    marked[own] = 1
    arc_ms = network.arc_free_ms.copy()
    arc_ms[network.hierarchy.rank.argmax()] += 1000
    taken = customize.customize(network, arc_ms, open_arcs, turns, near=(replace(first, both=marked),))
    assert (taken.both[own] == 1).all()
    assert (taken.both != marked).any()


def test_weights_that_are_hardly_lower_serve_as_a_bound_and_others_do_not(network, customized):
    metric = metric_of(network, (1, 1, 1, 2))
    slower, quicker = metric.arc_ms.copy(), np.int32(-1)
    slower[1, 7] += 60_000  # one arc of some hundred is slower in the second slice, and quicker in the third
    slower[2, 7] += quicker
    weights = Weights(network, replace(metric, arc_ms=slower))
    first = weights.of(0)
    assert weights.near(1) is first
    assert len(customized) == 1
    assert weights.near(2) is not first
    assert weights.near(3) is not first
    assert len(customized) == 3
    # Once they are made the own ones are the nearest.
    assert weights.of(1) is weights.near(1)
