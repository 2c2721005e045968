"""The laws of a live day, lived through a real log: random days of random events, each plan a real one."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tiny_day import ACROSS, BUDGET, SHIFT, UP, at, make_day, tiny_stop, tiny_vehicle
from tiny_news import STREETS, happening, of_nobody, on_the_way

from routing.errors import InputError
from routing.events.day import CANCELLED, SERVED, STATES
from routing.events.fold import replay
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import ConditionWithdrawn, RoadClosed, StopAdded
from routing.interface.dispatcher import Dispatcher
from routing.interface.replay_day import replay_plans
from routing.plan.cost import plan_cost
from routing.plan.verify import verify
from routing.replan.replan import Decision, Question, decide
from routing.store.sqlite_log import open_log

STOPS = [
    tiny_stop("A", 1, 0, load=1),
    tiny_stop("B", 3, 0, load=1, window=(0, 2_000)),
    tiny_stop("C", 3, 2),
    tiny_stop("D", 0, 2, load=1),
    tiny_stop("E", 2, 1),
    tiny_stop("F", 2, 2, load=2, window=(3_000, 6_000)),
]
FLEET = [tiny_vehicle("V"), tiny_vehicle("W"), tiny_vehicle("X")]
COLD = (("cold", 1),)
ASKED = [
    replace(STOPS[0], loads=COLD, setup_s=20),
    replace(STOPS[1], due_s=2_500, lateness_allowed=True, lateness_cents_per_min=5),
    replace(STOPS[2], service_by_type=(("truck", 300),), skills_none_of=("loud",)),
    replace(STOPS[3], skills_all=("lift",), release_s=400),
    replace(STOPS[4], territory="north", preferred_drivers=("Ana",), walk_s=30),
    replace(STOPS[5], on_board="W", vehicle_fees=(("V", 200),), unserved_cents=20_000, setup_s=40),
]
"""The same, asking for more, so that their routes are walked."""
ASKED_FLEET = [
    replace(FLEET[0], capacities=COLD, skills=("lift",), driver="Ana", duty_cents_per_h=3_000),
    replace(FLEET[1], capacities=(("cold", 2),), type="truck", stops_limit=4, territories=("north",)),
    replace(FLEET[2], skills=("lift", "loud"), territories=("south",), territory_fee_cents=300, vehicle_cents=500),
]
EASY = ReplanOptions(draws=20)
"""Of the ways to run a day: the usual options, one that changes plans for little and tries again, one that asks."""
EAGER = replace(
    EASY,
    gain_cents=0,
    vehicle_change_cents=0,
    place_change_cents=0,
    next_stop_cents=0,
    promise_break_cents=10,
    attempts_per_day=2,
    retry_after_s=600,
    delay_spread_s=300,
    freeze_order_stops=1,
    freeze_vehicle_s=600,
)
ASKING = replace(EASY, proposes=True, gain_cents=0, freeze_all_s=300, assumes_visits=False)
EVERYWHERE = tuple(at(x, y) for x in range(ACROSS) for y in range(UP))


class LiveDay(RuleBasedStateMachine):
    """Live one day through its dispatcher, and hold every step against the laws."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "day.db"
        self.number = 0
        self.known: set[str] = set()
        self.asked: list[tuple[Question, Decision]] = []

    @initialize(
        options=st.sampled_from([EASY, EAGER, ASKING]), day=st.sampled_from([(STOPS, FLEET), (ASKED, ASKED_FLEET)])
    )
    def begin(self, options: ReplanOptions, day) -> None:
        make_day(self.path, *day, options)
        self.known = {stop.id for stop in STOPS}
        self.open()

    def open(self) -> None:
        self.log = open_log(self.path)
        self.dispatcher = Dispatcher(self.log, budget=BUDGET, decider=self.decide)

    def close(self) -> None:
        self.log.__exit__(None, None, None)

    def decide(self, question: Question) -> Decision:
        found = decide(question)
        self.asked.append((question, found))
        return found

    def key(self) -> str:
        self.number += 1
        return f"e{self.number}"

    def post(self, events, **how):
        """Post events; where they contradict the day, it and the log's bytes stay as they were."""
        before, day = self.path.read_bytes(), self.dispatcher.day
        try:
            outcome = self.dispatcher.post(events, **how)
        except InputError as error:
            refused = error
        else:
            self.known |= {event.stop.id for event in events if isinstance(event, StopAdded)}
            return outcome
        assert all(issue.code and issue.cause and issue.action for issue in refused.issues)
        assert self.path.read_bytes() == before
        assert self.dispatcher.day == day
        return None

    # What happens.

    @rule(data=st.data())
    def a_driver_reports(self, data) -> None:
        self.post((data.draw(on_the_way(self.dispatcher.day, self.key())),))

    @rule(data=st.data())
    def something_happens(self, data) -> None:
        self.post((data.draw(happening(self.dispatcher.day, self.key())),))

    @rule(data=st.data(), count=st.integers(2, 3))
    def several_things_are_told_at_once(self, data, count) -> None:
        self.post(tuple(data.draw(happening(self.dispatcher.day, self.key())) for _ in range(count)))

    @rule(data=st.data())
    def something_is_told_of_nobody(self, data) -> None:
        assert self.post((data.draw(of_nobody(self.dispatcher.day, self.key())),)) is None

    @rule(data=st.data())
    def something_is_told_again(self, data) -> None:
        before, day = self.log.events(), self.dispatcher.day
        told = [event for event in before[1:] if not isinstance(event, PlanPublished)]
        if not told or day.since_plan:
            return
        again = data.draw(st.sampled_from(told))
        outcome = self.dispatcher.post((again,))
        assert (outcome.accepted, outcome.known, outcome.plans) == ((), (again.id,), ())
        assert self.log.events() == before
        assert self.dispatcher.day == day

    @rule(where=STREETS)
    def a_closure_is_told_and_taken_back(self, where) -> None:
        if self.dispatcher.day.closed:
            return
        before, at_s = self.dispatcher.day.conditions(), self.dispatcher.day.now_s
        durations = self.durations()
        closed = RoadClosed(id=self.key(), known_at_s=at_s, effective_at_s=at_s, where=where)
        self.dispatcher.post((closed,))
        back = ConditionWithdrawn(id=self.key(), known_at_s=at_s, effective_at_s=at_s, event_id=closed.id)
        self.dispatcher.post((back,))
        assert self.dispatcher.day.conditions() == before
        assert all(np.array_equal(was, now) for was, now in zip(durations, self.durations(), strict=True))

    def durations(self):
        conditions = self.dispatcher.day.conditions()
        matrix = self.dispatcher.roads().travel(conditions, EVERYWHERE, (0, SHIFT.end_s)).matrix
        return matrix.slice_start_s, matrix.duration_s, matrix.distance_m, matrix.reachable

    # What is asked.

    @rule(data=st.data())
    def somebody_asks_what_if(self, data) -> None:
        day, bytes_before, asked = self.dispatcher.day, self.path.read_bytes(), len(self.asked)
        with suppress(InputError):
            self.dispatcher.what_if((data.draw(happening(day, self.key())),))
        assert self.dispatcher.day is day
        assert self.path.read_bytes() == bytes_before
        assert len(self.asked) == asked

    @rule()
    def a_plan_is_asked_for_twice(self) -> None:
        self.dispatcher.replan()
        before = self.log.events()
        again = self.dispatcher.replan()
        assert (again.plans, again.proposals) == ((), ())
        assert self.log.events() == before

    @rule()
    def nothing_happens(self) -> None:
        self.post(())
        before = self.log.events()
        assert self.post(()).plans == ()
        assert self.log.events() == before

    # What goes wrong.

    @rule()
    def the_program_ends_and_begins_again(self) -> None:
        day = self.dispatcher.day
        self.close()
        self.open()
        assert self.dispatcher.day == day

    @rule(data=st.data())
    def the_program_dies_between_the_news_and_its_plan(self, data) -> None:
        event = data.draw(on_the_way(self.dispatcher.day, self.key()))
        try:
            self.dispatcher._check((event,))
        except InputError:
            return
        self.log.append((event,), expected_seq=len(self.log.events()))
        self.close()
        self.open()
        self.post(())

    @precondition(lambda self: self.number > 12)
    @rule()
    def the_day_is_closed(self) -> None:
        carried = {stop.id for stop in self.dispatcher.close()}
        done = {state.stop.id for state in self.dispatcher.day.in_state(SERVED, CANCELLED)}
        assert carried == self.known - done
        assert self.dispatcher.close() == self.dispatcher.close()

    # The laws.

    @invariant()
    def the_log_replayed_is_the_day(self) -> None:
        if self.known:
            assert replay(self.log.events()) == self.dispatcher.day

    @invariant()
    def each_stop_is_in_one_state_and_none_is_lost(self) -> None:
        if not self.known:
            return
        day = self.dispatcher.day
        assert {state.stop.id for state in day.asked_stops()} == self.known
        for state in day.asked_stops():
            assert state.state in STATES
        planned = [visit.stop_id for route in day.plan.routes for visit in (*route.assumed, *route.visits)]
        assert len(planned) == len(set(planned))

    @invariant()
    def what_is_committed_and_on_board_stays(self) -> None:
        for question, decision in self.asked:
            _hold_to_what_is_committed(question, decision)
        self.asked.clear()

    def teardown(self) -> None:
        if self.known:
            assert len(list(replay_plans(self.log))) == sum(
                event.TYPE in ("plan_published", "plan_proposed") for event in self.log.events()
            )
            self.close()
        self.folder.cleanup()


