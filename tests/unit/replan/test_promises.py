"""What customers are told, on a road where 1 km takes 100 s."""

from __future__ import annotations

from dataclasses import replace

from small_days import begun, publication, rest_of, stop, vehicle

from routing.events.fold import apply
from routing.events.types import VisitServed
from routing.problem.model import TimeWindow
from routing.replan.assess import retime
from routing.replan.promises import promised, promises


def test_a_promise_lies_around_the_planned_start_within_its_window():
    early, late = TimeWindow(start_s=0, end_s=1_000), TimeWindow(start_s=2_000, end_s=9_000)
    asked = stop("A", 1, window=(0, 1_000))
    assert promised(asked, 900, 300) == TimeWindow(start_s=600, end_s=1_000)
    assert promised(stop("A", 1), 900, 300) == TimeWindow(start_s=600, end_s=1_200)
    both = type(asked)(id="A", location=asked.location, windows=(early, late))
    assert promised(both, 2_100, 300) == TimeWindow(start_s=2_000, end_s=2_400)
    # Who comes late is expected late.
    assert promised(asked, 1_400, 300) == TimeWindow(start_s=1_100, end_s=1_700)


def test_a_plan_promises_once_and_again_only_where_it_breaks_its_word():
    day = begun([stop("A", 1), stop("B", 2)], [vehicle("V")], {"V": ("A", "B")}, promise_s=120)
    rest = rest_of(day, 0)
    plan = retime(day, rest)
    # V leaves at 0: A begins at 100, B at 260.
    assert promises(day, plan) == (("A", -20, 220), ("B", 140, 380))
    told = replace(publication(day, rest, plan, 0), promises=promises(day, plan))
    day = apply(day, told)
    assert promises(day, plan) == ()
    # A was served at 270 instead of 160: B begins at 370, within its promise. At 290 it is 390, 10 s out of it.
    for at_s, given in ((270, ()), (290, (("B", 270, 510),))):
        after = apply(day, VisitServed(id="s", known_at_s=at_s, effective_at_s=at_s, stop_id="A"))
        assert promises(after, retime(after, rest_of(after, at_s))) == given
