"""Build and ask OSRM; runs in an environment of its own that has `osrm-bindings`, and prints JSON.

    osrm_peer.py build MAP FOLDER WEIGHT ALGORITHM     WEIGHT of routability (as it comes), duration
    osrm_peer.py routes FOLDER ALGORITHM PAIRS OUT     PAIRS: [[[lon, lat], [lon, lat]], …]
    osrm_peer.py table FOLDER ALGORITHM POINTS OUT     POINTS: [[lon, lat], …]; without OUT (`-`) only times it
    osrm_peer.py update FOLDER SPEEDS POINTS           MLD: the table after a file of segment speeds
    osrm_peer.py match FOLDER ALGORITHM TRACES OUT     TRACES: [{"points": [[lon, lat], …], "times": [s, …]}, …]

All is done with one thread. The wheels bring the tools and the profiles.
"""

from __future__ import annotations

import gzip
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import osrm

HOME = Path(osrm.__file__).parent
REPEATS = 3
HUBS = 50


def run(folder, tool, *args):
    """Run one of OSRM's tools with one thread; return its seconds."""
    began = time.perf_counter()
    done = subprocess.run([HOME / "bin" / tool, "-t", "1", *args], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tool}: {done.stdout[-500:]} {done.stderr[-500:]}")
    return time.perf_counter() - began


