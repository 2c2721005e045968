"""What the day could have cost had everything been known in the morning: the best known plan in hindsight, no bound.

The problem holds every stop that is still wanted at the end, also those that were asked for during the day, with its
true service, within the times at which somebody is at home; vehicles that break down are back by then. Where only a
second visit finds somebody, it is made at once, and takes longer by the first one that was in vain: the drive between
them is left out, so hindsight is somewhat cheaper than anybody could be. Stops that neither visit would find at home at
any time are missed by every policy alike, and left out here. Drivers keep to the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.events.published import Figures, PlanPublished, PublishedRoute
from routing.plan.model import Plan
from routing.problem.model import Objective, Problem, Stop, TimeWindow, Vehicle
from routing.simulate.demand import Customer, at_home_ratio
from routing.simulate.fleet import ATTEMPTS_A_DAY, NOBODY_S
from routing.simulate.record import DayRecord
from routing.simulate.run import run_day
from routing.simulate.world import World
from routing.travel.road_travel import RoadTravel

_NONE = Figures(on_time=0, late=0, lateness_s=0, unassigned=0, drive_s=0, cost_cents=0)


def hindsight_problem(world: World, objective: Objective) -> Problem:
    """Return the day as a problem to which everything is known."""
    first_s = min(vehicle.shift.start_s for vehicle in world.vehicles)
    last_s = max(vehicle.shift.end_s for vehicle in world.vehicles)
    wanted = [each for each in world.customers.values() if each.cancelled_s is None]
    found, in_vain_s = {}, {}
    for each in wanted:
        for attempt in range(ATTEMPTS_A_DAY):
            windows = _windows(each, attempt, first_s, last_s)
            if windows != ():
                found[each.stop.id], in_vain_s[each.stop.id] = windows, attempt * NOBODY_S
                break
    kept = [each for each in wanted if each.stop.id in found]
    points = [world.scenario.depot, *(each.stop.location for each in kept)]
    index = {point: place for place, point in enumerate(dict.fromkeys(points))}
    roads = world.roads
    return Problem(
        stops=tuple(
            Stop(
                id=each.stop.id,
                place=index[each.stop.location],
                windows=found[each.stop.id] or (),
                service_s=each.service_s + in_vain_s[each.stop.id],
                load=each.stop.load,
                priority=each.stop.priority,
                # Who may be away is not found at home late, perhaps; everybody else only is not pleased.
                lateness_allowed=bool(found[each.stop.id]) and not each.stop.availability,
            )
            for each in kept
        ),
        vehicles=tuple(
            Vehicle(
                id=vehicle.id,
                profile=vehicle.profile,
                capacity=vehicle.capacity,
                shift=TimeWindow(start_s=vehicle.shift.start_s, end_s=_end_s(world, vehicle.id, vehicle.shift.end_s)),
                start_place=index[vehicle.start],
                end_place=index[vehicle.end],
            )
            for vehicle in world.vehicles
        ),
        places=tuple(index),
        travel=RoadTravel(roads.network, roads.metric, tuple(index), horizon_s=(first_s, last_s)),
        objective=objective,
        time_zone=world.scenario.time_zone,
        access_walk=world.access_walk,
    )


def drive_plan(world: World, plan: Plan) -> DayRecord:
    """Return the day as vehicles drive a plan through the world, whatever they hear."""
    return run_day(world, _Known(world, plan), decides=False, obeys=True)


def driven_orders(record: DayRecord) -> Mapping[str, tuple[str, ...]]:
    """Return the stops that each vehicle served, in order."""
    orders: dict[str, tuple[str, ...]] = {}
    for attempt in record.attempts:
        if attempt.served:
            orders[attempt.vehicle_id] = (*orders.get(attempt.vehicle_id, ()), attempt.stop_id)
    return orders


class _Known:
    """Begin with a plan and hear nothing."""

    def __init__(self, world: World, plan: Plan) -> None:
        self._world, self._plan = world, plan

    def begin(self) -> PlanPublished:
        world = self._world
        return PlanPublished(
            id="hindsight",
            known_at_s=world.scenario.midnight_s,
            effective_at_s=world.scenario.midnight_s,
            version=1,
            base_version=None,
            request="start",
            reason="",
            routes=tuple(
                PublishedRoute(
                    vehicle_id=route.vehicle_id,
                    left=False,
                    start=world.scenario.depot,
                    start_s=route.start_s,
                    end_s=route.end_s,
                    visits=route.visits,
                )
                for route in self._plan.routes
            ),
            unassigned=(),
            before=_NONE,
            after=_NONE,
            document_sha256="",
        )

    def hear(self, events: Sequence[object], now_s: int) -> None:
        return None

    def given_up(self) -> frozenset[str]:
        return frozenset()


def _end_s(world: World, vehicle_id: str, end_s: int) -> int:
    breakdown = world.breakdowns.get(vehicle_id)
    return end_s if breakdown is None else min(end_s, breakdown.at_s - 1)


def _windows(customer: Customer, attempt: int, first_s: int, last_s: int) -> tuple[TimeWindow, ...] | None:
    """Return the windows that hold when they are used and at which a visit finds somebody; None: any time will do."""
    before, after = customer.stop.windows, customer.new_windows
    asked: tuple[TimeWindow, ...] | None = before or None
    if customer.changed_s is not None:
        early = before or (TimeWindow(start_s=first_s, end_s=last_s),)
        asked = tuple(
            sorted(
                (*_cut(early, first_s, customer.changed_s - 1), *_cut(after, customer.changed_s, last_s)),
                key=lambda window: window.start_s,
            )
        )
    if not customer.stop.availability:
        return asked
    wide = asked or (TimeWindow(start_s=first_s, end_s=last_s),)
    home = [
        (step.from_s, step.until_s - 1)
        for step in customer.stop.availability
        if customer.home_draws[attempt] < at_home_ratio(customer.stop, step.from_s)
    ]
    return tuple(window for from_s, until_s in home for window in _cut(wide, from_s, until_s))


def _cut(windows: tuple[TimeWindow, ...], from_s: int, until_s: int) -> tuple[TimeWindow, ...]:
    cut = (TimeWindow(start_s=max(each.start_s, from_s), end_s=min(each.end_s, until_s)) for each in windows)
    return tuple(each for each in cut if each.start_s <= each.end_s)
