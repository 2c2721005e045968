"""Repair: any orders become a plan that holds, near what was given, without a search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_problems import line_problem, line_travel, van, window

from routing import SolveOptions, repair, solve, verify
from routing.errors import InputError
from routing.plan.gaps import LAST, Gaps
from routing.plan.price import route_cents
from routing.plan.schedule import Clock
from routing.problem.model import Objective, Stop

ONE, TWO, FOUR = Stop(id="one", place=1), Stop(id="two", place=2), Stop(id="four", place=3)
VANS = (van(), van(id="V1"))


def repaired(stops, initial, vehicles=VANS, travel=None):
    problem = line_problem(stops, vehicles, travel)
    plan = repair(problem, initial)
    assert verify(problem, plan) == ()
    return plan


def test_orders_that_hold_stay_as_they_are_though_others_are_shorter():
    given = (("V0", ("two", "one")), ("V1", ("four",)))
    assert tuple(repaired([ONE, TWO, FOUR], given).orders().items()) == given


def test_missing_stops_go_where_they_add_least():
    # Two lies on the way to four; one would cost 1 km more behind four than before it, for it lies on the way too.
    plan = repaired([ONE, TWO, FOUR], [("V0", ("four",))])
    assert plan.orders() == {"V0": ("one", "two", "four")}


def test_a_stop_whose_window_moved_leaves_its_place_for_one_where_it_holds():
    # Two opens when the van is back from four: 400 s there, and 200 s back to it.
    late = replace(TWO, windows=(window(600, 700),))
    early = [replace(stop, windows=(window(0, 400),)) for stop in (ONE, FOUR)]
    plan = repaired([*early, late], [("V0", ("one", "two", "four"))], [van()])
    assert plan.orders() == {"V0": ("one", "four", "two")}


def test_what_nobody_knows_stands_there_twice_or_is_too_much_is_left_aside():
    heavy = replace(FOUR, load=8)
    given = [("V9", ("one",)), ("V0", ("two", "nothing", "two", "four")), ("V1", ("two", "one"))]
    plan = repaired([ONE, replace(TWO, load=4), heavy], given)
    # The load of four does not fit beside that of two, so another van takes it; before one or behind it is 8 km.
    assert plan.orders() == {"V0": ("two",), "V1": ("four", "one")}


def test_stops_change_to_vehicles_that_may_serve_them():
    only = replace(TWO, allowed_vehicles=("V1",))
    assert repaired([ONE, only], [("V0", ("one", "two"))]).orders() == {"V0": ("one",), "V1": ("two",)}


def test_what_cannot_be_served_is_said_with_its_reason():
    gone, shut = replace(FOUR, load=99), replace(TWO, windows=(window(0, 100),))
    plan = repaired([ONE, shut, gone], [("V0", ("two", "four", "one"))])
    assert {each.stop_id: each.reason for each in plan.unassigned} == {"four": "CAPACITY", "two": "WINDOW"}
    assert plan.orders() == {"V0": ("one",)}


def test_a_stop_that_no_road_reaches_any_more_is_taken_out():
    plan = repaired([ONE, FOUR], [("V0", ("one", "four"))], travel=line_travel(cut_off=[3]))
    assert plan.orders() == {"V0": ("one",)}
    assert plan.unassigned[0].reason == "UNREACHABLE"


def test_stops_that_roads_reach_keep_their_places_between_several_that_none_does():
    seven = Stop(id="seven", place=4)
    # From nothing one would come before two (see below): that it does not tells that they were never taken out.
    given = [("V0", ("four", "seven", "two", "one"))]
    plan = repaired([ONE, TWO, FOUR, seven], given, travel=line_travel(cut_off=[3, 4]))
    assert plan.orders() == {"V0": ("two", "one")}


def test_from_nothing_all_stops_are_added_and_nothing_is_a_plan_too():
    assert repaired([ONE, TWO, FOUR], []).orders() == {"V0": ("one", "two", "four")}
    assert repaired([], [("V0", ("one",))]).routes == ()


def test_committed_visits_stay_first_whatever_is_given():
    plan = repaired([ONE, TWO, FOUR], [("V0", ("one", "two", "four"))], [van(committed=("four",)), VANS[1]])
    assert plan.orders()["V0"][0] == "four"


def test_faults_of_the_problem_come_all_at_once():
    with pytest.raises(InputError) as told:
        repair(line_problem([replace(ONE, load=-1), replace(ONE, service_s=-1)]), [])
    assert {issue.code for issue in told.value.issues} == {"NEGATIVE", "DUPLICATE_ID"}


def test_gaps_price_waiting_saved_by_leaving_later():
    # One opens at 1,000 s: the van leaves at 900 and is back at 1,100, 200 s in all. With four behind it, it drives
    # 3 km there and 4 km back, 800 s in all; with four before it, it leaves at 300: 400 + 300 + 100 s.
    free = Objective(duty_cents_per_h=3600, distance_cents_per_km=0)
    problem = replace(line_problem([replace(ONE, windows=(window(1_000, 2_000),)), FOUR], [van()]), objective=free)
    clock = Clock(problem)
    ranked = list(Gaps(clock, {"V0": ("one",)}, {"V0": ()}).ranked(FOUR))
    assert ranked == [(600.0, 0, 0), (600.0, 0, 1)]
    assert route_cents(clock, problem.vehicles[0], ("one", "four")) == 800 + 3_000
    assert route_cents(clock, problem.vehicles[0], ("one",)) == 200 + 3_000


def test_gaps_that_only_quicker_drives_could_mend_come_last():
    # In the second slice all drives take twice as long; by the table of the first one two is reached at 9,950 + 200 s.
    travel = line_travel(factors=(1, 2))
    shut = replace(TWO, windows=(window(9_000, 10_100),))
    problem = line_problem([ONE, shut], [van(shift=window(9_950, 20_000))], travel)
    assert [cents >= LAST for cents, _, _ in Gaps(Clock(problem), {"V0": ()}, {"V0": ()}).ranked(shut)] == [True]
    single = replace(problem, travel=line_travel())
    assert list(Gaps(Clock(single), {"V0": ()}, {"V0": ()}).ranked(shut)) == []


def test_what_does_not_pay_alone_is_added_where_it_pays_together():
    # The van costs 3,000, the 14 km to seven and back 490 and 1,400 s of duty 933: more than one stop is worth here,
    # less than two. One alone is left out.
    seven, near = Stop(id="seven", place=4), Stop(id="near", place=4)
    dear = replace(line_problem([seven, near], [van()]), objective=Objective(unserved_cents=2_500))
    assert set(repair(dear).orders()["V0"]) == {"seven", "near"}
    alone = repair(replace(dear, stops=(seven,)))
    assert [(each.stop_id, each.reason) for each in alone.unassigned] == [("seven", "COST")]


def test_a_run_goes_on_from_another_one_as_if_it_were_followed_from_the_start():
    late = replace(TWO, windows=(window(0, 100),), lateness_allowed=True)
    clock, vehicle = Clock(line_problem([ONE, late, FOUR], [van()])), van()
    known = clock.follow(vehicle, ("one", "two", "four"), 0)
    for alike in range(3):
        order = (*("one", "two", "four")[:alike], "four")
        order = order if alike < 3 else order[:-1]
        assert clock.follow(vehicle, order, 0, like=known, alike=alike) == clock.follow(vehicle, order, 0)


def test_tables_of_more_vehicles_than_stops_are_priced_by_one_of_those_that_are_alike():
    fleet = [van(id=f"V{number}") for number in range(5)]
    assert set(repaired([ONE], [], fleet).orders()) == {"V0"}
    assert np.isfinite(repaired([ONE], [], fleet).cost.total_cents)


def test_a_search_that_is_given_orders_tells_of_the_repaired_plan_first():
    told = []
    options = SolveOptions(iterations=1, initial=(("V0", ("two", "four")),), on_progress=told.append)
    problem = line_problem([ONE, TWO, FOUR], [van()])
    plan = solve(problem, options)
    repaired_plan = repair(problem, options.initial)
    assert (told[0].iterations, dict(told[0].orders)) == (0, repaired_plan.orders())
    assert told[0].cost_cents == repaired_plan.cost.total_cents >= plan.cost.total_cents
