"""Explanations of single stops, worked out on a line of places: a kilometre takes 100 s."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import line_problem, van, window

from routing.errors import InputError
from routing.plan.explain_stop import explain_stop
from routing.plan.repair import repair
from routing.problem.model import Break, Depot, DrivingClocks, DrivingRules, Problem, Shipment, Stop


def stop(name: str, place: int = 1, **changes) -> Stop:
    return Stop(id=name, place=place, **changes)


def told(problem: Problem, stop_id: str):
    """Return reason, obstacles as (vehicle, code) and relaxations as (code, of, amount) of a stop of the repaired."""
    found = explain_stop(problem, repair(problem), stop_id)
    assert found.lines
    obstacles = [(each.vehicle_id, each.code) for each in found.obstacles]
    return found.reason, obstacles, {(each.code, each.of, each.amount) for each in found.relaxations}


def test_a_window_that_closes_too_early_by_so_much():
    # Place 4 is 700 s away. The window closes at 500: 200 s too early, or the shift begins 200 s late.
    reason, obstacles, helps = told(line_problem([stop("A", 4, windows=(window(0, 500),))]), "A")
    assert reason == "WINDOW"
    assert obstacles == [("V0", "WINDOW")]
    assert helps == {("WINDOW", "A", 200), ("SHIFT", "V0", 200)}


def test_a_window_that_closes_too_late_for_the_shift():
    # There at 700, open at 1,500, back at 2,200: the shift until 2,000 is 200 s too short, the window opens 200 s late.
    problem = line_problem([stop("A", 4, windows=(window(1_500, 1_800),))], [van(shift=window(0, 2_000))])
    assert told(problem, "A") == ("SHIFT", [("V0", "SHIFT")], {("SHIFT", "V0", 200), ("WINDOW", "A", 200)})


def test_room_for_so_many_units_more():
    # Both vehicles have 3 left; the first one would need 2 more for 5, the second one may not go there.
    stops = [stop("A", load=7, priority=100), stop("B", load=7, priority=100), stop("C", load=5, skills_all=("lift",))]
    stops[0], stops[1] = (replace(each, allowed_vehicles=(f"V{n}",)) for n, each in enumerate(stops[:2]))
    problem = line_problem(stops, [van(skills=("lift",)), van(id="V1", capacity=20)])
    reason, obstacles, helps = told(problem, "C")
    assert reason == "FLEET_FULL"
    assert obstacles == [("V0", "CAPACITY"), ("V1", "SKILL")]
    assert helps == {("CAPACITY", "V0", 2), ("SKILL", "V1", 1)}


def test_a_dear_stop_is_served_for_a_higher_penalty():
    # 14 km at 35 cents and 1,400 s at 24.00 an hour: 490 + 933 cents and 3,000 for the vehicle.
    problem = line_problem([stop("A", 4, unserved_cents=100)])
    found = explain_stop(problem, repair(problem), "A")
    assert found.reason == "COST"
    assert [(each.code, each.amount, each.words) for each in found.relaxations] == [
        ("COST", 4_423, "a penalty above 44.23 for leaving A out")
    ]


@pytest.mark.parametrize(
    ("asked", "vehicle", "reason", "helps"),
    [
        ({"forbidden_vehicles": ("V0",)}, {}, "NO_VEHICLE", {("NO_VEHICLE", "A", 1)}),
        ({"territory": "north"}, {"territories": ()}, "TERRITORY", {("TERRITORY", "V0", 1)}),
        ({"skills_none_of": ("dog",)}, {"skills": ("dog",)}, "SKILL", {("SKILL", "V0", 1)}),
        ({"on_board": "V1", "forbidden_vehicles": ("V1",)}, {}, "OTHER_BOARD", {("NO_VEHICLE", "A", 1)}),
        ({"loads": (("cold", 3),)}, {"capacities": (("cold", 1),)}, "CAPACITY", {("CAPACITY", "V0", 2)}),
        # 7 km there and 7 back
        ({"place": 4}, {"distance_limit_m": 13_000}, "DISTANCE_LIMIT", {("DISTANCE_LIMIT", "V0", 1_000)}),
        ({"place": 4}, {"driving_limit_s": 1_300}, "DRIVING_LIMIT", {("DRIVING_LIMIT", "V0", 100)}),
        ({"service_s": 60}, {"duration_limit_s": 200}, "DURATION_LIMIT", {("DURATION_LIMIT", "V0", 60)}),
        ({"setup_s": 30, "due_s": 100}, {}, "DUE", {("DUE", "A", 30), ("SHIFT", "V0", 30)}),
        ({}, {"stops_limit": 0}, "STOPS_LIMIT", {("STOPS_LIMIT", "V0", 1)}),
        (
            {"lateness_allowed": True, "lateness_limit_s": 10, "windows": (window(0, 60),)},
            {},
            "LATENESS_LIMIT",
            {("LATENESS_LIMIT", "A", 30), ("SHIFT", "V0", 30)},
        ),
        # the goods are ready 50 s after the fixed start
        (
            {"release_s": 50, "load": 1},
            {"start_fixed": True},
            "RELEASE",
            {("RELEASE", "A", 50)},
        ),
    ],
)
def test_one_rule_stands_in_the_way(asked, vehicle, reason, helps):
    fleet = [van(**vehicle), *([van(id="V1")] if asked.get("on_board") else [])]
    found = told(line_problem([stop("A", **asked)], fleet), "A")
    assert found[0] == reason
    assert found[2] == helps


def test_goods_that_may_not_meet_and_goods_that_miss_others():
    stops = [stop("A", load=1, goods="food", priority=100), stop("B", load=1, goods="paint")]
    problem = replace(line_problem(stops), incompatible_goods=(("food", "paint"),))
    assert told(problem, "B") == ("FLEET_FULL", [("V0", "GOODS_APART")], {("GOODS_APART", "food, paint", 1)})
    problem = replace(line_problem(stops[1:]), required_goods=(("paint", "brush"),))
    reason, _, helps = told(problem, "B")
    assert (reason, helps) == ("GOODS_REQUIRED", {("GOODS_REQUIRED", "paint, brush", 1)})


def test_a_depot_without_stock_and_one_that_is_shut():
    stops = [stop("A", load=6, priority=100), stop("B", load=5)]
    depot = Depot(id="X", place=0, stock=(("load", 8),))
    problem = replace(line_problem(stops, [van(capacity=20, start_depot="X")]), depots=(depot,))
    assert told(problem, "B") == ("STOCK", [("V0", "STOCK")], {("STOCK", "X", 3)})
    # 10 units go in two trips; A and back takes 200 s, the depot is shut from 150 on
    stops = [stop("A", load=6, priority=100), stop("B", load=6)]
    depot = Depot(id="X", place=0, windows=(window(0, 150),))
    problem = replace(line_problem(stops, [van(capacity=6, reload_depots=("X",))]), depots=(depot,))
    _, obstacles, helps = told(problem, "B")
    assert obstacles in ([("V0", "CAPACITY")], [("V0", "DEPOT_WINDOW")])
    assert {("DEPOT_WINDOW", "X", 50), ("CAPACITY", "V0", 6)} <= helps


def test_a_shipment_is_explained_by_the_stop_that_fails():
    stops = [stop("P", 1), stop("D", 4, windows=(window(0, 500),))]
    problem = replace(
        line_problem(stops), shipments=(Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D", load=1),)
    )
    assert told(problem, "P")[0] == "SHIPMENT"
    assert told(problem, "D") == ("WINDOW", [("V0", "WINDOW")], {("WINDOW", "D", 200), ("SHIFT", "V0", 200)})


def test_a_break_that_would_come_too_late():
    # A service from 100 to 1,100, while the break begins by 600: it must begin 500 s later.
    rest = Break(id="noon", window=window(500, 600), duration_s=300)
    problem = line_problem([stop("A", service_s=1_000, windows=(window(0, 300),))], [van(breaks=(rest,))])
    assert told(problem, "A") == ("BREAK", [("V0", "BREAK")], {("BREAK", "V0", 500)})


def test_nothing_helps_that_could_not_be_asked_for():
    # At A at 100, done at 170: the break must begin by 160, so it gives 10 s, or the shift begins as much earlier.
    rest = Break(id="b0", window=window(150, 160), duration_s=60)
    late = replace(rest, id="b1", window=window(230, 900))
    problem = line_problem([stop("A", service_s=70, windows=(window(0, 100),))], [van(breaks=(rest, late))])
    assert told(problem, "A")[2] == {("BREAK", "V0", 10), ("SHIFT", "V0", 10)}
    # Given 10 s the first break could last until 230, when the second one has begun.
    late = replace(late, window=window(229, 900))
    problem = line_problem([stop("A", service_s=70, windows=(window(0, 100),))], [van(breaks=(rest, late))])
    assert told(problem, "A")[2] == {("SHIFT", "V0", 10)}
    # A shift that begins at 800 instead of 1,000 would begin before the driver's duty.
    clocks = DrivingClocks(on_duty_since_s=900)
    driver = van(shift=window(1_000, 9_000), driving_rules=DrivingRules(), driving_clocks=clocks)
    problem = line_problem([stop("A", 4, windows=(window(0, 1_500),))], [driver])
    assert told(problem, "A")[2] == {("WINDOW", "A", 200)}


def test_a_stop_that_forbids_the_fleet_says_so():
    # What is said of a stop's vehicles is what it asks for, not what is left of that.
    plan = repair(line_problem([stop("A", forbidden_vehicles=("V0",)), stop("B", allowed_vehicles=())]))
    assert [(left.reason, left.detail) for left in plan.unassigned] == [
        ("NO_VEHICLE", "it forbids V0"),
        ("NO_VEHICLE", "it allows none, and no such vehicle in service may serve it"),
    ]


def test_what_binds_a_served_stop():
    stops = [stop("A", 1, load=10, windows=(window(100, 100),)), stop("B", 2, windows=(window(900, 1_000),))]
    problem = line_problem(stops, [van(stops_limit=2)])
    plan = repair(problem)
    found = explain_stop(problem, plan, "A")
    assert (found.vehicle_id, found.reason, found.relaxations, found.obstacles) == ("V0", None, (), ())
    assert [(each.code, each.of) for each in found.binding] == [("CAPACITY", "V0"), ("STOPS_LIMIT", "V0")]
    # With a minute more at A it still is at B before that opens; there the vehicle waits.
    assert ("WINDOW", "B") in [(each.code, each.of) for each in explain_stop(problem, plan, "B").binding]


def test_a_stop_that_nobody_knows():
    problem = line_problem([stop("A")])
    with pytest.raises(InputError, match="STOP_UNKNOWN"):
        explain_stop(problem, repair(problem), "B")
