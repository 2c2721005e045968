"""Loads by name, releases, due times, setup, types and prices through a day, on a road where 1 km takes 100 s.

Such a day's routes are walked to be timed. A van costs 2,400 an hour of duty, 35 a km and 3,000 to leave.
"""

from __future__ import annotations

from dataclasses import replace

from small_days import begun, lived, published, refused, rest_of, stop, told, vehicle

from routing.events.news import StopChanged, VehicleAdded, VehicleArrived, VehicleDeparted
from routing.events.options import ReplanOptions
from routing.events.types import StopAdded, StopCancelled, VehicleOutOfService, VisitFailed, VisitServed
from routing.plan.cost import plan_cost
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.lower import lowered
from routing.problem.model import TimeWindow
from routing.problem.plain import is_plain
from routing.problem.validate import validate
from routing.replan.assess import assess, retime
from routing.replan.quote import quote
from routing.replan.risk import chances
from routing.replan.transfers import with_transfers
from routing.replan.why import why

FEW = SolveOptions(time_limit_s=None, iterations=60)
COLD = (("cold", 1),)
LATER = TimeWindow(start_s=1_000, end_s=20_000)


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def offered(rest):
    return {each.id: each for each in rest.problem.vehicles}


def solved(rest):
    plan = solve(rest.problem, replace(FEW, initial=tuple(rest.orders.items())))
    assert verify(rest.problem, plan) == ()
    return plan


def test_a_load_by_name_is_on_board_and_comes_back_where_it_fails():
    """V carries 2 cold boxes; A's visit fails, so that 1 is left for what is on board."""
    stops = [stop("A", 1), replace(stop("A", 1), loads=COLD), replace(stop("B", 2), loads=COLD)][1:]
    day = begun(stops, [replace(vehicle("V"), capacities=(("cold", 2),)), vehicle("W")], {"V": ("A", "B")})
    rest = rest_of(day, 50)
    assert rest.on_board == {"A": "V", "B": "V"}
    assert (asked(rest)["B"].allowed_vehicles, offered(rest)["V"].capacities) == (("V",), (("cold", 2),))
    day = lived(day, told(VisitFailed, "no", 150, stop_id="A", vehicle_id="V", reason="nobody"))
    rest = rest_of(day, 150)
    assert offered(rest)["V"].capacities == (("cold", 1),)
    assert solved(rest).orders() == {"V": ("B",)}


def test_who_has_no_room_for_a_cold_box_is_told_so():
    day = begun([stop("A", 1)], [vehicle("V", shift=LATER)], {"V": ("A",)})
    late = replace(stop("N", 3), loads=COLD)
    day = lived(day, told(StopAdded, "add", 0, stop=late))
    rest = rest_of(day, 0)
    (told_why,) = why(rest, repair(rest.problem, tuple(rest.orders.items())), ["N"])
    assert [obstacle.reason for obstacle in told_why.obstacles] == ["CAPACITY"]
    assert "cold" in told_why.words


def test_nobody_leaves_before_the_goods_are_there():
    """N's goods are released at 1,000; it is 5 km away."""
    day = begun([replace(stop("N", 5), loads=COLD, release_s=1_000)], [replace(vehicle("V"), capacities=COLD)], {})
    rest = rest_of(day, 0)
    (route,) = solved(rest).routes
    assert (route.start_s, route.visits[0].arrive_s) == (1_000, 1_500)
    day = published(day, {"V": ("N",)}, 0)
    day = lived(day, told(VehicleDeparted, "off", 1_000, vehicle_id="V"))
    # On board nothing waits for it any more.
    assert asked(rest_of(day, 1_100))["N"].release_s is None


def test_goods_that_come_later_are_fetched_no_earlier():
    """V is out to A, 20 km away; N's goods come to the depot at 3,000, and only V could bring them."""
    day = begun([stop("A", 20)], [vehicle("V")], {"V": ("A",)})
    day = lived(day, told(StopAdded, "add", 100, stop=replace(stop("N", 1, load=1), release_s=9_000)))
    rest = with_transfers(day, rest_of(day, 100))
    (transfer,) = rest.transfers
    assert asked(rest)[transfer.id].windows == (TimeWindow(start_s=9_000, end_s=20_000),)
    plan = repair(rest.problem, tuple(rest.orders.items()))
    (visit,) = (each for route in plan.routes for each in route.visits if each.stop_id == transfer.id)
    assert visit.start_s == 9_000


def test_a_due_time_binds_until_its_vehicle_is_committed():
    """B takes 60 s and is due at 500: 4 km are 400 s, so it is in time only as the first stop."""
    stops = [stop("A", 2), replace(stop("B", 4), due_s=500, lateness_allowed=True)]
    day = begun(stops, [vehicle("V")], {"V": ("A", "B")})
    rest = rest_of(day, 0)
    assert [violation.code for violation in assess(day, rest, ReplanOptions()).violations] == ["DUE"]
    assert solved(rest).orders() == {"V": ("B", "A")}
    day = lived(day, told(VisitServed, "a", 260, stop_id="A"))
    rest = rest_of(day, 300)
    # On its way there it goes on, however late.
    assert rest.problem.vehicles[0].committed == ("B",)
    assert (asked(rest)["B"].due_s, retime(day, rest).orders()) == (None, {"V": ("B",)})


