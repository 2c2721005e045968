"""The published plan of a day under way: a plan.json with what is behind it.

`routes` hold what remains from `created_for` on, each beginning where its vehicle is then; `done` holds every other
stop of the day that is not unassigned, so that each stop stands in the document exactly once. A reader that knows
only plan.json reads it as the plan of the remaining day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from routing.events.day import CANCELLED, FAILED, SERVED, Day, StopState
from routing.events.published import Figures, Transfer
from routing.export.document import PlanContext, plan_document
from routing.export.schema import (
    Instant,
    Latitude,
    Longitude,
    Natural,
    PlanDocument,
    RouteDocument,
    RouteTotals,
    TransferDocument,
)
from routing.plan.model import Plan, Visit
from routing.replan.promises import Promise
from routing.replan.remaining import Remaining
from routing.replan.trail import lateness_s
from routing.units import format_instant

_Totals = TypeVar("_Totals", bound=RouteTotals)


def _is_none(value: object) -> bool:
    return value is None


class DoneDocument(BaseModel):
    """Say what became of a stop that is behind."""

    model_config = ConfigDict(frozen=True, strict=True)

    stop_id: str
    address: str
    lat_deg: Latitude
    lon_deg: Longitude
    state: Literal["served", "failed", "cancelled", "serving", "assumed"]
    """As reported; `serving` is going on, `assumed` has no report and is taken as made by the plan's times."""
    vehicle_id: str | None
    start: Instant | None
    """Of its service, where known."""
    departure: Instant | None
    lateness_s: Natural
    load: Natural
    delivered_load: Natural | None
    """What was delivered of the load, where it was reported."""
    reason: str
    transfer: Annotated[TransferDocument | None, Field(exclude_if=_is_none)] = None
    """None for a customer's stop."""


class FiguresDocument(BaseModel):
    """Sum up the whole day as a plan sees it."""

    model_config = ConfigDict(frozen=True, strict=True)

    on_time: Natural
    late: Natural
    lateness_s: Natural
    unassigned: Natural
    drive_s: Natural
    cost_cents: int


class DayDocument(PlanDocument):
    """Hold a plan of a day under way, standing alone."""

    base_version: int | None
    reason: str
    """Why it differs from the plan before, in words."""
    before: FiguresDocument
    """The orders of the plan before, under the new facts."""
    after: FiguresDocument
    done: tuple[DoneDocument, ...]


def day_document(
    day: Day,
    rest: Remaining,
    plan: Plan,
    *,
    context: PlanContext,
    reason: str,
    figures: tuple[Figures, Figures],
    promises: tuple[Promise, ...],
) -> DayDocument:
    """Return the published form of a plan of a day under way; it reads nothing but its arguments.

    `promises` are those that are new with it.
    """
    whole = replace(rest.problem, stops=(*rest.problem.stops, *(stop for stop, _ in rest.left_out)))
    document = plan_document(whole, plan, context=context)
    before, after = figures
    routes = tuple(_told(route, day, rest, promises) for route in document.routes)
    return DayDocument.model_validate(
        {
            **dict(document),
            "routes": routes,
            "totals": _without_transfers(document.totals, routes),
            "base_version": None if day.plan is None else day.plan.version,
            "reason": reason,
            "before": FiguresDocument.model_validate(asdict(before)),
            "after": FiguresDocument.model_validate(asdict(after)),
            "done": _done(day, rest),
        }
    )


def _told(route: RouteDocument, day: Day, rest: Remaining, promises: tuple[Promise, ...]) -> RouteDocument:
    """Return a route whose visits say what was promised, and what they take over."""
    zone = day.started.time_zone
    new = {stop_id: (from_s, until_s) for stop_id, from_s, until_s in promises}
    transfers = {transfer.id: transfer for transfer in rest.transfers}
    visits = []
    for visit in route.visits:
        transfer, state = transfers.get(visit.stop_id), day.stops.get(visit.stop_id)
        kept = None if state is None else state.promise  # a transfer is no stop of the day before it is published
        interval = new.get(visit.stop_id, None if kept is None else (kept.start_s, kept.end_s))
        promised = None if interval is None else tuple(format_instant(edge_s, zone) for edge_s in interval)
        told: dict[str, object] = {"promised": promised, "transfer": _transfer(transfer)}
        if transfer is not None:
            told["address"] = transfer_words(transfer)
        visits.append(visit.model_copy(update=told))
    route = route.model_copy(update={"visits": tuple(visits)})
    return route if all(visit.transfer is None for visit in visits) else _loaded_on_the_way(route)


