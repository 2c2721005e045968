"""`routing export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.options import CachePlace, OutDir

if TYPE_CHECKING:
    from routing.export.document import PlanDocument
    from routing.export.formats import ExportFormat
    from routing.network.road_network import RoadNetwork

ALL = "all"


def export(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN.JSON", help="The plan to export.")],
    formats: Annotated[
        list[str],
        typer.Option("--format", help="gpx, geojson, csv, html, sheet or all; may be given several times."),
    ],
    out: OutDir,
    map_file: Annotated[
        Path | None, typer.Option("--map", "-m", help="Map whose roads html and sheet draw around the routes.")
    ] = None,
    vehicle: Annotated[str | None, typer.Option("--vehicle", help="Only this vehicle's route.")] = None,
    cache: CachePlace = None,
) -> None:
    """Write a plan for drivers and other programs; the plan alone is enough."""
    from routing.export.document import read_document
    from routing.export.formats import export_document
    from routing.interface.terminal import stage_progress, stdout

    chosen = chosen_formats(formats)
    document = read_document(plan_file)
    with stage_progress() as status:
        status.update("export …")
        network = None if map_file is None else _roads(map_file, document, cache)
        paths = [
            path
            for export_format in chosen
            for path in export_document(document, export_format, out, vehicle_id=vehicle, network=network)
        ]
    for path in paths:
        stdout().print(str(path), soft_wrap=True)


def chosen_formats(names: list[str]) -> list[ExportFormat]:
    """Return the formats of the option `--format`, each once; a usage error where one is unknown."""
    from routing.export.formats import ExportFormat

    known = [export_format.value for export_format in ExportFormat]
    wanted = [part.strip().lower() for name in names for part in name.split(",")]
    unknown = [name for name in wanted if name not in (*known, ALL)]
    if unknown:
        words = f"{', '.join(unknown)} is not known; use {', '.join(known)} or {ALL}"
        raise typer.BadParameter(words, param_hint="--format")
    return [ExportFormat(name) for name in (known if ALL in wanted else dict.fromkeys(wanted))]


def _roads(map_file: Path, document: PlanDocument, cache: str | None) -> RoadNetwork:
    from routing.interface.network_cache import NetworkCache
    from routing.interface.planning import network_for
    from routing.interface.read_inputs import open_map
    from routing.interface.terminal import stderr

    kept = NetworkCache.at(cache)
    profile = document.profile.split(", ")[0]  # of several the first: their roads are drawn alike
    network = network_for(open_map(map_file, cache=kept), profile, cache=kept)
    if network.source_sha256 != document.map.sha256:
        stderr().print(f"Note: {map_file} is not the map that the plan was made on.", soft_wrap=True)
    return network