def test_lateness_has_a_price_of_its_own():
    """A and B close at 1,300, both 300 s from the depot, on either side of it; minutes cost 10 at A and 99 at B."""
    stops = [stop("A", 3, window=(0, 1_300)), stop("B", -3, window=(0, 1_300))]
    stops = [replace(stops[0], lateness_cents_per_min=10), replace(stops[1], lateness_cents_per_min=99)]
    stops = [replace(each, lateness_allowed=True) for each in stops]
    day = begun(stops, [vehicle("V", shift=LATER)], {"V": ("A", "B")}, delay_spread_s=0)
    plan = solved(rest_of(day, 0))
    assert plan.orders() == {"V": ("B", "A")}
    # B at 1,300, left at 1,360; A at 1,960: 11 minutes late.
    assert plan.cost.lateness_cents == 110


def test_a_truck_takes_its_own_time_and_setup_once_a_place():
    """1 km is 100 s; 30 s of setup; a truck takes 200 s instead of 60. B is at A's place."""
    both = [replace(stop(key, 1), setup_s=30, service_by_type=(("truck", 200),)) for key in "AB"]
    day = begun(both, [replace(vehicle("V"), type="truck")], {"V": ("A", "B")})
    first, second = day.plan.routes[0].visits
    assert (first.arrive_s, first.setup_s, first.start_s, first.depart_s) == (100, 30, 130, 330)
    assert (second.arrive_s, second.setup_s, second.start_s, second.depart_s) == (330, 0, 330, 530)


def test_a_setup_goes_on_where_a_driver_reports_to_be_there():
    """A is reached at 120, 20 s late, and opens at 140; its setup of 30 s is over at 150."""
    day = begun([replace(stop("A", 1, window=(140, 900)), setup_s=30), stop("B", 2)], [vehicle("V")], {"V": ("A", "B")})
    day = lived(day, told(VehicleArrived, "there", 120, stop_id="A", vehicle_id="V"))
    rest = rest_of(day, 125)
    route = retime(day, rest).routes[0]
    assert rest.progress["V"].activity == "waiting"
    assert (route.visits[0].start_s, route.visits[0].setup_s) == (150, 0)
    # By 151 it is taken to have begun at 150.
    (visit,) = rest_of(day, 151).progress["V"].assumed
    assert (visit.arrive_s, visit.setup_s, visit.waiting_s, visit.start_s, visit.depart_s) == (120, 30, 0, 150, 210)


def test_an_assumed_visit_keeps_its_setup():
    day = begun([replace(stop("A", 1), setup_s=30), stop("B", 2)], [vehicle("V")], {"V": ("A", "B")})
    (visit,) = rest_of(day, 200).progress["V"].assumed
    assert (visit.arrive_s, visit.setup_s, visit.waiting_s, visit.start_s) == (100, 30, 0, 130)


def test_vehicles_keep_their_prices_and_what_is_left_of_their_stops():
    own = {"vehicle_cents": 10, "duty_cents_per_h": 3_600, "distance_cents_per_km": 1, "stops_limit": 2}
    van = replace(vehicle("V", shift=LATER), **own)
    day = begun([stop("A", 1), stop("B", 2), stop("C", 3)], [van], {"V": ("A", "B")})
    rest = rest_of(day, 0)
    # 1 + 1 + 2 km and 2 services: 520 s at a cent a second, 4 km, 10 cents to leave.
    cost = plan_cost(rest.problem, retime(day, rest).routes, ())
    assert (cost.duty_cents, cost.distance_cents, cost.vehicle_cents) == (520, 4, 10)
    day = lived(day, told(VisitServed, "a", 1_160, stop_id="A"))
    rest = rest_of(day, 1_160)
    assert offered(rest)["V"].stops_limit == 1
    assert [left.stop_id for left in solved(rest).unassigned] == ["C"]


def test_a_cancelled_stop_may_make_room_that_only_a_search_can_tell():
    stops = [replace(stop(key, 1 + number), setup_s=10) for number, key in enumerate("ABC")]
    day = begun(stops, [vehicle("V"), vehicle("W")], {"V": ("A", "B"), "W": ("C",)})
    day = lived(day, told(StopCancelled, "no", 10, stop_id="C"))
    rest = rest_of(day, 10)
    assert not is_plain(lowered(rest.problem))
    assert assess(day, rest, ReplanOptions()).causes == (
        "there may be room for better orders, which only a search can tell",
    )


def test_a_quote_and_its_risk_know_setup_and_type():
    """V serves A at 1 km; N at 2 km is asked for with 100 s of setup: 10 cents a km more would not tell it."""
    truck = replace(vehicle("V"), type="truck")
    day = begun([stop("A", 1)], [truck], {"V": ("A",)})
    new = replace(stop("N", 2), setup_s=100, service_by_type=(("truck", 300),))
    day = lived(day, told(StopAdded, "add", 0, stop=new))
    rest = rest_of(day, 0)
    (offer,) = quote(rest, retime(day, rest), asked(rest)["N"], [TimeWindow(start_s=0, end_s=5_000)]).offers
    # 2 km more there and back are 200 s and 70 cents, setup and service 400 s: 600 s are 400 cents.
    assert (offer.start_s, offer.added_cents) == (360, 470)
    risk = chances(rest, solved(rest), draws=200, seed=1)
    assert set(risk.stop_ids) == {"A", "N"}


