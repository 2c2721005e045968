"""Legs and travel: each leg joins what it should, when it should, as the roads say."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven


def legs(driven: Driven) -> Iterator[Violation]:
    """Compare each leg with the places and departures before and after it, and with the roads."""
    vehicle, route = driven.vehicle, driven.route
    places = [driven.place(visit, stop) for visit, stop in driven.halts]
    if len(route.legs) != len(places) + 1:
        cause = f"has {len(route.legs)} legs for {len(places)} visits"
        yield Violation(code="LEG_COUNT", where=driven.where, cause=cause)
        return
    first = places[0] if places and vehicle.open_start else vehicle.start_place
    last = places[-1] if places and vehicle.open_end else vehicle.end_place
    places = [first, *places, last]
    departures_s = [route.start_s, *(visit.depart_s for visit in route.visits)]
    travel = driven.asked.travel(vehicle)
    for number, leg in enumerate(route.legs):
        where = f"vehicle {vehicle.id}, leg {number}"
        if (leg.from_place, leg.to_place) != (places[number], places[number + 1]):
            cause = f"joins {leg.from_place} and {leg.to_place}, not {places[number]} and {places[number + 1]}"
            yield Violation(code="LEG_PLACE", where=where, cause=cause)
        if leg.depart_s != departures_s[number]:
            cause = f"leaves {leg.depart_s - departures_s[number]} s after what is before it"
            yield Violation(code="LEG_DEPARTURE", where=where, cause=cause)
        stands = (number == 0 and vehicle.open_start) or (number == len(route.visits) and vehicle.open_end)
        true = None if stands else travel.leg(places[number], places[number + 1], departures_s[number])
        if true is None and not stands:
            yield Violation(code="LEG_UNREACHABLE", where=where, cause="is a drive that no road allows")
            continue
        duration_s, distance_m = (0, 0) if true is None else (true.duration_s, true.distance_m)
        if leg.duration_s != duration_s:
            cause = f"takes {leg.duration_s} s, the roads say {duration_s}"
            yield Violation(code="LEG_DURATION", where=where, cause=cause)
        if leg.distance_m != distance_m:
            cause = f"is {leg.distance_m} m long, the roads say {distance_m}"
            yield Violation(code="LEG_DISTANCE", where=where, cause=cause)
