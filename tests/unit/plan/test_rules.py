"""Each rule of an order with a breach made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import line_problem, van

from routing.plan.model import REASONS
from routing.plan.requests import requests_of
from routing.plan.rules.book import Book
from routing.plan.rules.limits import distance_breaches
from routing.plan.rules.order import order_breaches
from routing.plan.rules.stock import plan_breaches
from routing.plan.rules.trips import without_empty_trips
from routing.problem.model import Depot, Shipment, Stop


def stop(name: str, **changes) -> Stop:
    return Stop(id=name, place=1, **changes)


def told(stops, order, vehicle=None, **problem) -> list[tuple]:
    """Return code, stop, excess and what it is of, of each breach of an order of the first vehicle."""
    vehicle = vehicle or van()
    book = Book(replace(line_problem(stops, [vehicle]), **problem))
    breaches = list(order_breaches(book, vehicle, order.split()))
    assert all(breach.code in REASONS and breach.cause for breach in breaches)
    return [(breach.code, breach.stop_id, breach.excess, breach.of) for breach in breaches]


@pytest.mark.parametrize(
    ("asked", "vehicle", "code"),
    [
        ({"allowed_vehicles": ("V9",)}, {}, "NO_VEHICLE"),
        ({"forbidden_vehicles": ("V0",)}, {}, "NO_VEHICLE"),
        ({"skills_all": ("cold", "lift")}, {"skills": ("cold",)}, "SKILL"),
        ({"skills_one_of": ("cold", "lift")}, {}, "SKILL"),
        ({"skills_none_of": ("diesel",)}, {"skills": ("diesel",)}, "SKILL"),
        ({"territory": "north"}, {"territories": ("south",)}, "TERRITORY"),
        ({"on_board": "V9"}, {}, "OTHER_BOARD"),
    ],
)
def test_a_vehicle_that_may_not_serve_a_stop(asked, vehicle, code):
    assert told([stop("A", **asked)], "A", van(**vehicle)) == [(code, "A", 1, "")]
    assert told([stop("A", **asked)], "", van(**vehicle)) == []


def test_a_load_by_name_is_too_much_where_it_is_most():
    stops = [stop("A", load=6, pickup_load=9), stop("B", load=4, loads=(("cold", 3),))]
    # on board 10 at the start, 4 + 9 = 13 after A, 9 after B; cold 3 of a capacity of 2 at the start
    vehicle = van(capacity=12, capacities=(("cold", 2),))
    assert told(stops, "A B", vehicle) == [("CAPACITY", "A", 1, "load"), ("CAPACITY", None, 1, "cold")]
    # first B: 10, then 6, then 9
    assert told(stops, "B A", vehicle) == [("CAPACITY", None, 1, "cold")]
    assert told(stops, "A B", van(capacity=13)) == [("CAPACITY", None, 3, "cold")]


def test_what_is_on_board_along_an_order_with_a_reload():
    stops = [
        stop("A", load=2),
        stop("B", load=3, on_board="V0"),
        stop("C", load=1, pickup_load=5),
        stop("P"),
        stop("D"),
    ]
    problem = replace(
        line_problem(stops, [van(on_board_load=4, reload_depots=("X",))]),
        depots=(Depot(id="X", place=0),),
        shipments=(Shipment(id="PD", pickup_stop_id="P", delivery_stop_id="D", load=7),),
    )
    along = Book(problem).loads.along("V0", ["C", "A", "X", "P", "B", "D"])
    # start: 4 kept + 3 for B + 1 for C + 2 for A; C leaves 5; the reload unloads the 4 kept and the 5 of C
    assert [load for (load,) in along] == [10, 14, 12, 3, 10, 7, 0]


def test_reloads_where_they_may_not_be_too_often_or_for_nothing():
    stops, depots = [stop("A"), stop("B")], (Depot(id="X", place=0), Depot(id="Y", place=2))
    vehicle = van(reload_depots=("X",), reloads_limit=1)
    assert told(stops, "A X B", vehicle, depots=depots) == []
    assert told(stops, "A Y B", vehicle, depots=depots) == [("RELOADS", "Y", 1, "depot")]
    assert told(stops, "X A X B", vehicle, depots=depots) == [("RELOADS", None, 1, "limit")]
    assert told(stops, "A B X", vehicle, depots=depots) == [("RELOADS", "X", 1, "empty")]
    book = Book(replace(line_problem(stops, [vehicle]), depots=depots))
    assert without_empty_trips(book, ["X", "A", "X", "Y", "B", "X", "X"]) == ("X", "A", "Y", "B")


def test_a_shipment_torn_apart_reversed_or_split_by_a_reload():
    stops, depots = [stop("P"), stop("D"), stop("A")], (Depot(id="X", place=0),)
    vehicle, shipments = van(reload_depots=("X",)), (Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D"),)
    given = {"depots": depots, "shipments": shipments}
    assert told(stops, "P A D", vehicle, **given) == []
    assert told(stops, "P A", vehicle, **given) == [("SHIPMENT", "P", 1, "")]
    assert told(stops, "A D", vehicle, **given) == [("SHIPMENT", "D", 1, "")]
    assert told(stops, "D A P", vehicle, **given) == [("SHIPMENT", "D", 1, "")]
    assert told(stops, "P X D A", vehicle, **given) == [("SHIPMENT", "P", 1, "")]


def test_a_group_that_is_not_served_one_after_the_other():
    stops = [stop("A", together="g"), stop("C"), stop("B", together="g")]
    vehicle, given = van(reload_depots=("X",)), {"depots": (Depot(id="X", place=0),)}
    assert told(stops, "C A B", vehicle, **given) == []
    for order in ("A C B", "B A", "C A", "C B", "A X B"):
        assert [breach[0] for breach in told(stops, order, vehicle, **given)] == ["TOGETHER"]


def test_goods_that_lie_behind_others():
    stops = [stop("P"), stop("D"), stop("Q"), stop("E"), stop("A", load=1), stop("C", pickup_load=1), stop("N")]
    shipments = (
        Shipment(id="1", pickup_stop_id="P", delivery_stop_id="D", load=1),
        Shipment(id="2", pickup_stop_id="Q", delivery_stop_id="E", load=1),
    )
    given = {"shipments": shipments, "depots": (Depot(id="X", place=0),)}
    vehicle = van(lifo=True, reload_depots=("X",))
    for order in ("P Q E D", "P D Q E", "A P D C", "P D A", "C N", "C X A"):
        assert told(stops, order, vehicle, **given) == []
    assert told(stops, "P Q D E", vehicle, **given) == [("LIFO", "D", 1, "")]
    assert told(stops, "P C D", vehicle, **given) == [("LIFO", "D", 1, "")]
    assert told(stops, "P A D", vehicle, **given) == [("LIFO", "A", 1, "")]
    assert told(stops, "C A", vehicle, **given) == [("LIFO", "A", 1, "")]
    assert told(stops, "P Q D E", van(), **given) == []


def test_deliveries_after_collections():
    stops = [stop("A", load=1), stop("C", pickup_load=1), stop("B", load=1, pickup_load=1), stop("N")]
    vehicle, given = van(pickups_last=True, reload_depots=("X",)), {"depots": (Depot(id="X", place=0),)}
    for order in ("A B C N", "C X A"):
        assert told(stops, order, vehicle, **given) == []
    assert told(stops, "C A", vehicle, **given) == [("PICKUPS_LAST", "A", 1, "")]
    assert told(stops, "A C B", vehicle, **given) == [("PICKUPS_LAST", "B", 1, "")]


def test_goods_that_meet_on_board():
    stops = [
        stop("F", goods="food", load=1),
        stop("G", goods="food", load=1),
        stop("W", goods="waste", pickup_load=1),
        stop("P", goods="waste"),
        stop("D"),
        stop("H", goods="waste", load=1, on_board="V0"),
    ]
    given = {
        "incompatible_goods": (("food", "waste"),),
        "shipments": (Shipment(id="S", pickup_stop_id="P", delivery_stop_id="D"),),
        "depots": (Depot(id="X", place=0),),
    }
    vehicle = van(reload_depots=("X",))
    for order in ("F G W", "F G P D", "W X F", "H X F"):
        assert told(stops, order, vehicle, **given) == []
    assert [breach[0] for breach in told(stops, "F W G", vehicle, **given)] == ["GOODS_APART"]
    assert [breach[0] for breach in told(stops, "P D F", vehicle, **given)] == ["GOODS_APART"]
    # goods that are on board from the start of the route meet those of the first trip as well
    assert [breach[0] for breach in told(stops, "F X H", vehicle, **given)] == ["GOODS_APART"]


def test_goods_that_require_others_on_the_route():
    stops, given = [stop("A", goods="oven"), stop("B", goods="gas")], {"required_goods": (("oven", "gas"),)}
    assert told(stops, "A B", None, **given) == told(stops, "B", None, **given) == []
    assert told(stops, "A", None, **given) == [("GOODS_REQUIRED", "A", 1, "oven, gas")]


def test_too_many_stops_and_metres():
    stops, vehicle = [stop("A"), stop("B"), stop("C")], van(stops_limit=1, distance_limit_m=900)
    assert told(stops, "A B C", vehicle) == [("STOPS_LIMIT", None, 2, "")]
    assert [breach.excess for breach in distance_breaches(vehicle, 1_000)] == [100]
    assert not list(distance_breaches(vehicle, 900))


def test_a_depot_that_runs_out_of_stock():
    stops = [stop("A", load=4), stop("B", load=3, loads=(("ice", 1),)), stop("C", load=9, on_board="V1")]
    fleet = [van(start_depot="X", reload_depots=("X",)), van(id="V1", start_depot="X")]
    book = Book(replace(line_problem(stops, fleet), depots=(Depot(id="X", place=0, stock=(("load", 6),)),)))
    found = list(plan_breaches(book, {"V0": ("X", "A"), "V1": ("B", "C")}))
    # 4 + 3 of 6; ice is none there; what V1 has on board already is not taken
    assert [(breach.stop_id, breach.excess, breach.of) for breach in found] == [("X", 1, "X ice"), ("X", 1, "X load")]
    assert not list(plan_breaches(book, {"V0": ("A",), "V1": ("C",)}))


def test_requests_are_single_stops_shipments_and_groups():
    stops = [stop("D"), stop("A", together="g"), stop("S", priority=10), stop("P"), stop("B", together="g")]
    shipments = (Shipment(id="1", pickup_stop_id="P", delivery_stop_id="D"),)
    requests = requests_of(replace(line_problem(stops), shipments=shipments))
    assert [(request.stop_ids, request.is_pair, request.unserved_cents) for request in requests] == [
        (("P", "D"), True, 20_000),
        (("A", "B"), False, 20_000),
        (("S",), False, 20_000),
    ]
