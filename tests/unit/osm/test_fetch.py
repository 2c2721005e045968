import sys

import pytest

from routing.errors import InputError, UnavailableError
from routing.osm.area import bbox_area
from routing.osm.fetch import fetch_map, overpass_query


def test_the_query_asks_for_roads_their_nodes_and_restrictions_in_reading_order():
    query = overpass_query(bbox_area(7.40, 43.72, 7.44, 43.75))
    assert query.startswith("[out:xml]")
    assert 'way["highway"](poly:"' in query
    assert 'rel(bw.roads)["type"="restriction"]' in query
    # Overpass wants latitude before longitude; the box reaches 0.002 degrees further on all sides
    ring = query.split('poly:"')[1].split('"')[0].split()
    lats, lons = [float(text) for text in ring[::2]], [float(text) for text in ring[1::2]]
    assert (min(lats), max(lats)) == pytest.approx((43.718, 43.752), abs=0.0007)
    assert (min(lons), max(lons)) == pytest.approx((7.398, 7.442), abs=0.0007)


def test_a_place_of_two_parts_asks_for_both():
    from shapely import MultiPolygon, box

    query = overpass_query(MultiPolygon([box(0, 0, 0.1, 0.1), box(1, 1, 1.1, 1.1)]))
    assert query.count('way["highway"]') == 2


def test_without_a_network_the_message_names_the_cure(tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(UnavailableError, match=r"cure: .*geofabrik"):
        fetch_map("Monaco", tmp_path / "monaco.osm")
    assert list(tmp_path.iterdir()) == []


def test_without_osmnx_the_message_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmnx", None)
    with pytest.raises(UnavailableError, match=r"routing\[fetch\]"):
        fetch_map("Monaco", tmp_path / "monaco.osm")


@pytest.mark.parametrize(("name", "code"), [("monaco.osm.pbf", "MAP_KIND"), ("no/where.osm", "FOLDER_MISSING")])
def test_files_that_cannot_be_written_are_told_before_asking_anyone(tmp_path, name, code):
    with pytest.raises(InputError) as caught:
        fetch_map("Monaco", tmp_path / name)
    assert caught.value.issues[0].code == code
