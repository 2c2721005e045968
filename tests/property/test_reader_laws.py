"""Laws of the readers: whatever a file holds, it becomes rows that keep their bounds, or faults in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import InputError
from routing.interface.read_fleet import read_fleet, readable_shifts, written_day
from routing.interface.read_objective import read_objective
from routing.interface.read_stops import read_stops

Rows = TypeVar("Rows")

BBOX = (7.35, 43.70, 7.50, 43.78)
DAY = date(2026, 3, 28)
ZONE = "Europe/Paris"
STOPS = "stop_id,lat_deg,lon_deg,address,window_start,window_end,service_s,load,priority,window2_start,window2_end,note"
FLEET = "vehicle_id,profile,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg,end_lat_deg,end_lon_deg"

NUMBERS = ["", "0", "1", "-1", "43.74", "7.42", "1e3", "1e400", "nan", "-inf", "1_0", "0x1", "٣", "9" * 40]
CLOCKS = ["", "00:00", "24:00", "08:30", "22:00", "02:30", "25:00", "T", "\x00", "noon"]
DATED = ["2026-03-29T02:30", "2026-03-28", "0001-01-01T00:00Z", "9999-12-31T23:59-12:00", "2026-03-29T02:30+01:00"]
TIMES = st.sampled_from([*CLOCKS, *DATED, "20260329T0230", "2026-W13-7"])
CELLS = st.one_of(st.sampled_from(NUMBERS), TIMES, st.text(max_size=6))
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table(header: str, rows: list[list[str]]) -> str:
    return "\n".join([header, *(",".join(row) for row in rows)])


def rows_or_none(read: Callable[[], Rows]) -> Rows | None:
    """Return what is read, None where it is refused with at least one fault; any other error fails the test."""
    try:
        return read()
    except InputError as error:
        if not error.issues:
            raise AssertionError("refused without a fault") from error
        return None


def read_all(folder: Path, stops: bytes, fleet: bytes) -> None:
    (folder / "stops.csv").write_bytes(stops)
    (folder / "fleet.csv").write_bytes(fleet)
    written_day(folder / "fleet.csv")
    shifts = readable_shifts(folder / "fleet.csv", day=DAY, time_zone=ZONE)
    vehicles = rows_or_none(lambda: read_fleet(folder / "fleet.csv", day=DAY, time_zone=ZONE, bbox_deg=BBOX))
    if vehicles is not None:
        assert len({row.vehicle.id for row in vehicles}) == len(vehicles) > 0
        assert all(row.vehicle.capacity >= 0 for row in vehicles)
        assert all(row.vehicle.shift.start_s < row.vehicle.shift.end_s for row in vehicles)
    found = rows_or_none(
        lambda: read_stops(folder / "stops.csv", day=DAY, time_zone=ZONE, shifts=shifts, bbox_deg=BBOX)
    )
    if found is not None:
        assert len({row.stop.id for row in found}) == len(found) > 0
        for stop in (row.stop for row in found):
            assert min(stop.load, stop.service_s) >= 0
            ends = [instant for window in stop.windows for instant in (window.start_s, window.end_s)]
            assert ends == sorted(ends)


@FEW
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_rows_or_faults(tmp_path: Path, stops: bytes, fleet: bytes) -> None:
    read_all(tmp_path, stops, fleet)


@FEW
@given(
    st.lists(st.lists(CELLS, min_size=12, max_size=12), min_size=1, max_size=3),
    st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=2),
)
def test_any_cells_are_rows_or_faults(tmp_path: Path, stops: list[list[str]], fleet: list[list[str]]) -> None:
    read_all(
        tmp_path,
        table(STOPS, stops).encode("utf-8", "surrogatepass"),
        table(FLEET, fleet).encode("utf-8", "surrogatepass"),
    )


@FEW
@given(TIMES, TIMES, TIMES, TIMES)
def test_any_times_are_windows_in_order_or_faults(tmp_path: Path, a: str, b: str, c: str, d: str) -> None:
    stops = table(STOPS, [["S1", "43.74", "7.42", "", a, b, "60", "1", "0", c, d, ""]])
    fleet = table(FLEET, [["V1", "van", "5", c, d, "43.74", "7.42", "", ""]])
    read_all(tmp_path, stops.encode(), fleet.encode())


@FEW
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_objective_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("objective.toml", "objective.json"):
        (tmp_path / name).write_bytes(content)
        objective = rows_or_none(lambda path=tmp_path / name: read_objective(path))
        assert objective is None or objective.duty_cents_per_h >= 0
