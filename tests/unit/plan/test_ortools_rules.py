"""OR-Tools finds the best plan of small problems, one constraint at a time, and it holds.

Place 0 is the depot; the others lie 1, 2, 4 and 7 km from it along a line, and a kilometre takes 100 s.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from every_order import CountedWatch, by_ortools, cheapest, plan_of
from ortools.constraint_solver.pywrapcp import RoutingModel
from small_problems import line_problem, line_travel, van, window

from routing.plan.verify import verify
from routing.problem.model import Break, Depot, Objective, Problem, Shipment, Stop, Vehicle


def _stop(name: str, place: int, **asked: Any) -> Stop:
    return Stop(id=name, place=place, **asked)


def _problem(stops: Sequence[Stop], vehicles: Sequence[Vehicle] = (), **changes: Any) -> Problem:
    return replace(line_problem(stops, vehicles), **changes)


HUB = Depot(id="hub", place=0, reload_s=60)
FIVE = (_stop("A", 1), _stop("B", 2), _stop("C", 3), _stop("D", 4), _stop("E", 1))
BOXES = tuple(replace(stop, load=4) for stop in FIVE)
BOTH_WAYS = tuple(
    replace(stop, load=3 * (row % 2), pickup_load=3 - 3 * (row % 2), service_s=60) for row, stop in enumerate(FIVE)
)
PAIRS = (
    Shipment(id="S", pickup_stop_id="D", delivery_stop_id="A", load=3),
    Shipment(id="T", pickup_stop_id="C", delivery_stop_id="E", load=3),
)
MIXES = {
    "setup once per place": _problem([replace(stop, setup_s=100) for stop in FIVE]),
    "loads by name": _problem(
        [replace(stop, loads=(("kg", 3),)) for stop in FIVE],
        [van(capacities=(("kg", 10),)), van(id="V1", capacities=(("kg", 6),))],
    ),
    "collecting": _problem(BOTH_WAYS, [van(capacity=6)]),
    "collecting last": _problem(BOTH_WAYS, [van(capacity=30, pickups_last=True)]),
    "collecting last or first in": _problem(
        BOTH_WAYS, [van(capacity=9, lifo=True), van(id="V1", capacity=3, pickups_last=True)]
    ),
    "releases": _problem([replace(stop, load=1, release_s=1_000 * row) for row, stop in enumerate(FIVE)]),
    "open routes": _problem(FIVE, [van(open_start=True, open_end=True)]),
    "shipments": _problem(FIVE, [van(capacity=4)], shipments=PAIRS),
    "shipments last in, first out": _problem(
        [replace(stop, service_s=60) for stop in FIVE], [van(lifo=True)], shipments=PAIRS
    ),
    "limits": _problem(
        FIVE,
        [
            van(stops_limit=2, distance_limit_m=9_000),
            van(id="V1", duration_limit_s=1_000),
            van(id="V2", driving_limit_s=500),
        ],
    ),
    "reloads": _problem(BOXES, [van(capacity=8, reload_depots=("hub",))], depots=(HUB,)),
    "reloads with goods on board": _problem(
        [replace(stop, on_board="V0" if stop.id == "D" else None) for stop in BOXES],
        [van(capacity=12, on_board_load=4, reload_depots=("hub",))],
        depots=(HUB,),
    ),
    "breaks": _problem(
        [replace(stop, service_s=600) for stop in FIVE],
        [van(breaks=(Break(id="lunch", window=window(1_500, 2_500), duration_s=900),))],
    ),
    "balance": _problem(
        [replace(stop, service_s=600) for stop in FIVE],
        [van(), van(id="V1")],
        objective=Objective(balance_cents_per_h2=9_000, vehicle_cents=0),
    ),
    "prices": _problem(
        FIVE, [van(vehicle_cents=9_000), van(id="V1", duty_cents_per_h=4_800, distance_cents_per_km=20)]
    ),
    "profiles and services by type": _problem(
        [replace(stop, service_s=300, service_by_type=(("bike", 60),)) for stop in FIVE],
        [van(), van(id="V1", profile="bike", type="bike")],
        profile_travel=(("bike", line_travel(factors=(3,))),),
    ),
    "due times by type": _problem(
        [replace(stop, service_s=300, service_by_type=(("bike", 60),), due_s=1_100) for stop in FIVE],
        [van(), van(id="V1", type="bike")],
    ),
    "goods that require others": _problem(
        [replace(stop, goods={"A": "paint", "D": "brush"}.get(stop.id, ""), unserved_cents=1_200) for stop in FIVE],
        [van(vehicle_cents=0)],
        required_goods=(("paint", "brush"),),
    ),
    "committed visits": _problem(
        [replace(stop, setup_s=60) for stop in FIVE], [van(committed=("C", "A")), van(id="V1")]
    ),
}


@pytest.mark.parametrize("name", MIXES)
def test_it_finds_the_cheapest_of_all_plans_and_the_plan_holds(name: str) -> None:
    problem = MIXES[name]
    plan = plan_of(problem, by_ortools(problem))
    assert [violation for violation in verify(problem, plan) if violation.code != "REASON"] == []
    # Routes are priced one by one in the sum of all plans, so their parts are rounded more often.
    assert plan.cost.total_cents == pytest.approx(cheapest(problem)[0], abs=2)


@pytest.mark.parametrize("problem", [line_problem(FIVE), MIXES["breaks"], MIXES["reloads"]])
def test_nothing_is_left_of_a_model_when_its_search_is_over(problem: Problem) -> None:
    class Keeping(CountedWatch):
        def offer(self, incumbent: object) -> None:
            self.incumbent = incumbent

    by_ortools(problem, watch=Keeping(1))
    gc.collect()
    assert not any(type(each) is RoutingModel for each in gc.get_objects())


@pytest.mark.parametrize(
    "bound",
    [{"shift": window(0, 300)}, {"distance_limit_m": 1_000}, {"driving_limit_s": 300}, {"duration_limit_s": 300}],
)
@pytest.mark.parametrize("used", [False, True])
def test_a_vehicle_too_far_from_its_end_keeps_no_other_from_serving(bound: dict[str, Any], used: bool) -> None:
    far = van(id="V1", end_place=4, used=used, **bound)
    assert set(by_ortools(_problem(FIVE, [van(), far]), 5)["V0"]) == {"A", "B", "C", "D", "E"}


def test_a_release_holds_back_the_trip_that_delivers_it() -> None:
    late = _stop("B", 2, load=1, release_s=5_000)
    plan = plan_of(problem := _problem([_stop("A", 1, load=1), late]), by_ortools(problem))
    assert [route.start_s for route in plan.routes] == [5_000]
    # With a reload the first trip need not wait: A closes long before.
    early = _stop("A", 1, load=1, windows=(window(0, 1_000),))
    problem = _problem([early, late], [van(capacity=1, reload_depots=("hub",))], depots=(HUB,))
    start = ((0, 2, 1),)
    assert by_ortools(problem, start=start) == {"V0": ("A", "hub", "B")}
    route = plan_of(problem, {"V0": ("A", "hub", "B")}).routes[0]
    assert [visit.start_s for visit in route.visits][1:] == [5_000, 5_260]


def test_a_given_plan_with_reloads_of_several_vehicles_is_gone_on_with() -> None:
    stops = [_stop(f"S{number}", 4, load=1, service_s=60) for number in range(8)]
    vehicles = [van(id=name, capacity=1, reload_depots=("hub",)) for name in ("V0", "V1")]
    problem = _problem(stops, vehicles, depots=(HUB,))
    start = tuple(tuple(index for stop in range(row, 8, 2) for index in (8, stop))[1:] for row in range(2))
    orders = {"V0": ("S0", "hub", "S2", "hub", "S4", "hub", "S6"), "V1": ("S1", "hub", "S3", "hub", "S5", "hub", "S7")}
    begun = plan_of(problem, orders)
    assert plan_of(problem, by_ortools(problem, 1, start)).cost.total_cents <= begun.cost.total_cents


@pytest.mark.parametrize(
    ("asked", "depot", "served"),
    [
        ({}, HUB, 60),
        ({"pickup_load": 1}, HUB, 60),
        ({}, replace(HUB, stock=(("load", 30),)), 30),
    ],
)
def test_a_search_soon_has_a_plan_of_many_stops_whatever_is_committed(
    asked: dict[str, Any], depot: Depot, served: int
) -> None:
    stops = [_stop(f"S{number}", 1 + number % 4, load=1, **asked) for number in range(60)]
    vehicles = [van(committed=("S0",)), *(van(id=f"V{number}") for number in range(1, 4))]
    loading = {"reload_depots": ("hub",), "start_depot": "hub"}
    problem = _problem(stops, [replace(vehicle, **loading) for vehicle in vehicles], depots=(depot,))
    orders = by_ortools(problem, 25, start=((0,), (), (), ()))
    assert sum(each != "hub" for order in orders.values() for each in order) == served


def test_stock_is_not_taken_twice() -> None:
    scarce = replace(HUB, stock=(("load", 9),))
    vehicles = [van(start_depot="hub", capacity=8, reload_depots=("hub",)), van(id="V1", start_depot="hub")]
    problem = _problem(BOXES, vehicles, depots=(scarce,))
    plan = plan_of(problem, by_ortools(problem))
    # Five stops want 4 each: two of them are served, the two that are dearest to leave out being all alike.
    assert len(plan.unassigned) == 3
    assert [violation for violation in verify(problem, plan) if violation.code != "REASON"] == []


def test_a_break_is_due_where_the_route_spans_the_end_of_its_window() -> None:
    lunch = Break(id="lunch", window=window(1_000, 1_000), duration_s=600)
    stop = _stop("A", 1, windows=(window(1_200, 1_300),), service_s=100)
    problem = _problem([stop], [van(breaks=(lunch,))])
    plan = plan_of(problem, by_ortools(problem))
    # It leaves after 1,000, so that no break is due, and needs no more than two drives of 100 s and the service.
    (route,) = plan.routes
    assert (route.rests, route.end_s - route.start_s) == ((), 300)
    # On duty from 0 on it has its break at 1,000, which is over at 1,600.
    for closes_s, found in ((1_599, ()), (1_600, ("A",))):
        late = replace(stop, windows=(window(1_200, closes_s),))
        fixed = _problem([late], [van(breaks=(lunch,), start_fixed=True)])
        assert by_ortools(fixed) == {"V0": found}


def test_a_shipment_left_out_is_left_out_whole_whatever_its_windows() -> None:
    stops = [_stop("P", 1, windows=(window(5_000, 6_000),)), _stop("D", 2, windows=(window(0, 900),)), _stop("A", 1)]
    problem = _problem(stops, shipments=(Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D", load=1),))
    assert by_ortools(problem) == {"V0": ("A",)}


def test_a_late_start_is_paid_by_the_stop_s_own_price_up_to_its_limit() -> None:
    stop = _stop("A", 4, windows=(window(0, 600),), lateness_allowed=True, lateness_cents_per_min=30)
    start = ((0,),)
    for limit_s, found in ((99, ()), (100, ("A",))):
        # 700 s away, so 100 s late.
        problem = _problem([replace(stop, lateness_limit_s=limit_s)])
        assert by_ortools(problem, start=start) == {"V0": found}
