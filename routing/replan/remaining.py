"""The problem that remains of a day at an instant.

- Visits that were made, failed or cancelled are gone; so are those that are assumed to be made (see `progress`).
- A vehicle starts where it is; the stop that it is driving to or waiting at stays its first, unless a closure lies on
  that very leg or the customer is away when it arrives.
- Goods are on board from the moment a vehicle leaves its start: its stops with a load stay with it, and may be served
  late, for that beats bringing them back. Other stops of vehicles that are out may change vehicle, and may be late too:
  they were promised.
- Goods that are not on board can only go with a vehicle that has not left.
- Every change of the current plan has its price (see `prices`).
- A stop that cannot be served whatever the search does is left out of the problem, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from routing.events.day import Day, StopState
from routing.network.location import Location
from routing.plan.model import Unassigned
from routing.problem.model import Problem, Stop, TimeWindow, Travel, Vehicle
from routing.replan.prices import priced
from routing.replan.progress import Lines, Progress, progress_of

TravelMaker = Callable[[tuple[Location, ...], tuple[int, int]], Travel]
"""Gives travel between places, within a first and a last instant of interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """Hold what is still to be done, by whom, and what the current plan says about it."""

    now_s: int
    problem: Problem
    """To be solved; without the stops that are left out."""
    progress: Mapping[str, Progress]
    orders: Mapping[str, tuple[str, ...]]
    """Stop ids of each vehicle in the order of the current plan, as far as they can still be served."""
    left_out: tuple[tuple[Stop, Unassigned], ...]
    on_board: Mapping[str, str]
    """Vehicle by stop id, for goods that have left the depot and are not delivered."""


def remaining(
    day: Day, now_s: int, lines: Lines, travel_of: TravelMaker, open_travel_of: TravelMaker | None = None
) -> Remaining:
    """Return what remains of the day; `lines` are the legs of the current plan as its document draws them.

    `open_travel_of` gives travel as if no road were closed, where any is: a leg that changes by it has a closure on it.
    """
    progress = _undisputed(day, {vehicle_id: progress_of(day, vehicle_id, now_s, lines) for vehicle_id in day.vehicles})
    gone = {visit.stop_id for each in progress.values() for visit in each.assumed}
    stops = [stop for stop in day.stops.values() if stop.is_open and stop.stop.id not in gone]
    points = [point for each in progress.values() for point in (each.location, each.last_place)]
    points += [state.vehicle.end for state in day.vehicles.values()]
    points += [stop.stop.location for stop in stops]
    index = {point: place for place, point in enumerate(dict.fromkeys(points))}
    last_s = max(max(state.vehicle.shift.end_s for state in day.vehicles.values()), now_s)
    first_s = min(each.free_s for each in progress.values())
    travel = travel_of(tuple(index), (min(first_s, last_s), last_s))
    open_travel = open_travel_of(tuple(index), (min(first_s, last_s), last_s)) if open_travel_of else travel
    progress = {key: _on_road(each, travel, index) for key, each in progress.items()}
    on_board = _on_board(day, progress)
    in_service = {key: each for key, each in progress.items() if each.activity != "stranded"}
    wanted = [_ask(day, stop, index, progress, on_board) for stop in stops]
    kept = tuple(stop for stop, reason in wanted if reason is None)
    known = {stop.id: stop for stop in kept}
    orders = {
        vehicle_id: tuple(stop_id for stop_id in each.order if stop_id in known and _may(known[stop_id], vehicle_id))
        for vehicle_id, each in in_service.items()
    }
    vehicles = tuple(
        _vehicle(day, each, index, known, (travel, open_travel))
        for vehicle_id, each in progress.items()
        if vehicle_id in in_service
    )
    committed = {stop_id: vehicle.id for vehicle in vehicles for stop_id in vehicle.committed}
    problem = Problem(
        stops=tuple(_committed(stop, committed) for stop in kept),
        vehicles=vehicles,
        places=tuple(index),
        travel=travel,
        objective=day.started.objective,
        time_zone=day.started.time_zone,
        access_walk=day.started.access_walk,
    )
    return Remaining(
        now_s=now_s,
        problem=priced(day, problem, orders, now_s),
        progress=progress,
        orders=orders,
        left_out=tuple((stop, reason) for stop, reason in wanted if reason is not None),
        on_board=on_board,
    )


def _undisputed(day: Day, progress: dict[str, Progress]) -> dict[str, Progress]:
    """Take each stop that a driver has begun to serve from every other vehicle."""
    begun = {
        stop.stop.id: stop.vehicle_id for stop in day.stops.values() if stop.is_open and stop.started_s is not None
    }

    def mine(stop_id: str, vehicle_id: str) -> bool:
        return begun.get(stop_id, vehicle_id) == vehicle_id

    return {
        key: replace(
            each,
            assumed=tuple(visit for visit in each.assumed if mine(visit.stop_id, key)),
            order=tuple(stop_id for stop_id in each.order if mine(stop_id, key)),
            committed=each.committed if each.committed and mine(each.committed, key) else None,
        )
        for key, each in progress.items()
    }


def _on_road(progress: Progress, travel: Travel, index: Mapping[Location, int]) -> Progress:
    """Take a vehicle back to where it was for certain if no road is near where it seems to be."""
    if travel.usable[index[progress.location]]:
        return progress
    free_s = progress.free_s if progress.activity in ("paused", "stranded") else progress.last_s
    return replace(progress, location=progress.last_place, free_s=free_s)


