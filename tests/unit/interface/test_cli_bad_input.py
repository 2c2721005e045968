"""Bad input through the command line: one clear report of all faults, exit code 2, every file as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from monaco_day import FLEET, MONACO, STOPS, listing, write_day
from typer.testing import CliRunner, Result

from routing.errors import Issue
from routing.interface.cli import app
from routing.interface.terminal import issue_lines


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of a saved network of Monaco, which opens quicker than the map."""
    path = str(tmp_path_factory.mktemp("map") / "monaco.npz")
    assert CliRunner().invoke(app, ["map", "build", str(MONACO), "-o", path]).exit_code == 0
    return path


def on(network: str, options: list[str]) -> list[str]:
    """Return options with another map."""
    return [options[0], network, *options[2:]]


def plan(folder: Path, options: list[str]) -> Result:
    """Plan with a plan.json in place; what comes must leave it alone."""
    (folder / "plan.json").write_text("the plan of yesterday", encoding="utf-8")
    before = listing(folder)
    result = CliRunner().invoke(app, ["plan", *options, "--iterations", "1", "-o", str(folder / "plan.json")])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.output
    assert listing(folder) == before
    return result


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("lat_deg,lon_deg,address", "lat_deg,address_2,address", "COLUMN_MISSING", "stops.csv:1:lon_deg"),
        ("08:00,10:00,300", "10:00,08:00,300", "WINDOW_REVERSED", "stops.csv:4:window_start"),
        (
            "08:00,10:00,300",
            "2026-11-23T10:00,2026-11-23T08:00,300",
            "WINDOW_REVERSED",
            "stops.csv:4:window_start",
        ),
        ("S3,", "S2,", "DUPLICATE_ID", "stops.csv:4:stop_id"),
        ("43.733796,7.419549", "7.419549,43.733796", "COORDINATES_SWAPPED", "stops.csv:4:lat_deg"),
        ("43.733796", "437.33796", "NUMBER_RANGE", "stops.csv:4:lat_deg"),
        ("43.733796", "nan", "NOT_A_NUMBER", "stops.csv:4:lat_deg"),
        ("43.733796", "", "VALUE_MISSING", "stops.csv:4:lat_deg"),
        ("300,1,0", "300,-1,0", "NUMBER_RANGE", "stops.csv:4:load"),
        ("300,1,0", "300,one,0", "NOT_A_NUMBER", "stops.csv:4:load"),
    ],
)
def test_a_fault_of_the_stops(network: str, tmp_path: Path, old: str, new: str, code: str, where: str) -> None:
    assert old in STOPS
    result = plan(tmp_path, on(network, write_day(tmp_path, stops=STOPS.replace(old, new))))
    assert f"{where}  {code}" in result.stderr
    assert "1 fault in the input" in result.stderr
    assert "cure: " in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("VAN-2,van", "VAN-2,lorry", "PROFILE_UNKNOWN", "fleet.csv:3:profile"),
        ("VAN-2,van", "VAN-2,car", "PROFILE_OTHER", "monaco.osm.pbf"),
        ("VAN-2,", "VAN-1,", "DUPLICATE_ID", "fleet.csv:3:vehicle_id"),
        ("43.7285,7.4145,,", "7.4145,43.7285,,", "COORDINATES_SWAPPED", "fleet.csv:3:start_lat_deg"),
        ("43.7285,7.4145,,", "44.7285,7.4145,,", "VEHICLE_OFF_MAP", "fleet.csv:3:start_lat_deg"),
        # In the sea, 1.5 km off the shore: on the map, but no road within 300 m.
        ("43.7285,7.4145,,", "43.7180,7.4400,,", "VEHICLE_OFF_ROAD", "vehicle VAN-2"),
    ],
)
def test_a_fault_of_the_fleet(network: str, tmp_path: Path, old: str, new: str, code: str, where: str) -> None:
    assert old in FLEET
    result = plan(tmp_path, on(network, write_day(tmp_path, fleet=FLEET.replace(old, new))))
    assert f"{where}  {code}" in result.stderr


def test_the_faults_of_all_files_come_in_one_report(tmp_path: Path) -> None:
    options = write_day(
        tmp_path, stops=STOPS.replace("300,1,0", "300,-1,0"), fleet=FLEET.replace("VAN-2,van", "VAN-2,lorry")
    )
    (tmp_path / "cut.osm.pbf").write_bytes(MONACO.read_bytes()[:50_000])
    (tmp_path / "objective.toml").write_text("duty = 1", encoding="utf-8")
    options[1] = str(tmp_path / "cut.osm.pbf")
    result = plan(tmp_path, [*options, "--objective", str(tmp_path / "objective.toml"), "--time-zone", "Mars/Base"])
    assert "5 faults in the input" in result.stderr
    for words in ("cut.osm.pbf", "stops.csv:4:load", "fleet.csv:3:profile", "objective.toml:duty", "--time-zone"):
        assert words in result.stderr


