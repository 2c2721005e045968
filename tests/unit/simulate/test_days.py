"""Whole days in a small town: whoever decides, the world is the same, and no law is broken."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from small_town import MIDNIGHT_S, scenario, town, world
from typer.testing import CliRunner

from routing.events.fold import replay
from routing.events.options import ReplanOptions
from routing.events.types import VehicleOutOfService, VisitFailed, VisitServed, VisitStarted
from routing.interface.cli import app
from routing.interface.cli_simulate import figure_rows
from routing.interface.replay_day import replay_plans
from routing.interface.simulate_day import begin_morning, simulate
from routing.interface.simulate_page import day_page
from routing.plan.repair import repair
from routing.problem.model import Objective
from routing.replan.replan import decide
from routing.simulate.fleet import Fleet
from routing.simulate.hindsight import drive_plan, driven_orders, hindsight_problem
from routing.simulate.metrics import figures_of
from routing.simulate.policies import greedy, retiming
from routing.store.sqlite_log import open_log

OPTIONS = ReplanOptions(time_limit_s=None, iterations=100, assumes_visits=False, attempts_per_day=2)
SEED = 28
POLICIES = {"static": retiming, "retime": retiming, "greedy": greedy, "ours": decide}


@pytest.fixture(scope="module")
def morning():
    return begin_morning(town(), scenario("D5", size="XS", seed=SEED), OPTIONS, iterations=500)


@pytest.fixture(scope="module")
def days(morning, tmp_path_factory):
    folder = tmp_path_factory.mktemp("days")
    return {
        name: (
            simulate(morning, folder / f"{name}.db", decider=decider, decides=name != "static"),
            folder / f"{name}.db",
        )
        for name, decider in POLICIES.items()
    }


def events_of(file):
    with open_log(file) as log:
        return log.events()


@pytest.mark.parametrize("name", POLICIES)
def test_each_stop_is_served_once_at_most_and_by_one_vehicle(days, name):
    served = Counter(each.stop_id for each in days[name][0].record.attempts if each.served)
    assert set(served.values()) == {1}


@pytest.mark.parametrize("name", POLICIES)
def test_no_plan_asks_for_what_no_vehicle_can_do(days, name):
    assert days[name][0].record.impossible == ()


@pytest.mark.parametrize("name", ["retime", "greedy", "ours"])
def test_nobody_is_sent_away_from_where_he_drives_without_a_reason(days, name):
    assert [each for each in days[name][0].record.turned if not each.excused] == []


@pytest.mark.parametrize("name", ["greedy", "ours"])
def test_no_stop_is_lost(days, name):
    day = replay(events_of(days[name][1]))
    served = {each.stop_id for each in days[name][0].record.attempts if each.served}
    reported = {stop.stop.id for stop in day.asked_stops() if stop.state == "served"}
    # What the last report brought may come after the last news; the rest of the day is as the log tells it.
    assert reported <= served
    open_still = {stop.stop.id for stop in day.asked_stops() if stop.state == "planned"}
    assert open_still <= served | {each.stop_id for each in days[name][0].record.attempts}


@pytest.mark.parametrize("name", ["greedy", "ours"])
def test_what_is_begun_never_moves(days, name):
    begun = {}
    for event in events_of(days[name][1]):
        if isinstance(event, VisitStarted):
            begun[event.stop_id] = event.vehicle_id
        elif isinstance(event, VisitFailed):
            begun.pop(event.stop_id)
        elif event.TYPE == "plan_published":
            moved = [
                (visit.stop_id, route.vehicle_id)
                for route in event.routes
                for visit in route.visits
                if visit.stop_id in begun
            ]
            assert moved == []


@pytest.mark.parametrize("name", ["greedy", "ours"])
def test_nobody_carries_more_than_fits(days, name, morning):
    capacity = {vehicle.id: vehicle.capacity for vehicle in morning.world.vehicles}
    for vehicle_id, stop_ids in driven_orders(days[name][0].record).items():
        assert sum(morning.world.customers[key].stop.load for key in stop_ids) <= capacity[vehicle_id]


def test_every_policy_meets_the_same_customers(days, morning):
    for name in POLICIES:
        for each in days[name][0].record.attempts:
            customer = morning.world.customers[each.stop_id]
            expected_s = morning.world.stay_s(customer) if each.served else 120
            assert each.end_s - each.start_s == expected_s


def test_who_decides_hears_nothing_before_its_time(morning, tmp_path):
    heard = []

    class Spy:
        def begin(self):
            return morning.first.event

        def hear(self, events, now_s):
            heard.append((now_s, events))

        def given_up(self):
            return frozenset()

    from routing.simulate.run import run_day

    run_day(morning.world, Spy())
    assert heard
    for now_s, events in heard:
        for event in events:
            assert event.known_at_s <= now_s
            if isinstance(event, (VisitStarted, VisitServed, VisitFailed, VehicleOutOfService)):
                assert event.effective_at_s <= now_s
    hidden = {key for key, each in morning.world.customers.items() if each.added_s is not None}
    assert hidden.isdisjoint(stop.id for stop in morning.started.stops)


def test_the_same_day_again_is_the_same(morning, days, tmp_path):
    again = simulate(morning, tmp_path / "again.db", decider=decide)
    assert again.figures == days["ours"][0].figures
    assert events_of(tmp_path / "again.db") == events_of(days["ours"][1])


def test_every_plan_of_a_simulated_day_can_be_computed_again(days):
    with open_log(days["ours"][1]) as log:
        assert sum(1 for _ in replay_plans(log)) == len(days["ours"][0].record.snapshots)


def test_who_adds_new_stops_serves_more_of_them(days):
    assert days["greedy"][0].figures.served > days["static"][0].figures.served


def test_hindsight_knows_what_it_plans(morning):
    problem = hindsight_problem(morning.world, Objective())
    plan = repair(problem)
    record = drive_plan(morning.world, plan)
    planned = {visit.stop_id: visit.start_s for route in plan.routes for visit in route.visits}
    assert {each.stop_id: each.start_s for each in record.attempts} == planned
    assert all(each.served for each in record.attempts)
    figures = figures_of(morning.world, record, Objective())
    parts = plan.cost
    assert figures.spent.duty_cents == pytest.approx(parts.duty_cents, abs=2)
    assert figures.spent.distance_cents == pytest.approx(parts.distance_cents, abs=2)


def test_a_driver_puts_a_stop_off_once_and_goes_to_the_next_one_first():
    town_day = world("D5", 2)
    hard = next(key for key, each in town_day.customers.items() if each.swapped)
    others = [key for key, each in town_day.customers.items() if not each.swapped and not each.stop.windows][:4]
    fleet = Fleet(town_day)
    fleet.follow_orders({"VAN-01": [hard, *others]}, {"VAN-01": MIDNIGHT_S + 46_800}, MIDNIGHT_S)
    fleet.advance(MIDNIGHT_S + 86_400)
    assert [each.stop_id for each in fleet.attempts] == [others[0], hard, *others[1:]]


@pytest.mark.parametrize(("after_s", "excused"), [(-10, False), (10, True)])
def test_who_turns_from_a_cancelled_stop_is_excused(after_s, excused):
    town_day = world("D4", 4)
    cancelled_s = town_day.customers["S002"].cancelled_s
    fleet = Fleet(town_day)
    fleet.follow_orders({"VAN-01": ["S002", "S001"]}, {"VAN-01": cancelled_s - 20}, MIDNIGHT_S)
    fleet.advance(cancelled_s + after_s)
    fleet.follow_orders({"VAN-01": ["S001"]}, {}, cancelled_s + after_s)
    assert [(each.stop_id, each.excused) for each in fleet.turned] == [("S002", excused)]


def test_a_broken_vehicle_does_nothing_more():
    hurt = world("D6")
    ((vehicle_id, breakdown),) = hurt.breakdowns.items()
    fleet = Fleet(hurt)
    stops = [key for key, each in hurt.customers.items() if not each.stop.windows][:12]
    fleet.follow_orders({vehicle_id: stops}, {vehicle_id: breakdown.at_s - 1_200}, MIDNIGHT_S)
    reports = fleet.advance(MIDNIGHT_S + 86_400)
    (broken,) = [event for event in reports if isinstance(event, VehicleOutOfService)]
    assert broken.known_at_s >= breakdown.known_s
    assert broken.effective_at_s >= breakdown.at_s
    assert all(each.end_s <= broken.effective_at_s for each in fleet.attempts)
    assert fleet.duties[0].back_s == broken.effective_at_s


def test_a_day_is_drawn_with_everything_that_happened(morning, days):
    simulated, file = days["greedy"]
    plans = [event for event in events_of(file) if event.TYPE == "plan_published"]
    page = day_page(
        morning.world, simulated.record, plans, title="A bad <day>", subtitle="", figures=[("served", "all")]
    )
    data = json.loads(re.search(r"const data = (.*);\n", page)[1])
    assert "A bad &lt;day&gt;" in page
    assert page.count("<li data-at=") == len(plans)
    assert len(data["stops"]) == len(morning.world.customers)
    assert sum(stop["served"] for stop in data["stops"]) == simulated.figures.served
    assert {van["label"] for van in data["vans"]} == {"01", "02"}
    assert data["from"] < data["until"]


def test_the_plan_of_the_morning_counts_as_no_decision(days):
    assert dict(figure_rows(days["static"][0]))["new plans"] == "0 of 0 decisions"


@pytest.mark.parametrize("option", ["--kind", "--size", "--windows", "--policy", "--depot"])
def test_the_command_refuses_what_it_does_not_know(option):
    done = CliRunner().invoke(app, ["simulate", option, "what"])
    assert done.exit_code == 2
    assert option in done.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--depot", "10,10"), "DEPOT_UNREACHABLE"),
        (("--depot", "43.7285,nan"), "DEPOT_UNREACHABLE"),
        (("--speeds", "."), "FILE_UNREADABLE"),
        (("--time-limit", "1", "--iterations", "5"), "not both"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(options, told, tmp_path):
    done = CliRunner().invoke(app, ["simulate", "--size", "XS", "--out", str(tmp_path), *options])
    assert (done.exit_code, told in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_command_overwrites_no_day_that_it_has_not_made(tmp_path):
    day_file = tmp_path / "day.db"
    day_file.write_bytes(b"a day")
    done = CliRunner().invoke(app, ["simulate", "--size", "XS", "--out", str(tmp_path)])
    assert (done.exit_code, "FILE_EXISTS" in done.output) == (2, True)
    assert day_file.read_bytes() == b"a day"
