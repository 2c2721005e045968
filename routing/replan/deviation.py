"""Where a driver really goes: what his positions say of the stop that he is driving to.

A driver who departs from the plan is followed, not fought. One position may be a detour or a mistake; two in a row
that lead away from the planned stop and towards another one of his stops say that he drives there.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.events.day import Day
from routing.events.types import VehicleLocated
from routing.network.location import Location
from routing.replan.along import distance_m

STEP_M = 50.0
"""A step away from a place, or towards it, is at least so long; shorter ones may be errors of the position."""
LATE_S = 3_600
"""An older event than this before the span that is asked for ends the look back: nothing comes so late."""

Seen = tuple[int, Location]
"""When and where a vehicle was reported."""


def positions(day: Day, vehicle_id: str, from_s: int, until_s: int) -> tuple[Seen, ...]:
    """Return where a vehicle was reported after one instant and up to another, by time; of an instant the last told."""
    found: dict[int, Location] = {}
    for event in day.seen.latest_first():
        if event.known_at_s < from_s - LATE_S:
            break
        if not isinstance(event, VehicleLocated) or event.vehicle_id != vehicle_id:
            continue
        if from_s < event.effective_at_s <= until_s:
            found.setdefault(event.effective_at_s, event.location)
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def driven_to(
    start: Location, seen: Sequence[Seen], planned: Location, others: Sequence[tuple[str, Location]]
) -> str | None:
    """Return the id of the stop that a driver goes to instead of the planned one, None where he may go there.

    `seen` are his positions since he left `start`; the last two steps decide. Of several stops that they lead to, the
    nearest is meant.
    """
    places = [start, *(place for _, place in seen)][-3:]
    if len(places) < 3 or not _leaves(places, planned):
        return None
    nearer = [(distance_m(places[-1], place), stop_id) for stop_id, place in others if _nears(places, place)]
    return min(nearer)[1] if nearer else None


def _leaves(places: Sequence[Location], target: Location) -> bool:
    first_m, middle_m, last_m = (distance_m(place, target) for place in places)
    return first_m + STEP_M <= middle_m and middle_m + STEP_M <= last_m


def _nears(places: Sequence[Location], target: Location) -> bool:
    first_m, middle_m, last_m = (distance_m(place, target) for place in places)
    return first_m - STEP_M >= middle_m and middle_m - STEP_M >= last_m
