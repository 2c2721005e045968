"""How far our drives agree with OSRM's and Valhalla's between random places, and the tags behind the differences.

Three rows for each: `any road` puts our ends on the nearest road whatever it is, as the others do; `same ends` are
those of its pairs that begin and end in the same spot; `doors` puts them where we stop by ourselves, which is in no
tunnel, on no motorway and on private ground only for need.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from roads_maps import as_sorted_pbf, random_places
from roads_paths import SHORTEST_S, describe, drive_seconds

from routing import Location, Profile, build_network, free_flow, read_osm, snap
from routing.network.profile import ROAD_CLASSES
from routing.osm.frontage import Frontage
from routing.travel.customize import Weights
from routing.travel.drive import Driver
from routing.units import great_circle_m

SAME_END_M = 5.0
"""Two engines that put a place on the road this near to each other mean the same road."""
RADIUS_M = 20_000.0
"""OSRM looks for a road at any distance."""
BAR_MEDIAN, BAR_P5, BAR_P95, BAR_LOST = 0.01, 0.93, 1.07, 0.003
RIVALS = (("OSRM", "routability"), ("OSRM by time", "duration"), ("Valhalla", ""))


def agreement(map_file, osrm, valhalla, options):
    """Return the rows of a map's table and the words about its largest differences."""
    extract = read_osm(map_file)
    network = build_network(extract, Profile.car())
    points = random_places(extract, 2 * options.pairs, options.seed)
    pairs = [points[k : k + 2] for k in range(0, len(points), 2)]
    ours, doors = our_drives(as_others_snap(network), points), our_drives(network, points)
    rows, words = [], []
    for name, weight in RIVALS:
        peer = osrm if weight else valhalla
        if peer.python is None:
            words.append(f"{name} is not here: {peer.cause}")
            continue
        if weight:
            folder, _ = peer.data(map_file, weight, "MLD")
            _, theirs = peer.give("routes", folder, "MLD", content=pairs)
        else:
            folder, _ = peer.data(as_sorted_pbf(map_file, peer.cache))
            _, theirs = peer.give("routes", folder, content=pairs)
        row = {"map": map_file.name, "peer": name}
        rows.append(row | compare("any road", ours, theirs))
        if weight:
            rows.append(row | compare("same ends", ours, theirs, same_ends_only=True))
        rows.append(row | compare("doors", doors, theirs))
        if weight == options.explain:
            words += describe(network, extract, ours, theirs, options.largest)
    return rows, words


def our_drives(network, points):
    """Return our drives between the places 0 and 1, 2 and 3, and so on; None where there is none."""
    metric = free_flow(network)
    snapped = snap(network, [Location(lat_deg=lat, lon_deg=lon) for lon, lat in points], radius_m=RADIUS_M)
    driver = Driver(network, metric, Weights(network, metric).of, snapped)
    drives = []
    for k in range(0, len(points), 2):
        usable = snapped.usable[k] and snapped.usable[k + 1]
        found = driver.drive(k, k + 1, 0) if usable else None
        ends = [[float(snapped.lon_deg[i]), float(snapped.lat_deg[i])] for i in (k, k + 1)]
        drives.append(
            {
                "drive": found,
                "snapped": ends,
                "duration_s": drive_seconds(network, found) if found else None,
                "distance_m": found.distance_m if found else None,
            }
        )
    return drives


def as_others_snap(network):
    """Return the network with every road one to stop at, but for private service roads, where OSRM does not either."""
    yard = (network.arc_frontage == Frontage.PRIVATE) & (network.arc_class == ROAD_CLASSES.index("service"))
    return replace(network, arc_frontage=np.where(yard, Frontage.PRIVATE, Frontage.STREET).astype(np.uint8))


def compare(of, ours, theirs, *, same_ends_only=False):
    """Return the row of all pairs, or of those that begin and end in the same spot for both.

    Pairs with an end that the other engine puts on an island of its roads are counted apart.
    """
    we = np.array([each["duration_s"] is not None for each in ours])
    they = np.array(["duration_s" in each for each in theirs])
    island = np.array([each.get("island", False) for each in theirs])
    apart = np.array([ends_m(a, b) > SAME_END_M for a, b in zip(ours, theirs, strict=True)]) & ~island
    counted = ~island & ~apart if same_ends_only else ~island
    return {
        "of": of,
        "pairs": int(counted.sum()),
        "islands": int(island.sum()),
        "lost": int((they & ~we & counted).sum()),
        "gained": int((we & ~they & counted).sum()),
        "apart": int(apart.sum()),
        **ratios(ours, theirs, we & they & counted),
    }


def ends_m(one, other):
    """Return the larger distance between where two engines put the ends of a drive, 0 where one does not tell."""
    if "snapped" not in other:
        return 0.0
    pairs = zip(one["snapped"], other["snapped"], strict=True)
    return max(float(great_circle_m(a[1], a[0], b[1], b[0])) for a, b in pairs)


def ratios(ours, theirs, both):
    """Return the percentiles of our durations and distances over theirs, and how many lie close."""
    rows = [k for k in np.flatnonzero(both) if theirs[k]["duration_s"] >= SHORTEST_S]
    told = {"compared": len(rows)}
    if not rows:
        return told
    for name in ("duration_s", "distance_m"):
        ratio = np.array([ours[k][name] / max(theirs[k][name], 1) for k in rows])
        told[name] = [float(value) for value in np.percentile(ratio, (5, 50, 95))]
        if name == "duration_s":
            told["within_1"], told["within_5"] = (float((abs(ratio - 1) <= far).mean()) for far in (0.01, 0.05))
    return told


def reached(row):
    """Return whether a row meets the bars that hold beside OSRM."""
    p5, median, p95 = row["duration_s"]
    return (
        abs(median - 1) <= BAR_MEDIAN and p5 >= BAR_P5 and p95 <= BAR_P95
        and row["lost"] <= BAR_LOST * row["pairs"]
    )  # fmt: skip


def print_agreement(rows):
    """Print the table of all maps."""
    print(
        f"{'map':<26}{'beside':<14}{'of':<10}{'pairs':>6}{'lost':>5}{'isl.':>5}{'gain':>5}{'apart':>6}"
        f"{'p5':>8}{'median':>7}{'p95':>7}{'≤1 %':>6}{'≤5 %':>6}{'dist p5':>9}{'median':>7}{'p95':>7}  bar"
    )
    for row in rows:
        counts = "".join(
            f"{row[name]:>{wide}}" for name, wide in (("lost", 5), ("islands", 5), ("gained", 5), ("apart", 6))
        )
        line = f"{row['map']:<26}{row['peer']:<14}{row['of']:<10}{row['compared']:>6}{counts}"
        if "duration_s" in row:
            line += "".join(f"{value:>{wide}.3f}" for value, wide in zip(row["duration_s"], (8, 7, 7), strict=True))
            line += f"{row['within_1']:>6.0%}{row['within_5']:>6.0%}"
            line += "".join(f"{value:>{wide}.3f}" for value, wide in zip(row["distance_m"], (9, 7, 7), strict=True))
            line += "  " + ("" if row["peer"] == "Valhalla" else "reached" if reached(row) else "MISSED")
        print(line)
