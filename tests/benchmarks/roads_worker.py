"""One measured stage of ours in a process of its own, so that its peak memory is its own; prints JSON.

roads_worker.py build MAP OUT            map file → saved network
roads_worker.py load NETWORK             a saved network, opened again
roads_worker.py table NETWORK POINTS     customise; durations; durations and distances
roads_worker.py traffic NETWORK POINTS PERCENT SPEEDS    changed speeds → new valid table
roads_worker.py slices NETWORK POINTS    24 tables, and again after a local report
roads_worker.py lines NETWORK POINTS     the geometries of legs between consecutive points
roads_worker.py scipy NETWORK POINTS     a few sources with SciPy and NetworkX, on the same arcs and turns
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from routing import (
    Location,
    Metric,
    OnWay,
    Profile,
    RoadTravel,
    Slowdown,
    Weather,
    apply_conditions,
    build_network,
    free_flow,
    load_network,
    read_osm,
    save_network,
    snap,
)
from routing.feeds.osrm_speeds import read_osrm_speeds
from routing.travel.customize import Weights
from routing.travel.hours import Span
from routing.travel.matrix import Known, slice_matrices
from routing.travel.overrides import Overrides, override

REPEATS = 3
SLICES = 24
FEW_SOURCES = 5
DAY = date(2026, 11, 23)
SPAN = Span(day=DAY, days=1, time_zone="UTC", near_deg=(0.0, 0.0))


def seconds(work):
    """Return how long a piece of work takes, and what it returns."""
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def least(work):
    """Return the least seconds of some runs: other processes only ever add."""
    return min(seconds(work)[0] for _ in range(REPEATS))


def peak_mb():
    """Return the most memory that this process has held, in MB.

    Linux counts in `ru_maxrss` what the parent held when it forked; its high-water mark begins anew with the program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def places(points):
    """Return the locations of a file of points."""
    return [Location(lat_deg=lat, lon_deg=lon) for lon, lat in json.loads(Path(points).read_text())]


def build(source, out):
    """Time the steps from a map file to a saved network."""
    read_s, extract = seconds(lambda: read_osm(source))
    build_s, network = seconds(lambda: build_network(extract, Profile.car()))
    save_s, _ = seconds(lambda: save_network(network, Path(out)))
    return {
        "read_s": read_s,
        "build_s": build_s,
        "save_s": save_s,
        "arcs": network.arc_count,
        "turns": int(network.turn_to.size),
        "shortcuts": int(network.hierarchy.up_head.size),
        "file_mb": Path(out).stat().st_size / 2**20,
    }


def load(saved):
    """Time opening a saved network."""
    return {"load_s": least(lambda: load_network(Path(saved)))}


def table(saved, points):
    """Time the customisation and the tables, snapping included, as OSRM's tables include it."""
    network = load_network(Path(saved))
    metric, where = free_flow(network), places(points)
    customise_s = least(lambda: Weights(network, metric).of(0))
    weights = Weights(network, metric)
    weights.of(0)
    snap_s = least(lambda: snap(network, where))
    snapped = snap(network, where)
    with_distances_s = least(lambda: slice_matrices(network, metric, weights, snapped, np.arange(1)))
    return {"customise_s": customise_s, "snap_s": snap_s, "with_distances_s": with_distances_s + snap_s}


