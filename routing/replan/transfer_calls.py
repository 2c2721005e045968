"""The ways in which vehicles can be sent for goods: who, and after which of their visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.events.day import Day
from routing.events.published import Transfer
from routing.network.location import Location
from routing.problem.model import Stop, TimeWindow, Vehicle
from routing.replan.remaining import Remaining
from routing.replan.wanted import reload_windows

MOST_VEHICLES = 3
"""So many vehicles are tried: those for which it seems cheapest. A trial takes some 15 ms at 40 stops."""
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


def calls_for(day: Day, rest: Remaining, source: str | None, goods: Sequence[Stop], number: int) -> list[Call]:
    """Return how vehicles can be sent for goods on board a broken vehicle, or (None) at their depot.

    Each goes at once after what is committed, or where in its order that is least out of its way; one that goes there
    by the current plan just takes more. `number` makes the id of a new visit new to the day.
    """
    drive_s, stops = _drives_s(rest), {stop.id: stop for stop in rest.problem.stops}
    index = {place: row for row, place in enumerate(rest.problem.places)}
    ways: list[tuple[float, list[Call]]] = []
    for vehicle in rest.problem.vehicles:
        if source is None and not rest.progress[vehicle.id].left:
            continue  # It loads before it leaves, without any transfer.
        order = rest.orders[vehicle.id]
        places = [vehicle.start_place, *(stops[key].place for key in order), vehicle.end_place]
        room = vehicle.capacity - sum(stops[key].load for key in order)
        windows = reload_windows(day, source, (stop.id for stop in goods))
        joined = _standing(rest, vehicle.id, source)
        if joined is not None and windows and windows != stops[joined.id].windows:
            joined = None  # It would be there before the goods are.
        if joined is None:
            location = day.vehicles[vehicle.id].vehicle.start if source is None else rest.progress[source].location
            visit = _visit(day, vehicle, source, index[location], number, windows)
        else:
            location, visit = joined.location, stops[joined.id]
        detours_s = _detours_s(drive_s, places, [visit.place])[0]
        first = len(vehicle.committed)
        least = first + int(np.argmin(detours_s[first:]))
        after = (first, least) if joined is None else (order.index(joined.id),)
        calls = [
            Call(vehicle_id=vehicle.id, after=each, visit=visit, location=location, joined=joined)
            for each in dict.fromkeys(after)
        ]
        way_s = (0 if joined else int(detours_s[least])) + _rounds_s(drive_s, places[first:], goods)
        ways.append((_guess_cents(rest, vehicle, way_s, room, goods), calls))
    ways.sort(key=lambda way: way[0])
    return [call for _, calls in ways[:MOST_VEHICLES] for call in calls]


def _detours_s(drive_s: NDArray[np.int64], places: Sequence[int], others: Sequence[int]) -> NDArray[np.int64]:
    """Return how much longer a drive through places becomes by each other place in each of its gaps, n x gaps."""
    before, after, there = np.array(places[:-1]), np.array(places[1:]), np.array(others)
    longer_s: NDArray[np.int64] = drive_s[np.ix_(before, there)].T + drive_s[np.ix_(there, after)]
    longer_s -= drive_s[before, after]
    return longer_s


def _rounds_s(drive_s: NDArray[np.int64], places: Sequence[int], goods: Sequence[Stop]) -> int:
    """Return how much longer a drive becomes by all goods, each taken alone in its best gap."""
    return int(_detours_s(drive_s, places, [stop.place for stop in goods]).min(axis=1).sum())


def _guess_cents(rest: Remaining, vehicle: Vehicle, way_s: int, room: int, goods: Sequence[Stop]) -> float:
    """Return about what it costs to send a vehicle: its way, its leaving, and what it has no room for."""
    prices = rest.problem.objective
    loads = np.cumsum(sorted(stop.load for stop in goods))
    return (
        way_s * prices.duty_cents_per_h / 3600
        + (0 if vehicle.used else prices.vehicle_cents)
        + int(np.count_nonzero(loads > room)) * prices.unserved_stop_cents(0)
    )


def _standing(rest: Remaining, vehicle_id: str, source: str | None) -> Transfer | None:
    """Return the transfer by which a vehicle goes there already."""
    mine = (each for each in rest.transfers if (each.to_vehicle, each.from_vehicle) == (vehicle_id, source))
    return next(mine, None)


def _visit(
    day: Day, vehicle: Vehicle, source: str | None, place: int, number: int, windows: tuple[TimeWindow, ...]
) -> Stop:
    """Return the stop that stands for taking goods over."""
    options = day.started.replan
    return Stop(
        id=f"{'reload' if source is None else 'transfer'}:{vehicle.id}:{number}",
        place=place,
        windows=windows,
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