def _loaded_on_the_way(route: RouteDocument) -> RouteDocument:
    """Return a route with transfers whose loads count from where they are taken over, and whose totals are of stops."""
    taken_at = {
        stop_id: number
        for number, visit in enumerate(route.visits)
        if visit.transfer is not None
        for stop_id in visit.transfer.stop_ids
    }
    ahead = {visit.stop_id: visit.load for visit in route.visits if visit.stop_id in taken_at}
    visits = []
    for number, visit in enumerate(route.visits):
        to_come = sum(load for stop_id, load in ahead.items() if taken_at[stop_id] > number)
        visits.append(visit.model_copy(update={"load_after": visit.load_after - to_come}))
    changed = {"visits": tuple(visits), "load": route.load - sum(ahead.values())}
    route = route.model_copy(update=changed)
    return route.model_copy(update={"totals": _without_transfers(route.totals, (route,))})


def _without_transfers(totals: _Totals, routes: Sequence[RouteDocument]) -> _Totals:
    """Return totals that count visits of customers only."""
    transfers = [visit for route in routes for visit in route.visits if visit.transfer is not None]
    late = sum(visit.lateness_s > 0 for visit in transfers)
    counts = {"served": len(transfers), "on_time": len(transfers) - late, "late": late, "stops": len(transfers)}
    return totals.model_copy(
        update={name: getattr(totals, name) - count for name, count in counts.items() if hasattr(totals, name)}
    )


def _done(day: Day, rest: Remaining) -> tuple[DoneDocument, ...]:
    """Return the stops that are behind: what was reported or cancelled, then what is assumed, by vehicle."""
    closed = [_reported(day, stop) for stop in day.stops.values() if not stop.is_open]
    assumed = [
        _assumed(day, visit, each.vehicle_id, going_on=each.serving == visit.stop_id)
        for each in rest.progress.values()
        for visit in each.assumed
    ]
    return (*closed, *assumed)


def _reported(day: Day, stop: StopState) -> DoneDocument:
    zone, start_s = day.started.time_zone, stop.started_s
    if start_s is None and stop.state == SERVED and stop.ended_s is not None:
        start_s = stop.ended_s - stop.stop.stay_s(day.type_of(stop.vehicle_id))
    left = stop.ended_s is not None and stop.state != CANCELLED
    return DoneDocument(
        stop_id=stop.stop.id,
        address=stop.stop.address,
        lat_deg=stop.stop.location.lat_deg,
        lon_deg=stop.stop.location.lon_deg,
        state=SERVED if stop.state == SERVED else FAILED if stop.state == FAILED else CANCELLED,
        vehicle_id=stop.vehicle_id if stop.state != CANCELLED else None,
        start=None if start_s is None else format_instant(start_s, zone),
        departure=format_instant(stop.ended_s, zone) if left and stop.ended_s is not None else None,
        lateness_s=lateness_s(stop.stop, start_s) if stop.state == SERVED and start_s is not None else 0,
        load=stop.stop.load,
        delivered_load=stop.delivered_load,
        reason=stop.detail,
        transfer=_transfer(stop.transfer),
    )


def _assumed(day: Day, visit: Visit, vehicle_id: str, *, going_on: bool) -> DoneDocument:
    stop, zone = day.stops[visit.stop_id].stop, day.started.time_zone
    return DoneDocument(
        stop_id=stop.id,
        address=stop.address,
        lat_deg=stop.location.lat_deg,
        lon_deg=stop.location.lon_deg,
        state="serving" if going_on else "assumed",
        vehicle_id=vehicle_id,
        start=format_instant(visit.start_s, zone),
        departure=format_instant(visit.depart_s, zone),
        lateness_s=visit.lateness_s,
        load=stop.load,
        delivered_load=None,
        reason="",
        transfer=_transfer(day.stops[stop.id].transfer),
    )


def transfer_words(transfer: Transfer) -> str:
    """Return what a driver does at a transfer."""
    goods = ", ".join(transfer.stop_ids)
    if transfer.from_vehicle is None:
        return f"load at the depot for {goods}"
    return f"take over from {transfer.from_vehicle} for {goods}"


def _transfer(transfer: Transfer | None) -> TransferDocument | None:
    if transfer is None:
        return None
    return TransferDocument(from_vehicle=transfer.from_vehicle, stop_ids=transfer.stop_ids)
