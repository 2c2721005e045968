"""What a plan, or the word about a proposed one, says against the day."""

from __future__ import annotations

from collections.abc import Iterator

from routing.events.against_visits import goods_on
from routing.events.day import Fault
from routing.events.draft import Known
from routing.events.published import PlanProposed, PlanPublished
from routing.events.words import PlanAccepted, PlanRejected

_PLAN_AGAIN = "Read the day again and plan from its last version."


def against_plan(day: Known, plan: PlanPublished) -> Iterator[Fault]:
    """Yield what speaks against a plan: it is not the next one, or it is of another day."""
    expected = 1 if day.plan is None else day.plan.version + 1
    if plan.version != expected:
        yield "PLAN_VERSION", f"it is version {plan.version} where {expected} is next", _PLAN_AGAIN
    named = {visit.stop_id for route in plan.routes for visit in (*route.assumed, *route.visits)}
    named -= {transfer.id for transfer in plan.transfers}
    for stop_id in sorted(named - day.stops.keys()):
        yield "STOP_UNKNOWN", f"it visits {stop_id!r}, which is no stop of this day", _PLAN_AGAIN
    for vehicle_id in sorted({route.vehicle_id for route in plan.routes} - day.vehicles.keys()):
        yield "VEHICLE_UNKNOWN", f"it has a route for {vehicle_id!r}, which is not in the fleet", _PLAN_AGAIN


def against_answer(day: Known, event: PlanAccepted | PlanRejected) -> Iterator[Fault]:
    """Yield what speaks against the word about a proposal: none waits for it, or the day has moved on."""
    pending = day.proposal
    if pending is None or pending.id != event.proposal_id:
        cure = f"{pending.id} is pending; answer that one." if pending else "None is pending; look at the day again."
        if isinstance(day.seen.get(event.proposal_id), PlanProposed):
            yield "PROPOSAL_STALE", f"proposal {event.proposal_id} was answered, or another plan came since", cure
        else:
            yield "PROPOSAL_UNKNOWN", f"there is no proposal {event.proposal_id!r} in this day", cure
    elif isinstance(event, PlanAccepted):
        for stop_id, vehicle_id, other in _overtaken(day, pending.plan):
            cause = f"it gives stop {stop_id} to {vehicle_id}, but since then {other} has its goods or serves it"
            yield "PROPOSAL_STALE", cause, "Reject it; the next plan knows where the goods are."


def _overtaken(day: Known, plan: PlanPublished) -> Iterator[tuple[str, str, str]]:
    """Yield the stops that a proposal gives to one vehicle and that are another one's by now."""
    fetched = {(stop_id, transfer.to_vehicle) for transfer in plan.transfers for stop_id in transfer.stop_ids}
    for route in plan.routes:
        for visit in route.visits:
            stop = day.stops.get(visit.stop_id)
            if stop is None or not stop.is_open:
                continue
            whose = stop.vehicle_id if stop.started_s is not None else goods_on(stop)
            if whose not in (None, route.vehicle_id) and (visit.stop_id, route.vehicle_id) not in fetched:
                yield visit.stop_id, route.vehicle_id, str(whose)
