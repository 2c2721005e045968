from __future__ import annotations

import json

from plan_documents import sample_document, with_route

from routing.export.changes import Change
from routing.export.geojson import export_geojson

MOVED = Change(vehicle_id="van-1", stop_id="B", kind="eta", text="B: later")


def read(path):
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    assert collection["attribution"] == "© OpenStreetMap contributors, ODbL 1.0"
    return collection["features"]


def test_each_vehicle_has_a_file_and_the_plan_has_one_of_all(tmp_path):
    paths = export_geojson(sample_document(), tmp_path)
    assert [path.name for path in paths] == ["van-1.geojson", "van-2.geojson", "plan.geojson"]
    kinds = [feature["properties"]["kind"] for feature in read(paths[2])]
    assert kinds == ["route", "start", "visit", "visit", "end", "route", "start", "visit", "end", "unassigned"]
    only = export_geojson(sample_document(), tmp_path / "one", vehicle_id="van-2")
    assert [path.name for path in only] == ["van-2.geojson"]


def test_a_route_is_a_line_string_with_longitude_first_and_no_point_twice_in_a_row(tmp_path):
    line = read(export_geojson(sample_document(), tmp_path)[0])[0]
    # Start, middle of leg 1, A, B, C on the way, the depot: where legs meet the point stands once.
    assert line["geometry"] == {
        "type": "LineString",
        "coordinates": [[7.4, 43.7], [7.4, 43.705], [7.4, 43.71], [7.42, 43.71], [7.42, 43.7], [7.4, 43.7]],
    }
    assert line["properties"]["drive_s"] == 2100


def test_points_are_stops_with_what_a_reader_needs(tmp_path):
    visit = read(export_geojson(sample_document(), tmp_path)[0])[2]
    assert visit["geometry"] == {"type": "Point", "coordinates": [7.4, 43.71]}
    properties = visit["properties"]
    assert (properties["stop_id"], properties["position"]) == ("A", 1)
    assert properties["windows"] == [["2026-11-23T08:00:00+01:00", "2026-11-23T09:00:00+01:00"]]
    assert properties["columns"] == {"note": "ring twice"}
    left = read(tmp_path / "plan.geojson")[-1]
    assert (left["properties"]["reason"], left["geometry"]["coordinates"]) == ("CAPACITY", [7.41, 43.69])


def test_a_line_string_has_two_positions_even_where_nothing_moves(tmp_path):
    document = sample_document()
    route = document.routes[1]
    still = route.model_copy(update={"end": route.start})
    legs = (route.legs[0].model_copy(update={"geometry": ((43.7, 7.4),)}),)
    document = with_route(document, 1, visits=(), legs=legs, end=still.end)
    line = read(export_geojson(document, tmp_path)[1])[0]
    assert line["geometry"]["coordinates"] == [[7.4, 43.7], [7.4, 43.7]]


def test_changes_stand_at_their_stop_and_route_and_nowhere_else(tmp_path):
    features = read(export_geojson(sample_document(), tmp_path, changes=(MOVED,))[2])
    told = [feature["properties"].get("stop_id") for feature in features if "changes" in feature["properties"]]
    assert told == [None, "B"]  # the route of van-1, and its stop B
