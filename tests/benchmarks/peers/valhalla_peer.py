"""Build and ask Valhalla; runs in an environment of its own that has `pyvalhalla`, and prints JSON.

valhalla_peer.py build MAP FOLDER
valhalla_peer.py routes FOLDER PAIRS OUT           PAIRS: [[[lon, lat], [lon, lat]], …]
valhalla_peer.py matrix FOLDER POINTS              POINTS: [[lon, lat], …]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import valhalla
from valhalla.config import get_config

# The command `valhalla_build_tiles` that the wheel puts on PATH does not find its own executable.
BUILD_TILES = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
COSTING = "auto"


def build(source, folder):
    """Build the tiles of a map (.osm.pbf); return the seconds and the most memory in MB."""
    folder = Path(folder)
    (folder / "tiles").mkdir(parents=True)
    config = get_config(tile_dir=str(folder / "tiles"), tile_extract="")
    config["mjolnir"]["concurrency"] = 1
    for limits in config["service_limits"].values():
        if isinstance(limits, dict) and "max_matrix_location_pairs" in limits:
            limits["max_matrix_location_pairs"] = 10**7
    (folder / "config.json").write_text(json.dumps(config))
    began = time.perf_counter()
    done = subprocess.run(
        [BUILD_TILES, "-j", "1", "-c", folder / "config.json", source], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"valhalla_build_tiles: {done.stdout[-500:]} {done.stderr[-500:]}")
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"build_s": time.perf_counter() - began, "peak_mb": peak_mb}


def actor(folder):
    """Open the tiles."""
    return valhalla.Actor(json.loads((Path(folder) / "config.json").read_text()))


def place(point):
    """Return a place as Valhalla asks for it."""
    return {"lon": point[0], "lat": point[1]}


def routes(folder, pairs, out):
    """Write duration and length of each pair's route; None where there is none."""
    opened, found = actor(folder), []
    for pair in json.loads(Path(pairs).read_text()):
        asked = {"locations": [place(point) for point in pair], "costing": COSTING, "directions_type": "none"}
        try:
            summary = opened.route(asked)["trip"]["summary"]
        except RuntimeError as error:
            found.append({"error": str(error)})
            continue
        found.append({"duration_s": summary["time"], "distance_m": summary["length"] * 1000})
    Path(out).write_text(json.dumps(found))
    return {"routes": len(found)}


def matrix(folder, points):
    """Return the seconds of a table of durations and distances."""
    opened = actor(folder)
    places = [place(point) for point in json.loads(Path(points).read_text())]
    began = time.perf_counter()
    opened.matrix({"sources": places, "targets": places, "costing": COSTING})
    return {"with_distances_s": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps({"build": build, "routes": routes, "matrix": matrix}[sys.argv[1]](*sys.argv[2:])))
