"""The laws of a day, under any stream of events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_days import begun, publication, published, rest_of, stop, straight_road, vehicle

from routing.errors import InputError
from routing.events.contradictions import contradictions
from routing.events.day import STATES
from routing.events.fold import apply, replay
from routing.events.options import ReplanOptions
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    RoadClosed,
    RoadReopened,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
    WindowChanged,
)
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import TimeWindow
from routing.replan.assess import assess
from routing.replan.remaining import remaining
from routing.replan.replan import Planner, Question, decide
from routing.travel.conditions import OnWay

STOP_IDS = [f"S{number}" for number in range(6)]
VEHICLE_IDS = ["V", "W", "X"]
LATEST_S = 3_000

instants = st.integers(0, LATEST_S)
stop_ids = st.sampled_from([*STOP_IDS, "N0", "N1"])
vehicle_ids = st.sampled_from(VEHICLE_IDS)
spots = st.integers(-20, 60).map(lambda number: stop("any", number / 10).location)


new_stops = st.builds(
    lambda key, x_km, load: stop(key, x_km, load=load),
    st.sampled_from(["N0", "N1"]),
    st.integers(0, 5),
    st.integers(0, 1),
)


def told(kind, **fields):
    return st.builds(
        lambda at_s, **given: kind(id="", known_at_s=at_s, effective_at_s=at_s, **given), instants, **fields
    )


def events():
    until = st.one_of(st.none(), st.integers(1, 2_000))
    one = st.one_of(
        told(VisitStarted, stop_id=stop_ids, vehicle_id=vehicle_ids),
        told(VisitServed, stop_id=stop_ids, vehicle_id=vehicle_ids),
        told(VisitFailed, stop_id=stop_ids, vehicle_id=vehicle_ids),
        told(VehicleLocated, vehicle_id=vehicle_ids, location=spots),
        told(StopCancelled, stop_id=stop_ids),
        told(CustomerUnavailable, stop_id=stop_ids, until_s=until.map(lambda s: s and LATEST_S + s)),
        told(WindowChanged, stop_id=stop_ids, windows=st.just((TimeWindow(start_s=500, end_s=2_500),))),
        told(VehicleOutOfService, vehicle_id=vehicle_ids, until_s=until.map(lambda s: s and LATEST_S + s)),
        told(RoadClosed, where=st.integers(1, 3).map(lambda way: OnWay(way_id=way))),
        told(RoadReopened, where=st.integers(1, 3).map(lambda way: OnWay(way_id=way))),
        told(TrafficReported, where=st.just(OnWay(way_id=1)), speed_factor=st.sampled_from([0.3, 0.6])),
        told(ConditionWithdrawn, event_id=st.integers(0, 14).map(lambda number: f"e{number}")),
        told(StopAdded, stop=new_stops),
    )
    return st.lists(one, max_size=15).map(
        lambda found: [replace(event, id=f"e{number}") for number, event in enumerate(found)]
    )


def a_day():
    stops = [
        stop(key, 1 + number, load=number % 2, window=(0, 1_500) if number % 3 else None)
        for number, key in enumerate(STOP_IDS)
    ]
    vehicles = [vehicle("V"), vehicle("W", shift=TimeWindow(start_s=600, end_s=9_000)), vehicle("X", x_km=3)]
    return begun(stops, vehicles, {"V": ("S0", "S1", "S2"), "W": ("S3",), "X": ("S4",)})


def lived(day, stream):
    """Return the day after the events of a stream that can have happened, and these."""
    happened = []
    for event in stream:
        if not contradictions(day, event):
            day = apply(day, event)
            happened.append(event)
    return day, happened


@given(events())
def test_each_stop_is_in_exactly_one_state_and_none_is_lost(stream):
    day = a_day()
    known = set(day.stops)
    for event in stream:
        if contradictions(day, event):
            with pytest.raises(InputError):
                apply(day, event)
            continue
        day = apply(day, event)
        known |= {event.stop.id} if isinstance(event, StopAdded) else set()
        assert set(day.stops) == known
        assert sum(len(day.in_state(state)) for state in STATES) == len(known)


@given(events(), st.data())
def test_an_event_twice_is_once(stream, data):
    day, happened = lived(a_day(), stream)
    if happened:
        again = data.draw(st.sampled_from(happened))
        assert apply(day, again) == day


@given(events())
def test_a_log_replayed_is_the_day(stream):
    first = a_day()
    day, happened = lived(first, stream)
    assert replay([first.started, first.plan, *happened]) == day


@given(events(), st.integers(1, 3))
def test_taking_a_condition_back_restores_the_conditions_exactly(stream, way):
    day, _ = lived(a_day(), stream)
    closed = RoadClosed(id="new", known_at_s=LATEST_S, effective_at_s=LATEST_S, where=OnWay(way_id=way))
    back = ConditionWithdrawn(id="back", known_at_s=LATEST_S, effective_at_s=LATEST_S, event_id="new")
    after = apply(apply(day, closed), back)
    assert after.conditions() == day.conditions()
    assert after.stops == day.stops


@given(events(), instants)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_remains_holds_each_open_stop_once_and_its_orders_can_be_published(stream, later_s):
    day, _ = lived(a_day(), stream)
    rest = rest_of(day, day.now_s + later_s)
    asked = [each.id for each in rest.problem.stops] + [each.id for each, _ in rest.left_out]
    asked += [visit.stop_id for each in rest.progress.values() for visit in each.assumed]
    assert sorted(asked) == sorted(state.stop.id for state in day.stops.values() if state.is_open)
    ordered = [stop_id for order in rest.orders.values() for stop_id in order]
    assert len(ordered) == len(set(ordered))
    again = published(day, dict(rest.orders), rest.now_s)
    assert {state.stop.id for state in again.in_state("planned", "unassigned")} == set(asked)


@given(events(), st.integers(0, 600))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_re_plan_holds_leaves_what_is_committed_and_keeps_goods_on_board(stream, later_s):
    day, _ = lived(a_day(), stream)
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
