"""The driver's sheet: one printable HTML page per vehicle that needs no network."""

from __future__ import annotations

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
            "loading": _loading(route),
            "changes": told,
            "changed_kind": kinds,
        },
    )


def _loading(route: RouteDocument) -> list[tuple[int, VisitDocument]]:
    """Return number and visit of what is on board from the start, last stop first."""
    taken = {stop_id for visit in route.visits if visit.transfer is not None for stop_id in visit.transfer.stop_ids}
    numbered = list(enumerate(route.visits, start=1))
    return [(k, visit) for k, visit in reversed(numbered) if visit.transfer is None and visit.stop_id not in taken]


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
