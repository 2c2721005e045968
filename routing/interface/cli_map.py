"""`routing map`: what a map holds, and getting one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.errors import InputError, Issue
from routing.interface.options import AsJson

if TYPE_CHECKING:
    from rich.status import Status

    from routing.network.profile import Profile
    from routing.network.road_network import RoadNetwork

app = typer.Typer(help="Look at a map, fetch one, cut one, or save its road network.", no_args_is_help=True)

ProfileName = Annotated[
    str, typer.Option("--profile", help="van, car, truck, cargo_bike, foot, or a .toml file of your own.")
]


@app.command()
def info(
    map_file: Annotated[Path, typer.Argument(metavar="MAP", help="Map of any accepted kind.")],
    profile: ProfileName = "van",
    as_json: AsJson = False,
) -> None:
    """Say what a map holds: roads, place, time zone, and what is cut, ignored or lacking."""
    from routing.interface.terminal import stage_progress, stdout

    with stage_progress() as status:
        network, dated = _network(map_file, profile, status)
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
    from routing.interface.planning import map_warnings
    from routing.interface.terminal import stage_progress, stdout
    from routing.network.save import save_network

    with stage_progress() as status:
        network, _ = _network(map_file, profile, status)
        status.update("write the network …")
        save_network(network, out)
    stdout().print(f"Written: {out}", soft_wrap=True)
    for warning in map_warnings(network.report):
        stdout().print(f"Map: {warning}", style="dim", soft_wrap=True)


def _network(map_file: Path, profile: str, status: Status) -> tuple[RoadNetwork, str | None]:
    """Return a map's network for a profile, built anew unless the map is a saved one, and the date of the map."""
    from routing.interface.read_inputs import SAVED_NETWORK
    from routing.interface.stopwatch import progress_words
    from routing.network.build import build_network
    from routing.network.save import load_network
    from routing.osm.read import read_osm

    def show(what: str, share: float) -> None:
        status.update(f"{progress_words(what, share)} …")

    if map_file.suffix == SAVED_NETWORK:
        return load_network(map_file), None
    wanted = _profile(profile)
    extract = read_osm(map_file, on_progress=show)
    return build_network(extract, wanted, on_progress=show), extract.timestamp


def _profile(name: str) -> Profile:
    """Return a profile that is shipped, or that a .toml file describes."""
    from routing.interface.table import read_bytes
    from routing.network.profile import Profile

    if not name.endswith(".toml"):
        return Profile.named(name)
    try:
        return Profile.from_toml(read_bytes(Path(name), "profile").decode(), where=name)
    except UnicodeDecodeError as error:
        issue = Issue(code="ENCODING", where=name, cause="is not UTF-8 text", action="save it as UTF-8")
        raise InputError([issue]) from error


def _facts(network: RoadNetwork, map_file: Path) -> dict[str, object]:
    """Return what a network is and what became of its map; every count of the report is told."""
    from dataclasses import asdict

    from routing.interface.read_inputs import time_zone_of
    from routing.network.save import VERSION, profile_sha256

    report = {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(network.report).items()
    }
    return {
        "map": str(map_file),
        "sha256": network.source_sha256,
        "attribution": network.attribution,
        "west_south_east_north": ", ".join(f"{degrees:.5f}" for degrees in network.bbox_deg),
        "time_zone": time_zone_of(network.bbox_deg),
        "drives_on": "left" if network.drives_on_left else "right",
        "profile": network.profile.name,
        "profile_facts": _own_facts(network.profile),
        "profile_sha256": profile_sha256(network.profile),
        "format_version": VERSION,
        "junctions": int(network.node_id.size),
        "arcs": network.arc_count,
        "turns": int(network.turn_to.size),
        "road_km": round(float(network.arc_length_mm.sum()) / 1e6, 1),
        "timed_rules": len(network.rule_hours),
        **report,
    }


def _own_facts(profile: Profile) -> list[str]:
    """Return the single figures and words of a profile that are its own choice, not the default of all."""
    from dataclasses import fields

    told = [(each, getattr(profile, each.name)) for each in fields(profile) if each.name != "name"]
    return [
        f"{each.name} {value}"
        for each, value in told
        if isinstance(value, bool | int | float | str) and value != each.default
    ]


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
