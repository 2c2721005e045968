"""Say why a stop is left out: a code of `REASONS`, and figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.plan.model import Unassigned
from routing.plan.price import Insertion, may_serve
from routing.plan.schedule import Clock, start_of_service
from routing.plan.walked.reasons import walked_reason
from routing.plan.walked.trials import Trials
from routing.problem.lower import refusals
from routing.problem.model import Stop, Vehicle
from routing.units import format_cents, format_clock, format_duration

REFUSALS = ("NO_VEHICLE", "OTHER_BOARD", "SKILL", "TERRITORY")
"""Why a vehicle may not serve a stop at all, in the order in which that is asked."""
STAGES = ("CAPACITY", "UNREACHABLE", "WINDOW", "DUE", "SHIFT")
"""How far a vehicle alone gets before it fails; the furthest one of the fleet is the reason."""


def explain(
    clock: Clock, left_out: Mapping[str, Insertion | None], orders: Mapping[str, Sequence[str]] | None = None
) -> tuple[Unassigned, ...]:
    """Return the reason of each stop that is left out, in the order of the problem's stops.

    `left_out` gives the cheapest place of each stop in the finished plan, whose orders are given where there is one;
    None where it fits nowhere.
    """
    left = [stop for stop in clock.problem.stops if stop.id in left_out]
    trials = Trials(clock, {}, {}) if left and not clock.plain else None
    return tuple(_explain(clock, stop, left_out[stop.id], trials, orders or {}) for stop in left)


def _explain(
    clock: Clock,
    stop: Stop,
    insertion: Insertion | None,
    trials: Trials | None,
    orders: Mapping[str, Sequence[str]],
) -> Unassigned:
    travel = clock.problem.travel
    if not travel.usable[stop.place]:
        detail = f"the nearest usable road is {travel.snap_distance_m[stop.place]:,.0f} m away"
        approach = clock.problem.places[stop.place].approach
        if approach != "either":
            detail += f", and no road near enough is driven with the stop on its {approach} side: "
            detail += "give it the approach either, or put its point on its own side of the street"
        return _because(stop, "UNREACHABLE", detail)
    if trials is not None:
        return _because(stop, *walked_reason(trials, stop, insertion, orders))
    if insertion is not None:
        price = clock.problem.unserved_cents(stop)
        detail = (
            f"adding it to the route of {insertion.vehicle_id} costs {format_cents(insertion.added_cents)}, "
            f"leaving it out costs {format_cents(price)}"
        )
        return _because(stop, "COST", detail)
    vehicles = [vehicle for vehicle in clock.problem.vehicles if may_serve(vehicle, stop)]
    if not vehicles:
        return _because(stop, *_refused(clock, stop))
    alone = [_alone(clock, vehicle, stop) for vehicle in vehicles]
    fit = [vehicle.id for vehicle, stage in zip(vehicles, alone, strict=True) if stage is None]
    if fit:
        detail = f"{len(fit)} of {len(vehicles)} vehicles could serve it on a route of its own, "
        return _because(stop, "FLEET_FULL", detail + "none can add it to its route in this plan")
    stage, detail = max((stage for stage in alone if stage is not None), key=lambda found: STAGES.index(found[0]))
    return _because(stop, stage, detail)


def _refused(clock: Clock, stop: Stop) -> tuple[str, str]:
    """Return why no vehicle may serve a stop: the reason of the one that comes nearest to it."""
    asked = next(each for each in clock.asked.stops if each.id == stop.id)
    first = [next(refusals(vehicle, asked)) for vehicle in clock.asked.vehicles]
    code, cause = max(first, key=lambda refusal: REFUSALS.index(refusal[0]), default=("NO_VEHICLE", ""))
    if code == "NO_VEHICLE" and asked.allowed_vehicles is not None:
        cause = f"it allows {', '.join(asked.allowed_vehicles) or 'none'}, and no such vehicle in service may serve it"
    elif code == "NO_VEHICLE":
        cause = "; ".join(cause for _, cause in first) or "no vehicle is in service"
    return code, cause


def _because(stop: Stop, reason: str, detail: str) -> Unassigned:
    return Unassigned(stop_id=stop.id, reason=reason, detail=detail)


def _alone(clock: Clock, vehicle: Vehicle, stop: Stop) -> tuple[str, str] | None:
    """Return at which stage a vehicle that serves this stop only fails, and the figures; None where it can."""
    if stop.load > vehicle.capacity:
        return "CAPACITY", f"its load is {stop.load}, {vehicle.id} carries {vehicle.capacity} at most"
    out_s = clock.travel.duration_s(vehicle.start_place, stop.place, vehicle.shift.start_s)
    if out_s is None:
        return "UNREACHABLE", f"no road leads {vehicle.id} there"
    zone = clock.problem.time_zone
    arrive_s = vehicle.shift.start_s + out_s
    start_s, late_s = start_of_service(stop, arrive_s)
    if late_s and not stop.lateness_allowed:
        detail = (
            f"{vehicle.id} is there at {format_clock(arrive_s, zone)} at the earliest, "
            f"{format_duration(late_s)} after its last window ended"
        )
        asked = next(each for each in clock.asked.stops if each.id == stop.id)
        if asked.due_s is not None and not start_of_service(asked, arrive_s)[1]:
            done_s = start_s + clock.stay_s[stop.id]
            late = f"{format_duration(done_s - asked.due_s)} after it is due"
            return "DUE", f"{vehicle.id} would be done there at {format_clock(done_s, zone)} at the earliest, {late}"
        return "WINDOW", detail
    leave_s = start_s + clock.stay_s[stop.id]
    home_s = clock.travel.duration_s(stop.place, vehicle.end_place, leave_s)
    if home_s is None:
        return "UNREACHABLE", f"no road leads {vehicle.id} from there to its end place"
    over_s = leave_s + home_s - vehicle.shift.end_s
    if over_s > 0 and not vehicle.overtime_allowed:
        back = format_clock(leave_s + home_s, zone)
        return "SHIFT", f"{vehicle.id} would be back at {back}, {format_duration(over_s)} after its shift"
    return None
