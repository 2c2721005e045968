"""Make the embedded day's stops from the real buildings of a map, each named by the street it stands at.

    python examples/make_day.py maps/monaco.osm.pbf examples

Writes stops.csv and fleet.csv. The stops are drawn with a fixed seed; map data © OpenStreetMap contributors, ODbL 1.0.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import numpy as np
import osmium
import shapely

STOPS = 150
DEPOT = ("Fontvieille depot, Avenue Albert II", 43.7285, 7.4145)
DRIVEN = ("residential", "tertiary", "secondary", "unclassified", "living_street")
NAMED_WITHIN_DEG = 0.0004
TOWNS = ("town", "village", "suburb")
WINDOWS = (
    ("08:00", "10:00", 22), ("08:30", "10:30", 14), ("09:00", "11:00", 18), ("09:00", "10:00", 8),
    ("10:00", "12:00", 18), ("11:00", "13:00", 14), ("13:00", "15:00", 14), ("14:00", "16:00", 12),
    ("08:00", "12:00", 22), ("13:00", "17:00", 16), ("08:00", "18:00", 20),
)  # fmt: skip
NOTES = (
    "",
    "",
    "",
    "",
    "ring twice",
    "leave with the concierge",
    "parcel shop, rear entrance",
    "call on arrival",
    "stairs, no lift",
)


def read_map(path):
    """Return buildings (id, lat, lon, own number and street), named streets as lines, and towns."""
    buildings, streets, towns = [], [], []
    for item in osmium.FileProcessor(path).with_locations():
        if item.is_node():
            if item.tags.get("place") in TOWNS and "name" in item.tags:
                towns.append((item.location.lat, item.location.lon, item.tags["name"]))
        elif item.is_way():
            points = [(n.location.lon, n.location.lat) for n in item.nodes if n.location.valid()]
            if "building" in item.tags and len(points) > 3:
                lon, lat = np.mean(points[:-1], axis=0)
                buildings.append((lat, lon, item.tags.get("addr:housenumber"), item.tags.get("addr:street")))
            elif (
                item.tags.get("highway") in DRIVEN
                and "name" in item.tags
                and "tunnel" not in item.tags
                and len(points) > 1
            ):
                streets.append((item.tags["name"], shapely.LineString(points)))
    return buildings, streets, towns


def main(map_path, out_dir):
    """Draw the stops and write both files."""
    rng = random.Random(20261123)
    buildings, streets, towns = read_map(map_path)
    tree = shapely.STRtree([line for _, line in streets])
    rng.shuffle(buildings)
    rows, taken = [], set()
    for lat, lon, house, own_street in buildings:
        nearest = int(tree.nearest(shapely.Point(lon, lat)))
        street, line = streets[nearest]
        if line.distance(shapely.Point(lon, lat)) > NAMED_WITHIN_DEG or (street in taken and rng.random() < 0.8):
            continue
        taken.add(street)
        town = min(towns, key=lambda each: (each[0] - lat) ** 2 + ((each[1] - lon) * 0.72) ** 2)[2]
        start, end, _ = rng.choices(WINDOWS, weights=[weight for *_, weight in WINDOWS])[0]
        address = f"{house + ' ' if house else ''}{own_street or street}, {town}"
        rows.append(
            {
                "stop_id": f"S{len(rows) + 1:03}", "lat_deg": f"{lat:.6f}", "lon_deg": f"{lon:.6f}", "address": address,
                "window_start": start, "window_end": end, "service_s": rng.choice((180, 240, 300, 420, 600)),
                "load": rng.choices((1, 2, 3, 4, 6), weights=(40, 25, 15, 12, 8))[0],
                "priority": rng.choices((0, 20, 50), weights=(70, 20, 10))[0],
                "window2_start": "", "window2_end": "", "notes": rng.choice(NOTES),
            }
        )  # fmt: skip
        if rng.random() < 0.08 and end <= "12:00":
            rows[-1].update(window2_start="15:00", window2_end="17:00")
        if len(rows) == STOPS:
            break
    write(out_dir / "stops.csv", rows)
    shifts = [("07:30", "16:30")] * 4 + [("08:00", "17:30"), ("10:30", "18:30")]
    _, lat, lon = DEPOT
    fleet = [
        {
            "vehicle_id": f"VAN-{index + 1}", "profile": "van", "capacity": 65, "shift_start": start, "shift_end": end,
            "start_lat_deg": lat, "start_lon_deg": lon, "end_lat_deg": lat, "end_lon_deg": lon,
        }
        for index, (start, end) in enumerate(shifts)
    ]  # fmt: skip
    write(out_dir / "fleet.csv", fleet)


def write(path, rows):
    """Write rows of equal keys as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