def build(source, folder, weight, algorithm):
    """Build a data set; return the seconds of each step and the most memory of any, in MB."""
    source, folder = Path(source), Path(folder)
    folder.mkdir(parents=True)
    profiles = folder / "profiles"
    shutil.copytree(HOME / "share" / "profiles", profiles)
    car = profiles / "car.lua"
    stock = "weight_name                     = 'routability'"
    text = car.read_text()
    if text.count(stock) != 1:
        raise SystemExit("car.lua names its weight in another way than expected")
    car.write_text(text.replace(stock, f"weight_name = '{weight}'"))
    name = "map.osm.pbf" if source.suffix == ".pbf" else "map.osm"
    if source.suffix == ".gz":
        with gzip.open(source) as packed, (folder / name).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    else:
        (folder / name).symlink_to(source.resolve())
    took = {"extract_s": run(folder, "osrm-extract", "-p", car.resolve(), name)}
    if algorithm == "CH":
        took["contract_s"] = run(folder, "osrm-contract", "map.osrm")
    else:
        took["partition_s"] = run(folder, "osrm-partition", "map.osrm")
        took["customize_s"] = run(folder, "osrm-customize", "map.osrm")
    took["peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return took


def engine(folder, algorithm):
    """Open a data set."""
    return osrm.OSRM(
        storage_config=str(Path(folder) / "map.osrm"),
        algorithm=algorithm,
        use_shared_memory=False,
        max_locations_distance_table=-1,
    )


def routes(folder, algorithm, pairs, out):
    """Write duration, length, snapped ends and nodes of each pair's route, and whether an end lies on an island."""
    opened = engine(folder, algorithm)
    asked_for = json.loads(Path(pairs).read_text())
    found = []
    for pair, dead in zip(asked_for, islands(opened, asked_for), strict=True):
        asked = osrm.RouteParameters(
            coordinates=[tuple(point) for point in pair],
            annotations=["nodes", "duration"],
            overview="false",
            generate_hints=False,
        )
        try:
            answer = opened.Route(asked)
        except RuntimeError as error:
            found.append({"error": str(error), "snapped": nearest(opened, pair), "island": dead})
            continue
        route, ends = answer["routes"][0], answer["waypoints"]
        leg = route["legs"][0]
        found.append(
            {
                "duration_s": route["duration"],
                "distance_m": route["distance"],
                "snapped": [list(end["location"]) for end in ends],
                "nodes": [int(node) for node in leg["annotation"]["nodes"]],
                "steps_s": [float(spent) for spent in leg["annotation"]["duration"]],
                "island": dead,
            }
        )
    Path(out).write_text(json.dumps(found))
    return {"routes": len(found)}


def islands(opened, pairs):
    """Return for each pair whether an end is put on a road from which, or to which, few other places have a way.

    On maps of fewer edges than OSRM's `--small-component-size` it puts places on any road, also on dead ones.
    """
    points = [tuple(point) for pair in pairs for point in pair]
    hubs = list(range(0, len(points), max(1, len(points) // HUBS)))
    reached = []
    for sources, destinations in ((range(len(points)), hubs), (hubs, range(len(points)))):
        asked = osrm.TableParameters(
            coordinates=points,
            sources=list(sources),
            destinations=list(destinations),
            annotations=["duration"],
            generate_hints=False,
        )
        rows = [list(row) for row in opened.Table(asked)["durations"]]
        rows = rows if len(rows) == len(points) else list(zip(*rows, strict=True))
        counts = [sum(each is not None for each in row) for row in rows]
        reached.append([count < max(counts) / 2 for count in counts])
    dead = [one or other for one, other in zip(*reached, strict=True)]
    return [dead[k] or dead[k + 1] for k in range(0, len(dead), 2)]


def nearest(opened, pair):
    """Return the snapped ends of a pair that has no route."""
    ends = []
    for point in pair:
        answer = opened.Nearest(osrm.NearestParameters(coordinates=[tuple(point)], generate_hints=False))
        ends.append(list(answer["waypoints"][0]["location"]))
    return ends


def table(folder, algorithm, points, out):
    """Return the least seconds of a durations table, and of one with distances; write the durations where asked."""
    opened = engine(folder, algorithm)
    coordinates = [tuple(point) for point in json.loads(Path(points).read_text())]
    took = {}
    for name, wanted in (("durations_s", ["duration"]), ("with_distances_s", ["duration", "distance"])):
        asked = osrm.TableParameters(coordinates=coordinates, annotations=wanted, generate_hints=False)
        spent = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            answer = opened.Table(asked)
            spent.append(time.perf_counter() - began)
        took[name] = min(spent)
    if out != "-":
        Path(out).write_text(json.dumps([list(row) for row in answer["durations"]]))
    # The high-water mark of this program; `ru_maxrss` would also count what the parent held when it forked.
    status = Path("/proc/self/status").read_text().splitlines()
    took["peak_mb"] = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    return took


def update(folder, speeds, points):
    """Return the seconds from a file of segment speeds to a new table, in a copy of the pristine data set."""
    pristine, copy = Path(folder), Path(folder).with_name(Path(folder).name + "-update")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(pristine, copy, symlinks=True)
    try:
        took = {"customize_s": run(copy, "osrm-customize", "map.osrm", "--segment-speed-file", Path(speeds).resolve())}
        began = time.perf_counter()
        opened = engine(copy, "MLD")
        took["load_s"] = time.perf_counter() - began
        coordinates = [tuple(point) for point in json.loads(Path(points).read_text())]
        began = time.perf_counter()
        opened.Table(osrm.TableParameters(coordinates=coordinates, annotations=["duration"], generate_hints=False))
        took["table_s"] = time.perf_counter() - began
        return took
    finally:
        shutil.rmtree(copy)


def match(folder, algorithm, traces, out):
    """Write the nodes of the legs of each trace's matchings; return the seconds that matching took."""
    opened = engine(folder, algorithm)
    found, spent = [], 0.0
    for trace in json.loads(Path(traces).read_text()):
        asked = osrm.MatchParameters(
            coordinates=[tuple(point) for point in trace["points"]],
            timestamps=trace["times"],
            annotations=["nodes"],
            overview="false",
            generate_hints=False,
        )
        began = time.perf_counter()
        try:
            answer = opened.Match(asked)
        except RuntimeError:
            answer = {"matchings": []}
        spent += time.perf_counter() - began
        legs = [leg for matching in answer["matchings"] for leg in matching["legs"]]
        found.append([[int(node) for node in leg["annotation"]["nodes"]] for leg in legs])
    Path(out).write_text(json.dumps(found))
    return {"match_s": spent}


if __name__ == "__main__":
    verbs = {"build": build, "routes": routes, "table": table, "update": update, "match": match}
    print(json.dumps(verbs[sys.argv[1]](*sys.argv[2:])))
