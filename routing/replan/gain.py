"""What the best single move of a stop may gain, estimated by the tables: whether a search may pay at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.plan.gaps import LAST, Gaps
from routing.plan.model import Plan
from routing.plan.schedule import Clock
from routing.problem.fees import start_fee_cents
from routing.problem.model import Problem, Stop, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Move a stop to a vehicle, for about so many cents less with its fees paid."""

    stop_id: str
    vehicle_id: str
    gain_cents: int


def best_move(problem: Problem, plan: Plan) -> Move | None:
    """Return the best move of a single stop of a plan, or the best addition of one; None where there is none.

    Only of a plain problem: where routes must be walked, sums of legs do not tell what fits.
    What taking a stop out saves is told by the legs around it, where it fits by the tables and the windows. A plan
    that a search has left has no move that gains much: one that does now has come with the news.
    """
    orders = plan.orders()
    seeker = _Seeker(problem, orders)
    planned = [
        (stop_id, vehicle, place)
        for vehicle in problem.vehicles
        for place, stop_id in enumerate(orders.get(vehicle.id, ()))
        if place >= len(vehicle.committed)
    ]
    starts_s = {visit.stop_id: visit.start_s for route in plan.routes for visit in route.visits}
    moves = [seeker.moved(stop_id, vehicle, place, starts_s[stop_id]) for stop_id, vehicle, place in planned]
    moves += [seeker.added(left.stop_id) for left in plan.unassigned]
    return max((move for move in moves if move is not None), key=lambda move: move.gain_cents, default=None)


class _Seeker:
    """Look for the cheapest gap for a stop in standing orders."""

    def __init__(self, problem: Problem, orders: Mapping[str, Sequence[str]]) -> None:
        clock = Clock(problem).by_tables()
        self._problem, self._orders = problem, orders
        self._stops, self._stay_s = clock.stops, clock.stay_s
        committed = {vehicle.id: vehicle.committed for vehicle in problem.vehicles}
        self._gaps = Gaps(clock, {vehicle.id: orders.get(vehicle.id, ()) for vehicle in problem.vehicles}, committed)
        matrix = clock.travel.matrix
        size = len(problem.places)
        self._starts_s = matrix.slice_start_s
        self._duration_s = matrix.duration_s.reshape(-1, size, size)
        self._distance_m = matrix.distance_m.reshape(-1, size, size)

    def moved(self, stop_id: str, vehicle: Vehicle, place: int, start_s: int) -> Move | None:
        """Return the best other place of a stop, with what leaving its own one saves."""
        stop, order = self._stops[stop_id], self._orders[vehicle.id]
        saved = self._saved_cents(stop, vehicle, place, start_s)
        follower = self._stops[order[place + 1]] if place + 1 < len(order) else None
        leaving = 0 if follower is None else self._follow_cents(follower)
        for cents, other, position in self._places(stop):
            if other.id == vehicle.id and position in (place, place + 1):
                continue
            return Move(stop_id=stop_id, vehicle_id=other.id, gain_cents=round(saved - cents - leaving))
        return None

    def added(self, stop_id: str) -> Move | None:
        """Return the best place for a stop that is not served; None for one that is not asked for here."""
        stop = self._stops.get(stop_id)
        if stop is None or not self._problem.travel.usable[stop.place]:
            return None
        price_cents = self._problem.unserved_cents(stop)
        for cents, vehicle, _ in self._places(stop):
            return Move(stop_id=stop_id, vehicle_id=vehicle.id, gain_cents=round(price_cents - cents))
        return None

    def _places(self, stop: Stop) -> Iterator[tuple[float, Vehicle, int]]:
        for cents, number, position in self._gaps.ranked(stop):
            if cents >= LAST:
                return
            yield cents, self._problem.vehicles[number], position

    def _saved_cents(self, stop: Stop, vehicle: Vehicle, place: int, start_s: int) -> float:
        order, prices = self._orders[vehicle.id], self._problem.objective
        before = self._stops[order[place - 1]].place if place else vehicle.start_place
        last = place + 1 == len(order)
        after = vehicle.end_place if last else self._stops[order[place + 1]].place
        row = max(int(np.searchsorted(self._starts_s, start_s, side="right")) - 1, 0)
        both = [(table[row, before, stop.place], table[row, stop.place, after], table[row, before, after])
                for table in (self._duration_s, self._distance_m)]  # fmt: skip
        seconds, metres = (int(to) + int(on) - int(past) for to, on, past in both)
        cents = (seconds + self._stay_s[stop.id]) * prices.duty_cents_per_h / 3600
        cents += metres * prices.distance_cents_per_km / 1000 + start_fee_cents(stop, start_s)
        # Who serves nothing need not leave.
        return cents + (prices.vehicle_cents if len(order) == 1 and not vehicle.used else 0)

    def _follow_cents(self, stop: Stop) -> int:
        return stop.follow_fee.cents if stop.follow_fee is not None else 0
