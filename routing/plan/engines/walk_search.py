"""Search the routes of an instance that must be walked to be priced: ruin and recreate, as `ruin_recreate` tells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import Instance, Orders
from routing.plan.engines.route_data import median_leg_cost
from routing.plan.engines.route_state import NOWHERE
from routing.plan.engines.ruin import BEST, CURRENT
from routing.plan.engines.rules import Rules
from routing.plan.engines.walk import walk
from routing.plan.engines.walk_data import (
    CLOSED,
    CLOSES_S,
    COMMITTED,
    DIMENSIONS,
    END_WINDOW,
    FIRST_STOP,
    FIXED,
    LEFT_OUT,
    LOADS,
    NEAR_STOPS,
    NEXT_OF_REQUEST,
    OUT,
    REQUEST,
    ROOMS,
    STOCK,
    WalkData,
    walk_data,
)
from routing.plan.engines.walk_insertion import recreate
from routing.plan.engines.walk_routes import copy_all_walked, sum_up
from routing.plan.engines.walk_ruin import iterate_walked, walked_cost
from routing.plan.engines.walk_state import (
    LENGTH,
    ROUTE,
    Scratch,
    WalkState,
    empty_walk_state,
    new_scratch,
    orders_of_walk,
)

DEAR = 100.0
"""Vehicles are dear where each costs more than so many median legs, yet less than to leave out anything: fewer of them
are sought first,"""
SHRINK_ABOVE = 0.4
"""while the temperature is higher than this share of a median leg."""


def prepare_walked() -> None:
    """Compile the kernels, or load them, with data of one stop and one vehicle without any facts."""
    no, one = np.zeros, np.full
    data = WalkData(
        travel=no((1, 4, 4, 3), np.int32),
        service=no((1, 1, 2), np.int64),
        stops=one((1, LOADS + 3), -1, np.int64),
        fleet=no((1, ROOMS + 3), np.int64),
        depots=no((1, STOCK + 1), np.int64),
        requests=no((1, 3), np.int64),
        spans=no((1, 3), np.int64),
        goods=no((2, 0, 0), np.bool_),
        lists=no((1, 0), np.int32),
        facts=no(DIMENSIONS + 10, np.int64),
    )
    now, kept, best = (empty_walk_state(data) for _ in range(3))
    own, seed, tally = new_scratch(data), one(1, 1, np.uint64), no(4, np.int64)
    walk(data, now, own, own.trial, 0, 0)
    sum_up(data, now, own, 0)
    recreate(data, now, own, seed, no(1, np.int64), 0, no(1, np.bool_), no(1, np.bool_))
    copy_all_walked(data, now, kept)
    iterate_walked(data, now, kept, best, own, seed, tally, no(1, np.int64), 1.0, 0)


class WalkedSearch:
    """Hold the three states of one search: now, kept and best."""

    def __init__(self, instance: Instance, rules: Rules, start: Orders, seed: NDArray[np.uint64]) -> None:
        self.data = walk_data(instance, rules)
        self.seed = seed
        self.own: Scratch = new_scratch(self.data)
        self.now, self.kept, self.best = (empty_walk_state(self.data) for _ in range(3))
        _begin(self.data, self.now, self.own, rules, start, seed)
        copy_all_walked(self.data, self.now, self.kept)
        copy_all_walked(self.data, self.now, self.best)
        self.shrinking, self.closed = False, self.data.fleet[:, CLOSED].copy()
        self.absences = np.zeros(len(self.data.requests), np.int64)
        cost = walked_cost(self.data, self.now)
        self.tally = np.array([cost, cost, 0, 0], np.int64)
        prices = int(np.median(rules.duty_cents_per_h)), int(np.median(rules.distance_cents_per_km))
        self.unit = median_leg_cost(
            rules.duration_s[0], rules.distance_m[0], self.data.lists[:, : self.data.facts[NEAR_STOPS]], *prices
        )

    def iterate(self, temperature: float, count: int) -> None:
        """Make some iterations at a temperature; with one vehicle less while that is high and vehicles are dear."""
        data, now = self.data, self.now
        least = int(data.fleet[:, FIXED].min())
        dear = DEAR * self.unit < least < int(data.requests[:, LEFT_OUT].min())
        if dear and temperature > SHRINK_ABOVE * self.unit:
            if bool((now.where[:, ROUTE] >= 0).all()):
                self._empty_one()
        elif self.shrinking:
            self._go_on_from_best()
        absences = self.absences if self.shrinking else self.absences[:0]
        iterate_walked(data, now, self.kept, self.best, self.own, self.seed, self.tally, absences, temperature, count)

    def _empty_one(self) -> None:
        """Empty the route whose requests have been absent least often, and close all vehicles without stops."""
        data, now = self.data, self.now
        used = now.sums[:, LENGTH] > 0
        weights = np.bincount(now.where[data.requests[:, FIRST_STOP], ROUTE], self.absences, len(data.fleet))
        weights[~used | (data.fleet[:, COMMITTED] > 0) | (data.fleet[:, OUT] > 0)] = np.inf
        vehicle = int(weights.argmin())
        if np.isinf(weights[vehicle]) or used.sum() < 2:
            return
        self.shrinking = True
        now.where[now.where[:, ROUTE] == vehicle, ROUTE] = -1
        _set(data, now, vehicle, ())
        sum_up(data, now, self.own, vehicle)
        data.fleet[:, CLOSED] = np.maximum(self.closed, now.sums[:, LENGTH] == 0)
        copy_all_walked(data, now, self.kept)
        self.tally[CURRENT] = walked_cost(data, now)

    def _go_on_from_best(self) -> None:
        """Go on from the best orders with the whole fleet."""
        self.shrinking = False
        self.data.fleet[:, CLOSED] = self.closed
        copy_all_walked(self.data, self.best, self.now)
        copy_all_walked(self.data, self.best, self.kept)
        self.tally[CURRENT] = self.tally[BEST]

    def orders(self) -> Orders:
        """Return the best orders so far."""
        return orders_of_walk(self.best)

    def unserved(self) -> int:
        """Return how many stops the best orders leave out."""
        return int((self.best.where[:, ROUTE] < 0).sum())


def _begin(
    data: WalkData, state: WalkState, own: Scratch, rules: Rules, start: Orders, seed: NDArray[np.uint64]
) -> None:
    """Build the given orders as far as they hold and insert all other requests, those that close first first."""
    fleet = len(data.fleet)
    for vehicle in range(fleet):
        _set(data, state, vehicle, rules.committed[vehicle])
        if not sum_up(data, state, own, vehicle):
            data.fleet[vehicle, CLOSED] = 1
        state.where[list(rules.committed[vehicle]), ROUTE] = vehicle
    for vehicle, order in enumerate(start):
        kept = _held(data, state, own, vehicle, order)
        if data.fleet[vehicle, CLOSED] == 0 and len(kept) > len(rules.committed[vehicle]):
            _set(data, state, vehicle, kept)
            sum_up(data, state, own, vehicle)
    first = data.requests[:, FIRST_STOP]
    absent = np.flatnonzero(state.where[first, ROUTE] < 0)
    closes_s = data.spans[data.stops[first[absent], END_WINDOW] - 1, CLOSES_S]
    absent = absent[np.argsort(closes_s, kind="stable")].astype(np.int64)
    everywhere = np.ones(len(data.requests), np.bool_)
    recreate(data, state, own, seed, absent, absent.size, everywhere, np.zeros(fleet, np.bool_))


def _set(data: WalkData, state: WalkState, vehicle: int, order: tuple[int, ...]) -> None:
    state.order[vehicle, : len(order)] = order
    state.sums[vehicle, LENGTH] = len(order)


def _held(data: WalkData, state: WalkState, own: Scratch, vehicle: int, order: tuple[int, ...]) -> tuple[int, ...]:
    """Return an order without the requests that break a rule, each tested after those that it comes after."""
    count, committed = len(data.stops), int(data.fleet[vehicle, COMMITTED])
    free = [entry for entry in order[committed:] if entry < count and state.where[entry, ROUTE] < 0]
    wanted = dict.fromkeys(int(data.stops[stop, REQUEST]) for stop in free)
    whole = {request for request in wanted if set(_stops_of(data, request)) <= set(free)}
    known = set(order[:committed])
    if _holds(data, state, own, vehicle, _without_idle(data, order, known | _all_stops(data, whole))):
        return _without_idle(data, order, known | _all_stops(data, whole))
    kept = order[:committed]
    for request in wanted:
        trial = _without_idle(data, order, known | set(_stops_of(data, request)))
        if request in whole and _holds(data, state, own, vehicle, trial):
            kept, known = trial, known | set(_stops_of(data, request))
    return kept


def _stops_of(data: WalkData, request: int) -> list[int]:
    stops = [int(data.requests[request, FIRST_STOP])]
    while data.stops[stops[-1], NEXT_OF_REQUEST] >= 0:
        stops.append(int(data.stops[stops[-1], NEXT_OF_REQUEST]))
    return stops


def _all_stops(data: WalkData, requests: set[int]) -> set[int]:
    return {stop for request in requests for stop in _stops_of(data, request)}


def _without_idle(data: WalkData, order: tuple[int, ...], stops: set[int]) -> tuple[int, ...]:
    """Return an order with certain stops only, and with the reloads that something is loaded at."""
    count = len(data.stops)
    kept: list[int] = []
    for entry in order:
        if entry >= count and kept and kept[-1] >= count:
            kept[-1] = entry
        elif entry >= count or entry in stops:
            kept.append(entry)
    return tuple(kept[:-1] if kept and kept[-1] >= count else kept)


def _holds(data: WalkData, state: WalkState, own: Scratch, vehicle: int, order: tuple[int, ...]) -> bool:
    if len(order) > state.order.shape[1] - 2:
        return False
    trial = np.zeros(len(own.trial), np.int32)
    trial[: len(order)] = order
    return bool(walk(data, state, own, trial, len(order), vehicle) < NOWHERE)
