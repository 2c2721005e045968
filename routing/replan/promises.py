"""When customers are told to expect the service."""

from __future__ import annotations

from routing.events.asked import DayStop
from routing.events.day import Day
from routing.plan.model import Plan
from routing.problem.model import TimeWindow

Promise = tuple[str, int, int]
"""Stop id, and from when until when its customer is told to expect the start of service."""


def promises(day: Day, plan: Plan) -> tuple[Promise, ...]:
    """Return the promises that a plan gives: to whom it serves first, and anew to whom it breaks one.

    Where breaking one costs nothing none is given.
    """
    if not day.started.replan.promise_break_cents:
        return ()
    given = []
    for route in plan.routes:
        for visit in route.visits:
            state = day.stops.get(visit.stop_id)
            if state is None or state.transfer is not None:
                continue
            kept = state.promise
            if kept is None or not kept.start_s <= visit.start_s <= kept.end_s:
                interval = promised(state.stop, visit.start_s, day.started.replan.promise_s)
                given.append((visit.stop_id, interval.start_s, interval.end_s))
    return tuple(given)


def promised(stop: DayStop, start_s: int, promise_s: int) -> TimeWindow:
    """Return the interval around a planned start, within the window that holds it; a late start has it whole."""
    from_s, until_s = start_s - promise_s, start_s + promise_s
    for window in stop.windows:
        if window.start_s <= start_s <= window.end_s:
            return TimeWindow(start_s=max(from_s, window.start_s), end_s=min(until_s, window.end_s))
    return TimeWindow(start_s=from_s, end_s=until_s)
