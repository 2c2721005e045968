"""What a day leaves for the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.events.asked import DayStop
from routing.events.day import FAILED, PLANNED, SERVED, UNASSIGNED, Day
from routing.problem.model import TimeWindow, merge_windows
from routing.units import days_later


def carried_over(day: Day, *, to: date | None = None) -> tuple[DayStop, ...]:
    """Return the customers' stops that were not served as the next day, or that of a date, asks for them.

    Those are the failed, the unassigned and the still planned ones, in the order in which they became known, with
    each visit in vain counted. Windows and availability are at the same times of day; a window after the end of every
    shift is the customer's word about another day, and stays; so is a time by which it is due. Goods that were to come
    in the course of the day are there on the next. A stop that was served in part does not go over: see
    `undelivered`.
    """
    today, zone = date.fromisoformat(day.started.date), day.started.time_zone
    days = ((to or today + timedelta(days=1)) - today).days
    last_s = max(state.vehicle.shift.end_s for state in day.vehicles.values())
    return tuple(
        replace(
            state.stop,
            windows=_windows(state.stop.windows, days, zone, last_s),
            availability=tuple(
                replace(
                    step,
                    from_s=days_later(step.from_s, days, zone),
                    until_s=days_later(step.until_s, days, zone),
                )
                for step in state.stop.availability
            ),
            attempts=state.attempts,
            release_s=state.stop.release_s if _is_of_another_day(state.stop.release_s, today, zone, last_s) else None,
            due_s=state.stop.due_s
            if state.stop.due_s is None or _is_of_another_day(state.stop.due_s, today, zone, last_s)
            else days_later(state.stop.due_s, days, zone),
        )
        for state in day.in_state(FAILED, PLANNED, UNASSIGNED)
    )


def undelivered(day: Day) -> tuple[tuple[str, int], ...]:
    """Return the stops that were served in part, with the units of load that are missing there.

    They do not go over: whether the rest was refused or is still wanted is not known here.
    """
    served = ((state.stop, state.delivered_load) for state in day.in_state(SERVED))
    return tuple((stop.id, stop.load - load) for stop, load in served if load is not None and load < stop.load)


def _windows(windows: tuple[TimeWindow, ...], days: int, time_zone: str, last_s: int) -> tuple[TimeWindow, ...]:
    return merge_windows(
        window
        if window.start_s > last_s
        else TimeWindow(
            start_s=days_later(window.start_s, days, time_zone), end_s=days_later(window.end_s, days, time_zone)
        )
        for window in windows
    )


def _is_of_another_day(instant_s: int | None, today: date, time_zone: str, last_s: int) -> bool:
    """Tell whether an instant lies after all shifts, and on a later date."""
    if instant_s is None or instant_s <= last_s:
        return False
    return datetime.fromtimestamp(instant_s, ZoneInfo(time_zone)).date() > today
