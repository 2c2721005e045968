"""Plan, check, export and look at a map through the command line."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from monaco_day import FLEET, HELSINKI, MONACO, STOPS, listing, write_day
from typer.testing import CliRunner, Result

from routing.interface import planning
from routing.interface.cli import app


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a planned day."""
    folder = tmp_path_factory.mktemp("day")
    result = run("plan", *write_day(folder), "--iterations", 20, "-o", folder / "plan.json")
    assert result.exit_code == 0, result.output
    return folder


def options(folder: Path) -> list[object]:
    return ["--map", MONACO, "--stops", folder / "stops.csv", "--fleet", folder / "fleet.csv"]


def test_a_plan_stands_alone_in_local_time(day: Path) -> None:
    plan = json.loads((day / "plan.json").read_text(encoding="utf-8"))
    assert (plan["date"], plan["time_zone"], plan["seed"]) == ("2026-11-23", "Europe/Paris", 0)
    assert {visit["stop_id"] for route in plan["routes"] for visit in route["visits"]} == {"S1", "S2", "S3", "S4"}
    assert set(plan["inputs"]) == {"map", "stops", "fleet"}
    visit = next(v for route in plan["routes"] for v in route["visits"] if v["stop_id"] == "S2")
    assert visit["windows"] == [["2026-11-23T08:00:00+01:00", "2026-11-23T10:00:00+01:00"]]
    assert visit["columns"] == {"notes": "ring twice"}


def test_the_summary_tells_a_dispatcher_what_matters(tmp_path: Path) -> None:
    far = "S9,43.718,7.44,In the sea,,,60,1,0,\n"
    result = run("plan", *write_day(tmp_path, stops=STOPS + far), "--iterations", 5, "-o", tmp_path / "p.json")
    assert result.exit_code == 0
    for words in (
        "4 of 5 stops",
        "VAN-1",
        "Cost:",
        "S9",
        "UNREACHABLE",
        "In the sea",
        "search",
        str(tmp_path / "p.json"),
    ):
        assert words in result.stdout
    told = "Before the search: S9 cannot be served: UNREACHABLE, the nearest usable road is 1,716 m away\n"
    assert result.stderr == told


def test_the_same_seed_and_iterations_give_the_same_bytes(day: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert run("plan", *options(day), "--date", "2026-11-23", "--iterations", 20, "-o", again).exit_code == 0
    assert again.read_bytes() == (day / "plan.json").read_bytes()


def test_a_plan_on_stdout_leaves_stdout_to_the_plan(day: Path) -> None:
    result = run("plan", *options(day), "--date", "2026-11-23", "--iterations", 20, "-o", "-")
    assert result.stdout.encode() == (day / "plan.json").read_bytes()
    assert "Cost:" in result.stderr


def test_json_for_scripts(day: Path, tmp_path: Path) -> None:
    result = run("plan", *options(day), "--date", "2026-11-23", "--iterations", 5, "--json", "-o", tmp_path / "p.json")
    values = json.loads(result.stdout)
    assert values["totals"]["served"] == 4
    assert values["unassigned"] == []
    assert set(values["stages_s"]) == {"read", "network", "travel times", "search", "write"}


def test_the_objective_decides(day: Path, tmp_path: Path) -> None:
    # Where a vehicle costs nothing and an hour of duty 1,000,000 cents, the windows cost no waiting: two vans leave.
    objective = tmp_path / "objective.toml"
    objective.write_text("vehicle_cents = 0\ndistance_cents_per_km = 0\n", encoding="utf-8")
    out = tmp_path / "p.json"
    arguments = [*options(day), "--date", "2026-11-23", "--objective", objective]
    assert run("plan", *arguments, "--iterations", 20, "-o", out).exit_code == 0
    cost = json.loads(out.read_text(encoding="utf-8"))["cost"]
    assert (cost["vehicle_cents"], cost["distance_cents"]) == (0, 0)
    assert run("check", *options(day), "--objective", objective, out).exit_code == 0
    assert run("check", *options(day), out).exit_code == 1  # by the default objective the sums are others


def test_a_good_plan_passes_the_check_with_its_own_date_and_zone(day: Path) -> None:
    result = run("check", *options(day), day / "plan.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "4 of 4 stops" in result.stdout


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda plan: plan["routes"][0]["visits"][0].update(waiting_s=99_999), "WAITING"),
        (lambda plan: plan["routes"][0]["legs"][0].update(duration_s=1), "LEG_DURATION"),
        (lambda plan: plan["cost"].update(duty_cents=1), "COST"),
        (lambda plan: plan["totals"].update(served=3), "DOCUMENT"),
        (lambda plan: plan["routes"][0]["visits"][0].update(address="elsewhere"), "DOCUMENT"),
        (lambda plan: plan["routes"][0]["legs"][0]["geometry"].pop(), "DOCUMENT"),
    ],
)
def test_a_spoilt_plan_fails_the_check(day: Path, tmp_path: Path, spoil: object, code: str) -> None:
    plan = json.loads((day / "plan.json").read_text(encoding="utf-8"))
    spoil(plan)
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(json.dumps(plan), encoding="utf-8")
    result = run("check", *options(day), spoilt, "--json")
    assert result.exit_code == 1
    assert code in {found["code"] for found in json.loads(result.stdout)["violations"]}


