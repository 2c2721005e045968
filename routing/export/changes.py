"""Say in words what changed between two plans of a day, per vehicle and stop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from routing.export.schema import PlanDocument, RouteDocument, VisitDocument
from routing.export.words import clock, minutes_between, windows_words
from routing.replan.compare import steady_order
from routing.units import format_duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Tell one change to a vehicle's driver, or to the dispatcher where `vehicle_id` is None."""

    vehicle_id: str | None
    stop_id: str | None
    """None where the whole route is meant."""
    kind: str
    """`added`, `removed`, `moved`, `eta`, `window`, `route` or `unassigned`."""
    text: str


def document_changes(
    before: PlanDocument,
    after: PlanDocument,
    *,
    done: Collection[str] | None = None,
    eta_shift_s: int = 300,
) -> tuple[Change, ...]:
    """Return what a driver who holds `before` must know of `after`, in the order of the routes of `after`.

    `done` are the stops that were served or failed since, which is no news; where it is None, stops that were
    to be left by the time that `after` is made for count as done. Nor is it news where a stop keeps its place
    in the order and its arrival shifts by less than `eta_shift_s`.
    """
    finished = _finished(before, after) if done is None else frozenset(done)
    told: list[Change] = []
    old_routes = {route.vehicle_id: route for route in before.routes}
    for route in after.routes:
        told += _route_changes(before, after, old_routes.get(route.vehicle_id), route, finished, eta_shift_s)
    now_used = {route.vehicle_id for route in after.routes}
    for route in before.routes:
        if route.vehicle_id not in now_used:
            gone = _gone(after, route, (), finished)
            told += gone
            if gone or not route.served:
                text = f"{route.vehicle_id} has no route any more"
                told.append(Change(vehicle_id=route.vehicle_id, stop_id=None, kind="route", text=text))
    known = {left.stop_id for left in before.unassigned}
    told += [
        Change(
            vehicle_id=None,
            stop_id=left.stop_id,
            kind="unassigned",
            text=f"{_name(left.stop_id, left.address)} is now unassigned: {left.detail or left.reason}",
        )
        for left in after.unassigned
        if left.stop_id not in known
    ]
    return tuple(told)


def _finished(before: PlanDocument, after: PlanDocument) -> frozenset[str]:
    if after.created_for is None:
        return frozenset()
    now = datetime.fromisoformat(after.created_for)
    return frozenset(
        visit.stop_id
        for route in before.routes
        for visit in route.served
        if datetime.fromisoformat(visit.departure) <= now
    )


def _route_changes(
    before: PlanDocument,
    after: PlanDocument,
    old: RouteDocument | None,
    new: RouteDocument,
    finished: frozenset[str],
    eta_shift_s: int,
) -> list[Change]:
    """Return the changes of one vehicle: what comes new or elsewhere, in order of driving, then what goes."""
    old_visits = {visit.stop_id: visit for visit in old.served} if old else {}
    old_vehicle = {visit.stop_id: route.vehicle_id for route in before.routes for visit in route.served}
    in_order = steady_order(list(old_visits), [visit.stop_id for visit in new.served])
    told: list[Change] = []

    def tell(kind: str, stop_id: str | None, text: str) -> None:
        told.append(Change(vehicle_id=new.vehicle_id, stop_id=stop_id, kind=kind, text=text))

    previous = "the start"
    for number, visit in enumerate(new.served, start=1):
        name, eta = _name(visit.stop_id, visit.address), clock(visit.arrival, after.date)
        was = old_visits.get(visit.stop_id)
        if was is None:
            source = old_vehicle.get(visit.stop_id)
            taken = f"comes from {source}" if source else "is added"
            tell("added", visit.stop_id, f"{name} {taken}: now stop {number}, ETA {eta}")
        elif visit.stop_id not in in_order:
            tell("moved", visit.stop_id, f"{name} now comes after {previous}: stop {number}, ETA {eta}")
        elif (shift := _shift_words(was, visit, before, after, eta_shift_s)) is not None:
            tell("eta", visit.stop_id, f"{name}: {shift}")
        if was is not None and was.windows != visit.windows:
            words = windows_words(visit.windows, after.date)
            tell("window", visit.stop_id, f"{name}: the window is now {words}")
        previous = visit.stop_id
    if old is None and not new.served:
        tell("route", None, f"{new.vehicle_id} has a route now")
    if old is not None:
        stays = {visit.stop_id for visit in new.served}
        told += _gone(after, old, stays, finished)
        minutes = minutes_between(old.end.time, new.end.time)
        if abs(minutes) * 60 >= eta_shift_s:
            was_at, is_at = clock(old.end.time, before.date), clock(new.end.time, after.date)
            tell("route", None, f"End of route: {was_at} → {is_at} ({_later(minutes)})")
    return told


def _gone(after: PlanDocument, old: RouteDocument, stays: Collection[str], finished: frozenset[str]) -> list[Change]:
    """Return what a vehicle no longer does, each with where it went."""
    new_vehicle = {visit.stop_id: route.vehicle_id for route in after.routes for visit in route.served}
    left_out = {left.stop_id: left for left in after.unassigned}
    told = []
    for visit in old.served:
        stop_id = visit.stop_id
        if stop_id in stays:
            continue
        name = _name(stop_id, visit.address)
        if stop_id in new_vehicle:
            text = f"{name} goes to {new_vehicle[stop_id]}"
        elif stop_id in left_out:
            text = f"{name} is taken off: {left_out[stop_id].detail or left_out[stop_id].reason}"
        elif stop_id in finished:
            continue
        else:
            text = f"{name} is taken off"
        told.append(Change(vehicle_id=old.vehicle_id, stop_id=stop_id, kind="removed", text=text))
    return told


def _shift_words(
    was: VisitDocument, now: VisitDocument, before: PlanDocument, after: PlanDocument, eta_shift_s: int
) -> str | None:
    minutes = minutes_between(was.arrival, now.arrival)
    if abs(minutes) * 60 < eta_shift_s:
        return None
    return f"ETA {clock(was.arrival, before.date)} → {clock(now.arrival, after.date)} ({_later(minutes)})"


def _later(minutes: int) -> str:
    return f"{format_duration(abs(minutes) * 60)} {'later' if minutes > 0 else 'earlier'}"


def _name(stop_id: str, address: str) -> str:
    return f"{stop_id} ({address})" if address else stop_id
