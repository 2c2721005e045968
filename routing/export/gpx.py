"""GPX 1.1 per driver: the stops as a route, which a device may re-route, and the exact line as a track.

https://www.topografix.com/gpx/1/1/ names the elements and their order.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.lines import leg_lines, shares_along
from routing.export.schema import PlanDocument, RouteDocument
from routing.export.words import clock, windows_words

_NAMESPACE = "http://www.topografix.com/GPX/1/1"
_LICENCE = "https://opendatacommons.org/licenses/odbl/1-0/"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry, not even escaped (section 2.2)."""


def export_gpx(
    document: PlanDocument, out_dir: Path, *, vehicle_id: str | None = None, changes: tuple[Change, ...] = ()
) -> tuple[Path, ...]:
    """Write one GPX file per driver and return their paths."""
    return tuple(
        write_whole(out_dir / f"{stem}.gpx", gpx_text(document, route, changes))
        for stem, route in chosen_routes(document, vehicle_id)
    )


def gpx_text(document: PlanDocument, route: RouteDocument, changes: tuple[Change, ...] = ()) -> str:
    """Return a route as GPX: times in UTC, points in the order of driving."""
    root = ET.Element("gpx", {"xmlns": _NAMESPACE, "version": "1.1", "creator": "routing"})
    title = f"{route.vehicle_id} {document.date}, plan {document.version}"
    metadata = ET.SubElement(root, "metadata")
    _text(metadata, "name", title)
    told = [change.text for change in changes if change.vehicle_id == route.vehicle_id]
    _text(metadata, "desc", "\n".join([f"{len(route.visits)} stop{'' if len(route.visits) == 1 else 's'}", *told]))
    holder = ET.SubElement(metadata, "copyright", {"author": _clean(document.map.attribution)})
    _text(holder, "license", _LICENCE)
    _text(metadata, "time", _utc(document.created_for or route.start.time))
    _stops(ET.SubElement(root, "rte"), document, route, title)
    _track(ET.SubElement(root, "trk"), route, title)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _stops(rte: ET.Element, document: PlanDocument, route: RouteDocument, title: str) -> None:
    _text(rte, "name", title)
    _text(rte, "src", document.map.attribution)
    _point(rte, "rtept", route.start.lat_deg, route.start.lon_deg, route.start.time, "Start")
    for number, visit in enumerate(route.visits, start=1):
        name = f"{number} {visit.stop_id}"
        point = _point(rte, "rtept", visit.lat_deg, visit.lon_deg, visit.arrival, name)
        _text(point, "cmt", visit.address)
        facts = [
            *(["transfer"] if visit.transfer else []),
            f"arrive {clock(visit.arrival, document.date)}",
            f"window {windows_words(visit.windows, document.date)}",
            *([f"promised {windows_words((visit.promised,), document.date)}"] if visit.promised else []),
            f"load {visit.load}",
            *(f"{name}: {value}" for name, value in visit.columns.items() if value),
        ]
        _text(point, "desc", "; ".join(facts))
    _point(rte, "rtept", route.end.lat_deg, route.end.lon_deg, route.end.time, "End")


def _track(trk: ET.Element, route: RouteDocument, title: str) -> None:
    _text(trk, "name", title)
    for leg, points in zip(route.legs, leg_lines(route), strict=True):
        segment = ET.SubElement(trk, "trkseg")
        depart = datetime.fromisoformat(leg.depart)
        for (lat_deg, lon_deg), share in zip(points, shares_along(points), strict=True):
            moment = depart + timedelta(seconds=round(share * leg.duration_s))
            _point(segment, "trkpt", lat_deg, lon_deg, moment.isoformat(), None)


def _point(parent: ET.Element, tag: str, lat_deg: float, lon_deg: float, instant: str, name: str | None) -> ET.Element:
    point = ET.SubElement(parent, tag, {"lat": f"{lat_deg:.6f}", "lon": f"{lon_deg:.6f}"})
    _text(point, "time", _utc(instant))
    if name is not None:
        _text(point, "name", name)
    return point


def _text(parent: ET.Element, tag: str, text: str) -> None:
    if text:
        ET.SubElement(parent, tag).text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub(" ", text)


def _utc(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
