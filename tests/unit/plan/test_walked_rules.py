"""What the walked kernel makes of one rule: 100 s and 35 cents a kilometre, 2 cents for 3 s, 3000 to leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_problems import line_problem, van, window
from walked_routes import WalkedRoutes

from routing.plan.options import SolveOptions
from routing.plan.schedule import Clock
from routing.plan.solve import solve
from routing.problem.model import Break, Depot, DrivingRules, FollowFee, Problem, Shipment, Stop, Vehicle


def _cents(problem: Problem, *order: str) -> float | None:
    return WalkedRoutes(Clock(problem)).cents("V0", order)


def _asked(*stops: Stop, vehicle: Vehicle | None = None, **changes: Any) -> Problem:
    return replace(line_problem(stops, [vehicle or van()]), **changes)


def test_setup_is_spent_once_at_a_place() -> None:
    one, other = (Stop(id=name, place=1, setup_s=60) for name in "AB")
    # 100 s there, 60 s of setup, 100 s back, 2 km
    assert _cents(_asked(one), "A") == pytest.approx(3000 + 260 * 2 / 3 + 70)
    assert _cents(_asked(one, other), "A", "B") == pytest.approx(3000 + 260 * 2 / 3 + 70)


def test_a_break_is_taken_while_waiting_or_spared_by_leaving_after_its_window() -> None:
    stop = Stop(id="A", place=4, windows=(window(2_000, 2_000),))
    breaks = (Break(id="B", window=window(0, 1_000), duration_s=300),)
    # 700 s each way: who leaves at 1,300 needs no break, who is on duty from 0 waits for 1,300 s in any case
    assert _cents(_asked(stop, vehicle=van(breaks=breaks)), "A") == pytest.approx(3000 + 1_400 * 2 / 3 + 490)
    on_duty = van(breaks=breaks, start_fixed=True)
    assert _cents(_asked(stop, vehicle=on_duty), "A") == pytest.approx(3000 + 2_700 * 2 / 3 + 490)
    # a break of 1,400 s does not fit before the window
    long = van(breaks=(replace(breaks[0], duration_s=1_400),), start_fixed=True)
    assert _cents(_asked(stop, vehicle=long), "A") is None


def test_rests_of_driving_rules_are_as_late_as_allowed() -> None:
    rules = DrivingRules(driving_until_break_s=300, break_s=100, split_s=None)
    # 1,400 s of driving: rests after 300, 600, 900 and 1,200 s
    problem = _asked(Stop(id="A", place=4), vehicle=van(driving_rules=rules))
    assert _cents(problem, "A") == pytest.approx(3000 + 1_800 * 2 / 3 + 490)


def test_a_reload_makes_room_and_serves_something() -> None:
    stops = (Stop(id="A", place=1, load=1), Stop(id="B", place=2, load=1))
    vehicle = van(capacity=1, reload_depots=("D",))
    problem = _asked(*stops, vehicle=vehicle, depots=(Depot(id="D", place=0, reload_s=50),))
    # 100 + 100 s, 50 s at the depot, 200 + 200 s; 6 km
    assert _cents(problem, "A", "D", "B") == pytest.approx(3000 + 650 * 2 / 3 + 210)
    assert _cents(problem, "A", "B") is None
    assert _cents(problem, "A", "D") is None
    short = replace(problem, depots=(Depot(id="D", place=0, stock=(("load", 0),)),))
    assert _cents(short, "A", "D", "B") is None


def test_a_trip_leaves_when_its_goods_are_released() -> None:
    stop = Stop(id="A", place=1, load=1, release_s=1_000, due_s=1_100)
    assert _cents(_asked(stop), "A") == pytest.approx(3000 + 200 * 2 / 3 + 70)
    assert _cents(_asked(replace(stop, due_s=1_099)), "A") is None
    assert _cents(_asked(stop, vehicle=van(start_fixed=True)), "A") is None


def test_shipments_keep_order_room_and_what_was_loaded_last() -> None:
    stops = tuple(Stop(id=name, place=place) for name, place in (("P", 1), ("p", 1), ("D", 2), ("d", 2)))
    shipments = (
        Shipment(id="1", pickup_stop_id="P", delivery_stop_id="D", load=6),
        Shipment(id="2", pickup_stop_id="p", delivery_stop_id="d", load=4),
    )
    problem = _asked(*stops, shipments=shipments)
    assert _cents(problem, "P", "p", "D", "d") == pytest.approx(3000 + 400 * 2 / 3 + 140)
    assert _cents(problem, "D", "P") is None
    assert _cents(problem, "P") is None
    assert _cents(replace(problem, vehicles=(van(capacity=9),)), "P", "p", "D", "d") is None
    lifo = replace(problem, vehicles=(van(lifo=True),))
    assert _cents(lifo, "P", "p", "D", "d") is None
    assert _cents(lifo, "P", "p", "d", "D") == pytest.approx(3000 + 400 * 2 / 3 + 140)


def test_the_second_of_two_equal_vehicles_is_tried_where_a_stop_is_to_be_its_first() -> None:
    stop = Stop(id="A", place=1, setup_s=60, follow_fee=FollowFee(vehicle_id="V1", after_stop_id=None, cents=5_000))
    problem = line_problem([stop], [van(), replace(van(), id="V1")])
    plan = solve(problem, SolveOptions(iterations=20))
    assert plan.orders() == {"V1": ("A",)}
    assert plan.cost.preference_cents == 0
