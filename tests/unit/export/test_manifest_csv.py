from __future__ import annotations

import csv
import io

import pytest
from plan_documents import sample_document, with_visit

from routing.export.changes import Change
from routing.export.manifest_csv import export_csv, manifest_text


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_stops_come_in_order_of_visit_with_all_that_the_driver_needs():
    first, second = rows(manifest_text(sample_document().routes[0]))
    expected = {
        "position": "1",
        "stop_id": "A",
        "address": "Street of A",
        "lat_deg": "43.71",
        "lon_deg": "7.4",
        "arrival": "2026-11-23T08:10:00+01:00",
        "start": "2026-11-23T08:10:00+01:00",
        "departure": "2026-11-23T08:15:00+01:00",
        "window_start": "2026-11-23T08:00:00+01:00",
        "window_end": "2026-11-23T09:00:00+01:00",
        "window2_start": "",
        "window2_end": "",
        "service_s": "300",
        "approach": "either",
        "load": "2",
        "load_after": "2",
        "priority": "0",
        "waiting_s": "0",
        "lateness_s": "0",
        "leg_duration_s": "600",
        "leg_distance_m": "6000",
        "access_walk_m": "",
        "access_walk_s": "",
        "note": "ring twice",
    }
    assert first == expected
    assert (second["position"], second["stop_id"], second["window_start"], second["note"]) == ("2", "B", "", "")


@pytest.mark.parametrize("text", ["=1+1", "+33", "-x", "@SUM(A1)", "\t=1", '=HYPERLINK("x","y")'])
def test_text_that_a_spreadsheet_would_run_is_disarmed(text):
    document = with_visit(sample_document(), 0, 0, address=text, columns={text: text})
    row = rows(manifest_text(document.routes[0]))[0]
    assert row["address"] == row["'" + text] == "'" + text


def test_numbers_below_zero_stay_numbers():
    document = with_visit(sample_document(), 0, 0, lon_deg=-0.5)
    assert rows(manifest_text(document.routes[0]))[0]["lon_deg"] == "-0.5"


@pytest.mark.parametrize("text", ['say "now", please', "two\nlines", "Café; Ñandú, 東京"])
def test_any_other_text_reads_back_as_it_was(text):
    document = with_visit(sample_document(), 0, 0, address=text, columns={"note": text})
    row = rows(manifest_text(document.routes[0]))[0]
    assert row["address"] == row["note"] == text


def test_a_further_column_with_one_of_our_names_takes_another():
    document = with_visit(sample_document(), 0, 0, columns={"arrival": "by bus"})
    row = rows(manifest_text(document.routes[0]))[0]
    assert (row["arrival"], row["column_arrival"]) == ("2026-11-23T08:10:00+01:00", "by bus")


def test_changes_fill_a_last_column():
    told = [Change(vehicle_id="van-1", stop_id="B", kind="eta", text=text) for text in ("later", "elsewhere")]
    first, second = rows(manifest_text(sample_document().routes[0], tuple(told)))
    assert (first["changes"], second["changes"]) == ("", "later; elsewhere")


def test_files_hold_the_text_as_utf_8(tmp_path):
    path = export_csv(sample_document(), tmp_path, vehicle_id="van-1")[0]
    assert path.read_bytes().decode() == manifest_text(sample_document().routes[0])
