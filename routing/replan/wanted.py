"""What is still wanted of a stop: when, of which vehicles, and why in vain where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from routing.events.day import Day, StopState
from routing.events.fit import unfit
from routing.events.published import Transfer
from routing.network.location import Location
from routing.plan.model import Unassigned
from routing.problem.model import Stop, TimeWindow
from routing.replan.progress import Progress

Permitted = tuple[str, ...] | None
"""Vehicles that may serve a stop; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Hold where vehicles and goods are."""

    day: Day
    progress: Mapping[str, Progress]
    on_board: Mapping[str, str]
    """Vehicle by stop id."""
    coming: Mapping[str, Transfer]
    """By stop id, the transfer that its goods wait for."""


def wanted(state: StopState, index: Mapping[Location, int], here: Situation) -> tuple[Stop, Unassigned | None]:
    """Return a stop as the problem asks for it, and the reason where asking is in vain."""
    asked = state.stop
    windows, available = _windows(state, here.day)
    if state.transfer is not None:
        windows = reload_windows(here.day, state.transfer.from_vehicle, state.transfer.stop_ids)
    allowed, reason = _permitted(state, here)
    promised = any(each.left and asked.id in each.order for each in here.progress.values())
    lateness_allowed = (
        asked.lateness_allowed
        or promised
        or bool({asked.id} & (here.on_board.keys() | here.coming.keys()))
        or _is_bound(state)
    )
    at_depot = asked.has_goods and asked.id not in here.on_board and asked.id not in here.coming
    if not available:
        reason = "CUSTOMER_UNAVAILABLE", "nobody can receive it any more within its windows today"
    stop = Stop(
        id=asked.id,
        place=index[asked.location],
        windows=windows,
        service_s=asked.service_s,
        load=asked.load,
        priority=asked.priority,
        address=asked.address,
        columns=asked.columns,
        allowed_vehicles=allowed,
        lateness_allowed=lateness_allowed,
        preferred_drivers=asked.preferred_drivers,
        territory=asked.territory,
        unserved_cents=asked.unserved_cents,
        walk_s=asked.walk_s,
        vehicle_fees=fees_in_service(asked.vehicle_fees, here.progress),
        loads=asked.loads,
        release_s=asked.release_s if at_depot else None,
        due_s=asked.due_s,
        lateness_cents_per_min=asked.lateness_cents_per_min,
        lateness_limit_s=asked.lateness_limit_s if lateness_allowed else None,
        service_by_type=asked.service_by_type,
        setup_s=asked.setup_s,
    )
    if reason is None:
        return stop, None
    return stop, Unassigned(stop_id=asked.id, reason=reason[0], detail=reason[1])


def reload_windows(day: Day, source: str | None, stop_ids: Iterable[str]) -> tuple[TimeWindow, ...]:
    """Return when goods can be taken over: at a depot (None) not before all of them are released."""
    released = [day.stops[stop_id].stop.release_s for stop_id in stop_ids if source is None]
    opens_s = max((at_s for at_s in released if at_s is not None), default=None)
    if opens_s is None:
        return ()
    last_s = max(state.vehicle.shift.end_s for state in day.vehicles.values())
    return (TimeWindow(start_s=opens_s, end_s=max(opens_s, last_s)),)


def fees_in_service(fees: Iterable[tuple[str, int]], progress: Mapping[str, Progress]) -> tuple[tuple[str, int], ...]:
    """Return the fees of vehicles that are in service; the others are no vehicles of the problem."""
    return tuple(fee for fee in fees if fee[0] in progress and progress[fee[0]].activity != "stranded")


def may(stop: Stop, vehicle_id: str) -> bool:
    """Tell whether a vehicle may serve a stop."""
    allowed: Collection[str] | None = stop.allowed_vehicles
    return allowed is None or vehicle_id in allowed


def is_away(state: StopState, instant_s: int) -> bool:
    """Tell whether nobody can receive at a stop at an instant, as it was told."""
    return any(
        from_s <= instant_s and (until_s is None or instant_s < until_s) for from_s, until_s in state.unavailable
    )


def _is_bound(state: StopState) -> bool:
    return state.pinned_vehicle is not None or state.transfer is not None or state.not_before_s is not None


def _permitted(state: StopState, here: Situation) -> tuple[Permitted, tuple[str, str] | None]:
    """Return which vehicles may serve a stop; where none does, the reason too."""
    carrier, transfer = here.on_board.get(state.stop.id), here.coming.get(state.stop.id)
    in_service = tuple(name for name, each in here.progress.items() if each.activity != "stranded")
    loading = tuple(name for name in in_service if not here.progress[name].left)
    if state.transfer is not None:
        return (state.transfer.to_vehicle,), None
    if transfer is not None:
        return (transfer.to_vehicle,), None
    possible: tuple[str, ...]
    if carrier is not None:
        possible = (carrier,) if carrier in in_service else ()
        reason = "GOODS_STRANDED", f"its goods are on board {carrier}, which is out of service"
    elif state.stop.has_goods and in_service:
        possible = loading
        reason = "GOODS_NOT_ON_BOARD", "its goods are at the depot and every vehicle has left"
    else:
        possible = in_service
        reason = "NO_VEHICLE", "every vehicle is out of service"
    if not possible:
        return None, reason
    under_way = any(each.committed == state.stop.id for each in here.progress.values())
    allowed = possible if under_way else permitted_by_hand(state, possible, carried=carrier is not None)
    if not allowed:
        return (), _refused(state, possible, in_service)
    if not under_way and carrier is None:
        faults = {name: unfit(here.day.vehicles[name].vehicle, state.stop) for name in allowed}
        allowed = tuple(name for name, fault in faults.items() if fault is None)
        if not allowed:
            code = next(fault[0] for fault in faults.values() if fault is not None)
            return (), (code, "; ".join(dict.fromkeys(fault[1] for fault in faults.values() if fault is not None)))
    return (None if allowed == in_service else allowed), None


def permitted_by_hand(state: StopState, possible: Iterable[str], *, carried: bool) -> tuple[str, ...]:
    """Return those of some vehicles that the dispatcher's word leaves a stop; goods on board outweigh a pin."""
    pinned = None if carried else state.pinned_vehicle
    return tuple(name for name in possible if name not in state.forbidden and pinned in (None, name))


