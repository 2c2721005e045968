"""fleet.csv: what is read, what is refused, and in which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_fleet import VehicleRow, read_fleet, written_day

DAY = date(2026, 11, 23)
MIDNIGHT_S = 20_780 * 86_400 - 3_600
MONACO = (7.35, 43.70, 7.50, 43.78)
HEADER = "vehicle_id,profile,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg,end_lat_deg,end_lon_deg"


def read(tmp_path: Path, text: str) -> tuple[VehicleRow, ...]:
    path = tmp_path / "fleet.csv"
    path.write_text(text, encoding="utf-8")
    return read_fleet(path, day=DAY, time_zone="Europe/Paris", bbox_deg=MONACO)


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    prefix = f"{tmp_path / 'fleet.csv'}"
    return [(issue.code, issue.where.removeprefix(prefix)) for issue in caught.value.issues]


def test_a_vehicle_without_an_end_returns_to_its_start(tmp_path: Path) -> None:
    (vehicle,) = read(tmp_path, f"{HEADER}\nV1,van,80,08:00,16:30,43.74,7.42,,\n")
    assert (vehicle.vehicle.id, vehicle.vehicle.profile, vehicle.vehicle.capacity) == ("V1", "van", 80)
    assert (vehicle.vehicle.shift.start_s, vehicle.vehicle.shift.end_s) == (MIDNIGHT_S + 28_800, MIDNIGHT_S + 59_400)
    assert vehicle.end == vehicle.start


def test_an_end_of_its_own_and_a_night_shift(tmp_path: Path) -> None:
    (vehicle,) = read(tmp_path, f"{HEADER}\nV1,car,80,22:00,06:00,43.74,7.42,43.75,7.43\n")
    assert (vehicle.end.lat_deg, vehicle.end.lon_deg) == (43.75, 7.43)
    assert (vehicle.vehicle.shift.start_s, vehicle.vehicle.shift.end_s) == (MIDNIGHT_S + 79_200, MIDNIGHT_S + 108_000)


def test_the_profile_may_be_left_out(tmp_path: Path) -> None:
    text = "vehicle_id,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg\nV1,8,08:00,16:00,43.74,7.42\n"
    assert read(tmp_path, text)[0].vehicle.profile == "van"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("V1,lorry,80,08:00,16:00,43.74,7.42,,", "PROFILE_UNKNOWN", "profile"),
        ("V1,van,-80,08:00,16:00,43.74,7.42,,", "NUMBER_RANGE", "capacity"),
        ("V1,van,,08:00,16:00,43.74,7.42,,", "VALUE_MISSING", "capacity"),
        ("V1,van,80,,16:00,43.74,7.42,,", "VALUE_MISSING", "shift_start"),
        ("V1,van,80,08:00,late,43.74,7.42,,", "TIME_FORMAT", "shift_end"),
        ("V1,van,80,08:00,08:00,43.74,7.42,,", "SHIFT_EMPTY", "shift_start"),
        ("V1,van,80,08:00,16:00,7.42,43.74,,", "COORDINATES_SWAPPED", "start_lat_deg"),
        ("V1,van,80,08:00,16:00,48.85,2.35,,", "VEHICLE_OFF_MAP", "start_lat_deg"),
        ("V1,van,80,08:00,16:00,43.74,7.42,48.85,2.35", "VEHICLE_OFF_MAP", "end_lat_deg"),
        ("V1,van,80,08:00,16:00,43.74,7.42,43.74,", "VALUE_MISSING", "end_lon_deg"),
        ("V0,van,80,08:00,16:00,43.74,7.42,,", "DUPLICATE_ID", "vehicle_id"),
    ],
)
def test_one_faulty_cell_is_named_by_line_and_column(tmp_path: Path, row: str, code: str, column: str) -> None:
    text = f"{HEADER}\nV0,van,80,08:00,16:00,43.74,7.42,,\n{row}\n"
    assert faults(tmp_path, text) == [(code, f":3:{column}")]


def test_a_fleet_may_mix_profiles(tmp_path: Path) -> None:
    text = f"{HEADER}\nV0,van,80,08:00,16:00,43.74,7.42,,\nV1,car,80,08:00,16:00,43.74,7.42,,\n"
    assert [row.vehicle.profile for row in read(tmp_path, text)] == ["van", "car"]


def test_a_header_alone_is_no_fleet(tmp_path: Path) -> None:
    assert faults(tmp_path, f"{HEADER}\n") == [("NO_ROWS", "")]


def test_the_date_of_a_fleet_is_its_first_shifts(tmp_path: Path) -> None:
    path = tmp_path / "fleet.csv"
    row = ",80,2026-12-{}T08:00,2026-12-{}T16:00,43.74,7.42,,\n"
    path.write_text(f"{HEADER}\nV1,van{row.format('02', '02')}V2,van{row.format('01', '01')}", encoding="utf-8")
    assert written_day(path) == date(2026, 12, 1)
    path.write_text(f"{HEADER}\nV1,van,80,08:00,16:00,43.74,7.42,,\n", encoding="utf-8")
    assert written_day(path) is None
    assert written_day(tmp_path / "none.csv") is None
