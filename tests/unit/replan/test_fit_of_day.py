"""Skills, territories, drivers, penalties and walks through a day, on a road where 1 km takes 100 s."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from small_days import SHIFT, begun, lived, refused, rest_of, stop, told, vehicle

from routing.events.asked import DayStop, DayVehicle
from routing.events.types import StopAdded, VehicleOutOfService, VisitServed
from routing.events.words import StopPinned, VehicleForbidden
from routing.plan.engines.registry import Constraint
from routing.plan.options import SolveOptions
from routing.plan.solve import solve
from routing.problem.lower import lowered
from routing.problem.model import Stop, Vehicle
from routing.replan.assess import retime
from routing.replan.carried import CARRIED_BY_DAY, NOT_OF_DAY, not_of_day
from routing.replan.transfers import with_transfers
from routing.replan.why import why

FEW = SolveOptions(time_limit_s=None, iterations=50)


def a_fleet():
    lifting = replace(vehicle("V"), skills=("lift",), driver="Ana", territories=("east",))
    return [lifting, replace(vehicle("W"), driver="Ben", territories=("west",), territory_fee_cents=700)]


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def out(rest):
    return {reason.stop_id: (reason.reason, reason.detail) for _, reason in rest.left_out}


def added(asked_stop):
    return told(StopAdded, f"add-{asked_stop.id}", 100, stop=asked_stop)


def test_a_stop_that_comes_later_asks_for_skills():
    day = begun([stop("A", 1)], a_fleet(), {"V": ("A",)})
    day = lived(
        day, added(replace(stop("N", 2), skills_all=("lift",))), added(replace(stop("M", 2), skills_all=("x",)))
    )
    rest = rest_of(day, 100)
    assert asked(rest)["N"].allowed_vehicles == ("V",)
    assert out(rest)["M"] == ("SKILL", "V lacks x; W lacks x")
    assert {left.stop_id for left in why_of(rest, day)} == {"N", "M"}


def why_of(rest, day):
    return why(rest, _with_left_out(rest, retime(day, rest)))


def _with_left_out(rest, plan):
    return replace(plan, unassigned=(*plan.unassigned, *(reason for _, reason in rest.left_out)))


def test_nothing_is_said_to_help_where_no_vehicle_may():
    day = begun([replace(stop("A", 1), skills_all=("x",))], a_fleet(), {})
    rest = rest_of(day, 100)
    (told_why,) = why_of(rest, day)
    assert [obstacle.reason for obstacle in told_why.obstacles] == ["FORBIDDEN", "FORBIDDEN"]


def test_territories_bind_or_cost():
    """V may not leave the east; W may leave the west for 700, and C has no territory."""
    stops = [replace(stop("A", 1), territory="east"), replace(stop("B", 2), territory="west"), stop("C", 3)]
    rest = rest_of(begun(stops, a_fleet(), {}), 0)
    assert {key: each.allowed_vehicles for key, each in asked(rest).items()} == {"A": None, "B": ("W",), "C": None}
    assert {stop.id: stop.vehicle_fees for stop in lowered(rest.problem).stops} == {
        "A": (("W", 700),),
        "B": (),
        "C": (),
    }


def test_the_driver_that_a_customer_knows_comes_where_it_costs_nothing_more():
    day = begun([replace(stop("A", 1), preferred_drivers=("Ben",))], a_fleet(), {})
    day = replace(day, started=replace(day.started, objective=replace(day.started.objective, other_driver_cents=100)))
    plan = solve(rest_of(day, 0).problem, FEW)
    assert [route.vehicle_id for route in plan.routes] == ["W"]


def test_who_is_under_way_goes_on_and_goods_on_board_stay():
    """B is on board V, which has left; what the stop allows does not count any more."""
    stops = [stop("A", 1, load=1), replace(stop("B", 2, load=1), allowed_vehicles=("V",))]
    day = begun(stops, a_fleet(), {"V": ("A", "B")})
    rest = rest_of(day, 50)
    assert rest.problem.vehicles[0].committed == ("A",)
    assert (asked(rest)["A"].allowed_vehicles, asked(rest)["B"].allowed_vehicles) == (("V",), ("V",))


def test_goods_of_a_broken_vehicle_are_fetched_by_one_that_may():
    stops = [replace(stop("A", 10, load=1), skills_all=("lift",)), stop("B", 1)]
    fleet = [*a_fleet(), replace(vehicle("X"), skills=("lift",))]
    day = begun(stops, fleet, {"V": ("A",), "W": ("B",)})
    day = lived(day, told(VehicleOutOfService, "broken", 200, vehicle_id="V"))
    rest = with_transfers(day, rest_of(day, 200))
    assert [(each.from_vehicle, each.to_vehicle) for each in rest.transfers] == [("V", "X")]


def test_a_word_cannot_bind_a_stop_to_a_vehicle_that_may_not():
    day = begun([replace(stop("A", 1), skills_all=("lift",))], a_fleet(), {"V": ("A",)})
    assert refused(day, told(StopPinned, "pin", 10, stop_id="A", vehicle_id="W")) == ["VEHICLE_UNFIT"]
    assert refused(day, told(StopPinned, "pin", 10, stop_id="A", vehicle_id="V")) == []


def test_a_ban_leaves_the_vehicles_with_the_skill():
    stops = [replace(stop("A", 1), skills_all=("lift",))]
    day = begun(stops, [*a_fleet(), replace(vehicle("X"), skills=("lift",))], {})
    day = lived(day, told(VehicleForbidden, "ban", 10, stop_id="A", vehicle_id="V"))
    assert asked(rest_of(day, 10))["A"].allowed_vehicles == ("X",)


def test_a_penalty_of_its_own_and_lateness_stay_through_the_day():
    day = begun([replace(stop("A", 1), unserved_cents=123, lateness_allowed=True)], a_fleet(), {})
    kept = asked(rest_of(day, 0))["A"]
    assert (kept.unserved_cents, kept.lateness_allowed) == (123, True)


def test_a_walk_is_there_and_back_through_the_day():
    """1 km is 100 s; 60 s of service and twice 40 s on foot: it leaves at 240."""
    day = begun([replace(stop("A", 1), walk_s=40), stop("B", 2)], [vehicle("V")], {"V": ("A", "B")})
    first = day.plan.routes[0].visits[0]
    assert (first.arrive_s, first.depart_s) == (100, 240)
    day = lived(day, told(VisitServed, "a", 240, stop_id="A"))
    assert day.stops["A"].state == "served"


def test_overtime_may_be_allowed_before_it_leaves():
    day = begun([stop("A", 1)], [replace(vehicle("V"), overtime_allowed=True), vehicle("W")], {})
    assert [each.overtime_allowed for each in rest_of(day, 0).problem.vehicles] == [True, False]


def test_every_field_is_carried_or_refused():
    """Beyond these a day takes its own: ids and places, windows and what it makes of them, its own commitments."""
    own = {"place", "start_place", "end_place", "committed", "used", "columns"}
    known = {field.name for kind in (DayStop, DayVehicle) for field in fields(kind)} | set(NOT_OF_DAY) | own
    assert {field.name for kind in (Stop, Vehicle) for field in fields(kind)} <= known


def test_what_a_day_does_not_carry_is_refused_by_its_name():
    plain = Vehicle(id="V", profile="van", capacity=1, shift=SHIFT, start_place=0, end_place=0)
    issues = list(not_of_day("vehicle V", replace(plain, lifo=True, skills=("lift",))))
    assert [(issue.code, issue.where) for issue in issues] == [("DAY_CANNOT", "vehicle V:lifo")]
    assert "unloading last in, first out" in issues[0].cause
    assert list(not_of_day("vehicle V", plain)) == []


def test_a_fee_for_a_vehicle_adds_to_that_for_a_change():
    """The plan has A with V; another vehicle costs 100 for the change, W 40 more by A's own fee, V 30."""
    fees = (("V", 30), ("W", 40))
    day = begun([replace(stop("A", 1), vehicle_fees=fees)], [*a_fleet(), vehicle("X")], {"V": ("A",)}, near_s=0)
    assert asked(rest_of(day, 0))["A"].vehicle_fees == (("V", 30), ("W", 140), ("X", 100))


@pytest.mark.parametrize(
    "constraint", [Constraint.SKILLS, Constraint.TERRITORY_FEES, Constraint.WALK, Constraint.AFFINITY]
)
def test_a_day_carries(constraint):
    assert constraint in CARRIED_BY_DAY


def test_nobody_is_said_to_come_where_every_vehicle_is_banned():
    day = begun([replace(stop("A", 1), skills_all=("lift",))], a_fleet(), {})
    day = lived(day, *(told(VehicleForbidden, f"no {key}", 10, stop_id="A", vehicle_id=key) for key in "VW"))
    rest = rest_of(day, 20)
    assert out(rest)["A"][0] == "NO_VEHICLE"
    (told_why,) = why_of(rest, day)
    assert [obstacle.reason for obstacle in told_why.obstacles] == ["FORBIDDEN", "FORBIDDEN"]
