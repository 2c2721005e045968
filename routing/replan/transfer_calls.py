"""The ways in which vehicles can be sent for goods: who, and after which of their visits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.events.day import Day
from routing.events.published import Transfer
from routing.network.location import Location
from routing.problem.model import Stop, Vehicle
from routing.replan.remaining import Remaining

MOST_VEHICLES = 8
"""So many vehicles are tried: those that have to go least out of their way."""
NO_ROAD_S = 10**7


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Send a vehicle for goods: after how many visits of its order; `visit` is the stop that stands for it."""

    vehicle_id: str
    after: int
    visit: Stop
    location: Location
    joined: Transfer | None = None
    """A transfer of the current plan that takes these goods too."""


def calls_for(day: Day, rest: Remaining, source: str | None, number: int) -> list[Call]:
    """Return how each vehicle can be sent for goods on board a broken vehicle, or (None) at its depot.

    It goes at once after what is committed, or where in its order that is least out of its way; one that goes there by
    the current plan just takes more. `number` makes the id of a new visit new to the day.
    """
    drive_s, stops = _drives_s(rest), {stop.id: stop for stop in rest.problem.stops}
    index = {place: row for row, place in enumerate(rest.problem.places)}
    ways: list[tuple[int, list[Call]]] = []
    for vehicle in rest.problem.vehicles:
        if source is None and not rest.progress[vehicle.id].left:
            continue  # It loads before it leaves, without any transfer.
        location = day.vehicles[vehicle.id].vehicle.start if source is None else rest.progress[source].location
        joined = _standing(rest, vehicle.id, source)
        if joined is not None:
            after = rest.orders[vehicle.id].index(joined.id)
            call = Call(
                vehicle_id=vehicle.id, after=after, visit=stops[joined.id], location=joined.location, joined=joined
            )
            ways.append((0, [call]))
            continue
        places = [vehicle.start_place, *(stops[key].place for key in rest.orders[vehicle.id]), vehicle.end_place]
        there = index[location]
        detours_s = [int(drive_s[a, there] + drive_s[there, b] - drive_s[a, b]) for a, b in pairwise(places)]
        first = len(vehicle.committed)
        least = min(range(first, len(detours_s)), key=lambda after: (detours_s[after], after))
        visit = _visit(day, vehicle, source, there, number)
        ways.append(
            (
                detours_s[least],
                [
                    Call(vehicle_id=vehicle.id, after=after, visit=visit, location=location)
                    for after in dict.fromkeys((first, least))
                ],
            )
        )
    ways.sort(key=lambda way: way[0])
    return [call for _, calls in ways[:MOST_VEHICLES] for call in calls]


def _standing(rest: Remaining, vehicle_id: str, source: str | None) -> Transfer | None:
    """Return the transfer by which a vehicle goes there already."""
    mine = (each for each in rest.transfers if (each.to_vehicle, each.from_vehicle) == (vehicle_id, source))
    return next(mine, None)


def _visit(day: Day, vehicle: Vehicle, source: str | None, place: int, number: int) -> Stop:
    """Return the stop that stands for taking goods over."""
    options = day.started.replan
    return Stop(
        id=f"{'reload' if source is None else 'transfer'}:{vehicle.id}:{number}",
        place=place,
        service_s=options.reload_service_s if source is None else options.transfer_service_s,
        allowed_vehicles=(vehicle.id,),
        lateness_allowed=True,
    )


def _drives_s(rest: Remaining) -> NDArray[np.int64]:
    """Return the seconds between all places by the table of now, with a very long drive where no road leads."""
    matrix, size = rest.problem.travel.matrix, len(rest.problem.places)
    row = max(0, int(np.searchsorted(matrix.slice_start_s, rest.now_s, side="right")) - 1)
    duration_s = matrix.duration_s.reshape(-1, size, size)[row].astype(np.int64)
    return np.where(matrix.reachable.reshape(-1, size, size)[row], duration_s, NO_ROAD_S)
