"""Traces from files of three forms, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_traces import read_traces

GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="43.1" lon="7.2"><ele>3</ele><time>2026-11-23T08:00:00Z</time></trkpt>
<trkpt lat="43.2" lon="7.3"><time>2026-11-23T09:00:15+01:00</time></trkpt>
</trkseg><trkseg><trkpt lat="43.3" lon="7.4"><time>2026-11-23T10:00:00Z</time></trkpt></trkseg></trk></gpx>
"""
EIGHT_S = 1_795_420_800
"""2026-11-23T08:00:00Z."""


def read(path: Path, text: str):
    path.write_text(text, encoding="utf-8")
    return read_traces(path, time_zone="Europe/Berlin")


def faults(path: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(path, text)
    return [(issue.code, issue.where.removeprefix(str(path))) for issue in caught.value.issues]


def test_gpx_has_a_trace_for_each_segment(tmp_path: Path) -> None:
    one, other = read(tmp_path / "van.gpx", GPX)
    assert (one.trace_id, other.trace_id) == ("van/1", "van/2")
    assert one.time_s.tolist() == [EIGHT_S, EIGHT_S + 15]
    assert one.lat_deg.tolist() == [43.1, 43.2]
    assert one.lon_deg.tolist() == [7.2, 7.3]


def test_fixes_are_gathered_by_trace_in_the_order_of_time(tmp_path: Path) -> None:
    lines = ("b,1795420815,43.2,7.3", "a,2026-11-23T09:00:00,43.0,7.0", "b,2026-11-23T08:00:00Z,43.1,7.2")
    text = "\n".join(("trace_id,time,lat,lon", *lines))
    b, a = read(tmp_path / "fixes.csv", text)
    assert (b.trace_id, b.time_s.tolist(), b.lat_deg.tolist()) == ("b", [EIGHT_S, EIGHT_S + 15], [43.1, 43.2])
    assert (a.trace_id, a.time_s.tolist()) == ("a", [EIGHT_S])


def test_fixes_with_decimal_commas(tmp_path: Path) -> None:
    (found,) = read(tmp_path / "fixes.csv", f"trace_id;time;lat_deg;lon_deg\na;{EIGHT_S};43,5;7,25\n")
    assert (found.lat_deg.tolist(), found.lon_deg.tolist()) == ([43.5], [7.25])


def test_taxi_trips_have_a_fix_every_15_seconds(tmp_path: Path) -> None:
    trips = (f'"1","{EIGHT_S}","False","[[7.2,43.1],[7.3,43.2]]"', f'"2","{EIGHT_S}","False","[]"')
    text = "\n".join(('"TRIP_ID","TIMESTAMP","MISSING_DATA","POLYLINE"', *trips))
    one, empty = read(tmp_path / "taxi.csv", text)
    assert (one.trace_id, one.time_s.tolist()) == ("1", [EIGHT_S, EIGHT_S + 15])
    assert (one.lat_deg.tolist(), one.lon_deg.tolist()) == ([43.1, 43.2], [7.2, 7.3])
    assert empty.time_s.size == 0


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.gpx", "<gpx>", [("GPX_FORMAT", "")]),
        ("a.gpx", "<gpx/>", [("GPX_FORMAT", "")]),
        (
            "a.gpx",
            GPX.replace("<time>2026-11-23T08:00:00Z</time>", "").replace('lat="43.3"', 'lat="93"'),
            [("GPX_POINT", ": segment 1, point 1"), ("GPX_POINT", ": segment 2, point 1")],
        ),
        (
            "a.csv",
            "trace_id,time,lat,lon\na,soon,43,7\na,1795420800,x,7\na,1795420800,43,190\n,1795420800,43,7\n",
            [("TRACE_ROW", f":{line}") for line in (2, 3, 4, 5)],
        ),
        ("a.csv", "trace_id,time,lat\na,1795420800,43\n", [("COLUMN_MISSING", ":1:lon")]),
        (
            "a.csv",
            'TRIP_ID,TIMESTAMP,POLYLINE\n1,x,"[[7,43]]"\n2,1795420800,"[[7,43]"\n3,1795420800,"[[7,193]]"\n4,1795420800,"[7]"\n',
            [("TRACE_ROW", f":{line}") for line in (2, 3, 4, 5)],
        ),
    ],
)
def test_every_fault_is_named_with_its_place(tmp_path: Path, name: str, text: str, expected) -> None:
    assert faults(tmp_path / name, text) == expected


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="FILE_UNREADABLE"):
        read_traces(tmp_path / "none.gpx", time_zone="UTC")
