from __future__ import annotations

from datetime import UTC, datetime

import gpxpy
import pytest
from plan_documents import sample_document, with_visit

from routing.export.gpx import export_gpx, gpx_text


def utc(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def read(text: str):
    parsed = gpxpy.parse(text)
    return parsed, parsed.routes[0].points, parsed.tracks[0].segments


def test_the_route_names_the_stops_in_order_with_their_arrival():
    document = sample_document()
    parsed, points, _ = read(gpx_text(document, document.routes[0]))
    assert [(point.name, point.latitude, point.longitude) for point in points] == [
        ("Start", 43.70, 7.40),
        ("1 A", 43.71, 7.40),
        ("2 B", 43.71, 7.42),
        ("End", 43.70, 7.40),
    ]
    # 08:10 at UTC+1 is 07:10 UTC
    assert [point.time for point in points] == [utc(7, 0), utc(7, 10), utc(7, 25), utc(7, 45)]
    assert points[1].comment == "Street of A"
    assert "note: ring twice" in points[1].description
    assert parsed.copyright_author == "© OpenStreetMap contributors, ODbL 1.0"


def test_the_track_passes_each_point_in_proportion_to_the_distance():
    document = sample_document()
    _, _, segments = read(gpx_text(document, document.routes[0]))
    # The middle of a 10-minute leg straight north is 5 minutes in; legs have the points of their geometry.
    assert [(p.latitude, p.time) for p in segments[0].points] == [
        (43.70, utc(7, 0)),
        (43.705, utc(7, 5)),
        (43.71, utc(7, 10)),
    ]
    assert [len(segment.points) for segment in segments] == [3, 2, 3]


def test_a_leg_without_geometry_is_a_straight_line():
    document = sample_document()
    _, _, segments = read(gpx_text(document, document.routes[1]))
    assert [[(p.latitude, p.longitude) for p in segment.points] for segment in segments] == [
        [(43.70, 7.40), (43.70, 7.42)],
        [(43.70, 7.42), (43.70, 7.40)],
    ]


def test_hostile_text_comes_back_as_it_was_save_what_xml_cannot_hold():
    document = with_visit(sample_document(), 0, 0, address='</rtept><script>"&\x00\x0b]]>')
    _, points, _ = read(gpx_text(document, document.routes[0]))
    assert points[1].comment == '</rtept><script>"&  ]]>'


def test_one_file_for_each_driver(tmp_path):
    paths = export_gpx(sample_document(), tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["van-1.gpx", "van-2.gpx"]
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == ["van-1.gpx", "van-2.gpx"]
    assert export_gpx(sample_document(), tmp_path, vehicle_id="van-2") == (tmp_path / "van-2.gpx",)


@pytest.mark.parametrize("number", [0, 1])
def test_the_bytes_are_the_same_each_time(number):
    document = sample_document()
    assert gpx_text(document, document.routes[number]) == gpx_text(document, document.routes[number])