def _hold_to_what_is_committed(question: Question, decision: Decision) -> None:
    rest, plan = question.rest, decision.plan
    orders = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in plan.routes}
    left = {each.stop_id for each in plan.unassigned}
    for vehicle in rest.problem.vehicles:
        kept = [stop_id for stop_id in vehicle.committed if stop_id not in left]
        assert orders.get(vehicle.id, [])[: len(kept)] == kept
    carried = {stop_id: each.to_vehicle for each in rest.transfers for stop_id in each.stop_ids}
    for vehicle_id, order in orders.items():
        for stop_id in order:
            state = question.day.stops.get(stop_id)
            if state is not None and state.on_board is not None and state.stop.has_goods:
                assert vehicle_id in (state.on_board, carried.get(stop_id))
    assert sorted([*(stop_id for order in orders.values() for stop_id in order), *left]) == sorted(
        [*(stop.id for stop in rest.problem.stops), *(stop.id for stop, _ in rest.left_out)]
    )
    if decision.adopted:
        inside = {stop.id for stop in rest.problem.stops}
        kept_out = tuple(each for each in plan.unassigned if each.stop_id in inside)
        cost = plan_cost(rest.problem, plan.routes, [each.stop_id for each in kept_out])
        assert verify(rest.problem, replace(plan, unassigned=kept_out, cost=cost)) == ()


LiveDay.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestLiveDay = LiveDay.TestCase
