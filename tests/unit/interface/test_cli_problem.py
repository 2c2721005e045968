"""problem.json on the command line: written, planned, checked, explained, and turned into tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from monaco_day import MONACO
from typer.testing import CliRunner, Result

from routing.interface.cli import app
from routing.interface.problem_schema import schema_text

STOPS = """\
stop_id,lat_deg,lon_deg,address,window_start,window_end,service_s,load,load_cold,skills_all,shipment,shipment_role
S1,43.733796,7.419549,"Rue Baron Sainte-Suzanne",08:00,08:20,300,3,1,,,
S2,43.742649,7.423496,"Avenue du Maréchal Foch",,,300,3,,,,
P,43.7385,7.4250,Boulangerie,,,120,2,,,box,pickup
D,43.7460,7.4300,Hôtel,,,120,,,,box,delivery
X,43.7400,7.4260,Crane only,,,120,1,,crane,,
"""
FLEET = """\
vehicle_id,profile,capacity,capacity_cold,shift_start,shift_end,start_lat_deg,start_lon_deg,breaks,reload_depots,skills
VAN,van,4,1,08:00,16:00,43.7285,7.4145,lunch=08:15/08:30=1800,west,
CAR,car,1,0,08:00,16:00,43.7285,7.4145,,,crane
"""
DEPOTS = "depot_id,lat_deg,lon_deg,reload_s\nwest,43.7285,7.4145,600\n"
START, END = "2026-11-23T08:00:00+01:00", "2026-11-23T12:00:00+01:00"
LINE = {
    "format": "routing-problem",
    "format_version": 1,
    "time_zone": "Europe/Berlin",
    "places": [{"id": name, "lat_deg": 49.5, "lon_deg": 11.3 + k / 100} for k, name in enumerate(("depot", "A", "B"))],
    "vehicles": [{"id": "van", "shift": [START, END], "start_place": "depot", "capacity": 2}],
    "stops": [{"id": "A", "load": 2, "service_s": 300}, {"id": "B", "load": 1, "skills_all": ["crane"]}],
    "matrices": [
        {
            "durations_s": [[0, 600, 900], [600, 0, 300], [900, 300, 0]],
            "distances_m": [[0, 6000, 9000], [6000, 0, 3000], [9000, 3000, 0]],
        }
    ],
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with tables, the problem.json of them and a plan of that."""
    folder = tmp_path_factory.mktemp("day")
    for name, text in (("stops.csv", STOPS), ("fleet.csv", FLEET), ("depots.csv", DEPOTS)):
        (folder / name).write_text(text, encoding="utf-8")
    result = run("problem", "write", *tables(folder), "--date", "2026-11-23", "-o", folder / "problem.json")
    assert result.exit_code == 0, result.output
    options = ["--problem", folder / "problem.json", "--map", MONACO]
    result = run("plan", *options, "--iterations", 60, "-o", folder / "plan.json")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Return a problem that holds its travel times: one van that carries A, and B that wants a crane."""
    path = tmp_path / "line.json"
    path.write_text(json.dumps(LINE), encoding="utf-8")
    return path


def tables(folder: Path) -> list[object]:
    files = {"--stops": "stops.csv", "--fleet": "fleet.csv", "--depots": "depots.csv"}
    return ["--map", MONACO, *(part for option, name in files.items() for part in (option, folder / name))]


def test_a_problem_and_the_tables_that_it_came_from_give_the_same_plan(day: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    assert run("plan", *tables(day), "--date", "2026-11-23", "--iterations", 60, "-o", out).exit_code == 0
    ours, theirs = (json.loads(path.read_text(encoding="utf-8")) for path in (day / "plan.json", out))
    assert set(ours["inputs"]) == {"map", "problem"}
    assert set(theirs["inputs"]) == {"map", "stops", "fleet", "depots"}
    assert {**ours, "inputs": theirs["inputs"]} == theirs
    assert ours["profile"] == "van, car"


def test_the_plan_tells_reloads_rests_and_further_loads(day: Path) -> None:
    plan = json.loads((day / "plan.json").read_text(encoding="utf-8"))
    assert (plan["totals"]["served"], plan["totals"]["unassigned"]) == (5, 0)
    van = next(route for route in plan["routes"] if route["vehicle_id"] == "VAN")
    # 3 and 3 units are more than the 4 that it carries: it loads twice.
    assert (van["totals"]["reloads"], van["totals"]["reload_s"], van["profile"]) == (1, 600, "van")
    assert [rest["break_id"] for rest in van["rests"]] == ["lunch"]
    assert van["totals"]["pause_s"] >= 1800
    assert sum(visit.get("reload", False) for visit in van["visits"]) == 1
    assert van["totals"]["served"] == len(van["visits"]) - 1 == 4
    (cold,) = (visit for visit in van["visits"] if visit["stop_id"] == "S1")
    assert cold["loads"] == {"cold": 1}
    split = plan["cost"]["split"]
    assert sum(split.values()) == plan["cost"]["total_cents"]
    assert split["rest_cents"] == 1200  # half an hour at 24.00


def test_a_plan_passes_the_check_with_either(day: Path) -> None:
    for options in (["--problem", day / "problem.json", "--map", MONACO], tables(day)):
        result = run("check", *options, day / "plan.json")
        assert (result.exit_code, "5 of 5 stops" in result.stdout) == (0, True), result.output


def test_tables_of_a_problem_make_the_same_problem(day: Path, tmp_path: Path) -> None:
    result = run("problem", "tables", day / "problem.json", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "--time-zone Europe/Paris" in result.stderr
    again = tmp_path / "again.json"
    result = run("problem", "write", *tables(tmp_path), "--time-zone", "Europe/Paris", "-o", again)
    assert result.exit_code == 0, result.output
    assert again.read_bytes() == (day / "problem.json").read_bytes()


def test_a_problem_with_its_travel_times_needs_no_map(day: Path, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole.json", tmp_path / "plan.json"
    arguments = [*tables(day), "--date", "2026-11-23", "--matrices", "-o", whole]
    assert run("problem", "write", *arguments).exit_code == 0
    assert run("plan", "--problem", whole, "--iterations", 20, "-o", out).exit_code == 0
    result = run("check", "--problem", whole, out)
    assert (result.exit_code, "5 of 5 stops" in result.stdout) == (0, True), result.output


def test_a_stop_that_is_left_out_is_explained(line: Path) -> None:
    plan = line.with_name("plan.json")
    assert run("plan", "--problem", line, "--iterations", 20, "-o", plan).exit_code == 0
    result = run("explain", plan, "B", "--problem", line)
    assert result.exit_code == 0, result.output
    for words in ("B is left out: SKILL", "van lacks crane", "No single bound that gives would serve it."):
        assert words in result.stdout
    told = json.loads(run("explain", plan, "B", "--problem", line, "--json").stdout)
    assert (told["stop_id"], told["vehicle_id"], told["reason"]) == ("B", None, "SKILL")
    assert [obstacle["vehicle_id"] for obstacle in told["obstacles"]] == ["van"]


def test_a_stop_that_is_served_tells_what_its_route_is_spent_on(line: Path) -> None:
    plan = line.with_name("plan.json")
    assert run("plan", "--problem", line, "--iterations", 20, "-o", plan).exit_code == 0
    result = run("explain", plan, "A", "--problem", line)
    # 20 minutes on the road at 24.00 an hour, 5 at the stop; 12 km at 0.35; 30.00 for the van.
    assert "driving 8.00, service 2.00, distance 4.20, vehicles 30.00" in result.stdout
    assert "CAPACITY" in result.stdout  # it is full


def test_an_unknown_stop_is_bad_input(line: Path) -> None:
    plan = line.with_name("plan.json")
    assert run("plan", "--problem", line, "--iterations", 20, "-o", plan).exit_code == 0
    result = run("explain", plan, "C", "--problem", line)
    assert (result.exit_code, "STOP_UNKNOWN" in result.stderr) == (2, True)


def test_a_sound_problem_is_said_to_be_sound(line: Path) -> None:
    result = run("problem", "check", line)
    assert (result.exit_code, "is sound: 2 stops, 1 vehicle" in result.stdout) == (0, True)
    assert "B cannot be served: SKILL" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"load": 2', '"lode": 2', "Did you mean 'load'?"),
        ('"start_place": "depot"', '"start_place": "depo"', "Did you mean 'depot'?"),
        ('"capacity": 2', '"capacity": 2, "reload_depots": ["west"]', "west"),
    ],
)
def test_a_faulty_problem_is_refused_with_the_path(line: Path, old: str, new: str, words: str) -> None:
    text = line.read_text(encoding="utf-8")
    assert old in text
    line.write_text(text.replace(old, new), encoding="utf-8")
    for command in (["problem", "check", line], ["plan", "--problem", line]):
        result = run(*command)
        assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def test_what_is_said_twice_or_not_at_all_is_refused(line: Path, day: Path) -> None:
    for arguments, words in (
        (["--problem", line, "--stops", day / "stops.csv"], "leave out --stops"),
        (["--problem", line, "--date", "2026-11-23"], "leave out --date"),
        (["--problem", line, "--map", MONACO], "TRAVEL_TWICE"),
        (["--problem", day / "problem.json"], "TRAVEL_MISSING"),
        (["--stops", day / "stops.csv"], "give --map, --stops and --fleet, or --problem"),
    ):
        result = run("plan", *arguments)
        assert (result.exit_code, words in result.stderr.replace("\n", " ")) == (2, True), result.stderr


def test_what_no_table_says_is_refused_in_words(line: Path, tmp_path: Path) -> None:
    problem = {**LINE, "required_goods": [["food", "ice"]]}
    fee = {"start": START, "end": END, "cents": 5}
    problem["stops"] = [{"id": "A", "start_fees": [fee], "allowed_vehicles": []}, {"id": "B", "skills_all": ["a;b"]}]
    line.write_text(json.dumps(problem), encoding="utf-8")
    result = run("problem", "tables", line, "--out", tmp_path / "tables")
    assert result.exit_code == 2
    for words in (
        "required_goods has no table",
        "start_fees is",
        "allowed_vehicles is nothing",
        "'a;b'",
        "stop A",
        "stop B",
    ):
        assert words in result.stderr
    assert not (tmp_path / "tables").exists()


def test_the_schema_is_printed() -> None:
    assert run("problem", "schema").stdout == schema_text()
