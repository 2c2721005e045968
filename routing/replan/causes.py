"""Why each change of a plan was made: the events behind it, and what it would cost to leave that stop alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.events.day import Day
from routing.events.news import VehicleArrived, VehicleDeparted
from routing.events.published import Change, PlanPublished
from routing.events.types import (
    ConditionWithdrawn,
    Event,
    RoadClosed,
    RoadReopened,
    TrafficReported,
    VehicleLocated,
    VisitServed,
    VisitStarted,
    WeatherReported,
)
from routing.plan.model import Plan
from routing.replan.compare import event_words
from routing.replan.remaining import Remaining
from routing.replan.staying import Staying
from routing.units import format_cents, format_duration

MOST_PRICED = 60
"""Of more changes than these the first are priced; the others say that they are not."""
_NAMED = 3
"""So many events are named in words, the others counted."""
_AS_IT_WAS = ("time", "reopened")
"""Kinds of changes that no decision made."""
_ROADS = (TrafficReported, RoadClosed, RoadReopened, WeatherReported, ConditionWithdrawn)
_ROUTINE = (VehicleLocated, VehicleDeparted, VehicleArrived, VisitStarted, VisitServed)
"""Reports that come all the time: they are behind a change only where nothing else is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """Say what an event is about."""

    event: Event
    stop_id: str | None
    vehicle_ids: frozenset[str]
    """Vehicles that it names, or that had or have the stop that it names."""
    names_vehicle: bool


def explained(day: Day, rest: Remaining, old: Plan, plan: Plan, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes of a plan with their causes, the cost of staying, and both in words.

    `old` are the current orders with new times. An event is behind a change where it names the stop or, without a
    stop, one of its vehicles; else where it concerns another stop of them, or the roads that they drive; else where it
    concerns vehicles that exchange stops with them; else any may be. A day's first plan changes nothing.
    """
    base = day.plan
    if base is None or not changes:
        return tuple(changes)
    links = _links(day, base, plan)
    redriven = _redriven(base, old)
    tied = _tied(changes)
    staying = Staying(rest, plan, base)
    found = []
    asked = [change.stop_id for change in changes if change.kind not in _AS_IT_WAS][:MOST_PRICED]
    for change in changes:
        own = {vehicle_id for vehicle_id in (change.from_vehicle, change.to_vehicle) if vehicle_id}
        causes = _causes(links, redriven, change.stop_id, own, tied.get(change.stop_id, own))
        priced = change.stop_id in asked
        cents = staying.added_cents(change) if priced else None
        full = replace(change, causes=tuple(event.id for event in causes), staying_cents=cents)
        found.append(replace(full, words=_words(full, causes, priced=priced)))
    return tuple(found)


def _links(day: Day, base: PlanPublished, plan: Plan) -> list[_Link]:
    vehicles: dict[str, set[str]] = {}
    was = [(route.vehicle_id, route.visits) for route in base.routes]
    for vehicle_id, visits in (*was, *((route.vehicle_id, route.visits) for route in plan.routes)):
        for visit in visits:
            vehicles.setdefault(visit.stop_id, set()).add(vehicle_id)
    links = []
    for event in day.since_plan:
        if isinstance(event, PlanPublished):
            continue
        # What is taken back was about the same.
        about = day.seen.get(getattr(event, "event_id", "")) or event
        stop_id, named_id = _subject(about)
        theirs = vehicles.get(stop_id, set()) if stop_id else set[str]()
        named = {named_id} if named_id else set[str]()
        link = _Link(
            event=event,
            stop_id=stop_id,
            vehicle_ids=frozenset(theirs | named),
            names_vehicle=bool(named_id) and not stop_id,
        )
        links.append(link)
    return links


def _subject(event: Event) -> tuple[str | None, str | None]:
    """Return the stop and the vehicle that an event names."""
    asked, offered = getattr(event, "stop", None), getattr(event, "vehicle", None)
    stop_id = asked.id if asked is not None else getattr(event, "stop_id", None)
    return stop_id, offered.id if offered is not None else getattr(event, "vehicle_id", None)


def _redriven(base: PlanPublished, old: Plan) -> frozenset[str]:
    """Return the vehicles whose drives between the same visits take another time than published."""
    was = {
        (route.vehicle_id, one.stop_id, other.stop_id): other.arrive_s - one.depart_s
        for route in base.routes
        for one, other in zip(route.visits, route.visits[1:], strict=False)
    }
    return frozenset(
        route.vehicle_id
        for route in old.routes
        for one, other in zip(route.visits, route.visits[1:], strict=False)
        if was.get((route.vehicle_id, one.stop_id, other.stop_id), other.arrive_s - one.depart_s)
        != other.arrive_s - one.depart_s
    )


def _tied(changes: Sequence[Change]) -> Mapping[str, set[str]]:
    """Return by stop id all vehicles that are tied to its own by stops that change between them."""
    groups: list[set[str]] = []
    for change in changes:
        joined = {vehicle_id for vehicle_id in (change.from_vehicle, change.to_vehicle) if vehicle_id}
        for group in [group for group in groups if group & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return {
        change.stop_id: group
        for change in changes
        for group in groups
        if group & {change.from_vehicle, change.to_vehicle}
    }


def _causes(
    links: Sequence[_Link], redriven: frozenset[str], stop_id: str, own: set[str], tied: set[str]
) -> tuple[Event, ...]:
    """Return the events behind a change, those of the nearest circle around it that holds any."""

    def concerns(link: _Link, vehicle_ids: set[str]) -> bool:
        by_road = isinstance(link.event, _ROADS) and bool(redriven & vehicle_ids)
        return by_road or bool(link.vehicle_ids & vehicle_ids)

    for routine in (False, True):
        alike = [link for link in links if isinstance(link.event, _ROUTINE) == routine]
        for circle in (
            [link for link in alike if link.stop_id == stop_id or (link.names_vehicle and link.vehicle_ids & own)],
            [link for link in alike if concerns(link, own)],
            [link for link in alike if concerns(link, tied)],
            alike,
        ):
            if circle:
                return tuple(link.event for link in circle)
    return ()


def _words(change: Change, causes: Sequence[Event], *, priced: bool) -> str:
    parts = [_what(change)]
    if causes:
        named = ", ".join(event_words(event) for event in causes[:_NAMED])
        more = f" and {len(causes) - _NAMED} more" if len(causes) > _NAMED else ""
        parts.append(f" after {named}{more}")
    parts += _stay_words(change, priced=priced)
    return "".join(parts)


def _stay_words(change: Change, *, priced: bool) -> Iterator[str]:
    if change.kind in _AS_IT_WAS:
        return
    cents = change.staying_cents
    if not priced:
        yield f"; not priced, for there are more than {MOST_PRICED} changes"
    elif cents is None:
        yield "; as it was it would break a bound"
    elif cents >= 0:
        yield f"; as it was it would cost {format_cents(cents)} more"
    else:
        yield f"; alone as it was it would cost {format_cents(-cents)} less, fees for changes left out"


def _what(change: Change) -> str:
    if change.kind == "time":
        return f"{format_duration(abs(change.shift_s))} {'later' if change.shift_s > 0 else 'earlier'}"
    return {
        "vehicle": f"from {change.from_vehicle} to {change.to_vehicle}",
        "order": f"to another place in the order of {change.to_vehicle}",
        "added": f"added to {change.to_vehicle}",
        "reopened": f"taken for served before, now with {change.to_vehicle}",
        "dropped": f"taken off {change.from_vehicle}",
    }[change.kind]
