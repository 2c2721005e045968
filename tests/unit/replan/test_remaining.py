"""What may still change hands, on a road where 1 km takes 100 s."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_days import at_km, begun, km_of, rest_of, stop, straight_road, vehicle

from routing.events.asked import AvailabilityStep
from routing.events.fold import apply
from routing.events.news import AvailabilityTold
from routing.events.types import (
    CustomerUnavailable,
    StopAdded,
    StopCancelled,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
)
from routing.problem.model import TimeWindow
from routing.problem.travel import MatrixTravel
from routing.replan.remaining import remaining

LATE_SHIFT = TimeWindow(start_s=5_000, end_s=20_000)


def a_day(*, w_shift=LATE_SHIFT):
    """V is out with A (load 2) and B (no load); W leaves later, for C (load 3)."""
    stops = [stop("A", 1, load=2, window=(0, 5_000)), stop("B", 2, window=(0, 5_000)), stop("C", 3, load=3)]
    return begun(stops, [vehicle("V"), vehicle("W", shift=w_shift)], {"V": ("A", "B"), "W": ("C",)})


def told(day, *events):
    for each in events:
        day = apply(day, each)
    return day


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def out(rest):
    return {reason.stop_id: reason.reason for _, reason in rest.left_out}


def added(stop_id, x_km, **fields):
    return StopAdded(id=f"add-{stop_id}", known_at_s=130, effective_at_s=130, stop=stop(stop_id, x_km, **fields))


def absent(stop_id, *, from_s=50, until_s=None):
    return CustomerUnavailable(
        id=f"away-{stop_id}", known_at_s=50, effective_at_s=from_s, stop_id=stop_id, until_s=until_s
    )


def test_before_anybody_leaves_everything_is_open():
    rest = rest_of(a_day(), 0)
    vehicles = {each.id: each for each in rest.problem.vehicles}
    assert not vehicles["W"].used
    assert not vehicles["W"].start_fixed
    assert vehicles["W"].shift.start_s == 5_000
    assert asked(rest)["C"].allowed_vehicles == ("W",)  # V leaves at this very moment


def test_a_driving_vehicle_starts_where_it_is_with_its_next_stop_committed():
    rest = rest_of(a_day(), 50)
    van = rest.problem.vehicles[0]
    assert km_of(rest.problem.places[van.start_place]) == 0.5
    assert (van.shift.start_s, van.committed) == (50, ("A",))
    assert (van.used, van.start_fixed, van.overtime_allowed) == (True, True, True)
    assert rest.orders == {"V": ("A", "B"), "W": ("C",)}


def test_goods_on_board_stay_with_their_vehicle_and_may_come_late():
    stops = asked(rest_of(a_day(), 130))
    assert "A" not in stops  # it is being served
    before = asked(rest_of(a_day(), 50))
    assert (before["A"].allowed_vehicles, before["A"].lateness_allowed) == (("V",), True)
    # B has no load and is not the next: any vehicle may take it; it was promised, so it may be late.
    assert (before["B"].allowed_vehicles, before["B"].lateness_allowed) == (None, True)
    # C's goods are at the depot: only W, which has not left; it keeps its window.
    assert (before["C"].allowed_vehicles, before["C"].lateness_allowed) == (("W",), False)


def test_new_goods_go_only_with_a_vehicle_that_has_not_left():
    rest = rest_of(told(a_day(), added("N", 4, load=1), added("M", 4)), 130)
    assert asked(rest)["N"].allowed_vehicles == ("W",)
    assert asked(rest)["M"].allowed_vehicles is None
    gone = rest_of(told(a_day(w_shift=TimeWindow(start_s=0, end_s=20_000)), added("N", 4, load=1)), 130)
    assert out(gone) == {"N": "GOODS_NOT_ON_BOARD"}


def test_closed_stops_are_gone_and_a_cancelled_next_stop_frees_its_vehicle():
    day = told(a_day(), StopCancelled(id="x", known_at_s=50, effective_at_s=50, stop_id="A"))
    rest = rest_of(day, 50)
    assert set(asked(rest)) == {"B", "C"}
    assert rest.problem.vehicles[0].committed == ()


def test_a_stranded_vehicle_keeps_its_goods_and_gives_the_other_stops_away():
    broken = VehicleOutOfService(id="x", known_at_s=50, effective_at_s=50, vehicle_id="V")
    rest = rest_of(told(a_day(), broken), 60)
    assert [each.id for each in rest.problem.vehicles] == ["W"]
    assert out(rest) == {"A": "GOODS_STRANDED"}
    assert rest.orders == {"W": ("C",)}
    assert "B" in asked(rest)


def test_a_vehicle_stranded_before_it_left_has_nothing_on_board():
    broken = VehicleOutOfService(id="x", known_at_s=50, effective_at_s=50, vehicle_id="W")
    assert out(rest_of(told(a_day(), broken), 60)) == {"C": "GOODS_NOT_ON_BOARD"}


def test_with_every_vehicle_out_of_service_there_is_no_vehicle():
    broken = [VehicleOutOfService(id=key, known_at_s=50, effective_at_s=50, vehicle_id=key) for key in ("V", "W")]
    assert out(rest_of(told(a_day(), *broken), 60)) == {
        "A": "GOODS_STRANDED",
        "B": "NO_VEHICLE",
        "C": "NO_VEHICLE",
    }


def test_a_paused_vehicle_goes_on_where_and_when_it_is_said_to():
    pause = VehicleOutOfService(
        id="x", known_at_s=50, effective_at_s=50, vehicle_id="V", location=at_km(0.7), until_s=900
    )
    van = rest_of(told(a_day(), pause), 60).problem.vehicles[0]
    assert (van.shift.start_s, van.committed) == (900, ())


@pytest.mark.parametrize(
    ("from_s", "until_s", "windows"),
    [
        (50, 400, [(400, 5_000)]),
        (1_000, 2_000, [(0, 999), (2_000, 5_000)]),
        (50, 6_000, [(6_000, 6_000)]),  # after the window the end of the absence is the first chance
    ],
)
def test_an_absence_is_cut_out_of_the_windows(from_s, until_s, windows):
    rest = rest_of(told(a_day(), absent("B", from_s=from_s, until_s=until_s)), 50)
    assert [(each.start_s, each.end_s) for each in asked(rest)["B"].windows] == windows


def test_an_absence_for_today_leaves_the_stop_out():
    assert out(rest_of(told(a_day(), absent("A"), absent("C")), 50)) == {
        "A": "CUSTOMER_UNAVAILABLE",
        "C": "CUSTOMER_UNAVAILABLE",
    }


def test_a_stop_that_another_driver_has_begun_leaves_its_planned_vehicle():
    begun_by_w = VisitStarted(id="x", known_at_s=60, effective_at_s=60, stop_id="B", vehicle_id="W")
    rest = rest_of(told(a_day(), begun_by_w), 60)
    assert rest.orders["V"] == ("A",)
    assert rest.progress["W"].serving == "B"


def test_a_vehicle_that_is_back_may_go_again_but_is_not_made_to():
    day = told(
        a_day(),
        VisitServed(id="1", known_at_s=160, effective_at_s=160, stop_id="A", vehicle_id="V"),
        VisitServed(id="2", known_at_s=320, effective_at_s=320, stop_id="B", vehicle_id="V"),
    )
    van = rest_of(day, 700).problem.vehicles[0]
    assert (van.start_place == van.end_place, van.start_fixed, van.overtime_allowed) == (True, False, False)


def test_a_closure_on_the_very_leg_frees_the_vehicle():
    # Half a kilometre before A the road is closed for 1,000 s: every drive takes so much longer than if it were open.
    def waiting(places, horizon_s):
        road = straight_road(places, horizon_s)
        longer = road.matrix.duration_s + 1_000 * (road.matrix.duration_s > 0).astype(np.int32)
        return MatrixTravel(matrix=replace(road.matrix, duration_s=longer))

    assert remaining(a_day(), 50, {}, waiting, straight_road).problem.vehicles[0].committed == ()
    assert remaining(a_day(), 50, {}, waiting, waiting).problem.vehicles[0].committed == ("A",)


def test_a_customer_who_is_away_at_arrival_frees_the_vehicle():
    # V is half way to A at 50 s and there at 100 s.
    van = rest_of(told(a_day(), absent("A", until_s=400)), 50).problem.vehicles[0]
    assert van.committed == ()
    van = rest_of(told(a_day(), absent("A", from_s=60, until_s=100)), 50).problem.vehicles[0]
    assert van.committed == ("A",)


def test_hours_in_which_nobody_is_there_are_cut_out_of_the_windows():
    def told_of(*steps):
        spans = tuple(AvailabilityStep(from_s=a, until_s=b, at_home_ratio=ratio) for a, b, ratio in steps)
        event = AvailabilityTold(id="x", known_at_s=50, effective_at_s=50, stop_id="B", steps=spans)
        stops = asked(rest_of(told(a_day(), event), 50))
        return [(each.start_s, each.end_s) for each in stops["B"].windows]

    assert told_of((0, 400, 0.5), (400, 1_000, 0.0)) == [(0, 399), (1_000, 5_000)]
    assert told_of((1_000, 9_000, 0.0)) == [(0, 999)]
    # Never within its window: as soon as somebody may be there again.
    assert told_of((0, 9_000, 0.0)) == [(9_000, 9_000)]


def test_a_second_attempt_waits_and_stays_with_the_vehicle_that_has_the_goods():
    stops = [stop("A", 1, load=2, window=(0, 5_000)), stop("B", 2, window=(0, 5_000))]
    day = begun(stops, [vehicle("V"), vehicle("W")], {"V": ("A", "B")}, attempts_per_day=2, retry_after_s=1_000)
    rest = rest_of(told(day, VisitFailed(id="x", known_at_s=160, effective_at_s=160, stop_id="A")), 160)
    again = asked(rest)["A"]
    assert [(each.start_s, each.end_s) for each in again.windows] == [(1_160, 5_000)]
    assert (again.allowed_vehicles, again.lateness_allowed) == (("V",), True)
    assert rest.orders["V"] == ("B",)


def test_goods_that_come_back_take_room_until_the_vehicle_is_back():
    stops = [stop("A", 1, load=60), stop("B", 2, load=30)]
    day = begun(stops, [vehicle("V")], {"V": ("A", "B")})
    day = told(day, VisitFailed(id="x", known_at_s=160, effective_at_s=160, stop_id="A"))
    assert rest_of(day, 160).problem.vehicles[0].capacity == 40
