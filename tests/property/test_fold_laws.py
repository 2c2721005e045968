"""The laws of the fold, under random days of random news, plans, proposals and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_days import MOST_STEPS, a_day, independent_news, is_taken, streams, walked, whole_days

from routing.errors import InputError
from routing.events.contradictions import contradictions
from routing.events.day import CANCELLED, FAILED, PLANNED, SERVED, STATES, Day, Report
from routing.events.fold import apply, replay
from routing.events.oddities import warnings
from routing.events.types import ConditionWithdrawn, Event, StopAdded, VehicleAdded
from routing.events.words import StopMoved, WordWithdrawn


def contents(day: Day) -> tuple[object, ...]:
    """Return copies of what a day holds, to be compared after it was used."""
    return (
        dict(day.stops),
        dict(day.vehicles),
        dict(day.seen),
        day.now_s,
        day.reports,
        day.withdrawn,
        day.plan,
        day.since_plan,
        day.proposal,
        day.accepted,
        day.closed,
    )


@given(whole_days())
def test_each_asked_stop_is_in_exactly_one_state_and_none_is_lost(stream):
    day = a_day()
    known = set(day.stops)
    for number, step in enumerate(stream):
        event = step(day, number)
        if not is_taken(day, event):
            continue
        day = apply(day, event)
        known |= {event.stop.id} if isinstance(event, StopAdded) else set()
        asked = day.asked_stops()
        assert {state.stop.id for state in asked} == known
        assert all(state.state in STATES for state in asked)
        assert sum(len(day.in_state(state)) for state in STATES) == len(known)


@given(whole_days())
def test_what_is_kept_of_a_stop_fits_its_state(stream):
    day, _ = walked(a_day(), stream)
    for state in day.stops.values():
        if state.state == PLANNED:
            assert state.vehicle_id is not None
        if state.state in (SERVED, FAILED, CANCELLED):
            assert state.ended_s is not None
            assert state.reason == ""
        if state.state == SERVED:
            assert 0 <= state.delivered_load <= state.stop.load
        assert (state.failed_s is not None) == (state.attempts > state.stop.attempts)
        assert state.pinned_vehicle not in state.forbidden
        assert {state.vehicle_id, state.on_board, state.pinned_vehicle} <= {None, *day.vehicles}
        # Nobody waits for his own turn.
        after = state.moved_after
        while after is not None and after in day.stops:
            assert after != state.stop.id
            after = day.stops[after].moved_after


@given(whole_days())
def test_goods_change_vehicle_by_a_transfer_only(stream):
    day = a_day()
    for number, step in enumerate(stream):
        event = step(day, number)
        if not is_taken(day, event):
            continue
        after = apply(day, event)
        moved = getattr(event, "stop_id", None)
        transfer = day.stops[moved].transfer if moved in day.stops else None
        for key, state in day.stops.items():
            carrier = state.on_board
            if carrier is not None and key in after.stops and after.stops[key].on_board != carrier:
                assert transfer is not None
                assert key in transfer.stop_ids
        day = after


@given(whole_days())
def test_an_event_that_is_refused_or_taken_leaves_the_day_before_as_it_was(stream):
    day = a_day()
    for number, step in enumerate(stream):
        event, before = step(day, number), contents(day)
        faults = contradictions(day, event)
        if faults:
            with pytest.raises(InputError):
                apply(day, event)
            assert contents(day) == before
            continue
        warnings(day, event)
        after = apply(day, event)
        assert contents(day) == before
        day = after


@given(whole_days(), st.data())
def test_an_event_twice_is_once(stream, data):
    day, happened = walked(a_day(), stream)
    if happened:
        assert apply(day, data.draw(st.sampled_from(happened))) == day


@given(whole_days())
def test_a_log_replayed_is_the_day(stream):
    first = a_day()
    day, happened = walked(first, stream)
    assert replay([first.started, first.plan, *happened]) == day


@given(streams(), st.lists(independent_news(), min_size=2, max_size=8), st.data())
def test_independent_events_may_come_in_any_order(stream, news, data):
    day, _ = walked(a_day(), stream)
    together: list[Event] = []
    taken: set[str] = set()
    for number, step in enumerate(news, start=MOST_STEPS):
        event = step(day, number)
        about = subjects(day, event)
        if is_taken(day, event) and not about & taken:
            together.append(event)
            taken |= about
    one, other = day, day
    for event in together:
        one = apply(one, event)
    for event in data.draw(st.permutations(together)):
        other = apply(other, event)
    assert state_of(one) == state_of(other)


def subjects(day: Day, event: Event) -> set[str]:
    """Return what an event is about: the stops, the vehicles, the moves by hand or the roads that it reads or changes.

    Events with no subject in common are independent.
    """
    stops = {getattr(event, name, None) for name in ("stop_id", "after_stop_id")} - {None}
    vehicles = {getattr(event, "vehicle_id", None)} - {None}
    if isinstance(event, StopAdded):
        stops.add(event.stop.id)
    if isinstance(event, VehicleAdded):
        vehicles.add(event.vehicle.id)
    for state in [day.stops[key] for key in stops if key in day.stops]:
        # A report without a name is the planned vehicle's; a word asks who has the goods; a transfer moves goods.
        vehicles |= {state.vehicle_id, state.on_board} - {None}
        stops |= set(state.transfer.stop_ids) if state.transfer is not None else set()
    stops |= {state.stop.id for state in day.stops.values() if state.vehicle_id in vehicles}
    others = {"moves"} if isinstance(event, StopMoved | WordWithdrawn) else set()
    others |= {"roads"} if isinstance(event, Report | ConditionWithdrawn) else set()
    if isinstance(event, ConditionWithdrawn | WordWithdrawn):
        others.add(event.event_id)
        meant = day.seen.get(event.event_id)
        stops |= {getattr(meant, "stop_id", None)} - {None}
    return {f"stop {key}" for key in stops} | {f"vehicle {key}" for key in vehicles} | others | {event.id}


def state_of(day: Day) -> tuple[object, ...]:
    """Return what a day amounts to, without the order in which news came."""
    held = contents(day)
    return (*held[:7], {event.id for event in day.since_plan}, *held[8:])
