"""What drivers report of visits, in order and out of order: each row of the table in `contradictions`."""

from __future__ import annotations

import pytest
from small_days import at_km, begun, lived, published, refused, stop, told, vehicle

from routing.events.news import StopChanged, VehicleArrived, VisitDelayed
from routing.events.oddities import warnings
from routing.events.types import StopCancelled, VehicleOutOfService, VisitFailed, VisitServed, VisitStarted

STOPS = (stop("A", 1, load=2), stop("B", 2), stop("C", 3))


def a_day(**options):
    return begun(STOPS, (vehicle("V"), vehicle("W")), {"V": ("A", "B")}, **options)


def of(kind, key, at_s, **fields):
    return told(kind, key, at_s, **{"stop_id": "B", "vehicle_id": "V", **fields})


def said(day, event):
    return " ".join(warnings(day, event))


def test_an_arrival_tells_who_is_there_since_when():
    day = lived(a_day(), of(VehicleArrived, "1", 90))
    assert (day.stops["B"].state, day.stops["B"].vehicle_id, day.stops["B"].arrived_s) == ("planned", "V", 90)
    report = day.vehicles["V"].last_report
    assert (report.stop_id, report.kind, report.at_s, report.location) == ("B", "arrived", 90, at_km(2))
    assert day.vehicles["V"].reported_since_plan


def test_who_arrives_at_anothers_stop_is_taken_for_the_one_who_serves_it():
    other = of(VehicleArrived, "1", 90, vehicle_id="W")
    assert "planned for V" in said(a_day(), other)
    assert lived(a_day(), other).stops["B"].vehicle_id == "W"


def test_the_whole_course_of_a_visit_is_kept():
    day = lived(
        a_day(),
        of(VehicleArrived, "1", 90),
        of(VisitStarted, "2", 100),
        of(VisitDelayed, "3", 150, until_s=400),
    )
    state = day.stops["B"]
    assert (state.arrived_s, state.started_s, state.expected_end_s, state.ended_s) == (90, 100, 400, None)
    state = lived(day, of(VisitServed, "4", 390)).stops["B"]
    assert (state.arrived_s, state.started_s, state.expected_end_s, state.ended_s) == (90, 100, None, 390)


def test_how_long_a_service_takes_is_news_to_the_plan():
    day = published(lived(a_day(), of(VisitStarted, "1", 260)), {}, 270)
    assert not day.vehicles["V"].reported_since_plan
    day = lived(day, of(VisitDelayed, "2", 300, until_s=900))
    assert day.vehicles["V"].reported_since_plan
    assert day.vehicles["V"].last_report.at_s == 260


def test_a_delay_without_a_start_is_a_start_by_then():
    delay = of(VisitDelayed, "1", 300, until_s=900)
    assert "no start of service" in said(a_day(), delay)
    day = lived(a_day(), delay)
    assert (day.stops["B"].started_s, day.stops["B"].expected_end_s) == (300, 900)
    assert day.vehicles["V"].last_report.kind == "started"


# Out of order: cancelled before.


@pytest.mark.parametrize(
    ("kind", "fields", "state"),
    [
        (VisitServed, {}, "served"),
        (VisitStarted, {}, "planned"),
        (VisitDelayed, {"until_s": 500}, "planned"),
        (VehicleArrived, {}, "cancelled"),
        (VisitFailed, {}, "cancelled"),
    ],
)
def test_after_a_cancellation(kind, fields, state):
    day = lived(a_day(attempts_per_day=2), told(StopCancelled, "c", 100, stop_id="B"))
    report = of(kind, "1", 110, **fields)
    assert "cancelled" in said(day, report)
    day = lived(day, report)
    assert day.stops["B"].state == state
    assert day.vehicles["V"].last_report.stop_id == "B"


def test_what_was_cancelled_and_tried_all_the_same_is_cancelled_when_it_fails():
    day = lived(a_day(), told(StopCancelled, "c", 100, stop_id="B"), of(VisitStarted, "1", 110))
    day = lived(day, of(VisitFailed, "2", 120, reason="nobody wanted it"))
    assert (day.stops["B"].state, day.stops["B"].attempts) == ("cancelled", 1)


# Out of order: after its end.


@pytest.mark.parametrize("end", [VisitServed, VisitFailed])
def test_what_was_before_the_end_completes_the_record(end):
    day = lived(a_day(), of(end, "e", 400))
    for late in (of(VehicleArrived, "1", 410, effective_at_s=260), of(VisitStarted, "2", 420, effective_at_s=300)):
        assert "completes the record" in said(day, late)
        day = lived(day, late)
    after = lived(day, of(VisitDelayed, "3", 430, effective_at_s=350, until_s=500))
    assert after.stops == day.stops
    state = day.stops["B"]
    assert (state.arrived_s, state.started_s, state.ended_s) == (260, 300, 400)
    assert state.state == ("served" if end is VisitServed else "failed")
    assert day.vehicles["V"].last_report.kind == state.state


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(VehicleArrived, {}), (VisitStarted, {}), (VisitDelayed, {"until_s": 900}), (VisitServed, {}), (VisitFailed, {})],
)
def test_nothing_follows_a_service(kind, fields):
    day = lived(a_day(), of(VisitServed, "e", 400))
    assert refused(day, of(kind, "1", 500, **fields)) == ["STOP_SERVED"]


def test_after_a_failure_a_driver_may_come_again_or_be_put_right_but_not_fail_twice():
    day = lived(a_day(), of(VisitFailed, "e", 400))
    assert refused(day, of(VisitFailed, "1", 500)) == ["STOP_FAILED"]
    assert lived(day, of(VisitStarted, "1", 500)).stops["B"].state == "planned"
    assert lived(day, of(VisitServed, "1", 500, effective_at_s=390)).stops["B"].state == "served"


