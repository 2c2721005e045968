"""What is behind each change, and what staying would cost, on one straight road: 1 km takes 100 s, a service 60 s.

A second of duty costs 2/3 cent, a kilometre 35 cents: 1 km there and back is 2 x (100 x 2/3 + 35) = 203.3 cents.
"""

from __future__ import annotations

from dataclasses import replace

from routing.events.fold import apply
from routing.events.types import (
    ConditionWithdrawn,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    VehicleOutOfService,
    WindowChanged,
)
from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.repair import repair
from routing.plan.schedule import schedule
from routing.problem.model import TimeWindow
from routing.problem.travel import MatrixTravel
from routing.replan.assess import retime
from routing.replan.causes import MOST_PRICED, explained
from routing.replan.compare import changes
from routing.replan.remaining import remaining
from routing.replan.transfers import with_transfers
from routing.travel.conditions import OnWay
from tests.support.small_days import at_km, begun, stop, straight_road, vehicle


def about(event_type, name, at_s=0, **fields):
    return event_type(id=name, known_at_s=at_s, effective_at_s=at_s, **fields)


def explain(day, orders, now_s=0, travel=straight_road):
    rest = remaining(day, now_s, {}, travel)
    routes = schedule(rest.problem, orders)
    planned = {visit.stop_id for route in routes for visit in route.visits}
    left = [each.id for each in rest.problem.stops if each.id not in planned]
    unassigned = tuple(Unassigned(stop_id=key, reason="COST", detail="-") for key in left)
    plan = Plan(routes=routes, unassigned=unassigned, cost=plan_cost(rest.problem, routes, left))
    open_ids = [each.id for each in rest.problem.stops]
    found = changes(day.plan.routes, plan, open_ids=open_ids, shift_s=60)
    return {change.stop_id: change for change in explained(day, rest, retime(day, rest), plan, found)}


def waiting_day():
    """Two vans that have not left: both of their first stops open at 5,000."""
    window = (5_000, 9_000)
    stops = [stop("A", 2, window=window), stop("B", 4, window=window), stop("C", -3, window=window)]
    return begun(stops, [vehicle("V1"), vehicle("V2")], {"V1": ("A", "B"), "V2": ("C",)})


def test_an_event_about_the_stop_is_its_cause_and_staying_is_priced():
    day = apply(waiting_day(), about(StopCancelled, "other", stop_id="C"))
    day = apply(day, about(WindowChanged, "wish", stop_id="B", windows=(TimeWindow(start_s=5_000, end_s=9_500),)))
    found = explain(day, {"V1": ("A",), "V2": ("B",)})
    change = found["B"]
    assert (change.kind, change.causes) == ("vehicle", ("wish",))
    # Back with V1: its way is 2 km longer each way and it serves 60 s more, 4 x (66.7 + 35) + 40 = 447 cents. V2 then
    # stays at home: 8 km of 101.7, 40 for the service and 3,000 for leaving: 447 - 3,853.
    assert change.staying_cents == -3_407
    assert change.words.startswith("from V1 to V2 after window changed wish (B); alone as it was it would cost 34.07")


def test_what_stops_a_vehicle_is_behind_what_leaves_it():
    day = apply(waiting_day(), about(VehicleOutOfService, "broken", vehicle_id="V1"))
    day = apply(day, about(VehicleLocated, "gps", vehicle_id="V2", location=at_km(0)))
    found = explain(day, {"V2": ("C", "A", "B")})
    assert {key: change.causes for key, change in found.items()} == {"A": ("broken",), "B": ("broken",)}
    # V1 cannot serve anything.
    assert found["A"].staying_cents is None
    assert (
        found["A"].words == "from V1 to V2 after vehicle out of service broken (V1); as it was it would break a bound"
    )


