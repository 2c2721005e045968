"""A simulated day as one page that plays: vehicles, stops, incidents and weather through the hours, and every plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from routing.events.published import PlanPublished
from routing.export.page import json_text, render
from routing.export.roads import GRID_PER_DEG, road_tiers
from routing.network.road_network import RoadNetwork
from routing.simulate.record import DayRecord
from routing.simulate.world import World
from routing.travel.conditions import Condition, InPolygon, Weather
from routing.travel.where import Places
from routing.units import format_clock

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7b3fa0", "#e69f00", "#56b4e9", "#5c4a3d")
"""Okabe and Ito's palette, as on the map of a plan."""
MARGIN_DEG = 0.004

Json = dict[str, Any]


def day_page(
    world: World,
    record: DayRecord,
    plans: Sequence[PlanPublished],
    *,
    title: str,
    subtitle: str,
    figures: Sequence[tuple[str, str]],
) -> str:
    """Return the page; it holds all it needs."""
    network, zone = world.roads.network, world.scenario.time_zone
    places = [each.stop.location for each in world.customers.values()] + [world.scenario.depot]
    lat, lon = [place.lat_deg for place in places], [place.lon_deg for place in places]
    box = (min(lon) - MARGIN_DEG, min(lat) - MARGIN_DEG, max(lon) + MARGIN_DEG, max(lat) + MARGIN_DEG)
    begin_s = min((duty.left_s for duty in record.duties), default=world.scenario.at(8))
    end_s = max((duty.back_s for duty in record.duties), default=world.scenario.at(18))
    at_begin = datetime.fromtimestamp(begin_s, ZoneInfo(zone)).utcoffset()
    data = {
        "grid": GRID_PER_DEG,
        "extent": [round(degrees * GRID_PER_DEG) for degrees in box],
        "from": begin_s // 60 * 60,
        "until": -(-end_s // 60) * 60,
        "zone": 0 if at_begin is None else int(at_begin.total_seconds()),
        "roads": [[_deltas(line) for line in tier.lines] for tier in road_tiers(network, *box)],
        "stops": _stops(world, record),
        "vans": _vans(world, record),
        "areas": [_area(each) for each in world.conditions if _ring(each) is not None],
        "incidents": _incidents(network, world),
    }
    told = [
        {"at": plan.known_at_s, "clock": format_clock(plan.known_at_s, zone), "text": plan.reason} for plan in plans
    ]
    return render(
        "simulated.html.j2",
        {
            "title": title,
            "subtitle": subtitle,
            "figures": figures,
            "plans": told,
            "attribution": network.attribution,
            "data": json_text(data),
        },
    )


def _stops(world: World, record: DayRecord) -> list[Json]:
    last = {each.stop_id: each for each in record.attempts}
    found = []
    for key, each in world.customers.items():
        visit = last.get(key)
        gone_s = each.cancelled_s if visit is None else visit.end_s
        found.append(
            {
                "at": _grid(each.stop.location.lat_deg, each.stop.location.lon_deg),
                "asked": each.added_s or 0,
                "gone": gone_s,
                "served": visit is not None and visit.served,
                "late": visit is not None and visit.lateness_s > 0,
            }
        )
    return found


def _vans(world: World, record: DayRecord) -> list[Json]:
    return [
        {
            "label": vehicle.id.rpartition("-")[2],
            "colour": COLOURS[number % len(COLOURS)],
            "drives": [
                {
                    "from": each.trip.depart_s,
                    "until": each.until_s,
                    "part": each.distance_m / max(1, each.trip.distance_m),
                    "line": _line(each.trip.line),
                }
                for each in record.driven
                if each.vehicle_id == vehicle.id and len(each.trip.line) > 1
            ],
        }
        for number, vehicle in enumerate(world.vehicles)
    ]


def _ring(condition: Condition) -> tuple[tuple[float, float], ...] | None:
    where = condition.area if isinstance(condition, Weather) else condition.where
    return where.rings_deg[0] if isinstance(where, InPolygon) else None


def _area(condition: Condition) -> Json:
    ring = _ring(condition)
    assert ring is not None
    return {
        "from": condition.from_s,
        "until": condition.until_s,
        "weather": isinstance(condition, Weather),
        "ring": [_grid(lat, lon) for lat, lon in ring],
    }


def _incidents(network: RoadNetwork, world: World) -> list[Json]:
    found, places = [], Places(network)
    for each in world.conditions:
        if isinstance(each, Weather) or _ring(each) is not None:
            continue
        lines = []
        for arc in places.touched(each.where).arc.tolist():
            span = slice(network.shape_first[arc], network.shape_first[arc + 1])
            pairs = zip(network.shape_lat_deg[span].tolist(), network.shape_lon_deg[span].tolist(), strict=True)
            lines.append([_grid(lat, lon) for lat, lon in pairs])
        found.append({"from": each.from_s, "until": each.until_s, "lines": lines})
    return found


def _line(line: Sequence[tuple[float, float]]) -> list[int]:
    return _deltas(np.rint(np.array(line)[:, ::-1] * GRID_PER_DEG).astype(np.int64))


def _deltas(line: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    """Return a line as its first point and the steps from it."""
    steps: list[int] = np.concatenate([line[:1], np.diff(line, axis=0)]).ravel().tolist()
    return steps


def _grid(lat_deg: float, lon_deg: float) -> list[int]:
    return [round(lon_deg * GRID_PER_DEG), round(lat_deg * GRID_PER_DEG)]
