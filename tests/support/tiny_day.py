"""A real day's file over a few streets: a grid of 4 by 3 crossings, 1 km and 100 s apart, near the equator."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from tiny_network import METRES_PER_DEG, network_of

from routing.events.asked import DayStop, DayVehicle
from routing.events.options import ReplanOptions
from routing.events.types import DayStarted
from routing.interface.day_roads import NETWORK
from routing.interface.dispatcher import first_plan
from routing.interface.plan_day import Budget, document_name
from routing.interface.traffic import Traffic
from routing.network.location import Location
from routing.network.road_network import RoadNetwork
from routing.network.save import save_network
from routing.problem.model import Objective, TimeWindow
from routing.store.sqlite_log import create_log

ACROSS, UP = 4, 3
SHIFT = TimeWindow(start_s=0, end_s=12_000)
BUDGET = Budget(iterations=20)


def grid() -> RoadNetwork:
    """Return the streets; the way from crossing x, y to its neighbour has an id of its own, from 100 on."""
    nodes = {(x, y): (1_000 * x, 1_000 * y) for x in range(ACROSS) for y in range(UP)}
    beside = [((x, y), (x + dx, y + dy)) for x, y in nodes for dx, dy in ((1, 0), (0, 1))]
    pairs = [(a, b) for a, b in beside if b in nodes]
    return network_of(nodes, [(*pair, 100) for a, b in pairs for pair in ((a, b), (b, a))])


def at(x_km: float, y_km: float) -> Location:
    return Location(lat_deg=y_km * 1_000 / METRES_PER_DEG, lon_deg=x_km * 1_000 / METRES_PER_DEG)


def tiny_stop(
    stop_id: str, x_km: float, y_km: float, *, load: int = 0, window: tuple[int, int] | None = None
) -> DayStop:
    windows = () if window is None else (TimeWindow(start_s=window[0], end_s=window[1]),)
    return DayStop(id=stop_id, location=at(x_km, y_km), windows=windows, service_s=120, load=load)


def tiny_vehicle(vehicle_id: str, *, capacity: int = 4) -> DayVehicle:
    depot = at(0, 0)
    return DayVehicle(id=vehicle_id, profile="car", capacity=capacity, shift=SHIFT, start=depot, end=depot)


def make_day(path: Path, stops: list[DayStop], vehicles: list[DayVehicle], options: ReplanOptions) -> None:
    """Make the day's file with its first plan."""
    saved = io.BytesIO()
    save_network(grid(), saved)
    started = DayStarted(
        id="routing:day",
        known_at_s=0,
        effective_at_s=0,
        date="1970-01-01",
        time_zone="UTC",
        stops=tuple(stops),
        vehicles=tuple(vehicles),
        objective=Objective(),
        network_sha256=hashlib.sha256(saved.getvalue()).hexdigest(),
        replan=options,
    )
    first, found = first_plan(started, grid(), Traffic(), BUDGET)
    create_log(path, (first, found.event), blobs={NETWORK: saved.getvalue(), document_name(1): found.document})
