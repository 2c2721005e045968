"""Speed files of OSRM, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from routing.errors import InputError
from routing.feeds.osrm_speeds import read_osrm_speeds

DAY = date(2026, 11, 23)


def read(text):
    return read_osrm_speeds(text.encode(), name="f.csv", day=DAY, time_zone="Europe/Berlin")


def test_reads_lines_without_a_header_and_leaves_the_rate():
    # OSRM's own form: the fourth cell is a rate and what follows is ignored
    (speeds,) = read("1,2,30\n2,3,0,12.5\n\n3,4,7.5,,a comment\n")
    assert speeds.from_osm_id.tolist() == [1, 2, 3]
    assert speeds.to_osm_id.tolist() == [2, 3, 4]
    assert speeds.speed_kph.tolist() == [30, 0, 7.5]
    assert speeds.line.tolist() == [1, 2, 4]


def test_a_header_may_bring_times():
    first, second = read(
        "from_osm_id,to_osm_id,speed_kmh,valid_from,valid_to\n1,2,30,2026-11-23T08:00,2026-11-23T09:00\n2,3,20,,\n"
    )
    # 08:00 in Berlin in winter is 07:00 UTC: 1795417200
    assert (first.period.from_s, first.period.until_s) == (1795417200, 1795420800)
    assert (second.period.from_s, second.period.until_s, second.speed_kph.tolist()) == (None, None, [20])


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("1,2\n", "f.csv:1", "SPEED_LINE"),
        (f"1,2,{'3' * 140_000}\n", "f.csv", "SPEED_LINE"),
        ("1,2,fast\n", "f.csv:1", "SPEED_LINE"),
        ("1,2,-5\n", "f.csv:1", "SPEED_LINE"),
        ("1,2,nan\n", "f.csv:1", "SPEED_LINE"),
        ("1,2,30\nx,2,30\n", "f.csv:2", "SPEED_LINE"),
        ("1,2,30\n99999999999999999999,2,30\n", "f.csv:2", "SPEED_LINE"),
        ("from,to,speed\n1,2,30\n", "f.csv:1", "COLUMN_MISSING"),
        ("from_osm_id,to_osm_id,speed_kmh,valid_from,valid_to\n1,2,3,soon,\n", "f.csv:2", "SPEED_TIMES"),
        ("from_osm_id,to_osm_id,speed_kmh,valid_from,valid_to\n1,2,3,09:00,08:00\n", "f.csv:2", "SPEED_TIMES"),
    ],
)
def test_names_what_cannot_be_read(text, where, code):
    with pytest.raises(InputError) as caught:
        read(text)
    assert next((issue.where, issue.code) for issue in caught.value.issues) == (where, code)


def test_names_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        read("1,2\n1,2,30\n1,b,30\n")
    assert [issue.where for issue in caught.value.issues] == ["f.csv:1", "f.csv:3"]


@pytest.mark.parametrize("text", ["", "\n", "from_osm_id,to_osm_id,speed_kmh\n"])
def test_a_file_without_lines_says_nothing(text):
    assert read(text) == ()
