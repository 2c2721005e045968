"""Setup, service by type, due times, releases, reloads and open ends, on a line with 100 s a kilometre."""

from __future__ import annotations

from dataclasses import replace

from small_problems import line_problem, line_travel, van, window

from routing.plan.model import Route
from routing.plan.schedule import Clock
from routing.problem.model import Depot, Problem, Stop, Vehicle

A = Stop(id="A", place=1, service_s=50, load=1)
B = Stop(id="B", place=2, service_s=60, load=2)
C = Stop(id="C", place=3, service_s=70, load=3)


def timed(problem: Problem, *order: str) -> Route:
    return Clock(problem).route(problem.vehicles[0], order)


def times(route: Route) -> list[tuple[int, int, int, int, int]]:
    return [(each.arrive_s, each.setup_s, each.waiting_s, each.start_s, each.depart_s) for each in route.visits]


def codes(problem: Problem, *order: str) -> list[tuple[str, str | None, int]]:
    run = Clock(problem).best_run(problem.vehicles[0], order)
    assert run is not None
    assert run.forbidden_s == sum(each.over_s for each in run.breaches)
    return [(each.code, each.at, each.over_s) for each in run.breaches]


def test_setup_is_spent_once_per_place_and_before_the_waiting() -> None:
    first = replace(A, setup_s=30, windows=(window(1_000, 2_000),))
    second = Stop(id="A2", place=1, service_s=20, setup_s=30)
    home = Stop(id="H", place=0, service_s=5, setup_s=30)
    # H is at the start place: no setup. Leaving at 0: H 0-5, A 105 + 30 = 135, waits until 1000; so it leaves 865
    # later: H 865-870, A is reached at 970, set up until 1000, served until 1050; A2, without setup, ends at 1070.
    route = timed(line_problem([first, second, home], [van(start_fixed=False)]), "H", "A", "A2")
    assert times(route) == [(865, 0, 0, 865, 870), (970, 30, 0, 1_000, 1_050), (1_050, 0, 0, 1_050, 1_070)]
    assert (route.start_s, route.end_s) == (865, 1_170)
    fixed = timed(line_problem([first, second, home], [van(start_fixed=True)]), "H", "A", "A2")
    assert times(fixed)[1] == (105, 30, 865, 1_000, 1_050)
    # With an open start nothing comes before H, so that it is set up, too.
    begun = timed(line_problem([first, second, home], [van(open_start=True)]), "H", "A", "A2")
    assert times(begun)[0] == (835, 30, 0, 865, 870)


def test_service_takes_as_long_as_the_type_of_vehicle_says() -> None:
    stop = replace(A, service_by_type=(("bike", 90), ("truck", 20)), walk_s=7)
    for kind, service_s in (("bike", 90), ("truck", 20), ("", 50), ("van", 50)):
        route = timed(line_problem([stop], [van(type=kind, start_fixed=True)]), "A")
        assert times(route) == [(100, 0, 0, 100, 100 + service_s + 14)]


def test_a_service_is_over_when_it_is_due_whatever_lateness_is_allowed() -> None:
    late = replace(B, windows=(window(0, 150),), lateness_allowed=True, due_s=250)
    # There at 200, 50 s late, which is paid; over at 260, 10 s after it is due.
    assert codes(line_problem([late]), "B") == [("DUE", "B", 10)]
    assert codes(line_problem([replace(late, due_s=260)]), "B") == []
    limited = replace(late, due_s=None, lateness_limit_s=40)
    assert codes(line_problem([limited]), "B") == [("WINDOW", "B", 10)]
    assert codes(line_problem([replace(limited, lateness_limit_s=50)]), "B") == []
    assert timed(line_problem([replace(limited, lateness_limit_s=50)]), "B").visits[0].lateness_s == 50


def test_a_trip_leaves_when_its_last_goods_are_released() -> None:
    depot = Depot(id="D", place=0, reload_s=100)
    loading = van(start_depot="D", reload_depots=("D",))
    stops = [replace(A, release_s=500), replace(B, release_s=900), replace(C, release_s=3_000)]
    problem = replace(line_problem(stops, [loading]), depots=(depot,))
    # Leaves at 900: A 1000-1050, B 1150-1210, the depot at 1410, reloads at 3000 until 3100, C 3500-3570, home 3970.
    # Waiting at the depot is no use: 1,590 s later it is no later anywhere.
    route = timed(problem, "A", "B", "D", "C")
    assert (route.start_s, route.end_s) == (900 + 1_590, 3_970)
    assert times(route)[2:] == [(3_000, 0, 0, 3_000, 3_100), (3_500, 0, 0, 3_500, 3_570)]
    assert [visit.reload for visit in route.visits] == [False, False, True, False]
    assert [visit.load_after for visit in route.visits] == [2, 0, 3, 0]
    # What is on board already waits for no release.
    free = replace(problem, stops=(stops[0], replace(stops[1], on_board="V0"), stops[2]))
    run = Clock(free).follow(loading, ("A", "B", "D", "C"), 0)
    assert run is not None
    assert run.depart_s == 500
    # One that is on duty from 0 on leaves then: 900 s too early.
    fixed = replace(problem, vehicles=(replace(loading, start_fixed=True),))
    assert codes(fixed, "A", "B", "D", "C") == [("RELEASE", None, 900)]


