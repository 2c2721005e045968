"""Columns of stops.csv, fleet.csv and depots.csv that say what a fleet asks for."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from routing.errors import InputError
from routing.interface.read_depots import DepotRow, read_depots
from routing.interface.read_fleet import VehicleRow, read_fleet
from routing.interface.read_stops import StopRow, read_stops, shipments_of
from routing.problem.driving_rules import DrivingClocks, eu_561
from routing.problem.model import Break, Shipment, TimeWindow

DAY = {"day": date(2026, 11, 23), "time_zone": "Europe/Paris"}
MIDNIGHT_S = 1_795_388_400
H = 3_600


def text(*rows: dict[str, object]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def stop(stop_id: str = "S1", **cells: object) -> dict[str, object]:
    return {"stop_id": stop_id, "lat_deg": 43.74, "lon_deg": 7.42, **cells}


def vehicle(vehicle_id: str = "V1", **cells: object) -> dict[str, object]:
    shift = {"shift_start": "08:00", "shift_end": "16:00"}
    return {"vehicle_id": vehicle_id, "capacity": 8, **shift, "start_lat_deg": 43.74, "start_lon_deg": 7.42, **cells}


def stops(tmp_path: Path, *rows: dict[str, object]) -> tuple[StopRow, ...]:
    path = tmp_path / "stops.csv"
    path.write_text(text(*rows), encoding="utf-8")
    shifts = (TimeWindow(start_s=MIDNIGHT_S + 8 * H, end_s=MIDNIGHT_S + 16 * H),)
    return read_stops(path, shifts=shifts, **DAY)


def fleet(tmp_path: Path, *rows: dict[str, object]) -> tuple[VehicleRow, ...]:
    path = tmp_path / "fleet.csv"
    path.write_text(text(*rows), encoding="utf-8")
    return read_fleet(path, **DAY)


def depots(tmp_path: Path, *rows: dict[str, object]) -> tuple[DepotRow, ...]:
    path = tmp_path / "depots.csv"
    path.write_text(text(*rows), encoding="utf-8")
    return read_depots(path, **DAY)


def faults(error: InputError) -> list[tuple[str, str]]:
    return [(issue.code, issue.where.partition(".csv")[2]) for issue in error.issues]


def test_all_that_a_stop_may_ask_for(tmp_path: Path) -> None:
    cells = {
        "window_start": "08:00",
        "window_end": "09:00",
        "window4_start": "15:00",
        "window4_end": "16:00",
        "window3_start": "11:00",
        "window3_end": "12:00",
        "release": "08:30",
        "due": "2026-11-23T15:30+01:00",
        "lateness_allowed": "Yes",
        "lateness_limit_s": 600,
        "lateness_cents_per_min": 0,
        "unserved_cents": 90_000,
        "setup_s": 120,
        "walk_s": 60,
        "service_by_type": "truck=600; bike = 300",
        "load_cold": 2,
        "load_dry": 0,
        "pickup_load": 1,
        "pickup_load_cold": 3,
        "goods": "food",
        "together": "yard",
        "skills_all": "lift; cool",
        "skills_one_of": "a;b",
        "skills_none_of": "dog",
        "allowed_vehicles": "V1;V2",
        "forbidden_vehicles": "V3",
        "preferred_drivers": "Ann",
        "territory": "north",
        "vehicle_fees": "V1=300",
        "on_board": "V1",
        "colour": "blue",
    }
    (row,) = stops(tmp_path, stop(**cells))
    found = row.stop
    assert [(w.start_s - MIDNIGHT_S, w.end_s - MIDNIGHT_S) for w in found.windows] == [
        (8 * H, 9 * H),
        (11 * H, 12 * H),
        (15 * H, 16 * H),
    ]
    assert (found.release_s, found.due_s) == (MIDNIGHT_S + 8 * H + 1_800, MIDNIGHT_S + 15 * H + 1_800)
    assert (found.lateness_allowed, found.lateness_limit_s, found.lateness_cents_per_min) == (True, 600, 0)
    assert (found.unserved_cents, found.setup_s, found.walk_s) == (90_000, 120, 60)
    assert found.service_by_type == (("truck", 600), ("bike", 300))
    assert (found.loads, found.pickup_load, found.pickup_loads) == ((("cold", 2),), 1, (("cold", 3),))
    assert (found.goods, found.together, found.territory, found.on_board) == ("food", "yard", "north", "V1")
    assert (found.skills_all, found.skills_one_of, found.skills_none_of) == (("lift", "cool"), ("a", "b"), ("dog",))
    assert (found.allowed_vehicles, found.forbidden_vehicles) == (("V1", "V2"), ("V3",))
    assert (found.preferred_drivers, found.vehicle_fees) == (("Ann",), (("V1", 300),))
    assert found.columns == (("colour", "blue"),)


def test_what_manifests_say_of_loads_is_no_load(tmp_path: Path) -> None:
    (row,) = stops(tmp_path, stop(load_after=3, load_after_cold=1))
    assert row.stop.loads == ()
    assert row.stop.columns == (("load_after", "3"), ("load_after_cold", "1"))


def test_a_shipment_is_two_lines_and_the_load_that_of_the_pickup(tmp_path: Path) -> None:
    rows = stops(
        tmp_path,
        stop("A", shipment="box", shipment_role="Pickup", load=2, load_cold=1),
        stop("B", shipment="box", shipment_role="delivery"),
    )
    assert [(row.stop.load, row.stop.loads) for row in rows] == [(0, ()), (0, ())]
    box = Shipment(id="box", pickup_stop_id="A", delivery_stop_id="B", load=2, loads=(("cold", 1),))
    assert shipments_of(rows, "stops.csv") == ((box,), [])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([stop("A", shipment="box", shipment_role="pickup")], [("SHIPMENT_ENDS", ":shipment")]),
        (
            [stop(name, shipment="box", shipment_role="pickup") for name in ("A", "B")],
            [("SHIPMENT_ENDS", ":shipment")],
        ),
        (
            [
                stop("A", shipment="box", shipment_role="pickup", load=2),
                stop("B", shipment="box", shipment_role="delivery", load=3),
            ],
            [("SHIPMENT_LOAD", ":load")],
        ),
        ([stop("A", shipment="box", shipment_role="")], [("VALUE_MISSING", ":2:shipment_role")]),
        ([stop(window3_start="08:00")], [("COLUMN_MISSING", ":1:window3_end")]),
        (
            [
                stop(
                    release="soon",
                    lateness_allowed="perhaps",
                    load_cold="some",
                    setup_s=-1,
                    service_by_type="truck",
                    vehicle_fees="V1=dear",
                )
            ],
            [
                ("VALUE_UNKNOWN", ":2:lateness_allowed"),
                ("NUMBER_RANGE", ":2:setup_s"),
                ("VALUE_INVALID", ":2:service_by_type"),
                ("NOT_A_NUMBER", ":2:vehicle_fees"),
                ("TIME_FORMAT", ":2:release"),
                ("NOT_A_NUMBER", ":2:load_cold"),
            ],
        ),
        ([stop(skils_all="lift")], [("COLUMN_MISSPELT", ":1:skils_all")]),
    ],
)
def test_faults_of_stops_are_told_at_once(
    tmp_path: Path, rows: list[dict[str, object]], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InputError) as caught:
        stops(tmp_path, *rows)
    assert faults(caught.value) == expected


def test_all_that_a_vehicle_may_say(tmp_path: Path) -> None:
    cells = {
        "capacity_cold": 3,
        "capacity_dry": 0,
        "on_board_load": 1,
        "on_board_load_cold": 2,
        "skills": "lift;cool",
        "type": "truck",
        "driver": "Ann",
        "territories": "north; east",
        "territory_fee_cents": 500,
        "breaks": "12:00/13:30=1800; tea=15:00/15:30=600",
        "driving_rules": "EU_561_extended",
        "driving_since_break_s": 900,
        "split_taken": "yes",
        "driving_today_s": 1_000,
        "on_duty_since": "06:30",
        "driving_week_s": 2_000,
        "driving_fortnight_s": 3_000,
        "duration_limit_s": 20_000,
        "distance_limit_m": 90_000,
        "driving_limit_s": 10_000,
        "stops_limit": 0,
        "overtime_allowed": "yes",
        "overtime_limit_s": 1_200,
        "overtime_cents_per_h": 9_000,
        "vehicle_cents": 0,
        "duty_cents_per_h": 3_000,
        "distance_cents_per_km": 40,
        "open_start": "no",
        "open_end": "yes",
        "start_fixed": "yes",
        "start_depot": "west",
        "reload_depots": "west;east",
        "reloads_limit": 2,
        "lifo": "yes",
        "pickups_last": "yes",
    }
    (row,) = fleet(tmp_path, vehicle(**cells))
    found = row.vehicle
    assert (found.capacities, found.on_board_load, found.on_board_loads) == (
        (("cold", 3), ("dry", 0)),
        1,
        (("cold", 2),),
    )
    assert (found.skills, found.type, found.driver) == (("lift", "cool"), "truck", "Ann")
    assert (found.territories, found.territory_fee_cents) == (("north", "east"), 500)
    noon, tea = (
        TimeWindow(start_s=MIDNIGHT_S + 12 * H, end_s=MIDNIGHT_S + 13 * H + 1_800),
        TimeWindow(start_s=MIDNIGHT_S + 15 * H, end_s=MIDNIGHT_S + 15 * H + 1_800),
    )
    assert found.breaks == (
        Break(id="break-1", window=noon, duration_s=1800),
        Break(id="tea", window=tea, duration_s=600),
    )
    assert found.driving_rules == eu_561(extended=True)
    assert found.driving_clocks == DrivingClocks(
        driving_since_break_s=900,
        split_taken=True,
        driving_today_s=1_000,
        on_duty_since_s=MIDNIGHT_S + 6 * H + 1_800,
        driving_week_s=2_000,
        driving_fortnight_s=3_000,
    )
    assert (found.duration_limit_s, found.distance_limit_m, found.driving_limit_s) == (20_000, 90_000, 10_000)
    assert (found.stops_limit, found.overtime_allowed, found.overtime_limit_s) == (0, True, 1_200)
    assert (found.overtime_cents_per_h, found.vehicle_cents, found.duty_cents_per_h) == (9_000, 0, 3_000)
    assert (found.distance_cents_per_km, found.open_start, found.open_end, found.start_fixed) == (40, False, True, True)
    assert (found.start_depot, found.reload_depots, found.reloads_limit) == ("west", ("west", "east"), 2)
    assert (found.lifo, found.pickups_last) == (True, True)


def test_faults_of_vehicles_are_told_at_once(tmp_path: Path) -> None:
    cells = {"breaks": "noon=1800; 12:00/13:00=long", "driving_rules": "us", "capacity_cold": -1, "lifo": "maybe"}
    with pytest.raises(InputError) as caught:
        fleet(tmp_path, vehicle(**cells), vehicle("V2", on_duty_since="dawn"))
    assert faults(caught.value) == [
        ("VALUE_INVALID", ":2:driving_rules"),
        ("VALUE_UNKNOWN", ":2:lifo"),
        ("BREAK", ":2:breaks"),
        ("BREAK", ":2:breaks"),
        ("NOT_A_NUMBER", ":2:capacity_cold"),
        ("TIME_FORMAT", ":3:on_duty_since"),
    ]
    words = [issue.cause for issue in caught.value.issues if issue.code in ("BREAK", "TIME_FORMAT")]
    assert words == [
        "'noon=1800' is no break",
        "its duration is 'long', not whole seconds",
        "'dawn' is neither a time of day nor ISO 8601.",
    ]


def test_depots_have_windows_and_a_stock(tmp_path: Path) -> None:
    place = {"lat_deg": 43.74, "lon_deg": 7.42}
    west, east = depots(
        tmp_path,
        {"depot_id": "west", **place, "reload_s": 600, "window_start": "06:00", "window_end": "12:00", "stock_cold": 4},
        {"depot_id": "east", **place},
    )
    assert (west.depot.reload_s, west.depot.stock, len(west.depot.windows)) == (600, (("cold", 4),), 1)
    assert (east.depot.stock, east.depot.windows, east.depot.reload_s) == (None, (), 0)
    with pytest.raises(InputError) as caught:
        depots(tmp_path, {"depot_id": "west", **place, "stock": "much"}, {"depot_id": "west", **place})
    assert faults(caught.value) == [("NOT_A_NUMBER", ":2:stock"), ("DUPLICATE_ID", ":3:depot_id")]
