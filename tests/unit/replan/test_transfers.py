"""How goods change hands, on a road where 1 km takes 100 s; a transfer takes 600 s, an hour of duty costs 2,400 cents.

V has goods for A at km 5 and B at km 6, W for C at km 2 and D at km -3. Both leave the depot at km 0 at 0.
"""

from __future__ import annotations

from dataclasses import replace

from small_days import at_km, begun, km_of, publication, rest_of, stop, vehicle

from routing.events.fold import apply
from routing.events.news import VehicleBack, VehicleDeparted
from routing.events.types import StopAdded, StopCancelled, VehicleOutOfService, VisitServed
from routing.events.words import StopPinned, VehicleForbidden
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.schedule import schedule
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import Objective, TimeWindow
from routing.replan.assess import retime
from routing.replan.transfers import with_transfers


def a_day(*, w_capacity=100, fleet=(), orders=None, **options):
    stops = [stop("A", 5, load=30), stop("B", 6, load=30), stop("C", 2, load=10), stop("D", -3, load=10)]
    vehicles = [vehicle("V"), vehicle("W", capacity=w_capacity), *fleet]
    return begun(stops, vehicles, {"V": ("A", "B"), "W": ("C", "D"), **(orders or {})}, **options)


def broken(at_s=350, x_km=3.5, vehicle_id="V"):
    return VehicleOutOfService(
        id=f"out-{vehicle_id}", known_at_s=at_s, effective_at_s=at_s, vehicle_id=vehicle_id, location=at_km(x_km)
    )


def told(day, *events):
    for each in events:
        day = apply(day, each)
    return day


def served(stop_id, at_s, vehicle_id):
    return VisitServed(id=f"s-{stop_id}", known_at_s=at_s, effective_at_s=at_s, stop_id=stop_id, vehicle_id=vehicle_id)


def out(rest):
    return {reason.stop_id: reason.reason for _, reason in rest.left_out}


def asked(rest):
    return {each.id: each for each in rest.problem.stops}


def in_force(day, rest):
    """Publish what repair makes of a remaining problem."""
    plan = repair(rest.problem, tuple(rest.orders.items()))
    return apply(day, publication(day, rest, plan, rest.now_s))


def test_another_vehicle_comes_for_the_goods_of_a_broken_one():
    # At 350 V breaks down at km 3.5; W has served C at 260 and drives to D: that leg is committed.
    day = told(a_day(), served("C", 260, "W"), broken())
    before = rest_of(day, 350)
    assert out(before) == {"A": "GOODS_STRANDED", "B": "GOODS_STRANDED"}
    rest = with_transfers(day, before)
    assert out(rest) == {}
    (transfer,) = rest.transfers
    assert (transfer.id, transfer.to_vehicle, transfer.from_vehicle) == ("transfer:W:1", "W", "V")
    assert (km_of(transfer.location), transfer.stop_ids) == (3.5, ("A", "B"))
    (van,) = rest.problem.vehicles
    assert van.committed == ("D", "transfer:W:1")
    assert (asked(rest)["A"].allowed_vehicles, asked(rest)["A"].lateness_allowed) == (("W",), True)
    assert rest.orders == {"W": ("D", "transfer:W:1", "A", "B")}
    # D at 760 (260 and 500 s), 60 s there, 650 s to km 3.5, 600 s there: A 150 s later, at 2,220.
    (route,) = schedule(rest.problem, rest.orders)
    assert [(visit.stop_id, visit.start_s) for visit in route.visits] == [
        ("D", 760),
        ("transfer:W:1", 1_470),
        ("A", 2_220),
        ("B", 2_380),
    ]
    assert verify(rest.problem, repair(rest.problem, tuple(rest.orders.items()))) == ()
    # The goods are still on board V.
    assert rest.on_board == {"A": "V", "B": "V", "D": "W"}


def test_a_transfer_in_force_stands_until_it_is_made():
    day = told(a_day(), served("C", 260, "W"), broken())
    day = in_force(day, with_transfers(day, rest_of(day, 350)))
    # Half way to D, nothing has changed.
    rest = rest_of(day, 500)
    assert [each.id for each in rest.transfers] == ["transfer:W:1"]
    assert rest.problem.vehicles[0].committed == ("D", "transfer:W:1")
    assert rest.on_board == {"A": "V", "B": "V", "D": "W"}
    assert with_transfers(day, rest) == rest
    # Under way to it: 100 s after leaving D, 550 s before km 3.5.
    rest = rest_of(day, 920)
    assert (rest.progress["W"].committed, rest.problem.vehicles[0].committed) == ("transfer:W:1", ("transfer:W:1",))
    # Taken over by the plan's times: on board W, without any transfer to come.
    rest = rest_of(day, 2_100)
    assert (rest.on_board, rest.transfers) == ({"A": "W", "B": "W", "D": "W"}, ())
    assert "D" not in asked(rest)
    # Reported: the same.
    day = told(day, served("D", 820, "W"), served("transfer:W:1", 2_070, "W"))
    rest = rest_of(day, 2_100)
    assert (rest.on_board, rest.orders["W"]) == ({"A": "W", "B": "W"}, ("A", "B"))


