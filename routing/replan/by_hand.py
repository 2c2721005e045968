"""What the dispatcher has laid down by hand: where in the orders a stop stands, and what became of it.

A stop that is pinned or moved to a vehicle stays there, however late. Pinned to a place it is committed with all that
comes before it. Moved behind another stop it stays there unless that would leave a stop unserved, and then that is
said.
"""

from __future__ import annotations

from collections.abc import Mapping

from routing.events.day import Day, StopState
from routing.plan.model import Plan
from routing.problem.model import Problem

Orders = Mapping[str, tuple[str, ...]]


def placed(day: Day, orders: Orders, next_stops: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Return orders of stop ids by vehicle with each stop where the dispatcher's last word on it puts it.

    `next_stops` are the stops that vehicles are driving to or waiting at; no word changes these.
    """
    under_way = set(next_stops.values())
    bound = {key: state for key, state in day.stops.items() if _is_bound(state, orders) and key not in under_way}
    found = {vehicle_id: list(order) for vehicle_id, order in orders.items()}

    def put(stop_id: str, vehicle_id: str, number: int) -> None:
        found[vehicle_id].insert(number, stop_id)

    def take(stop_id: str) -> None:
        for order in found.values():
            if stop_id in order:
                order.remove(stop_id)

    for key, state in sorted(bound.items(), key=lambda item: item[1].pinned_position or 0):
        if state.pinned_position is not None and state.pinned_vehicle is not None:
            take(key)
            order = found[state.pinned_vehicle]
            driven_to = order[:1] == [next_stops.get(state.pinned_vehicle)]
            put(key, state.pinned_vehicle, driven_to + state.pinned_position)
    # Who was moved behind a stop that was moved itself comes after it.
    for key, state in sorted(bound.items(), key=lambda item: _depth(item[1], bound)):
        vehicle_id, after = state.pinned_vehicle, state.moved_after
        if vehicle_id is not None and after is not None and after in found[vehicle_id]:
            take(key)
            put(key, vehicle_id, found[vehicle_id].index(after) + 1)
    return {vehicle_id: tuple(order) for vehicle_id, order in found.items()}


def unheld(day: Day, problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return in words which stops a plan takes from behind the stop where the dispatcher has put them."""
    before = {
        visit.stop_id: previous.stop_id
        for route in plan.routes
        for previous, visit in zip(route.visits, route.visits[1:], strict=False)
    }
    planned = {visit.stop_id: route.vehicle_id for route in plan.routes for visit in route.visits}
    return tuple(
        f"Stop {stop.id} does not come right after {after} as it was moved: otherwise a stop would be left out."
        for stop in problem.stops
        if stop.id in day.stops  # a transfer that is new is not
        and (after := day.stops[stop.id].moved_after) is not None
        and planned.get(after) == day.stops[stop.id].pinned_vehicle
        and stop.id in planned
        and before.get(stop.id) != after
    )


def _is_bound(state: StopState, orders: Orders) -> bool:
    """Tell whether a stop can go where it was bound to: goods on board another vehicle stay there."""
    return state.is_open and state.pinned_vehicle in orders and state.on_board in (None, state.pinned_vehicle)


def _depth(state: StopState, bound: Mapping[str, StopState]) -> int:
    count = 0
    while state.moved_after is not None and state.moved_after in bound:
        state, count = bound[state.moved_after], count + 1
    return count