def test_goods_of_a_broken_vehicle_change_hands_with_their_loads():
    stops = [replace(stop("A", 10), loads=COLD), stop("B", 1)]
    fleet = [replace(vehicle(key), capacities=COLD) for key in "VW"]
    day = begun(stops, fleet, {"V": ("A",), "W": ("B",)})
    day = lived(day, told(VehicleOutOfService, "broken", 200, vehicle_id="V"))
    rest = with_transfers(day, rest_of(day, 200))
    assert [(each.from_vehicle, each.to_vehicle, each.stop_ids) for each in rest.transfers] == [("V", "W", ("A",))]


def test_goods_that_are_on_board_when_the_day_begins_stay_with_their_vehicle():
    """W has A's goods and 3 units more of its 5: A's 2 leave no room for B's 1."""
    stops = [replace(stop("A", 1, load=2), on_board="W"), replace(stop("B", 2, load=1), allowed_vehicles=("W",))]
    full = replace(vehicle("W", shift=LATER), capacity=5, on_board_load=3)
    rest = rest_of(begun(stops, [vehicle("V", shift=LATER), full], {}), 0)
    assert rest.on_board == {"A": "W"}
    plan = solved(rest)
    assert plan.orders() == {"W": ("A",)}
    assert [left.stop_id for left in plan.unassigned] == ["B"]


def test_a_new_stop_cannot_be_on_board_a_vehicle_that_there_is_not_nor_take_less_than_no_time():
    day = begun([], [vehicle("V")], {})
    assert refused(day, told(StopAdded, "1", 0, stop=replace(stop("N", 1, load=1), on_board="X"))) == [
        "VEHICLE_UNKNOWN"
    ]
    assert refused(day, told(StopAdded, "2", 0, stop=replace(stop("N", 1), setup_s=-1))) == ["NUMBER_RANGE"]
    assert refused(day, told(StopAdded, "3", 0, stop=replace(stop("N", 1), loads=(("cold", -1),)))) == ["NUMBER_RANGE"]


def test_what_a_day_changes_leaves_a_problem_that_can_be_planned():
    """A fee for a van that broke down, a release of goods that nobody asks for any more, and lateness that is limited
    where none is allowed ask for nothing; goods that were to stay on board keep their room."""
    early = replace(stop("A", 1, load=1), vehicle_fees=(("V", 500), ("W", 100)), release_s=2_000)
    day = begun([early], [vehicle("V", shift=LATER), vehicle("W", shift=LATER)], {"V": ("A",)})
    limited = replace(stop("N", 2), lateness_limit_s=60)
    day = lived(
        day,
        told(VehicleOutOfService, "broken", 200, vehicle_id="V"),
        told(StopChanged, "less", 200, stop_id="A", load=0),
        told(StopAdded, "add", 200, stop=limited),
    )
    rest = rest_of(day, 200)
    assert validate(rest.problem) == ()
    assert (asked(rest)["A"].vehicle_fees, asked(rest)["A"].release_s) == ((("W", 100),), None)
    assert sorted(solved(rest).orders()["W"]) == ["A", "N"]


def test_goods_that_come_back_take_no_room_from_those_that_stay():
    """V of 5 has 3 on board for good, and 4 for A, whose visit fails: there is room for the 3 and nothing else."""
    stops = [replace(stop("A", 1, load=4), on_board="V"), stop("B", 5), stop("C", 6)]
    full = replace(vehicle("V", capacity=5), on_board_load=3, capacities=COLD, on_board_loads=COLD)
    day = begun(stops, [full], {"V": ("A", "B")})
    day = lived(day, told(VisitFailed, "no", 150, stop_id="A", vehicle_id="V", reason="nobody"))
    rest = rest_of(day, 160)
    (van,) = rest.problem.vehicles
    assert (van.capacity, van.on_board_load, van.capacities, van.on_board_loads) == (3, 3, COLD, COLD)
    assert solved(rest).orders() == {"V": ("B", "C")}


def test_a_new_vehicle_cannot_have_more_on_board_than_it_carries():
    day = begun([], [vehicle("V")], {})
    over = replace(vehicle("X", capacity=2), on_board_load=3)
    assert refused(day, told(VehicleAdded, "1", 0, vehicle=over)) == ["NUMBER_RANGE"]
    over = replace(vehicle("X"), on_board_loads=COLD)
    assert refused(day, told(VehicleAdded, "2", 0, vehicle=over)) == ["NUMBER_RANGE"]
    late = replace(vehicle("X"), overtime_limit_s=60)
    rest = rest_of(lived(day, told(VehicleAdded, "3", 0, vehicle=late)), 0)
    assert validate(rest.problem) == ()
