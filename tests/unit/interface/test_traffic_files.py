"""Files of speeds and weather, from the command line into plans and days."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from monaco_day import write_day
from tiny_network import network_of
from typer.testing import CliRunner, Result

from routing.interface.cli import app
from routing.interface.traffic import parse_traffic
from routing.store.sqlite_log import open_log

TENTH = "class,days,factor\n" + "".join(
    f"{name},Mo-Fr,0.1\n"
    for name in ("primary", "secondary", "tertiary", "unclassified", "residential", "service", "living_street", "trunk")
)
RAIN = {
    "latitude": 43.7,
    "longitude": 7.4,
    "utc_offset_seconds": 3600,
    "hourly": {"time": ["2026-11-23T08:00", "2026-11-23T20:00"], "rain": [9.0, 9.0]},
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def given(tmp_path: Path) -> list[object]:
    """Return the options of a day with every kind of file."""
    texts = {
        "speeds.csv": TENTH,
        "ways.csv": "way_id,factor,days\n7,0.5,Mo\n",
        "nodes.csv": "1,2,30\n",
        "weather.json": json.dumps(RAIN),
        "factors.csv": "condition,factor\nrain_heavy,0.5\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ("--speeds", "--ways", "--node-speeds", "--weather", "--weather-factors")
    files = [part for pair in zip(options, (tmp_path / name for name in texts), strict=True) for part in pair]
    return [*write_day(tmp_path), *files]


def drive_s(path: Path) -> int:
    return int(json.loads(path.read_text(encoding="utf-8"))["totals"]["drive_s"])


def test_a_plan_drives_by_the_given_speeds_and_its_check_needs_them(given: list[object], tmp_path: Path) -> None:
    usual, slow = tmp_path / "usual.json", tmp_path / "slow.json"
    assert run("plan", *given[:-10], "--iterations", 5, "-o", usual).exit_code == 0
    assert run("plan", *given, "--iterations", 5, "-o", slow).exit_code == 0
    # a tenth of the speed by the table and half of that by rain; turns and signals cost what they did
    assert drive_s(slow) > 3 * drive_s(usual)
    plan = json.loads(slow.read_text(encoding="utf-8"))
    assert plan["inputs"]["speeds"] == hashlib.sha256(TENTH.encode()).hexdigest()
    assert set(plan["inputs"]) == {
        "map", "stops", "fleet", "speeds", "ways", "node-speeds/1", "weather/1", "weather-factors"
    }  # fmt: skip
    said = " ".join(plan["warnings"])
    assert "way 7" in said
    assert "1 to 2 (line 1)" in said
    assert run("check", *given, slow).exit_code == 0
    assert run("check", *given[:-10], slow).exit_code == 1


def test_our_own_tables_can_be_printed_edited_and_given(tmp_path: Path) -> None:
    files = []
    for name in ("speeds", "weather-factors"):
        printed = run("table", name)
        assert printed.exit_code == 0
        (tmp_path / f"{name}.csv").write_text(printed.stdout, encoding="utf-8")
        files += [f"--{name}", tmp_path / f"{name}.csv"]
    usual, same = tmp_path / "usual.json", tmp_path / "same.json"
    assert run("plan", *write_day(tmp_path), "--iterations", 5, "-o", usual).exit_code == 0
    assert run("plan", *write_day(tmp_path), *files, "--iterations", 5, "-o", same).exit_code == 0
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (usual, same))
    assert one["routes"] == other["routes"]


def test_a_day_keeps_what_it_was_given_and_replays_without_the_files(given: list[object], tmp_path: Path) -> None:
    day_file = tmp_path / "day.db"
    assert run("day", "new", day_file, *given, "--iterations", 5).exit_code == 0
    for name in ("speeds.csv", "ways.csv", "nodes.csv", "weather.json", "factors.csv"):
        (tmp_path / name).unlink()
    replayed = run("day", "replay", day_file)
    assert replayed.exit_code == 0, replayed.output
    with open_log(day_file, read_only=True) as log:
        assert log.blob("input/speeds") == TENTH.encode()
    assert run("day", "plan", day_file, "-o", tmp_path / "plan.json").exit_code == 0
    assert drive_s(tmp_path / "plan.json") > 1_000


def test_faults_of_all_files_are_named_at_once(given: list[object], tmp_path: Path) -> None:
    (tmp_path / "speeds.csv").write_text("class,factor\nmoor,1\n", encoding="utf-8")
    (tmp_path / "nodes.csv").write_text("1,2\n", encoding="utf-8")
    (tmp_path / "ways.csv").unlink()
    result = run("plan", *given, "-o", tmp_path / "plan.json")
    assert result.exit_code == 2
    for words in ("speeds.csv:2:class", "nodes.csv:1", "ways.csv"):
        assert words in result.stderr.replace("\n", "")


def test_weather_that_the_table_does_not_know_is_a_fault(given: list[object], tmp_path: Path) -> None:
    (tmp_path / "factors.csv").write_text("condition,factor\nsand,0.5\n", encoding="utf-8")
    result = run("plan", *given, "-o", tmp_path / "plan.json")
    assert (result.exit_code, "rain_heavy" in result.stderr) == (2, True)


def test_a_week_of_weather_adds_slices_to_its_own_day_only(tmp_path: Path) -> None:
    hours = [f"2026-11-{day}T{hour:02}:00" for day in range(20, 30) for hour in range(24)]
    rain = {**RAIN, "hourly": {"time": hours, "rain": [1.0 if number % 2 else 9.0 for number in range(len(hours))]}}
    content = {"weather/1": json.dumps(rain).encode()}
    traffic = parse_traffic(content, day=date(2026, 11, 23), time_zone="Europe/Berlin")
    # two days of hours of other rain each than the one before
    assert len(traffic.forecast) == 48
    network = network_of({"w": (0, 0), "x": (600, 0)}, [("w", "x", 60)])
    assert traffic.warnings(network) == ()
    other = parse_traffic(content, day=date(2026, 12, 23), time_zone="Europe/Berlin")
    assert other.forecast == ()
    assert other.warnings(network) == ("Ignored: the weather is of other days: 240 conditions.",)


def test_a_check_says_which_files_the_plan_was_made_with_or_without(given: list[object], tmp_path: Path) -> None:
    usual, own = tmp_path / "usual.json", tmp_path / "own.json"
    assert run("plan", *given[:-10], "--iterations", 5, "-o", usual).exit_code == 0
    assert run("plan", *given, "--iterations", 5, "-o", own).exit_code == 0
    assert "made with speeds, of which nothing is given here" in run("check", *given[:-10], own).stderr
    assert "made without the speeds given here" in run("check", *given, usual).stderr
