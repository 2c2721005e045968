"""A small day on the map of Monaco: files to plan from."""

from __future__ import annotations

from pathlib import Path

MONACO = Path(__file__).parents[2] / "maps" / "monaco.osm.pbf"
HELSINKI = MONACO.with_name("helsinki.osm.pbf")

STOPS = """\
stop_id,lat_deg,lon_deg,address,window_start,window_end,service_s,load,priority,notes
S1,43.763091,7.469077,"Avenue du Danemark, Roquebrune-Cap-Martin",10:00,12:00,420,1,0,rear entrance
S2,43.742511,7.422557,"Avenue du Carnier, Monte-Carlo",08:00,10:00,420,4,0,ring twice
S3,43.733796,7.419549,"Rue Baron Sainte-Suzanne, La Condamine",08:00,10:00,300,1,0,
S4,43.742649,7.423496,"Avenue du Maréchal Foch, Monte-Carlo",,,420,4,50,
"""
FLEET = """\
vehicle_id,profile,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg,end_lat_deg,end_lon_deg
VAN-1,van,65,07:30,16:30,43.7285,7.4145,43.7285,7.4145
VAN-2,van,65,07:30,16:30,43.7285,7.4145,,
"""


def write_day(folder: Path, *, stops: str = STOPS, fleet: str = FLEET) -> list[str]:
    """Write stops.csv and fleet.csv; return the options that name them, with the map and the date."""
    (folder / "stops.csv").write_text(stops, encoding="utf-8")
    (folder / "fleet.csv").write_text(fleet, encoding="utf-8")
    files = {"--map": MONACO, "--stops": folder / "stops.csv", "--fleet": folder / "fleet.csv"}
    return [*(str(part) for pair in files.items() for part in pair), "--date", "2026-11-23"]


def listing(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