def test_who_was_served_before_he_began_began_then():
    day = lived(a_day(), of(VisitStarted, "1", 300))
    served = of(VisitServed, "2", 310, effective_at_s=290)
    assert "before its service began" in said(day, served)
    assert (lived(day, served).stops["B"].started_s, lived(day, served).stops["B"].ended_s) == (290, 290)


# Two vehicles.


def test_of_two_arrivals_of_one_vehicle_the_earlier_counts_and_of_two_vehicles_the_later_report():
    day = lived(a_day(), of(VehicleArrived, "1", 90), of(VehicleArrived, "2", 95, effective_at_s=80))
    assert (day.stops["B"].arrived_s, day.vehicles["V"].last_report.at_s) == (80, 90)
    day = lived(day, of(VehicleArrived, "3", 100, vehicle_id="W"))
    assert (day.stops["B"].vehicle_id, day.stops["B"].arrived_s) == ("W", 100)


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        (VehicleArrived, {"vehicle_id": "W"}, "VISIT_UNDER_WAY"),
        (VisitDelayed, {"vehicle_id": "W", "until_s": 900}, "VISIT_UNDER_WAY"),
        (VisitStarted, {"vehicle_id": "W"}, "VISIT_STARTED_TWICE"),
        (VisitStarted, {}, "VISIT_STARTED_TWICE"),
        (VehicleArrived, {}, "VISIT_UNDER_WAY"),
    ],
)
def test_nobody_comes_to_a_service_under_way(kind, fields, code):
    day = lived(a_day(), of(VisitStarted, "1", 300))
    assert refused(day, of(kind, "2", 400, **fields)) == [code]


def test_the_arrival_before_a_service_under_way_is_filled_in():
    day = lived(a_day(), of(VisitStarted, "1", 300), of(VehicleArrived, "2", 310, effective_at_s=250))
    assert (day.stops["B"].arrived_s, day.stops["B"].started_s) == (250, 300)
    assert day.vehicles["V"].last_report.kind == "started"


def test_who_ends_a_visit_that_another_began_is_the_one_who_made_it():
    day = lived(a_day(), of(VehicleArrived, "1", 290), of(VisitStarted, "2", 300))
    day = lived(day, of(VisitServed, "3", 400, vehicle_id="W"))
    state = day.stops["B"]
    assert (state.vehicle_id, state.arrived_s, state.started_s, state.ended_s) == ("W", None, None, 400)


def test_an_arrival_and_a_start_at_one_instant_may_come_in_any_order():
    arrived, began = of(VehicleArrived, "1", 300), of(VisitStarted, "2", 300)
    one, other = lived(a_day(), arrived, began), lived(a_day(), began, arrived)
    assert one.stops == other.stops
    assert one.vehicles == other.vehicles


@pytest.mark.parametrize("kind", [VehicleArrived, VisitStarted, VisitServed])
def test_who_is_at_a_stop_works_again(kind):
    day = lived(a_day(), told(VehicleOutOfService, "o", 50, vehicle_id="V"))
    report = of(kind, "1", 300)
    assert "works again" in said(day, report)
    assert lived(day, report).vehicles["V"].out is None


# Further attempts.


def test_a_failure_may_leave_another_attempt_on_the_same_day():
    day = a_day(attempts_per_day=2, retry_after_s=1_000)
    day = published(day, {"V": ("A", "B")}, 50)
    day = lived(day, of(VisitFailed, "1", 160, stop_id="A", reason="nobody at home"))
    state = day.stops["A"]
    assert (state.state, state.reason, state.detail) == ("unassigned", "FAILED_ONCE", "nobody at home")
    assert (state.attempts, state.failed_s, state.not_before_s) == (1, 160, 1_160)
    assert (state.on_board, state.vehicle_id, state.started_s, state.ended_s) == ("V", None, None, None)
    # Told twice, or told late, is the same failure.
    again = of(VisitFailed, "2", 200, stop_id="A", effective_at_s=160)
    assert refused(day, again) == ["STOP_FAILED"]
    late = of(VisitStarted, "3", 210, stop_id="A", effective_at_s=120)
    assert lived(day, late).stops["A"] == state
    day = lived(day, of(VisitFailed, "4", 1_300, stop_id="A"))
    assert (day.stops["A"].state, day.stops["A"].attempts, day.stops["A"].ended_s) == ("failed", 2, 1_300)


def test_attempts_of_earlier_days_do_not_count_as_todays():
    day = begun((stop("A", 1, attempts=3), stop("B", 2)), (vehicle("V"),), {"V": ("A", "B")}, attempts_per_day=2)
    assert day.stops["A"].attempts == 3
    day = lived(day, of(VisitFailed, "1", 160, stop_id="A"))
    assert (day.stops["A"].state, day.stops["A"].attempts) == ("unassigned", 4)


def test_a_failed_visit_shows_whose_goods_they_are_before_any_plan_knows():
    # V left with A's goods; no plan was made since.
    day = lived(a_day(attempts_per_day=2), of(VisitFailed, "1", 160, stop_id="A"))
    assert day.stops["A"].on_board == "V"


def test_a_stop_that_moves_leaves_the_vehicle_where_it_was():
    day = lived(a_day(attempts_per_day=2), of(VisitFailed, "1", 300))
    day = lived(day, told(StopChanged, "2", 400, stop_id="B", location=at_km(9)))
    assert day.vehicles["V"].last_report.location == at_km(2)
