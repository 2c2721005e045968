"""Put into words what an order breaks in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.breach import Breach
from routing.plan.run import Run, TimeBreach
from routing.plan.schedule import Clock
from routing.problem.model import Vehicle
from routing.units import format_clock, format_duration


def plain_breaches(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], run: Run) -> Iterator[Breach]:
    """Yield what a run of a plain problem breaks."""
    asked = {stop.id: stop for stop in clock.asked.stops} if clock.asked is not clock.problem else clock.stops
    for stop_id, (_, start_s, depart_s) in zip(stop_ids, run.times_s, strict=True):
        stop = clock.stops[stop_id]
        if stop.windows and not stop.lateness_allowed and start_s > stop.windows[-1].end_s:
            due_s, windows = asked[stop_id].due_s, asked[stop_id].windows
            if due_s is not None and (not windows or start_s <= windows[-1].end_s):
                over = TimeBreach(code="DUE", at=stop_id, over_s=depart_s - due_s, bound_s=due_s)
            else:
                closes_s = stop.windows[-1].end_s
                over = TimeBreach(code="WINDOW", at=stop_id, over_s=start_s - closes_s, bound_s=closes_s)
            yield time_breach(clock, vehicle, over)
    if run.overtime_s and not vehicle.overtime_allowed:
        over = TimeBreach(code="SHIFT", at=None, over_s=run.overtime_s, bound_s=vehicle.shift.end_s)
        yield time_breach(clock, vehicle, over)


def time_breach(clock: Clock, vehicle: Vehicle, breach: TimeBreach) -> Breach:
    """Return a breach of time with its words and the code that says which bound would have to give."""
    code, name, zone = breach.code, vehicle.id, clock.problem.time_zone
    over, bound = format_duration(breach.over_s), format_clock(breach.bound_s, zone)
    stop = clock.stops.get(breach.at or "")
    of = ""
    if code == "WINDOW" and stop is not None and stop.lateness_allowed:
        code = "LATENESS_LIMIT"
        cause = f"{name} would begin at {breach.at} {over} after {bound}, the latest that it may"
    elif code == "WINDOW":
        cause = f"{name} would begin at {breach.at} {over} after its last window ended at {bound}"
    elif code == "DUE":
        cause = f"{name} would be done at {breach.at} {over} after {bound}, when it is due"
    elif code == "DEPOT_WINDOW":
        cause = f"{name} would be at {breach.at} {over} after that closed at {bound}"
    elif code == "RELEASE":
        cause = f"{name} leaves {over} before {bound}, when the last goods of that trip are ready"
    elif code == "BREAK":
        of = breach.at or ""
        cause = f"{name} would begin its break {of} {over} after {bound}"
    elif code == "SHIFT":
        code = "OVERTIME_LIMIT" if vehicle.overtime_allowed else "SHIFT"
        after = "the longest overtime that it may have" if vehicle.overtime_allowed else "its shift"
        cause = f"{name} would be back at {format_clock(breach.bound_s + breach.over_s, zone)}, {over} after {after}"
    elif code == "UNREACHABLE":
        cause = f"no road leads {name} to {breach.at or 'its end place'}"
    else:
        of = breach.rule
        spent = {
            "DURATION_LIMIT": "be out",
            "DRIVING_LIMIT": "drive",
            "DRIVING_RULES": "be on duty" if breach.rule == "span" else f"drive in the {breach.rule}",
        }[code]
        cause = f"{name} would {spent} {over} longer than the {format_duration(breach.bound_s)} that it may"
    where = breach.at if breach.at in clock.stops or code == "DEPOT_WINDOW" else None
    return Breach(code=code, vehicle_id=name, stop_id=where, cause=cause, excess=max(1, breach.over_s), of=of)
