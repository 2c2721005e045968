"""Hold calibrated speeds against taxi trips that did not teach them, and the map matching beside OSRM's.

    python tests/benchmarks/calibration.py --map porto.osm.pbf --traces train-1000.csv [--splits 5] [--cache FOLDER]

Bar: on Porto, learned from half of the trips and tested on the other, the median absolute error of trip durations at
least 20 % below the default table's, and far below free flow's. Each split divides the trips in another way; each half
judges the other.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from roads_maps import as_sorted_pbf
from roads_peers import default_cache, find_peer

from routing.interface.calibration import Trips, calibrate_traces, judge_trips
from routing.interface.calibration_table import gain_of
from routing.interface.read_inputs import time_zone_of
from routing.interface.read_traces import read_traces
from routing.network.build import build_network
from routing.network.location import Location
from routing.network.profile import Profile
from routing.osm.read import read_osm
from routing.travel.calibrate import Calendar
from routing.travel.calibrate_drives import Clock, drives_of_matches
from routing.travel.map_match import MapMatcher
from routing.travel.map_match_arcs import driven_arcs
from routing.travel.map_match_journeys import journeys
from routing.travel.speed_table import DEFAULT_SPEED_TABLE
from routing.units import great_circle_m


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--map", type=Path, required=True)
    parser.add_argument("--traces", type=Path, required=True)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--beside", type=int, default=200, help="traces to match with OSRM too; 0: none")
    parser.add_argument("--core", type=int, default=0)
    return parser.parse_args()


def whole_trips(traces, clock):
    """Return the traces as they come, from their first fix to their last, standing and errors and all."""
    kept = [trace for trace in traces if trace.time_s.size > 1 and trace.time_s[-1] > trace.time_s[0]]
    ends = [
        Location(lat_deg=float(trace.lat_deg[fix]), lon_deg=float(trace.lon_deg[fix]))
        for trace in kept
        for fix in (0, -1)
    ]
    departs_s = np.array([trace.time_s[0] for trace in kept])
    moved_m = [
        great_circle_m(each.lat_deg[:-1], each.lon_deg[:-1], each.lat_deg[1:], each.lon_deg[1:]).sum() for each in kept
    ]
    kinds = clock.columns_at(departs_s) // len(clock.calendar.slice_start_s)
    return Trips(
        trace_id=tuple(trace.trace_id for trace in kept),
        ends=tuple(ends),
        kind=tuple(clock.calendar.days[kind] for kind in kinds.tolist()),
        second=clock.seconds_at(departs_s),
        took_s=np.array([trace.time_s[-1] - trace.time_s[0] for trace in kept], float),
        moved_m=np.array(moved_m),
    )


def tell(name, judged):
    """Print the gain on some drives."""
    gain = gain_of(judged)
    errors = (gain.free_flow, gain.before, gain.after)
    print(
        f"{name:44} {gain.drives:5}  "
        + "  ".join(f"{each.median_abs_s:6.1f}" for each in errors)
        + f"  {gain.gain_ratio:+6.1%} ({gain.gain_low_ratio:+.1%} to {gain.gain_high_ratio:+.1%})  MAPE "
        + ", ".join(f"{each.mean_abs_ratio:.1%}" for each in errors)
        + "  bias "
        + ", ".join(f"{each.bias_s:+.0f}" for each in errors),
        flush=True,
    )


def segments(network, driven, *, inner):
    """Return the pairs of nodes driven, with their lengths; `inner` leaves out the ends, which are driven in part."""
    found = {}
    for k, arc in enumerate(driven.arc.tolist()):
        if inner and driven.share[k] < 1:
            continue
        points = slice(network.shape_first[arc], network.shape_first[arc + 1])
        nodes, lat, lon = (
            each[points] for each in (network.shape_node_id, network.shape_lat_deg, network.shape_lon_deg)
        )
        lengths = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        found.update(zip(zip(nodes[:-1].tolist(), nodes[1:].tolist(), strict=True), lengths.tolist(), strict=True))
    return found


def beside_osrm(options, network, found, matches):
    """Print how far OSRM's matching and ours drive the same roads, and how long each takes."""
    peer = find_peer("osrm", options.cache, options.core)
    if peer.python is None:
        print(f"OSRM is left out: {peer.cause}.")
        return
    folder, _ = peer.data(as_sorted_pbf(options.map, options.cache), "routability", "CH")
    some = list(zip(found, matches, strict=True))[: options.beside]
    content = [
        {"points": np.column_stack([trace.lon_deg, trace.lat_deg]).tolist(), "times": trace.time_s.tolist()}
        for trace, _ in some
    ]
    told, theirs = peer.give("match", folder, "CH", content=content)
    began = time.perf_counter()
    for _ in MapMatcher(network).match([trace for trace, _ in some]):
        pass
    ours_s = time.perf_counter() - began
    ours_m = both_m = 0.0
    shares = []
    for (_, match), legs in zip(some, theirs, strict=True):
        mine = segments(network, driven_arcs(network, match), inner=True)
        other = {pair for nodes in legs for pair in pairwise(nodes)}
        same_m = sum(length for pair, length in mine.items() if pair in other)
        ours_m, both_m = ours_m + sum(mine.values()), both_m + same_m
        if mine:
            shares.append(same_m / sum(mine.values()))
    print(
        f"{len(some)} traces: ours {ours_s:.1f} s, OSRM {told['match_s']:.1f} s; of {ours_m / 1000:.0f} km that we "
        f"drive OSRM drives {both_m / ours_m:.1%}; by trace the median is {np.median(shares):.1%}, "
        f"the tenth percentile {np.percentile(shares, 10):.1%}"
    )


def main():
    """Run the benchmark."""
    options = read_options()
    began = time.perf_counter()
    network = build_network(read_osm(options.map), Profile.car())
    zone = time_zone_of(network.bbox_deg)
    traces = read_traces(options.traces, time_zone=zone)
    print(f"network and {len(traces)} traces: {time.perf_counter() - began:.1f} s")
    found = journeys(traces)
    matcher = MapMatcher(network)
    list(matcher.match(found[:3]))
    began = time.perf_counter()
    matches = tuple(matcher.match(found))
    print(f"match {len(found)} journeys: {time.perf_counter() - began:.1f} s")
    calendar = Calendar.of(DEFAULT_SPEED_TABLE)
    west, south, east, north = network.bbox_deg
    middle_deg = (south + north) / 2, (west + east) / 2
    clock = Clock.over(calendar, np.concatenate([each.time_s for each in found]), zone, middle_deg)
    drives = drives_of_matches(network, matches, clock)
    whole = whole_trips(traces, clock)
    print("median absolute error in seconds: free flow, default table, calibrated; gain (95 % by paired bootstrap)")
    for split in range(options.splits):
        began = time.perf_counter()
        made = calibrate_traces(network, traces, DEFAULT_SPEED_TABLE, time_zone=zone, split=split)
        spent = time.perf_counter() - began
        tell(f"split {split}: quickest drives between the ends", made.drives)
        tell(f"split {split}: along the roads driven", made.paths)
        tell(
            f"split {split}: whole trips as they come", judge_trips(network, whole, drives, DEFAULT_SPEED_TABLE, split)
        )
        print(f"split {split}: detours {made.detour_ratio:.3f}; all of it took {spent:.1f} s")
    if options.beside:
        beside_osrm(options, network, found, matches)


if __name__ == "__main__":
    main()
