"""Say what each halt of a route asks of the clock: stops and reloads alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.problem.model import Problem, TimeWindow, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Ask for one stop by one type of vehicle, or for a reload: what the clock must know of it."""

    id: str
    place: int
    windows: tuple[TimeWindow, ...]
    stay_s: int
    """From the start of the service to the departure."""
    setup_s: int
    due_s: int | None
    late_limit_s: int | None
    """How late it may start; None: any."""
    release_s: int | None
    reload: bool


def halts_of(problem: Problem, vehicle_type: str) -> dict[str, Halt]:
    """Return what every stop and depot of a problem asks of a type of vehicle, by id."""
    stops = (
        Halt(
            id=stop.id,
            place=stop.place,
            windows=stop.windows,
            stay_s=problem.stay_s(stop, vehicle_type),
            setup_s=stop.setup_s,
            due_s=stop.due_s,
            late_limit_s=stop.lateness_limit_s if stop.lateness_allowed else 0,
            release_s=stop.release_s if stop.on_board is None else None,
            reload=False,
        )
        for stop in problem.stops
    )
    depots = (
        Halt(
            id=depot.id,
            place=depot.place,
            windows=depot.windows,
            stay_s=depot.reload_s,
            setup_s=0,
            due_s=None,
            late_limit_s=0,
            release_s=None,
            reload=True,
        )
        for depot in problem.depots
    )
    return {halt.id: halt for halt in (*stops, *depots)}


def places_of_leg(vehicle: Vehicle, halts: Sequence[Halt], number: int) -> tuple[int | None, int, bool]:
    """Return from where a leg leads, where to, and whether that is one place; None where nothing is driven.

    Nothing is driven before the first halt where the start is open, after the last where the end is, and by a vehicle
    without halts in either case.
    """
    if number == len(halts):
        origin = halts[-1].place if halts else vehicle.start_place
        nowhere = vehicle.open_end or (vehicle.open_start and not halts)
        return (None, origin, False) if nowhere else (origin, vehicle.end_place, False)
    place = halts[number].place
    if number == 0 and vehicle.open_start:
        return None, place, False
    origin = halts[number - 1].place if number else vehicle.start_place
    return origin, place, origin == place


def releases_s(halts: Sequence[Halt]) -> tuple[int | None, ...]:
    """Return by trip when the last of its goods is released, None where nothing waits for a release."""
    trips: list[int | None] = [None]
    for halt in halts:
        if halt.reload:
            trips.append(None)
        elif halt.release_s is not None:
            trips[-1] = max(halt.release_s, trips[-1] or halt.release_s)
    return tuple(trips)
