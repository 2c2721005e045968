"""What the dispatcher lays down by hand, on a road where 1 km takes 100 s.

V leaves its start at km 0 at 0 and serves A at km 1 (100 to 160), B at km 2 (260 to 320) and C at km 3 (420 to 480);
W leaves at 5,000 for D at km 4 and E at km 5. Nothing has a load unless it says so.
"""

from __future__ import annotations

from small_days import begun, published, rest_of, stop, vehicle

from routing.events.fold import apply
from routing.events.types import StopAdded, StopMoved, StopPinned, VehicleForbidden, VehicleOutOfService, WordWithdrawn
from routing.plan.cost import plan_cost
from routing.plan.model import Plan
from routing.plan.options import SolveOptions
from routing.plan.schedule import schedule
from routing.plan.solve import solve
from routing.problem.model import FollowFee, TimeWindow
from routing.replan.by_hand import unheld

LATE_SHIFT = TimeWindow(start_s=5_000, end_s=20_000)


def a_day(*, loads=(), **options):
    stops = [stop(key, x_km, load=int(key in loads)) for x_km, key in enumerate("ABCDE", start=1)]
    fleet = [vehicle("V"), vehicle("W", shift=LATE_SHIFT)]
    return begun(stops, fleet, {"V": ("A", "B", "C"), "W": ("D", "E")}, **options)


def said(day, kind, stop_id, vehicle_id, *, number=1, **fields):
    event = kind(id=f"w{number}", known_at_s=60, effective_at_s=60, stop_id=stop_id, vehicle_id=vehicle_id, **fields)
    return apply(day, event)


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def committed(rest):
    return {each.id: each.committed for each in rest.problem.vehicles}


def out(rest):
    return {reason.stop_id: (reason.reason, reason.detail) for _, reason in rest.left_out}


def test_a_pinned_stop_goes_with_its_vehicle_however_late():
    rest = rest_of(said(a_day(), StopPinned, "D", "V"), 60)
    assert (asked(rest)["D"].allowed_vehicles, asked(rest)["D"].lateness_allowed) == (("V",), True)
    # It has no place with V yet: W may not keep it.
    assert rest.orders == {"V": ("A", "B", "C"), "W": ("E",)}


def test_a_stop_pinned_to_a_place_is_committed_with_what_comes_before_it():
    rest = rest_of(said(a_day(), StopPinned, "D", "V", position=0), 60)
    assert rest.orders["V"] == ("A", "D", "B", "C")
    assert committed(rest) == {"V": ("A", "D"), "W": ()}
    rest = rest_of(said(a_day(), StopPinned, "D", "V", position=1), 60)
    assert committed(rest)["V"] == ("A", "B", "D")
    rest = rest_of(said(a_day(), StopPinned, "C", "V", position=0), 60)
    assert rest.orders["V"] == ("A", "C", "B")


def test_no_word_changes_the_stop_that_is_driven_to():
    assert committed(rest_of(said(a_day(), StopPinned, "A", "W", position=0), 60))["V"] == ("A",)
    assert committed(rest_of(said(a_day(), StopMoved, "A", "V", after_stop_id="C"), 60))["V"] == ("A",)


def test_goods_on_board_outweigh_a_pin():
    rest = rest_of(said(a_day(loads="B"), StopPinned, "B", "W"), 60)
    assert asked(rest)["B"].allowed_vehicles == ("V",)
    assert rest.orders["V"] == ("A", "B", "C")


def test_a_pin_that_cannot_be_is_said():
    # N's goods are at the depot and V has left; W could load them, but is not meant to.
    day = apply(a_day(), StopAdded(id="n", known_at_s=60, effective_at_s=60, stop=stop("N", 2, load=1)))
    detail = "its goods are at the depot and V, to which it is bound, has left"
    assert out(rest_of(said(day, StopPinned, "N", "V"), 60)) == {"N": ("GOODS_NOT_ON_BOARD", detail)}
    broken = VehicleOutOfService(id="x", known_at_s=60, effective_at_s=60, vehicle_id="W")
    found = out(rest_of(apply(said(a_day(), StopPinned, "B", "W"), broken), 60))
    assert found["B"] == ("NO_VEHICLE", "it is bound to W, which is out of service")