def test_a_stop_put_before_another_is_behind_its_new_time():
    day = apply(waiting_day(), about(StopAdded, "new", stop=stop("X", 1, window=(5_000, 9_000), service_s=600)))
    found = explain(day, {"V1": ("X", "A", "B"), "V2": ("C",)})
    assert (found["X"].kind, found["X"].causes) == ("added", ("new",))
    # Without it: 10 minutes of service less, no detour, and 100.00 for not serving it.
    assert found["X"].staying_cents == 10_000 - 400
    assert {key: found[key].causes for key in ("A", "B")} == {"A": ("new",), "B": ("new",)}
    assert (found["A"].kind, found["A"].staying_cents) == ("time", None)
    assert found["A"].words == "12 min later after stop added new (X)"


def test_another_place_in_the_order_is_priced_against_the_old_one():
    day = apply(waiting_day(), about(StopCancelled, "gone", stop_id="C"))
    found = explain(day, {"V1": ("B", "A"), "V2": ()})
    (change,) = [each for each in found.values() if each.kind == "order"]
    # A before B or B before A: the same way out and home.
    assert (change.staying_cents, change.causes) == (0, ("gone",))


def slow_beyond_3(places, horizon_s):
    """Beyond 3 km on the way out everything takes thrice as long."""
    travel = straight_road(places, horizon_s)
    slow = [place.lon_deg > at_km(3).lon_deg for place in places]
    seconds = travel.matrix.duration_s.copy()
    seconds[:, slow] *= 3
    return MatrixTravel(matrix=replace(travel.matrix, duration_s=seconds))


def test_roads_are_behind_changes_of_those_who_drive_them():
    jam = about(TrafficReported, "jam", where=OnWay(way_id=1), speed_factor=0.3)
    day = apply(waiting_day(), jam)
    day = apply(day, about(StopCancelled, "gone", stop_id="C"))
    assert explain(day, {"V1": ("A",), "V2": ("B",)}, travel=slow_beyond_3)["B"].causes == ("jam", "gone")
    assert explain(day, {"V1": ("A",), "V2": ("B",)})["B"].causes == ("gone",)


def test_what_is_taken_back_is_behind_changes_like_what_was_said():
    day = waiting_day()
    day = apply(day, about(TrafficReported, "jam", where=OnWay(way_id=1), speed_factor=0.3))
    day = apply(day, about(ConditionWithdrawn, "over", event_id="jam"))
    assert explain(day, {"V1": ("B", "A"), "V2": ("C",)}, travel=slow_beyond_3)["A"].causes == ("jam", "over")


def test_the_first_plan_has_no_causes():
    day = replace(waiting_day(), plan=None)
    rest = remaining(day, 0, {}, straight_road)
    plan = Plan(routes=(), unassigned=(), cost=plan_cost(rest.problem, (), ()))
    assert explained(day, rest, plan, plan, ()) == ()


def test_a_transfer_is_not_priced_as_a_stop_that_could_be_left():
    # V1 breaks down at km 1 with the goods of A; V2 comes for them.
    day = begun([stop("A", 2, load=1), stop("B", -2)], [vehicle("V1"), vehicle("V2")], {"V1": ("A",), "V2": ("B",)})
    day = apply(day, about(VehicleOutOfService, "out", 50, vehicle_id="V1", location=at_km(1)))
    before = remaining(day, 50, {}, straight_road)
    rest = with_transfers(day, before)
    plan = repair(rest.problem, tuple(rest.orders.items()))
    found = changes(day.plan.routes, plan, open_ids=[each.id for each in rest.problem.stops], shift_s=60)
    told = {change.stop_id: change for change in explained(day, rest, retime(day, before), plan, found)}
    assert told["transfer:V2:1"].kind == "added"
    assert told["transfer:V2:1"].staying_cents is None
    assert told["transfer:V2:1"].words.endswith("as it was it would break a bound")


def test_no_more_changes_are_priced_than_said():
    count = MOST_PRICED + 2
    stops = [stop(f"S{number}", 1, window=(5_000, 19_000)) for number in range(count)]
    day = begun(stops, [vehicle("V1"), vehicle("V2")], {"V1": tuple(each.id for each in stops)})
    found = list(explain(day, {"V2": tuple(each.id for each in stops)}).values())
    assert [change.staying_cents is None for change in found] == [False] * MOST_PRICED + [True] * 2
    assert "not priced" in found[-1].words
