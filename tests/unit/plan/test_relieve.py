"""A repaired plan moves the stops that make it late; sums by hand on the line of `small_problems`."""

from __future__ import annotations

from dataclasses import replace

from small_problems import line_problem, van, window

from routing.plan.repair import repair
from routing.plan.verify import verify
from routing.problem.model import FollowFee, Problem, StartFee, Stop

VANS = (van(start_fixed=True), van(id="V1", start_fixed=True))


def _orders(problem: Problem, **orders: str) -> dict[str, tuple[str, ...]]:
    plan = repair(problem, tuple((vehicle_id, tuple(order)) for vehicle_id, order in orders.items()))
    assert verify(problem, plan) == ()
    return {vehicle_id: order for vehicle_id, order in plan.orders().items() if order}


def test_a_stop_that_has_become_hours_late_comes_first() -> None:
    # D is 700 s away; C's 4,000 s of service make it 3,900 s late, 3,250 cents, and nobody waits for C
    stops = [
        Stop(id="C", place=3, service_s=4_000),
        Stop(id="D", place=4, windows=(window(0, 800),), lateness_allowed=True),
    ]
    assert _orders(line_problem(stops, VANS[:1]), V0="CD") == {"V0": ("D", "C")}


def test_it_stays_where_its_move_costs_more_than_it_spares() -> None:
    stops = [
        Stop(id="C", place=3, service_s=4_000),
        Stop(
            id="D",
            place=4,
            windows=(window(0, 800),),
            lateness_allowed=True,
            follow_fee=FollowFee(vehicle_id="V0", after_stop_id="C", cents=4_000),
        ),
    ]
    assert _orders(line_problem(stops, VANS[:1]), V0="CD") == {"V0": ("C", "D")}


def test_a_dear_hour_is_left_to_who_pays_nothing_for_it() -> None:
    # D costs 2,000 cents from 4,700 s on, when V0 has served C; alone with V1, 3,000 for it and 490 + 933 for the way
    fee = StartFee(from_s=4_700, until_s=9_000, cents=2_000)
    stops = [Stop(id="C", place=3, service_s=4_000), Stop(id="D", place=4, start_fees=(fee,))]
    problem = line_problem(stops, VANS)
    assert _orders(problem, V0="CD") == {"V0": ("D", "C")}
    dear = replace(stops[1], vehicle_fees=(("V1", 3_000),), windows=(window(4_600, 9_000),))
    assert _orders(line_problem([stops[0], dear], VANS), V0="CD") == {"V0": ("C", "D")}
