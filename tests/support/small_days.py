"""Delivery days on one straight road along the equator: 10 m in a second, so 1 km takes 100 s."""

from __future__ import annotations

import numpy as np

from routing.errors import InputError
from routing.events.asked import DayStop, DayVehicle
from routing.events.day import Day
from routing.events.fold import apply, start
from routing.events.options import ReplanOptions
from routing.events.published import Figures, PlanPublished
from routing.events.types import DayStarted
from routing.interface.plan_day import published_routes
from routing.network.location import Location
from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.schedule import schedule
from routing.problem.model import Objective, TimeWindow
from routing.problem.travel import MatrixTravel
from routing.replan.remaining import remaining
from routing.travel.matrix import TravelMatrix

METRES_PER_DEG = 111_195.0797
"""Of the mean sphere, 6,371,008.8 m * pi / 180."""
SHIFT = TimeWindow(start_s=0, end_s=20_000)
NO_FIGURES = Figures(on_time=0, late=0, lateness_s=0, unassigned=0, drive_s=0, cost_cents=0)


def at_km(x_km: float) -> Location:
    return Location(lat_deg=0.0, lon_deg=x_km * 1000 / METRES_PER_DEG)


def km_of(location: Location) -> float:
    return round(location.lon_deg * METRES_PER_DEG / 1000, 3)


def stop(stop_id, x_km, *, window=None, load=0, service_s=60, priority=0, attempts=0):
    windows = () if window is None else (TimeWindow(start_s=window[0], end_s=window[1]),)
    return DayStop(
        id=stop_id,
        location=at_km(x_km),
        windows=windows,
        load=load,
        service_s=service_s,
        priority=priority,
        attempts=attempts,
    )


def vehicle(vehicle_id, *, x_km=0.0, capacity=100, shift=SHIFT):
    return DayVehicle(id=vehicle_id, profile="van", capacity=capacity, shift=shift, start=at_km(x_km), end=at_km(x_km))


def started(stops, vehicles, **options) -> DayStarted:
    return DayStarted(
        id="routing:day",
        known_at_s=0,
        effective_at_s=0,
        date="1970-01-01",
        time_zone="UTC",
        stops=tuple(stops),
        vehicles=tuple(vehicles),
        objective=Objective(),
        network_sha256="",
        replan=ReplanOptions(**options),
    )


def straight_road(places, horizon_s) -> MatrixTravel:
    lon = np.array([place.lon_deg for place in places])
    metres = np.abs(lon[:, None] - lon[None, :]) * METRES_PER_DEG
    matrix = TravelMatrix(
        duration_s=np.rint(metres / 10).astype(np.int32),
        distance_m=np.rint(metres).astype(np.int32),
        reachable=np.ones(metres.shape, bool),
        slice_start_s=np.zeros(1, np.int64),
    )
    return MatrixTravel(matrix=matrix)


def rest_of(day: Day, now_s: int):
    return remaining(day, now_s, {}, straight_road)


def published(day: Day, orders: dict[str, tuple[str, ...]], now_s: int) -> Day:
    """Publish orders as they are, with the times of the straight road."""
    rest = rest_of(day, now_s)
    routes = schedule(rest.problem, orders)
    planned = {visit.stop_id for route in routes for visit in route.visits}
    left = tuple(
        Unassigned(stop_id=each.id, reason="NOT_PLANNED", detail="not in the orders")
        for each in rest.problem.stops
        if each.id not in planned
    )
    left += tuple(reason for _, reason in rest.left_out)
    plan = Plan(routes=routes, unassigned=left, cost=plan_cost(rest.problem, routes, ()))
    return apply(day, publication(day, rest, plan, now_s))


def publication(day: Day, rest, plan: Plan, now_s: int) -> PlanPublished:
    version = 1 if day.plan is None else day.plan.version + 1
    return PlanPublished(
        id=f"routing:plan-{version}",
        known_at_s=now_s,
        effective_at_s=now_s,
        version=version,
        base_version=version - 1 or None,
        request="start" if version == 1 else "event",
        reason="",
        routes=published_routes(rest, plan),
        unassigned=tuple((each.stop_id, each.reason, each.detail) for each in plan.unassigned),
        on_board=tuple(rest.on_board.items()),
        transfers=rest.transfers,
        before=NO_FIGURES,
        after=NO_FIGURES,
        document_sha256="",
    )


def begun(stops, vehicles, orders, **options) -> Day:
    """Return a day with a first plan of the given orders, made at 0."""
    return published(start(started(stops, vehicles, **options)), orders, 0)


def told(kind, key, at_s, **fields):
    """Return an event that is known when it takes effect, or later where `effective_at_s` is given."""
    return kind(id=key, known_at_s=at_s, effective_at_s=fields.pop("effective_at_s", at_s), **fields)


def lived(day: Day, *events) -> Day:
    """Return the day after some events."""
    for event in events:
        day = apply(day, event)
    return day


def refused(day: Day, event) -> list[str]:
    """Return the codes for which an event is refused; none where the day takes it."""
    try:
        apply(day, event)
    except InputError as error:
        return [issue.code for issue in error.issues]
    return []
