"""What may not change any more, on a road where 1 km takes 100 s.

V leaves its start at km 0 at 0 and serves A at km 1 (100 to 160), B at km 2 (260 to 320), C at km 3 (420 to 480) and
D at km 4 (580 to 640); W leaves at 5,000 for E at km 5 (5,500).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import begun, rest_of, stop, straight_road, vehicle

from routing.events.fold import apply
from routing.events.options import ReplanOptions
from routing.events.types import CustomerUnavailable, StopCancelled
from routing.plan.repair import repair
from routing.plan.schedule import schedule
from routing.problem.model import Stop, TimeWindow
from routing.problem.travel import MatrixTravel
from routing.replan.freeze import Ladder, ladder, not_earlier
from routing.replan.remaining import remaining

LATE_SHIFT = TimeWindow(start_s=5_000, end_s=20_000)
STARTS_S = {"A": 100, "B": 260, "C": 420, "D": 580}


def a_day(**options):
    stops = [stop(key, x_km) for key, x_km in (("A", 1), ("B", 2), ("C", 3), ("D", 4), ("E", 5))]
    fleet = [vehicle("V"), vehicle("W", shift=LATE_SHIFT)]
    return begun(stops, fleet, {"V": ("A", "B", "C", "D"), "W": ("E",)}, **options)


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def committed(rest):
    return {each.id: each.committed for each in rest.problem.vehicles}


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ({}, (0, 0, 0)),
        ({"freeze_order_s": 300}, (0, 2, 2)),  # at 60 B starts in 200 s and C in 360
        ({"freeze_order_s": 300, "freeze_order_stops": 3}, (0, 3, 3)),
        ({"freeze_all_stops": 1, "freeze_vehicle_s": 400}, (1, 1, 3)),
        ({"freeze_vehicle_stops": 9}, (0, 0, 4)),
        ({"freeze_all_s": 520, "freeze_order_stops": 1}, (4, 4, 4)),
    ],
)
def test_each_rung_reaches_by_time_or_by_count_and_holds_those_above_it(options, counts):
    found = ladder("ABCD", STARTS_S, 60, ReplanOptions(**options))
    assert found == Ladder(all_fixed=counts[0], order_fixed=counts[1], vehicle_fixed=counts[2])


def test_without_a_freeze_only_the_leg_under_way_is_committed():
    assert committed(rest_of(a_day(), 60)) == {"V": ("A",), "W": ()}


def test_an_order_that_is_frozen_is_committed_with_its_vehicle_and_the_rest_is_free():
    rest = rest_of(a_day(freeze_order_stops=2), 60)
    assert committed(rest) == {"V": ("A", "B"), "W": ("E",)}
    stops = asked(rest)
    assert (stops["B"].allowed_vehicles, stops["B"].lateness_allowed, stops["B"].windows) == (("V",), True, ())
    assert stops["C"].allowed_vehicles is None


def test_a_committed_order_is_what_repair_keeps():
    # Without a freeze C could come before B: 3 km out and back either way. Frozen, it cannot even where that is given.
    rest = rest_of(a_day(freeze_order_stops=3), 60)
    assert repair(rest.problem, (("V", ("A", "C", "B", "D")),)).orders()["V"][:3] == ("A", "B", "C")


def test_a_frozen_vehicle_may_change_the_order_but_not_the_hands():
    rest = rest_of(a_day(freeze_vehicle_stops=3), 60)
    stops = asked(rest)
    assert committed(rest)["V"] == ("A",)
    assert [stops[key].allowed_vehicles for key in "ABCD"] == [("V",), ("V",), ("V",), None]
    assert stops["C"].lateness_allowed


def test_what_is_all_fixed_starts_no_earlier_than_published():
    day = apply(a_day(freeze_all_stops=3), StopCancelled(id="x", known_at_s=60, effective_at_s=60, stop_id="B"))
    rest = rest_of(day, 60)
    # B is gone, so V could be at C at 360 and at D at 520: it waits for 420 and 580.
    (van, _) = schedule(rest.problem, rest.orders)
    assert committed(rest)["V"] == ("A", "C", "D")
    assert [(visit.stop_id, visit.arrive_s, visit.start_s) for visit in van.visits] == [
        ("A", 100, 100),
        ("C", 360, 420),
        ("D", 580, 580),
    ]


def test_not_earlier_keeps_the_window_it_was_planned_in_and_never_a_late_start():
    windows = (TimeWindow(start_s=0, end_s=100), TimeWindow(start_s=200, end_s=300))
    asked_for = Stop(id="A", place=0, windows=windows)
    assert not_earlier(asked_for, 250, 900).windows == (TimeWindow(start_s=250, end_s=300),)
    assert not_earlier(asked_for, 50, 900).windows == (TimeWindow(start_s=50, end_s=100), windows[1])
    assert not_earlier(asked_for, 400, 900) == asked_for
    assert not_earlier(replace(asked_for, windows=()), 400, 900).windows == (TimeWindow(start_s=400, end_s=900),)


def test_a_cancellation_in_a_frozen_order_leaves_the_others_frozen():
    day = apply(a_day(freeze_order_stops=3), StopCancelled(id="x", known_at_s=60, effective_at_s=60, stop_id="A"))
    assert committed(rest_of(day, 60))["V"] == ("B", "C", "D")


def test_a_customer_who_is_away_frees_what_is_frozen_from_there_on():
    away = CustomerUnavailable(id="x", known_at_s=60, effective_at_s=60, stop_id="B", until_s=2_000)
    assert committed(rest_of(apply(a_day(freeze_order_stops=3), away), 60))["V"] == ("A",)


def test_a_closure_on_a_frozen_leg_frees_it_from_there_on():
    # Whatever goes beyond km 1.5 takes 1,000 s longer than if it were open: so do the legs from A on.
    def closed(places, horizon_s):
        road = straight_road(places, horizon_s)
        x_km = [place.lon_deg * 111.195 for place in places]
        longer = road.matrix.duration_s.copy()
        for row, here in enumerate(x_km):
            for column, there in enumerate(x_km):
                longer[row, column] += 1_000 * (min(here, there) < 1.5 < max(here, there))
        return MatrixTravel(matrix=replace(road.matrix, duration_s=longer))

    rest = remaining(a_day(freeze_order_stops=3), 60, {}, closed, straight_road)
    assert committed(rest)["V"] == ("A",)
