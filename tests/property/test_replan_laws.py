"""Law 5 over whole days: what is committed is untouched by any re-plan, and goods change vehicle by transfers only."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from small_days import begun, publication, rest_of, stop, vehicle

from routing.events.contradictions import contradictions
from routing.events.fold import apply
from routing.events.news import (
    BreakTaken,
    CustomerAvailable,
    VehicleAdded,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.types import (
    CustomerUnavailable,
    StopAdded,
    StopCancelled,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
)
from routing.events.words import StopMoved, StopPinned, VehicleForbidden, WordWithdrawn
from routing.plan.options import SolveOptions
from routing.plan.repair import repair
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.fees import order_fee_cents
from routing.problem.model import TimeWindow
from routing.replan.transfers import with_transfers

STOP_IDS = [f"S{number}" for number in range(7)]
VEHICLE_IDS = ["V", "W", "X"]

waits_s = st.integers(0, 500)
stop_ids = st.sampled_from([*STOP_IDS, "N0", "N1"])
vehicle_ids = st.sampled_from(VEHICLE_IDS)
spots = st.integers(-20, 60).map(lambda number: stop("any", number / 10).location)
after_s = st.integers(1, 1_500)


def told(kind, **fields):
    """Tell something at an instant; an instant among its fields is so long after that."""

    def make(at_s, number, **given):
        ends_s = {key: None if value is None else at_s + value for key, value in given.items() if key == "until_s"}
        return kind(id=f"e{number}", known_at_s=at_s, effective_at_s=at_s, **{**given, **ends_s})

    return st.builds(lambda **given: lambda at_s, number: make(at_s, number, **given), **fields)


new_stops = st.builds(lambda key, x_km: stop(key, x_km, load=1), st.sampled_from(["N0", "N1"]), st.integers(0, 5))
news = st.one_of(
    told(VehicleDeparted, vehicle_id=vehicle_ids),
    told(VehicleArrived, stop_id=stop_ids, vehicle_id=vehicle_ids),
    told(VisitStarted, stop_id=stop_ids, vehicle_id=vehicle_ids),
    told(VisitDelayed, stop_id=stop_ids, vehicle_id=vehicle_ids, until_s=after_s),
    told(VisitServed, stop_id=stop_ids),
    told(VisitServed, stop_id=stop_ids, vehicle_id=vehicle_ids),
    told(VisitFailed, stop_id=stop_ids),
    told(VehicleLocated, vehicle_id=vehicle_ids, location=spots),
    told(StopCancelled, stop_id=stop_ids),
    told(CustomerUnavailable, stop_id=stop_ids, until_s=st.one_of(st.none(), after_s)),
    told(CustomerAvailable, stop_id=stop_ids),
    told(VehicleOutOfService, vehicle_id=vehicle_ids, until_s=st.one_of(st.none(), after_s)),
    told(VehicleBack, vehicle_id=vehicle_ids),
    told(VehicleDelayed, vehicle_id=vehicle_ids, until_s=after_s),
    told(BreakTaken, vehicle_id=vehicle_ids, until_s=after_s),
    told(VehicleAdded, vehicle=st.just(vehicle("Y", x_km=2))),
    told(StopPinned, stop_id=stop_ids, vehicle_id=vehicle_ids, position=st.one_of(st.none(), st.integers(0, 2))),
    told(StopMoved, stop_id=stop_ids, vehicle_id=vehicle_ids, after_stop_id=st.one_of(st.none(), stop_ids)),
    told(VehicleForbidden, stop_id=stop_ids, vehicle_id=vehicle_ids),
    told(WordWithdrawn, event_id=st.integers(0, 9).map(lambda number: f"e{number}")),
    told(
        StopAdded,
        stop=st.builds(lambda key, x_km: stop(key, x_km, load=1), st.sampled_from(["N0", "N1"]), st.integers(0, 5)),
    ),
)
moving = st.one_of(
    told(VehicleOutOfService, vehicle_id=vehicle_ids),
    told(VisitServed, stop_id=stop_ids),
    told(StopAdded, stop=new_stops),
)
"""What most often makes goods change hands."""
days = st.lists(st.tuples(waits_s, st.lists(st.one_of(news, moving), min_size=1, max_size=4)), min_size=2, max_size=5)
ladders = st.fixed_dictionaries(
    {
        "freeze_all_stops": st.integers(0, 1),
        "freeze_order_s": st.sampled_from([0, 300]),
        "freeze_vehicle_stops": st.integers(0, 3),
        "attempts_per_day": st.integers(1, 2),
        "retry_after_s": st.just(300),
    }
)


def a_day(**options):
    stops = [
        stop(key, 1 + number, load=number % 2 or number // 4, window=(0, 1_500) if number % 3 else None)
        for number, key in enumerate(STOP_IDS)
    ]
    fleet = [
        vehicle("V", capacity=3),
        vehicle("W", shift=TimeWindow(start_s=600, end_s=9_000)),
        vehicle("X", x_km=3),
    ]
    return begun(stops, fleet, {"V": ("S0", "S1", "S2"), "W": ("S3", "S5"), "X": ("S4", "S6")}, **options)


def moments(day, stream):
    """Yield the day and the instant of each plan after some news that can have happened."""
    now_s, number = 0, 0
    for wait_s, several in stream:
        now_s += wait_s
        for make in several:
            said, number = make(now_s, number), number + 1
            if not contradictions(day, said):
                day = apply(day, said)
        day = yield day, now_s


def replanned(day, now_s, *, searched):
    rest = with_transfers(day, rest_of(day, now_s))
    if not rest.problem.vehicles:
        return rest, None
    plan = repair(rest.problem, tuple(rest.orders.items()))
    if searched:
        plan = solve(rest.problem, SolveOptions(iterations=150, initial=tuple(plan.orders().items())))
    return rest, plan


def lived(stream, options, look, *, searched=False):
    """Plan a day again after each piece of its news, and look at every plan."""
    steps = moments(a_day(**options), stream)
    day, now_s = next(steps)
    while True:
        rest, plan = replanned(day, now_s, searched=searched)
        if plan is None:
            return
        look(day, rest, plan)
        full = replace(plan, unassigned=(*plan.unassigned, *(reason for _, reason in rest.left_out)))
        try:
            day, now_s = steps.send(apply(day, publication(day, rest, full, now_s)))
        except StopIteration:
            return


def goods_stay(day, rest, plan):
    event(f"{len(rest.transfers)} transfers")
    assert verify(rest.problem, plan) == ()
    orders = plan.orders()
    fetched = {stop_id: transfer for transfer in rest.transfers for stop_id in transfer.stop_ids}
    for vehicle_id, order in orders.items():
        for number, stop_id in enumerate(order):
            state = day.stops.get(stop_id)
            if state is None or state.transfer is not None or state.stop.load == 0:
                continue
            carrier = rest.on_board.get(stop_id)
            if carrier == vehicle_id or (carrier is None and not rest.progress[vehicle_id].left):
                continue
            transfer = fetched[stop_id]
            assert (transfer.from_vehicle, transfer.to_vehicle) == (carrier, vehicle_id)
            assert transfer.id in order[:number]
        loads = [day.stops[stop_id].stop.load for stop_id in order if stop_id in day.stops]
        assert sum(loads) <= day.vehicles[vehicle_id].vehicle.capacity


def committed_stays(day, rest, plan):
    orders, left = plan.orders(), {each.stop_id for each in plan.unassigned}
    for offered in rest.problem.vehicles:
        wanted = tuple(stop_id for stop_id in offered.committed if stop_id not in left)
        assert orders.get(offered.id, ())[: len(wanted)] == wanted
        under_way = rest.progress[offered.id].committed
        if under_way is not None and under_way in rest.orders[offered.id]:
            # No road of these days is ever closed: only an absence frees the leg under way.
            absent = bool(day.stops[under_way].unavailable)
            assert absent or offered.committed[:1] == (under_way,)


def nobody_is_lost(day, rest, plan):
    asked = [each.id for each in rest.problem.stops] + [each.id for each, _ in rest.left_out]
    asked += [visit.stop_id for each in rest.progress.values() for visit in each.assumed]
    assert len(asked) == len(set(asked))
    assert {state.stop.id for state in day.asked_stops() if state.is_open} <= set(asked)
    news = {transfer.id for transfer in rest.transfers if transfer.id not in day.stops}
    for vehicle_id, order in rest.orders.items():
        stops = {each.id: each for each in rest.problem.stops}
        if not news and order == rest_of(day, rest.now_s).orders.get(vehicle_id):
            before = (None, *order)
            assert sum(order_fee_cents(stops[b], vehicle_id, a) for a, b in zip(before, order, strict=False)) == 0


@given(days, ladders)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_re_plan_keeps_what_is_committed_and_loses_nothing_and_goods_change_hands_by_transfers_only(stream, options):
    def look(day, rest, plan):
        goods_stay(day, rest, plan)
        committed_stays(day, rest, plan)
        nobody_is_lost(day, rest, plan)

    lived(stream, options, look)


@given(days, ladders)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_search_keeps_goods_and_commitments_too(stream, options):
    def look(day, rest, plan):
        goods_stay(day, rest, plan)
        committed_stays(day, rest, plan)

    lived(stream, options, look, searched=True)


@given(days, ladders)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_planning_again_without_news_changes_nothing(stream, options):
    def look(day, rest, plan):
        if rest.transfers:
            return  # a transfer counts among the next visits of a freeze, so that another one leaves it
        full = replace(plan, unassigned=(*plan.unassigned, *(reason for _, reason in rest.left_out)))
        after = apply(day, publication(day, rest, full, rest.now_s))
        again = with_transfers(after, rest_of(after, rest.now_s))
        kept = {key: order for key, order in again.orders.items() if order}
        assert kept == {key: order for key, order in plan.orders().items() if order}
        assert again.transfers == rest.transfers

    lived(stream, options, look)
