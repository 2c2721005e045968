import bz2
import gzip
import re
import subprocess
import sys

import numpy as np
import pytest
from ascii_map import STEP_DEG, osm_xml, write_map

from routing.errors import InputError
from routing.osm.extract import ATTRIBUTION
from routing.osm.read import read_osm

ROAD = {"highway": "residential", "name": "Rue Ä, 1"}
DRAWING = """
a-b-c
  |
  d
"""


def test_an_extract_of_a_drawn_map(tmp_path):
    path = write_map(
        tmp_path / "drawn.osm",
        DRAWING,
        {"abc": ROAD, "bd": {"highway": "service"}, "ad": {"building": "yes"}},
        nodes={"b": {"highway": "traffic_signals"}},
        restrictions=[("no_left_turn", "abc", "b", "bd")],
    )
    extract = read_osm(path)
    assert extract.node_id.tolist() == [ord(letter) for letter in "abcd"]
    assert extract.way_id.tolist() == [1, 2]
    assert extract.way_first.tolist() == [0, 3, 5]
    assert extract.way_node.tolist() == [0, 1, 2, 1, 3]
    assert extract.way_tags[0] == ROAD
    assert extract.tagged_node.tolist() == [1]
    assert extract.node_tags == ({"highway": "traffic_signals"},)
    assert [restriction.kind for restriction in extract.restrictions] == ["no_left_turn"]
    # a is at column 0, c at column 4, d two rows below b
    np.testing.assert_allclose(extract.bbox_deg, (0, -2 * STEP_DEG, 4 * STEP_DEG, 0), atol=1e-7)
    assert (extract.ways_cut, extract.nodes_missing, extract.lacks) == (0, 0, ())
    assert (extract.source, extract.attribution) == ("drawn.osm", ATTRIBUTION)


