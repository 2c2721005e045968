"""What keeps stops from being served in time, with sums on one straight road: 1 km takes 100 s, a service 60 s."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.schedule import Clock, schedule
from routing.problem.model import TimeWindow
from routing.replan.ways import Bound
from routing.replan.why import MOST_STOPS, bound_words, why
from tests.support.small_days import begun, rest_of, stop, vehicle


def plan_of(rest, orders=None):
    orders = rest.orders if orders is None else orders
    routes = schedule(rest.problem, orders)
    planned = {visit.stop_id for route in routes for visit in route.visits}
    left = [Unassigned(stop_id=each.id, reason="WINDOW", detail="-") for each in rest.problem.stops]
    unassigned = tuple(each for each in left if each.stop_id not in planned)
    unassigned += tuple(reason for _, reason in rest.left_out)
    cost = plan_cost(rest.problem, routes, [each.stop_id for each in unassigned])
    return Plan(routes=routes, unassigned=unassigned, cost=cost)


def fits_somewhere(problem, orders, stop_id, vehicle_id):
    """Try every place of the vehicle, with capacity and clock, late or over nowhere."""
    clock, held = Clock(problem), next(each for each in problem.vehicles if each.id == vehicle_id)
    asked = clock.stops[stop_id]
    if asked.allowed_vehicles is not None and vehicle_id not in asked.allowed_vehicles:
        return False
    order = orders.get(vehicle_id, ())
    if sum(clock.stops[key].load for key in (*order, stop_id)) > held.capacity:
        return False
    for at in range(len(held.committed), len(order) + 1):
        run = clock.follow(held, (*order[:at], stop_id, *order[at:]), held.shift.start_s)
        if run is None or run.forbidden_s:
            continue
        if not asked.windows or run.times_s[at][1] <= asked.windows[-1].end_s:
            return True
    return False


def one_less(bound):
    return replace(bound, limit=bound.limit - 1, excess=bound.excess - 1)


def relaxed(problem, stop_id, bounds):
    """Return the problem with bounds at their new limits."""
    stops = {each.id: each for each in problem.stops}
    fleet = {each.id: each for each in problem.vehicles}
    for bound in bounds:
        if bound.kind == "window":
            *first, last = stops[bound.of].windows
            stops[bound.of] = replace(stops[bound.of], windows=(*first, replace(last, end_s=bound.limit)))
        elif bound.kind == "vehicle":
            allowed = stops[stop_id].allowed_vehicles or ()
            stops[stop_id] = replace(stops[stop_id], allowed_vehicles=(*allowed, bound.of))
        elif bound.kind == "capacity":
            fleet[bound.of] = replace(fleet[bound.of], capacity=bound.limit)
        else:
            shift = replace(fleet[bound.of].shift, end_s=bound.limit)
            fleet[bound.of] = replace(fleet[bound.of], shift=shift)
    return replace(problem, stops=tuple(stops.values()), vehicles=tuple(fleet.values()))


def check(rest, plan, told):
    """Hold each relaxation against the problem: it helps, and one unit less of any bound does not."""
    orders = {key: tuple(each for each in order if each != told.stop_id) for key, order in plan.orders().items()}
    strict = tuple(
        replace(each, lateness_allowed=False) if each.id == told.stop_id else each for each in rest.problem.stops
    )
    problem = replace(rest.problem, stops=strict)
    checked = 0
    for obstacle in told.obstacles:
        way = obstacle.way
        if way is None or not way.bounds:
            continue
        assert not fits_somewhere(problem, orders, told.stop_id, way.vehicle_id)
        assert fits_somewhere(relaxed(problem, told.stop_id, way.bounds), orders, told.stop_id, way.vehicle_id)
        for number, bound in enumerate(way.bounds):
            less = [*way.bounds[:number], *way.bounds[number + 1 :]]
            if bound.kind != "vehicle":
                less.append(one_less(bound))
            assert not fits_somewhere(relaxed(problem, told.stop_id, less), orders, told.stop_id, way.vehicle_id)
        checked += 1
    return checked


def test_a_window_that_is_missed_by_every_vehicle_tells_the_least_that_would_do():
    # V1 can be at 10 km at 1,000, V2 (from 4 km) at 600 and after its stop at 5 km at 660: 60 s after the end.
    stops = [stop("A", 5), stop("X", 10, window=(0, 590))]
    day = begun(stops, [vehicle("V1"), vehicle("V2", x_km=4)], {"V2": ("A",)})
    rest = rest_of(day, 0)
    plan = plan_of(rest, {"V2": ("A",)})
    (told,) = why(rest, plan)
    assert (told.stop_id, told.lateness_s) == ("X", None)
    assert [each.reason for each in told.obstacles] == ["WINDOW", "WINDOW"]
    assert told.relaxation.bounds == (Bound(kind="window", of="X", excess=10, limit=600),)
    assert (told.relaxation.vehicle_id, told.relaxation.position) == ("V2", 0)
    assert told.words == ("X is unassigned; in time with V2 by: window of X until 00:10 instead of 00:09.")
    assert check(rest, plan, told) == 2


def test_capacity_shift_and_other_stops_stand_in_the_way():
    short = TimeWindow(start_s=0, end_s=1_900)
    stops = [stop("A", 3, load=8), stop("B", -2, window=(0, 200)), stop("X", 10, load=4)]
    fleet = [vehicle("V1", capacity=10), vehicle("V2"), vehicle("V3", shift=short)]
    day = begun(stops, fleet, {})
    rest = rest_of(day, 0)
    plan = plan_of(rest, {"V1": ("A",), "V2": ("B",)})
    (told,) = why(rest, plan)
    reasons = {each.vehicle_id: each.reason for each in told.obstacles}
    # V2 has room and time after B; V1 lacks 2 units; V3 is back at 2,060, 160 s after its shift.
    assert reasons == {"V1": "CAPACITY", "V2": "COST", "V3": "SHIFT"}
    assert told.relaxation is None
    assert "for its price" in told.words
    ways = {each.vehicle_id: each.way for each in told.obstacles}
    assert ways["V1"].bounds == (Bound(kind="capacity", of="V1", excess=2, limit=12),)
    assert ways["V3"].bounds == (Bound(kind="shift", of="V3", excess=160, limit=2_060),)
    assert check(rest, plan, told) == 2


def test_what_is_on_board_another_vehicle_needs_that_vehicle():
    stops = [stop("A", 5, window=(0, 510), load=1), stop("B", -5, window=(0, 400), load=1), stop("C", -6)]
    day = begun(stops, [vehicle("V1"), vehicle("V2", x_km=-1)], {"V1": ("A", "B"), "V2": ("C",)})
    rest = rest_of(day, 100)
    plan = plan_of(rest)
    # At 100 V1 is at 1 km, bound for A; then B at 500 + 60 + 1,000 = 1,560, 1,160 late.
    (told,) = why(rest, plan)
    assert (told.stop_id, told.lateness_s) == ("B", 1_160)
    own, other = told.obstacles
    assert (own.reason, other.reason) == ("WINDOW", "ON_BOARD")
    assert (other.detail, other.way) == ("its goods are on board V1", None)
    assert own.way.bounds == (Bound(kind="window", of="B", excess=1_160, limit=1_560),)
    assert told.relaxation == own.way
    assert check(rest, plan, told) == 1


def test_goods_at_the_depot_go_with_nobody_who_has_left():
    stops = [stop("A", 5, load=1), stop("X", 2, load=1)]
    day = begun(stops, [vehicle("V1")], {"V1": ("A",)})
    rest = rest_of(day, 100)
    (told,) = why(rest, plan_of(rest))
    assert [each.reason for each in told.obstacles] == ["GOODS_AT_DEPOT"]
    assert told.relaxation is None
    assert told.words == "X is unassigned; nothing small would help: its goods are at the depot, and V1 has left."


def test_a_vehicle_that_is_forbidden_is_told_with_what_else_it_lacks():
    rest = rest_of(begun([stop("X", 10, window=(0, 900))], [vehicle("V1"), vehicle("V2", x_km=20)], {}), 0)
    (asked,) = rest.problem.stops
    rest = replace(rest, problem=replace(rest.problem, stops=(replace(asked, allowed_vehicles=("V2",)),)))
    plan = plan_of(rest, {})
    (told,) = why(rest, plan)
    assert [each.reason for each in told.obstacles] == ["FORBIDDEN", "WINDOW"]
    assert [bound.kind for bound in told.obstacles[0].way.bounds] == ["vehicle", "window"]
    assert told.relaxation == told.obstacles[1].way
    assert check(rest, plan, told) == 2


def test_a_stop_that_is_late_for_another_ones_sake_tells_the_price():
    # In the order A, B is reached at 460; first it would be at 100, and A, without a window, costs nothing but way.
    stops = [stop("A", 2), stop("B", -1, window=(0, 400))]
    day = begun(stops, [vehicle("V1")], {"V1": ("A", "B")})
    rest = rest_of(day, 0)
    rest = replace(
        rest,
        problem=replace(rest.problem, stops=tuple(replace(each, lateness_allowed=True) for each in rest.problem.stops)),
    )
    (told,) = why(rest, plan_of(rest))
    assert told.obstacles[0].reason == "COST"
    assert told.obstacles[0].way.start_s == 100
    assert told.relaxation is None


def test_one_vehicle_out_of_service_and_one_stop_named():
    stops = [stop("A", 5, window=(0, 100)), stop("B", 6, window=(0, 100))]
    rest = rest_of(begun(stops, [vehicle("V1")], {}), 0)
    plan = plan_of(rest, {})
    assert [each.stop_id for each in why(rest, plan)] == ["A", "B"]
    assert [each.stop_id for each in why(rest, plan, ["B"])] == ["B"]


def test_no_more_stops_than_said_are_explained_unasked():
    stops = [stop(f"S{number}", 5, window=(0, 100)) for number in range(MOST_STOPS + 3)]
    rest = rest_of(begun(stops, [vehicle("V1")], {}), 0)
    plan = plan_of(rest, {})
    assert len(why(rest, plan)) == MOST_STOPS
    assert len(why(rest, plan, [f"S{MOST_STOPS + 1}"])) == 1


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        (Bound(kind="capacity", of="V1", excess=4, limit=104), "4 units more room on V1"),
        (Bound(kind="shift", of="V1", excess=61, limit=20_061), "shift of V1 until 05:35 instead of 05:33"),
        (Bound(kind="vehicle", of="V1", excess=1, limit=1), "V1 allowed to serve it"),
    ],
)
def test_bounds_in_words(bound, words):
    rest = rest_of(begun([stop("A", 5)], [vehicle("V1")], {}), 0)
    assert bound_words(rest.problem, bound) == words
