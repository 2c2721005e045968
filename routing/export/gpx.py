"""GPX 1.1 per driver: the stops as a route, which a device may re-route, and the exact line as a track.

https://www.topografix.com/gpx/1/1/ names the elements and their order.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

from routing.export.changes import Change
from routing.export.files import chosen_routes, write_whole
from routing.export.lines import leg_lines, moments_along, shares_along
from routing.export.schema import PlanDocument, RouteDocument, VisitDocument
from routing.export.words import clock, goods_words, load_words, rest_words, windows_words

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
    _text(metadata, "desc", "\n".join([f"{len(route.served)} stop{'' if len(route.served) == 1 else 's'}", *told]))
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
    for leg, (number, visit) in enumerate(zip(route.numbers, route.visits, strict=True)):
        name = f"load again at {visit.stop_id}" if number is None else f"{number} {visit.stop_id}"
        point = _point(rte, "rtept", visit.lat_deg, visit.lon_deg, visit.arrival, name)
        _text(point, "cmt", visit.address)
        rests = [rest_words(rest, document.date) for rest in route.rests_on(leg)]
        facts = [
            *(["transfer"] if visit.transfer else []),
            *(f"{words} before" for words in rests),
            f"arrive {clock(visit.arrival, document.date)}",
            f"window {windows_words(visit.windows, document.date)}",
            *([f"promised {windows_words((visit.promised,), document.date)}"] if visit.promised else []),
            _load(visit),
            *(f"{name}: {value}" for name, value in visit.columns.items() if value),
        ]
        _text(point, "desc", "; ".join(facts))
    end = _point(rte, "rtept", route.end.lat_deg, route.end.lon_deg, route.end.time, "End")
    _text(
        end,
        "desc",
        "; ".join(f"{rest_words(rest, document.date)} before" for rest in route.rests_on(len(route.visits))),
    )


def _load(visit: VisitDocument) -> str:
    if visit.reload:
        return f"leave with {load_words(visit.load_after, visit.loads_after)}"
    further = visit.loads or visit.pickup_load or visit.pickup_loads or visit.shipment
    return goods_words(visit) if further else f"load {visit.load}"


def _track(trk: ET.Element, route: RouteDocument, title: str) -> None:
    _text(trk, "name", title)
    for number, (leg, points) in enumerate(zip(route.legs, leg_lines(route), strict=True)):
        segment = ET.SubElement(trk, "trkseg")
        moments = moments_along(leg, route.rests_on(number), shares_along(points))
        for (lat_deg, lon_deg), moment in zip(points, moments, strict=True):
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
