"""What customers ask for during the day."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import at_km, begun, lived, refused, stop, told, vehicle

from routing.events.asked import AvailabilityStep
from routing.events.news import AvailabilityTold, CustomerAvailable, StopChanged, VehicleArrived, VehicleDeparted
from routing.events.oddities import warnings
from routing.events.types import CustomerUnavailable, StopAdded, VisitServed, VisitStarted, WindowChanged
from routing.problem.model import TimeWindow

STOPS = (stop("A", 1, load=2), stop("B", 2))
STEPS = (
    AvailabilityStep(from_s=0, until_s=500, at_home_ratio=0.2),
    AvailabilityStep(from_s=500, until_s=900, at_home_ratio=1.0),
)


def a_day(promises=()):
    day = begun(STOPS, (vehicle("V"), vehicle("W")), {"V": ("A", "B")})
    return lived(day, replace(day.plan, id="p2", version=2, base_version=1, promises=promises))


def of(kind, key, at_s, **fields):
    return told(kind, key, at_s, **{"stop_id": "A", **fields})


def window(start_s, end_s):
    return TimeWindow(start_s=start_s, end_s=end_s)


def test_a_change_touches_what_it_names_and_nothing_else():
    asked = a_day().stops["A"].stop
    changed = of(StopChanged, "1", 10, load=5, priority=7)
    assert lived(a_day(), changed).stops["A"].stop == replace(asked, load=5, priority=7)
    changed = of(StopChanged, "1", 10, location=at_km(4), address="Quai 1", service_s=90, windows=(window(5, 9),))
    assert lived(a_day(), changed).stops["A"].stop == replace(
        asked, location=at_km(4), address="Quai 1", service_s=90, windows=(window(5, 9),)
    )


def test_who_arrived_at_the_old_place_has_not_arrived_at_the_new_one():
    day = lived(a_day(), of(VehicleArrived, "1", 100), of(StopChanged, "2", 110, location=at_km(4)))
    assert day.stops["A"].arrived_s is None
    assert day.vehicles["V"].last_report.location == at_km(1)


def test_goods_on_board_are_as_many_as_were_loaded():
    day = lived(a_day(), told(VehicleDeparted, "1", 5, vehicle_id="V"))
    assert refused(day, of(StopChanged, "2", 10, load=3)) == ["GOODS_ON_BOARD"]
    fewer = of(StopChanged, "2", 10, load=1)
    assert any("on board V" in words for words in warnings(day, fewer))
    assert lived(day, fewer).stops["A"].stop.load == 1


def test_what_is_under_way_keeps_its_place_and_load():
    day = lived(a_day(), of(VisitStarted, "1", 100))
    assert refused(day, of(StopChanged, "2", 110, location=at_km(4))) == ["VISIT_UNDER_WAY"]
    assert refused(day, of(StopChanged, "2", 110, load=1)) == ["VISIT_UNDER_WAY"]
    assert refused(day, of(StopChanged, "2", 110, address="the back door")) == []


@pytest.mark.parametrize(
    "event",
    [
        of(StopChanged, "1", 200, load=1),
        of(StopChanged, "1", 200, location=at_km(2)),
        of(CustomerAvailable, "1", 200),
        of(AvailabilityTold, "1", 200, steps=STEPS),
        of(WindowChanged, "1", 200, windows=()),
    ],
)
def test_what_is_served_changes_no_more(event):
    assert refused(lived(a_day(), of(VisitServed, "s", 160)), event) == ["STOP_CLOSED"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (of(StopChanged, "1", 10, stop_id="Z", load=1), "STOP_UNKNOWN"),
        (of(CustomerAvailable, "1", 10, stop_id="Z"), "STOP_UNKNOWN"),
        (of(AvailabilityTold, "1", 10, stop_id="Z", steps=()), "STOP_UNKNOWN"),
        (of(StopChanged, "1", 10, load=-1), "NUMBER_RANGE"),
        (of(StopChanged, "1", 10, priority=101), "NUMBER_RANGE"),
        (of(StopChanged, "1", 10, windows=(window(9, 5),)), "WINDOW_ORDER"),
        (of(WindowChanged, "1", 10, windows=(window(5, 9), window(7, 12))), "WINDOW_ORDER"),
        (of(CustomerUnavailable, "1", 10, until_s=10), "NUMBER_RANGE"),
        (of(AvailabilityTold, "1", 10, steps=STEPS[::-1]), "AVAILABILITY"),
        (of(AvailabilityTold, "1", 10, steps=(replace(STEPS[0], at_home_ratio=1.5),)), "AVAILABILITY"),
        (told(StopAdded, "1", 10, stop=stop("N", 1, load=-1)), "NUMBER_RANGE"),
    ],
)
def test_what_means_nothing_is_refused(event, code):
    assert refused(a_day(), event) == [code]


def test_availability_takes_the_place_of_what_was_told_before():
    day = lived(a_day(), of(AvailabilityTold, "1", 10, steps=STEPS[:1]), of(AvailabilityTold, "2", 20, steps=STEPS))
    assert day.stops["A"].stop.availability == STEPS


def test_available_again_takes_every_absence_back_also_one_ahead():
    day = lived(a_day(), of(CustomerUnavailable, "1", 10, effective_at_s=500, until_s=900))
    assert day.stops["A"].unavailable == ((500, 900),)
    assert lived(day, of(CustomerAvailable, "2", 20)).stops["A"].unavailable == ()


def test_an_absence_that_was_known_before_the_customer_was_back_counts_for_nothing():
    day = lived(a_day(), of(CustomerAvailable, "1", 100))
    late = of(CustomerUnavailable, "2", 40, until_s=900)
    assert any("counts for nothing" in words for words in warnings(day, late))
    assert lived(day, late).stops["A"].unavailable == ()
    # The other way round, too: a presence that was known before the absence.
    day = lived(a_day(), of(CustomerUnavailable, "3", 100, until_s=900))
    assert lived(day, of(CustomerAvailable, "4", 40)).stops["A"].unavailable == ((100, 900),)


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        (of(WindowChanged, "1", 10, windows=(window(0, 2_000),)), True),
        (of(WindowChanged, "1", 10, windows=()), True),
        (of(WindowChanged, "1", 10, windows=(window(200, 2_000),)), False),
        (of(StopChanged, "1", 10, windows=(window(900, 2_000),)), False),
        (of(StopChanged, "1", 10, load=1), True),
        (of(CustomerUnavailable, "1", 10, effective_at_s=500, until_s=900), True),
        (of(CustomerUnavailable, "1", 10, effective_at_s=300, until_s=900), False),
        (of(CustomerUnavailable, "1", 10, until_s=100), True),
        (of(CustomerUnavailable, "1", 10), False),
    ],
)
def test_a_promise_lapses_where_its_customer_takes_it_back(event, kept):
    day = lived(a_day(promises=(("A", 100, 400),)), event)
    assert day.stops["A"].promise == (window(100, 400) if kept else None)