def test_a_transfer_that_was_assumed_and_not_made_gives_the_goods_back():
    day = told(a_day(), broken())
    day = in_force(day, with_transfers(day, rest_of(day, 350)))
    # A plan of 2,100 takes it as made; then W reports that it served D at 2,200 only.
    day = in_force(day, rest_of(day, 2_100))
    assert day.stops["A"].on_board == "W"
    day = told(day, served("D", 2_200, "W"))
    rest = rest_of(day, 2_210)
    assert (rest.on_board["A"], [each.id for each in rest.transfers]) == ("V", ["transfer:W:1"])


def test_a_transfer_whose_goods_are_wanted_no_more_or_whose_vehicle_is_back_is_dropped():
    day = told(a_day(), broken())
    day = in_force(day, with_transfers(day, rest_of(day, 350)))
    gone = [StopCancelled(id=key, known_at_s=400, effective_at_s=400, stop_id=key) for key in "AB"]
    rest = rest_of(told(day, gone[0]), 400)
    assert rest.transfers[0].stop_ids == ("B",)
    rest = rest_of(told(day, *gone), 400)
    assert (rest.transfers, rest.orders) == ((), {"W": ("D",)})
    back = rest_of(told(day, VehicleBack(id="b", known_at_s=400, effective_at_s=400, vehicle_id="V")), 400)
    assert (back.transfers, asked(back)["A"].allowed_vehicles) == ((), ("V",))


def test_when_the_rescuer_breaks_down_another_one_is_sent():
    day = told(a_day(fleet=[vehicle("X")]), broken())
    rest = with_transfers(day, rest_of(day, 350))
    # X stands at the depot, 350 s away; to leave costs 3,000 cents, W's way from D and back 650 s more: 433 cents.
    assert [each.to_vehicle for each in rest.transfers] == ["W"]
    day = told(in_force(day, rest), broken(400, 0.5, "W"))
    rest = with_transfers(day, rest_of(day, 400))
    found = {each.id: (each.from_vehicle, each.stop_ids) for each in rest.transfers}
    assert found == {"transfer:X:2": ("V", ("A", "B")), "transfer:X:3": ("W", ("D",))}
    assert verify(rest.problem, repair(rest.problem, tuple(rest.orders.items()))) == ()


def test_a_rescuer_that_gave_up_a_stop_for_one_vehicle_may_be_sent_to_another():
    # X leaves at 5,000 for D at km 2, not after 5,250, and E. P stands broken at km 1 and Q at km -1, each with goods
    # of 20,000 cents: taking them over for 600 s comes too late for D, which is 10,000, and E is to follow D.
    stops = [stop("D", 2, window=(0, 5_250)), stop("E", 3)]
    stops += [stop(key, x_km, load=1) for key, x_km in (("A", 9), ("B", 9), ("F", -9), ("G", -9))]
    fleet = [vehicle("P"), vehicle("Q"), vehicle("X", shift=TimeWindow(start_s=5_000, end_s=30_000))]
    day = begun(stops, fleet, {"P": ("A", "B"), "Q": ("F", "G"), "X": ("D", "E")})
    day = told(day, broken(100, 1, "P"), broken(100, -1, "Q"))
    rest = with_transfers(day, rest_of(day, 100))
    assert out(rest) == {}
    assert [(each.from_vehicle, each.stop_ids) for each in rest.transfers] == [("P", ("A", "B")), ("Q", ("F", "G"))]
    assert verify(rest.problem, repair(rest.problem, tuple(rest.orders.items()))) == ()


def test_goods_that_no_rescuer_has_room_for_stay_stranded():
    # W's 20 are D's 10 and 10 of room: neither A nor B with 30 fits.
    day = told(a_day(w_capacity=20), broken())
    rest = with_transfers(day, rest_of(day, 350))
    assert (out(rest), rest.transfers) == ({"A": "GOODS_STRANDED", "B": "GOODS_STRANDED"}, ())
    # 40 hold one of them beside D.
    day = told(a_day(w_capacity=40), broken())
    rest = with_transfers(day, rest_of(day, 350))
    assert len(out(rest)) == 1
    assert len(rest.transfers[0].stop_ids) == 1


def test_two_rescuers_share_the_goods_where_that_is_cheaper():
    # Each has room for one of the two only, and a stop left costs 10,000 cents.
    day = told(a_day(w_capacity=40, fleet=[vehicle("X", capacity=40, x_km=7)]), broken())
    rest = with_transfers(day, rest_of(day, 350))
    assert out(rest) == {}
    assert sorted(each.to_vehicle for each in rest.transfers) == ["W", "X"]
    assert sorted(stop_id for each in rest.transfers for stop_id in each.stop_ids) == ["A", "B"]