def test_a_reload_starts_in_a_window_of_the_depot() -> None:
    depot = Depot(id="D", place=0, reload_s=100, windows=(window(0, 200), window(1_000, 1_200)))
    loading = van(reload_depots=("D",), start_fixed=True)
    problem = replace(line_problem([A, replace(B, load=9)], [loading]), depots=(depot,))
    # A 100-150, the depot at 250, between its windows; B 1300-1360, home 1560.
    assert times(timed(problem, "A", "D", "B")) == [
        (100, 0, 0, 100, 150),
        (250, 0, 750, 1_000, 1_100),
        (1_300, 0, 0, 1_300, 1_360),
    ]
    closed = replace(problem, depots=(replace(depot, windows=(window(0, 200),)),))
    assert codes(closed, "A", "D", "B") == [("DEPOT_WINDOW", "D", 50)]


def test_open_ends_drive_nothing_before_the_first_and_after_the_last_halt() -> None:
    problem = line_problem([A, B], [van(open_start=True, open_end=True, start_fixed=True)])
    route = timed(problem, "A", "B")
    # Begins at A at 0: served until 50; B at 150, done at 210.
    assert (route.start_s, route.end_s) == (0, 210)
    assert [(leg.from_place, leg.to_place, leg.duration_s, leg.distance_m) for leg in route.legs] == [
        (1, 1, 0, 0),
        (1, 2, 100, 1_000),
        (2, 2, 0, 0),
    ]


def test_limits_tell_by_how_much_they_are_exceeded() -> None:
    def broken(vehicle: Vehicle) -> list[tuple[str, str | None, int]]:
        return codes(line_problem([A, C], [vehicle]), "A", "C")

    # 800 s of driving, 120 s of service: 920 s.
    assert broken(van(duration_limit_s=920, driving_limit_s=800)) == []
    assert broken(van(duration_limit_s=900)) == [("DURATION_LIMIT", None, 20)]
    assert broken(van(driving_limit_s=790)) == [("DRIVING_LIMIT", None, 10)]
    late = van(shift=window(0, 800), overtime_allowed=True, overtime_limit_s=100)
    assert broken(late) == [("SHIFT", None, 20)]


def test_a_later_departure_keeps_a_limit_of_duration_that_the_earliest_breaks() -> None:
    stop = replace(A, windows=(window(5_000, 6_000),))
    problem = line_problem([stop], [van(duration_limit_s=250)])
    clock = Clock(problem)
    earliest = clock.follow(problem.vehicles[0], ("A",), 0)
    assert earliest is not None
    assert earliest.forbidden_s == 5_150 - 250
    assert clock.holds(problem.vehicles[0], ("A",))
    assert timed(problem, "A").start_s == 4_900


def test_a_later_departure_keeps_a_limit_of_driving_where_drives_depend_on_the_time_of_day() -> None:
    # Until 10,000 a kilometre takes 300 s, then 100 s: 7 km and back are 1,400 s at last.
    problem = line_problem([Stop(id="D", place=4)], [van(driving_limit_s=1_400)], line_travel(factors=(3, 1)))
    clock = Clock(problem)
    earliest = clock.follow(problem.vehicles[0], ("D",), 0)
    assert earliest is not None
    assert (earliest.forbidden_s, earliest.length_s) == (2_800, 2_800)
    assert clock.holds(problem.vehicles[0], ("D",))
    assert timed(problem, "D").start_s >= 10_000
    tight = replace(problem, vehicles=(van(driving_limit_s=1_399),))
    assert codes(tight, "D") == [("DRIVING_LIMIT", None, 1)]


def test_a_vehicle_drives_by_its_own_profile() -> None:
    slow = line_travel(factors=(2,))
    bike = van(profile="bike", start_fixed=True)
    problem = replace(line_problem([A, C], [bike]), profile_travel=(("bike", slow),))
    # 200 s a kilometre: A 200-250, C 850-920, home 1720.
    route = timed(problem, "A", "C")
    assert [visit.start_s for visit in route.visits] == [200, 850]
    assert route.end_s == 1_720
    clock = Clock(problem)
    assert clock.by_tables() is clock
    assert clock.travel_of(bike) is slow
