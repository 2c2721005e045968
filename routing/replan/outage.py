"""What keeps a vehicle from driving, or kept it until it was back."""

from __future__ import annotations

from dataclasses import replace

from routing.events.day import Day, VehicleState
from routing.events.published import PublishedRoute
from routing.events.types import VehicleOutOfService


def outage(day: Day, state: VehicleState, route: PublishedRoute | None) -> tuple[VehicleOutOfService | None, bool]:
    """Return what keeps a vehicle where it is, or kept it there since the plan, and whether it is news to the plan.

    A vehicle that is back stands where it broke down until the next plan, unless its driver has reported a visit since.
    """
    if state.out is not None:
        return state.out, state.out in day.since_plan
    report, back_s = state.last_report, state.back_s
    if back_s is None or route is None or (report is not None and report.at_s >= back_s):
        return None, False
    told = (each for each in reversed(day.since_plan) if isinstance(each, VehicleOutOfService))
    last = next((each for each in told if each.vehicle_id == state.vehicle.id), None)
    if last is not None and last.effective_at_s <= back_s:
        return replace(last, until_s=back_s), True
    if route.left and not route.visits and route.start_s == route.end_s and route.start != state.vehicle.end:
        stood = VehicleOutOfService(
            id="", known_at_s=back_s, effective_at_s=route.start_s, vehicle_id=state.vehicle.id, until_s=back_s
        )
        return stood, False
    return None, False
