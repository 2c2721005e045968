"""stops.csv: what is read, what is refused, and in which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_stops import StopRow, parse_stop, read_stops
from routing.interface.time_cells import Calendar
from routing.problem.model import TimeWindow

DAY = date(2026, 11, 23)
MIDNIGHT_S = 1_795_388_400
"""2026-11-23T00:00+01:00: 20,780 days of 86,400 s after 1970 are 2026-11-23T00:00Z, less one hour."""
MONACO = (7.35, 43.70, 7.50, 43.78)
HEADER = "stop_id,lat_deg,lon_deg,address,window_start,window_end,service_s,load,priority"


def read(tmp_path: Path, text: str | bytes, **more: object) -> tuple[StopRow, ...]:
    path = tmp_path / "stops.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_stops(path, day=DAY, time_zone="Europe/Paris", **more)


def faults(tmp_path: Path, text: str | bytes, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **more)
    for issue in caught.value.issues:
        assert issue.cause
        assert issue.action
    prefix = f"{tmp_path / 'stops.csv'}"
    return [(issue.code, issue.where.removeprefix(prefix)) for issue in caught.value.issues]


def test_midnight_of_the_day_is_what_the_comment_says() -> None:
    assert MIDNIGHT_S == 20_780 * 86_400 - 3_600


def test_a_full_row_becomes_instants_units_and_further_columns_in_order(tmp_path: Path) -> None:
    text = (
        "phone,stop_id,lat_deg,lon_deg,address,window_start,window_end,window2_start,window2_end,"
        "service_s,load,priority,note\n"
        '+377 93,S1,43.7400,7.4200,"1, Rue Grimaldi",14:00,16:00,08:30,10:00,120,3,50,"ring, twice"\n'
    )
    (stop,) = read(tmp_path, text)
    assert (stop.stop.id, stop.stop.address, stop.stop.service_s, stop.stop.load, stop.stop.priority) == (
        "S1",
        "1, Rue Grimaldi",
        120,
        3,
        50,
    )
    assert (stop.location.lat_deg, stop.location.lon_deg) == (43.74, 7.42)
    assert stop.stop.windows == (
        TimeWindow(start_s=MIDNIGHT_S + 30_600, end_s=MIDNIGHT_S + 36_000),  # 8.5 h and 10 h
        TimeWindow(start_s=MIDNIGHT_S + 50_400, end_s=MIDNIGHT_S + 57_600),  # 14 h and 16 h
    )
    assert stop.stop.columns == (("phone", "+377 93"), ("note", "ring, twice"))


def test_three_columns_are_enough(tmp_path: Path) -> None:
    (stop,) = read(tmp_path, "stop_id,lat_deg,lon_deg\nS1,43.74,7.42\n")
    assert (stop.stop.windows, stop.stop.service_s, stop.stop.load, stop.stop.priority, stop.stop.address) == (
        (),
        0,
        0,
        0,
        "",
    )


def test_windows_that_touch_or_overlap_are_one(tmp_path: Path) -> None:
    text = (
        "stop_id,lat_deg,lon_deg,window_start,window_end,window2_start,window2_end\n"
        "S1,43.74,7.42,08:00,10:00,10:00,12:00\n"
    )
    (stop,) = read(tmp_path, text)
    assert stop.stop.windows == (TimeWindow(start_s=MIDNIGHT_S + 28_800, end_s=MIDNIGHT_S + 43_200),)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\nS1,43.74,7.42,Élan,,,60,1,0\n".encode(),
        b"\xef\xbb\xbf" + f"{HEADER}\nS1,43.74,7.42,Élan,,,60,1,0\n".encode(),
        f"{HEADER}\r\n\r\nS1,43.74,7.42,Élan,,,60,1,0\r\n,,,,,,,,\r\n".encode(),
        f"{HEADER}\nS1;43,74;7,42;Élan;;;60;1;0\n".replace(",stop", ";stop")
        .replace(HEADER, HEADER.replace(",", ";"))
        .encode(),
        f"{HEADER}\nS1,43.74,7.42,Élan,,,60,1,0\n".replace(",", "\t").encode(),
        f"{HEADER}\n  S1 , 43.74 , 7.42 ,Élan,,, 60 , 1 ,0".encode(),
        f"{HEADER},\nS1,43.74,7.42,Élan,,,60,1,0,\n".encode(),
    ],
    ids=["plain", "byte order mark", "CRLF and blank lines", "semicolon", "tab", "blanks", "trailing comma"],
)
def test_every_spreadsheet_is_read_alike(tmp_path: Path, text: bytes) -> None:
    (stop,) = read(tmp_path, text)
    assert (
        stop.stop.id,
        stop.location.lat_deg,
        stop.location.lon_deg,
        stop.stop.address,
        stop.stop.service_s,
        stop.stop.load,
    ) == (
        "S1",
        43.74,
        7.42,
        "Élan",
        60,
        1,
    )
    assert stop.stop.columns == ()


def test_a_semicolon_in_an_address_does_not_split_a_file_of_commas(tmp_path: Path) -> None:
    (stop,) = read(tmp_path, 'stop_id,lat_deg,lon_deg,address\nS1,43.74,7.42,"a; b; c; d; e"\n')
    assert stop.stop.address == "a; b; c; d; e"


def test_a_cell_of_two_lines_leaves_the_line_numbers_right(tmp_path: Path) -> None:
    text = 'stop_id,lat_deg,lon_deg,address\nS1,43.74,7.42,"one\ntwo"\nS2,x,7.42,\n'
    assert faults(tmp_path, text) == [("NOT_A_NUMBER", ":4:lat_deg")]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("S1,,7.42,,,,60,1,0", "VALUE_MISSING", "lat_deg"),
        (",43.74,7.42,,,,60,1,0", "VALUE_MISSING", "stop_id"),
        ("S1,north,7.42,,,,60,1,0", "NOT_A_NUMBER", "lat_deg"),
        ("S1,nan,7.42,,,,60,1,0", "NOT_A_NUMBER", "lat_deg"),
        ("S1,43.74,inf,,,,60,1,0", "NOT_A_NUMBER", "lon_deg"),
        ("S1,143.74,7.42,,,,60,1,0", "NUMBER_RANGE", "lat_deg"),
        ("S1,43.74,-187.42,,,,60,1,0", "NUMBER_RANGE", "lon_deg"),
        ("S1,43.74,7.42,,,,-60,1,0", "NUMBER_RANGE", "service_s"),
        ("S1,43.74,7.42,,,,60.5,1,0", "NOT_A_NUMBER", "service_s"),
        ("S1,43.74,7.42,,,,60,-1,0", "NUMBER_RANGE", "load"),
        ("S1,43.74,7.42,,,,60,many,0", "NOT_A_NUMBER", "load"),
        ("S1,43.74,7.42,,,,60,9999999999999999999999,0", "NUMBER_RANGE", "load"),
        ("S1,43.74,7.42,,,,60,1,101", "NUMBER_RANGE", "priority"),
        ("S1,43.74,7.42,,8 am,10:00,60,1,0", "TIME_FORMAT", "window_start"),
        ("S1,43.74,7.42,,08:00,25:00,60,1,0", "TIME_FORMAT", "window_end"),
        ("S1,43.74,7.42,,08:00,2026-11-23,60,1,0", "TIME_FORMAT", "window_end"),
        ("S1,43.74,7.42,,0001-01-01T00:00,10:00,60,1,0", "TIME_FORMAT", "window_start"),
        ("S1,43.74,7.42,,,10:00,60,1,0", "VALUE_MISSING", "window_start"),
        ("S1,43.74,7.42,,08:00,,60,1,0", "VALUE_MISSING", "window_end"),
        ("S1,43.74,7.42,,2026-11-23T12:00,2026-11-23T09:00,60,1,0", "WINDOW_REVERSED", "window_start"),
    ],
)
def test_one_faulty_cell_is_named_by_line_and_column(tmp_path: Path, row: str, code: str, column: str) -> None:
    assert faults(tmp_path, f"{HEADER}\nS0,43.74,7.42,,,,60,1,0\n{row}\n") == [(code, f":3:{column}")]


def test_all_faults_of_a_file_come_at_once_and_by_line(tmp_path: Path) -> None:
    text = (
        f"{HEADER}\n"
        "S1,43.74,7.42,,,,60,-1,0\n"
        "S1,43.74,7.42,Main Street 1, Monaco,,,60,1,0\n"
        "S2,7.42,43.74,,12:00,noon,x,1,0\n"
        "S1,43.74,7.42,,,,60,1,0\n"
    )
    assert faults(tmp_path, text, bbox_deg=MONACO) == [
        ("NUMBER_RANGE", ":2:load"),
        ("ROW_LENGTH", ":3"),
        ("NOT_A_NUMBER", ":4:service_s"),
        ("TIME_FORMAT", ":4:window_end"),
        ("COORDINATES_SWAPPED", ":4:lat_deg"),
        ("DUPLICATE_ID", ":5:stop_id"),
    ]


def test_a_missing_column_is_one_fault_and_the_rows_are_read_all_the_same(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,load\nS1,43.74,1\nS2,43.74,-5\n"
    assert faults(tmp_path, text) == [("COLUMN_MISSING", ":1:lon_deg"), ("NUMBER_RANGE", ":3:load")]


def test_half_a_window_in_the_header_is_a_missing_column(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,lon_deg,window_end\nS1,43.74,7.42,10:00\nS2,43.74,7.42,\n"
    assert faults(tmp_path, text) == [("COLUMN_MISSING", ":1:window_start")]


def test_a_column_misspelt_is_not_taken_for_a_further_one(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,lon_deg,Priority\nS1,43.74,7.42,3\n"
    assert faults(tmp_path, text) == [("COLUMN_MISSPELT", ":1:Priority")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", [("FILE_EMPTY", "")]),
        (b"\n \n\r\n", [("FILE_EMPTY", "")]),
        (f"{HEADER}\n".encode(), [("NO_ROWS", "")]),
        (f"{HEADER}\nS1,43.74,7.42,Élan,,,60,1,0\n".encode("latin-1"), [("FILE_ENCODING", ":2")]),
        (f"{HEADER}\nS1,43.74,7.42,,,,60,1,0\n".encode("utf-16"), [("FILE_ENCODING", ":1")]),
        (b"stop_id,lat_deg\0", [("FILE_ENCODING", "")]),
        (b'stop_id,lat_deg,lon_deg\nS1,43.74,7.42\n"S2,43.74,7.42\n', [("CSV_FORMAT", ":3")]),
        (b"stop_id,lat_deg,lon_deg,lat_deg\nS1,43.74,7.42,43.75\n", [("COLUMN_TWICE", ":1:lat_deg")]),
    ],
    ids=["empty", "blank", "header only", "latin-1", "utf-16", "zero bytes", "open quote", "column twice"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, text: bytes, found: list[tuple[str, str]]) -> None:
    assert faults(tmp_path, text) == found


def test_no_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_stops(tmp_path / "none.csv", day=DAY, time_zone="UTC")
    with pytest.raises(InputError, match="a folder"):
        read_stops(tmp_path, day=DAY, time_zone="UTC")


def test_swapped_coordinates_are_found_by_the_map(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,lon_deg\nS1,43.74,7.42\nS2,7.42,43.74\n"
    assert faults(tmp_path, text, bbox_deg=MONACO) == [("COORDINATES_SWAPPED", ":3:lat_deg")]


def test_one_stop_off_the_map_is_left_for_the_plan_to_name(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,lon_deg\nS1,43.74,7.42\nS2,48.85,2.35\n"
    assert [stop.stop.id for stop in read(tmp_path, text, bbox_deg=MONACO)] == ["S1", "S2"]


def test_all_stops_off_the_map_are_another_map(tmp_path: Path) -> None:
    text = "stop_id,lat_deg,lon_deg\nS1,48.86,2.36\nS2,48.85,2.35\n"
    assert faults(tmp_path, text, bbox_deg=MONACO) == [("STOPS_OFF_MAP", "")]


def test_a_stop_of_json_values_is_read_like_a_row() -> None:
    cells = {"stop_id": 7, "lat_deg": 43.74, "lon_deg": "7.42", "load": 2, "address": None, "note": "ring"}
    calendar = Calendar(day=DAY, time_zone="Europe/Paris")
    stop, issues = parse_stop(cells, "event e1", calendar=calendar)
    assert issues == []
    assert stop is not None
    assert (stop.stop.id, stop.stop.load, stop.stop.service_s, stop.stop.columns) == ("7", 2, 0, (("note", "ring"),))


def test_a_faulty_stop_of_json_values_names_each_field() -> None:
    calendar = Calendar(day=DAY, time_zone="Europe/Paris")
    stop, issues = parse_stop({"stop_id": "S1", "lat_deg": True, "load": -1}, "event e1", calendar=calendar)
    assert stop is None
    assert [(issue.code, issue.where) for issue in issues] == [
        ("NOT_A_NUMBER", "event e1:lat_deg"),
        ("VALUE_MISSING", "event e1:lon_deg"),
        ("NUMBER_RANGE", "event e1:load"),
    ]


def test_an_approach_is_read_and_an_unknown_one_refused(tmp_path):
    path = tmp_path / "stops.csv"
    path.write_text("stop_id,lat_deg,lon_deg,approach\nA,43.7,7.4,Right\nB,43.7,7.4,\nC,43.7,7.4,curb\n")
    stops = read_stops(path, day=date(2026, 11, 23), time_zone="Europe/Monaco")
    assert [stop.location.approach for stop in stops] == ["right", "either", "curb"]
    assert stops[0].stop.columns == ()
    path.write_text("stop_id,lat_deg,lon_deg,approach\nA,43.7,7.4,kerb\n")
    with pytest.raises(InputError) as found:
        read_stops(path, day=date(2026, 11, 23), time_zone="Europe/Monaco")
    (issue,) = found.value.issues
    assert (issue.code, issue.action) == (
        "VALUE_UNKNOWN",
        "Write right, left, curb (the side on which the country drives) or either.",
    )


def test_availability_and_earlier_attempts_are_read(tmp_path):
    path = tmp_path / "stops.csv"
    path.write_text("stop_id,lat_deg,lon_deg,availability,attempts\nA,1,2,09:00/12:00=0.25,3\nB,1,2,,\n")
    first, second = read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    step = first.availability[0]
    assert (step.from_s, step.until_s, step.at_home_ratio) == (86_400 + 32_400, 86_400 + 43_200, 0.25)
    assert (first.attempts, second.attempts, second.availability) == (3, 0, ())


def test_faults_of_availability_and_attempts_come_with_the_others(tmp_path):
    path = tmp_path / "stops.csv"
    path.write_text("stop_id,lat_deg,lon_deg,availability,attempts\nA,1,2,09:00/12:00=2,-1\n")
    with pytest.raises(InputError) as caught:
        read_stops(path, day=date(1970, 1, 2), time_zone="UTC")
    assert sorted(issue.code for issue in caught.value.issues) == ["AVAILABILITY", "NUMBER_RANGE"]
