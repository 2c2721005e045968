"""Choose when a vehicle leaves.

Leaving at the start of the shift ends earliest and is least late; of all departures that are no tardier the search
finds the latest that ends no later, and later ones where these are shorter. Each candidate is judged by following it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from routing.plan.run import Run
from routing.problem.model import Vehicle
from routing.problem.window import start_in

if TYPE_CHECKING:
    from routing.plan.schedule import Clock
    from routing.plan.timing import Timing

DEPARTURES_LOOKED_AT = 8
"""Later departures tried at equal distances, and again around the best of them."""
FINEST_STEP_S = 60
"""Departures nearer to each other than this are not told apart."""
CONFIRMED = 4
"""Departures followed by the roads at most near the one that the tables find."""
CONFIRMED_EARLY = 2
"""And so many near the latest one that still ends as early as the earliest."""
CONFIRMED_STEP_S = 10
"""By the roads a departure later by less than this is not worth the searches."""


def confirmed_run(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], hint_s: int) -> Run | None:
    """Return the shortest of a few runs by the roads near a departure, no tardier than the earliest one.

    Each run tells the next departure, as if its drives took as long then: earlier by what it is late and an eighth,
    or later by its slack. The earliest run is followed only where these do not tell what it is like.
    """
    best, depart_s = None, hint_s
    for _ in range(CONFIRMED):
        run = clock.follow(vehicle, stop_ids, depart_s)
        if run is None:
            break
        late_s, meets = _against_earliest(clock, vehicle, stop_ids, run)
        if late_s:
            depart_s = max(vehicle.shift.start_s, run.depart_s - late_s - late_s // 8)
        else:
            if best is None or _shorter(run, best[0]):
                best = run, meets
            depart_s = run.depart_s + _slack_s(clock, vehicle, stop_ids, run, run.end_s)
        if depart_s == run.depart_s or (best is not None and depart_s - best[0].depart_s < CONFIRMED_STEP_S):
            break
    if best is not None and best[1]:
        return best[0]
    earliest = clock.follow(vehicle, stop_ids, vehicle.shift.start_s)
    return None if earliest is None else _confirmed_early(clock, vehicle, stop_ids, earliest, best and best[0])


def _confirmed_early(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], earliest: Run, best: Run | None) -> Run:
    """Return the shortest of a run, the earliest one and a few that hardly end later than that."""
    if best is None or not _shorter(best, earliest):
        best = earliest
    depart_s = earliest.depart_s + _slack_s(clock, vehicle, stop_ids, earliest, earliest.end_s)
    for _ in range(CONFIRMED_EARLY):
        # It can hardly end earlier than the earliest run does.
        if earliest.end_s - depart_s > best.end_s - best.depart_s - CONFIRMED_STEP_S:
            break
        run = clock.follow(vehicle, stop_ids, depart_s)
        if run is None:
            break
        if run.tardy_s <= earliest.tardy_s and _shorter(run, best):
            best = run
        depart_s -= run.end_s - earliest.end_s
        if depart_s == run.depart_s:
            break
    return best


def _against_earliest(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], run: Run) -> tuple[int, bool]:
    """Return by how much a run may be tardier than the earliest one, and whether it meets that one on its way.

    Who starts a service when its first window opens does so at no other instant for having left earlier; from there
    on the two are the same run, and this one is not longer. With breaks what lies behind counts too.
    """
    late_s, timing = 0, clock.timing
    halts, resting = (clock.stops, False) if timing is None else (timing.halts(vehicle), bool(vehicle.breaks))
    resting = resting or vehicle.driving_rules is not None
    for number, (stop_id, (arrive_s, start_s, _)) in enumerate(zip(stop_ids, run.times_s, strict=True)):
        windows = halts[stop_id].windows
        if timing is None:
            late_s = max(late_s, start_in(windows, arrive_s)[1])
        else:
            halted = run.halts[number]
            late_s = max(late_s, halted.late_s, *(breach.over_s for breach in halted.breaches))
        if windows and start_s == windows[0].start_s and not resting:
            return late_s, True
    return max(late_s, run.overtime_s, run.tardy_s if timing is not None else 0), False


def best_departure(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], earliest: Run) -> Run:
    """Return the shortest run that is no tardier than the earliest one, by tables that are exact."""
    tardy_s = earliest.tardy_s
    latest = _latest(clock, vehicle, stop_ids, earliest, tardy_s, end_s=earliest.end_s)
    if vehicle.breaks:
        latest = _after_breaks(clock, vehicle, stop_ids, latest, earliest.depart_s)
    halts = clock.stops if clock.timing is None else clock.timing.halts(vehicle)
    several = any(len(halts[stop_id].windows) > 1 for stop_id in stop_ids)
    if clock.travel_of(vehicle).matrix.slice_start_s.size == 1 and not several:
        return latest
    bound = _latest(clock, vehicle, stop_ids, latest, tardy_s, end_s=None)
    best = bound if _shorter(bound, latest) else latest
    step_s = (bound.depart_s - latest.depart_s) // DEPARTURES_LOOKED_AT
    while step_s >= FINEST_STEP_S:
        around_s = best.depart_s
        for offset in range(-DEPARTURES_LOOKED_AT, DEPARTURES_LOOKED_AT + 1):
            depart_s = around_s + offset * step_s
            if latest.depart_s < depart_s <= bound.depart_s:
                run = clock.follow(vehicle, stop_ids, depart_s)
                if run is not None and _shorter(run, best) and run.tardy_s <= tardy_s:
                    best = run
        step_s //= DEPARTURES_LOOKED_AT
    return best


def _after_breaks(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], best: Run, first_s: int) -> Run:
    """Return the best of a run and those that leave when a break's window is over, so that it is not due.

    Where the run is tardy, one that leaves earlier than it, but later than `first_s`, may be less so.
    """
    for each in vehicle.breaks:
        depart_s = each.window.end_s + 1
        after_s = first_s if best.tardy_s else best.depart_s
        run = clock.follow(vehicle, stop_ids, depart_s) if after_s < depart_s <= vehicle.shift.end_s else None
        if run is None or run.tardy_s > best.tardy_s:
            continue
        busy_s = run.end_s - run.depart_s - sum(halted.idle_s for halted in run.halts)
        if run.tardy_s < best.tardy_s or busy_s < best.end_s - best.depart_s:
            run = _latest(clock, vehicle, stop_ids, run, run.tardy_s, end_s=run.end_s)
            if run.tardy_s < best.tardy_s or _shorter(run, best):
                best = run
    return best


def _latest(
    clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], known: Run, tardy_s: int, *, end_s: int | None
) -> Run:
    """Return the latest run that is no tardier and, where an end is given, ends no later.

    Whether a departure will do changes once from yes to no. The search leaps outwards from the slack that the
    known run would have if its drives took as long at any time, then halves what is left.
    """
    too_late_s = max(known.depart_s, vehicle.shift.end_s if end_s is None else end_s) + 1
    probe_s = known.depart_s + _slack_s(clock, vehicle, stop_ids, known, end_s)
    leap_s = 1
    while too_late_s - known.depart_s > 1:
        probe_s = min(max(probe_s, known.depart_s + 1), too_late_s - 1)
        run = clock.follow(vehicle, stop_ids, probe_s)
        will_do = run is not None and run.tardy_s <= tardy_s
        if run is not None and will_do and (end_s is None or run.end_s <= end_s):
            known = run
            probe_s += leap_s
        else:
            too_late_s = probe_s
            probe_s -= leap_s
        leap_s *= 8
        if leap_s == 0 or leap_s > (too_late_s - known.depart_s) // 2:
            leap_s, probe_s = 0, (known.depart_s + too_late_s) // 2
    return known


def _slack_s(clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], run: Run, end_s: int | None) -> int:
    """Return by how much a run can leave later in the windows that it uses, drives taken as they are."""
    slack_s = max(0, vehicle.shift.end_s - run.end_s) if end_s is None else 0
    if clock.timing is not None:
        return _walked_slack_s(clock.timing, vehicle, stop_ids, run, slack_s)
    for stop_id, (arrive_s, start_s, _) in zip(reversed(stop_ids), reversed(run.times_s), strict=True):
        closes_s = [window.end_s for window in clock.stops[stop_id].windows]
        left_s = next((end_s - start_s for end_s in closes_s if end_s >= start_s), 0) if closes_s else slack_s
        slack_s = start_s - arrive_s + min(slack_s, left_s)
    return slack_s


def _walked_slack_s(timing: Timing, vehicle: Vehicle, order: Sequence[str], run: Run, slack_s: int) -> int:
    """Return the same where routes are walked: breaks stay on their legs, and what they wait for is slack."""
    known, closes_s = timing.halts(vehicle), {each.id: each.window.end_s for each in vehicle.breaks}
    for number in range(len(order), -1, -1):
        halted = run.halts[number]
        if number < len(order):
            halt = known[order[number]]
            if halt.windows:
                used = (window.end_s for window in halt.windows if window.end_s >= halted.start_s)
                slack_s = min(slack_s, next(used, halted.start_s) - halted.start_s)
            if halt.due_s is not None:
                slack_s = min(slack_s, max(0, halt.due_s - halted.depart_s))
        slack_s += halted.idle_s
        leave_s = halted.arrive_s - halted.pause_s - halted.drive_s
        for rest in halted.rests:
            if rest.break_id is not None:
                slack_s = min(slack_s, max(0, closes_s[rest.break_id] - leave_s))
    return slack_s


def _shorter(run: Run, best: Run) -> bool:
    """Tell whether a run breaks its limits by less than another one, or is shorter where both do so alike."""
    return (run.length_s, run.end_s - run.depart_s) < (best.length_s, best.end_s - best.depart_s)
