"""What a day leaves is asked for on the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from small_days import begun, lived, stop, told, vehicle

from routing.events.asked import AvailabilityStep
from routing.events.carry_over import carried_over, undelivered
from routing.events.day import Day
from routing.events.fold import start
from routing.events.oddities import warnings
from routing.events.types import StopAdded, StopCancelled, VisitFailed, VisitServed, WindowChanged
from routing.events.words import DayClosed
from routing.problem.model import TimeWindow

DAY_S = 86_400


def a_day(**options):
    stops = tuple(stop(key, 1 + number, attempts=number) for number, key in enumerate("ABCDE"))
    return begun(stops, (vehicle("V"),), {"V": ("A", "B", "C", "D")}, **options)


def asked(day: Day, **options):
    return [(each.id, each.attempts) for each in carried_over(day, **options)]


def test_what_was_not_served_goes_over_with_each_visit_in_vain_counted():
    day = lived(
        a_day(),
        told(VisitServed, "1", 160, stop_id="A"),
        told(VisitFailed, "2", 320, stop_id="B"),
        told(StopCancelled, "3", 330, stop_id="C"),
        told(StopAdded, "4", 340, stop=stop("N", 2, attempts=7)),
    )
    # D was planned and never visited, E was in no route.
    assert asked(day) == [("B", 2), ("D", 3), ("E", 4), ("N", 7)]


def test_two_visits_in_vain_on_one_day_count_twice():
    day = lived(a_day(attempts_per_day=3, retry_after_s=0), told(VisitFailed, "1", 160, stop_id="A"))
    assert asked(day)[0] == ("A", 1)
    day = lived(day, told(VisitFailed, "2", 400, stop_id="A", vehicle_id="V"))
    assert asked(day)[0] == ("A", 2)


def test_what_was_cancelled_goes_over_to_nobody_also_where_a_driver_tried():
    day = lived(
        a_day(), told(StopCancelled, "1", 100, stop_id="A"), told(VisitFailed, "2", 160, stop_id="A", vehicle_id="V")
    )
    assert "A" not in dict(asked(day))


def test_what_is_missing_of_a_served_stop_is_told_and_does_not_go_over():
    day = begun((stop("A", 1, load=5), stop("B", 2, load=2)), (vehicle("V"),), {"V": ("A", "B")})
    day = lived(
        day,
        told(VisitServed, "1", 160, stop_id="A", delivered_load=3),
        told(VisitServed, "2", 320, stop_id="B", delivered_load=2),
    )
    assert (undelivered(day), asked(day)) == ((("A", 2),), [])
    assert any("2 units of stop A were not delivered" in words for words in warnings(day, told(DayClosed, "3", 900)))


def test_windows_and_availability_are_at_the_same_time_of_day():
    step = AvailabilityStep(from_s=100, until_s=900, at_home_ratio=0.5)
    one = replace(stop("A", 1, window=(200, 700)), availability=(step,))
    (over,) = carried_over(begun((one,), (vehicle("V"),), {}))
    assert over.windows == (TimeWindow(start_s=DAY_S + 200, end_s=DAY_S + 700),)
    assert over.availability == (replace(step, from_s=DAY_S + 100, until_s=DAY_S + 900),)
    (over,) = carried_over(begun((one,), (vehicle("V"),), {}), to=date(1970, 1, 4))
    assert over.windows == (TimeWindow(start_s=3 * DAY_S + 200, end_s=3 * DAY_S + 700),)


def test_a_window_of_another_day_stays_and_joins_what_it_touches():
    # The shift ends at 20,000.
    tomorrow = (TimeWindow(start_s=300, end_s=700), TimeWindow(start_s=DAY_S + 500, end_s=DAY_S + 900))
    day = lived(a_day(), told(WindowChanged, "1", 10, stop_id="A", windows=tomorrow))
    assert carried_over(day)[0].windows == (TimeWindow(start_s=DAY_S + 300, end_s=DAY_S + 900),)


def test_the_clocks_are_those_of_the_zone():
    # Clocks in Berlin go back on 25 October 2026 at 03:00: ten o'clock is 25 hours after ten o'clock.
    ten_s = int(datetime(2026, 10, 24, 8, tzinfo=UTC).timestamp())
    first = begun((stop("A", 1, window=(ten_s, ten_s + 3_600)),), (vehicle("V"),), {}).started
    shift = TimeWindow(start_s=ten_s - 3_600, end_s=ten_s + 20_000)
    berlin = replace(
        first, date="2026-10-24", time_zone="Europe/Berlin", vehicles=(replace(vehicle("V"), shift=shift),)
    )
    (over,) = carried_over(start(berlin))
    assert over.windows == (TimeWindow(start_s=ten_s + 25 * 3_600, end_s=ten_s + 26 * 3_600),)
