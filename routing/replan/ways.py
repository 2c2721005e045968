"""Find out what keeps a vehicle from serving a stop: every bound that its route would break, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from routing.plan.price import may_serve
from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.schedule import Clock, Run
from routing.plan.walked.judge import breaches
from routing.problem.model import Problem, Stop, Vehicle

CONFIRMED = 4
"""Where only the roads tell exact times, so many places of a vehicle, the best by the tables, are looked at exactly."""
BoundKind = Literal["vehicle", "capacity", "shift", "window", "rule"]
_TOLD = ("NO_VEHICLE", "WINDOW", "SHIFT")
"""Breaches that are bounds of their own here: the stop that is asked for must be in time."""
_WEIGHT = {"vehicle": 1_000_000, "capacity": 60, "shift": 1, "window": 1}
"""Of one unit: a vehicle that may not weighs more than a day, a unit of load as much as a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Name a bound that is broken, by how much, and what it would have to be instead."""

    kind: BoundKind
    of: str
    """Id of the stop whose last window is too short, or of the vehicle."""
    excess: int
    """Seconds, or units of load; 1 for a vehicle that may not serve the stop."""
    limit: int
    """The least that would do: last instant of the window or shift, capacity; 1 for a vehicle, 0 for a rule."""
    code: str = ""
    """Of a rule: its code in `REASONS`,"""
    words: str = ""
    """what is wrong with it,"""
    rule_weight: int = 0
    """and about how many seconds that weighs."""

    @property
    def weight(self) -> int:
        """Return how far from holding it is, in about seconds."""
        return self.rule_weight if self.kind == "rule" else _WEIGHT[self.kind] * self.excess


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Hold one place for a stop: what it would break there, and when its service would start."""

    vehicle_id: str
    position: int
    start_s: int
    end_s: int
    """When the vehicle is back then."""
    bounds: tuple[Bound, ...]
    """Empty: it could be served there."""

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Return how far it is from holding: fewer bounds first, then the smaller sum; of equals the shorter day."""
        weight = sum(bound.weight for bound in self.bounds)
        return len(self.bounds), weight, self.end_s, self.position


class Ways:
    """Look for places in standing orders; the orders do not hold the stops that are asked for."""

    def __init__(self, problem: Problem, orders: Mapping[str, Sequence[str]]) -> None:
        self.clock = Clock(problem)
        self._orders = {vehicle.id: tuple(orders.get(vehicle.id, ())) for vehicle in problem.vehicles}
        self._book = Book(self.clock.problem)
        self._runs: dict[tuple[str, bool], Run | None] = {}

    def least(self, stop: Stop, vehicle: Vehicle) -> Way | None:
        """Return the place of a vehicle's route where least would have to give, by the tables of the search.

        The stop must be served in time there. None where no road leads there.
        """
        return min(self._all(stop, vehicle), key=lambda way: way.key, default=None)

    def confirmed(self, stop: Stop, vehicle: Vehicle) -> Way | None:
        """Return that place by the clock of the plan.

        Where only the roads know exact times, the places that are best by the tables are looked at: what is told is
        true, but a place that only the roads know as better is missed.
        """
        if self.clock.by_tables() is self.clock:
            return self.least(stop, vehicle)
        near = sorted(self._all(stop, vehicle), key=lambda way: way.key)[:CONFIRMED]
        exact = [self._way(self.clock, stop, vehicle, way.position, None) for way in near]
        return min((way for way in exact if way), key=lambda way: way.key, default=None)

    def _all(self, stop: Stop, vehicle: Vehicle) -> list[Way]:
        """Return the places by the tables, save such as are later than others that break one bound of time at most."""
        order, tables = self._orders[vehicle.id], self.clock.by_tables()
        positions = range(sum(key in order for key in vehicle.committed), len(order) + 1)
        if stop.id in vehicle.committed:
            positions = range(vehicle.committed.index(stop.id), vehicle.committed.index(stop.id) + 1)
        found, limit_s = list[Way](), None
        for position in positions:
            way = self._way(tables, stop, vehicle, position, limit_s)
            if way is not None:
                found.append(way)
                late_s = [bound.excess for bound in way.bounds if bound.kind in ("shift", "window")]
                if len(late_s) <= 1 and (limit_s is None or sum(late_s) < limit_s):
                    limit_s = sum(late_s)
        return found

    def with_stop(self, stop_id: str, way: Way) -> tuple[str, ...]:
        """Return the order of a vehicle with the stop in its place."""
        order = self._orders[way.vehicle_id]
        return (*order[: way.position], stop_id, *order[way.position :])

    def _way(self, clock: Clock, stop: Stop, vehicle: Vehicle, position: int, limit_s: int | None) -> Way | None:
        """Return what a place would break; None where no road leads there, or it is late by more than a limit."""
        order, begin_s = self._orders[vehicle.id], vehicle.shift.start_s
        key = (vehicle.id, clock is self.clock)
        if key not in self._runs:
            self._runs[key] = clock.follow(vehicle, order, begin_s)
        standing = self._runs[key]
        with_stop = (*order[:position], stop.id, *order[position:])
        if limit_s is not None and standing is not None and stop.windows:
            leave_s = standing.times_s[position - 1][2] if position else begin_s
            place = clock.stops[order[position - 1]].place if position else vehicle.start_place
            drive_s = clock.travel.duration_s(place, stop.place, leave_s)
            if drive_s is None or leave_s + drive_s - stop.windows[-1].end_s > limit_s:
                return None
        alike = position if standing else 0
        run = clock.follow(vehicle, with_stop, begin_s, forbidden_limit_s=limit_s, like=standing, alike=alike)
        if run is None:
            return None
        stops = [clock.stops[stop_id] for stop_id in with_stop]
        bounds = []
        if not may_serve(vehicle, stop):
            bounds.append(Bound(kind="vehicle", of=vehicle.id, excess=1, limit=1))
        load = sum(each.load for each in stops)
        if not clock.plain:
            bounds += [_of_rule(breach) for breach in breaches(clock, self._book, vehicle, with_stop)
                       if breach.code not in _TOLD]  # fmt: skip
        elif load > vehicle.capacity:
            bounds.append(Bound(kind="capacity", of=vehicle.id, excess=load - vehicle.capacity, limit=load))
        for each, (_, start_s, _) in zip(stops, run.times_s, strict=True):
            strict = each.id == stop.id or not each.lateness_allowed
            late_s = start_s - each.windows[-1].end_s if each.windows and strict else 0
            if late_s > 0:
                bounds.append(Bound(kind="window", of=each.id, excess=late_s, limit=start_s))
        if run.overtime_s and not vehicle.overtime_allowed:
            bounds.append(Bound(kind="shift", of=vehicle.id, excess=run.overtime_s, limit=run.end_s))
        return Way(
            vehicle_id=vehicle.id,
            position=position,
            start_s=run.times_s[position][1],
            end_s=run.end_s,
            bounds=tuple(bounds),
        )


def _of_rule(breach: Breach) -> Bound:
    of = breach.stop_id or breach.vehicle_id
    return Bound(
        kind="rule",
        of=of,
        excess=breach.excess,
        limit=0,
        code=breach.code,
        words=breach.cause,
        rule_weight=breach.weight,
    )