def _refused(state: StopState, possible: Collection[str], in_service: Collection[str]) -> tuple[str, str]:
    """Return why no vehicle is left to a stop after the dispatcher's word."""
    pinned = state.pinned_vehicle
    if pinned is not None and pinned in in_service and pinned not in possible:
        return "GOODS_NOT_ON_BOARD", f"its goods are at the depot and {pinned}, to which it is bound, has left"
    if pinned is not None and pinned not in in_service:
        return "NO_VEHICLE", f"it is bound to {pinned}, which is out of service"
    return "NO_VEHICLE", f"every vehicle that could serve it is forbidden there: {', '.join(sorted(state.forbidden))}"


def _windows(state: StopState, day: Day) -> tuple[tuple[TimeWindow, ...], bool]:
    """Return the windows that absence leaves, and whether it leaves any time at all.

    An absence that was told and ends after the last window moves that window to its end: then is the first chance. So
    do hours in which surely nobody is there, and the wait for a second attempt, where they leave no other time.
    """
    windows = state.stop.windows
    for from_s, until_s in state.unavailable:
        windows = _without(windows or _all_day(day, from_s, until_s), from_s, until_s, day.now_s)
        if until_s is not None and not any(window.start_s >= until_s for window in windows):
            windows = (*windows, TimeWindow(start_s=until_s, end_s=until_s))
        if not windows:
            return state.stop.windows, False
    empty = [(step.from_s, step.until_s) for step in state.stop.availability if step.at_home_ratio <= 0]
    for from_s, until_s in (*empty, *(((0, state.not_before_s),) if state.not_before_s is not None else ())):
        left = _without(windows or _all_day(day, from_s, until_s), from_s, until_s, day.now_s)
        windows = left or (TimeWindow(start_s=until_s, end_s=until_s),)
    return windows, True


def _without(windows: tuple[TimeWindow, ...], from_s: int, until_s: int | None, now_s: int) -> tuple[TimeWindow, ...]:
    """Return windows without a span of time, and without what of them is over before it begins."""
    before = [
        TimeWindow(start_s=window.start_s, end_s=min(window.end_s, from_s - 1))
        for window in windows
        if window.start_s < from_s and min(window.end_s, from_s - 1) >= now_s
    ]
    after = [
        TimeWindow(start_s=max(window.start_s, until_s), end_s=window.end_s)
        for window in windows
        if until_s is not None and window.end_s >= until_s
    ]
    return (*before, *after)


def _all_day(day: Day, from_s: int, until_s: int | None) -> tuple[TimeWindow, ...]:
    """Return the window that no window is: the day with the absence that is to be cut out of it."""
    shifts = [vehicle.vehicle.shift for vehicle in day.vehicles.values()]
    first_s, last_s = min(shift.start_s for shift in shifts), max(shift.end_s for shift in shifts)
    return (TimeWindow(start_s=min(first_s, from_s), end_s=max(last_s, until_s or from_s)),)
