"""The figures of a day, each worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from routing.problem.model import Objective, TimeWindow
from routing.simulate.metrics import closed_gap, figures_of, promise_breaks, recovered
from routing.simulate.record import Attempt, DayRecord, Driven, Duty, Snapshot, Turned

WINDOW = (TimeWindow(start_s=1_000, end_s=5_000),)


@dataclass
class Asked:
    """A customer as the figures see one."""

    windows: tuple = ()
    cancelled_s: int | None = None
    priority: int = 0

    def windows_at(self, instant_s):
        return self.windows

    @property
    def stop(self):
        return SimpleNamespace(priority=self.priority)


def visit(stop_id, start_s, *, late_s=0, served=True):
    return Attempt(
        stop_id=stop_id,
        vehicle_id="V",
        arrive_s=start_s,
        start_s=start_s,
        end_s=start_s + 60,
        served=served,
        lateness_s=late_s,
    )


def record(attempts=(), snapshots=(), turned=(), duties=(), driven=()):
    return DayRecord(
        attempts=tuple(attempts),
        driven=tuple(driven),
        duties=tuple(duties),
        turned=tuple(turned),
        impossible=(),
        snapshots=tuple(snapshots),
        decisions=0,
    )


def plan(at_s, routes, begun=()):
    listed = {stop_id for visits in routes.values() for stop_id, _ in visits}
    return Snapshot(at_s=at_s, routes=routes, not_started=frozenset(listed - set(begun)))


def world(**customers):
    return SimpleNamespace(customers=customers)


def test_cost_and_punctuality_of_a_day():
    asked = world(A=Asked(WINDOW), B=Asked(WINDOW), C=Asked(priority=10), D=Asked(cancelled_s=7), E=Asked())
    day = record(
        attempts=[
            visit("A", 4_000),
            visit("B", 5_600, late_s=600),
            visit("E", 6_000, served=False),
            visit("E", 9_000),
            visit("D", 100),
        ],
        duties=[Duty(vehicle_id="V", left_s=0, back_s=7_200, overtime_s=120)],
        driven=[Driven(vehicle_id="V", trip=None, until_s=0, distance_m=20_000)],
    )
    figures = figures_of(asked, day, Objective())
    # D was cancelled: four count. C was never visited; B began 10 minutes late; E was served at the second visit.
    assert (figures.asked, figures.served, figures.first_attempts) == (4, 3, 2)
    assert (figures.on_time_ratio, figures.otif_ratio, figures.late_15_ratio) == (0.5, 0.5, 0.0)
    assert figures.lateness_min == 10
    # 2 h at 24.00, 20 km at 0.35, 10 min late and 2 min over at 0.50, one vehicle, C at twice 100.00.
    spent = figures.spent
    assert (spent.duty_cents, spent.distance_cents, spent.lateness_cents) == (4_800, 700, 600)
    assert (spent.vehicle_cents, spent.missed_cents, spent.total_cents) == (3_000, 20_000, 29_100)


def test_what_changed_between_two_plans():
    asked = world(A=Asked(), B=Asked(), C=Asked(), D=Asked(), E=Asked())
    before = plan(0, {"V": (("A", 100), ("B", 200), ("C", 300)), "W": (("D", 100), ("E", 200))})
    after = plan(60, {"V": (("C", 400), ("B", 500)), "W": (("D", 100), ("E", 260), ("A", 900))}, begun=["D"])
    turned = [Turned(vehicle_id="V", stop_id="A", at_s=60, excused=excused) for excused in (False, True)]
    found = figures_of(asked, record(snapshots=[before, after], turned=turned), Objective()).stability
    # D is begun: U is A, B, C, E. A changed vehicle. What follows A, B, C, E was B, C, none, none and is none, none,
    # B, A: all four differ. On V, B and C were turned: one pair of one; on W, E alone has no pair.
    assert (found.plans, found.reassigned, found.reassigned_ratio) == (2, 1, 0.25)
    assert found.successor_ratio == 1.0
    assert found.kendall_ratio == 1.0
    # Shifts: A 800, B 300, C 100, E 60 s; none leaves its half hour but nobody's promise is broken.
    assert found.shift_min == pytest.approx(1_260 / 4 / 60)
    assert found.promise_breaks == 0
    assert (found.churn, found.churn_excused) == (2, 1)
    assert found.nervousness == pytest.approx((1 + 1 + 0) / 5)


def test_a_promise_is_broken_once_and_then_given_anew():
    asked = world(A=Asked(WINDOW), B=Asked())
    starts = (1_000, 2_800, 2_801, 4_601, 4_602)
    plans = [plan(number, {"V": (("A", at_s), ("B", 10_000))}) for number, at_s in enumerate(starts)]
    # A is promised 1,000 (its window opens) to 2,800; 2,801 breaks it and promises 1,001 to 4,601; 4,602 breaks again.
    assert promise_breaks(asked, tuple(plans)) == 2


def test_begun_stops_break_no_promise():
    asked = world(A=Asked())
    assert promise_breaks(asked, (plan(0, {"V": (("A", 0),)}), plan(1, {"V": (("A", 9_000),)}, begun=["A"]))) == 0


def test_recovered_value_and_closed_gap():
    assert recovered(1_000, 700, 600) == 0.75
    assert recovered(500, 700, 500) == 0.0
    gap = closed_gap({1: 100, 2: 200, 3: 50}, {1: 90, 2: 150}, {1: 60, 2: 140})
    assert gap == pytest.approx((10 + 50) / (40 + 60))