def test_a_check_against_other_inputs_says_so(day: Path, tmp_path: Path) -> None:
    changed = STOPS.replace("Monte-Carlo", "Monte Carlo")
    result = run("check", *write_day(tmp_path, stops=changed), day / "plan.json")
    assert result.exit_code == 1
    assert "the stops given here is not the one" in result.stderr


def test_a_plan_of_another_days_stops_is_bad_input(day: Path, tmp_path: Path) -> None:
    result = run("check", *write_day(tmp_path, stops=STOPS.replace("S1,", "X1,")), day / "plan.json")
    assert result.exit_code == 2
    assert "PLAN_STOP" in result.stderr
    assert "'S1'" in result.stderr


def test_exports_need_the_plan_alone(day: Path, tmp_path: Path) -> None:
    result = run("export", day / "plan.json", "--format", "all", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    written = listing(tmp_path / "out")
    assert {Path(line).name for line in result.stdout.split()} == set(written)
    assert {Path(name).suffix for name in written} == {".gpx", ".geojson", ".csv", ".html"}


def test_export_takes_several_formats_and_one_vehicle(day: Path, tmp_path: Path) -> None:
    plan = json.loads((day / "plan.json").read_text(encoding="utf-8"))
    vehicle = plan["routes"][0]["vehicle_id"]
    run("export", day / "plan.json", "--format", "gpx,csv", "--vehicle", vehicle, "--out", tmp_path)
    assert set(listing(tmp_path)) == {f"{vehicle}.gpx", f"{vehicle}.csv"}


@pytest.mark.parametrize(
    ("evening", "night", "offsets"),
    [
        ("2026-11-23", "2026-11-24", ("+01:00", "+01:00")),
        ("2026-03-28", "2026-03-29", ("+01:00", "+02:00")),  # 02:00 is 03:00: the shift has seven hours
        ("2026-10-24", "2026-10-25", ("+02:00", "+01:00")),  # 03:00 is 02:00: the shift has nine
    ],
)
def test_a_night_shift_is_planned_across_midnight_and_clock_changes(
    tmp_path: Path, evening: str, night: str, offsets: tuple[str, str]
) -> None:
    fleet = FLEET.replace("07:30,16:30", "22:00,06:00")
    stops = STOPS.replace("08:00,10:00,300", "01:00,01:30,300").replace("08:00,10:00", "23:00,01:00")
    stops = stops.replace("10:00,12:00", "04:00,05:00")
    out = tmp_path / "plan.json"
    arguments = write_day(tmp_path, stops=stops, fleet=fleet)[:-1]
    assert run("plan", *arguments, evening, "--iterations", 20, "-o", out).exit_code == 0
    plan = json.loads(out.read_text(encoding="utf-8"))
    starts = {visit["stop_id"]: visit["start"] for route in plan["routes"] for visit in route["visits"]}
    assert starts.keys() == {"S1", "S2", "S3", "S4"}
    before, after = offsets
    assert f"{night}T01:00:00{before}" <= starts["S3"] <= f"{night}T01:30:00{before}"
    assert f"{evening}T23:00:00{before}" <= starts["S2"] <= f"{night}T01:00:00{before}"
    assert f"{night}T04:00:00{after}" <= starts["S1"] <= f"{night}T05:00:00{after}"
    assert run("check", *arguments[:-1], out).exit_code == 0


def test_a_map_says_what_is_cut(tmp_path: Path) -> None:
    facts = json.loads(run("map", "info", HELSINKI, "--json").stdout)
    assert facts["time_zone"] == "Europe/Helsinki"
    assert facts["ways_cut"] > 0
    assert facts["nodes_missing"] > 0
    assert "ways cut" in run("map", "info", HELSINKI).stdout


def test_a_saved_network_is_accepted_as_a_map(day: Path, tmp_path: Path) -> None:
    saved, out = tmp_path / "network.npz", tmp_path / "plan.json"
    assert run("map", "build", MONACO, "-o", saved).exit_code == 0
    arguments = [*options(day), "--date", "2026-11-23", "--iterations", 20, "-o", out]
    arguments[1] = saved
    assert run("plan", *arguments).exit_code == 0
    assert out.read_bytes() == (day / "plan.json").read_bytes()


def test_a_saved_network_of_another_profile_is_refused(day: Path, tmp_path: Path) -> None:
    saved = tmp_path / "network.npz"
    run("map", "build", MONACO, "-o", saved, "--profile", "car")
    arguments = [*options(day), "--iterations", 1, "-o", tmp_path / "plan.json"]
    arguments[1] = saved
    result = run("plan", *arguments)
    assert result.exit_code == 2
    assert "PROFILE_OTHER" in result.stderr


def test_the_version_and_the_help() -> None:
    assert run("--version").stdout.startswith("routing ")
    for command in ([], ["plan"], ["check"], ["export"], ["map"], ["map", "info"], ["map", "crop"], ["day"], ["demo"]):
        assert run(*command, "--help").exit_code == 0


def test_a_map_is_cut_to_a_box_and_still_a_map(tmp_path: Path) -> None:
    cut = tmp_path / "cut.osm.pbf"
    assert run("map", "crop", MONACO, "--bbox", "7.41,43.72,7.43,43.74", "-o", cut).exit_code == 0
    whole, part = (json.loads(run("map", "info", path, "--json").stdout) for path in (MONACO, cut))
    assert 0 < part["ways_drivable"] < whole["ways_drivable"]
    assert part["attribution"] == whole["attribution"]
    assert run("map", "crop", MONACO, "--bbox", "1,1,2,2", "-o", tmp_path / "none.osm.pbf").exit_code == 2
    assert set(listing(tmp_path)) == {"cut.osm.pbf"}


def test_a_map_that_cannot_be_fetched_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from routing.errors import UnavailableError
    from routing.osm import fetch

    def offline(place: str, out_path: Path) -> None:
        raise UnavailableError(f"no server answers for {place}; connect to the internet")

    monkeypatch.setattr(fetch, "fetch_map", offline)
    monkeypatch.chdir(tmp_path)
    result = run("map", "fetch", "Lauf an der Pegnitz, Germany")
    assert (result.exit_code, listing(tmp_path)) == (2, {})
    assert "connect to the internet" in result.stderr
    assert "report" not in result.stderr


def test_our_own_fault_asks_for_a_report_without_a_traceback(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(planning, "build_network", broken)
    result = run("plan", *options(day), "--iterations", 1, "-o", tmp_path / "plan.json")
    assert result.exit_code == 3
    assert "ZeroDivisionError: division by zero" in result.stderr
    assert "report" in result.stderr
    assert "Traceback" not in result.output
    assert "Traceback" in run("--debug", "plan", *options(day), "--iterations", 1).stderr
    assert listing(tmp_path) == {}


def test_an_interrupt_ends_with_130(day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planning, "build_network", interrupted)
    result = run("plan", *options(day), "--iterations", 1, "-o", tmp_path / "plan.json")
    assert (result.exit_code, listing(tmp_path)) == (130, {})


def test_a_closed_pipe_is_silent(day: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-c", "from routing.interface.cli import main; main()", "map", "info", str(HELSINKI)]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, b"")


def test_walks_and_approaches_go_from_the_row_to_the_plan_and_through_the_check(tmp_path: Path) -> None:
    lines = STOPS.splitlines()
    stops = "\n".join([f"{lines[0]},approach", f"{lines[1]},curb", *(f"{line}," for line in lines[2:])])
    stops += "\nS9,43.727,7.425,On the mole,,,60,1,0,,\n"
    plan_file = tmp_path / "plan.json"
    made = run("plan", *write_day(tmp_path, stops=stops), "--iterations", 5, "--walking-speed", 1, "-o", plan_file)
    assert made.exit_code == 0, made.output
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    assert plan["access_walk"] == {"speed_m_per_h": 1_000, "free_m": 30}
    visits = {visit["stop_id"]: visit for route in plan["routes"] for visit in route["visits"]}
    assert visits["S1"]["approach"] == "curb"
    assert "approach" not in visits["S2"]
    walked = visits["S9"]
    # at 1 km/h each metre beyond the free ones takes 3.6 s, there and back 7.2 s
    assert walked["access_walk_m"] > 100
    assert walked["access_walk_s"] == math.ceil((walked["access_walk_m"] - 30) * 7.2 - 1e-6)
    stayed = datetime.fromisoformat(walked["departure"]) - datetime.fromisoformat(walked["start"])
    assert stayed.total_seconds() == 60 + walked["access_walk_s"]
    # the plan says how it walked, so the check needs no option
    assert run("check", *options(tmp_path), plan_file).exit_code == 0
