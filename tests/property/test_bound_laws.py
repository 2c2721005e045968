"""No plan is cheaper than the bound: every plan of tiny problems is priced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from plan_strategies import problems
from small_problems import line_problem, line_travel, van, window

from routing.errors import InputError
from routing.plan.bound import lower_bound
from routing.plan.cost import plan_cost
from routing.plan.schedule import Clock, schedule
from routing.problem.model import Problem, Stop


def _plans(problem: Problem) -> Iterator[int]:
    """Yield the cost of every plan that keeps the rules."""
    clock, ids = Clock(problem), [stop.id for stop in problem.stops]
    for owners in product([None, *range(len(problem.vehicles))], repeat=len(ids)):
        mine = [
            [name for name, owner in zip(ids, owners, strict=True) if owner == k] for k in range(len(problem.vehicles))
        ]
        for orders in product(*(permutations(names) for names in mine)):
            if all(_holds(clock, number, order) for number, order in enumerate(orders)):
                named = {vehicle.id: order for vehicle, order in zip(problem.vehicles, orders, strict=True)}
                left = [name for name, owner in zip(ids, owners, strict=True) if owner is None]
                yield plan_cost(problem, schedule(problem, named, clock), left).total_cents


def _holds(clock: Clock, number: int, order: tuple[str, ...]) -> bool:
    vehicle = clock.problem.vehicles[number]
    stops = [clock.stops[name] for name in order]
    if order[: len(vehicle.committed)] != vehicle.committed or sum(stop.load for stop in stops) > vehicle.capacity:
        return False
    if any(stop.allowed_vehicles is not None and vehicle.id not in stop.allowed_vehicles for stop in stops):
        return False
    if not all(clock.problem.travel.usable[stop.place] for stop in stops):
        return False
    return not order or clock.follow(vehicle, order, vehicle.shift.start_s, forbidden_limit_s=0) is not None


@settings(max_examples=60, deadline=None)
@given(problem=problems(simple=True))
def test_no_plan_is_below_the_bound(problem: Problem) -> None:
    problem = replace(problem, stops=problem.stops[:4], vehicles=problem.vehicles[:2])
    bound = lower_bound(problem)
    if bound.sure:
        assert bound.cents <= min(_plans(problem))


def test_the_bound_of_one_stop_is_its_plan_but_for_rounding() -> None:
    # out and back 2 x 700 s and 7 km: 933.33 + 490 + one van 3,000 = 4,423.33; three parts may be rounded down
    (stop,) = stops = [Stop(id="A", place=4)]
    assert lower_bound(line_problem(stops)).cents == 4_422
    # leaving it out for 100 is cheaper
    problem = line_problem([stop])
    cheap = replace(problem, objective=replace(problem.objective, unserved_cents=100))
    assert lower_bound(cheap).cents == 99


@pytest.mark.parametrize(
    ("stops", "expected"),
    [
        # 10 + 10 on vans of 10: two leave; each out and back 200 s and 2 km: 133.33 + 70 + 3,000
        ([Stop(id="A", place=1, load=10), Stop(id="B", place=1, load=10)], 2 * 3_203.33),
        # both windows at once, 700 s away from each other by way of the depot: no van makes both
        (
            [Stop(id="A", place=1, windows=(window(500, 500),)), Stop(id="B", place=4, windows=(window(700, 700),))],
            3_203.33 + 3_000 + 933.33 + 490,
        ),
        # two more than both vans carry: the small one stays, for 10,000
        ([Stop(id="A", place=1, load=10), Stop(id="B", place=1, load=10), Stop(id="C", place=1, load=2)], 16_406.67),
    ],
    ids=["loads", "windows", "too much"],
)
def test_what_cannot_be_joined_costs_its_own_vehicle_or_stays(stops: list[Stop], expected: float) -> None:
    bound = lower_bound(line_problem(stops, [van(), van(id="V1")]))
    assert bound.sure
    assert expected - 2.5 < bound.cents <= expected


def test_a_bound_over_changing_times_is_not_said_to_be_sure() -> None:
    problem = line_problem([Stop(id="A", place=4)], travel=line_travel(factors=(2, 1)))
    assert lower_bound(problem) == replace(lower_bound(problem), cents=4_422, sure=False)


def test_no_bound_is_told_of_what_it_does_not_know() -> None:
    # Its one van may end where it likes, so that a plan may cost less than the way home.
    problem = line_problem([Stop(id="A", place=1)], [van(open_end=True)])
    with pytest.raises(InputError, match="BOUND_UNKNOWN"):
        lower_bound(problem)