@pytest.mark.parametrize(("suffix", "pack"), [(".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_packed_xml_reads_as_plain_xml(tmp_path, suffix, pack):
    text = osm_xml(DRAWING, {"abc": ROAD})
    packed = tmp_path / f"packed{suffix}"
    packed.write_bytes(pack(text.encode()))
    plain = tmp_path / "plain.osm"
    plain.write_text(text, encoding="utf-8")
    assert read_osm(packed).way_tags == read_osm(plain).way_tags
    np.testing.assert_array_equal(read_osm(packed).node_lat_deg, read_osm(plain).node_lat_deg)


def test_nodes_may_stand_behind_the_ways_that_use_them(tmp_path):
    lines = osm_xml(DRAWING, {"abc": ROAD}).split("\n")
    nodes = [line for line in lines if line.startswith("<node")]
    others = [line for line in lines if not line.startswith("<node")]
    path = tmp_path / "late.osm"
    path.write_text("\n".join([*others[:-1], *nodes, others[-1]]), encoding="utf-8")
    extract = read_osm(path)
    assert extract.way_node.tolist() == [0, 1, 2]
    assert extract.nodes_missing == 0


JOSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version='0.6' generator='JOSM'>
  <node id='-1' action='modify' visible='true' lat='0.0' lon='0.0'/>
  <node id='-2' action='modify' visible='true' lat='0.0' lon='0.001'><tag k='barrier' v='gate'/></node>
  <node id='3' visible='true' version='2' lat='0.0' lon='0.002'/>
  <node id='4' visible='true' version='2' lat='0.001' lon='0.002'/>
  <way id='-7' action='modify' visible='true'>
    <nd ref='-1'/><nd ref='-2'/><nd ref='3'/><tag k='highway' v='service'/></way>
  <way id='8' action='modify' visible='true' version='3'>
    <nd ref='3'/><nd ref='4'/><tag k='highway' v='residential'/><tag k='note' v='do not delete'/></way>
  <way id='9' action='delete' visible='true' version='3'>
    <nd ref='4'/><nd ref='3'/><tag k='highway' v='residential'/></way>
  <relation id='5' action='delete' visible='true' version='1'><member type='way' ref='8' role='from'/>
    <member type='node' ref='3' role='via'/><member type='way' ref='-7' role='to'/>
    <tag k='restriction' v='no_left_turn'/><tag k='type' v='restriction'/></relation>
</osm>
"""


@pytest.mark.parametrize(("suffix", "pack"), [(".osm", bytes), (".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_edits_of_josm_that_were_not_uploaded_are_taken(tmp_path, suffix, pack):
    path = tmp_path / f"edits{suffix}"
    path.write_bytes(pack(JOSM.encode()))
    extract = read_osm(path)
    assert extract.node_id.tolist() == [-2, -1, 3, 4]
    assert extract.way_id.tolist() == [-7, 8]  # 9 is deleted
    assert extract.way_node.tolist() == [1, 0, 2, 2, 3]
    assert extract.node_lon_deg.tolist() == [0.001, 0.0, 0.002, 0.002]
    assert extract.node_tags == ({"barrier": "gate"},)
    assert (extract.restrictions, extract.ways_cut, extract.nodes_missing) == ((), 0, 0)


def test_a_map_of_new_objects_alone(tmp_path):
    path = tmp_path / "new.osm"
    path.write_text(re.sub(r"(id|ref)='(?=\d)", r"\1='-", JOSM))
    extract = read_osm(path)
    assert extract.node_id.tolist() == [-4, -3, -2, -1]
    assert (extract.way_id.tolist(), extract.ways_cut) == ([-8, -7], 0)


def test_new_nodes_that_are_missing_are_counted(tmp_path):
    path = tmp_path / "edits.osm"
    path.write_text(JOSM.replace("<nd ref='-1'/>", "<nd ref='-9'/>"))
    extract = read_osm(path)
    assert extract.node_id.tolist() == [-2, 3, 4]
    assert (extract.ways_cut, extract.nodes_missing) == (1, 1)


def test_progress_is_told_in_shares(tmp_path):
    told = []
    read_osm(write_map(tmp_path / "drawn.osm", DRAWING, {"abc": ROAD}), on_progress=lambda *stage: told.append(stage))
    assert [stage for stage, _ in told] == ["read the map", "read the roads"]
    assert all(0 <= share <= 1 for _, share in told)


def test_networkx_is_left_alone_by_other_maps():
    code = "import sys, routing.osm.read; print('networkx' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "False"


def test_ways_are_cut_into_the_pieces_that_are_there(tmp_path):
    # of abcdefg, c and f are not in the file: ab and de remain, g alone is no road; hc has one node only
    drawing = "a-b-c-d-e-f-g-h"
    path = write_map(tmp_path / "clipped.osm", drawing, {"abcdefg": ROAD, "hc": ROAD, "gh": ROAD}, without="cf")
    extract = read_osm(path)
    letters = ["".join(chr(node) for node in extract.node_id[part]) for part in np.split(extract.way_node, [2, 4])]
    assert extract.way_id.tolist() == [1, 1, 3]
    assert letters == ["ab", "de", "gh"]
    assert (extract.ways_cut, extract.nodes_missing) == (2, 2)


def test_a_node_that_comes_twice_in_a_row_counts_once(tmp_path):
    extract = read_osm(write_map(tmp_path / "twice.osm", "a-b-c", {"abbc": ROAD}))
    assert extract.way_node.tolist() == [0, 1, 2]


def test_the_same_file_gives_the_same_hash_and_another_file_another(tmp_path):
    one = read_osm(write_map(tmp_path / "one.osm", DRAWING, {"abc": ROAD}))
    same = read_osm(write_map(tmp_path / "same.osm", DRAWING, {"abc": ROAD}))
    other = read_osm(write_map(tmp_path / "other.osm", DRAWING, {"ab": ROAD}))
    assert one.source_sha256 == same.source_sha256 != other.source_sha256


GOOD = osm_xml(DRAWING, {"abc": ROAD}).encode()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.osm.pbf", b"", "MAP_EMPTY"),
        ("text.osm.pbf", b"this is a text and no map at all " * 9, "MAP_DAMAGED"),
        ("page.osm", b"<html><body>404</body></html>", "MAP_DAMAGED"),
        ("answer.osm", b'{"elements": []}', "MAP_DAMAGED"),
        ("short.osm", GOOD[: len(GOOD) // 2], "MAP_DAMAGED"),
        ("short.osm.gz", gzip.compress(GOOD * 50)[:-40], "MAP_DAMAGED"),
        ("short.osm.bz2", bz2.compress(GOOD)[:-40], "MAP_DAMAGED"),
        ("stops.csv", b"stop_id,lat_deg,lon_deg\n", "MAP_KIND"),
        ("ids.osm", GOOD.replace(b'id="97"', b'id="a"'), "MAP_DAMAGED"),
        ("bare.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "MAP_WITHOUT_ROADS"),
        ("short.graphml", b"<graphml><graph", "MAP_DAMAGED"),
    ],
)
def test_what_is_no_map_is_said_once_and_clearly(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_osm(path)
    (issue,) = caught.value.issues
    assert issue.code == code
    assert issue.where == str(path)
    assert issue.action


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError) as caught:
        read_osm(tmp_path / "nowhere.osm.pbf")
    assert caught.value.issues[0].code == "MAP_MISSING"


def test_a_truncated_pbf(tmp_path):
    from real_maps import MAPS

    whole = (MAPS / "helsinki.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(InputError) as caught:
        read_osm(path)
    assert caught.value.issues[0].code == "MAP_DAMAGED"


def test_roads_without_any_place(tmp_path):
    path = write_map(tmp_path / "placeless.osm", "a-b", {"ab": ROAD}, without="ab")
    with pytest.raises(InputError) as caught:
        read_osm(path)
    assert caught.value.issues[0].code == "MAP_WITHOUT_ROADS"


def test_a_node_beyond_the_earth_is_no_traceback(tmp_path):
    nodes = '<node id="1" lat="0" lon="0"/><node id="2" lat="93.5" lon="0"/>'
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>'
    path = tmp_path / "beyond.osm"
    path.write_text(f'<osm version="0.6">{nodes}{way}</osm>')
    with pytest.raises(InputError) as caught:
        read_osm(path)
    assert [issue.code for issue in caught.value.issues] == ["MAP_DAMAGED"]
