"""Where a stop can be added, held against trying every place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import SEARCHING, problems

from routing.plan.gaps import Gaps
from routing.plan.insert import cheapest_insertion
from routing.plan.instance import committed_orders
from routing.plan.price import may_serve, route_cents
from routing.plan.repair import hold_bounds, repair
from routing.plan.schedule import Clock
from routing.plan.verify import verify


@SEARCHING
@given(problems() | problems(fees=True))
def test_a_stop_finds_a_place_exactly_where_one_holds(problem):
    clock = Clock(problem)
    committed = committed_orders(clock)
    taken = {stop_id for order in committed.values() for stop_id in order}
    loose = [stop for stop in problem.stops if stop.id not in taken and problem.travel.usable[stop.place]]
    # every other stop rides with the first vehicle that may take it, as far as that holds
    wanted = {vehicle.id: list(committed[vehicle.id]) for vehicle in problem.vehicles}
    for stop in loose[::2]:
        vehicle = next((each for each in problem.vehicles if may_serve(each, stop)), None)
        if vehicle is not None:
            wanted[vehicle.id].append(stop.id)
    orders = hold_bounds(clock, wanted, committed)
    for stop in loose[1::2]:
        places = {}
        for vehicle in problem.vehicles:
            order = orders[vehicle.id]
            loaded = stop.load + sum(clock.stops[stop_id].load for stop_id in order)
            if not may_serve(vehicle, stop) or loaded > vehicle.capacity:
                continue
            for position in range(len(committed[vehicle.id]), len(order) + 1):
                with_stop = (*order[:position], stop.id, *order[position:])
                if clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0) is not None:
                    added = route_cents(clock, vehicle, with_stop) - route_cents(clock, vehicle, order)
                    places[vehicle.id, with_stop] = added
        found = cheapest_insertion(clock, orders, committed, stop)
        assert (found is None) == (not places)
        if found is not None:
            assert found.added_cents == places[found.vehicle_id, found.stop_ids]
            # Few places, and one table that tells which of them hold: all are priced.
            several = problem.travel.matrix.slice_start_s.size > 1
            assert several or len(places) > 4 or found.added_cents == min(places.values())


@SEARCHING
@given(problems(simple=True) | problems(simple=True, fees=True))
def test_by_one_table_the_gaps_are_exactly_the_places_that_hold_at_their_price(problem):
    loose = [stop for stop in problem.stops if stop.allowed_vehicles is None]
    if any(stop.start_fees for stop in problem.stops):
        # the start fees of others are not in the ranking, and a departure that is free shifts the stop's own
        stops = [replace(stop, start_fees=() if stop in loose[::2] else stop.start_fees) for stop in problem.stops]
        vehicles = [replace(vehicle, start_fixed=True) for vehicle in problem.vehicles]
        problem = replace(problem, stops=tuple(stops), vehicles=tuple(vehicles))
    clock = Clock(problem)
    nobody = {vehicle.id: () for vehicle in problem.vehicles}
    orders = hold_bounds(clock, {problem.vehicles[0].id: [stop.id for stop in loose[::2]]}, nobody)
    gaps = Gaps(clock, orders, nobody)
    for stop in problem.stops:
        if any(stop.id in order for order in orders.values()):
            continue
        offered = {(number, position): cents for cents, number, position in gaps.ranked(stop)}
        for number, vehicle in enumerate(problem.vehicles):
            order = orders[vehicle.id]
            room = vehicle.capacity - sum(clock.stops[stop_id].load for stop_id in order)
            for position in range(len(order) + 1):
                with_stop = (*order[:position], stop.id, *order[position:])
                run = clock.follow(vehicle, with_stop, vehicle.shift.start_s, forbidden_limit_s=0)
                if clock.follow(vehicle, order, vehicle.shift.start_s) is None:
                    continue  # no road home from where it stands empty: gaps know no run to measure by
                fits = run is not None and stop.load <= room and may_serve(vehicle, stop)
                assert fits == ((number, position) in offered)
                windows = [len(clock.stops[stop_id].windows) for stop_id in with_stop]
                if fits and max(windows) < 2 and not run.lateness_s and not run.overtime_s:
                    added = route_cents(clock, vehicle, with_stop) - route_cents(clock, vehicle, order)
                    assert abs(offered[number, position] - added) <= 3  # parts are rounded


@SEARCHING
@given(problems(), st.data())
def test_whatever_is_given_becomes_a_plan_that_holds(problem, data):
    stop_ids = [*(stop.id for stop in problem.stops), "nothing"]
    vehicle_ids = [*(vehicle.id for vehicle in problem.vehicles), "nobody"]
    order = st.lists(st.sampled_from(stop_ids), max_size=8)
    initial = data.draw(st.lists(st.tuples(st.sampled_from(vehicle_ids), order), max_size=4))
    plan = repair(problem, initial)
    assert verify(problem, plan) == ()
    assert repair(problem, initial) == plan
    # What holds already is left alone.
    again = repair(problem, tuple(plan.orders().items())).orders()
    assert {
        key: tuple(stop_id for stop_id in again[key] if stop_id in order) for key, order in plan.orders().items()
    } == plan.orders()
