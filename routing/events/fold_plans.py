"""Plans, proposals and the end of the day, as they change it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from routing.events.asked import DayStop
from routing.events.day import PLANNED, UNASSIGNED, StopState
from routing.events.draft import Draft
from routing.events.fold_words import break_circle
from routing.events.published import PlanProposed, PlanPublished, Transfer
from routing.events.words import DayClosed, PlanAccepted, PlanRejected
from routing.problem.model import TimeWindow


def published(event: PlanPublished, day: Draft) -> None:
    """Put a plan in force; a pending proposal goes where its orders are others, and stays where only times are new."""
    for vehicle in tuple(day.vehicles.values()):
        if vehicle.reported_since_plan:
            day.put_vehicle(replace(vehicle, reported_since_plan=False))
    day.stops = _stops(day, event)
    day.plan, day.since_plan, day.accepted = event, [], None
    if event.adopted:
        day.proposal = None


def proposed(event: PlanProposed, day: Draft) -> None:
    """Keep a plan that waits for the dispatcher's word, in the place of one that waited before."""
    day.proposal = event


def accepted(event: PlanAccepted, day: Draft) -> None:
    """Let the next plan have the proposed orders.

    Drivers have followed the plan in force meanwhile, so the proposal's own times and places hold no more.
    """
    day.proposal, day.accepted = None, day.proposal


def rejected(event: PlanRejected, day: Draft) -> None:
    """Drop the proposed plan."""
    day.proposal = None


def closed(event: DayClosed, day: Draft) -> None:
    """End the day."""
    day.closed, day.proposal, day.accepted = True, None, None


def _stops(day: Draft, plan: PlanPublished) -> dict[str, StopState]:
    route_of = {visit.stop_id: route.vehicle_id for route in plan.routes for visit in (*route.assumed, *route.visits)}
    left_out = {stop_id: (reason, detail) for stop_id, reason, detail in plan.unassigned}
    on_board, promises = dict(plan.on_board), {key: (start_s, end_s) for key, start_s, end_s in plan.promises}
    before = {visit.stop_id: previous.stop_id for route in plan.routes for previous, visit in pairwise(route.visits)}
    transfers = {transfer.id: transfer for transfer in plan.transfers}
    stops = dict(day.stops)
    for key in day.stops:
        stop = stops[key]
        if not stop.is_open:
            continue
        if stop.transfer is not None and key not in route_of and key not in transfers:
            del stops[key]
            continue
        planned = _planned(stop, route_of.get(key), left_out.get(key), on_board.get(key))
        if key in promises:
            planned = replace(planned, promise=TimeWindow(start_s=promises[key][0], end_s=promises[key][1]))
        if planned.pinned_position:
            planned = _settled(planned, before.get(key))
            break_circle(stops, key, planned.moved_after)
        if planned is not stop:
            stops[key] = planned
    for key, transfer in transfers.items():
        known = stops.get(key)
        if known is None or known.is_open:
            stops[key] = _taken_over(day, transfer, known)
    return stops


def _planned(
    stop: StopState, vehicle_id: str | None, left_out: tuple[str, str] | None, on_board: str | None
) -> StopState:
    state, reason, detail = PLANNED, "", ""
    if vehicle_id is None:
        state, (reason, detail) = UNASSIGNED, left_out or (stop.reason, stop.detail)
    carrier = on_board or stop.on_board
    same = stop.vehicle_id == vehicle_id and stop.state == state and stop.on_board == carrier
    if same and stop.reason == reason and stop.detail == detail:
        return stop
    return replace(
        stop,
        state=state,
        vehicle_id=vehicle_id,
        arrived_s=stop.arrived_s if stop.vehicle_id == vehicle_id else None,
        reason=reason,
        detail=detail,
        on_board=carrier,
    )


def _settled(stop: StopState, before: str | None) -> StopState:
    """Bind a stop that is pinned to a place to the stop before it, for the places move up as visits are made."""
    if stop.vehicle_id != stop.pinned_vehicle:
        return stop
    if before is None:
        return replace(stop, pinned_position=0)
    return replace(stop, pinned_position=None, moved_after=before)


def _taken_over(day: Draft, transfer: Transfer, known: StopState | None) -> StopState:
    options = day.started.replan
    service_s = options.reload_service_s if transfer.from_vehicle is None else options.transfer_service_s
    asked = DayStop(id=transfer.id, location=transfer.location, service_s=service_s)
    state = known or StopState(stop=asked)
    return replace(state, stop=asked, state=PLANNED, vehicle_id=transfer.to_vehicle, transfer=transfer)
