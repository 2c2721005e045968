"""The laws of a day, under any stream of events."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_days import LATEST_S, a_day, independent_news, instants, walked
from small_days import publication, published, rest_of, straight_road

from routing.events.fold import apply
from routing.events.options import ReplanOptions
from routing.events.types import ConditionWithdrawn, RoadClosed
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.replan.assess import assess
from routing.replan.remaining import remaining
from routing.replan.replan import Planner, Question, decide
from routing.travel.conditions import OnWay


def news():
    return st.lists(independent_news(), max_size=15)


@given(news(), st.integers(1, 3))
def test_taking_a_condition_back_restores_the_conditions_exactly(stream, way):
    day, _ = walked(a_day(), stream)
    closed = RoadClosed(id="new", known_at_s=LATEST_S, effective_at_s=LATEST_S, where=OnWay(way_id=way))
    back = ConditionWithdrawn(id="back", known_at_s=LATEST_S, effective_at_s=LATEST_S, event_id="new")
    after = apply(apply(day, closed), back)
    assert after.conditions() == day.conditions()
    assert after.stops == day.stops


@given(news(), instants)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_remains_holds_each_open_stop_once_and_its_orders_can_be_published(stream, later_s):
    day, _ = walked(a_day(), stream)
    rest = rest_of(day, day.now_s + later_s)
    asked = [each.id for each in rest.problem.stops] + [each.id for each, _ in rest.left_out]
    asked += [visit.stop_id for each in rest.progress.values() for visit in each.assumed]
    assert sorted(asked) == sorted(state.stop.id for state in day.stops.values() if state.is_open)
    ordered = [stop_id for order in rest.orders.values() for stop_id in order]
    assert len(ordered) == len(set(ordered))
    again = published(day, dict(rest.orders), rest.now_s)
    assert {state.stop.id for state in again.in_state("planned", "unassigned")} == set(asked)


@given(news(), st.integers(0, 600))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_re_plan_holds_leaves_what_is_committed_and_keeps_goods_on_board(stream, later_s):
    day, _ = walked(a_day(), stream)
    day = replace(day, started=replace(day.started, replan=ReplanOptions(gain_cents=0)))
    rest = remaining(day, day.now_s + later_s, {}, straight_road)
    if not rest.problem.vehicles:
        return
    assessment = assess(day, rest, day.started.replan)
    assert {each.code for each in assessment.violations} <= {"LATE", "SHIFT_END", "CAPACITY", "COMMITTED"}

    made = []

    def mending(rest):
        made.append(repair(rest.problem, tuple(rest.orders.items())))
        return made[-1]

    def search(rest, start):
        made.append(solve(rest.problem, SolveOptions(iterations=300, initial=tuple(start.orders().items()))))
        return made[-1]

    planner = Planner(repair=mending, search=search)
    decision = decide(Question(day=day, rest=rest, assessment=assessment, wanted=True, planner=planner))
    served = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in decision.plan.routes}
    left = {each.stop_id for each in decision.plan.unassigned}
    by_vehicle = {stop_id: vehicle_id for vehicle_id, order in served.items() for stop_id in order}
    for each in rest.problem.vehicles:
        for stop_id in each.committed:
            assert served[each.id][0] == stop_id or stop_id in left
    for stop_id, carrier in rest.on_board.items():
        assert by_vehicle.get(stop_id, carrier) == carrier
    if decision.adopted:
        (taken,) = [plan for plan in made if plan.routes is decision.plan.routes]
        assert verify(rest.problem, taken) == ()
    after = apply(day, publication(day, rest, decision.plan, rest.now_s))
    assert {state.stop.id for state in after.in_state("unassigned")} == left
