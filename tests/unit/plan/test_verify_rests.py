"""Breaks, rests and driving rules: plans that hold and plans that break one rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hand_plans import By, codes, hand_route
from small_problems import line_problem, van, window

from routing.plan.model import Rest
from routing.plan.repair import repair
from routing.plan.verify import verify
from routing.problem.model import Break, DrivingClocks, DrivingRules, Problem, Stop

FAR = Stop(id="E", place=4, service_s=100)
LUNCH = Break(id="lunch", window=window(300, 400), duration_s=60)
# To E it is 700 s: reached at 760 with a lunch of 60 s on the way, left at 860, home at 1,560.
PROBLEM = line_problem([FAR], [van(breaks=(LUNCH,))])


def _rest(leg: int, start_s: int, end_s: int, break_id: str | None = "lunch") -> Rest:
    return Rest(leg=leg, start_s=start_s, end_s=end_s, break_id=break_id)


def _codes(rests: tuple[Rest, ...], pauses_s: dict[int, int], problem: Problem = PROBLEM, **by: Any) -> list[str]:
    return codes(problem, hand_route(problem, "V0", "E", By(rests=rests, pause_s=pauses_s, **by)))


def test_a_break_lies_in_its_window_and_is_as_long_as_it_should_be() -> None:
    assert _codes((_rest(0, 300, 360),), {0: 60}) == []
    assert _codes((_rest(0, 400, 460),), {0: 60}) == []
    assert _codes((_rest(0, 299, 359),), {0: 60}) == ["BREAK_WINDOW"]
    assert _codes((_rest(0, 401, 461),), {0: 60}) == ["BREAK_WINDOW"]
    assert _codes((_rest(0, 300, 361),), {0: 61}) == ["BREAK_DURATION"]


def test_a_break_that_is_due_is_taken_once() -> None:
    assert _codes((), {}) == ["BREAK_MISSING"]
    assert _codes((_rest(0, 300, 360), _rest(0, 400, 460)), {0: 120}) == ["BREAK_TWICE"]
    assert _codes((_rest(0, 300, 360, "tea"),), {0: 60}) == ["BREAK_UNKNOWN", "BREAK_MISSING"]


@pytest.mark.parametrize("until_s", [1_499, 1_500])
def test_a_break_is_due_where_the_route_ends_after_its_window(until_s: int) -> None:
    # Without a break the route ends at 1,500.
    problem = line_problem([FAR], [van(breaks=(replace(LUNCH, window=window(300, until_s)),))])
    assert _codes((), {}, problem) == (["BREAK_MISSING"] if until_s < 1_500 else [])


def test_a_break_is_not_due_where_the_route_starts_after_its_window_and_may_be_taken_where_it_is_not_due() -> None:
    assert _codes((), {}, start_s=401) == []
    assert _codes((), {}, start_s=400) == ["BREAK_MISSING"]
    long = line_problem([FAR], [van(breaks=(replace(LUNCH, window=window(300, 9_000)),))])
    assert _codes((_rest(0, 300, 360),), {0: 60}, long) == []


def test_a_rest_lies_on_its_leg_and_after_the_rest_before() -> None:
    # The first leg leaves at 0 and arrives at 760, the second leaves at 860.
    assert _codes((_rest(1, 350, 410),), {0: 60}) == ["REST_PLACE", "PAUSE", "PAUSE"]
    assert _codes((_rest(2, 300, 360),), {0: 60}) == ["REST_PLACE", "PAUSE"]
    two = line_problem([FAR], [van(breaks=(LUNCH, Break(id="tea", window=window(500, 600), duration_s=60)))])
    assert _codes((_rest(0, 400, 460), _rest(0, 500, 560, "tea")), {0: 120}, two) == []
    assert "REST_PLACE" in _codes((_rest(0, 500, 560, "tea"), _rest(0, 400, 460)), {0: 120}, two)


def test_breaks_are_taken_in_their_order() -> None:
    two = (LUNCH, Break(id="tea", window=window(300, 400), duration_s=10))
    problem = line_problem([FAR], [van(breaks=two)])
    assert _codes((_rest(0, 300, 360), _rest(0, 360, 370, "tea")), {0: 70}, problem) == []
    assert _codes((_rest(0, 300, 310, "tea"), _rest(0, 310, 370)), {0: 70}, problem) == ["BREAK_ORDER"]


def test_a_leg_pauses_as_long_as_its_rests_and_the_waiting_for_a_window_take() -> None:
    assert _codes((_rest(0, 300, 360),), {0: 61}) == ["PAUSE"]
    assert _codes((_rest(0, 300, 360),), {0: 59}) == ["PAUSE"]
    assert _codes((), {1: 5}, line_problem([FAR])) == ["PAUSE"]
    # A is reached at 100; the break there begins when its window opens, 200 s later.
    near = line_problem([Stop(id="E", place=1)], [van(breaks=(replace(LUNCH, window=window(300, 350)),))])
    assert _codes((_rest(0, 300, 360),), {0: 260}, near) == []
    assert _codes((_rest(0, 310, 370),), {0: 270}, near) == ["PAUSE"]


RULES = DrivingRules(driving_until_break_s=600, break_s=90, split_s=(30, 60), driving_limit_s=1_400, span_limit_s=1_590)
DRIVEN = line_problem([FAR], [van(driving_rules=RULES)])


def _own(start_s: int, length_s: int, leg: int = 0) -> Rest:
    return _rest(leg, start_s, start_s + length_s, None)


def _driven(rests: tuple[Rest, ...], pauses_s: dict[int, int], **clocks: Any) -> list[str]:
    return _codes(rests, pauses_s, replace(DRIVEN, vehicles=(_driver(**clocks),)))


def _driver(**clocks: Any) -> Any:
    return replace(DRIVEN.vehicles[0], driving_clocks=DrivingClocks(**clocks))


def test_no_more_is_driven_without_a_break_than_allowed() -> None:
    # 600 s of driving, 90 s of rest, 100 s to E at 790, 890 - 1,590 home: 100 + 700 s, too much.
    assert _driven((_own(600, 90),), {0: 90}) == ["DRIVING_BREAK"]
    # A break at 200: then 500 s to E, and after 100 s of the way home again a break, 600 s are left.
    two = (_own(200, 90), _own(990, 90, leg=1))
    assert _driven(two, {0: 90, 1: 90}) == ["SPAN"]
    assert _codes(two, {0: 90, 1: 90}, replace(DRIVEN, vehicles=(_long_day(),))) == []
    later = (_own(200, 90), _own(991, 90, leg=1))
    assert _codes(later, {0: 90, 1: 90}, replace(DRIVEN, vehicles=(_long_day(),))) == ["DRIVING_BREAK"]


def _long_day(**clocks: Any) -> Any:
    return replace(_driver(**clocks), driving_rules=replace(RULES, span_limit_s=1_700))


def _long(rests: tuple[Rest, ...], pauses_s: dict[int, int], **clocks: Any) -> list[str]:
    return _codes(rests, pauses_s, replace(DRIVEN, vehicles=(_long_day(**clocks),)))


def test_a_break_may_come_in_two_parts_in_their_order() -> None:
    # 30 s at 200, 60 s at 600 (570 s driven), then 130 s to E at 790 and 470 s of the way home at 1,360.
    whole = _own(1_360, 90, leg=1)
    assert _long((_own(200, 30), _own(600, 60), whole), {0: 90, 1: 90}) == []
    assert _long((_own(200, 60), _own(600, 30), whole), {0: 90, 1: 90}) == ["DRIVING_BREAK", "DRIVING_BREAK"]
    # Before anything is driven there is nothing that a first part could interrupt.
    assert _long((_own(0, 30), _own(600, 60), whole), {0: 90, 1: 90})[:1] == ["DRIVING_BREAK"]
    # The first part was taken in the morning.
    assert _long((_own(500, 60), _own(1_260, 90, leg=1)), {0: 60, 1: 90}, split_taken=True) == []
    assert _long((_own(500, 60), _own(1_260, 90, leg=1)), {0: 60, 1: 90})[0] == "DRIVING_BREAK"


def test_what_was_driven_before_counts() -> None:
    two = (_own(200, 90), _own(990, 90, leg=1))
    assert _long(two, {0: 90, 1: 90}, driving_since_break_s=400) == []
    assert _long(two, {0: 90, 1: 90}, driving_since_break_s=401) == ["DRIVING_BREAK"]


def test_a_break_of_the_vehicle_counts_where_it_is_long_enough() -> None:
    own = _own(990, 90, leg=1)
    for length_s, found in ((90, []), (89, ["DRIVING_BREAK"])):
        lunch = Break(id="lunch", window=window(200, 210), duration_s=length_s)
        vehicle = replace(_long_day(), breaks=(lunch,))
        rests = (_rest(0, 200, 200 + length_s), replace(own, start_s=900 + length_s, end_s=990 + length_s))
        problem = replace(DRIVEN, vehicles=(vehicle,))
        # 89 s count as a first part only, so that 600 s are driven when E is not yet left for 100 s.
        assert _codes(rests, {0: length_s, 1: 90}, problem)[:1] == found


@pytest.mark.parametrize(
    ("code", "limit", "clocks"),
    [
        ("DRIVING_DAY", {"driving_limit_s": 1_500}, {"driving_today_s": 100}),
        ("DRIVING_WEEK", {"week_limit_s": 1_500}, {"driving_week_s": 100}),
        ("DRIVING_FORTNIGHT", {"fortnight_limit_s": 1_500}, {"driving_fortnight_s": 100}),
        ("SPAN", {"span_limit_s": 1_600}, {"on_duty_since_s": -100}),
        ("SPAN", {"span_limit_s": 1_500}, {}),
    ],
)
def test_limits_of_day_and_weeks_count_what_was_before(
    code: str, limit: dict[str, int], clocks: dict[str, int]
) -> None:
    # 1,400 s of driving; the route lasts 1,500 s.
    free = DrivingRules(driving_until_break_s=None, driving_limit_s=None, span_limit_s=None, week_limit_s=None)
    for less, found in ((0, []), (1, [code])):
        rules = replace(free, **{name: value - less for name, value in limit.items()})
        vehicle = van(driving_rules=rules, driving_clocks=DrivingClocks(**clocks))
        assert _codes((), {}, replace(DRIVEN, vehicles=(vehicle,))) == found


def test_rests_for_the_driving_rules_are_those_that_they_know() -> None:
    short = replace(RULES, driving_until_break_s=2_000)
    quiet = replace(DRIVEN, vehicles=(van(driving_rules=short),))
    assert _codes((_own(100, 90),), {0: 90}, quiet) == []
    assert _codes((_own(100, 89),), {0: 89}, quiet) == ["REST_LENGTH"]
    assert _codes((_own(100, 90),), {0: 90}, line_problem([FAR])) == ["REST_NEEDLESS"]


def test_a_break_without_a_name_is_not_taken_for_one_that_the_rules_ask_for() -> None:
    nameless = Break(id="", window=window(0, 100), duration_s=5)
    rules = DrivingRules(driving_until_break_s=50, break_s=10, split_s=None)
    problem = line_problem([Stop(id="A", place=1)], [van(breaks=(nameless,), driving_rules=rules)])
    assert verify(problem, repair(problem)) == ()


def test_who_must_drive_home_may_drive_more_than_the_day_allows_but_rests() -> None:
    tired = DrivingClocks(driving_today_s=1_400, driving_since_break_s=500)
    vehicle = van(used=True, start_place=2, driving_rules=RULES, driving_clocks=tired)
    problem = line_problem([], [vehicle])
    assert codes(problem, hand_route(problem, "V0", "")) == ["DRIVING_BREAK"]
    rested = By(rests=(_own(100, 90),), pause_s={0: 90})
    assert codes(problem, hand_route(problem, "V0", "", rested)) == []
