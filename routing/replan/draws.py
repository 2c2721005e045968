"""Let a plan come true many times over: when each service starts, in each of many draws of the rest of the day.

A draw makes all drives of the day a little quicker or slower together, those of one area of the map together again,
each drive and each service by itself besides. Vehicles follow their orders and wait for windows as in the schedule;
without spread every draw is the schedule itself. The draws are keyed by stop and by area, so that two plans of one
problem meet the same traffic and the same customers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from routing.plan.model import Leg, Plan, Route
from routing.problem.model import Problem, Stop
from routing.replan.remaining import Remaining
from routing.travel.matrix import TravelMatrix

DAY, AREA, LEG, SERVICE, SILENCE, ABSENCE, ADDED, MOVED = range(8)
"""Streams of draws: one that is asked for more or fewer leaves the others as they are."""

Draws = NDArray[np.float64]
"""One column per draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Say how much drives and services vary: standard deviations by means (`cv`) of lognormal factors of mean 1.

    Lognormal fits travel times in the peaks (facts/dynamic.md 2.1); where legs share no factor, the tails become too
    thin, which is the usual error (4.1 there). The spread of drives and what news brings are set so that the interval
    of 80 % held 81 % of the starts in five simulated bad Fridays on Monaco (all visits ahead of every sixth plan, 3,170
    in all; 67 % of those 15 minutes to an hour ahead). On a calm day with no news it is wider than need be.
    """

    day_cv: float = 0.10
    """Of all drives together: weather and traffic are otherwise than foreseen."""
    area_cv: float = 0.20
    """Of the drives of one area together: a queue or an incident that nobody has reported yet."""
    area_deg: float = 0.02
    """Side of the areas, about 2 km; a drive belongs to the one in which the middle between its ends lies."""
    leg_cv: float = 0.15
    """Of each drive by itself: lights, the way that the driver takes, a place to park."""
    service_cv: float = 0.53
    """Of each service: lognormal with a 95 % quantile of twice the mean, so 1.645 s - s**2 / 2 = ln 2 for its sigma."""
    silence_ratio: float = 0.2
    """Of how far a vehicle that is out has come, by the time since it was last known for certain."""
    absent_service_s: int = 120
    """What a visit takes where nobody can receive (facts/dynamic.md 1.6)."""
    added_per_h: float = 0.3
    """How many stops news puts into a route in an hour of it, and"""
    added_s: float = 480
    """what each of them takes of the time of those behind it."""
    moved_per_h: float = 0.12
    """How often in an hour a stop is planned anew; it may then start at any time from now until its window or the
    route ends,"""
    moved_late_ratio: float = 0.1
    """or, so many of those with a window, after it, by up to as much of the time between."""


def simulate(
    rest: Remaining,
    plan: Plan,
    *,
    draws: int,
    seed: int,
    uncertainty: Uncertainty,
    absence: Mapping[str, float] | None = None,
) -> Draws:
    """Return when service starts (Unix epoch) at each visit, in the order of the plan's routes, visits x draws.

    `absence` gives how likely nobody can receive, by stop id; that of others is 0.
    """
    problem = rest.problem
    number = {stop.id: row for row, stop in enumerate(problem.stops)}
    sizes = [len(route.visits) for route in plan.routes]
    first_row = np.cumsum([0, *sizes])
    starts_s = np.empty((int(first_row[-1]), draws))
    # The longest route first: those that have one visit more are the first rows, and need no mask.
    ranked = sorted((index for index, size in enumerate(sizes) if size), key=lambda index: -sizes[index])
    routes = [plan.routes[index] for index in ranked]
    day = factors(stream(seed, DAY), (draws,), uncertainty.day_cv)
    legs = factors(stream(seed, LEG), (len(number), draws), uncertainty.leg_cv)
    services = factors(stream(seed, SERVICE), (len(number), draws), uncertainty.service_cv)
    services = _with_absences(services, problem, plan, absence or {}, seed, uncertainty)
    added = stream(seed, ADDED).random((len(number), draws))
    areas = _Areas(problem, draws, seed, uncertainty)
    now_s = np.array([_leaves_s(rest, route, draws, seed, uncertainty) for route in routes])
    for position in range(max(sizes, default=0)):
        routes = [route for route in routes if len(route.visits) > position]
        rows = [number[route.visits[position].stop_id] for route in routes]
        stops = [problem.stops[row] for row in rows]
        drives = [route.legs[position] for route in routes]
        now_s = now_s[: len(routes)]
        drive_s = _drive_s(problem, drives, now_s)
        drive_s *= legs[rows]
        drive_s *= day
        for row, drive in zip(drive_s, drives, strict=True):
            row *= areas.of(drive)
        drive_s += uncertainty.added_s * (added[rows] < _added_ratio(routes, position, uncertainty))
        drive_s += now_s
        drive_s += np.array([[route.visits[position].setup_s] for route in routes])
        now_s = starts_of_service(stops, drive_s)
        starts_s[first_row[ranked[: len(routes)]] + position] = now_s
        now_s = now_s + services[rows] + np.array([[problem.access_walk_s(stop) + 2 * stop.walk_s] for stop in stops])
    return _moved(rest, plan, starts_s, seed, uncertainty)


def stream(seed: int, *key: int) -> Generator:
    """Return the generator of one stream of draws."""
    return Generator(PCG64(SeedSequence((seed, *key))))


def factors(generator: Generator, shape: tuple[int, ...], cv: float) -> Draws:
    """Return lognormal factors of mean 1; all exactly 1 where nothing varies."""
    sigma = math.sqrt(math.log1p(cv * cv))
    drawn = generator.standard_normal(shape)
    drawn *= sigma
    drawn -= sigma * sigma / 2
    return np.exp(drawn, out=drawn)


def starts_of_service(stops: Sequence[Stop], arrive_s: Draws) -> Draws:
    """Return `schedule.start_of_service` for the arrivals at some stops, stops x draws."""
    starts_s = arrive_s.copy()
    for start_s, stop, at_s in zip(starts_s, stops, arrive_s, strict=True):
        for window in reversed(stop.windows):
            np.maximum(at_s, window.start_s, out=start_s, where=at_s <= window.end_s)
    return starts_s


def _with_absences(
    services: Draws,
    problem: Problem,
    plan: Plan,
    absence: Mapping[str, float],
    seed: int,
    uncertainty: Uncertainty,
) -> Draws:
    """Return the seconds of services from their factors, short where nobody is there, stops x draws."""
    types = {vehicle.id: vehicle.type for vehicle in problem.vehicles}
    who = {visit.stop_id: types.get(route.vehicle_id, "") for route in plan.routes for visit in route.visits}
    asked_s = [dict(stop.service_by_type).get(who.get(stop.id, ""), stop.service_s) for stop in problem.stops]
    services *= np.array(asked_s).reshape(-1, 1)
    ratio = np.array([[absence.get(stop.id, 0.0)] for stop in problem.stops]).reshape(-1, 1)
    if ratio.any():
        away = stream(seed, ABSENCE).random(services.shape) < ratio
        services[away] = uncertainty.absent_service_s
    return services


def _added_ratio(routes: Sequence[Route], position: int, uncertainty: Uncertainty) -> Draws:
    """Return how likely news puts a stop before each visit of a position, by how long it is since the one before."""
    before = [route.visits[position - 1].start_s if position else route.start_s for route in routes]
    hours = [[(route.visits[position].start_s - at_s) / 3600] for route, at_s in zip(routes, before, strict=True)]
    return -np.expm1(-uncertainty.added_per_h * np.array(hours).clip(min=0))


def _moved(rest: Remaining, plan: Plan, starts_s: Draws, seed: int, uncertainty: Uncertainty) -> Draws:
    """Return the starts with those of stops that are planned anew: at any time until window or route end."""
    number = {stop.id: row for row, stop in enumerate(rest.problem.stops)}
    rows, ratio, first_s, last_s = [], [], [], []
    for route in plan.routes:
        for visit in route.visits:
            windows = rest.problem.stops[number[visit.stop_id]].windows
            hours = max(0, visit.start_s - rest.now_s) / 3600
            rows.append(number[visit.stop_id])
            ratio.append(-math.expm1(-uncertainty.moved_per_h * hours))
            first_s.append(max(rest.now_s, windows[0].start_s) if windows else rest.now_s)
            open_s = windows[-1].end_s - first_s[-1] if windows else route.end_s - rest.now_s
            late_ratio = uncertainty.moved_late_ratio if windows else 0.0
            last_s.append(first_s[-1] + max(0, open_s) / (1 - late_ratio))
    chance, opens_s, closes_s = (np.array(column, float)[:, None] for column in (ratio, first_s, last_s))
    lots = stream(seed, MOVED).random((len(number), starts_s.shape[1]))[rows]
    row, draw = np.nonzero((lots < chance) & (closes_s > opens_s))
    # What is left of a number below the chance is as evenly spread as the number was.
    share = lots[row, draw] / chance[row, 0]
    starts_s[row, draw] = opens_s[row, 0] + share * (closes_s - opens_s)[row, 0]
    return starts_s


class _Areas:
    """Hold the factors of the areas of the map, each drawn when first asked for."""

    def __init__(self, problem: Problem, draws: int, seed: int, uncertainty: Uncertainty) -> None:
        self._places, self._draws, self._seed, self._spread = problem.places, draws, seed, uncertainty
        self._known: dict[tuple[int, int], Draws] = {}

    def of(self, leg: Leg) -> Draws:
        """Return the factors of a drive."""
        ends, side_deg = [self._places[place] for place in (leg.from_place, leg.to_place)], self._spread.area_deg
        lat_deg, lon_deg = sum(end.lat_deg for end in ends) / 2, sum(end.lon_deg for end in ends) / 2
        north = math.floor((lat_deg + 90) / side_deg)
        # As wide as high, whatever the latitude.
        cell = north, math.floor((lon_deg + 180) * math.cos(math.radians(north * side_deg - 90)) / side_deg)
        if cell not in self._known:
            self._known[cell] = factors(stream(self._seed, AREA, *cell), (self._draws,), self._spread.area_cv)
        return self._known[cell]


def _drive_s(problem: Problem, legs: Sequence[Leg], depart_s: Draws) -> Draws:
    """Return the seconds of drives without their own spread: as planned, corrected by the table of their slice."""
    planned_s = np.array([[float(leg.duration_s)] for leg in legs])
    matrix = problem.travel.matrix
    if matrix.slice_start_s.size == 1:
        return np.repeat(planned_s, depart_s.shape[1], axis=1)
    pairs = [leg.from_place for leg in legs], [leg.to_place for leg in legs]
    table_s = np.where(matrix.reachable[:, *pairs], matrix.duration_s[:, *pairs], 0).astype(np.float64)
    row = np.arange(len(legs))
    then_s = table_s[_slices(matrix, np.array([leg.depart_s for leg in legs])), row][:, None]
    drawn_s = table_s[_slices(matrix, depart_s), row[:, None]]
    known = (drawn_s > 0) & (then_s > 0)
    return planned_s * np.divide(drawn_s, then_s, out=np.ones_like(drawn_s), where=known)


def _slices(matrix: TravelMatrix, instants_s: NDArray[Any]) -> NDArray[np.int64]:
    """Return the slice that holds each instant."""
    return np.maximum(np.searchsorted(matrix.slice_start_s, instants_s, side="right") - 1, 0)


def _leaves_s(rest: Remaining, route: Route, draws: int, seed: int, uncertainty: Uncertainty) -> Draws:
    """Return when a vehicle goes on from where it is: unsure where it is out and was not heard of for a while."""
    each = rest.progress[route.vehicle_id]
    leaves_s = np.full(draws, float(route.start_s))
    if not each.left:
        return leaves_s
    number = list(rest.progress).index(route.vehicle_id)
    generator = stream(seed, SILENCE, number)
    known_s = each.assumed[0].arrive_s if each.assumed else each.last_s
    if each.free_s < rest.now_s:
        known_s = each.free_s  # it was seen there then
    silent_s = max(0, rest.now_s - known_s)
    leaves_s += uncertainty.silence_ratio * silent_s * generator.standard_normal(draws)
    if each.serving is None:
        return leaves_s
    stay_s = each.assumed[-1].depart_s - each.assumed[-1].start_s
    leaves_s += stay_s * (factors(generator, (draws,), uncertainty.service_cv) - 1)
    leaves_s.clip(min=rest.now_s, out=leaves_s)
    return leaves_s
