"""Draw tiny maps in characters: every letter is a node, one character aside or below is 100 m."""

import math
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

from routing.network.build import build_network
from routing.network.profile import Profile
from routing.network.road_network import RoadNetwork
from routing.osm.read import read_osm
from routing.units import EARTH_RADIUS_M

STEP_DEG = math.degrees(100 / EARTH_RADIUS_M)
"""100 m on the equator, where the maps lie, in both directions."""


def place(drawing: str) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of each letter."""
    rows = drawing.strip("\n").split("\n")
    indent = min(len(row) - len(row.lstrip()) for row in rows if row.strip())
    return {
        letter: (-row * STEP_DEG, column * STEP_DEG)
        for row, text in enumerate(rows)
        for column, letter in enumerate(text[indent:])
        if letter.isalnum()
    }


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def osm_xml(drawing, ways, nodes=None, restrictions=(), without="") -> str:
    """Return the map as OSM XML.

    `ways` gives tags by the letters of a way; ids count from 1 in their order. `restrictions` are (kind or tags,
    from way, via letter or way or several ways, to way). Letters in `without` are used by ways but not in the file.
    """
    ids = {letters: number for number, letters in enumerate(ways, start=1)}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="tests">']
    for letter, (lat, lon) in sorted(place(drawing).items()):
        if letter not in without:
            tags = _tags((nodes or {}).get(letter, {}))
            lines.append(f'<node id="{ord(letter)}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{tags}</node>')
    for letters, tags in ways.items():
        refs = "".join(f'<nd ref="{ord(letter)}"/>' for letter in letters)
        lines.append(f'<way id="{ids[letters]}" version="1">{refs}{_tags(tags)}</way>')
    for number, (kind, start, via, end) in enumerate(restrictions, start=1):
        tags = {"type": "restriction", **({"restriction": kind} if isinstance(kind, str) else kind)}
        vias = (via,) if isinstance(via, str) else via
        between = [("way", ids[each], "via") if each in ids else ("node", ord(each), "via") for each in vias]
        members = [("way", ids[start], "from"), *between, ("way", ids[end], "to")]
        text = "".join(f'<member type="{of}" ref="{ref}" role="{role}"/>' for of, ref, role in members)
        lines.append(f'<relation id="{number}" version="1">{text}{_tags(tags)}</relation>')
    return "\n".join([*lines, "</osm>"])


def write_map(path: Path, drawing, ways, **parts) -> Path:
    path.write_text(osm_xml(drawing, ways, **parts), encoding="utf-8")
    return path


def build(folder: Path, drawing, ways, profile: Profile | None = None, **parts) -> RoadNetwork:
    """Return the network of a drawn map, a car's unless said otherwise."""
    extract = read_osm(write_map(folder / "drawn.osm", drawing, ways, **parts))
    return build_network(extract, profile or Profile.car())


def arc_letters(network: RoadNetwork) -> list[str]:
    """Return the letters along each arc, tail to head."""
    bounds = network.shape_first.tolist()
    letters = [chr(node) for node in network.shape_node_id.tolist()]
    return ["".join(letters[a:b]) for a, b in pairwise(bounds)]


def arcs_by_access(network: RoadNetwork, access: int) -> set[str]:
    return {arc for arc, kind in zip(arc_letters(network), network.arc_access.tolist(), strict=True) if kind == access}


def turn_costs_ms(network: RoadNetwork) -> dict[tuple[str, str], int]:
    """Return the cost of each turn between through arcs, by the letters of its arcs."""
    names = arc_letters(network)
    return {
        (names[arc], names[network.turn_to[turn]]): int(network.turn_ms[turn])
        for arc in range(network.arc_count)
        for turn in range(network.turn_first[arc], network.turn_first[arc + 1])
        if network.arc_access[arc] == 0 and network.arc_access[network.turn_to[turn]] == 0
    }
