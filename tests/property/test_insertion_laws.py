"""Where a stop can be added, held against trying every place."""

from __future__ import annotations

from hypothesis import given
from plan_strategies import SEARCHING, problems

from routing.plan.insert import cheapest_insertion, may_serve, route_cents
from routing.plan.instance import committed_visits
from routing.plan.repair import hold_bounds
from routing.plan.schedule import Clock


@SEARCHING
@given(problems())
def test_a_stop_finds_a_place_exactly_where_one_holds(problem):
    clock = Clock(problem)
    committed = {vehicle.id: committed_visits(clock, vehicle) for vehicle in problem.vehicles}
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
            # few places: all of them are priced
            assert len(places) > 4 or found.added_cents == min(places.values())
