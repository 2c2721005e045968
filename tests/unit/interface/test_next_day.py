"""What a day leaves is what the next one reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from small_days import begun, stop, vehicle

from routing.events.asked import AvailabilityStep
from routing.events.carry_over import carried_over
from routing.events.fold import apply
from routing.events.types import StopCancelled, VisitFailed, VisitServed
from routing.interface.day_rows import day_stop
from routing.interface.next_day import next_calendar, stops_text
from routing.interface.read_stops import read_stops
from routing.problem.model import TimeWindow


def test_what_was_not_served_goes_over_with_its_failed_visits(tmp_path: Path) -> None:
    asked = [stop(key, 1 + number, window=(3_600, 7_200), load=2) for number, key in enumerate("ABCD")]
    asked[1] = replace(asked[1], attempts=1, address='Rue "du Port", 3', columns=(("notes", "ring"),))
    day = begun(asked, [vehicle("V")], {"V": ("A", "B", "C")})
    for event in (
        VisitServed(id="1", known_at_s=9, effective_at_s=9, stop_id="A"),
        VisitFailed(id="2", known_at_s=9, effective_at_s=9, stop_id="B", reason="nobody"),
        StopCancelled(id="3", known_at_s=9, effective_at_s=9, stop_id="D"),
    ):
        day = apply(day, event)
    over = carried_over(day)
    assert [(each.id, each.attempts) for each in over] == [("B", 2), ("C", 0)]
    path = tmp_path / "stops.csv"
    path.write_text(stops_text(over, next_calendar(day)), encoding="utf-8")
    first, second = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert (first.stop.id, first.attempts, first.stop.load, first.stop.address) == ("B", 2, 2, 'Rue "du Port", 3')
    assert first.stop.columns == (("notes", "ring"),)
    assert first.location == asked[1].location
    # 01:00 to 02:00, on the day after.
    assert [(window.start_s, window.end_s) for window in second.stop.windows] == [(90_000, 93_600)]


def test_windows_that_times_of_day_cannot_say_are_written_in_full(tmp_path: Path) -> None:
    # A whole day, one of 90 seconds, and the customer's word about the day after the next one.
    spans = [(0, 86_400), (3_600, 3_690), (180_000, 183_600)]
    asked = [
        replace(stop(f"S{number}", 1), windows=(TimeWindow(start_s=start_s, end_s=end_s),))
        for number, (start_s, end_s) in enumerate(spans)
    ]
    step = AvailabilityStep(from_s=0, until_s=86_400, at_home_ratio=0.25)
    asked[0] = replace(asked[0], availability=(step,))
    day = begun(asked, [vehicle("V")], {})
    path = tmp_path / "stops.csv"
    path.write_text(stops_text(carried_over(day), next_calendar(day)), encoding="utf-8")
    read = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    # The first two a day later; the last one stays where it is.
    assert [(each.stop.windows[0].start_s, each.stop.windows[0].end_s) for each in read] == [
        (86_400, 172_800),
        (90_000, 90_090),
        (180_000, 183_600),
    ]
    assert read[0].availability == (replace(step, from_s=86_400, until_s=172_800),)


def test_a_third_window_has_columns_of_its_own(tmp_path: Path) -> None:
    windows = tuple(TimeWindow(start_s=3_600 * hour, end_s=3_600 * hour + 600) for hour in (1, 2, 3))
    day = begun([replace(stop("A", 1), windows=windows), stop("B", 2)], [vehicle("V")], {})
    path = tmp_path / "stops.csv"
    path.write_text(stops_text(carried_over(day), next_calendar(day)), encoding="utf-8")
    first, second = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert [window.start_s for window in first.stop.windows] == [90_000, 93_600, 97_200]
    assert second.stop.windows == ()


def test_what_a_stop_asks_for_goes_over_and_nothing_else_has_a_column(tmp_path: Path) -> None:
    asked = replace(
        stop("A", 1),
        skills_all=("lift", "two men"),
        skills_one_of=("ice box",),
        skills_none_of=("loud",),
        allowed_vehicles=("V", "W"),
        forbidden_vehicles=("X",),
        preferred_drivers=("Ana",),
        territory="north",
        unserved_cents=500,
        walk_s=60,
        vehicle_fees=(("V", 300),),
        lateness_allowed=True,
        loads=(("cold", 2),),
        release_s=86_400 + 8 * 3_600,
        due_s=86_400 + 17 * 3_600,
        lateness_cents_per_min=0,
        lateness_limit_s=600,
        service_by_type=(("truck", 900),),
        setup_s=120,
    )
    calendar = next_calendar(begun([], [vehicle("V")], {}))
    path = tmp_path / "stops.csv"
    path.write_text(stops_text([asked, stop("B", 2)], calendar), encoding="utf-8")
    first, second = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert replace(day_stop(first), location=asked.location) == asked
    assert replace(day_stop(second), location=stop("B", 2).location) == stop("B", 2)
    assert stops_text([stop("B", 2)], calendar).splitlines()[0].endswith("availability,attempts")


def test_goods_that_came_are_there_the_day_after_and_due_at_the_same_time() -> None:
    """Shifts end at 20,000; A is due at 22:00, B's goods come and are wanted two days later."""
    first = replace(stop("A", 1), release_s=4_000, due_s=79_200)
    second = replace(stop("B", 1), release_s=2 * 86_400, due_s=2 * 86_400 + 7_000)
    over = carried_over(begun([first, second], [vehicle("V")], {}))
    assert [(each.release_s, each.due_s) for each in over] == [(None, 86_400 + 79_200), (172_800, 179_800)]


def test_a_window_of_a_later_date_keeps_it_beside_one_of_the_next_day(tmp_path: Path) -> None:
    third_s = 2 * 86_400
    windows = (TimeWindow(start_s=90_000, end_s=93_600), TimeWindow(start_s=third_s + 7_200, end_s=third_s + 10_800))
    text = stops_text([replace(stop("A", 1), windows=windows)], next_calendar(begun([], [vehicle("V")], {})))
    assert "01:00,02:00,1970-01-03T02:00:00+00:00,1970-01-03T03:00:00+00:00" in text
    path = tmp_path / "stops.csv"
    path.write_text(text, encoding="utf-8")
    (found,) = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert found.stop.windows == windows
