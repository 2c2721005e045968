"""What each event makes of the day."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import at_km, begun, published, started, stop, vehicle

from routing.errors import InputError
from routing.events.fold import apply, replay
from routing.events.oddities import warnings
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    RoadClosed,
    RoadReopened,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
    WeatherReported,
    WindowChanged,
)
from routing.problem.model import TimeWindow
from routing.travel.conditions import Closure, OnWay, Reopening, Slowdown, Weather

STOPS = (stop("A", 1, load=2), stop("B", 2), stop("C", 3))
VEHICLES = (vehicle("V"), vehicle("W"))


def a_day():
    return begun(STOPS, VEHICLES, {"V": ("A", "B")})


def event(kind, key, at_s, **fields):
    return kind(id=key, known_at_s=at_s, effective_at_s=fields.pop("effective_at_s", at_s), **fields)


def codes(day, happened):
    with pytest.raises(InputError) as caught:
        apply(day, happened)
    return [issue.code for issue in caught.value.issues]


def test_a_plan_makes_its_stops_planned_and_the_others_unassigned_with_a_reason():
    day = a_day()
    assert {key: state.state for key, state in day.stops.items()} == {"A": "planned", "B": "planned", "C": "unassigned"}
    assert day.stops["A"].vehicle_id == "V"
    assert day.stops["C"].reason == "NOT_PLANNED"


def test_a_served_stop_keeps_who_when_and_how_much():
    day = apply(a_day(), event(VisitStarted, "1", 100, stop_id="A", vehicle_id="V"))
    assert (day.stops["A"].state, day.stops["A"].started_s) == ("planned", 100)
    day = apply(day, event(VisitServed, "2", 170, stop_id="A", vehicle_id="V", delivered_load=1))
    served = day.stops["A"]
    assert (served.state, served.vehicle_id, served.ended_s, served.delivered_load) == ("served", "V", 170, 1)


def test_all_of_the_load_is_delivered_where_nothing_else_is_said():
    assert apply(a_day(), event(VisitServed, "1", 170, stop_id="A", vehicle_id="V")).stops["A"].delivered_load == 2


def test_a_report_without_a_vehicle_is_that_of_the_planned_one():
    day = apply(a_day(), event(VisitFailed, "1", 170, stop_id="B", reason="nobody at home"))
    assert (day.stops["B"].state, day.stops["B"].vehicle_id, day.stops["B"].detail) == ("failed", "V", "nobody at home")
    assert codes(a_day(), event(VisitFailed, "1", 170, stop_id="C")) == ["VEHICLE_MISSING"]


def test_conditions_come_with_their_span_and_the_id_of_their_event():
    way = OnWay(way_id=7)
    day = a_day()
    day = apply(day, event(TrafficReported, "t", 50, where=way, speed_factor=0.5, until_s=90))
    day = apply(day, event(RoadClosed, "c", 60, where=way, effective_at_s=80))
    day = apply(day, event(RoadReopened, "o", 85, where=way))
    day = apply(day, event(WeatherReported, "w", 70, condition="rain", fade_s=600))
    assert day.conditions() == (
        Slowdown(where=way, speed_factor=0.5, from_s=50, until_s=90, id="t"),
        Closure(where=way, from_s=80, id="c"),
        Reopening(where=way, from_s=85, id="o"),
        Weather(condition="rain", from_s=70, fade_s=600, id="w"),
    )


def test_a_withdrawal_removes_exactly_its_condition():
    day = apply(a_day(), event(RoadClosed, "c", 60, where=OnWay(way_id=7)))
    before = day.conditions()
    day = apply(day, event(RoadClosed, "d", 61, where=OnWay(way_id=7)))
    assert apply(day, event(ConditionWithdrawn, "x", 62, event_id="d")).conditions() == before


def test_a_withdrawal_that_comes_first_makes_its_condition_void():
    withdrawn = event(ConditionWithdrawn, "x", 59, event_id="c")
    assert "will count for nothing" in warnings(a_day(), withdrawn)[0]
    day = apply(apply(a_day(), withdrawn), event(RoadClosed, "c", 60, where=OnWay(way_id=7)))
    assert day.conditions() == ()


def test_an_added_stop_is_unassigned_until_a_plan_takes_it():
    day = apply(a_day(), event(StopAdded, "1", 10, stop=stop("D", 4)))
    assert (day.stops["D"].state, day.stops["D"].reason) == ("unassigned", "NOT_PLANNED")


def test_windows_and_absences_change_the_stop_that_is_asked_for():
    day = apply(a_day(), event(WindowChanged, "1", 10, stop_id="B", windows=(TimeWindow(start_s=5, end_s=9),)))
    assert day.stops["B"].stop.windows == (TimeWindow(start_s=5, end_s=9),)
    day = apply(day, event(CustomerUnavailable, "2", 20, stop_id="B", until_s=500))
    day = apply(day, event(CustomerUnavailable, "3", 30, stop_id="B", until_s=700))
    assert day.stops["B"].unavailable == ((30, 700),)


def test_of_two_positions_the_later_counts_whenever_it_comes():
    day = apply(a_day(), event(VehicleLocated, "1", 50, vehicle_id="V", location=at_km(5)))
    day = apply(day, event(VehicleLocated, "2", 60, vehicle_id="V", location=at_km(4), effective_at_s=40))
    assert (day.vehicles["V"].location, day.vehicles["V"].located_s) == (at_km(5), 50)


def test_who_reports_a_visit_works_again():
    day = apply(a_day(), event(VehicleOutOfService, "1", 50, vehicle_id="V"))
    again = event(VisitStarted, "2", 60, stop_id="A", vehicle_id="V")
    assert any("works again" in words for words in warnings(day, again))
    assert apply(day, again).vehicles["V"].out is None


def test_an_event_twice_is_once_and_its_id_for_another_is_refused():
    once = apply(a_day(), event(StopCancelled, "1", 10, stop_id="B"))
    assert apply(once, event(StopCancelled, "1", 10, stop_id="B")) == once
    assert codes(once, event(StopCancelled, "1", 10, stop_id="C")) == ["EVENT_ID_REUSED"]


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (event(VisitServed, "9", 300, stop_id="A", vehicle_id="V"), "STOP_SERVED"),
        (event(VisitStarted, "9", 300, stop_id="A", vehicle_id="V"), "STOP_SERVED"),
        (event(StopCancelled, "9", 300, stop_id="A"), "STOP_CLOSED"),
        (event(WindowChanged, "9", 300, stop_id="A", windows=()), "STOP_CLOSED"),
        (event(VisitServed, "9", 300, stop_id="Z", vehicle_id="V"), "STOP_UNKNOWN"),
        (event(VisitServed, "9", 300, stop_id="B", vehicle_id="Z"), "VEHICLE_UNKNOWN"),
        (event(VisitServed, "9", 300, stop_id="B", vehicle_id="V", effective_at_s=301), "EVENT_AHEAD"),
        (event(VisitServed, "9", 300, stop_id="B", vehicle_id="V", delivered_load=1), "DELIVERED_LOAD"),
        (event(StopAdded, "9", 300, stop=stop("C", 3)), "DUPLICATE_ID"),
        (event(ConditionWithdrawn, "9", 300, event_id="served"), "NOT_A_CONDITION"),
        (replace(started(STOPS, VEHICLES), id="9"), "DAY_STARTED_TWICE"),
    ],
)
def test_what_cannot_be_is_refused(happened, code):
    day = apply(a_day(), event(VisitServed, "served", 160, stop_id="A", vehicle_id="V"))
    assert codes(day, happened) == [code]


def test_goods_on_board_one_vehicle_cannot_be_served_by_another():
    # V leaves at 0 with A on board; the plan made at 50 knows it.
    day = begun(STOPS, VEHICLES, {"V": ("A", "B")})
    assert day.stops["A"].on_board is None
    day = published(day, {"V": ("A", "B")}, 50)
    assert day.stops["A"].on_board == "V"
    assert codes(day, event(VisitServed, "1", 160, stop_id="A", vehicle_id="W")) == ["GOODS_ELSEWHERE"]
    # B has no load: whoever was there may have served it.
    by_other = event(VisitServed, "1", 160, stop_id="B", vehicle_id="W")
    assert any("planned for V" in words for words in warnings(day, by_other))
    assert apply(day, by_other).stops["B"].vehicle_id == "W"


def test_the_drivers_report_counts_after_a_cancellation():
    day = apply(a_day(), event(StopCancelled, "1", 10, stop_id="B"))
    served = event(VisitServed, "2", 20, stop_id="B", vehicle_id="V")
    assert any("was cancelled" in words for words in warnings(day, served))
    assert apply(day, served).stops["B"].state == "served"


def test_late_news_is_followed_and_said_to_be_late():
    day = apply(a_day(), event(StopCancelled, "1", 100, stop_id="B"))
    late = event(StopCancelled, "2", 40, stop_id="C")
    assert any("60 s after" in words for words in warnings(day, late))
    assert apply(day, late).now_s == 100


def test_a_log_begins_with_the_day():
    with pytest.raises(InputError) as caught:
        replay([])
    assert [issue.code for issue in caught.value.issues] == ["DAY_NOT_STARTED"]


def test_a_driver_who_does_not_say_who_he_is_is_the_one_that_was_planned():
    day = apply(a_day(), event(VisitStarted, "1", 100, stop_id="A"))
    assert (day.stops["A"].vehicle_id, day.stops["A"].started_s) == ("V", 100)
    assert day.vehicles["V"].last_report.stop_id == "A"