def _on_board(day: Day, progress: Mapping[str, Progress]) -> dict[str, str]:
    carried = {stop.stop.id: stop.on_board for stop in day.stops.values() if stop.on_board is not None}
    for key, each in progress.items():
        if each.left:
            carried |= {
                stop_id: key
                for stop_id in (*(visit.stop_id for visit in each.assumed), *each.order)
                if day.stops[stop_id].stop.load > 0
            }
    return {stop_id: key for stop_id, key in carried.items() if day.stops[stop_id].is_open}


def _ask(
    day: Day,
    state: StopState,
    index: Mapping[Location, int],
    progress: Mapping[str, Progress],
    on_board: Mapping[str, str],
) -> tuple[Stop, Unassigned | None]:
    """Return a stop as the problem asks for it, and the reason where asking is in vain."""
    asked, carrier = state.stop, on_board.get(state.stop.id)
    windows, available = _windows(day, state)
    promised = any(each.left and asked.id in each.order for each in progress.values())
    stop = Stop(
        id=asked.id,
        place=index[asked.location],
        windows=windows,
        service_s=asked.service_s,
        load=asked.load,
        priority=asked.priority,
        address=asked.address,
        columns=asked.columns,
        lateness_allowed=promised or carrier is not None,
    )
    loading = tuple(key for key, each in progress.items() if not each.left and each.activity != "stranded")
    reason = None
    if not available:
        reason = "CUSTOMER_UNAVAILABLE", "nobody can receive it any more within its windows today"
    elif carrier is not None and progress[carrier].activity == "stranded":
        reason = "GOODS_STRANDED", f"its goods are on board {carrier}, which is out of service"
    elif all(each.activity == "stranded" for each in progress.values()):
        reason = "NO_VEHICLE", "every vehicle is out of service"
    elif carrier is None and asked.load > 0 and not loading:
        reason = "GOODS_NOT_ON_BOARD", "its goods are at the depot and every vehicle has left"
    if reason is not None:
        return stop, Unassigned(stop_id=asked.id, reason=reason[0], detail=reason[1])
    if carrier is not None:
        return replace(stop, allowed_vehicles=(carrier,)), None
    return (replace(stop, allowed_vehicles=loading) if asked.load > 0 else stop), None


def _windows(day: Day, state: StopState) -> tuple[tuple[TimeWindow, ...], bool]:
    """Return the windows that the customer's absence leaves, and whether it leaves any time at all.

    An absence that ends after the last window moves that window to its end: then is the first chance.
    """
    windows = state.stop.windows
    for from_s, until_s in state.unavailable:
        if not windows:
            shifts = [vehicle.vehicle.shift for vehicle in day.vehicles.values()]
            first_s, last_s = min(s.start_s for s in shifts), max(s.end_s for s in shifts)
            windows = (TimeWindow(start_s=min(first_s, from_s), end_s=max(last_s, until_s or from_s)),)
        before = [
            TimeWindow(start_s=window.start_s, end_s=min(window.end_s, from_s - 1))
            for window in windows
            if window.start_s < from_s and min(window.end_s, from_s - 1) >= day.now_s
        ]
        after = [
            TimeWindow(start_s=max(window.start_s, until_s), end_s=window.end_s)
            for window in windows
            if until_s is not None and window.end_s >= until_s
        ]
        if not after and until_s is not None:
            after = [TimeWindow(start_s=until_s, end_s=until_s)]
        windows = (*before, *after)
        if not windows:
            return state.stop.windows, False
    return windows, True


def _vehicle(
    day: Day,
    progress: Progress,
    index: Mapping[Location, int],
    known: Mapping[str, Stop],
    travels: tuple[Travel, Travel],
) -> Vehicle:
    vehicle = day.vehicles[progress.vehicle_id].vehicle
    start_place, stop = index[progress.location], known.get(progress.committed or "")
    bound: tuple[str, ...] = ()
    if stop is not None and _may(stop, vehicle.id):
        leg, open_leg = (travel.leg(start_place, stop.place, progress.free_s) for travel in travels)
        if leg is not None and leg == open_leg and not _away(day.stops[stop.id], progress.free_s + leg.duration_s):
            bound = (stop.id,)
    out = progress.left and progress.activity != "returned"
    return Vehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        capacity=vehicle.capacity,
        shift=TimeWindow(start_s=progress.free_s, end_s=max(vehicle.shift.end_s, progress.free_s)),
        start_place=start_place,
        end_place=index[vehicle.end],
        committed=bound,
        used=progress.left,
        start_fixed=out,
        overtime_allowed=out,
    )


def _away(state: StopState, instant_s: int) -> bool:
    return any(
        from_s <= instant_s and (until_s is None or instant_s < until_s) for from_s, until_s in state.unavailable
    )


def _committed(stop: Stop, committed: Mapping[str, str]) -> Stop:
    """Bind a stop to the vehicle that is driving to it, however late it comes."""
    if stop.id not in committed:
        return stop
    return replace(stop, allowed_vehicles=(committed[stop.id],), lateness_allowed=True)


def _may(stop: Stop, vehicle_id: str) -> bool:
    allowed: Collection[str] | None = stop.allowed_vehicles
    return allowed is None or vehicle_id in allowed
