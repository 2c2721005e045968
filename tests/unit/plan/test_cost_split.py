"""What routes cost, part by part, by prices of their own."""

from __future__ import annotations

from dataclasses import astuple, replace

from small_problems import line_problem, van, window

from routing.plan.cost import plan_cost
from routing.plan.cost_split import split_cost
from routing.plan.schedule import Clock, schedule
from routing.problem.lower import lowered
from routing.problem.model import Break, Depot, Objective, Problem, Stop

PRICES = Objective(
    duty_cents_per_h=3_600,
    distance_cents_per_km=35,
    vehicle_cents=3_000,
    lateness_cents_per_min=60,
    unserved_cents=10_000,
    other_driver_cents=7,
    balance_cents_per_h2=9,
)


def priced() -> Problem:
    stops = [
        Stop(id="A", place=1, setup_s=30, service_s=50, windows=(window(500, 600),), preferred_drivers=("Ann",)),
        Stop(id="B", place=2, windows=(window(0, 600),), lateness_allowed=True, lateness_cents_per_min=30),
        Stop(id="C", place=3, windows=(window(0, 800),), lateness_allowed=True, territory="east"),
        Stop(id="D", place=4, unserved_cents=1_234),
    ]
    lunch = Break(id="lunch", window=window(620, 700), duration_s=200)
    vehicle = van(
        shift=window(0, 1_500),
        start_fixed=True,
        breaks=(lunch,),
        overtime_allowed=True,
        vehicle_cents=111,
        duty_cents_per_h=7_200,
        distance_cents_per_km=10,
        overtime_cents_per_h=720,
        driver="Bob",
        territories=("west",),
        territory_fee_cents=5,
    )
    return replace(line_problem(stops, [vehicle]), objective=PRICES)


def test_every_part_is_what_it_is_spent_on() -> None:
    problem = priced()
    routes = schedule(problem, {"V0": ("A", "B", "C")})
    # A: there at 100, set up until 130, waits until 500, served until 550; B at 650, 50 s late; lunch on the way to C
    # at 700, the last instant, so that C is reached at 1050, 250 s late (lunch before B would end as early, but make B
    # later); home 1450, nothing over. Driving 100 + 100 + 200 + 400 = 800 s at 2 cents a second, waiting 370 s, setup
    # and service 80 s, rest 200 s: 1450 s in all.
    split = split_cost(problem, routes, ["D"])
    assert (split.driving_cents, split.waiting_cents, split.service_cents, split.rest_cents) == (1_600, 740, 160, 400)
    assert (split.distance_cents, split.vehicle_cents) == (80, 111)
    # 50 s at 30 cents a minute, 250 s at 60.
    assert (split.lateness_cents, split.overtime_cents) == (25 + 250, 0)
    # Ann would rather be seen at A, and C lies outside the territory.
    assert (split.preference_cents, split.unserved_cents) == (7 + 5, 1_234)
    # 1450 s squared, 9 cents for a squared hour: 1.46.
    assert split.balance_cents == 1
    assert split.total_cents == plan_cost(problem, routes, ["D"]).total_cents


def test_overtime_has_its_own_price() -> None:
    problem = priced()
    short = replace(problem, vehicles=(replace(problem.vehicles[0], shift=window(0, 1_400)),))
    split = split_cost(short, schedule(short, {"V0": ("A", "B", "C")}))
    # 50 s at 720 cents an hour.
    assert (split.lateness_cents, split.overtime_cents) == (275, 10)
    unpriced = replace(short, vehicles=(replace(short.vehicles[0], overtime_cents_per_h=None),))
    assert split_cost(unpriced, schedule(unpriced, {"V0": ("A", "B", "C")})).overtime_cents == 50


def test_what_is_left_of_rounding_goes_to_the_largest_fractions() -> None:
    stop = Stop(id="A", place=1, service_s=7, windows=(window(501, 600),))
    problem = line_problem([stop], [van(start_fixed=True)])
    routes = schedule(problem, {"V0": ("A",)})
    # 2400 cents an hour: driving 200 s = 133.33, waiting 401 s = 267.33, service 7 s = 4.67; 608 s = 405.33.
    split = split_cost(problem, routes)
    assert astuple(split)[:4] == (133, 267, 5, 0)
    assert split.total_cents == plan_cost(problem, routes, ()).total_cents


def test_a_problem_costs_the_same_as_it_is_asked_and_lowered() -> None:
    problem = priced()
    assert lowered(problem) is not problem
    routes = schedule(problem, {"V0": ("A", "B", "C")})
    assert plan_cost(problem, routes, ["D"]) == plan_cost(lowered(problem), routes, ["D"])


def test_a_reload_is_service_and_breaks_what_follows_what() -> None:
    depot = Depot(id="D", place=0, reload_s=90)
    stops = [Stop(id="A", place=1, load=6, service_s=10), Stop(id="B", place=2, load=6)]
    problem = replace(line_problem(stops, [van(reload_depots=("D",))]), depots=(depot,))
    (route,) = schedule(problem, {"V0": ("A", "D", "B")})
    assert [visit.stop_id for visit in route.served] == ["A", "B"]
    # 100 s of service and reload at 2400 cents an hour; 600 s of driving.
    assert astuple(split_cost(problem, [route]))[:4] == (400, 0, 67, 0)
    assert Clock(problem).route(problem.vehicles[0], ("A", "D", "B")) == route
