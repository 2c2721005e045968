"""Two dispatchers over one log, and a day whose search fails."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from monaco_day import MONACO, listing, write_day

from routing.errors import InputError, SolveError
from routing.events.asked import DayStop
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import StopAdded, StopCancelled, VehicleLocated, VisitServed, VisitStarted
from routing.events.words import PlanAccepted, PlanRejected, VehicleForbidden
from routing.interface import plan_day
from routing.interface.dispatcher import Dispatcher, Outcome
from routing.interface.new_day import new_day
from routing.interface.plan_day import Budget
from routing.interface.read_inputs import PlanFiles
from routing.interface.replay_day import replay_plans
from routing.network.location import Location
from routing.plan.engines.worker import prepare
from routing.replan.compare import orders_of
from routing.store.sqlite_log import open_log


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("morning")
    write_day(folder)
    files = PlanFiles(map=MONACO, stops=folder / "stops.csv", fleet=folder / "fleet.csv", date=date(2026, 11, 23))
    new_day(folder / "day.db", files, ReplanOptions(time_limit_s=None, iterations=20))
    return folder / "day.db"


@pytest.fixture
def day_file(morning: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(morning, tmp_path / "day.db"))


def cancelled(dispatcher: Dispatcher, key: str, stop_id: str) -> StopCancelled:
    at_s = dispatcher.default_now_s
    return StopCancelled(id=key, known_at_s=at_s, effective_at_s=at_s, stop_id=stop_id)


def test_before_any_event_the_day_is_at_its_first_shift(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        # 07:30 in Monaco on 23 November 2026 is 06:30 UTC.
        assert dispatcher.default_now_s == 1_795_415_400


def test_two_dispatchers_share_a_day_without_losing_anything(day_file: Path) -> None:
    with open_log(day_file) as one_log, open_log(day_file) as other_log:
        one, other = Dispatcher(one_log), Dispatcher(other_log)
        one.post([cancelled(one, "a", "S1")])
        other.post([cancelled(other, "b", "S2")])
        # The same news from both is once.
        assert one.post([cancelled(other, "b", "S2")]).known in ((), ("b",))
        events = one_log.events()
        assert [event.id for event in events if isinstance(event, StopCancelled)] == ["a", "b"]
        versions = [event.version for event in events if isinstance(event, PlanPublished)]
        assert versions == list(range(1, len(versions) + 1))
        assert {state.stop.id for state in one.day.in_state("cancelled")} == {"S1", "S2"}
        assert len(list(replay_plans(one_log))) == len(versions)


def test_what_cannot_be_together_is_refused_before_anything_is_written(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        at_s, stop = dispatcher.default_now_s, dispatcher.day.in_state("planned")[0]
        served = [VisitServed(id=key, known_at_s=at_s, effective_at_s=at_s, stop_id=stop.stop.id) for key in ("x", "y")]
        before = log.events()
        with pytest.raises(InputError) as caught:
            dispatcher.post(served)
        assert [issue.code for issue in caught.value.issues] == ["STOP_SERVED"]
        assert log.events() == before


def test_reports_of_a_driver_move_the_day_on_and_replay_alike(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        route = dispatcher.day.plan.routes[0]
        for number, visit in enumerate(route.visits):
            # Every service begins five minutes late and takes its time.
            for kind, at_s in ((VisitStarted, visit.start_s + 300), (VisitServed, visit.depart_s + 300)):
                dispatcher.post(
                    [
                        kind(
                            id=f"{number}-{kind.TYPE}",
                            known_at_s=at_s,
                            effective_at_s=at_s,
                            stop_id=visit.stop_id,
                            vehicle_id=route.vehicle_id,
                        )
                    ]
                )
        served = {state.stop.id for state in dispatcher.day.in_state("served")}
        assert served == {visit.stop_id for visit in route.visits}
        last = dispatcher.day.plan
        assert {visit.stop_id for each in last.routes for visit in each.visits}.isdisjoint(served)
        assert len(list(replay_plans(log))) == last.version


def test_when_the_search_fails_the_repaired_plan_stands(day_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(problem, options):
        raise SolveError("the engine was killed")

    monkeypatch.setattr(plan_day, "solve", dies)
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        (plan,) = dispatcher.post([added(dispatcher, "N", dispatcher.default_now_s)]).plans
        # What repair made at once is better than nothing: the new stop has a place.
        assert (plan.searched, plan.adopted, plan.unassigned) == (False, True, ())
        assert "The search failed, the repaired plan stands: the engine was killed" in log.blob("plan/2").decode()
        monkeypatch.undo()
        # The note is part of the document, so a replay must know of the failure too.
        assert [found.event.version for found in replay_plans(log)] == [1, 2]


def test_a_plan_for_the_past_is_refused_before_anything_is_written(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        news = cancelled(dispatcher, "a", "S1")
        before = log.events()
        with pytest.raises(InputError) as caught:
            dispatcher.post([news], now_s=news.known_at_s - 60)
        assert [issue.code for issue in caught.value.issues] == ["NOW_PAST"]
        assert log.events() == before
        # Without the instant it is taken: nothing of it was kept.
        assert dispatcher.post([news]).accepted == ("a",)


def test_events_that_are_weighed_at_one_instant_are_weighed_together(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        first, second = cancelled(dispatcher, "a", "S1"), cancelled(dispatcher, "b", "S2")
        at_s = first.known_at_s
        plans = dispatcher.post([first, replace(second, known_at_s=at_s + 60)], now_s=at_s + 600).plans
        assert [plan.known_at_s for plan in plans] == [at_s + 600]


def test_news_that_a_search_has_weighed_asks_for_no_second_search(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        at_s, stop = dispatcher.default_now_s, dispatcher.day.in_state("planned")[0].stop
        # A ban of a vehicle that would not have come makes no difference, but the dispatcher is obeyed: a search looks.
        other = next(key for key in ("VAN-1", "VAN-2") if key != dispatcher.day.stops[stop.id].vehicle_id)
        news = VehicleForbidden(id="a", known_at_s=at_s, effective_at_s=at_s, stop_id=stop.id, vehicle_id=other)
        assert [plan.searched for plan in dispatcher.post([news]).plans] == [True]
        depot = dispatcher.day.vehicles["VAN-1"].vehicle.start
        seen = VehicleLocated(id="b", known_at_s=at_s, effective_at_s=at_s, vehicle_id="VAN-1", location=depot)
        assert dispatcher.post([seen]).plans == ()
        assert len(list(replay_plans(log))) == 2


def test_an_event_does_not_search_on_when_nothing_is_gained_any_more(day_file: Path) -> None:
    prepare(wait=True)
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log, budget=Budget(time_limit_s=20))
        plan = dispatcher.post([added(dispatcher, "N", dispatcher.default_now_s)]).plans[0]
        assert [run.stopped_by for run in plan.runs] == ["settled"] * 3
        # Five stops have few orders: the last gain comes early, and 5,000 iterations later the round ends.
        assert all(5_000 <= run.iterations < 20_000 for run in plan.runs)
        assert len(list(replay_plans(log))) == 2


def test_asking_what_if_plans_as_posting_does_and_leaves_no_trace(day_file: Path) -> None:
    before = listing(day_file.parent)
    with open_log(day_file, read_only=True) as log:
        dispatcher = Dispatcher(log)
        day, news = dispatcher.day, cancelled(dispatcher, "a", "S1")
        asked = dispatcher.what_if([news])
        assert dispatcher.day == day
        with pytest.raises(InputError):
            dispatcher.what_if([news, replace(news, id="b")])
        assert dispatcher.what_if([news]) == asked
    assert listing(day_file.parent) == before
    with open_log(day_file) as log:
        assert Dispatcher(log).post([news]) == asked
        assert (asked.accepted, asked.plans[0].version) == (("a",), 2)


def added(dispatcher: Dispatcher, key: str, at_s: int) -> StopAdded:
    """Ask for a stop in the middle of Monaco."""
    asked = DayStop(id=key, location=Location(lat_deg=43.7380, lon_deg=7.4246), service_s=60)
    return StopAdded(id=f"add-{key}", known_at_s=at_s, effective_at_s=at_s, stop=asked)


def test_a_plan_that_changes_orders_waits_for_the_dispatchers_word(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        at_s = dispatcher.default_now_s
        outcome = dispatcher.post([added(dispatcher, "N", at_s)], proposes=True)
        (proposal,), (plan,) = outcome.proposals, outcome.plans
        # The orders stay meanwhile, and say that a proposal waits.
        assert "N" in {stop_id for order in orders_of(proposal.plan).values() for stop_id in order}
        assert (plan.version, plan.adopted, [each[0] for each in plan.unassigned]) == (2, False, ["N"])
        assert f"{proposal.id} waits for the dispatcher's word." in log.blob("plan/2").decode()
        # New times do not overtake it; what it says once more is not proposed again.
        located = VehicleLocated(
            id="p",
            known_at_s=at_s + 60,
            effective_at_s=at_s + 60,
            vehicle_id="VAN-1",
            location=Location(lat_deg=43.7285, lon_deg=7.4145),
        )
        assert dispatcher.post([located], proposes=True).proposals == ()
        assert dispatcher.day.proposal == proposal
        yes = PlanAccepted(id="yes", known_at_s=at_s + 90, effective_at_s=at_s + 90, proposal_id=proposal.id)
        (plan,) = dispatcher.post([yes], proposes=True).plans
        assert (plan.adopted, orders_of(plan)) == (True, orders_of(proposal.plan))
        assert plan.reason.startswith(f"The dispatcher accepted {proposal.id}: 1 added.")
        assert (dispatcher.day.proposal, dispatcher.day.accepted) == (None, None)
        with pytest.raises(InputError):
            dispatcher.post([replace(yes, id="again")])
        assert len(list(replay_plans(log))) == plan.version + 1


def test_a_rejected_proposal_leaves_the_orders_and_is_not_made_again_without_news(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        at_s = dispatcher.default_now_s
        (proposal,) = dispatcher.post([added(dispatcher, "N", at_s)], proposes=True).proposals
        no = PlanRejected(id="no", known_at_s=at_s + 60, effective_at_s=at_s + 60, proposal_id=proposal.id)
        assert dispatcher.post([no], proposes=True) == Outcome(accepted=("no",))
        assert dispatcher.day.proposal is None
        assert dispatcher.day.stops["N"].state == "unassigned"
        # The next news weighs it again.
        outcome = dispatcher.post([added(dispatcher, "M", at_s + 120)], proposes=True)
        assert [each.id for each in outcome.proposals] == ["routing:proposal-2"]
        assert len(list(replay_plans(log))) == dispatcher.day.plan.version + 2