def traffic(saved, points, percent, speeds):
    """Time the way from changed speeds on some share of the ways to a new table, for each form of the news.

    As times of arcs, as conditions on ways, as arrays of speeds between nodes, as a file of those as OSRM reads it
    (written here), and as weather over the whole map, which changes every arc.
    """
    network = load_network(Path(saved))
    metric, snapped = free_flow(network), snap(network, places(points))
    ways = np.unique(network.arc_way_id)
    chosen = np.random.default_rng(int(percent)).permutation(ways)[: max(1, ways.size * int(percent) // 100)]
    write_speeds(network, chosen, Path(speeds))
    arcs = np.isin(network.arc_way_id, chosen)
    slowdowns = [Slowdown(where=OnWay(way_id=way), speed_factor=0.5) for way in chosen.tolist()]
    known = read_osrm_speeds(Path(speeds).read_bytes(), name="speeds", day=DAY, time_zone="UTC")

    def anew(changed):
        weights = Weights(network, changed, base=before[0])
        return slice_matrices(network, changed, weights, snapped, np.arange(1))

    def least_after(work):
        """Return the least seconds of some runs, each from the state in which the old weights alone are known."""
        spent = []
        for _ in range(REPEATS):
            before[:] = [Weights(network, metric)]
            before[0].of(0)
            spent.append(seconds(work)[0])
        return min(spent)

    before = []

    def timed():
        times = network.arc_free_ms[np.newaxis].copy()
        times[0, arcs] *= 2
        return anew(Metric(slice_start_s=metric.slice_start_s, arc_ms=times, closed=metric.closed))

    def overridden(nodes):
        times = network.arc_free_ms[np.newaxis].copy()
        closed = np.zeros(times.shape, np.bool_)
        news = Overrides(nodes=nodes)
        override(network, news, news.pieces(SPAN), metric.slice_start_s, times, closed)
        return anew(Metric(slice_start_s=metric.slice_start_s, arc_ms=times, closed=closed))

    def filed():
        return overridden(read_osrm_speeds(Path(speeds).read_bytes(), name="speeds", day=DAY, time_zone="UTC"))

    return {
        "ways": int(chosen.size),
        "arcs": int(arcs.sum()),
        "times_s": least_after(timed),
        "weather_s": least_after(lambda: anew(apply_conditions(network, metric, [Weather(condition="snow")]))),
        "conditions_s": least_after(lambda: anew(apply_conditions(network, metric, slowdowns))),
        "speeds_s": least_after(lambda: overridden(known)),
        "file_s": least_after(filed),
    }


def write_speeds(network, ways, target):
    """Write half the free-flow speed of every segment of some ways as OSRM's `from,to,speed` lines."""
    lines = []
    for arc in np.flatnonzero(np.isin(network.arc_way_id, ways)).tolist():
        nodes = network.shape_node_id[network.shape_first[arc] : network.shape_first[arc + 1]].tolist()
        kph = network.arc_speed_kph[arc] / 2
        lines += [f"{a},{b},{kph:.1f}" for a, b in pairwise(nodes)]
    target.write_text("\n".join(dict.fromkeys(lines)) + "\n")


def day_of_slices(network):
    """Return a metric of 24 hourly slices that all differ."""
    arc_ms = np.empty((SLICES, network.arc_count), np.int32)
    for hour in range(SLICES):
        arc_ms[hour] = network.arc_free_ms * (1 + 0.4 * abs(np.sin(hour)))
    return Metric(
        slice_start_s=3600 * np.arange(SLICES, dtype=np.int64),
        arc_ms=np.maximum(arc_ms, 1, out=arc_ms),
        closed=np.zeros((SLICES, network.arc_count), np.bool_),
    )


def slices(saved, points):
    """Time all tables of a day, and those that a report on one road for two hours makes new."""
    network = load_network(Path(saved))
    metric, where = day_of_slices(network), places(points)
    every = np.arange(metric.slice_count)

    def all_tables(chosen, weights, known):
        return slice_matrices(network, chosen, weights, snap(network, where), every, known=known)

    weights = Weights(network, metric, kept_bytes=0)
    all_s, tables = seconds(lambda: all_tables(metric, weights, None))
    rows = zip(tables.duration_s, tables.distance_m, tables.reachable, strict=True)
    made = {weights.name(k): row for k, row in enumerate(rows)}
    known = Known(tables=made, row=np.arange(len(where)))
    peak = peak_mb()
    report = Slowdown(where=OnWay(way_id=busiest_way(network)), speed_factor=0.4, from_s=8 * 3600, until_s=10 * 3600)

    def renew():
        changed = apply_conditions(network, metric, [report])
        renewed = Weights(network, changed, base=weights, kept_bytes=0)
        all_tables(changed, renewed, known)
        return sum(renewed.name(k) not in made for k in range(changed.slice_count))

    remade_s, remade = seconds(renew)
    return {"slices": metric.slice_count, "all_s": all_s, "all_mb": peak, "remade_s": remade_s, "remade": remade}


def busiest_way(network):
    """Return the way with the most arcs of the highest class of road."""
    ways, arcs = np.unique(network.arc_way_id[network.arc_class == network.arc_class.min()], return_counts=True)
    return int(ways[arcs.argmax()])


def lines(saved, points):
    """Time the geometries of the legs from each point to the next, weights ready."""
    network = load_network(Path(saved))
    travel = RoadTravel(network, free_flow(network), places(points))
    count = len(json.loads(Path(points).read_text())) - 1
    travel.geometries([(1, 0, 0)])
    lines_s, drawn = seconds(lambda: travel.geometries([(k, k + 1, 0) for k in range(count)]))
    return {"legs": count, "lines_s": lines_s, "points": sum(map(len, drawn))}


def scipy(saved, points):
    """Time single-source searches of general libraries on the arcs and turns."""
    import networkx as nx
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    network = load_network(Path(saved))
    weight = network.turn_ms + network.arc_free_ms[network.turn_to].astype(np.float64)
    shape = (network.arc_count, network.arc_count)
    graph = csr_array((weight, network.turn_to, network.turn_first), shape=shape)
    sources = np.random.default_rng(1).integers(0, network.arc_count, FEW_SOURCES)
    scipy_s, _ = seconds(lambda: dijkstra(graph, indices=sources))
    tail = np.repeat(np.arange(network.arc_count), np.diff(network.turn_first))
    linked = nx.DiGraph()
    linked.add_weighted_edges_from(zip(tail.tolist(), network.turn_to.tolist(), weight.tolist(), strict=True))
    nx_s, _ = seconds(lambda: [nx.single_source_dijkstra_path_length(linked, int(each)) for each in sources[:2]])
    return {"scipy_source_s": scipy_s / FEW_SOURCES, "networkx_source_s": nx_s / 2}


VERBS = {each.__name__: each for each in (build, load, table, traffic, slices, lines, scipy)}

if __name__ == "__main__":
    told = VERBS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({**told, "peak_mb": peak_mb()}))
