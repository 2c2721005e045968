"""How chances are judged, by hand."""

from __future__ import annotations

import pytest

from routing.simulate.calibration import Told, judged
from routing.simulate.record import Attempt, DayRecord


def visit(stop_id, start_s, *, late_s=0, vehicle_id="V"):
    return Attempt(
        stop_id=stop_id,
        vehicle_id=vehicle_id,
        arrive_s=start_s,
        start_s=start_s,
        end_s=start_s + 60,
        served=True,
        lateness_s=late_s,
    )


def day(*attempts):
    return DayRecord(attempts=attempts, driven=(), duties=(), turned=(), impossible=(), snapshots=(), decisions=0)


def told(stop_id, on_time, p10_s, p90_s, *, at_s=0, before=()):
    return Told(at_s=at_s, vehicle_id="V", stop_id=stop_id, before=before, on_time=on_time, p10_s=p10_s, p90_s=p90_s)


def test_scores_and_coverage():
    real = day(visit("A", 100), visit("B", 300, late_s=50), visit("C", 900))
    said = [told("A", 0.9, 90, 110), told("B", 0.4, 310, 400), told("C", None, 500, 800), told("D", 1.0, 0, 1)]
    found = judged(said, real, kept_only=False)
    # D was never visited. (0.9 - 1)² + (0.4 - 0)² = 0.17 of two; half came in time, so the mean scores 0.25.
    assert (found.chances, found.on_time, found.intervals) == (2, 1, 3)
    assert found.brier == pytest.approx(0.085)
    assert found.skill == pytest.approx(1 - 0.085 / 0.25)
    assert (found.early, found.late, found.coverage) == (1, 1, pytest.approx(1 / 3))
    assert found.bins[9] == (1, 0.9, 1)
    assert found.bins[4] == (1, 0.4, 0)


def test_the_next_visit_counts():
    real = day(visit("A", 100), visit("A", 700, late_s=1))
    assert judged([told("A", 1.0, 600, 800, at_s=200)], real, kept_only=False).on_time == 0


def test_kept_is_what_had_the_named_stops_before_it():
    real = day(visit("A", 100), visit("B", 300), visit("C", 500))
    kept = told("B", 1.0, 0, 1, before=("A",))
    other = told("C", 1.0, 0, 1, before=("A",))
    assert judged([kept, other], real, kept_only=True).chances == 1
