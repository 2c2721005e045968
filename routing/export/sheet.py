"""The driver's sheet: one printable HTML page per vehicle that needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import segno
from markupsafe import Markup

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.page import render
from routing.export.picture import route_picture
from routing.export.schema import PlanDocument, RouteDocument, VisitDocument
from routing.network.road_network import RoadNetwork


def export_sheet(
    document: PlanDocument,
    out_dir: Path,
    *,
    vehicle_id: str | None = None,
    network: RoadNetwork | None = None,
    changes: tuple[Change, ...] = (),
) -> tuple[Path, ...]:
    """Write one sheet per driver and return their paths."""
    return tuple(
        write_whole(out_dir / f"{stem}.sheet.html", sheet_text(document, route, network=network, changes=changes))
        for stem, route in chosen_routes(document, vehicle_id)
    )


def sheet_text(
    document: PlanDocument,
    route: RouteDocument,
    *,
    network: RoadNetwork | None = None,
    changes: tuple[Change, ...] = (),
) -> str:
    """Return the sheet of a route; with a network the picture shows the roads around."""
    told = [change for change in changes if change.vehicle_id == route.vehicle_id]
    kinds: dict[str, str] = {}
    for change in told:
        if change.stop_id is not None:
            kinds.setdefault(change.stop_id, change.kind)
    return render(
        "sheet.html.j2",
        {
            "plan": document,
            "route": route,
            "day": document.date,
            "picture": route_picture(route, network, document.map.attribution),
            "links": [navigation_links(visit.lat_deg, visit.lon_deg) for visit in route.visits],
            "codes": [_qr_code(navigation_links(visit.lat_deg, visit.lon_deg)["google"]) for visit in route.visits],
            "loadings": _loadings(route),
            "collects": any(visit.pickup_load or visit.pickup_loads for visit in route.visits),
            "changes": told,
            "changed_kind": kinds,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Hold what is loaded for one trip."""

    trip: int
    """From 1."""
    depot_id: str | None
    """None: at the start of the route."""
    visits: tuple[tuple[int, VisitDocument], ...]
    """Number and visit of each stop that it is for, last stop first."""

    @property
    def load(self) -> int:
        """Return the units of the load without a name."""
        return sum(visit.load for _, visit in self.visits)

    @property
    def loads(self) -> dict[str, int]:
        """Return the units of further loads."""
        names = dict.fromkeys(name for _, visit in self.visits for name in visit.loads)
        return {name: sum(visit.loads.get(name, 0) for _, visit in self.visits) for name in names}


def _loadings(route: RouteDocument) -> list[Loading]:
    """Return what is loaded for each trip; of the first one also what is on board already."""
    taken = {stop_id for visit in route.visits if visit.transfer is not None for stop_id in visit.transfer.stop_ids}
    trips: list[tuple[str | None, list[tuple[int, VisitDocument]]]] = [(None, [])]
    for number, visit in zip(route.numbers, route.visits, strict=True):
        if number is None:
            trips.append((visit.stop_id, []))
        elif visit.transfer is None and visit.stop_id not in taken and _is_delivery(visit):
            trips[0 if visit.on_board else -1][1].append((number, visit))
    return [
        Loading(trip=trip, depot_id=depot_id, visits=tuple(reversed(visits)))
        for trip, (depot_id, visits) in enumerate(trips, start=1)
    ]


def _is_delivery(visit: VisitDocument) -> bool:
    takes = visit.pickup_load or visit.pickup_loads or visit.shipment is not None
    return bool(visit.load or visit.loads or not takes)


def navigation_links(lat_deg: float, lon_deg: float) -> dict[str, str]:
    """Return what opens a place in a navigation app.

    https://developers.google.com/maps/documentation/urls/get-started#directions-action,
    https://developers.google.com/waze/deeplinks and RFC 5870 (geo URIs).
    """
    place = f"{lat_deg:.5f},{lon_deg:.5f}"
    return {
        "google": f"https://www.google.com/maps/dir/?api=1&destination={place}&travelmode=driving",
        "waze": f"https://waze.com/ul?ll={place}&navigate=yes",
        "geo": f"geo:{place}",
    }


def _qr_code(link: str) -> Markup:
    """Return the QR code of a link; the mask is fixed, as trying all eight takes four times as long."""
    return Markup(segno.make_qr(link, error="m", mask=3).svg_inline(omitsize=True, border=3))
