"""Download the roads of a place, where there is a network."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import shapely

from routing.errors import InputError, Issue, UnavailableError
from routing.osm.area import Area
from routing.osm.read import read_osm

OVERPASS_URL = "https://overpass-api.de/api/interpreter"
_TIMEOUT_S = 180
_MARGIN_DEG = 0.002
"""About 200 m, so that streets along a place's border stay whole and the query's polygon can be coarse."""
_DEPENDENCIES_CURE = "pip install 'routing[fetch]', or download an .osm.pbf by hand and give its path"


def fetch_map(place: str, out_path: str | Path, *, overpass_url: str = OVERPASS_URL) -> None:
    """Download the roads of a named place, with their turn restrictions, as an .osm file.

    OSMnx finds the place's outline (Nominatim); the roads come by a query of our own (Overpass), because OSMnx's
    brings no restrictions. The file appears only when it is complete and can be read.

    Raises
    ------
    InputError
        Where the place is not found, has no outline or no roads, or the file is not named .osm.
    UnavailableError
        Where OSMnx is not installed or a server cannot be reached.
    """
    target = Path(out_path)
    if target.suffix.lower() != ".osm":
        raise _fault(str(target), "MAP_KIND", "a downloaded map is OSM XML", "let its name end in .osm")
    if not target.parent.is_dir():
        raise _fault(str(target), "FOLDER_MISSING", "there is no such folder", "make the folder first")
    query = overpass_query(_outline(place))
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        part = Path(folder) / target.name
        part.write_bytes(_ask(query, overpass_url))
        read_osm(part)
        part.replace(target)


def overpass_query(area: Area) -> str:
    """Return the query for the roads that touch an area, their nodes, and the turn restrictions on them.

    https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL; objects come as nodes, ways, relations.
    """
    coarse = shapely.simplify(shapely.buffer(area, _MARGIN_DEG), _MARGIN_DEG / 2)
    parts = shapely.get_parts(coarse).tolist()
    rings = [" ".join(f"{lat:.5f} {lon:.5f}" for lon, lat in part.exterior.coords) for part in parts]
    ways = "\n".join(f'  way["highway"](poly:"{ring}");' for ring in rings)
    return (
        f"[out:xml][timeout:{_TIMEOUT_S}];\n"
        f"(\n{ways}\n)->.roads;\n"
        "node(w.roads)->.points;\n"
        'rel(bw.roads)["type"="restriction"]->.restrictions;\n'
        "(.points; .roads; .restrictions;);\n"
        "out body;\n"
    )


def _outline(place: str) -> Area:
    try:
        import osmnx
        import requests
    except ImportError as error:
        raise UnavailableError(f"finding a place by its name needs OSMnx\n    cure: {_DEPENDENCIES_CURE}") from error
    osmnx.settings.use_cache = False  # it would leave a folder of answers wherever the program is started
    try:
        found = osmnx.geocode_to_gdf(place).geometry.iloc[0]
    except requests.RequestException as error:
        raise _offline("the server that knows places (Nominatim)", type(error).__name__) from error
    except (TypeError, ValueError) as error:
        cause = f"no place with an outline is known as {place!r}"
        raise _fault("place", "PLACE_UNKNOWN", cause, 'write it as in "Lauf an der Pegnitz, Germany"') from error
    if not isinstance(found, shapely.Polygon | shapely.MultiPolygon):
        raise _fault("place", "PLACE_UNKNOWN", f"{place!r} has no outline", "name a town or a district")
    return found


def _ask(query: str, overpass_url: str) -> bytes:
    """Return Overpass' answer; it reports its own time limits inside an otherwise good answer."""
    body = urllib.parse.urlencode({"data": query}).encode()
    request = urllib.request.Request(overpass_url, body, {"User-Agent": "routing (road maps for delivery planning)"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S + 20) as response:
            answer: bytes = response.read()
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _offline("the server that holds the roads (Overpass)", type(error).__name__) from error
    if b"<remark>" in answer:
        raise _offline("the server that holds the roads (Overpass)", "it gave up before the end; try a smaller place")
    return answer


def _offline(server: str, cause: str) -> UnavailableError:
    return UnavailableError(
        f"{server} gives no answer: {cause}\n"
        "    cure: connect to the internet, or download an .osm.pbf elsewhere (https://download.geofabrik.de) "
        "and cut it with `routing map crop`"
    )


def _fault(where: str, code: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=where, cause=cause, action=action)])
