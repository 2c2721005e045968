"""What remains of a day on its roads, under the conditions in force."""

from __future__ import annotations

from routing.events.day import Day
from routing.interface.day_roads import Roads
from routing.replan.progress import Lines
from routing.replan.remaining import Remaining, remaining
from routing.travel.conditions import Closure


def remaining_of(day: Day, roads: Roads, *, now_s: int, lines: Lines) -> Remaining:
    """Return what remains of a day at an instant; `lines` are those of the current plan's legs."""
    conditions = day.conditions()
    not_closed = tuple(each for each in conditions if not isinstance(each, Closure))
    return remaining(
        day,
        now_s,
        lines,
        lambda places, horizon_s: roads.travel(conditions, places, horizon_s),
        (lambda places, horizon_s: roads.travel(not_closed, places, horizon_s)) if not_closed != conditions else None,
    )
