"""Say why a stop is left out: a code of `REASONS`, and figures in words."""

from __future__ import annotations

from collections.abc import Mapping

from routing.plan.model import Unassigned
from routing.plan.price import Insertion, may_serve
from routing.plan.schedule import Clock, start_of_service
from routing.problem.model import Stop, Vehicle
from routing.units import format_cents, format_clock, format_duration

STAGES = ("CAPACITY", "UNREACHABLE", "WINDOW", "SHIFT")
"""How far a vehicle alone gets before it fails; the furthest one of the fleet is the reason."""


def explain(clock: Clock, left_out: Mapping[str, Insertion | None]) -> tuple[Unassigned, ...]:
    """Return the reason of each stop that is left out, in the order of the problem's stops.

    `left_out` gives the cheapest place of each stop in the finished plan, None where it fits nowhere.
    """
    return tuple(_explain(clock, stop, left_out[stop.id]) for stop in clock.problem.stops if stop.id in left_out)


def _explain(clock: Clock, stop: Stop, insertion: Insertion | None) -> Unassigned:
    travel = clock.problem.travel
    if not travel.usable[stop.place]:
        detail = f"the nearest usable road is {travel.snap_distance_m[stop.place]:,.0f} m away"
        approach = clock.problem.places[stop.place].approach
        if approach != "either":
            detail += f", and no road near enough is driven with the stop on its {approach} side: "
            detail += "give it the approach either, or put its point on its own side of the street"
        return _because(stop, "UNREACHABLE", detail)
    if insertion is not None:
        price = clock.problem.unserved_cents(stop)
        detail = (
            f"adding it to the route of {insertion.vehicle_id} costs {format_cents(insertion.added_cents)}, "
            f"leaving it out costs {format_cents(price)}"
        )
        return _because(stop, "COST", detail)
    vehicles = [vehicle for vehicle in clock.problem.vehicles if may_serve(vehicle, stop)]
    if not vehicles:
        named = ", ".join(stop.allowed_vehicles or ()) or "none"
        return _because(stop, "NO_VEHICLE", f"it allows {named}, and no such vehicle is in service")
    alone = [_alone(clock, vehicle, stop) for vehicle in vehicles]
    fit = [vehicle.id for vehicle, stage in zip(vehicles, alone, strict=True) if stage is None]
    if fit:
        detail = f"{len(fit)} of {len(vehicles)} vehicles could serve it on a route of its own, "
        return _because(stop, "FLEET_FULL", detail + "none can add it to its route in this plan")
    stage, detail = max((stage for stage in alone if stage is not None), key=lambda found: STAGES.index(found[0]))
    return _because(stop, stage, detail)


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
