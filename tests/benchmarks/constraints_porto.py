"""Real tables of Porto's roads, made once by the package and kept: seconds and metres between residential streets."""

from __future__ import annotations

import numpy as np
from roads_maps import find_map, random_places

from routing import Location, Profile, RoadTravel, build_network, free_flow, read_osm

STREETS = frozenset({"residential", "living_street", "unclassified"})
PLACES, SEED = 700, 20261122
BOX_DEG = (41.08, -8.72, 41.26, -8.50)
"""South, west, north, east: the city with its suburbs, about 20 km either way."""


def kept_tables(folder, maps):
    """Return the file of seconds and metres between the places, n x n; made in the folder where it is not there."""
    kept = folder / f"porto-{PLACES}-{SEED}.npz"
    if not kept.exists():
        source = find_map("porto", maps)
        if source is None:
            raise SystemExit("porto: no such map here; name its folder with --maps")
        print("… the tables of Porto", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        duration_s, distance_m = _made(source)
        np.savez(kept, duration_s=duration_s, distance_m=distance_m)
    return kept


def _made(source):
    extract = read_osm(source)
    south, west, north, east = BOX_DEG
    inside = [
        (lat, lon)
        for lon, lat in random_places(extract, 6 * PLACES, SEED, STREETS)
        if south <= lat <= north and west <= lon <= east
    ]
    network = build_network(extract, Profile.car())
    places = [Location(lat_deg=lat, lon_deg=lon) for lat, lon in inside[: PLACES + PLACES // 10]]
    travel = RoadTravel(network, free_flow(network), places)
    matrix = travel.matrix
    # A few places lie on islands of the road network; they go, so that every problem is about constraints.
    reachable = matrix.reachable.reshape(len(places), len(places))
    hub = int(np.argmax(reachable.sum(axis=1) + reachable.sum(axis=0)))
    kept = np.flatnonzero(reachable[hub] & reachable[:, hub] & travel.usable)[:PLACES]
    pairs = np.ix_(kept, kept)
    shape = reachable.shape
    assert kept.size == PLACES
    assert reachable[pairs].all()
    return matrix.duration_s.reshape(shape)[pairs], matrix.distance_m.reshape(shape)[pairs]
