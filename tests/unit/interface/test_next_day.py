"""What a day leaves is what the next one reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from small_days import begun, stop, vehicle

from routing.events.carry_over import carried_over
from routing.events.fold import apply
from routing.events.types import StopCancelled, VisitFailed, VisitServed
from routing.interface.next_day import stops_text
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
    path.write_text(stops_text(over, "UTC", last_s=2 * 86_400), encoding="utf-8")
    first, second = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert (first.stop_id, first.attempts, first.load, first.address) == ("B", 2, 2, 'Rue "du Port", 3')
    assert first.columns == (("notes", "ring"),)
    assert first.location == asked[1].location
    # 01:00 to 02:00, on the day after.
    assert [(window.start_s, window.end_s) for window in second.windows] == [(90_000, 93_600)]


def test_a_window_of_a_later_date_keeps_it(tmp_path: Path) -> None:
    third = 2 * 86_400
    windows = (TimeWindow(start_s=90_000, end_s=93_600), TimeWindow(start_s=third + 7_200, end_s=third + 10_800))
    path = tmp_path / "stops.csv"
    path.write_text(stops_text([replace(stop("A", 1), windows=windows)], "UTC", last_s=third), encoding="utf-8")
    assert "01:00,02:00,1970-01-03T02:00:00+00:00" in path.read_text(encoding="utf-8")
    (found,) = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert found.windows == windows
