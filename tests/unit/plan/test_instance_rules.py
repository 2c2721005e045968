"""What engines are given of a problem whose routes must be walked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from small_problems import line_problem, line_travel, van, window

from routing.network.location import Location
from routing.plan.engines.interface import Instance
from routing.plan.engines.rules import BOUNDLESS, FAR_S, Rules
from routing.plan.instance import build_instance
from routing.plan.schedule import Clock
from routing.problem.driving_rules import DrivingRules
from routing.problem.model import Break, Depot, DrivingClocks, Problem, Shipment, Stop


def _instance(problem: Problem) -> Instance:
    committed = {vehicle.id: vehicle.committed for vehicle in problem.vehicles}
    return build_instance(Clock(problem), problem.stops, committed, ())


def _rules(problem: Problem) -> Rules:
    rules = _instance(problem).rules
    assert rules is not None
    return rules


def test_a_plain_problem_has_no_rules_and_skills_leave_it_plain() -> None:
    stops = [Stop(id="A", place=1, skills_all=("crane",)), Stop(id="B", place=2)]
    instance = _instance(line_problem(stops, [van(), van(id="V1", skills=("crane",))]))
    assert instance.rules is None
    assert instance.allowed.tolist() == [[False, True], [True, True]]


def test_loads_have_names_and_the_one_without_comes_first() -> None:
    stops = [
        Stop(id="A", place=1, load=3, loads=(("m3", 2),)),
        Stop(id="B", place=2, pickup_load=4, pickup_loads=(("kg", 5),)),
    ]
    vehicle = van(capacities=(("kg", 7), ("unused", 9)), on_board_load=1, on_board_loads=(("kg", 2),))
    rules = _rules(line_problem(stops, [vehicle]))
    assert rules.delivery.tolist() == [[3, 0, 2], [0, 0, 0]]
    assert rules.pickup.tolist() == [[0, 0, 0], [4, 5, 0]]
    assert (rules.capacity.tolist(), rules.initial.tolist()) == ([[10, 7, 0]], [[1, 2, 0]])


def test_requests_are_single_stops_shipments_and_stops_together_and_cost_their_sum() -> None:
    stops = [
        Stop(id="A", place=1, unserved_cents=1),
        Stop(id="D", place=2, unserved_cents=20),
        Stop(id="T1", place=1, unserved_cents=300, together="T"),
        Stop(id="P", place=3, unserved_cents=4_000),
        Stop(id="T2", place=4, unserved_cents=50_000, together="T"),
    ]
    shipment = Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D", load=6)
    rules = _rules(replace(line_problem(stops), shipments=(shipment,)))
    assert rules.request_first.tolist() == [0, 1, 3, 5]
    assert rules.request_stops.tolist() == [0, 3, 1, 2, 4]
    assert rules.request_cents.tolist() == [1, 4_020, 50_300]
    assert (rules.partner.tolist(), rules.is_pickup.tolist()) == ([-1, 3, -1, 1, -1], [False] * 3 + [True, False])
    assert rules.carried.tolist() == [[0], [-6], [0], [6], [0]]


def test_instants_count_from_the_first_shift_and_what_is_not_bound_is_far() -> None:
    stops = [
        Stop(id="A", place=1, load=1, release_s=1_500, due_s=4_000, lateness_allowed=True, setup_s=60),
        Stop(id="B", place=2, load=1, release_s=1_500, on_board="V0", lateness_limit_s=90, lateness_cents_per_min=7),
    ]
    rules = _rules(line_problem(stops, [van(shift=window(1_000, 9_000))]))
    assert (rules.release_s.tolist(), rules.due_s.tolist()) == ([500, -FAR_S], [3_000, FAR_S])
    assert (rules.setup_s.tolist(), rules.late_limit_s.tolist()) == ([60, 0], [FAR_S, 90])
    # 50 cents a minute are 50 x 3,600,000 / 60 units a second.
    assert (rules.late_units_per_s.tolist(), rules.on_board.tolist()) == ([3_000_000, 420_000], [False, True])


def test_open_routes_have_no_drive_at_that_end_and_committed_visits_are_not_folded() -> None:
    stops = [Stop(id="A", place=1), Stop(id="B", place=2)]
    vehicles = [van(open_start=True, committed=("B",)), van(id="V1", open_end=True)]
    instance = _instance(line_problem(stops, vehicles))
    rules = instance.rules
    assert rules is not None
    # Nodes: A, B, the starts of V0 and V1, their ends.
    assert rules.duration_s[0].tolist() == [
        [0, 100, 0, 100, 100, 0],
        [100, 0, 0, 200, 200, 0],
        [0] * 6,
        [100, 200, 0, 0, 0, 0],
        [100, 200, 0, 0, 0, 0],
        [0] * 6,
    ]
    assert rules.place.tolist() == [1, 2, -1, 0, 0, -1]
    assert rules.committed == ((1,), ())
    assert (instance.out.tolist(), instance.start_first_s.tolist()) == ([True, False], [0, 0])


def test_prices_are_the_vehicle_s_own_or_the_objective_s() -> None:
    vehicles = [
        van(vehicle_cents=1, duty_cents_per_h=2, distance_cents_per_km=3, overtime_cents_per_h=4, overtime_limit_s=5),
        van(id="V1", used=True),
    ]
    instance = _instance(line_problem([Stop(id="A", place=1)], vehicles))
    rules = instance.rules
    assert rules is not None
    assert instance.fixed_cents.tolist() == [1, 0]
    assert (rules.duty_cents_per_h.tolist(), rules.distance_cents_per_km.tolist()) == ([2, 2_400], [3, 35])
    # 4 cents an hour are 4,000 units a second; the other is paid like lateness, 50 cents a minute.
    assert (rules.over_units_per_s.tolist(), rules.over_limit_s.tolist()) == ([4_000, 3_000_000], [5, FAR_S])


def test_profiles_have_tables_of_their_own_and_services_their_types() -> None:
    slow = line_travel(factors=(3,))
    problem = replace(
        line_problem(
            [Stop(id="A", place=1, service_s=60, service_by_type=(("bike", 20),), walk_s=5)],
            [van(), van(id="V1", profile="bike", type="bike"), van(id="V2")],
        ),
        profile_travel=(("bike", slow),),
    )
    rules = _rules(problem)
    assert rules.profile.tolist() == [0, 1, 0]
    assert rules.duration_s[:, 1, 0].tolist() == [100, 300]
    assert rules.stay_s.tolist() == [[70, 30, 70]]


def test_breaks_driving_rules_and_clocks() -> None:
    lunch = Break(id="lunch", window=window(4_000, 5_000), duration_s=600)
    clocks = DrivingClocks(driving_since_break_s=7, driving_today_s=30_000, split_taken=True)
    vehicles = [
        van(shift=window(1_000, 9_000), breaks=(lunch,), driving_rules=DrivingRules(), driving_clocks=clocks),
        van(id="V1", driving_rules=DrivingRules(split_s=None), driving_clocks=DrivingClocks(on_duty_since_s=500)),
        van(id="V2", driving_limit_s=99),
    ]
    rules = _rules(line_problem([Stop(id="A", place=1)], vehicles))
    assert rules.break_count.tolist() == [1, 0, 0]
    assert [table[0, 0] for table in (rules.break_open_s, rules.break_close_s, rules.break_s)] == [4_000, 5_000, 600]
    assert rules.driving_until_break_s.tolist() == [16_200, 16_200, FAR_S]
    assert (rules.split_first_s.tolist(), rules.split_second_s.tolist()) == ([900, FAR_S, FAR_S], [1_800, 0, 0])
    assert (rules.since_break_s.tolist(), rules.split_taken.tolist()) == ([7, 0, 0], [True, False, False])
    # Nine hours a day less 30,000 s; nobody else has driven.
    assert rules.driving_limit_s.tolist() == [2_400, 32_400, 99]
    assert rules.span_limit_s.tolist() == [46_800, FAR_S, FAR_S]
    assert rules.span_end_s.tolist() == [FAR_S, 47_300, FAR_S]


def test_depots_are_nodes_with_windows_and_stock() -> None:
    depots = (
        Depot(id="north", place=3, windows=(window(10, 20), window(30, 40)), stock=(("load", 5),), reload_s=9),
        Depot(id="south", place=4),
    )
    vehicle = van(reload_depots=("south",), reloads_limit=2, start_depot="north")
    problem = replace(line_problem([Stop(id="A", place=1, loads=(("kg", 1),))], [vehicle]), depots=depots)
    rules = _rules(problem)
    assert rules.duration_s.shape == (1, 5, 5)
    assert rules.duration_s[0, 0].tolist() == [0, 100, 100, 300, 600]
    assert (rules.depot_open_s.tolist(), rules.depot_close_s.tolist()) == (
        [[10, 30], [0, FAR_S]],
        [[20, 40], [FAR_S, FAR_S]],
    )
    assert (rules.stock.tolist(), rules.reload_s.tolist()) == ([[5, 0], [BOUNDLESS] * 2], [9, 0])
    assert (rules.start_depot.tolist(), rules.reload_allowed.tolist()) == ([0], [[False, True]])
    assert rules.reloads_limit.tolist() == [2]


def test_goods_are_numbered_and_a_shipment_has_those_of_its_pickup() -> None:
    stops = [
        Stop(id="P", place=1, goods="food"),
        Stop(id="D", place=2, goods="food"),
        Stop(id="A", place=1, goods="paint"),
        Stop(id="B", place=1, goods="paper"),
    ]
    problem = replace(
        line_problem(stops),
        shipments=(Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D", load=1),),
        incompatible_goods=(("paint", "food"),),
        required_goods=(("food", "paint"),),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * 5,
    )
    rules = _rules(problem)
    assert rules.goods.tolist() == [0, -1, 1, -1]
    assert np.array_equal(rules.incompatible, [[False, True], [True, False]])
    assert np.array_equal(rules.required, [[False, True], [False, False]])
