"""What each change of plan costs, on a road where 1 km takes 100 s.

V leaves its start at km 0 at 0 and serves A at km 1 (100 to 160), B at km 2 (260 to 320) and C at km 3 (420 to 480);
W leaves at 5,000 for D at km 4 (5,400) and E at km 5 (5,560).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import begun, rest_of, stop, straight_road, vehicle

from routing.events.asked import AvailabilityStep
from routing.events.fold import apply
from routing.events.options import ReplanOptions
from routing.events.types import StopCancelled, VehicleOutOfService, VisitServed
from routing.problem.model import FollowFee, Objective, StartFee, TimeWindow
from routing.replan.prices import expected_lateness_s, held_cents, nearness, summed
from routing.replan.remaining import remaining

LATE_SHIFT = TimeWindow(start_s=5_000, end_s=20_000)
NEAR = {"near_s": 1_000, "near_factor": 3.0, "vehicle_change_cents": 100, "place_change_cents": 20}


def a_day(**options):
    stops = [stop("A", 1), stop("B", 2), stop("C", 3), stop("D", 4), stop("E", 5)]
    fleet = [vehicle("V"), vehicle("W", shift=LATE_SHIFT)]
    return begun(stops, fleet, {"V": ("A", "B", "C"), "W": ("D", "E")}, **{**NEAR, **options})


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def fees_of(rest, orders):
    """Add up the fees for vehicle and place of orders, by the words of the contract."""
    stops, total = asked(rest), 0
    for vehicle_id, order in orders.items():
        for before, stop_id in zip((None, *order), order, strict=False):
            total += dict(stops[stop_id].vehicle_fees).get(vehicle_id, 0)
            follow = stops[stop_id].follow_fee
            if follow is not None and (follow.vehicle_id, follow.after_stop_id) != (vehicle_id, before):
                total += follow.cents
    return total


def with_stop(day, stop_id, **fields):
    return replace(day, stops={**day.stops, stop_id: replace(day.stops[stop_id], **fields)})


def test_prices_rise_evenly_to_the_near_factor():
    options = ReplanOptions(near_s=1_000, near_factor=3.0)
    assert [nearness(start_s, 500, options) for start_s in (2_000, 1_500, 1_000, 500, 400)] == [1, 1, 2, 3, 3]
    assert nearness(None, 500, options) == 1
    assert nearness(600, 500, ReplanOptions(near_s=0)) == 1


def test_another_vehicle_and_another_place_cost_more_the_nearer_the_start_is():
    stops = asked(rest_of(a_day(), 60))
    # B starts 200 s after 60: 1 + 2 * 0.8 = 2.6 times 100 and 20; C 360 s after: 1 + 2 * 0.64 = 2.28 times.
    assert stops["B"].vehicle_fees == (("W", 260),)
    assert stops["B"].follow_fee == FollowFee(vehicle_id="V", after_stop_id="A", cents=52)
    assert stops["C"].vehicle_fees == (("W", 228),)
    assert stops["C"].follow_fee == FollowFee(vehicle_id="V", after_stop_id="B", cents=46)
    # D is more than 1,000 s ahead, and its vehicle has not left, so its driver drives nowhere yet.
    assert stops["D"].vehicle_fees == (("V", 100),)
    assert stops["D"].follow_fee == FollowFee(vehicle_id="W", after_stop_id=None, cents=20)


def test_what_is_committed_has_no_price_and_the_next_stop_of_a_driver_its_own():
    assert asked(rest_of(a_day(), 60))["A"].follow_fee is None
    # At 160 V is free at A and nothing is committed: B is its next stop, however near.
    day = apply(a_day(), VisitServed(id="1", known_at_s=160, effective_at_s=160, stop_id="A", vehicle_id="V"))
    assert asked(rest_of(day, 160))["B"].follow_fee == FollowFee(vehicle_id="V", after_stop_id=None, cents=300)


def test_the_place_is_that_in_what_remains_of_the_order():
    day = apply(a_day(), StopCancelled(id="x", known_at_s=60, effective_at_s=60, stop_id="B"))
    follow = asked(rest_of(day, 60))["C"].follow_fee
    assert (follow.vehicle_id, follow.after_stop_id) == ("V", "A")


def test_the_current_orders_pay_nothing_and_each_change_what_it_says():
    rest = rest_of(a_day(), 60)
    assert fees_of(rest, rest.orders) == 0
    # C and B change places: C no longer follows B (46), B no longer A (52).
    assert fees_of(rest, {"V": ("A", "C", "B"), "W": ("D", "E")}) == 98
    # E to V after C: another vehicle (100) and another place (20).
    assert fees_of(rest, {"V": ("A", "B", "C", "E"), "W": ("D",)}) == 120


def test_without_a_plan_or_a_vehicle_that_could_stay_nothing_changes_hands():
    first = rest_of(replace(a_day(), plan=None), 60)
    assert all(not each.vehicle_fees and each.follow_fee is None for each in first.problem.stops)
    broken = VehicleOutOfService(id="x", known_at_s=60, effective_at_s=60, vehicle_id="V")
    lost = asked(rest_of(apply(a_day(), broken), 60))["B"]
    assert (lost.vehicle_fees, lost.follow_fee) == ((), None)


def test_prices_of_zero_ask_for_nothing():
    stops = asked(rest_of(a_day(vehicle_change_cents=0, place_change_cents=0), 60))
    assert all(not each.vehicle_fees and each.follow_fee is None for each in stops.values())


def test_a_start_outside_the_promise_costs_a_broken_promise():
    day = with_stop(a_day(promise_break_cents=150), "D", promise=TimeWindow(start_s=5_000, end_s=6_000))
    # From the first instant that any vehicle is free to a day after the last shift, at 20,000.
    assert asked(rest_of(day, 60))["D"].start_fees == (
        StartFee(from_s=60, until_s=4_999, cents=150),
        StartFee(from_s=6_001, until_s=106_400, cents=150),
    )


def test_a_likely_absence_costs_its_share_of_an_unserved_stop():
    steps = (
        AvailabilityStep(from_s=0, until_s=3_600, at_home_ratio=0.75),
        AvailabilityStep(from_s=3_600, until_s=7_200, at_home_ratio=0.9),
    )
    day = a_day()
    day = with_stop(day, "D", stop=replace(day.stops["D"].stop, availability=steps, priority=10))
    # 20,000 cents at priority 10: a quarter and a tenth of it.
    assert asked(rest_of(day, 60))["D"].start_fees == (
        StartFee(from_s=0, until_s=3_599, cents=5_000),
        StartFee(from_s=3_600, until_s=7_199, cents=2_000),
    )


def test_expected_lateness_is_the_normal_loss():
    # Tables of the unit normal loss: 0.3989 at 0, 0.0833 at 1, 0.0085 at 2; and 1 more than at 1, one sigma late.
    told = [expected_lateness_s(sigmas * 100, 100) for sigmas in (0, 1, 2, -1)]
    assert told == pytest.approx([39.89, 8.33, 0.85, 108.33], abs=0.005)


def test_a_start_near_the_end_of_its_window_costs_the_lateness_to_be_expected():
    # An hour ahead the spread is 600 s. 50 cents a minute: 500 cents times 0.0232, 0.0833, 0.1978 and 0.3989.
    day = begun([stop("A", 1, window=(0, 3_600))], [vehicle("V", shift=LATE_SHIFT)], {}, delay_spread_s=600)
    fees = remaining(day, 0, {}, straight_road).problem.stops[0].start_fees
    assert fees == (
        StartFee(from_s=2_400, until_s=2_849, cents=12),
        StartFee(from_s=2_850, until_s=3_149, cents=42),
        StartFee(from_s=3_150, until_s=3_449, cents=99),
        StartFee(from_s=3_450, until_s=106_400, cents=199),
    )
    # The spread grows with the square root of the time: a quarter of an hour ahead it is half as much.
    fees = remaining(day, 2_700, {}, straight_road).problem.stops[0].start_fees
    assert (fees[0].from_s, fees[-1].cents) == (3_000, 100)


def test_fees_that_overlap_are_added_up():
    spans = [
        StartFee(from_s=0, until_s=9, cents=5),
        StartFee(from_s=5, until_s=14, cents=2),
        StartFee(from_s=15, until_s=19, cents=2),
        StartFee(from_s=30, until_s=30, cents=1),
        StartFee(from_s=40, until_s=39, cents=9),
    ]
    assert summed(spans) == (
        StartFee(from_s=0, until_s=4, cents=5),
        StartFee(from_s=5, until_s=9, cents=7),
        StartFee(from_s=10, until_s=19, cents=2),
        StartFee(from_s=30, until_s=30, cents=1),
    )


def test_the_hand_of_the_dispatcher_outweighs_all_but_an_unserved_stop():
    assert held_cents(Objective(unserved_cents=10_000)) == 5_000
