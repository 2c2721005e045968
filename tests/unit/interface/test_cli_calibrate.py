"""Calibrate through the command line: made-up journeys in Monaco, where traffic moves at half the usual speed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from monaco_day import MONACO, STOPS
from real_maps import network as network_of_map
from typer.testing import CliRunner, Result

from routing.events.asked import DayStop, DayVehicle
from routing.events.types import DayStarted, VisitServed, VisitStarted
from routing.interface.cli import app
from routing.interface.day_legs import drives_of_day
from routing.interface.day_roads import NETWORK
from routing.interface.read_speed_tables import read_speeds
from routing.network.location import Location
from routing.network.save import save_network
from routing.problem.model import Objective, TimeWindow
from routing.store.sqlite_log import create_log, open_log
from routing.travel.calibrate import Calendar, paces, scaled
from routing.travel.road_travel import RoadTravel
from routing.travel.speed_table import DEFAULT_SPEED_TABLE, time_of_day
from routing.units import great_circle_m

MIDNIGHT_S = 1_795_388_400
"""2026-11-23, a Monday, in Paris."""
TEN_S = MIDNIGHT_S + 10 * 3600


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["calibrate", *(str(argument) for argument in arguments)])


def slow_travel(places) -> RoadTravel:
    """Monaco where everything takes twice as long as by the default table."""
    network = network_of_map("monaco")
    metric = time_of_day(network, scaled(DEFAULT_SPEED_TABLE, 2.0))
    return RoadTravel(network, metric, places)


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fixes every 10 s of 60 journeys at ten o'clock, with 3 m of noise."""
    rng = np.random.default_rng(3)
    network = network_of_map("monaco")
    node = rng.choice(network.node_id.size, 120, replace=False)
    places = [Location(lat_deg=float(network.node_lat_deg[k]), lon_deg=float(network.node_lon_deg[k])) for k in node]
    travel = slow_travel(places)
    lines = ["trace_id,time,lat_deg,lon_deg"]
    for k in range(60):
        leg = travel.leg(2 * k, 2 * k + 1, 10 * 3600)
        if leg is None or leg.duration_s < 150:
            continue
        lat, lon = np.array(travel.geometry(2 * k, 2 * k + 1, 10 * 3600)).T
        along = np.append(0, np.cumsum(great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])))
        seconds = np.append(np.arange(0, leg.duration_s, 10), leg.duration_s)
        at_m = along[-1] * seconds / leg.duration_s
        noise = rng.normal(0, 3 / 111_195, (2, seconds.size))
        fixes = zip(
            seconds, np.interp(at_m, along, lat) + noise[0], np.interp(at_m, along, lon) + noise[1], strict=True
        )
        lines += [f"t{k},{TEN_S + second},{a:.6f},{b:.6f}" for second, a, b in fixes]
    path = tmp_path_factory.mktemp("traces") / "fixes.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_traces_teach_what_the_traffic_did(traces: Path, tmp_path: Path) -> None:
    result = run("-m", MONACO, "-t", traces, "-o", tmp_path / "speeds.csv", "--cache", "off", "--json")
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    for kind in ("drives", "paths"):
        errors = values[kind]
        assert errors["drives"] > 30
        assert errors["after"]["median_abs_s"] < 0.4 * errors["before"]["median_abs_s"]
        assert errors["before"]["median_abs_s"] < errors["free_flow"]["median_abs_s"]
        assert 0 < errors["gain_low_ratio"] <= errors["gain_ratio"] <= errors["gain_high_ratio"] < 1
        assert errors["by_hour"]["10"]["drives"] == errors["drives"]
    assert values["detour_ratio"] == pytest.approx(1.0, abs=0.1)
    learned = read_speeds((tmp_path / "speeds.csv").read_bytes(), name="speeds.csv")
    calendar = Calendar.of(learned)
    ratio = paces(learned, calendar) / paces(DEFAULT_SPEED_TABLE, calendar)
    ten = calendar.slice_start_s.index(10 * 3600)
    driven = [row for row in range(ratio.shape[0]) if ratio[row, ten] != 1]
    assert np.median(ratio[driven, ten]) == pytest.approx(2.0, rel=0.2)


