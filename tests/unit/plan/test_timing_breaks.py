"""Breaks in windows and rests for driving rules, by hand, on a line with 100 s a kilometre."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from small_problems import line_problem, van, window

from routing.plan.model import Rest, Route
from routing.plan.resting import Driven, drive_leg
from routing.plan.schedule import Clock
from routing.problem.model import Break, DrivingClocks, DrivingRules, Problem, Stop

LUNCH = Break(id="lunch", window=window(300, 500), duration_s=200)
TEA = Break(id="tea", window=window(800, 900), duration_s=50)
RULES = DrivingRules(
    driving_until_break_s=500,
    break_s=90,
    split_s=(30, 60),
    driving_limit_s=None,
    span_limit_s=None,
    week_limit_s=None,
    fortnight_limit_s=None,
)


def fixed(**changes: Any) -> Problem:
    """Return a fixed start at 0 and stops of 50 s at 1, 2, 4 and 7 km."""
    stops = [Stop(id=name, place=place, service_s=50) for place, name in enumerate("ABCD", start=1)]
    return line_problem(stops, [van(start_fixed=True, **changes)])


def timed(problem: Problem, *order: str) -> Route:
    return Clock(problem).route(problem.vehicles[0], order)


def starts(route: Route) -> list[int]:
    return [visit.start_s for visit in route.visits]


def rest(leg: int, start_s: int, end_s: int, break_id: str | None = None) -> Rest:
    return Rest(leg=leg, start_s=start_s, end_s=end_s, break_id=break_id)


def test_a_break_is_taken_on_arrival_while_its_window_lasts_and_else_at_its_last_instant() -> None:
    route = timed(fixed(breaks=(LUNCH,)), "A", "B", "C")
    # A 100-150, B 250-300, C at 500: lunch there is over at 700. Before A the van would wait for 300 and lose 400 s, on
    # arrival at B 250 s; after C, left at 550, it is too late, and home would be 950 without it: it is due.
    assert route.rests == (rest(2, 500, 700, "lunch"),)
    assert starts(route) == [100, 250, 700]
    assert [leg.pause_s for leg in route.legs] == [0, 0, 200, 0]
    assert route.end_s == 1_150
    far = timed(fixed(breaks=(LUNCH,)), "A", "D")
    # A is left at 150, D is reached at 750: lunch lies on the road at 500, the last instant.
    assert far.rests == (rest(1, 500, 700, "lunch"),)
    assert starts(far) == [100, 950]


def test_the_driver_waits_for_a_break_where_that_is_quicker_than_anything_else() -> None:
    late = replace(LUNCH, window=window(120, 200))
    problem = fixed(breaks=(late,))
    long = replace(problem.stops[0], service_s=500)
    route = timed(replace(problem, stops=(long, *problem.stops[1:])), "A")
    # A is served from 100 to 600, and lunch begins by 200: before A, where the driver waits from 100 to 120.
    assert route.rests == (rest(0, 120, 320, "lunch"),)
    assert (route.visits[0].arrive_s, route.visits[0].waiting_s, route.legs[0].pause_s) == (320, 0, 220)
    assert route.end_s == 920


def test_a_break_fills_the_waiting_for_a_window() -> None:
    problem = fixed(breaks=(LUNCH,))
    waiting = replace(problem.stops[1], windows=(window(600, 900),))
    route = timed(replace(problem, stops=(problem.stops[0], waiting)), "A", "B")
    # B is reached at 250, lunch is from 300 to 500, and B opens at 600: 100 s of waiting are left.
    assert route.rests == (rest(1, 300, 500, "lunch"),)
    assert (route.visits[1].arrive_s, route.visits[1].waiting_s, route.visits[1].start_s) == (500, 100, 600)


def test_several_breaks_come_one_after_the_other_and_none_that_is_not_due() -> None:
    route = timed(fixed(breaks=(LUNCH, TEA)), "D")
    # 700 s to D: lunch on the road from 500 to 700, then 200 s more; D is reached at 900, when tea begins at last.
    # It could be taken later nowhere: D is left at 1000.
    assert route.rests == (rest(0, 500, 700, "lunch"), rest(0, 900, 950, "tea"))
    assert starts(route) == [950]
    assert route.legs[0].arrive_s == 950
    # Back before its window is over: no lunch, but for one who leaves after it none either.
    assert timed(fixed(breaks=(LUNCH,)), "A").rests == ()
    assert timed(fixed(shift=window(501, 9_000), breaks=(LUNCH,)), "D").rests == ()


def test_a_break_that_the_order_leaves_no_room_for_is_forbidden_by_the_seconds_that_it_is_late() -> None:
    problem = fixed(breaks=(Break(id="early", window=window(110, 120), duration_s=200),))
    strict = replace(problem.stops[0], service_s=30, windows=(window(0, 100),))
    problem = replace(problem, stops=(strict, *problem.stops[1:]))
    run = Clock(problem).best_run(problem.vehicles[0], ("A",))
    # Before A it would make that one 210 s late; A is left at 130, so that it begins 10 s after its window.
    assert run is not None
    assert [(each.code, each.at, each.over_s, each.bound_s) for each in run.breaches] == [("BREAK", "early", 10, 120)]
    assert run.forbidden_s == 10


def test_leaving_after_a_break_spares_it() -> None:
    stop = Stop(id="A", place=1, windows=(window(400, 2_000),))
    problem = line_problem([stop], [van(breaks=(Break(id="lunch", window=window(450, 460), duration_s=300),))])
    # Leaving at 300 for A at 400 the van would be home at 500, after 460: 300 s of lunch more. Leaving at 461 it is out
    # for 200 s.
    route = timed(problem, "A")
    assert (route.start_s, route.end_s, route.rests) == (461, 661, ())


def test_driving_rules_ask_for_a_break_on_the_road() -> None:
    route = timed(fixed(driving_rules=RULES), "C", "D")
    # C after 400 s, left at 450; after 100 s more a break at 550 of 90 s, D 200 s later at 840, left at 890. From
    # 300 s of driving left at 890 + 300 = 1190 another one, home at 1680.
    assert route.rests == (rest(1, 550, 640), rest(2, 1_190, 1_280))
    assert starts(route) == [400, 840]
    assert route.end_s == 1_680


def test_waiting_is_a_break_where_it_is_long_enough_and_a_first_part_where_it_is_not() -> None:
    problem = fixed(driving_rules=RULES)
    whole = replace(problem.stops[2], windows=(window(490, 900),))
    route = timed(replace(problem, stops=(*problem.stops[:2], whole, problem.stops[3])), "C", "D")
    # 90 s before C opens: the break lies there, and arriving means being back from it.
    # C left at 540, D at 840-890 after 300 s of driving; 200 s later the next break.
    assert route.rests == (rest(0, 400, 490), rest(2, 1_090, 1_180))
    assert (route.visits[0].arrive_s, route.visits[0].waiting_s) == (490, 0)
    part = replace(whole, windows=(window(440, 900),))
    route = timed(replace(problem, stops=(*problem.stops[:2], part, problem.stops[3])), "C", "D")
    # 40 s before C opens: 30 s are the first part, 10 s of waiting are left. C left at 490, after 100 s of driving the
    # second part of 60 s at 590, D at 850.
    assert route.rests[:2] == (rest(0, 400, 430), rest(1, 590, 650))
    assert (route.visits[0].waiting_s, route.visits[1].start_s) == (10, 850)


def test_a_break_in_a_window_counts_for_the_driving_rules_where_it_is_long_enough() -> None:
    long = replace(LUNCH, window=window(300, 1_000), duration_s=90)
    route = timed(fixed(driving_rules=RULES, breaks=(long,)), "D")
    # The drive of 700 s needs a break after 500 s, and lunch may be then. On the way back, from 840 on, a rest after
    # 300 s, since 200 s were driven after lunch.
    assert route.rests == (rest(0, 500, 590, "lunch"), rest(1, 1_140, 1_230))
    assert starts(route) == [790]


def test_clocks_that_a_driver_brings_in_shorten_the_first_drive() -> None:
    clocks = DrivingClocks(driving_since_break_s=450)
    assert timed(fixed(driving_rules=RULES, driving_clocks=clocks), "A").rests == (rest(0, 50, 140),)
    split = replace(clocks, split_taken=True)
    assert timed(fixed(driving_rules=RULES, driving_clocks=split), "A").rests == (rest(0, 50, 110),)
    over = replace(clocks, driving_since_break_s=600)
    assert timed(fixed(driving_rules=RULES, driving_clocks=over), "A").rests == (rest(0, 0, 90),)


def test_one_leg_with_breaks_and_rests() -> None:
    tea = Break(id="tea", window=window(480, 600), duration_s=40)
    # Driven 300 s before: at 200 s the rules ask for a break; tea is not open then. The rest is over at 290; 210 s
    # later the halt is reached, and tea is taken there at 500, where it is a first part.
    assert drive_leg(RULES, (tea,), 0, 410, 300, split=False) == Driven(
        540, 210, True, ((200, 290, None), (500, 540, "tea")), ()
    )
    # With tea open at 200 it is taken there; it is no whole break, so that the second part follows at once.
    early = replace(tea, window=window(100, 600))
    assert drive_leg(RULES, (early,), 0, 410, 300, split=False) == Driven(
        510, 210, False, ((200, 240, "tea"), (240, 300, None)), ()
    )
    # A rest of 90 s at 200 would end after tea's window, which opens at 250: tea is 20 s late.
    short = replace(tea, window=window(250, 270))
    assert drive_leg(RULES, (short,), 0, 410, 300, split=False).missed == (("tea", 20),)
    # Nothing driven, nothing to split: a break before the first drive is no first part.
    assert not drive_leg(RULES, (replace(tea, window=window(0, 10)),), 0, 0, 0, split=False).split
