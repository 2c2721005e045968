"""Who serves a stop, what is on board, and requests that are served whole: plans that hold and that break one rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hand_plans import By, codes, hand_route, violations
from small_problems import line_problem, van

from routing.problem.model import Depot, Problem, Shipment, Stop

A, B, C = Stop(id="A", place=1), Stop(id="B", place=2), Stop(id="C", place=3)
DEPOT = Depot(id="D", place=0, reload_s=50)


def _one_stop(van_fields: dict[str, Any], **stop_fields: Any) -> list[str]:
    problem = line_problem([replace(A, **stop_fields)], [van(**van_fields), van(id="V1")])
    return codes(problem, hand_route(problem, "V0", "A"))


WHO: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    # code, the van, the stop that it may serve, the stop that it may not serve
    ("NOT_ALLOWED", {}, {"forbidden_vehicles": ("V1",)}, {"forbidden_vehicles": ("V0",)}),
    ("NOT_ALLOWED", {}, {"allowed_vehicles": ("V0",)}, {"allowed_vehicles": ("V1",)}),
    ("OTHER_BOARD", {}, {"on_board": "V0"}, {"on_board": "V1"}),
    ("SKILL", {"skills": ("lift", "dog")}, {"skills_all": ("dog", "lift")}, {"skills_all": ("lift", "cool")}),
    ("SKILL", {"skills": ("lift",)}, {"skills_one_of": ("cool", "lift")}, {"skills_one_of": ("cool", "dog")}),
    ("SKILL", {"skills": ("lift",)}, {"skills_none_of": ("cool",)}, {"skills_none_of": ("lift",)}),
    ("TERRITORY", {"territories": ("north",)}, {"territory": "north"}, {"territory": "south"}),
    ("TERRITORY", {"territories": ()}, {"territory": ""}, {"territory": "south"}),
]


@pytest.mark.parametrize(("code", "vehicle", "right", "wrong"), WHO)
def test_who_may_serve_a_stop(code: str, vehicle: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert _one_stop(vehicle, **right) == []
    assert _one_stop(vehicle, **wrong) == [code]


def test_a_territory_may_be_left_at_a_price() -> None:
    assert _one_stop({"territories": (), "territory_fee_cents": 5}, territory="south") == []


LOADED = line_problem(
    [
        Stop(id="A", place=1, load=3, loads=(("cold", 2),)),
        Stop(id="B", place=2, load=1, pickup_load=4, pickup_loads=(("cold", 1),)),
        Stop(id="C", place=3, load=2),
    ],
    [van(capacity=7, capacities=(("cold", 2), ("dry", 1)), on_board_load=1)],
)
# On board: 1 + 3 + 1 + 2 = 7 at the start, 4 after A, 7 after B (4 - 1 + 4), 5 after C; cold 2, 0, 1, 1.
LOADED_BY = By(
    load_after=(4, 7, 5),
    loads_after=((("cold", 0), ("dry", 0)), (("cold", 1), ("dry", 0)), (("cold", 1), ("dry", 0))),
)


def _loaded(**changes: Any) -> list[str]:
    problem = replace(LOADED, vehicles=(replace(LOADED.vehicles[0], **changes),))
    return codes(problem, hand_route(problem, "V0", "A B C", LOADED_BY))


def test_loads_are_counted_from_the_start_to_the_end() -> None:
    assert _loaded() == []
    assert _loaded(capacity=6) == ["CAPACITY"]
    assert _loaded(capacities=(("cold", 1), ("dry", 1))) == ["CAPACITY"]
    found = violations(
        replace(LOADED, vehicles=(van(capacity=6, on_board_load=1, capacities=(("cold", 2), ("dry", 1))),)),
        hand_route(LOADED, "V0", "A B C", LOADED_BY),
    )
    assert [violation.cause for violation in found] == ["is loaded with 7, it can carry 6"]
    assert codes(LOADED, hand_route(LOADED, "V0", "A B C", replace(LOADED_BY, load_after=(4, 6, 5)))) == ["LOAD"]
    wrong = replace(LOADED_BY, loads_after=(*LOADED_BY.loads_after[:2], (("cold", 0), ("dry", 0))))
    assert codes(LOADED, hand_route(LOADED, "V0", "A B C", wrong)) == ["LOADS"]


def test_a_load_that_is_not_named_cannot_be_carried() -> None:
    # and since the vehicle has no capacity for it, no visit tells of it
    problem = line_problem([replace(A, pickup_loads=(("wet", 1),))])
    assert codes(problem, hand_route(problem, "V0", "A")) == ["CAPACITY"]


def test_what_is_on_board_takes_room_until_its_visit_whatever_trip_that_is() -> None:
    stops = [Stop(id="A", place=1, load=2), Stop(id="B", place=2, load=3, on_board="V0"), Stop(id="C", place=3, load=5)]
    problem = replace(line_problem(stops, [van(capacity=8, on_board_load=2, reload_depots=("D",))]), depots=(DEPOT,))
    # Trip 1: 2 of its own + 3 of B + 2 of A = 7, 5 after A; trip 2: 3 + 5 = 8, 5 after B, 0 after C.
    route = hand_route(problem, "V0", "A D B C", By(load_after=(5, 8, 5, 0)))
    assert codes(problem, route) == []
    less = replace(problem, vehicles=(replace(problem.vehicles[0], capacity=7),))
    assert codes(less, route) == ["CAPACITY"]


SENT = replace(
    line_problem([A, B, C, Stop(id="E", place=4)], [van(reload_depots=("D",)), van(id="V1")]),
    depots=(DEPOT,),
    shipments=(
        Shipment(id="X", pickup_stop_id="A", delivery_stop_id="C", load=4),
        Shipment(id="Y", pickup_stop_id="B", delivery_stop_id="E", load=5),
    ),
)


def _sent(order: str, load_after: tuple[int, ...], second: str = "", **changes: Any) -> list[str]:
    problem = replace(SENT, vehicles=(replace(SENT.vehicles[0], **changes), SENT.vehicles[1]))
    routes = [hand_route(problem, "V0", order, By(load_after=load_after))]
    routes += [hand_route(problem, "V1", second, By(load_after=(-4,)))] if second else []
    return codes(problem, *routes)


def test_shipments_are_served_whole_on_one_trip_and_in_order() -> None:
    assert _sent("A B C E", (4, 9, 5, 0)) == []
    assert _sent("A C", (4, 0)) == []
    assert _sent("A", (4,)) == ["SHIPMENT_SPLIT"]
    assert _sent("A", (4,), "C") == ["SHIPMENT_SPLIT"]
    # After the reload only what leaves is counted: 0 - 4.
    assert _sent("A D C", (4, 0, -4)) == ["SHIPMENT_SPLIT"]
    assert _sent("C A", (-4, 0)) == ["SHIPMENT_ORDER"]
    assert _sent("A B C E", (4, 9, 5, 0), capacity=8) == ["CAPACITY"]


def test_last_in_is_first_out_between_shipments() -> None:
    assert _sent("A B E C", (4, 9, 4, 0), lifo=True) == []
    # B came on board after A, and is still there when C is reached.
    assert _sent("A B C E", (4, 9, 5, 0), lifo=True) == ["LIFO"]
    assert _sent("A C B E", (4, 0, 5, 0), lifo=True) == []


def _mixed(order: str, load_after: tuple[int, ...], **changes: Any) -> list[str]:
    stops = [replace(A, load=2), replace(B, pickup_load=3), replace(C, load=1, pickup_load=1)]
    problem = replace(line_problem(stops, [van(reload_depots=("D",), **changes)]), depots=(DEPOT,))
    return codes(problem, hand_route(problem, "V0", order, By(load_after=load_after)))


def test_last_in_is_first_out_between_what_is_delivered_and_collected() -> None:
    assert _mixed("A C B", (1, 1, 4), lifo=True) == []
    assert _mixed("B A C", (6, 4, 4), lifo=True) == ["LIFO", "LIFO"]
    assert _mixed("C D B", (1, 0, 3), lifo=True) == []


def test_collecting_comes_after_delivering_within_a_trip() -> None:
    assert _mixed("A C B", (1, 1, 4), pickups_last=True) == []
    assert _mixed("A B C", (1, 4, 4), pickups_last=True) == ["PICKUPS_LAST"]
    assert _mixed("B D A C", (3, 3, 1, 1), pickups_last=True) == []


def _kinds(order: str, stops: list[Stop], load_after: tuple[int, ...] = (), **changes: Any) -> list[str]:
    problem = line_problem(stops, [van(reload_depots=("D",))])
    problem = replace(problem, depots=(DEPOT,), **changes)
    return codes(problem, hand_route(problem, "V0", order, By(load_after=load_after)))


def test_incompatible_goods_are_never_on_board_together() -> None:
    apart = {"incompatible_goods": (("food", "paint"),)}
    given = [replace(A, goods="food"), replace(B, goods="paint"), C]
    assert _kinds("A C", given, **apart) == []
    assert _kinds("A C B", given, **apart) == ["GOODS_APART"]
    assert _kinds("A D B", given, **apart) == []
    # What is collected comes on board after what is delivered before it has left, but not the other way round.
    taken = [replace(A, goods="food"), replace(B, goods="paint", pickup_load=1)]
    assert _kinds("A B", taken, (0, 1), **apart) == []
    assert _kinds("B A", taken, (1, 1), **apart) == ["GOODS_APART"]
    # Goods that are on board from the start are so in an earlier trip, too.
    early = [replace(A, goods="food"), replace(B, goods="paint", on_board="V0")]
    assert _kinds("A D B", early, **apart) == ["GOODS_APART"]


def test_incompatible_goods_of_a_shipment_are_on_board_between_its_stops() -> None:
    stops = [replace(A, goods="food"), B, replace(C, goods="paint", pickup_load=1)]
    sent = {
        "incompatible_goods": (("paint", "food"),),
        "shipments": (Shipment(id="X", pickup_stop_id="A", delivery_stop_id="B", load=2),),
    }
    assert _kinds("A B C", stops, (2, 0, 1), **sent) == []
    assert _kinds("A C B", stops, (2, 3, 1), **sent) == ["GOODS_APART"]


def test_goods_that_require_others_have_them_on_the_route() -> None:
    stops = [replace(A, goods="bed"), replace(B, goods="mattress"), C]
    needed = {"required_goods": (("bed", "mattress"),)}
    assert _kinds("A C B", stops, **needed) == []
    assert _kinds("B C", stops, **needed) == []
    assert _kinds("A C", stops, **needed) == ["GOODS_REQUIRED"]


TOGETHER = line_problem([replace(A, together="g"), B, replace(C, together="g")], [van(), van(id="V1")])


@pytest.mark.parametrize("order", ["C A", "A B C", "A", "B C"])
def test_a_group_is_served_in_a_row_in_its_order_or_not_at_all(order: str) -> None:
    assert codes(TOGETHER, hand_route(TOGETHER, "V0", order)) == ["TOGETHER"]


def test_a_whole_group_holds() -> None:
    assert codes(TOGETHER, hand_route(TOGETHER, "V0", "B A C")) == []
    assert codes(TOGETHER, hand_route(TOGETHER, "V0", "B")) == []


def test_a_group_on_two_vehicles_is_told_for_both() -> None:
    routes = hand_route(TOGETHER, "V0", "A"), hand_route(TOGETHER, "V1", "C")
    assert codes(TOGETHER, *routes) == ["TOGETHER", "TOGETHER"]


def _committed(problem: Problem, *committed: str) -> Problem:
    return replace(problem, vehicles=(replace(problem.vehicles[0], committed=committed), *problem.vehicles[1:]))


def test_a_committed_shipment_may_be_left_out_only_where_it_cannot_be_served() -> None:
    problem = _committed(SENT, "A", "C")
    order = hand_route(problem, "V0", "B E", By(load_after=(5, 0)))
    assert codes(problem, order) == ["COMMITTED", "COMMITTED"]
    heavy = replace(problem, shipments=(replace(SENT.shipments[0], load=11), SENT.shipments[1]))
    assert codes(heavy, order) == []
