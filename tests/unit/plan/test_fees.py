"""Fees for when, by whom and after which other stop a stop is served; sums worked out by hand.

Four stops stand at 1, 2, 4 and 7 km; a kilometre takes 100 s and costs 35 cents, an hour 2,400 cents.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import line_problem, van, window

from routing.plan.cost import plan_cost
from routing.plan.options import SolveOptions
from routing.plan.schedule import schedule
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import FollowFee, Problem, StartFee, Stop

STOPS = tuple(Stop(id=name, place=place) for place, name in enumerate("ABCD", start=1))
VANS = (van(start_fixed=True), van(id="V1", start_fixed=True))


def with_fees(**fees: Stop) -> Problem:
    """Return the four stops, of which some are given otherwise, and two vehicles on duty from instant 0."""
    return line_problem([fees.get(stop.id, stop) for stop in STOPS], VANS)


def fees_cents(problem: Problem, orders: dict[str, tuple[str, ...]]) -> int:
    """Return the fees of a plan; the other parts of its cost must not know of them."""
    left_out = {stop.id for stop in problem.stops} - {name for order in orders.values() for name in order}
    cost = plan_cost(problem, schedule(problem, orders), left_out)
    plain = plan_cost(replace(problem, stops=STOPS), schedule(problem, orders), left_out)
    assert replace(cost, preference_cents=0) == plain
    assert cost.total_cents == plain.total_cents + cost.preference_cents
    return cost.preference_cents


@pytest.mark.parametrize(
    ("opens_s", "cents"),
    [(0, 70), (399, 70), (400, 70), (401, 0), (499, 0), (500, 9), (600, 9), (601, 0)],
)
def test_a_start_fee_is_charged_between_two_instants_both_included(opens_s: int, cents: int) -> None:
    # C is reached at 400 s and waits for its window where that opens later
    fees = (StartFee(from_s=400, until_s=400, cents=70), StartFee(from_s=500, until_s=600, cents=9))
    stop = replace(STOPS[2], windows=(window(opens_s, 9_000),), start_fees=fees)
    assert fees_cents(with_fees(C=stop), {"V0": ("A", "B", "C", "D")}) == cents


def test_nobody_waits_for_a_lower_start_fee() -> None:
    # 5 s later it would be free, and waiting 5 s costs 3 cents; still service starts at once
    stop = replace(STOPS[2], windows=(window(0, 9_000),), start_fees=(StartFee(from_s=0, until_s=404, cents=500),))
    assert fees_cents(with_fees(C=stop), {"V0": ("A", "B", "C", "D")}) == 500


def test_a_vehicle_fee_is_charged_for_its_vehicle_only() -> None:
    problem = with_fees(B=replace(STOPS[1], vehicle_fees=(("V1", 120), ("V0", 7))))
    assert fees_cents(problem, {"V0": ("A", "B"), "V1": ("C", "D")}) == 7
    assert fees_cents(problem, {"V0": ("A",), "V1": ("B", "C", "D")}) == 120
    assert fees_cents(problem, {"V0": ("A",), "V1": ("C", "D")}) == 0


@pytest.mark.parametrize(
    ("orders", "cents"),
    [
        ({"V0": ("A", "B", "C", "D")}, 0),
        ({"V0": ("B", "A", "C", "D")}, 300),
        ({"V0": ("A", "C", "B", "D")}, 300),
        ({"V0": ("C", "D"), "V1": ("A", "B")}, 300),
        ({"V0": ("A", "C", "D")}, 0),
    ],
)
def test_a_follow_fee_is_charged_unless_the_stop_comes_right_after_the_given_one_there(
    orders: dict[str, tuple[str, ...]], cents: int
) -> None:
    fee = FollowFee(vehicle_id="V0", after_stop_id="A", cents=300)
    assert fees_cents(with_fees(B=replace(STOPS[1], follow_fee=fee)), orders) == cents


@pytest.mark.parametrize(
    ("orders", "cents"),
    [
        ({"V0": ("B", "A", "C", "D")}, 0),
        ({"V0": ("A", "B", "C", "D")}, 40),
        ({"V0": ("A", "C"), "V1": ("B", "D")}, 40),
    ],
)
def test_a_follow_fee_without_a_stop_before_it_wants_the_first_place(
    orders: dict[str, tuple[str, ...]], cents: int
) -> None:
    fee = FollowFee(vehicle_id="V0", after_stop_id=None, cents=40)
    assert fees_cents(with_fees(B=replace(STOPS[1], follow_fee=fee)), orders) == cents


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
@pytest.mark.parametrize(("cents", "stays"), [(9_000, True), (0, False)])
def test_dear_changes_keep_the_given_orders_and_free_ones_leave_them(engine: str, cents: int, stays: bool) -> None:
    # V0 drives to 7 km and back, V1 to 4 km, 22 km; one of them could do all and spare 3,000 cents and 8 km
    given = {"V0": ("A", "D"), "V1": ("B", "C")}
    stops = []
    for vehicle_id, order in given.items():
        other = "V1" if vehicle_id == "V0" else "V0"
        for before, name in zip((None, *order), order, strict=False):
            fee = FollowFee(vehicle_id=vehicle_id, after_stop_id=before, cents=cents)
            stop = next(stop for stop in STOPS if stop.id == name)
            stops.append(replace(stop, vehicle_fees=((other, cents),), follow_fee=fee))
    problem = line_problem(stops, VANS)
    plan = solve(problem, SolveOptions(iterations=200, engine=engine, initial=tuple(given.items())))
    assert verify(problem, plan) == ()
    assert (plan.orders() == given) == stays
    assert len(plan.routes) == (2 if stays else 1)
    assert plan.cost.preference_cents == 0
