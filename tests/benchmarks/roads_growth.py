"""How cost grows with the map, up to a tiling of one map with more than a million arcs."""

from __future__ import annotations

import json

import osmium
from roads_maps import random_places
from roads_speed import worker

from routing import Profile, build_network, read_osm
from routing.network.road_network import ACCESS_THROUGH

LEAST_ARCS = 1_000_000
_ID_STEP = 10**11
"""Ids of the copies lie this far apart, above all that OSM has given out."""
_GAP_DEG = 0.02
_BRIDGES = 6
"""Roads that join two neighbouring copies."""


def growth(name, map_file, options):
    """Return the figures of one map."""
    folder = options.cache / "growth"
    folder.mkdir(parents=True, exist_ok=True)
    saved, points = folder / f"{name}.network", folder / f"{name}.json"
    built = worker(options.core, "build", map_file, saved)
    points.write_text(json.dumps(random_places(read_osm(map_file), 500, options.seed)))
    tables = worker(options.core, "table", saved, points)
    return {"build": built, "table": tables}


def tiled(map_file, cache):
    """Return a map of so many copies of another, side by side and joined by roads, that it has a million arcs."""
    target = cache / "growth" / f"{map_file.name.split('.')[0]}-tiled.osm.pbf"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    extract = read_osm(map_file)
    network = build_network(extract, Profile.car())
    side = next(n for n in range(2, 20) if n * n * network.arc_count >= LEAST_ARCS)
    shifts = [
        (
            column * (extract.bbox_deg[2] - extract.bbox_deg[0] + _GAP_DEG),
            row * (extract.bbox_deg[3] - extract.bbox_deg[1] + _GAP_DEG),
        )
        for row in range(side)
        for column in range(side)
    ]
    used = set(extract.node_id.tolist())
    nodes = sorted((int(ref), float(lon), float(lat)) for ref, lon, lat in _places(extract))
    tags = dict(zip(extract.node_id[extract.tagged_node].tolist(), extract.node_tags, strict=True))
    partial = target.with_name("partial.osm.pbf")
    with osmium.SimpleWriter(str(partial), overwrite=True) as writer:
        for copy, (east, north) in enumerate(shifts):
            for ref, lon, lat in nodes:
                place = (lon + east, lat + north)
                writer.add_node(
                    osmium.osm.mutable.Node(id=ref + copy * _ID_STEP, location=place, tags=dict(tags.get(ref, {})))
                )
        for copy in range(len(shifts)):
            for row, way in enumerate(extract.way_id.tolist()):
                refs = extract.node_id[extract.way_node[extract.way_first[row] : extract.way_first[row + 1]]]
                refs = (refs + copy * _ID_STEP).tolist()
                # A way that was cut stands in several rows: each piece gets an id of its own.
                own = way + copy * _ID_STEP + (row * 10**6 if extract.ways_cut else 0)
                writer.add_way(osmium.osm.mutable.Way(id=own, nodes=refs, tags=dict(extract.way_tags[row])))
        for number, (one, other) in enumerate(_bridges(network, side)):
            road = {"highway": "primary"}
            writer.add_way(osmium.osm.mutable.Way(id=len(shifts) * _ID_STEP + number, nodes=[one, other], tags=road))
        for item in osmium.FileProcessor(str(map_file), osmium.osm.RELATION):
            if item.tags.get("type") == "restriction":
                members = [(each.type, each.ref, each.role) for each in item.members]
                if all(kind != "n" or ref in used for kind, ref, _ in members):
                    for copy in range(len(shifts)):
                        moved = [(kind, ref + copy * _ID_STEP, role) for kind, ref, role in members]
                        relation = osmium.osm.mutable.Relation(
                            id=item.id + copy * _ID_STEP, members=moved, tags=dict(item.tags)
                        )
                        writer.add_relation(relation)
    partial.rename(target)
    return target


def _places(extract):
    return zip(extract.node_id.tolist(), extract.node_lon_deg.tolist(), extract.node_lat_deg.tolist(), strict=True)


def _bridges(network, side):
    """Yield pairs of nodes of neighbouring copies: through roads at the facing edges."""
    arcs = network.arc_access == ACCESS_THROUGH
    nodes = sorted(set(network.arc_tail[arcs].tolist()) & set(network.arc_head[arcs].tolist()))
    east = sorted(nodes, key=lambda node: network.node_lon_deg[node])
    north = sorted(nodes, key=lambda node: network.node_lat_deg[node])
    for row in range(side):
        for column in range(side):
            here = row * side + column
            for ordered, there in ((east, here + 1 if column + 1 < side else None), (north, here + side)):
                if there is None or there >= side * side:
                    continue
                for one, other in zip(ordered[-_BRIDGES:], ordered[:_BRIDGES], strict=True):
                    yield (
                        int(network.node_id[one]) + here * _ID_STEP,
                        int(network.node_id[other]) + there * _ID_STEP,
                    )


def print_growth(figures):
    """Print one line for each map."""
    print(
        f"{'map':<16}{'arcs':>9}{'turns':>9}{'shortcuts':>11}{'process s':>10}{'read':>7}{'build':>7}{'save':>6}"
        f"{'peak MB':>9}{'MB/100k':>8}{'file MB':>8}{'customise':>10}{'500²':>8}{'+ dist':>8}{'peak MB':>8}"
    )
    for name, told in figures.items():
        built, table = told["build"], told["table"]
        print(
            f"{name:<16}{built['arcs']:>9}{built['turns']:>9}{built['shortcuts']:>11}{built['process_s']:>10.2f}"
            f"{built['read_s']:>7.2f}{built['build_s']:>7.2f}{built['save_s']:>6.2f}{built['peak_mb']:>9.0f}"
            f"{built['peak_mb'] / built['arcs'] * 1e5:>8.0f}{built['file_mb']:>8.1f}{table['customise_s']:>10.3f}"
            f"{table.get('durations_s', table['with_distances_s']):>8.3f}{table['with_distances_s']:>8.3f}"
            f"{table['peak_mb']:>8.0f}"
        )