@pytest.mark.parametrize("kind", ["stops", "fleet"])
def test_an_empty_file_and_a_header_alone(network: str, tmp_path: Path, kind: str) -> None:
    header = {"stops": STOPS, "fleet": FLEET}[kind].splitlines()[0]
    for text, code in (("", "FILE_EMPTY"), (header, "NO_ROWS")):
        result = plan(tmp_path, on(network, write_day(tmp_path, **{kind: text})))
        assert f"{kind}.csv  {code}" in result.stderr


def test_a_map_that_is_missing_cut_short_or_no_map(tmp_path: Path) -> None:
    options = write_day(tmp_path)
    (tmp_path / "empty.osm").write_bytes(b"")
    (tmp_path / "text.osm").write_text("this is no map", encoding="utf-8")
    (tmp_path / "network.npz").write_bytes(b"PK no network")
    for name in ("none.osm.pbf", "empty.osm", "text.osm", "stops.csv", "network.npz"):
        options[1] = str(tmp_path / name)
        result = plan(tmp_path, options)
        assert "1 fault in the input" in result.stderr
        assert name in result.stderr


def test_a_day_on_another_map(tmp_path: Path) -> None:
    options = write_day(tmp_path)
    options[1] = str(MONACO.with_name("helsinki.osm.pbf"))
    result = plan(tmp_path, options)
    assert "stops.csv  STOPS_OFF_MAP" in result.stderr
    assert result.stderr.count("VEHICLE_OFF_MAP") == 2


def test_many_faults_alike_are_told_by_their_places(network: str, tmp_path: Path) -> None:
    rows = "".join(f"S{k},43.74,7.42,,,,60,-1,0,\n" for k in range(20))
    result = plan(tmp_path, on(network, write_day(tmp_path, stops=STOPS.splitlines()[0] + "\n" + rows)))
    assert "20 faults in the input" in result.stderr
    assert result.stderr.count("is negative") == 8
    assert "12 more NUMBER_RANGE at" in result.stderr
    assert "stops.csv:21:load" in result.stderr


@pytest.mark.parametrize(
    "more",
    [
        ["--date", "23.11.2026"],
        ["--date", "2026-02-30"],
        ["--time-limit", "0"],
        ["--time-limit", "5"],
        ["--seed", "-1"],
        ["--no-such-option"],
    ],
)
def test_a_wrong_option(tmp_path: Path, more: list[str]) -> None:
    plan(tmp_path, [*write_day(tmp_path), *more])


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    target = tmp_path / "file" / "plan.json"
    result = CliRunner().invoke(app, ["plan", *write_day(tmp_path), "--iterations", "1", "-o", str(target)])
    assert result.exit_code == 2
    assert str(target) in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "none.json"],
        ["export", "none.json", "--format", "gpx", "--out", "out"],
        ["export", "none.json", "--format", "pdf", "--out", "out"],
        ["map", "info", "none.osm.pbf"],
        ["map", "crop", "none.osm.pbf", "-o", "out.osm"],
        ["map", "crop", "none.osm.pbf", "-o", "out.osm", "--bbox", "7.5,43.7,7.4,43.8"],
        ["nonsense"],
    ],
)
def test_other_commands_refuse_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.output
    assert listing(tmp_path) == {}


def test_the_process_itself_ends_with_the_code(tmp_path: Path) -> None:
    options = write_day(tmp_path, stops="")
    command = [sys.executable, "-c", "from routing.interface.cli import main; main()", "plan", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "FILE_EMPTY" in done.stderr
    assert "Traceback" not in done.stderr


def test_very_many_faults_of_a_kind_are_counted() -> None:
    issues = [Issue(code="NEGATIVE", where=f"stops.csv:{line}:load", cause="x", action="y") for line in range(2, 1002)]
    lines = issue_lines(issues)
    # 8 in full, 50 by their lines, and 942 counted
    assert len(lines) == 8 * 3 + 1
    assert lines[-1].startswith("992 more NEGATIVE at stops.csv:10:load, ")
    assert lines[-1].endswith("stops.csv:59:load and 942 more places")
