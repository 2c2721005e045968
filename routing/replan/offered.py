"""What each vehicle can still do: from where and when, with which visits committed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from routing.events.asked import DayVehicle
from routing.events.day import CANCELLED, FAILED, SERVED, Day
from routing.network.location import Location
from routing.plan.schedule import start_of_service
from routing.problem.model import Stop, TimeWindow, Travel, Vehicle
from routing.replan.freeze import Ladder
from routing.replan.progress import Progress
from routing.replan.wanted import is_away


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Hold the places of a problem and the travel between them, also as if no road were closed."""

    index: Mapping[Location, int]
    travel: Travel
    open_travel: Travel
    last_s: int
    """End of the last shift, or now."""


def offered(day: Day, progress: Progress, committed: tuple[str, ...], roads: Roads) -> Vehicle:
    """Return a vehicle as the problem offers it."""
    vehicle = day.vehicles[progress.vehicle_id].vehicle
    returned = progress.activity == "returned"
    out = progress.left and not returned
    kept, kept_by_name = (0, ()) if returned else (vehicle.on_board_load, vehicle.on_board_loads)
    least = dict(kept_by_name)
    return Vehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        capacity=max(kept, vehicle.capacity - (_carried_back(day, vehicle.id) if out else 0)),
        shift=TimeWindow(start_s=progress.free_s, end_s=max(vehicle.shift.end_s, progress.free_s)),
        start_place=roads.index[progress.location],
        end_place=roads.index[vehicle.end],
        committed=committed,
        used=progress.left,
        start_fixed=out or vehicle.start_fixed,
        overtime_allowed=out or vehicle.overtime_allowed,
        overtime_limit_s=vehicle.overtime_limit_s if vehicle.overtime_allowed and not out else None,
        type=vehicle.type,
        capacities=tuple(
            (name, max(least.get(name, 0), _room(day, vehicle, name, amount, out=out)))
            for name, amount in vehicle.capacities
        ),
        on_board_load=kept,
        on_board_loads=kept_by_name,
        stops_limit=None if vehicle.stops_limit is None else max(0, vehicle.stops_limit - _made(day, progress)),
        vehicle_cents=vehicle.vehicle_cents,
        duty_cents_per_h=vehicle.duty_cents_per_h,
        distance_cents_per_km=vehicle.distance_cents_per_km,
        overtime_cents_per_h=vehicle.overtime_cents_per_h,
        driver=vehicle.driver,
        # Those that it may not leave bind its stops already, see `wanted`.
        territories=None if vehicle.territory_fee_cents is None else vehicle.territories,
        territory_fee_cents=vehicle.territory_fee_cents,
    )


def committed_visits(
    day: Day,
    progress: Progress,
    order: Sequence[str],
    known: Mapping[str, Stop],
    rungs: Ladder,
    required: Collection[str],
    roads: Roads,
) -> tuple[str, ...]:
    """Return the visits that a vehicle must make first, in order.

    These are the stop that it is driving to or waiting at, what is frozen in order, and all up to the last `required`
    visit (a transfer, or a stop that is pinned to its place). A closure on the very leg to a stop, or a customer who is
    away at the arrival there, frees it and what comes after it, save what is required.
    """
    count = max([rungs.order_fixed, *(order.index(stop_id) + 1 for stop_id in required if stop_id in order)])
    if order and order[0] == progress.committed:
        count = max(count, 1)
    kept: list[str] = []
    place, now_s, free = roads.index[progress.location], progress.free_s, False
    for stop_id in order[:count]:
        stop = known[stop_id]
        leg, open_leg = (travel.leg(place, stop.place, now_s) for travel in (roads.travel, roads.open_travel))
        away = leg is not None and is_away(day.stops[stop_id], now_s + leg.duration_s)
        free = free or leg is None or leg != open_leg or away
        if free and stop_id not in required:
            continue
        kept.append(stop_id)
        if leg is not None:
            start_s, _ = start_of_service(stop, now_s + leg.duration_s)
            place, now_s = stop.place, start_s + day.stops[stop_id].stop.stay_s(day.type_of(progress.vehicle_id))
    return tuple(kept)


def _carried_back(day: Day, vehicle_id: str) -> int:
    """Return the load on board a vehicle that will not be delivered."""
    return sum(
        state.stop.load - (state.delivered_load or 0)
        for state in day.stops.values()
        if state.on_board == vehicle_id and state.state in (FAILED, CANCELLED)
    )


def _room(day: Day, vehicle: DayVehicle, name: str, amount: int, *, out: bool) -> int:
    """Return the room of a vehicle for a further load; of what is not delivered all comes back."""
    if not out:
        return amount
    back = (
        dict(state.stop.loads).get(name, 0)
        for state in day.stops.values()
        if state.on_board == vehicle.id and state.state in (FAILED, CANCELLED)
    )
    return amount - sum(back)


def _made(day: Day, progress: Progress) -> int:
    """Return how many stops a vehicle has served, or is taken to have."""
    served = sum(state.state == SERVED and state.vehicle_id == progress.vehicle_id for state in day.stops.values())
    return served + len(progress.assumed)
