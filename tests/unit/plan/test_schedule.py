from __future__ import annotations

import pytest
from small_problems import line_problem, line_travel, van, window

from routing.errors import UnreachableLegError
from routing.plan.cost import plan_cost
from routing.plan.model import Visit
from routing.plan.schedule import schedule
from routing.problem.model import Stop

FOUR = (
    Stop(id="A", place=1, service_s=50, load=1),
    Stop(id="B", place=2, windows=(window(1_000, 2_000),), service_s=60, load=2),
    Stop(id="C", place=3, windows=(window(0, 500), window(1_500, 1_600)), service_s=70, load=3),
    Stop(id="D", place=4, service_s=80, load=4),
)


def test_four_stops_with_waiting_windows_and_loads() -> None:
    (route,) = schedule(line_problem(FOUR), {"V0": ("A", "B", "C", "D")})
    # Leaving at 0: A 100-150, B 250, waits until 1000, leaves 1060, C 1260, waits for its second window at 1500,
    # leaves 1570, D 1870-1950, home 2650. As late as still ends at 2650: C is reached at 1500 when B is left at
    # 1300, so B starts at 1240, A is left at 1140, starts at 1090, the van leaves at 990.
    assert (route.start_s, route.end_s, route.overtime_s) == (990, 2_650, 0)
    assert [(visit.arrive_s, visit.start_s, visit.depart_s, visit.waiting_s) for visit in route.visits] == [
        (1_090, 1_090, 1_140, 0),
        (1_240, 1_240, 1_300, 0),
        (1_500, 1_500, 1_570, 0),
        (1_870, 1_870, 1_950, 0),
    ]
    assert [visit.load_after for visit in route.visits] == [9, 7, 4, 0]
    assert [leg.distance_m for leg in route.legs] == [1000, 1000, 2000, 3000, 7000]
    assert [leg.arrive_s for leg in route.legs] == [1_090, 1_240, 1_500, 1_870, 2_650]


def test_a_fixed_start_leaves_at_once_and_waits_on_the_way() -> None:
    (route,) = schedule(line_problem(FOUR, [van(start_fixed=True)]), {"V0": ("A", "B", "C", "D")})
    assert (route.start_s, route.end_s) == (0, 2_650)
    assert [visit.waiting_s for visit in route.visits] == [0, 750, 240, 0]


def test_the_cost_of_four_stops() -> None:
    problem = line_problem(FOUR)
    routes = schedule(problem, {"V0": ("A", "B", "C")})
    # C left at 1570, home 1970; left at 990 as above: 980 s of duty x 2400 / 3600 = 653.33; 8 km x 35 = 280
    cost = plan_cost(problem, routes, ["D"])
    assert (cost.duty_cents, cost.distance_cents, cost.vehicle_cents) == (653, 280, 3_000)
    assert (cost.lateness_cents, cost.unserved_cents, cost.total_cents) == (0, 10_000, 13_933)


def test_lateness_and_overtime_are_paid_by_the_minute_and_a_used_van_has_no_fixed_cost() -> None:
    late = Stop(id="L", place=4, windows=(window(0, 100), window(300, 610)), priority=3, lateness_allowed=True)
    home = van(shift=window(0, 1_300), used=True, start_fixed=True, overtime_allowed=True)
    problem = line_problem([late], [home])
    (route,) = schedule(problem, {"V0": ("L",)})
    # arrives at 700, 90 s after 610; home at 1400, 100 s after the shift; 190 s x 50 / 60 = 158.33
    assert route.visits[0] == Visit(
        stop_id="L", arrive_s=700, start_s=700, depart_s=700, waiting_s=0, lateness_s=90, load_after=0
    )
    assert route.overtime_s == 100
    cost = plan_cost(problem, [route], [])
    assert (cost.lateness_cents, cost.vehicle_cents, cost.duty_cents) == (158, 0, 933)
    # priority 3: 10,000 x 1.3
    assert plan_cost(problem, [], ["L"]).unserved_cents == 13_000


def test_a_later_departure_avoids_the_peak_where_the_windows_let_it() -> None:
    # until 10,000 a kilometre takes 300 s, then 100 s; 7 km there and back from 10,000 on take 1,400 s
    problem = line_problem([Stop(id="D", place=4)], travel=line_travel(factors=(3, 1)))
    (route,) = schedule(problem, {"V0": ("D",)})
    assert route.end_s - route.start_s == 1_400
    assert route.start_s >= 10_000


def test_a_later_departure_never_makes_a_stop_late() -> None:
    stop = Stop(id="D", place=4, windows=(window(0, 9_000),))
    problem = line_problem([stop], travel=line_travel(factors=(3, 1)))
    (route,) = schedule(problem, {"V0": ("D",)})
    # leaves at 6,900 at the latest to be there at 9,000; back: 1,000 s at 300 s/km and 3 2/3 km at 100 s/km
    assert route.start_s == 6_900
    assert route.visits[0].start_s == 9_000
    assert route.end_s == 9_000 + 1_000 + 367


def test_the_second_window_is_chosen_where_it_saves_duty() -> None:
    stops = [
        Stop(id="A", place=1, windows=(window(0, 200), window(9_000, 9_500))),
        Stop(id="B", place=2, windows=(window(9_000, 9_800),)),
    ]
    (route,) = schedule(line_problem(stops), {"V0": ("A", "B")})
    # A in its first window would mean waiting at B from 300 until 9,000; from 8,900 on the drive is 400 s in all
    assert route.end_s - route.start_s == 400


def test_a_used_van_away_from_home_drives_there_without_stops() -> None:
    fleet = [van(used=True, start_place=3), van(id="V1", used=True), van(id="V2", start_place=3)]
    (route,) = schedule(line_problem([], fleet), {})
    assert (route.vehicle_id, route.visits, route.end_s - route.start_s) == ("V0", (), 400)


def test_an_order_over_a_missing_road_names_vehicle_and_stop() -> None:
    problem = line_problem(FOUR, travel=line_travel(cut_off=(3,)))
    with pytest.raises(UnreachableLegError, match="V0 to stop C") as caught:
        schedule(problem, {"V0": ("A", "C")})
    assert (caught.value.vehicle_id, caught.value.stop_id) == ("V0", "C")


def test_routes_stand_in_the_order_of_the_fleet() -> None:
    problem = line_problem(FOUR, [van(id="V1"), van(id="V0")])
    assert [route.vehicle_id for route in schedule(problem, {"V0": ("A",), "V1": ("B",)})] == ["V1", "V0"]
