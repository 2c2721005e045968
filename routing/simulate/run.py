"""Run a day: the world goes on minute by minute, and whoever decides is told what is known, never what is true.

Reports of drivers that say what everybody expected wait until there is news; then all of it is told at the full minute
after it became known, with a position of every vehicle that is out. News is what the world tells (roads, weather,
customers, breakdowns), a failed visit, a visit whose service began more than `EXPECTED_WITHIN_S` from its plan, and a
visit in another order than planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from routing.events.news import VehicleArrived, VehicleDeparted
from routing.events.published import PlanPublished
from routing.events.types import (
    Event,
    RoadClosed,
    StopCancelled,
    VisitServed,
    VisitStarted,
    WindowChanged,
)
from routing.plan.model import Visit
from routing.simulate.fleet import Fleet
from routing.simulate.record import DayRecord, Snapshot
from routing.simulate.world import World

EXPECTED_WITHIN_S = 300
MINUTE_S = 60
LAST_H = 26.0
"""The day is over then, whatever is still on the road."""


class Operator(Protocol):
    """Decides: hears events and gives plans."""

    def begin(self) -> PlanPublished:
        """Return the plan of the morning."""
        ...

    def hear(self, events: Sequence[Event], now_s: int) -> PlanPublished | None:
        """Return a new plan for what is known at an instant, None where the current one stands."""
        ...

    def given_up(self) -> frozenset[str]:
        """Return the stops that it takes for failed and sends nobody to again."""
        ...


def run_day(world: World, operator: Operator, *, decides: bool = True, obeys: bool = False) -> DayRecord:
    """Return the day as it was.

    One that does not decide is told nothing, and its drivers follow the first plan; where they obey it, they keep to
    its order and begin no service before its time.
    """
    plan = operator.begin()
    scenario, expected = world.scenario, _visits(plan)
    fleet = Fleet(world, planned_starts_s={key: visit.start_s for key, visit in expected.items()} if obeys else None)
    now_s = plan.known_at_s
    fleet.follow(plan, now_s, closed_way=False)
    snapshots = [_snapshot(plan, now_s, fleet)]
    news = list(world.news)
    told: list[Event] = []
    urgent, decisions = False, 0
    now_s = min(scenario.at(0) + MINUTE_S, news[0].known_at_s if news else scenario.at(0)) // MINUTE_S * MINUTE_S
    while now_s < scenario.at(LAST_H) and (news or not fleet.resting):
        now_s += MINUTE_S
        reports = fleet.advance(now_s)
        come: list[Event] = []
        while news and news[0].known_at_s <= now_s:
            come.append(news.pop(0))
        if not decides:
            continue
        # Nobody calls about a stop that was served before.
        begun = fleet.begun()
        come = [event for event in come if not _is_moot(event, begun)]
        urgent |= bool(come) or any(_is_news(event, expected) for event in reports)
        told = sorted((*told, *reports, *come), key=lambda event: event.known_at_s)
        if not urgent:
            continue
        decisions += 1
        found = operator.hear((*told, *fleet.positions(now_s)), now_s)
        fleet.give_up(operator.given_up())
        if found is not None:
            fleet.follow(found, now_s, closed_way=any(isinstance(event, RoadClosed) for event in told))
            snapshots.append(_snapshot(found, now_s, fleet))
            expected = _visits(found)
        told, urgent = [], False
    return DayRecord(
        attempts=tuple(fleet.attempts),
        driven=tuple(fleet.driven),
        duties=tuple(fleet.duties),
        turned=tuple(fleet.turned),
        impossible=tuple(fleet.impossible),
        snapshots=tuple(snapshots),
        decisions=decisions,
    )


def _is_moot(event: Event, begun: frozenset[str]) -> bool:
    return isinstance(event, (StopCancelled, WindowChanged)) and event.stop_id in begun


def _is_news(event: Event, expected: Mapping[str, Visit]) -> bool:
    """Tell whether a driver's report says what the plan did not."""
    if isinstance(event, (VisitStarted, VisitServed)):
        planned = expected.get(event.stop_id)
        if planned is None:
            return isinstance(event, VisitStarted)
        planned_s = planned.start_s if isinstance(event, VisitStarted) else planned.depart_s
        return abs(event.effective_at_s - planned_s) > EXPECTED_WITHIN_S
    return not isinstance(event, (VehicleDeparted, VehicleArrived))


def _visits(plan: PlanPublished) -> dict[str, Visit]:
    return {visit.stop_id: visit for route in plan.routes for visit in (*route.assumed, *route.visits)}


def _snapshot(plan: PlanPublished, now_s: int, fleet: Fleet) -> Snapshot:
    routes = {
        route.vehicle_id: tuple((visit.stop_id, visit.start_s) for visit in route.visits) for route in plan.routes
    }
    listed = {stop_id for visits in routes.values() for stop_id, _ in visits}
    return Snapshot(at_s=now_s, routes=routes, not_started=frozenset(listed - fleet.begun()))