def test_a_forbidden_vehicle_loses_the_stop():
    rest = rest_of(said(a_day(), VehicleForbidden, "B", "V"), 60)
    assert asked(rest)["B"].allowed_vehicles == ("W",)
    assert rest.orders["V"] == ("A", "C")
    # Its goods are on board V: nobody is left.
    assert out(rest_of(said(a_day(loads="B"), VehicleForbidden, "B", "V"), 60))["B"] == (
        "NO_VEHICLE",
        "every vehicle that could serve it is forbidden there: V",
    )


def test_a_moved_stop_stands_where_it_was_put_and_is_held_there():
    rest = rest_of(said(a_day(), StopMoved, "E", "V", after_stop_id="B"), 60)
    assert rest.orders == {"V": ("A", "B", "E", "C"), "W": ("D",)}
    # Half of the 10,000 cents of an unserved stop.
    assert asked(rest)["E"].follow_fee == FollowFee(vehicle_id="V", after_stop_id="B", cents=5_000)
    assert asked(rest)["E"].allowed_vehicles == ("V",)
    # The plan that follows has it there, and the next one begins from there again, by whatever the plan says.
    day = published(said(a_day(), StopMoved, "E", "V", after_stop_id="B"), {"V": ("A", "B", "C", "E")}, 60)
    assert rest_of(day, 120).orders["V"] == ("B", "E", "C")


def test_moved_to_the_front_a_stop_is_the_next_free_one():
    assert committed(rest_of(said(a_day(), StopMoved, "C", "V"), 60))["V"] == ("A", "C")


def test_stops_that_are_moved_behind_each_other_stand_in_that_order():
    day = said(a_day(), StopMoved, "E", "V", after_stop_id="B")
    day = said(day, StopMoved, "B", "V", number=2, after_stop_id="C")
    assert rest_of(day, 60).orders["V"] == ("A", "C", "B", "E")


def test_what_is_taken_back_counts_no_more():
    day = said(a_day(), StopMoved, "E", "V", after_stop_id="B")
    day = apply(day, WordWithdrawn(id="u", known_at_s=60, effective_at_s=60, event_id="w1"))
    assert rest_of(day, 60).orders == rest_of(a_day(), 60).orders


def test_a_plan_that_leaves_the_place_of_a_moved_stop_says_so():
    day = said(a_day(), StopMoved, "E", "V", after_stop_id="B")
    rest = rest_of(day, 60)

    def plan(*order):
        routes = schedule(rest.problem, {"V": order, "W": ("D",)})
        return Plan(routes=routes, unassigned=(), cost=plan_cost(rest.problem, routes, ()))

    assert unheld(day, rest.problem, plan("A", "B", "E", "C")) == ()
    assert unheld(day, rest.problem, plan("A", "B", "C", "E")) == (
        "Stop E does not come right after B as it was moved: otherwise a stop would be left out.",
    )


def test_a_moved_stop_leaves_its_place_only_where_another_would_be_lost():
    # V leaves at 5,000: B at 5,200 and not after C, E from 5,560 with an hour of service, C at 9,360. It has not left,
    # so C may not be late: by 9,000 it is lost behind E, and a lost stop costs more than the place of a moved one. B
    # comes first in any case, and both ways are 10 km.
    stops = [stop("B", 2, window=(0, 5_250)), stop("C", 3), stop("E", 5, service_s=3_600)]
    van = vehicle("V", shift=LATE_SHIFT)
    for closes_s, order, stays in ((20_000, ("B", "E", "C"), True), (9_000, ("B", "C", "E"), False)):
        stops[1] = stop("C", 3, window=(0, closes_s))
        day = said(begun(stops, [van], {"V": ("B", "C", "E")}), StopMoved, "E", "V", after_stop_id="B")
        rest = rest_of(day, 60)
        assert rest.orders["V"] == ("B", "E", "C")
        found = solve(rest.problem, SolveOptions(iterations=300, initial=tuple(rest.orders.items())))
        assert (found.orders()["V"], found.unassigned) == (order, ())
        assert (unheld(day, rest.problem, found) == ()) == stays
