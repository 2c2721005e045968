"""The one table of formats: what the command line offers and who writes it."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from routing.export.changes import document_changes
from routing.export.geojson import export_geojson
from routing.export.gpx import export_gpx
from routing.export.html_map import export_html
from routing.export.manifest_csv import export_csv
from routing.export.schema import PlanDocument
from routing.export.sheet import export_sheet
from routing.network.road_network import RoadNetwork


class ExportFormat(StrEnum):
    """Name what a plan can be written as."""

    GPX = "gpx"
    GEOJSON = "geojson"
    CSV = "csv"
    HTML = "html"
    SHEET = "sheet"


def export_document(
    document: PlanDocument,
    export_format: ExportFormat,
    out_dir: Path,
    *,
    vehicle_id: str | None = None,
    network: RoadNetwork | None = None,
    since: PlanDocument | None = None,
    done: Collection[str] | None = None,
) -> tuple[Path, ...]:
    """Write a plan in a format, of one vehicle or all, and return the paths.

    The network, where given, is drawn around the routes. With `since`, the plan that was exported last, the
    files say what changed; `done` are the stops that were served or failed in between (see `document_changes`).
    """
    changes = () if since is None else document_changes(since, document, done=done)
    match export_format:
        case ExportFormat.GPX:
            return export_gpx(document, out_dir, vehicle_id=vehicle_id, changes=changes)
        case ExportFormat.GEOJSON:
            return export_geojson(document, out_dir, vehicle_id=vehicle_id, changes=changes)
        case ExportFormat.CSV:
            return export_csv(document, out_dir, vehicle_id=vehicle_id, changes=changes)
        case ExportFormat.HTML:
            return export_html(document, out_dir, vehicle_id=vehicle_id, network=network, changes=changes)
        case ExportFormat.SHEET:
            return export_sheet(document, out_dir, vehicle_id=vehicle_id, network=network, changes=changes)
