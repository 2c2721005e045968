"""What a plan would cost more had one stop alone stayed as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.errors import UnreachableLegError
from routing.events.published import Change, PlanPublished
from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Route
from routing.plan.price import may_serve
from routing.plan.rules.book import Book
from routing.plan.schedule import Clock, schedule
from routing.plan.walked.judge import holds
from routing.replan.remaining import Remaining


class Staying:
    """Put stops of a plan back to where they were, one at a time, and price the whole plan by the search's tables.

    The price is what is spent: duty, distance, vehicles, lateness, stops that are not served; not the fees for changes.
    """

    def __init__(self, rest: Remaining, plan: Plan, base: PlanPublished) -> None:
        self._clock = Clock(rest.problem).by_tables()
        self._book = Book(self._clock.problem)
        self._vehicles = {vehicle.id: vehicle for vehicle in rest.problem.vehicles}
        self._orders = plan.orders()
        self._was = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in base.routes}
        self._transfers = {transfer.id for transfer in rest.transfers}
        self._unassigned = [left.stop_id for left in plan.unassigned]
        self._now_cents: int | None = self._spent_cents(self._orders, self._unassigned)

    def added_cents(self, change: Change) -> int | None:
        """Return what staying would have cost more, in cents; None where the stop could not stay.

        Nor could the goods of a transfer be brought without it.
        """
        stop_id, orders, unassigned = change.stop_id, dict(self._orders), list(self._unassigned)
        if self._now_cents is None or stop_id not in self._clock.stops or stop_id in self._transfers:
            return None
        if change.to_vehicle is not None:
            orders[change.to_vehicle] = tuple(key for key in orders[change.to_vehicle] if key != stop_id)
        if change.from_vehicle is None:
            unassigned.append(stop_id)
        else:
            order = self._put_back(stop_id, change.from_vehicle, orders.get(change.from_vehicle, ()))
            if order is None:
                return None
            orders[change.from_vehicle] = order
            unassigned = [key for key in unassigned if key != stop_id]
        if change.to_vehicle is not None and not self._holds(change.to_vehicle, orders[change.to_vehicle]):
            return None
        stayed_cents = self._spent_cents(orders, unassigned)
        return None if stayed_cents is None else stayed_cents - self._now_cents

    def _put_back(self, stop_id: str, vehicle_id: str, order: Sequence[str]) -> tuple[str, ...] | None:
        """Return a vehicle's order with a stop after the nearest of those that it came after; None if that breaks."""
        vehicle, before = self._vehicles.get(vehicle_id), self._was[vehicle_id]
        if vehicle is None or not may_serve(vehicle, self._clock.stops[stop_id]):
            return None
        earlier = before[: before.index(stop_id)] if stop_id in before else before
        at = next((order.index(key) + 1 for key in reversed(earlier) if key in order), 0)
        at = max(at, sum(key in order for key in vehicle.committed))
        full = (*order[:at], stop_id, *order[at:])
        return full if self._holds(vehicle_id, full) else None

    def _holds(self, vehicle_id: str, order: Sequence[str]) -> bool:
        vehicle = self._vehicles[vehicle_id]
        fixed = tuple(key for key in vehicle.committed if key in order)
        return tuple(order[: len(fixed)]) == fixed and holds(self._clock, self._book, vehicle, order)

    def _spent_cents(self, orders: Mapping[str, Sequence[str]], unassigned: Sequence[str]) -> int | None:
        try:
            routes: Sequence[Route] = schedule(self._clock.problem, orders, self._clock)
        except UnreachableLegError:
            return None
        cost = plan_cost(self._clock.problem, routes, unassigned)
        return cost.total_cents - cost.preference_cents
