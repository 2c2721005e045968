"""From plan.json back to a plan, so that it can be verified."""

from __future__ import annotations

from collections.abc import Container, Iterator

from routing.errors import InputError, Issue
from routing.export.schema import PlanDocument, RouteDocument, VisitDocument
from routing.plan.model import Cost, EngineRun, Leg, Plan, Rest, Route, Unassigned, Visit
from routing.problem.model import Amounts, Problem, Vehicle
from routing.units import parse_instant


def plan_from_document(problem: Problem, document: PlanDocument) -> Plan:
    """Return the plan of a document as an answer to a problem that was read anew.

    Places come from the problem, times and figures from the document, so that `verify` judges what the
    document claims. InputError names every stop and vehicle that the problem does not know: such a plan
    answers another problem and cannot be judged. A stop that comes twice or not at all is left for `verify`.
    """
    stops = {stop.id: stop.place for stop in problem.stops}
    depots = {depot.id: depot.place for depot in problem.depots}
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    faults = list(_strangers(document, stops, depots, vehicles))
    if faults:
        raise InputError(faults)
    return Plan(
        routes=tuple(
            _route_back(stops | depots, vehicles[route.vehicle_id], route, document.time_zone)
            for route in document.routes
        ),
        unassigned=tuple(
            Unassigned(stop_id=left.stop_id, reason=left.reason, detail=left.detail) for left in document.unassigned
        ),
        cost=Cost(
            duty_cents=document.cost.duty_cents,
            distance_cents=document.cost.distance_cents,
            vehicle_cents=document.cost.vehicle_cents,
            lateness_cents=document.cost.lateness_cents,
            unserved_cents=document.cost.unserved_cents,
            preference_cents=document.cost.preference_cents,
            balance_cents=document.cost.balance_cents,
        ),
        runs=tuple(
            EngineRun(
                engine=run.engine,
                seed=run.seed,
                iterations=run.iterations,
                stopped_by=run.stopped_by,
                pace=run.pace,
            )
            for run in document.runs
        ),
        notes=document.notes,
    )


def _route_back(place_of: dict[str, int], vehicle: Vehicle, route: RouteDocument, zone: str) -> Route:
    halts = [place_of[visit.stop_id] for visit in route.visits]
    start_place = halts[0] if vehicle.open_start and halts else vehicle.start_place
    end_place = halts[-1] if vehicle.open_end and halts else vehicle.end_place
    places = (start_place, *halts, end_place)
    return Route(
        vehicle_id=route.vehicle_id,
        start_s=parse_instant(route.start.time, None, zone),
        end_s=parse_instant(route.end.time, None, zone),
        visits=tuple(
            Visit(
                stop_id=visit.stop_id,
                arrive_s=parse_instant(visit.arrival, None, zone),
                start_s=parse_instant(visit.start, None, zone),
                depart_s=parse_instant(visit.departure, None, zone),
                waiting_s=visit.waiting_s,
                lateness_s=visit.lateness_s,
                load_after=visit.load_after,
                loads_after=_loads_after(vehicle, visit),
                setup_s=visit.setup_s,
                reload=visit.reload,
            )
            for visit in route.visits
        ),
        legs=tuple(
            Leg(
                from_place=from_place,
                to_place=to_place,
                depart_s=parse_instant(leg.depart, None, zone),
                duration_s=leg.duration_s,
                distance_m=leg.distance_m,
                pause_s=leg.pause_s,
            )
            for from_place, to_place, leg in zip(places, places[1:], route.legs, strict=False)
        ),
        overtime_s=route.overtime_s,
        rests=tuple(
            Rest(
                leg=rest.leg,
                start_s=parse_instant(rest.start, None, zone),
                end_s=parse_instant(rest.end, None, zone),
                break_id=rest.break_id,
            )
            for rest in route.rests
        ),
    )


def _loads_after(vehicle: Vehicle, visit: VisitDocument) -> Amounts:
    """Return the loads after a visit: 0 of those that the vehicle could carry and the document does not name."""
    none = {name: 0 for name, _ in vehicle.capacities}
    return tuple(sorted((none | visit.loads_after).items()))


def _strangers(
    document: PlanDocument, stops: Container[str], depots: Container[str], vehicles: Container[str]
) -> Iterator[Issue]:
    for r, route in enumerate(document.routes):
        if route.vehicle_id not in vehicles:
            yield _stranger("PLAN_VEHICLE", f"routes[{r}].vehicle_id", f"{route.vehicle_id!r} is not in the fleet")
        for v, visit in enumerate(route.visits):
            where = f"routes[{r}].visits[{v}].stop_id"
            if visit.reload and visit.stop_id not in depots:
                yield _stranger("PLAN_DEPOT", where, f"{visit.stop_id!r} is not among the depots")
            elif not visit.reload and visit.stop_id not in stops:
                yield _stranger("PLAN_STOP", where, f"{visit.stop_id!r} is not among the stops")
    for u, left in enumerate(document.unassigned):
        if left.stop_id not in stops:
            yield _stranger("PLAN_STOP", f"unassigned[{u}].stop_id", f"{left.stop_id!r} is not among the stops")


def _stranger(code: str, where: str, cause: str) -> Issue:
    action = "give the stops and the fleet that the plan was made for"
    return Issue(code=code, where=where, cause=cause, action=action)