def test_a_rescue_that_costs_more_than_the_goods_is_not_planned():
    # With 1 cent for an unserved stop no detour pays.
    day = told(a_day(), broken())
    cheap = replace(day, started=replace(day.started, objective=Objective(unserved_cents=1)))
    assert with_transfers(cheap, rest_of(cheap, 350)).transfers == ()


def test_a_vehicle_that_is_out_comes_back_for_goods_that_are_new():
    # N at km 1 has goods at the depot; both vehicles have left. W passes the depot on its way from C to D.
    new = StopAdded(id="n", known_at_s=120, effective_at_s=120, stop=stop("N", -1, load=5))
    day = told(a_day(), new)
    before = rest_of(day, 120)
    assert out(before) == {"N": "GOODS_NOT_ON_BOARD"}
    rest = with_transfers(day, before)
    (transfer,) = rest.transfers
    assert (transfer.id, transfer.from_vehicle, transfer.stop_ids) == ("reload:W:1", None, ("N",))
    assert km_of(transfer.location) == 0
    # Between C and D: no detour at all.
    assert rest.orders["W"] == ("C", "reload:W:1", "N", "D")
    assert "N" not in rest.on_board
    # A second new one joins the same visit.
    day = in_force(day, rest)
    day = told(day, StopAdded(id="m", known_at_s=150, effective_at_s=150, stop=stop("M", -2, load=5)))
    again = with_transfers(day, rest_of(day, 150))
    assert [(each.id, each.stop_ids) for each in again.transfers] == [("reload:W:1", ("N", "M"))]
    assert out(again) == {}


def test_a_vehicle_that_is_back_makes_a_second_trip():
    reports = [served("C", 260, "W"), served("D", 820, "W"), served("A", 560, "V"), served("B", 720, "V")]
    new = StopAdded(id="n", known_at_s=2_000, effective_at_s=2_000, stop=stop("N", 1, load=5))
    day = told(a_day(), *reports, new)
    rest = with_transfers(day, rest_of(day, 2_000))
    (transfer,) = rest.transfers
    assert (transfer.from_vehicle, rest.progress[transfer.to_vehicle].activity) == (None, "returned")
    (route,) = repair(rest.problem, tuple(rest.orders.items())).routes
    # It loads for 600 s before it leaves.
    times = [(visit.stop_id, visit.start_s - route.start_s) for visit in route.visits]
    assert times == [(transfer.id, 0), ("N", 700)]
    # It reports that it left 100 s later than planned: loaded, and half way to km 1 after 50 s.
    day, key, left_s = in_force(day, rest), transfer.to_vehicle, route.start_s + 700
    day = told(day, VehicleDeparted(id="d", known_at_s=left_s, effective_at_s=left_s, vehicle_id=key))
    rest = rest_of(day, left_s + 50)
    assert (rest.on_board, rest.progress[key].committed) == ({"N": key}, "N")
    assert km_of(rest.progress[key].location) == 0.5


def test_the_dispatchers_word_counts_for_rescuers_too():
    far = vehicle("X", x_km=20)
    day = told(a_day(fleet=[far]), broken())
    ban = [
        VehicleForbidden(id=f"f{key}", known_at_s=360, effective_at_s=360, stop_id=key, vehicle_id="W") for key in "AB"
    ]
    rest = with_transfers(told(day, *ban), rest_of(told(day, *ban), 360))
    assert [each.to_vehicle for each in rest.transfers] == ["X"]
    pin = [StopPinned(id=f"p{key}", known_at_s=360, effective_at_s=360, stop_id=key, vehicle_id="X") for key in "AB"]
    rest = with_transfers(told(day, *pin), rest_of(told(day, *pin), 360))
    assert [each.to_vehicle for each in rest.transfers] == ["X"]


def test_a_search_delivers_nothing_before_it_is_on_board():
    day = told(a_day(fleet=[vehicle("X", shift=TimeWindow(start_s=400, end_s=20_000))]), broken())
    rest = with_transfers(day, rest_of(day, 350))
    plan = solve(rest.problem, SolveOptions(iterations=300, initial=tuple(rest.orders.items())))
    assert verify(rest.problem, plan) == ()
    for transfer in rest.transfers:
        order = plan.orders()[transfer.to_vehicle]
        assert all(order.index(transfer.id) < order.index(stop_id) for stop_id in transfer.stop_ids)
    assert not retime(day, rest).unassigned


def test_no_word_puts_goods_before_the_visit_that_fetches_them():
    new = StopAdded(id="n", known_at_s=120, effective_at_s=120, stop=stop("N", -1, load=5))
    day = told(a_day(), new)
    day = in_force(day, with_transfers(day, rest_of(day, 120)))
    first = StopPinned(id="p", known_at_s=130, effective_at_s=130, stop_id="N", vehicle_id="W", position=0)
    rest = rest_of(told(day, first), 130)
    assert rest.orders["W"] == ("C", "reload:W:1", "N", "D")
    assert rest.problem.vehicles[1].committed == ("C", "reload:W:1")
