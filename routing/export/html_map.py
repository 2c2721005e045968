"""The dispatcher's map: one HTML file with all routes over the roads that needs nothing else, no network either."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.lines import leg_lines
from routing.export.page import json_text, render
from routing.export.picture import RELOAD
from routing.export.roads import GRID_PER_DEG, road_tiers
from routing.export.schema import PlanDocument, RouteDocument, UnassignedDocument, VisitDocument
from routing.export.words import clock, distance_words, goods_words, load_words, rest_words, windows_words
from routing.network.road_network import RoadNetwork
from routing.units import format_duration

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7b3fa0", "#e69f00", "#56b4e9", "#5c4a3d")
"""Told apart with any colour vision: Okabe and Ito's palette, https://jfly.uni-koeln.de/color/, where violet and
brown stand for its yellow and black, which are lost on a light map."""
_MARGIN_SHARE = 0.25
"""How much of the routes' extent is drawn around them."""

Json = dict[str, Any]


def export_html(
    document: PlanDocument,
    out_dir: Path,
    *,
    vehicle_id: str | None = None,
    network: RoadNetwork | None = None,
    changes: tuple[Change, ...] = (),
) -> tuple[Path, ...]:
    """Write the map of all routes as map.html, or of one as its own file, and return the path."""
    chosen = chosen_routes(document, vehicle_id)
    name = "map.html" if vehicle_id is None else f"{chosen[0][0]}.map.html"
    page = map_text(document, tuple(route for _, route in chosen), network=network, changes=changes)
    return (write_whole(out_dir / name, page),)


def map_text(
    document: PlanDocument,
    routes: tuple[RouteDocument, ...],
    *,
    network: RoadNetwork | None = None,
    changes: tuple[Change, ...] = (),
) -> str:
    """Return the page with these routes and all that is unassigned."""
    styles = [_style(number) for number in range(len(routes))]
    extent = _extent_deg(document, routes)
    data = {
        "grid": GRID_PER_DEG,
        "time_zone": document.time_zone,
        "extent": [round(degrees * GRID_PER_DEG) for degrees in extent],
        "roads": _roads(network, extent),
        "routes": [_route(document, route, style, changes) for route, style in zip(routes, styles, strict=True)],
        "unassigned": [_left_out(document, left) for left in document.unassigned],
    }
    return render(
        "map.html.j2",
        {
            "plan": document,
            "day": document.date,
            "routes": routes,
            "styles": styles,
            "changes": changes,
            "with_roads": network is not None,
            "reload": RELOAD,
            "data": json_text(data),
        },
    )


