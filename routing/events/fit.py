"""Which vehicles of a day may serve a stop, whatever the time and wherever they are."""

from __future__ import annotations

from routing.events.asked import DayStop, DayVehicle
from routing.problem.lower import refusals
from routing.problem.model import Stop, Vehicle


def unfit(vehicle: DayVehicle, stop: DayStop) -> tuple[str, str] | None:
    """Return why a vehicle may not serve a stop: a code of `REASONS` and the cause in words; None where it may.

    That is for its skills, its territories, and the vehicles that the stop allows or forbids.
    """
    asked = Stop(
        id=stop.id,
        place=0,
        skills_all=stop.skills_all,
        skills_one_of=stop.skills_one_of,
        skills_none_of=stop.skills_none_of,
        allowed_vehicles=stop.allowed_vehicles,
        forbidden_vehicles=stop.forbidden_vehicles,
        territory=stop.territory,
    )
    offered = Vehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        capacity=vehicle.capacity,
        shift=vehicle.shift,
        start_place=0,
        end_place=0,
        skills=vehicle.skills,
        territories=vehicle.territories,
        territory_fee_cents=vehicle.territory_fee_cents,
    )
    return next(refusals(offered, asked), None)
