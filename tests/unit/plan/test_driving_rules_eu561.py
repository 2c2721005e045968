"""The worked day of two drivers, and each limit of Regulation (EC) No 561/2006 a minute beyond it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eu561_day import MINUTE_S, ORDERS, WORKED, clocks_along, instant, worked_day

from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.options import SolveOptions
from routing.plan.schedule import Clock, schedule
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.driving_rules import DrivingRules, eu_561
from routing.problem.model import Problem, Vehicle


def changed(vehicle_id: str, *, rules: DrivingRules | None = None, **clocks: Any) -> tuple[Problem, Vehicle]:
    """Return the day with other rules or clocks of a driver."""
    problem = worked_day()
    vehicle = next(each for each in problem.vehicles if each.id == vehicle_id)
    other = replace(
        vehicle,
        driving_rules=rules or vehicle.driving_rules,
        driving_clocks=replace(vehicle.driving_clocks, **clocks),
    )
    vehicles = tuple(other if each.id == vehicle_id else each for each in problem.vehicles)
    return replace(problem, vehicles=vehicles), other


def broken(problem: Problem, vehicle: Vehicle, order: tuple[str, ...]) -> list[tuple[str, str, int]]:
    run = Clock(problem).best_run(vehicle, order)
    assert run is not None
    return [(breach.code, breach.rule, breach.over_s) for breach in run.breaches]


def test_the_day_goes_as_it_was_worked_out_by_hand() -> None:
    problem = worked_day()
    routes = schedule(problem, ORDERS)
    rows = {vehicle.id: clocks_along(vehicle, route) for vehicle, route in zip(problem.vehicles, routes, strict=True)}
    assert rows == WORKED


def test_nothing_is_wrong_with_the_day() -> None:
    problem = worked_day()
    routes = schedule(problem, ORDERS)
    left = Unassigned(stop_id="Z", reason="DRIVING_RULES", detail="a minute too much")
    plan = Plan(routes=routes, unassigned=(left,), cost=plan_cost(problem, routes, ["Z"]))
    assert verify(problem, plan) == ()


def test_the_day_is_the_plan_that_is_found_for_it() -> None:
    plan = solve(worked_day(), SolveOptions(iterations=200))
    assert plan.orders() == ORDERS
    assert [left.stop_id for left in plan.unassigned] == ["Z"]


def test_one_more_minute_of_driving_than_nine_hours_is_refused_and_allowed_on_a_day_with_ten() -> None:
    # Over Z it is 10 + 111 minutes from Y to the depot instead of 120.
    problem, ann = changed("Ann")
    assert broken(problem, ann, ("X", "Y")) == []
    assert broken(problem, ann, ("X", "Y", "Z")) == [("DRIVING_RULES", "day", 60)]
    problem, ann = changed("Ann", rules=eu_561(extended=True))
    assert broken(problem, ann, ("X", "Y", "Z")) == []


@pytest.mark.parametrize(
    ("clocks", "rule"),
    [
        ({"driving_week_s": 52 * 3_600 + MINUTE_S}, "week"),
        ({"driving_fortnight_s": 86 * 3_600 + MINUTE_S}, "fortnight"),
        ({"on_duty_since_s": instant("01:29")}, "span"),
    ],
)
def test_a_minute_too_much_of_a_week_of_two_weeks_and_of_a_span_is_refused(clocks: dict[str, Any], rule: str) -> None:
    assert broken(*changed("Ben", **clocks), ("P", "Q")) == [("DRIVING_RULES", rule, 60)]
    a_minute_less = {name: figure + (60 if rule == "span" else -60) for name, figure in clocks.items()}
    assert broken(*changed("Ben", **a_minute_less), ("P", "Q")) == []


def test_a_reduced_daily_rest_allows_a_span_of_fifteen_hours() -> None:
    # Back at 14:30, fifteen hours after 23:30 of the day before.
    since_s = instant("00:00") - 30 * MINUTE_S
    assert broken(*changed("Ben", rules=eu_561(reduced_rest=True), on_duty_since_s=since_s), ("P", "Q")) == []
    late = changed("Ben", rules=eu_561(reduced_rest=True), on_duty_since_s=since_s - MINUTE_S)
    assert broken(*late, ("P", "Q")) == [("DRIVING_RULES", "span", 60)]


def test_without_its_first_part_the_whole_break_is_taken() -> None:
    problem, _ = changed("Ben", split_taken=False)
    (_, route) = schedule(problem, ORDERS)
    # From 10:50 to 11:35 instead of 11:20: back a quarter of an hour later.
    assert [(rest.start_s, rest.end_s) for rest in route.rests] == [(instant("10:50"), instant("11:35"))]
    assert route.end_s == instant("14:45")
