"""`routing map`: what a map holds, and getting one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.errors import InputError, Issue
from routing.interface.options import AsJson

if TYPE_CHECKING:
    from routing.network.road_network import RoadNetwork

app = typer.Typer(help="Look at a map, fetch one, cut one, or save its road network.", no_args_is_help=True)

ProfileName = Annotated[str, typer.Option("--profile", help="van or car.")]


@app.command()
def info(
    map_file: Annotated[Path, typer.Argument(metavar="MAP", help="Map of any accepted kind.")],
    profile: ProfileName = "van",
    as_json: AsJson = False,
) -> None:
    """Say what a map holds: roads, place, time zone, and what is cut, ignored or lacking."""
    from routing.interface.terminal import stage_progress, stdout

    with stage_progress() as status:
        status.update("read the map …")
        network, dated = _network(map_file, profile)
    facts = {**_facts(network, map_file), "map_date": dated}
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    console = stdout()
    for name, value in facts.items():
        shown = "; ".join(value) or "none" if isinstance(value, list) else "not told" if value is None else value
        console.print(f"{name.replace('_', ' '):>24}  {shown}", soft_wrap=True)


@app.command()
def fetch(
    place: Annotated[str, typer.Argument(help="Place to geocode, such as 'Lauf an der Pegnitz, Germany'.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write.", show_default="place.osm")] = None,
) -> None:
    """Download the roads of a place from OpenStreetMap, turn restrictions included."""
    from routing.interface.terminal import stage_progress, stdout
    from routing.osm.fetch import fetch_map

    target = out or Path(_file_name(place))
    with stage_progress() as status:
        status.update(f"download {place} …")
        fetch_map(place, target)
    stdout().print(f"Written: {target}", soft_wrap=True)


@app.command()
def crop(
    big: Annotated[Path, typer.Argument(metavar="BIG", help="Map to cut, such as a country's .osm.pbf.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write, .osm.pbf or .osm.")],
    bbox: Annotated[str | None, typer.Option("--bbox", metavar="W,S,E,N", help="Box to keep, in degrees.")] = None,
    polygon: Annotated[Path | None, typer.Option("--polygon", help="Area to keep: GeoJSON or .poly.")] = None,
) -> None:
    """Cut a smaller map out of a big one; roads that leave the area are kept whole."""
    if (bbox is None) == (polygon is None):
        raise typer.BadParameter("give --bbox or --polygon")
    from routing.interface.terminal import stage_progress, stdout
    from routing.osm.area import bbox_area, read_area
    from routing.osm.crop import crop_map

    area = read_area(polygon) if polygon is not None else bbox_area(*_degrees(bbox or ""))
    with stage_progress() as status:
        status.update(f"cut {big} …")
        crop_map(big, out, area)
    stdout().print(f"Written: {out}", soft_wrap=True)


@app.command()
def build(
    map_file: Annotated[Path, typer.Argument(metavar="MAP", help="Map of any accepted kind.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Network to write (.npz), accepted as a --map.")],
    profile: ProfileName = "van",
) -> None:
    """Save the road network of a map, so that plans on it start sooner."""
    if out.suffix != ".npz":
        raise typer.BadParameter("the name of a network ends in .npz", param_hint="--out")
    from routing.interface.terminal import stage_progress, stdout
    from routing.network.save import save_network

    with stage_progress() as status:
        status.update("build the network …")
        network, _ = _network(map_file, profile)
        save_network(network, out)
    stdout().print(f"Written: {out}", soft_wrap=True)


def _network(map_file: Path, profile: str) -> tuple[RoadNetwork, str | None]:
    from routing.interface.planning import network_for
    from routing.interface.read_fleet import PROFILES
    from routing.interface.read_inputs import open_map
    from routing.osm.extract import Extract

    if profile not in PROFILES:
        raise typer.BadParameter(f"use one of: {', '.join(PROFILES)}", param_hint="--profile")
    opened = open_map(map_file)
    dated = opened.timestamp if isinstance(opened, Extract) else None
    return network_for(opened, profile if isinstance(opened, Extract) else opened.profile.name), dated


def _facts(network: RoadNetwork, map_file: Path) -> dict[str, object]:
    from routing.interface.read_inputs import time_zone_of

    report = network.report
    return {
        "map": str(map_file),
        "sha256": network.source_sha256,
        "attribution": network.attribution,
        "west_south_east_north": ", ".join(f"{degrees:.5f}" for degrees in network.bbox_deg),
        "time_zone": time_zone_of(network.bbox_deg),
        "profile": network.profile.name,
        "ways": report.ways_read,
        "ways_drivable": report.ways_drivable,
        "junctions": int(network.node_id.size),
        "arcs": network.arc_count,
        "road_km": round(float(network.arc_length_mm.sum()) / 1e6, 1),
        "ways_cut": report.ways_cut,
        "nodes_missing": report.nodes_missing,
        "restrictions": report.restrictions_read,
        "restrictions_applied": report.restrictions_applied,
        "restrictions_ignored": list(report.restrictions_ignored),
        "arcs_dropped": report.arcs_dropped,
        "lacks": list(report.lacks),
    }


def _file_name(place: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in place.lower())
    return f"{'-'.join(part for part in kept.split('-') if part) or 'map'}.osm"


def _degrees(text: str) -> tuple[float, float, float, float]:
    """Return four numbers; what they mean is judged where the box is made."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        cause = f"{text!r} is no box: west, south, east and north in degrees."
        action = "Write it as 7.40,43.72,7.45,43.76."
        raise InputError([Issue(code="BBOX", where="--bbox", cause=cause, action=action)]) from None
    return west, south, east, north
