import hashlib
import tomllib

import osmium
import pytest
from real_maps import MAPS

from routing.osm.extract import ATTRIBUTION

MANIFEST = tomllib.loads((MAPS / "manifest.toml").read_text(encoding="utf-8"))


def test_every_map_stands_in_the_manifest():
    files = {path.name for path in MAPS.iterdir() if path.suffix == ".pbf"}
    assert files == {entry["file"] for entry in MANIFEST.values()}


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_the_manifest_tells_the_truth(name):
    entry = MANIFEST[name]
    path = MAPS / entry["file"]
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert len(content) == entry["bytes"]
    assert entry["attribution"] == ATTRIBUTION
    assert entry["source"]
    header = osmium.io.Reader(str(path)).header()
    west, south, east, north = entry["bbox_deg"]
    box = header.box()
    assert (box.bottom_left.lon, box.bottom_left.lat) == pytest.approx((west, south))
    assert (box.top_right.lon, box.top_right.lat) == pytest.approx((east, north))
    newest = max(item.timestamp for item in osmium.FileProcessor(str(path)))
    told = header.get("osmosis_replication_timestamp") or newest.date().isoformat()
    assert told == entry["date"]
