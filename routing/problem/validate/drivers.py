"""Faults of breaks, driving rules and what drivers bring in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from routing.errors import Issue
from routing.problem.model import DrivingRules, Vehicle
from routing.problem.validate.checks import negative, repeated

_RULES = ("driving_until_break_s", "break_s", "driving_limit_s", "span_limit_s", "week_limit_s", "fortnight_limit_s")
_CLOCKS = ("driving_since_break_s", "driving_today_s", "driving_week_s", "driving_fortnight_s")


def driver_issues(where: str, vehicle: Vehicle) -> Iterator[Issue]:
    """Find every fault of one vehicle's breaks, driving rules and clocks."""
    yield from _breaks(where, vehicle)
    clocks, rules = vehicle.driving_clocks, vehicle.driving_rules
    yield from negative(where, ((f"driving_clocks.{name}", getattr(clocks, name)) for name in _CLOCKS))
    since_s = clocks.on_duty_since_s
    if since_s is not None and since_s > vehicle.shift.start_s:
        cause = f"the driver's duty began {since_s - vehicle.shift.start_s} s after the shift does"
        action = "Let the shift begin later, or leave on_duty_since_s out where duty begins with the route."
        yield Issue(code="DUTY_AFTER_SHIFT", where=where, cause=cause, action=action)
    if rules is None:
        return
    yield from _rules(where, rules)
    if clocks.split_taken and rules.split_s is None:
        cause = "the first part of a break was taken, but the driving rules split none"
        action = "Give the rules their split_s, or take split_taken away."
        yield Issue(code="SPLIT_NOT_ALLOWED", where=where, cause=cause, action=action)


def _rules(where: str, rules: DrivingRules) -> Iterator[Issue]:
    figures = [(name, getattr(rules, name)) for name in _RULES]
    figures += [(f"split_s, part {number},", part_s) for number, part_s in enumerate(rules.split_s or (), start=1)]
    for name, value in figures:
        if value is not None and value <= 0:
            cause, action = f"driving_rules.{name} is {value}", "Give more than zero, or none where nothing is limited."
            yield Issue(code="NOT_POSITIVE", where=where, cause=cause, action=action)
    if rules.split_s is not None and max(rules.split_s) >= rules.break_s:
        cause = f"a part of a split break takes {max(rules.split_s)} s, the whole break {rules.break_s} s"
        yield Issue(
            code="SPLIT_TOO_LONG", where=where, cause=cause, action="Give parts that are shorter than the whole."
        )


def _breaks(where: str, vehicle: Vehicle) -> Iterator[Issue]:
    yield from repeated(f"{where}, break", (pause.id for pause in vehicle.breaks))
    for pause in vehicle.breaks:
        here = f"{where}, break {pause.id}"
        if pause.duration_s <= 0:
            cause = f"duration_s is {pause.duration_s}"
            yield Issue(code="NOT_POSITIVE", where=here, cause=cause, action="Give more than zero seconds.")
        if pause.window.end_s < pause.window.start_s:
            cause = f"its window ends {pause.window.start_s - pause.window.end_s} s before it starts"
            action = "Swap start and end; for one across midnight give the end on the next day."
            yield Issue(code="WINDOW_REVERSED", where=here, cause=cause, action=action)
    for former, latter in itertools.pairwise(vehicle.breaks):
        early_s = former.window.end_s + former.duration_s - latter.window.start_s
        if early_s > 0:
            cause = f"may begin {early_s} s before {former.id} is over, where that one is taken last"
            action = "Give breaks in order of time, with windows that leave room for the one before."
            yield Issue(code="BREAKS_ORDER", where=f"{where}, break {latter.id}", cause=cause, action=action)