def test_the_gain_is_shown_and_a_learned_table_is_a_beginning_too(traces: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    shown = run("-m", MONACO, "-t", traces, "-o", first, "--cache", "off")
    assert shown.exit_code == 0, shown.output
    for words in (
        "median error",
        "95 % between",
        "from 10:00",
        "as long as the quickest drive",
        str(first),
    ):
        assert words in shown.stdout
    again = run("-m", MONACO, "-t", traces, "-o", second, "--speeds", first, "--cache", "off", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["paths"]["before"]["median_abs_s"] < 20


def test_faults_are_said_before_anything_is_written(traces: Path, tmp_path: Path) -> None:
    out = tmp_path / "speeds.csv"
    assert run("-o", out).exit_code == 2
    assert run("-t", traces, "-o", out).exit_code == 2
    assert run("-m", MONACO, "-t", traces, "--time-zone", "Mars", "-o", out).exit_code == 2
    bad = tmp_path / "bad.csv"
    bad.write_text("trace_id,time,lat,lon\na,x,1,2\n", encoding="utf-8")
    result = run("-m", MONACO, "-t", bad, "-t", tmp_path / "none.gpx", "-o", out, "--cache", "off")
    assert result.exit_code == 2
    assert "TRACE_ROW" in result.stderr
    assert "FILE_UNREADABLE" in result.stderr
    elsewhere = tmp_path / "sea.csv"
    elsewhere.write_text("trace_id,time,lat,lon\na,0,1,2\na,60,1.01,2\n", encoding="utf-8")
    result = run("-m", MONACO, "-t", elsewhere, "-o", out, "--cache", "off")
    assert (result.exit_code, "NOTHING_TO_LEARN" in result.stderr) == (2, True)
    assert not out.exists()


def lived_day(path: Path, *, stretch: float, silent: str = "", window: bool = False) -> Path:
    """The log of a day whose one van took `stretch` times as long as expected; of one stop no start was reported."""
    rows = [line.split(",") for line in STOPS.splitlines()[1:]]
    places = [Location(lat_deg=float(row[1]), lon_deg=float(row[2])) for row in rows]
    network = network_of_map("monaco")
    saved = io.BytesIO()
    save_network(network, saved)
    travel = RoadTravel(network, time_of_day(network), places)
    at_s, events = TEN_S, []
    windows = {}
    for k, row in enumerate(rows):
        stop_id = row[0]
        if k:
            leg = travel.leg(k - 1, k, at_s - MIDNIGHT_S)
            assert leg is not None
            at_s += round(stretch * leg.duration_s)
        windows[stop_id] = (TimeWindow(start_s=at_s - 30, end_s=at_s + 3600),) if window else ()
        facts = {"stop_id": stop_id, "vehicle_id": "VAN-1"}
        if stop_id != silent:
            events.append(VisitStarted(id=f"a{k}", known_at_s=at_s, effective_at_s=at_s, **facts))
        at_s += 200
        events.append(VisitServed(id=f"b{k}", known_at_s=at_s, effective_at_s=at_s, **facts))
    depot = places[0]
    started = DayStarted(
        id="routing:day", known_at_s=MIDNIGHT_S, effective_at_s=MIDNIGHT_S, date="2026-11-23", time_zone="Europe/Paris",
        stops=tuple(
            DayStop(id=row[0], location=place, windows=windows[row[0]]) for row, place in zip(rows, places, strict=True)
        ),
        vehicles=(
            DayVehicle(
                id="VAN-1", profile="van", capacity=99, start=depot, end=depot,
                shift=TimeWindow(start_s=MIDNIGHT_S, end_s=MIDNIGHT_S + 86_400),
            ),
        ),
        objective=Objective(), network_sha256="",
    )  # fmt: skip
    create_log(path, (started, *events), blobs={NETWORK: saved.getvalue()})
    return path


def test_a_day_teaches_by_its_reported_legs(tmp_path: Path) -> None:
    with open_log(lived_day(tmp_path / "day.db", stretch=1.5)) as log:
        drives, counts = drives_of_day(log, DEFAULT_SPEED_TABLE)
    assert counts["visits reported"] == 4
    assert counts["legs that teach"] == len(drives.drive_id) == 3
    assert drives.drive_id[0] == "2026-11-23 VAN-1: S1 to S2"
    result = run("--day", tmp_path / "day.db", "-o", tmp_path / "speeds.csv", "--json")
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    assert values["drives"] is None
    learned = read_speeds((tmp_path / "speeds.csv").read_bytes(), name="speeds.csv")
    calendar = Calendar.of(learned)
    ten = calendar.slice_start_s.index(10 * 3600)
    ratio = paces(learned, calendar) / paces(DEFAULT_SPEED_TABLE, calendar)
    assert 1.3 < ratio[:, ten].max() < 1.6
    # Three legs are few: other hours move only part of the way.
    assert 1.0 < ratio[:, -1].max() < 1.3
    assert ratio.min() >= 0.99


def test_legs_whose_driving_is_not_known_do_not_teach(tmp_path: Path) -> None:
    with open_log(lived_day(tmp_path / "silent.db", stretch=1.5, silent="S2")) as log:
        drives, counts = drives_of_day(log, DEFAULT_SPEED_TABLE)
    assert counts["legs to a visit whose start was not reported"] == 1
    assert len(drives.drive_id) == 2
    with open_log(lived_day(tmp_path / "window.db", stretch=1.5, window=True)) as log:
        drives, counts = drives_of_day(log, DEFAULT_SPEED_TABLE)
    assert counts["legs to a visit that began as its window opened"] == 3
    assert drives.drive_id == ()
    result = run("--day", tmp_path / "window.db", "-o", tmp_path / "speeds.csv")
    assert (result.exit_code, "NOTHING_TO_LEARN" in result.stderr) == (2, True)
