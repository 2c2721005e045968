"""`routing export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from routing.interface.options import OutDir


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
) -> None:
    """Write a plan for drivers and other programs; the plan alone is enough."""
    from routing.export.document import read_document
    from routing.interface.terminal import stdout
    from routing.interface.write_exports import roads_of, write_exports

    document = read_document(plan_file)
    network = None if map_file is None else roads_of(map_file, document)
    for path in write_exports(document, formats, out, network=network, vehicle_id=vehicle):
        stdout().print(str(path), soft_wrap=True)
