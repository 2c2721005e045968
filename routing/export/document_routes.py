"""From routes and unassigned stops to their parts of plan.json."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from routing.export.schema import (
    CostSplitDocument,
    EndDocument,
    LegDocument,
    RestDocument,
    RouteDocument,
    RouteTotals,
    ShipmentDocument,
    UnassignedDocument,
    VisitDocument,
)
from routing.plan.cost_split import split_cost
from routing.plan.model import Leg, Rest, Route, Unassigned, Visit
from routing.plan.rules.book import Book
from routing.problem.model import LOAD, Depot, Problem, Stop, TimeWindow, Vehicle
from routing.units import format_instant


class RouteWriter:
    """Write routes of a problem; it must hold every stop, depot and vehicle that they name."""

    def __init__(self, problem: Problem, *, splits_cost: bool) -> None:
        self._problem = problem
        self._splits_cost = splits_cost
        self._book = Book(problem)
        self._zone = problem.time_zone
        self._stops = {stop.id: stop for stop in problem.stops}
        self._depots = {depot.id: depot for depot in problem.depots}
        self._vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
        self._several_profiles = len({vehicle.profile for vehicle in problem.vehicles}) > 1

    def route(self, route: Route) -> RouteDocument:
        """Return the published form of a route."""
        vehicle = self._vehicles[route.vehicle_id]
        served, reloads = route.served, [visit for visit in route.visits if visit.reload]
        order = [visit.stop_id for visit in route.visits]
        on_board = dict(zip(self._book.loads.names, self._book.loads.along(vehicle.id, order)[0], strict=True))
        first, last = self._ends(vehicle, route)
        return RouteDocument(
            vehicle_id=vehicle.id,
            capacity=vehicle.capacity,
            load=on_board.pop(LOAD, 0),
            capacities=dict(vehicle.capacities),
            loads={name: amount for name, amount in sorted(on_board.items()) if amount},
            profile=vehicle.profile if self._several_profiles else None,
            overtime_s=route.overtime_s,
            start=self._end(first, route.start_s),
            end=self._end(last, route.end_s),
            visits=tuple(self._visit(vehicle, visit) for visit in route.visits),
            legs=tuple(self._leg(vehicle, leg) for leg in route.legs),
            rests=tuple(self._rest(rest) for rest in route.rests),
            totals=RouteTotals(
                served=len(served),
                on_time=sum(visit.lateness_s == 0 for visit in served),
                late=sum(visit.lateness_s > 0 for visit in served),
                lateness_s=sum(visit.lateness_s for visit in served),
                waiting_s=sum(visit.waiting_s for visit in route.visits),
                drive_s=sum(leg.duration_s for leg in route.legs),
                service_s=sum(visit.depart_s - visit.start_s for visit in served),
                duty_s=route.end_s - route.start_s,
                distance_m=sum(leg.distance_m for leg in route.legs),
                setup_s=sum(visit.setup_s for visit in route.visits),
                pause_s=sum(leg.pause_s for leg in route.legs),
                reloads=len(reloads),
                reload_s=sum(visit.depart_s - visit.start_s for visit in reloads),
            ),
            cost=self.split([route]),
        )

    def split(self, routes: Sequence[Route], unassigned_ids: Sequence[str] = ()) -> CostSplitDocument | None:
        """Return what each part of the cost is spent on, None where that is not asked for."""
        if not self._splits_cost:
            return None
        return CostSplitDocument(**asdict(split_cost(self._problem, routes, unassigned_ids)))

    def unassigned(self, left: Unassigned) -> UnassignedDocument:
        """Return the published form of a stop that is left out."""
        stop = self._stops[left.stop_id]
        return UnassignedDocument(**self._facts(stop), reason=left.reason, detail=left.detail)

    def _visit(self, vehicle: Vehicle, visit: Visit) -> VisitDocument:
        times: dict[str, Any] = {
            "arrival": self._instant(visit.arrive_s),
            "start": self._instant(visit.start_s),
            "departure": self._instant(visit.depart_s),
            "waiting_s": visit.waiting_s,
            "lateness_s": visit.lateness_s,
            "load_after": visit.load_after,
            "loads_after": {name: amount for name, amount in visit.loads_after if amount},
            "setup_s": visit.setup_s,
        }
        if visit.reload:
            depot = self._depots[visit.stop_id]
            return VisitDocument(**self._reload(depot), **times, reload=True, **self._walk(depot.place))
        stop = self._stops[visit.stop_id]
        timed = self._problem.access_walk is not None
        facts = self._facts(stop) | {"service_s": dict(stop.service_by_type).get(vehicle.type, stop.service_s)}
        return VisitDocument(
            **facts,
            **times,
            walk_s=stop.walk_s,
            **self._walk(stop.place),
            access_walk_s=self._problem.access_walk_s(stop) if timed else None,
        )

    def _facts(self, stop: Stop) -> dict[str, Any]:
        location = self._problem.places[stop.place]
        return {
            "stop_id": stop.id,
            "lat_deg": location.lat_deg,
            "lon_deg": location.lon_deg,
            "address": stop.address,
            "windows": self._windows(stop.windows),
            "columns": dict(stop.columns),
            "load": stop.load,
            "service_s": stop.service_s,
            "priority": stop.priority,
            "approach": location.approach,
            "loads": dict(stop.loads),
            "pickup_load": stop.pickup_load,
            "pickup_loads": dict(stop.pickup_loads),
            "shipment": self._shipment(stop),
            "on_board": stop.on_board is not None,
            "release": None if stop.release_s is None else self._instant(stop.release_s),
            "due": None if stop.due_s is None else self._instant(stop.due_s),
        }

    def _reload(self, depot: Depot) -> dict[str, Any]:
        location = self._problem.places[depot.place]
        return {
            "stop_id": depot.id,
            "lat_deg": location.lat_deg,
            "lon_deg": location.lon_deg,
            "address": "",
            "windows": self._windows(depot.windows),
            "columns": {},
            "load": 0,
            "service_s": depot.reload_s,
            "priority": 0,
            "approach": location.approach,
        }

    def _walk(self, place: int) -> dict[str, Any]:
        snap_m = float(self._problem.travel.snap_distance_m[place])
        return {
            "snap_distance_m": round(snap_m, 1) if math.isfinite(snap_m) else None,
            "access_walk_m": None if self._problem.access_walk is None else round(snap_m),
        }

    def _shipment(self, stop: Stop) -> ShipmentDocument | None:
        shipment = self._book.shipments.get(stop.id)
        if shipment is None:
            return None
        is_pickup = stop.id == shipment.pickup_stop_id
        return ShipmentDocument(
            id=shipment.id,
            role="pickup" if is_pickup else "delivery",
            other_stop_id=shipment.delivery_stop_id if is_pickup else shipment.pickup_stop_id,
            load=shipment.load,
            loads=dict(shipment.loads),
        )

    def _ends(self, vehicle: Vehicle, route: Route) -> tuple[int, int]:
        """Return the places where a route begins and ends: its first and last halts where the vehicle's are open."""
        places = [self._place(visit) for visit in route.visits]
        return (
            places[0] if vehicle.open_start and places else vehicle.start_place,
            places[-1] if vehicle.open_end and places else vehicle.end_place,
        )

    def _place(self, visit: Visit) -> int:
        return self._depots[visit.stop_id].place if visit.reload else self._stops[visit.stop_id].place

    def _end(self, place: int, instant_s: int) -> EndDocument:
        location = self._problem.places[place]
        return EndDocument(lat_deg=location.lat_deg, lon_deg=location.lon_deg, time=self._instant(instant_s))

    def _leg(self, vehicle: Vehicle, leg: Leg) -> LegDocument:
        return LegDocument(
            duration_s=leg.duration_s,
            distance_m=leg.distance_m,
            depart=self._instant(leg.depart_s),
            arrive=self._instant(leg.arrive_s),
            pause_s=leg.pause_s,
            geometry=self._problem.travel_of(vehicle).geometry(leg.from_place, leg.to_place, leg.depart_s),
        )

    def _rest(self, rest: Rest) -> RestDocument:
        start, end = self._instant(rest.start_s), self._instant(rest.end_s)
        return RestDocument(leg=rest.leg, start=start, end=end, break_id=rest.break_id)

    def _windows(self, windows: tuple[TimeWindow, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((self._instant(window.start_s), self._instant(window.end_s)) for window in windows)

    def _instant(self, instant_s: int) -> str:
        return format_instant(instant_s, self._zone)