def _style(number: int) -> Json:
    """Return colour and dash of a route; past eight the colours come again, with longer dashes."""
    return {"colour": _COLOURS[number % len(_COLOURS)], "dash": number // len(_COLOURS)}


def _extent_deg(document: PlanDocument, routes: tuple[RouteDocument, ...]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of all that is drawn."""
    points = [point for route in routes for line in leg_lines(route) for point in line]
    points += [(visit.lat_deg, visit.lon_deg) for route in routes for visit in route.visits]
    if not points:
        points = [(left.lat_deg, left.lon_deg) for left in document.unassigned] or [(0.0, 0.0)]
    south, west = np.min(points, axis=0).tolist()
    north, east = np.max(points, axis=0).tolist()
    return west, south, east, north


def _roads(network: RoadNetwork | None, extent: tuple[float, float, float, float]) -> list[list[list[int]]]:
    if network is None:
        return []
    west, south, east, north = extent
    wide, tall = (east - west) * _MARGIN_SHARE + 0.004, (north - south) * _MARGIN_SHARE + 0.004
    tiers = road_tiers(network, west - wide, south - tall, east + wide, north + tall)
    return [[_deltas(line) for line in tier.lines] for tier in tiers]


def _deltas(line: NDArray[np.int64]) -> list[int]:
    """Return a line as its first point and the steps from it, which are short to write."""
    return np.concatenate([line[:1], np.diff(line, axis=0)]).ravel().tolist()


def _grid(lat_deg: float, lon_deg: float) -> list[int]:
    return [round(lon_deg * GRID_PER_DEG), round(lat_deg * GRID_PER_DEG)]


def _epoch_s(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def _route(document: PlanDocument, route: RouteDocument, style: Json, changes: tuple[Change, ...]) -> Json:
    lines = [
        np.rint(np.array(line)[:, ::-1] * GRID_PER_DEG).astype(np.int64).reshape(-1, 2) for line in leg_lines(route)
    ]
    return {
        "id": route.vehicle_id,
        **style,
        "start": _grid(route.start.lat_deg, route.start.lon_deg),
        "end": _grid(route.end.lat_deg, route.end.lon_deg),
        "legs": [
            {
                "line": _deltas(line),
                "depart": _epoch_s(leg.depart),
                "arrive": _epoch_s(leg.arrive),
                "drive": leg.duration_s,
                "rests": [[_epoch_s(rest.start), _epoch_s(rest.end)] for rest in route.rests_on(number)],
            }
            for number, (line, leg) in enumerate(zip(lines, route.legs, strict=True))
        ],
        "visits": [_visit(document, route, position, visit, changes) for position, visit in enumerate(route.visits)],
    }


def _visit(
    document: PlanDocument,
    route: RouteDocument,
    position: int,
    visit: VisitDocument,
    changes: tuple[Change, ...],
) -> Json:
    day, leg, number = document.date, route.legs[position], route.numbers[position]
    told = [c.text for c in changes if c.stop_id == visit.stop_id and c.vehicle_id == route.vehicle_id]
    late = [["late", format_duration(visit.lateness_s)]] if visit.lateness_s else []
    waiting = [["waits", format_duration(visit.waiting_s)]] if visit.waiting_s else []
    told_customer = [["promised", windows_words((visit.promised,), day)]] if visit.promised else []
    sure = [] if visit.chances is None else [["in time", f"{visit.chances.on_time:.0%} likely"]]
    walk = []
    if visit.access_walk_s:
        metres = distance_words(visit.access_walk_m or 0)
        walk = [["walk", f"{metres} to the door, {format_duration(visit.access_walk_s)} there and back"]]
    walk += [["walk", f"{format_duration(visit.walk_s)} each way"]] if visit.walk_s else []
    after = load_words(visit.load_after, visit.loads_after)
    goods = "load again" if number is None else goods_words(visit).removeprefix("unload ")
    return {
        "id": visit.stop_id,
        "number": RELOAD if number is None else number,
        "at": _grid(visit.lat_deg, visit.lon_deg),
        "address": visit.address,
        "late": visit.lateness_s > 0,
        "changed": bool(told),
        "facts": [
            *([["transfer", f"goods of {len(visit.transfer.stop_ids)} stops"]] if visit.transfer else []),
            *(["before", rest_words(rest, day)] for rest in route.rests_on(position)),
            ["arrives", f"{clock(visit.arrival, day)}, leaves {clock(visit.departure, day)}"],
            ["window", windows_words(visit.windows, day)],
            *([["due", f"done by {clock(visit.due, day)}"]] if visit.due else []),
            *told_customer,
            *sure,
            *late,
            *waiting,
            ["drive", f"{format_duration(leg.duration_s)}, {distance_words(leg.distance_m)}"],
            *([["setup", format_duration(visit.setup_s)]] if visit.setup_s else []),
            ["service", format_duration(visit.service_s)],
            *walk,
            ["load", f"{goods}, then {after} on board"],
            *([["priority", str(visit.priority)]] if number is not None else []),
            *([name, value] for name, value in visit.columns.items() if value),
            *(["changed", text] for text in told),
        ],
    }


def _left_out(document: PlanDocument, left: UnassignedDocument) -> Json:
    return {
        "id": left.stop_id,
        "at": _grid(left.lat_deg, left.lon_deg),
        "address": left.address,
        "facts": [
            ["unassigned", left.reason],
            ["why", left.detail],
            ["window", windows_words(left.windows, document.date)],
            ["load", load_words(left.load, left.loads)],
            ["priority", str(left.priority)],
            *([name, value] for name, value in left.columns.items() if value),
        ],
    }
