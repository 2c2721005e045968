import json

import osmium
import pytest
from ascii_map import STEP_DEG, write_map
from real_maps import MAPS

from routing.errors import InputError
from routing.osm.area import bbox_area, read_area
from routing.osm.crop import crop_map
from routing.osm.read import read_osm

ROAD = {"highway": "residential"}
DRAWING = """
a---b---c---d
    |
    e
"""


def _map(folder):
    return write_map(
        folder / "big.osm",
        DRAWING,
        {"abc": ROAD, "cd": ROAD, "be": ROAD},
        nodes={"b": {"highway": "traffic_signals"}},
        restrictions=[("no_left_turn", "abc", "b", "be"), ("no_u_turn", "cd", "c", "cd")],
    )


@pytest.mark.parametrize("name", ["small.osm", "small.osm.pbf", "small.osm.bz2"])
def test_whole_ways_their_nodes_and_restrictions_are_kept(tmp_path, name):
    # the box holds a and a part of ab only; abc is kept whole, be and cd do not touch it
    box = bbox_area(-STEP_DEG, -STEP_DEG, 2 * STEP_DEG, STEP_DEG)
    crop_map(_map(tmp_path), tmp_path / name, box)
    extract = read_osm(tmp_path / name)
    assert extract.way_id.tolist() == [1]
    assert [chr(node) for node in extract.node_id] == ["a", "b", "c"]
    assert extract.node_tags == ({"highway": "traffic_signals"},)
    assert [restriction.kind for restriction in extract.restrictions] == ["no_left_turn"]


def test_the_new_file_tells_its_box(tmp_path):
    crop_map(MAPS / "monaco.osm.pbf", tmp_path / "casino.osm.pbf", bbox_area(7.42, 43.735, 7.43, 43.745))
    box = osmium.io.Reader(str(tmp_path / "casino.osm.pbf")).header().box()
    assert (box.bottom_left.lon, box.bottom_left.lat) == pytest.approx((7.42, 43.735))
    assert (box.top_right.lon, box.top_right.lat) == pytest.approx((7.43, 43.745))


def test_clipped_ways_can_be_cut_further(tmp_path):
    crop_map(MAPS / "helsinki.osm.pbf", tmp_path / "station.osm.pbf", bbox_area(24.937, 60.167, 24.943, 60.171))
    extract = read_osm(tmp_path / "station.osm.pbf")
    assert 0 < extract.ways_cut < 191


def test_nothing_there_leaves_no_file(tmp_path):
    with pytest.raises(InputError) as caught:
        crop_map(_map(tmp_path), tmp_path / "none.osm", bbox_area(50, 50, 51, 51))
    assert caught.value.issues[0].code == "CROP_EMPTY"
    assert [path.name for path in tmp_path.iterdir()] == ["big.osm"]


def test_a_damaged_source_leaves_the_old_target(tmp_path):
    source, target = tmp_path / "bad.osm", tmp_path / "kept.osm"
    source.write_text("<osm><node")
    target.write_text("old")
    with pytest.raises(InputError) as caught:
        crop_map(source, target, bbox_area(0, 0, 1, 1))
    assert caught.value.issues[0].code == "MAP_DAMAGED"
    assert target.read_text() == "old"


def test_kinds_that_cannot_be_written(tmp_path):
    with pytest.raises(InputError) as caught:
        crop_map(_map(tmp_path), tmp_path / "new.graphml", bbox_area(0, 0, 1, 1))
    assert caught.value.issues[0].code == "MAP_KIND"


@pytest.mark.parametrize("box", [(2, 0, 1, 1), (0, 1, 1, 0), (0, 0, 1, 91), (-181, 0, 1, 1)])
def test_boxes_that_are_none(box):
    with pytest.raises(InputError) as caught:
        bbox_area(*box)
    assert caught.value.issues[0].code == "AREA_BOX"


SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]


@pytest.mark.parametrize("wrap", ["geometry", "feature", "collection"])
def test_geojson_areas(tmp_path, wrap):
    geometry = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    wrapped = {
        "geometry": geometry,
        "feature": feature,
        "collection": {"type": "FeatureCollection", "features": [feature]},
    }
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps(wrapped[wrap]))
    assert read_area(path).area == pytest.approx(4 * 4 - 1 * 1)


def test_poly_areas_with_a_hole_and_a_second_part(tmp_path):
    path = tmp_path / "area.poly"
    ring = lambda points: "\n".join(f"   {x}.0   {y}.0E+00" for x, y in points)  # noqa: E731
    far = [[10, 0], [11, 0], [11, 1], [10, 1]]
    path.write_text(f"town\n1\n{ring(SQUARE)}\nEND\n!2\n{ring(HOLE)}\nEND\n3\n{ring(far)}\nEND\nEND\n")
    assert read_area(path).area == pytest.approx(4 * 4 - 1 * 1 + 1 * 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("line.geojson", '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}'),
        ("broken.geojson", '{"type": "Polygon", "coord'),
        ("bow.geojson", '{"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'),
        ("open.poly", "town\n1\n 0 0\n 1 0\n 1 1\nEND\n"),
        ("words.poly", "town\n1\n east north\nEND\nEND\n"),
    ],
)
def test_areas_that_are_none(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_area(path)
    assert caught.value.issues[0].code == "AREA_FORM"
