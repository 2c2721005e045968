"""Times of visits, open ends, trips and limits: plans that hold and plans that break one rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hand_plans import By, codes, hand_plan, hand_route
from small_problems import line_problem, line_travel, van, window

from routing.plan.model import Cost
from routing.plan.verify import verify
from routing.problem.model import (
    Depot,
    Objective,
    Problem,
    StartFee,
    Stop,
)

A, B, C = Stop(id="A", place=1), Stop(id="B", place=2), Stop(id="C", place=3)


def _one(by: By, *, vehicle: dict[str, Any] | None = None, **stop_fields: Any) -> list[str]:
    """Judge a route to A, 1 km away: it is reached 100 s after the start."""
    problem = line_problem([replace(A, **stop_fields)], [van(**(vehicle or {}))])
    return codes(problem, hand_route(problem, "V0", "A", by))


def test_setup_is_spent_once_per_place_and_before_the_waiting() -> None:
    stops = [replace(A, setup_s=30), Stop(id="a", place=1, setup_s=30), replace(C, setup_s=40)]
    problem = line_problem(stops)
    assert codes(problem, hand_route(problem, "V0", "A a C", By(setup_s={0: 30, 2: 40}))) == []
    assert codes(problem, hand_route(problem, "V0", "A a C", By(setup_s={0: 30, 1: 30, 2: 40}))) == ["SETUP"]
    assert codes(problem, hand_route(problem, "V0", "A a C", By(setup_s={0: 30}))) == ["SETUP"]
    # 100 s of driving, 30 s of setup, 170 s of waiting
    assert _one(By(setup_s={0: 30}, wait_s={0: 170}), setup_s=30, windows=(window(300, 400),)) == []


def test_setup_is_spared_at_the_start_place_unless_the_start_is_open() -> None:
    problem = line_problem([Stop(id="S", place=0, setup_s=30)])
    assert codes(problem, hand_route(problem, "V0", "S")) == []
    opened = replace(problem, vehicles=(van(open_start=True),))
    assert codes(opened, hand_route(opened, "V0", "S")) == ["SETUP"]
    assert codes(opened, hand_route(opened, "V0", "S", By(setup_s={0: 30}))) == []


def test_a_service_starts_as_soon_as_it_may() -> None:
    two = (window(0, 50), window(300, 400))
    assert _one(By(wait_s={0: 200}), windows=two) == []
    assert _one(By(wait_s={0: 201}), windows=two) == ["IDLE"]
    assert _one(By(wait_s={0: 1})) == ["IDLE"]


def test_a_service_takes_as_long_as_the_type_of_the_vehicle_and_the_walk_want() -> None:
    stop: dict[str, Any] = {"service_s": 60, "service_by_type": (("bike", 90), ("truck", 30)), "walk_s": 10}
    assert _one(By(stay_s={0: 80}), **stop) == []
    assert _one(By(stay_s={0: 110}), vehicle={"type": "bike"}, **stop) == []
    assert _one(By(stay_s={0: 80}), vehicle={"type": "bike"}, **stop) == ["SERVICE"]


def test_a_service_is_over_when_it_is_due_however_late_it_may_be() -> None:
    late: dict[str, Any] = {"windows": (window(0, 40),), "lateness_allowed": True, "service_s": 50}
    by = By(late_s={0: 60})
    assert _one(by, due_s=150, **late) == []
    assert _one(by, due_s=149, **late) == ["DUE"]
    assert _one(by, lateness_limit_s=60, **late) == []
    assert _one(by, lateness_limit_s=59, **late) == ["LATENESS_LIMIT"]


def test_overtime_has_its_limit() -> None:
    vehicle: dict[str, Any] = {"shift": window(0, 150), "overtime_allowed": True}
    assert _one(By(overtime_s=50), vehicle={**vehicle, "overtime_limit_s": 50}) == []
    assert _one(By(overtime_s=50), vehicle={**vehicle, "overtime_limit_s": 49}) == ["OVERTIME_LIMIT"]


def test_an_open_route_begins_at_its_first_visit_and_ends_with_its_last() -> None:
    problem = line_problem([A, C], [van(open_start=True, open_end=True)])
    route = hand_route(problem, "V0", "A C")
    assert (route.end_s, [leg.distance_m for leg in route.legs]) == (300, [0, 3_000, 0])
    assert codes(problem, route) == []
    closed = line_problem([A, C])
    assert set(codes(closed, route)) == {"LEG_PLACE", "LEG_DURATION", "LEG_DISTANCE"}


def test_a_vehicle_that_is_out_need_not_drive_home_where_its_end_is_open() -> None:
    problem = line_problem([], [van(used=True, start_place=2)])
    assert codes(problem) == ["ROUTE_MISSING"]
    assert codes(replace(problem, vehicles=(van(used=True, start_place=2, open_end=True),))) == []


def test_each_profile_drives_at_its_own_pace() -> None:
    slow = line_travel(factors=(3,))
    problem = replace(
        line_problem([A], [van(profile="bike")]), profile_travel=(("foot", line_travel()), ("bike", slow))
    )
    assert codes(problem, hand_route(problem, "V0", "A")) == ["LEG_DURATION", "LEG_DURATION"]
    assert codes(replace(problem, vehicles=(van(profile="car"),)), hand_route(problem, "V0", "A")) == []


DEPOT = Depot(id="D", place=2, windows=(window(250, 400),), reload_s=60, stock=(("load", 5),))
TRIPS = replace(
    line_problem([replace(A, load=2), replace(B, load=2), replace(C, load=3)], [van(reload_depots=("D",))]),
    depots=(DEPOT, Depot(id="E", place=0)),
)
# A at 100, the depot at 200, open at 250, loaded at 310, C at 510, B at 710
TRIPS_BY = By(wait_s={1: 50}, load_after=(0, 5, 2, 0))


def _trips(order: str = "A D C B", by: By = TRIPS_BY, depot: Depot = DEPOT, **changes: Any) -> list[str]:
    problem = replace(TRIPS, vehicles=(replace(TRIPS.vehicles[0], **changes),), depots=(depot, TRIPS.depots[1]))
    return codes(problem, hand_route(problem, "V0", order, by))


def test_a_vehicle_reloads_where_and_when_it_may() -> None:
    assert _trips() == []
    assert _trips(reload_depots=("E",)) == ["RELOAD_DEPOT"]
    assert _trips(reloads_limit=1) == []
    assert _trips(reloads_limit=0) == ["RELOADS_LIMIT"]
    assert _trips(depot=replace(DEPOT, windows=(window(0, 199),)), by=replace(TRIPS_BY, wait_s={})) == ["RELOAD_LATE"]
    assert _trips(by=replace(TRIPS_BY, wait_s={1: 51})) == ["IDLE"]
    assert _trips(by=replace(TRIPS_BY, stay_s={1: 59})) == ["RELOAD_DURATION"]
    assert _trips(by=replace(TRIPS_BY, late_s={1: 1})) == ["LATENESS"]
    assert _trips(by=replace(TRIPS_BY, setup_s={1: 10}, wait_s={1: 40})) == ["SETUP"]


def test_each_reload_is_for_a_stop() -> None:
    assert _trips("D A C B", By(wait_s={0: 50}, load_after=(7, 5, 2, 0)), replace(DEPOT, stock=None)) == []
    at_the_end = By(wait_s={1: 50}, load_after=(0, 0))
    assert _trips("A D", at_the_end) == ["RELOAD_EMPTY"]
    twice = By(wait_s={1: 50}, load_after=(0, 0, 5, 2, 0))
    assert _trips("A D D C B", twice) == ["RELOAD_EMPTY"]


def test_a_reload_at_no_depot_is_found() -> None:
    problem = replace(TRIPS, depots=TRIPS.depots[1:])
    assert codes(problem, hand_route(TRIPS, "V0", "A D C B", TRIPS_BY)) == ["RELOAD_DEPOT"]


def test_no_more_is_loaded_at_a_depot_than_it_has() -> None:
    # C and B take 5 of the depot's load; A does too where the first trip is loaded there, unless it is on board
    assert _trips(depot=replace(DEPOT, stock=(("load", 4),))) == ["STOCK"]
    assert _trips(depot=replace(DEPOT, stock=())) == ["STOCK"]
    assert _trips(start_depot="D") == ["STOCK"]
    assert _trips(start_depot="E") == []
    carried = replace(TRIPS, stops=(replace(TRIPS.stops[0], on_board="V0"), *TRIPS.stops[1:]))
    carried = replace(carried, vehicles=(replace(TRIPS.vehicles[0], start_depot="D"),))
    assert codes(carried, hand_route(carried, "V0", "A D C B", TRIPS_BY)) == []


def test_a_committed_stop_may_be_left_out_where_its_depot_has_too_little() -> None:
    problem = line_problem([replace(A, load=2)], [van(start_depot="D", committed=("A",))])
    assert codes(replace(problem, depots=(DEPOT,))) == ["COMMITTED"]
    assert codes(replace(problem, depots=(replace(DEPOT, stock=(("load", 1),)),))) == []


def test_a_left_out_commitment_is_not_judged_where_limited_metres_change_through_the_day() -> None:
    vehicles = [van(committed=("A",), distance_limit_m=2_000)]
    assert codes(line_problem([A], vehicles)) == ["COMMITTED"]
    assert codes(line_problem([A], vehicles, line_travel(factors=(1, 2)))) == []
    free = [replace(vehicles[0], distance_limit_m=None)]
    assert codes(line_problem([A], free, line_travel(factors=(1, 2)))) == ["COMMITTED"]


def test_named_loads_have_a_stock_of_their_own() -> None:
    stops = [replace(A, loads=(("cold", 2),))]
    vehicles = [van(start_depot="D", capacities=(("cold", 9),))]
    by = By(wait_s={0: 0}, loads_after=((("cold", 0),),))
    for stock, found in (((("cold", 2),), []), ((("cold", 1),), ["STOCK"]), ((("load", 9),), ["STOCK"])):
        problem = replace(line_problem(stops, vehicles), depots=(replace(DEPOT, stock=stock),))
        assert codes(problem, hand_route(problem, "V0", "A", by)) == found


def _released(order: str, by: By, *releases_s: int | None, **changes: Any) -> list[str]:
    stops = [replace(stop, release_s=release_s) for stop, release_s in zip(TRIPS.stops, releases_s, strict=True)]
    problem = replace(TRIPS, stops=tuple(stops), vehicles=(replace(TRIPS.vehicles[0], **changes),))
    return codes(problem, hand_route(problem, "V0", order, by))


def test_a_trip_is_loaded_when_its_goods_are_released() -> None:
    assert _released("A D C B", TRIPS_BY, None, 250, 200) == []
    # 50 s of waiting for the window, then 40 s for the goods: these too are waited for no longer than needed
    later = replace(TRIPS_BY, wait_s={1: 90})
    assert _released("A D C B", TRIPS_BY, None, 290, None) == ["RELEASE"]
    assert _released("A D C B", later, None, 290, 280) == []
    assert _released("A D C B", later, None, 289, None) == ["IDLE"]


def test_the_first_trip_leaves_when_its_goods_are_released() -> None:
    started = By(start_s=30, wait_s={1: 20}, load_after=(0, 5, 2, 0))
    assert _released("A D C B", started, 30, None, None) == []
    assert _released("A D C B", started, 31, None, None) == ["RELEASE"]
    assert _released("A D C B", TRIPS_BY, 30, None, None, start_fixed=True) == ["RELEASE"]


LIMITS: list[tuple[str, dict[str, int]]] = [
    # A and C at 1 and 4 km, 60 s of waiting: 860 s, 8 km, 800 s of driving, 2 stops
    ("DURATION_LIMIT", {"duration_limit_s": 860}),
    ("DISTANCE_LIMIT", {"distance_limit_m": 8_000}),
    ("DRIVING_LIMIT", {"driving_limit_s": 800}),
    ("STOPS_LIMIT", {"stops_limit": 2}),
]


@pytest.mark.parametrize(("code", "limit"), LIMITS)
def test_a_route_keeps_its_limits(code: str, limit: dict[str, int]) -> None:
    for less, found in ((0, []), (1, [code])):
        bound = {name: value - less for name, value in limit.items()}
        problem = line_problem([replace(A, windows=(window(160, 200),)), C], [van(**bound)])
        assert codes(problem, hand_route(problem, "V0", "A C", By(wait_s={0: 60}))) == found


def test_a_reload_is_no_stop() -> None:
    assert _trips(stops_limit=3) == []
    assert _trips(stops_limit=2) == ["STOPS_LIMIT"]


def test_who_must_drive_home_may_break_limits() -> None:
    limits: dict[str, Any] = {"duration_limit_s": 1, "distance_limit_m": 1, "driving_limit_s": 1}
    problem = line_problem([], [van(used=True, start_place=2, shift=window(0, 1), **limits)])
    assert codes(problem, hand_route(problem, "V0", "", By(overtime_s=199))) == []


COSTLY = line_problem(
    [
        replace(A, windows=(window(0, 40),), lateness_allowed=True, lateness_cents_per_min=600),
        replace(B, windows=(window(0, 170),), lateness_allowed=True, preferred_drivers=("ann",), territory="south"),
        Stop(id="E", place=4, unserved_cents=777),
        Stop(id="F", place=4, priority=5),
    ],
    [
        van(driver="bob", territories=(), territory_fee_cents=9, overtime_allowed=True, shift=window(0, 390)),
        van(id="V1", used=True),
    ],
)
COSTLY_ROUTE = By(late_s={0: 60, 1: 30}, overtime_s=10)
COST = Cost(
    duty_cents=267,  # 400 s of 2,400 an hour: 266.7
    distance_cents=140,  # 4 km of 35
    vehicle_cents=3_000,
    lateness_cents=633,  # 60 s of 600 a minute, 30 s and 10 s of 50: 633.3
    unserved_cents=15_777,  # 777, and 10,000 with half as much again
    preference_cents=13,  # 4 for another driver than ann, 9 since B is not at home
    balance_cents=12,  # 400 s are a ninth of an hour: 1,000 / 81 = 12.3
)


def _cost_faults(problem: Problem, cost: Cost = COST, by: By = COSTLY_ROUTE) -> list[tuple[str, str]]:
    plan = hand_plan(problem, hand_route(problem, "V0", "A B", by), cost=cost)
    found = verify(problem, plan)
    assert {violation.code for violation in found} <= {"COST"}
    return [(violation.where, violation.cause) for violation in found]


PRICED = replace(COSTLY, objective=Objective(other_driver_cents=4, balance_cents_per_h2=1_000))


def test_each_part_of_the_cost_is_added_up_again() -> None:
    assert _cost_faults(PRICED) == []
    for part in Cost.__dataclass_fields__:
        true = getattr(COST, part)
        wrong = replace(COST, **{part: true + 1})
        assert _cost_faults(PRICED, wrong) == [(f"cost.{part}", f"is {true + 1}, the plan amounts to {true}")]


def test_a_vehicle_has_its_own_prices() -> None:
    vehicle = replace(
        PRICED.vehicles[0],
        vehicle_cents=5,
        duty_cents_per_h=360,
        distance_cents_per_km=10,
        overtime_cents_per_h=7_200,
        start_fixed=True,
    )
    problem = replace(PRICED, vehicles=(vehicle, PRICED.vehicles[1]))
    # 10 s of overtime for 2 cents each: 600 + 25 + 20
    cost = replace(COST, duty_cents=40, distance_cents=40, vehicle_cents=5, lateness_cents=645)
    assert _cost_faults(problem, cost) == []


def test_fees_by_the_start_and_by_the_vehicle_are_preferences() -> None:
    fees = (StartFee(from_s=100, until_s=100, cents=50), StartFee(from_s=101, until_s=300, cents=70))
    stops = (replace(PRICED.stops[0], start_fees=fees, vehicle_fees=(("V0", 3), ("V1", 8))), *PRICED.stops[1:])
    assert _cost_faults(replace(PRICED, stops=stops), replace(COST, preference_cents=66)) == []
