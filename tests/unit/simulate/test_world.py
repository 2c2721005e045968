"""The world of a scenario: the same for the same seed, hidden from who decides, with what each class is about."""

from __future__ import annotations

import numpy as np
import pytest
from small_town import DEPOT, MIDNIGHT_S, scenario, town, world

from routing.events.types import StopAdded, TrafficReported, WeatherReported
from routing.network.location import Location
from routing.simulate.demand import customers
from routing.simulate.roads_news import roads_truth
from routing.simulate.scenario import CLASSES
from routing.simulate.truth import TrueRoads
from routing.travel.metric import Metric
from routing.travel.speed_table import free_flow


def test_the_same_seed_is_the_same_world():
    again = world.__wrapped__("D5", 1)
    assert again.customers == world("D5", 1).customers
    assert again.news == world("D5", 1).news
    assert again.conditions == world("D5", 1).conditions
    assert np.array_equal(again.roads.metric.arc_ms, world("D5", 1).roads.metric.arc_ms)


def test_another_seed_is_another_world():
    assert world("D5", 2).customers != world("D5", 1).customers


def test_what_a_class_leaves_out_leaves_the_rest_as_it_is():
    calm, bad = customers(town(), scenario("D1")), customers(town(), scenario("D5"))
    same = [(each.stop.location, each.stop.windows, each.stop.load) for each in calm]
    assert same == [(each.stop.location, each.stop.windows, each.stop.load) for each in bad][: len(calm)]
    assert roads_truth(town(), scenario("D2")).news == tuple(
        event for event in roads_truth(town(), scenario("D5")).news if not event.id.startswith("front")
    )


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_a_class_brings_its_news_only(kind):
    found = world(kind)
    streams = CLASSES[kind]
    kinds = {type(event) for event in found.news}
    assert (TrafficReported in kinds) == (streams.least_incidents > 0)
    assert (WeatherReported in kinds) == (streams.fronts[1] > 0)
    assert (StopAdded in kinds) <= (streams.new_ratio > 0)
    assert len(found.breakdowns) >= streams.certain_breakdowns
    assert bool(found.breakdowns) <= (kind in ("D5", "D6"))


def test_news_comes_in_the_order_in_which_it_is_known():
    times = [event.known_at_s for event in world().news]
    assert times == sorted(times)


def test_what_is_asked_tells_nothing_of_what_will_be():
    found = world("D4")
    told = {each.stop.id: each.stop.service_s for each in found.customers.values()}
    true = {key: each.service_s for key, each in found.customers.items()}
    assert sum(told[key] == true[key] for key in told) < len(told) / 4
    assert all(each.stop.windows == each.windows_at(0) for each in found.customers.values())


def test_reports_of_incidents_come_late_and_guess_their_end():
    truth = {each.id: each for each in world("D2").conditions}
    reports = [event for event in world("D2").news if isinstance(event, TrafficReported) and event.id in truth]
    assert reports
    for event in reports:
        assert 120 <= event.known_at_s - truth[event.id].from_s <= 720
    assert any(event.until_s != truth[event.id].until_s for event in reports)


def test_one_visit_in_twelve_finds_nobody():
    failed = []
    for seed in range(1, 30):
        asked = customers(town(), scenario("D4", seed=seed))
        failed += [not each.is_home(0, MIDNIGHT_S + 11 * 3_600) for each in asked]
    assert np.mean(failed) == pytest.approx(0.08, abs=0.02)


def test_a_vehicle_is_on_its_road_where_its_speed_brings_it():
    network = town()
    metric = free_flow(network)
    west, east = DEPOT, Location(lat_deg=-0.0001, lon_deg=0.0143)
    roads = TrueRoads(network, metric, [west, east])
    trip = roads.trip(west, east, MIDNIGHT_S)
    half = trip.place_at(network, (trip.depart_s + trip.arrive_s) // 2)
    # A straight street, A to E, at one speed; the time lost in crossings moves the middle hardly.
    assert half.lat_deg == pytest.approx(0.0, abs=1e-5)
    assert half.lon_deg == pytest.approx((0.0001 + 0.0143) / 2, abs=4e-4)
    assert half.heading_deg == pytest.approx(90, abs=0.5)
    assert trip.place_at(network, trip.depart_s) == west
    assert trip.place_at(network, trip.arrive_s) == east


def test_a_vehicle_waits_on_its_way_while_the_road_is_closed():
    network = town()
    open_roads = free_flow(network)
    starts = np.array([0, MIDNIGHT_S + 10, MIDNIGHT_S + 3_600], np.int64)
    closed = np.zeros((3, network.arc_count), np.bool_)
    closed[1] = True
    metric = Metric(slice_start_s=starts, arc_ms=np.repeat(open_roads.arc_ms, 3, axis=0), closed=closed)
    west, east = DEPOT, Location(lat_deg=-0.0001, lon_deg=0.0143)
    trip = TrueRoads(network, metric, [west, east]).trip(west, east, MIDNIGHT_S)
    assert trip.arrive_s > MIDNIGHT_S + 3_600
    early, late = (trip.place_at(network, MIDNIGHT_S + after_s) for after_s in (600, 3_000))
    assert abs(early.lon_deg - late.lon_deg) < 0.004
